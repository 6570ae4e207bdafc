//! `yardstick new`

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use jiff::tz::TimeZone;
use yardstick_client::files::templates;
use yardstick_domain::level::Level;
use yardstick_domain::time::{day_of, plus_days};

use super::context::{Context, Failure, parsed};
use super::output::put;
use crate::ambient;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What to start: release, metric or team.
    #[arg(value_enum)]
    kind: Kind,
    #[command(flatten)]
    rest: OfRelease,
}

/// What starting a release takes.
#[derive(Debug, clap::Args)]
pub(super) struct OfRelease {
    /// Its key, such as batch-changes-ga.
    name: String,
    /// How big the launch is; L1 is the largest.
    #[arg(long, value_enum, ignore_case = true, default_value = "L2")]
    level: LevelWord,
    /// Where to write it; default: NAME.yaml here. `-` prints it.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Kind {
    Release,
    Metric,
    Team,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
#[value(rename_all = "verbatim")]
enum LevelWord {
    L1,
    L2,
    L3,
}

pub(super) fn run(_: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let name = arguments.rest.name.as_str();
    match arguments.kind {
        Kind::Release => release(&arguments.rest),
        Kind::Metric => {
            write(&templates::metric(&parsed(name).map_err(Failure::Usage)?), &arguments.rest, "--dry-run")
        }
        Kind::Team => {
            write(&templates::team(&parsed(name).map_err(Failure::Usage)?), &arguments.rest, "--dry-run")
        }
    }
}

/// Writes a release file to start from.
pub(super) fn release(arguments: &OfRelease) -> Result<ExitCode, Failure> {
    let level = match arguments.level {
        LevelWord::L1 => Level::L1,
        LevelWord::L2 => Level::L2,
        LevelWord::L3 => Level::L3,
    };
    let planned = plus_days(day_of(ambient::now(), &TimeZone::UTC), 28);
    let slug = parsed(&arguments.name).map_err(Failure::Usage)?;
    write(&templates::release(&slug, level, planned), arguments, "--check")
}

/// `look`: how the file is looked at before it is applied.
fn write(text: &str, arguments: &OfRelease, look: &str) -> Result<ExitCode, Failure> {
    let path = arguments.to.clone().unwrap_or_else(|| PathBuf::from(format!("{}.yaml", arguments.name)));
    if path.as_os_str() == "-" {
        put(text);
        return Ok(ExitCode::SUCCESS);
    }
    let shown = path.display();
    let mut file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            Failure::could(format!("{shown} exists; nothing was written. Choose another file with --to FILE"))
        } else {
            Failure::could(format!("cannot write {shown}: {error}"))
        }
    })?;
    file.write_all(text.as_bytes())
        .map_err(|error| Failure::could(format!("cannot write {shown}: {error}")))?;
    put(&format!("{shown} written.\nNext: edit it, then yardstick apply -f {shown} {look}\n"));
    Ok(ExitCode::SUCCESS)
}
