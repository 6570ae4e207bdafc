//! The command line: one file per command.

mod apply;
mod audit;
mod backend;
mod check;
mod context;
mod copy;
mod decision;
mod demo;
mod export;
mod import;
mod intake;
mod jobs;
mod judge;
mod lifecycle;
mod metric;
mod migrate;
mod new;
mod output;
mod people;
mod place;
mod plugin;
mod portfolio;
mod release;
mod replay;
mod request;
mod retro;
mod roadmap;
mod schema;
mod seal;
mod serve;
mod sink;
mod status;
mod token;
mod verdict;
mod work;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::ambient;
use context::{Context, Failure};
pub(crate) use output::say;
use place::Place;

/// Did the release succeed, beyond being delivered on time?
#[derive(Debug, Parser)]
#[command(name = "yardstick", version, max_term_width = 100, propagate_version = true)]
struct Arguments {
    #[command(flatten)]
    place: place::Arguments,
    /// How results are written.
    #[arg(long, global = true, value_enum, default_value_t = output::Format::Text)]
    output: output::Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Args)]
struct WhoamiArguments {}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a commented file to start from.
    New(new::Arguments),
    /// Print the JSON Schemas of files and documents.
    Schema(schema::Arguments),
    /// Register what files declare: organisation, teams, persons, metrics, releases.
    Apply(apply::Arguments),
    /// Bring values of a metric in, list imports, or take one back.
    Import(import::Arguments),
    /// List metrics, or show one.
    #[command(subcommand)]
    Metric(metric::Command),
    /// Show the organisation.
    Organisation(people::Organisation),
    /// List teams, or show one and its people.
    #[command(subcommand)]
    Team(people::Team),
    /// List persons, or show one and their teams.
    #[command(subcommand)]
    Person(people::Person),
    /// List releases, or show one.
    #[command(subcommand)]
    Release(release::Command),
    /// Look whether a release can be decided, and when. Writes nothing.
    Check(check::Arguments),
    /// Seal what was agreed, before the launch.
    Seal(seal::Arguments),
    /// Announce a launch, or take a wrong announcement back.
    Launch(lifecycle::Launch),
    /// Move the planned day.
    Reschedule(lifecycle::Reschedule),
    /// End a release that will not be judged.
    Cancel(lifecycle::Cancel),
    /// Judge a release at a checkpoint. Exits with 0 pass, 10 fail, 11 marginal, 12 undecided.
    Judge(judge::Arguments),
    /// List verdicts, or show one with its evidence.
    #[command(subcommand)]
    Verdict(verdict::Command),
    /// Compute a verdict again from what was recorded, and name what differs.
    Replay(replay::Arguments),
    /// Decide what is made of a verdict, which itself never changes.
    Decide(decision::Decide),
    /// List decisions, approve another person's override or amendment, take one back.
    #[command(subcommand)]
    Decision(decision::Command),
    /// Ask about a verdict or criteria, dispute them, answer.
    #[command(subcommand)]
    Comment(decision::Comment),
    /// Sign criteria or verdicts off as a peer, or object.
    #[command(subcommand)]
    Review(decision::Review),
    /// Open, write, show and export retros.
    #[command(subcommand)]
    Retro(retro::Command),
    /// List what retros ended in, and say what became of it.
    Actions(retro::Actions),
    /// Find what was learned.
    Learnings(retro::Learnings),
    /// See whether L1 and L2 releases are measured, and how many succeeded.
    Portfolio(portfolio::Arguments),
    /// Write, test and publish plugins, and see how they fare.
    #[command(subcommand)]
    Plugin(plugin::Command),
    /// Who did what, in a chain that shows when it was changed. For operators.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Make, list and revoke tokens for the HTTP interface.
    #[command(subcommand)]
    Token(token::Command),
    /// Accounts of programs, such as a team's pipeline.
    #[command(subcommand)]
    Service(token::Service),
    /// See as whom a service is asked, and what that allows.
    Whoami(WhoamiArguments),
    /// Serve the HTTP interface, and do the work that comes due.
    Serve(serve::Arguments),
    /// Bring a PostgreSQL database up to this build's schema, or a new one into being. A SQLite file is brought up to
    /// date by whatever opens it, after a copy was kept beside it.
    Migrate(migrate::Arguments),
    /// Copy everything of one database into another, new one, such as of a SQLite file into PostgreSQL, and compare every
    /// row.
    Copy(copy::Arguments),
    /// Do the work that comes due, without the HTTP interface: beside a service, on as many machines as there are.
    Work(work::Arguments),
    /// List the work that came due and comes due, try it again, take it out of line.
    #[command(subcommand)]
    Jobs(jobs::Command),
    /// List what happened that somebody should hear of.
    Events(sink::Events),
    /// Where events go: add, list, try and remove sinks, and see what was delivered.
    #[command(subcommand)]
    Sink(sink::Command),
    /// Where requests come from: add, list and remove intakes, whose issues become requests.
    #[command(subcommand)]
    Intake(intake::Command),
    /// List requests: issues that became releases, or ask for what one needs.
    Requests(request::List),
    /// Show a request, or register its release.
    #[command(subcommand)]
    Request(request::Command),
    /// Releases that are expected: import a list, and see what nobody registered.
    #[command(subcommand)]
    Roadmap(roadmap::Command),
    /// Write releases, verdicts or findings as rows: CSV for tables, JSON for programs.
    Export(export::Arguments),
    /// See how the service fares, on one screen. Exits with 1 when something needs somebody.
    Status(status::Arguments),
    /// Show it all on simulated data in a temporary database.
    Demo(demo::Arguments),
}

