//! `yardstick portfolio`

use std::process::ExitCode;

use yardstick_client::api::{FiguresPart, PortfolioDocument, PortfolioRequest};
use yardstick_domain::fiscal::FiscalQuarter;
use yardstick_domain::ids::TeamKey;
use yardstick_report::{html, portfolio as report, terminal};

use super::context::{Context, Failure, checked};
use super::output::{Format, WIDTH, json, put, table};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The fiscal quarter, such as FY27-Q1; today's unless said otherwise.
    #[arg(value_parser = checked::<FiscalQuarter>)]
    quarter: Option<String>,
    /// Only of this team.
    #[arg(long, value_parser = checked::<TeamKey>)]
    team: Option<String>,
    /// Quarters before it.
    #[arg(long, value_name = "QUARTERS", value_parser = clap::value_parser!(u32).range(0..=40))]
    history: Option<u32>,
    /// Count private releases too that you may see.
    #[arg(long)]
    private: bool,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> Result<ExitCode, Failure> {
    let Arguments { quarter, team, history, private } = arguments;
    let request = PortfolioRequest { quarter, team, history, private };
    let portfolio = context.open().await?.portfolio(&request).await?;
    match context.output {
        Format::Json => json(&portfolio)?,
        Format::Html => put(&html::portfolio(&portfolio)),
        Format::Text | Format::Markdown => show(context.output, &portfolio),
    }
    Ok(ExitCode::SUCCESS)
}

fn show(format: Format, portfolio: &PortfolioDocument) {
    let mut out = format!("{}: {}\n", portfolio.quarter, portfolio.headline);
    for line in report::lines(portfolio) {
        out.push_str(&terminal::hanging("  ", &line, WIDTH));
    }
    put(&terminal::escaped(&out));
    if portfolio.teams.len() > 1 {
        put("\n");
        let row = |team: &str, figures: &FiguresPart| {
            vec![team.to_owned(), report::measured(figures), report::success(figures), report::both(figures)]
        };
        let rows: Vec<Vec<String>> =
            portfolio.teams.iter().map(|team| row(&team.team, &team.figures)).collect();
        table(format, &["team", "measured", "succeeded", "on time and successful"], &rows, "");
    }
    if !portfolio.unmeasured.is_empty() {
        put("\n");
        let rows: Vec<Vec<String>> = portfolio.unmeasured.iter().map(report::unmeasured).collect();
        table(format, &["not measured", "team", "because", "→"], &rows, "");
    }
    if !portfolio.unregistered.is_empty() {
        put("\n");
        let rows: Vec<Vec<String>> = portfolio.unregistered.iter().map(report::unregistered).collect();
        table(format, &["registered by nobody", "team", "level", "planned", "→"], &rows, "");
    }
    let history: Vec<Vec<String>> =
        portfolio.history.iter().filter(|quarter| quarter.launched > 0).map(report::quarter).collect();
    if !history.is_empty() {
        put("\n");
        table(format, &["before", "measured", "succeeded", "on time and successful"], &history, "");
    }
    put(&format!("\n{}", terminal::hanging("", &portfolio.definition, WIDTH)));
}