impl Command {
    /// Why it cannot be carried out by a service, if it cannot.
    fn of_its_own(&self) -> Option<&'static str> {
        match self {
            Self::Demo(_) => {
                Some("demo tells its story in a temporary database of its own; leave out --server")
            }
            Self::Serve(_) => Some("serve is the service itself; leave out --server"),
            Self::Work(_) => Some("work is done over a database; leave out --server"),
            Self::Copy(_) => Some("databases are copied, not a service; leave out --server"),
            Self::Migrate(_) => Some("a database is migrated, not a service; leave out --server"),
            _ => None,
        }
    }

    /// A runtime: of one thread for a command, of one per processor for the service.
    fn runtime(&self) -> std::io::Result<tokio::runtime::Runtime> {
        let mut builder = match self {
            Self::Serve(_) | Self::Work(_) => tokio::runtime::Builder::new_multi_thread(),
            _ => tokio::runtime::Builder::new_current_thread(),
        };
        builder.enable_all().build()
    }
}

/// Reads the arguments, runs the command, says what went wrong.
pub(crate) fn main() -> ExitCode {
    let matches = Arguments::command().get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let (place, asks) = arguments.place.place(&matches);
    crash_where_a_test_says();
    let runtime = match arguments.command.runtime() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::from(anyhow::Error::from(error)).report(),
    };
    let ended = runtime.block_on(run(arguments, place, asks));
    // An import that runs on in the background is rolled back by the end of the process; it must not delay it.
    runtime.shutdown_background();
    match ended {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

/// `YARDSTICK_CRASH_AT=point:pass` kills the process there; only in builds for tests.
fn crash_where_a_test_says() {
    if !cfg!(debug_assertions) {
        return;
    }
    let Some(text) = ambient::variable("YARDSTICK_CRASH_AT") else { return };
    let (point, pass) = text.split_once(':').unwrap_or((&text, "1"));
    yardstick_app::crash_at(point, pass.parse().unwrap_or(1));
}

async fn run(arguments: Arguments, place: Place, asks: bool) -> Result<ExitCode, Failure> {
    let Arguments { place: place::Arguments { database, data, token_file, .. }, output, command } = arguments;
    if asks && let Some(why) = command.of_its_own() {
        return Err(Failure::usage(why));
    }
    let context = Context { place, database, data, output, token_file };
    match command {
        Command::New(arguments) => new::run(&context, &arguments),
        Command::Schema(arguments) => schema::run(&context, &arguments),
        Command::Apply(arguments) => apply::run(&context, &arguments).await,
        Command::Import(arguments) => import::run(&context, arguments).await,
        Command::Metric(command) => metric::run(&context, &command).await,
        Command::Organisation(people::Organisation {}) => people::organisation(&context).await,
        Command::Team(command) => people::team(&context, &command).await,
        Command::Person(command) => people::person(&context, &command).await,
        Command::Release(command) => release::run(&context, &command).await,
        Command::Check(arguments) => check::run(&context, &arguments).await,
        Command::Seal(arguments) => seal::run(&context, &arguments).await,
        Command::Launch(arguments) => lifecycle::launch(&context, &arguments).await,
        Command::Reschedule(arguments) => lifecycle::reschedule(&context, &arguments).await,
        Command::Cancel(arguments) => lifecycle::cancel(&context, &arguments).await,
        Command::Judge(arguments) => judge::run(&context, &arguments).await,
        Command::Verdict(command) => verdict::run(&context, &command).await,
        Command::Replay(arguments) => replay::run(&context, &arguments).await,
        Command::Decide(arguments) => decision::decide(&context, arguments).await,
        Command::Decision(command) => decision::run(&context, command).await,
        Command::Comment(command) => decision::comment(&context, command).await,
        Command::Review(command) => decision::review(&context, command).await,
        Command::Retro(command) => retro::run(&context, command).await,
        Command::Actions(arguments) => retro::actions(&context, arguments).await,
        Command::Learnings(arguments) => retro::learnings(&context, arguments).await,
        Command::Portfolio(arguments) => portfolio::run(&context, arguments).await,
        Command::Plugin(command) => plugin::run(&context, &command).await,
        Command::Audit(command) => audit::run(&context, &command).await,
        Command::Token(command) => token::run(&context, &command).await,
        Command::Service(command) => token::service(&context, &command).await,
        Command::Whoami(WhoamiArguments {}) => token::whoami(&context).await,
        Command::Serve(arguments) => serve::run(&context, &arguments).await,
        Command::Work(arguments) => work::run(&context, &arguments).await,
        Command::Migrate(migrate::Arguments {}) => migrate::run(&context).await,
        Command::Copy(arguments) => copy::run(&arguments).await,
        Command::Jobs(command) => jobs::run(&context, &command).await,
        Command::Events(arguments) => sink::events(&context, arguments).await,
        Command::Sink(command) => sink::run(&context, command).await,
        Command::Intake(command) => intake::run(&context, command).await,
        Command::Requests(arguments) => request::list(&context, arguments).await,
        Command::Request(command) => request::run(&context, command).await,
        Command::Roadmap(command) => roadmap::run(&context, command).await,
        Command::Export(arguments) => export::run(&context, &arguments).await,
        Command::Status(status::Arguments {}) => status::run(&context).await,
        Command::Demo(arguments) => demo::run(&context, &arguments).await,
    }
}
