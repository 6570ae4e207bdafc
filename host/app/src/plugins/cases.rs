//! Running a plugin's own test cases: where they are, what they ask, and how what is found differs.

use std::collections::BTreeMap;
use std::sync::Arc;

use yardstick_client::files::FileProblem;
use yardstick_client::files::case::{self, Case, Expect};
use yardstick_domain::component::{self, with_custom_section};
use yardstick_domain::finding::{Finding, Outcome};
use yardstick_domain::frame::Frame;
use yardstick_domain::plugin::Cost;
use yardstick_domain::problem::Problem;
use yardstick_domain::question::{Query, Question};
use yardstick_domain::time::zone;
use yardstick_engine::{Engine, Failure, Plugin};
use yardstick_metrics::frame_csv::{self, Told};

use super::{Refused, Taken};
use crate::App;
use crate::error::Result;

/// Prefix of the names of the custom sections that carry cases.
const SECTION: &str = "yardstick:case/";
/// Files of cases: the cases and their CSV files.
const MOST_FILES: usize = 200;
/// Bytes of all files of cases together.
const MOST_BYTES: usize = 1 << 20;
/// The longest name of a file of cases.
const MOST_NAME: usize = 100;
/// Cases that failed, of which a refusal tells.
const MOST_TOLD: usize = 20;

/// Files of a plugin's cases by name: `*.yaml`, and the CSV files they name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFiles(BTreeMap<String, Vec<u8>>);

/// A case that was run.
#[derive(Debug, Clone)]
pub struct CaseRun {
    /// The file it is in.
    pub file: String,
    /// What it says it shows; empty: it could not be read.
    pub name: String,
    /// What is wrong, a line each; empty: it passed.
    pub differences: Vec<String>,
    /// What the run used.
    pub cost: Cost,
    /// What the plugin wrote.
    pub log: yardstick_domain::log::Log,
    /// What it found.
    pub finding: Option<Finding>,
}

impl CaseRun {
    /// Whether it found what it should.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }
}

impl CaseFiles {
    /// Adds a file.
    ///
    /// # Errors
    /// A sentence when its name or size will not do, or there are too many.
    pub fn add(&mut self, name: &str, content: Vec<u8>) -> std::result::Result<(), String> {
        let sound = name.len() <= MOST_NAME
            && !name.starts_with('.')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if !sound {
            return Err(format!(
                "{name:?} is no name of a case's file; expected at most {MOST_NAME} of A-Z a-z 0-9 - _ and dots, such \
                 as passes.yaml"
            ));
        }
        let bytes: usize = self.0.values().map(Vec::len).sum::<usize>() + content.len();
        if self.0.len() == MOST_FILES || bytes > MOST_BYTES {
            return Err(format!(
                "with {name:?} there are more than {MOST_FILES} files or {MOST_BYTES} bytes of cases; they travel with \
                 the plugin, so keep them small"
            ));
        }
        if self.0.insert(name.to_owned(), content).is_some() {
            return Err(format!("the case's file {name:?} is there twice"));
        }
        Ok(())
    }

    /// The files that a component carries.
    ///
    /// # Errors
    /// As [`CaseFiles::add`], and when the bytes are no component.
    pub fn of_component(component: &[u8]) -> std::result::Result<Self, String> {
        let mut files = Self::default();
        for (section, content) in component::custom_sections(component).map_err(|error| error.to_string())? {
            if let Some(name) = section.strip_prefix(SECTION) {
                files.add(name, content.to_vec())?;
            }
        }
        Ok(files)
    }

    /// The component with these files inside.
    #[must_use]
    pub fn embed(&self, component: &[u8]) -> Vec<u8> {
        self.0.iter().fold(component.to_vec(), |component, (name, content)| {
            with_custom_section(&component, &format!("{SECTION}{name}"), content)
        })
    }

    /// How many cases there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.names().count()
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        self.0.keys().filter(|name| name.ends_with(".yaml"))
    }
}

/// Runs all cases, each on its own, in the order of their files. `done` is told of each.
pub async fn run_cases(
    engine: &Engine,
    plugin: &Arc<Plugin>,
    files: &CaseFiles,
    mut done: impl FnMut(&CaseRun),
) -> Vec<CaseRun> {
    let mut runs = Vec::new();
    for name in files.names() {
        let run = run_case(engine, plugin, files, name).await;
        done(&run);
        runs.push(run);
    }
    runs
}

async fn run_case(engine: &Engine, plugin: &Arc<Plugin>, files: &CaseFiles, file: &str) -> CaseRun {
    let mut run = CaseRun {
        file: file.to_owned(),
        name: String::new(),
        differences: Vec::new(),
        cost: Cost::default(),
        log: yardstick_domain::log::Log::default(),
        finding: None,
    };
    let content = files.0.get(file).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
    let mut case = match case::read(&content) {
        Ok(case) => case,
        Err(problems) => {
            run.differences = problems.iter().map(FileProblem::to_string).collect();
            return run;
        }
    };
    run.name = std::mem::take(&mut case.name);
    complete(&mut case.question, plugin);
    let params = plugin.check_params(&case.question.params);
    if !params.is_empty() {
        run.differences = params.iter().map(|problem| format!("with.{problem}")).collect();
        return run;
    }
    let mut taken = Taken::default();
    match asked(engine, plugin, &case, files, &mut taken).await {
        Ok(result) => {
            run.differences = differences(&case.expect, &result);
            run.finding = result.ok();
        }
        Err(problems) => run.differences = problems,
    }
    (run.cost, run.log) = (taken.cost, taken.log);
    run
}

/// What a case leaves to the plugin: kinds as it expects them, and their usual unit.
fn complete(question: &mut Question, plugin: &Plugin) {
    for metric in &mut question.metrics {
        if metric.kind.is_empty() {
            let expected = plugin.description().metrics.iter().find(|expected| expected.name == metric.name);
            let kind = expected.and_then(|expected| expected.kinds.first());
            metric.kind = kind.cloned().unwrap_or_else(|| "sum".to_owned());
        }
        if metric.unit.is_empty() && metric.kind == "ratio" {
            metric.unit = "share".to_owned();
        }
    }
}

/// Plan, frames from files, evaluate. The outer error says why the case cannot be run.
async fn asked(
    engine: &Engine,
    plugin: &Arc<Plugin>,
    case: &Case,
    files: &CaseFiles,
    taken: &mut Taken,
) -> std::result::Result<std::result::Result<Finding, Failure>, Vec<String>> {
    let question = &case.question;
    let planned = engine.plan(plugin, question).await;
    taken.add(&planned.usage, planned.result.as_ref().err(), planned.log, true);
    let plan = match planned.result {
        Ok(plan) => plan,
        Err(failure) => return Ok(Err(failure)),
    };
    let frames = frames(case, &plan, files)?;
    let found = engine.evaluate(plugin, question, frames).await;
    taken.add(&found.usage, found.result.as_ref().err(), found.log, false);
    Ok(found.result)
}

fn frames(
    case: &Case,
    plan: &[Query],
    files: &CaseFiles,
) -> std::result::Result<Vec<(String, Arc<Frame>)>, Vec<String>> {
    let zone = zone(&case.question.time_zone);
    let mut problems = Vec::new();
    let mut frames = Vec::new();
    for query in plan {
        let key = &query.key;
        let Some(given) = case.frames.get(key) else {
            problems.push(format!("frames.{key}: is missing; the plan asks for {}", words(query)));
            continue;
        };
        if given.shape != query.shape {
            let (given, asked) = (given.shape.as_str(), query.shape.as_str());
            problems.push(format!("frames.{key}.shape: is {given}, and the plan asks for {asked}"));
            continue;
        }
        let Some(csv) = files.0.get(&given.csv) else {
            problems.push(format!("frames.{key}.csv: there is no file {:?} beside the case", given.csv));
            continue;
        };
        let metric = case.question.metrics.iter().find(|metric| metric.name == query.metric);
        // The engine has seen to it that a plan names only metrics there are.
        let Some(metric) = metric else { continue };
        let told = Told { shape: given.shape, query, metric, zone: &zone, about: &given.about };
        match frame_csv::read(&told, csv) {
            Ok(frame) => frames.push((key.clone(), Arc::new(frame))),
            Err(found) => problems.extend(found.iter().map(|problem| format!("{}: {problem}", given.csv))),
        }
    }
    for key in case.frames.keys().filter(|key| !plan.iter().any(|query| query.key == **key)) {
        let asked: Vec<&str> = plan.iter().map(|query| query.key.as_str()).collect();
        problems.push(format!("frames.{key}: the plan does not ask for it, but for {}", asked.join(", ")));
    }
    if problems.is_empty() { Ok(frames) } else { Err(problems) }
}

/// `totals of "published"`.
fn words(query: &Query) -> String {
    let split = match query.splits.as_slice() {
        [] => String::new(),
        splits => format!(", split by {}", splits.join(", ")),
    };
    format!("{} of {:?}{split}", query.shape.as_str(), query.metric)
}

/// What was found against what was to be found.
fn differences(expect: &Expect, found: &std::result::Result<Finding, Failure>) -> Vec<String> {
    let finding = match (found, &expect.error_has) {
        (Err(failure), Some(text)) if failure.message.contains(text.as_str()) => return Vec::new(),
        (Err(failure), Some(text)) => {
            return vec![format!("error     expected a text with {text:?}, found {:?}", failure.message)];
        }
        (Err(failure), None) => return vec![format!("error     {}: {}", failure.code, failure.message)],
        (Ok(finding), Some(text)) => {
            let found = finding.outcome.as_str();
            return vec![format!(
                "error     expected one with {text:?}, found {found}: {}",
                finding.headline
            )];
        }
        (Ok(finding), None) => finding,
    };
    let mut lines = Vec::new();
    let outcome = |outcome: &Outcome| match (outcome.reason(), outcome.code()) {
        (Some(reason), Some(code)) => format!("undecided ({}, {code})", reason.as_str()),
        _ => outcome.as_str().to_owned(),
    };
    let wanted = expect.outcome.as_deref().unwrap_or_default();
    let same = finding.outcome.as_str() == wanted
        && expect.reason.is_none_or(|reason| finding.outcome.reason() == Some(reason))
        && expect.code.as_deref().is_none_or(|code| finding.outcome.code() == Some(code));
    if !same {
        let wanted = match (expect.reason, &expect.code) {
            (Some(reason), Some(code)) => format!("{wanted} ({}, {code})", reason.as_str()),
            (Some(reason), None) => format!("{wanted} ({})", reason.as_str()),
            (None, Some(code)) => format!("{wanted} ({code})"),
            (None, None) => wanted.to_owned(),
        };
        lines.push(format!(
            "outcome   expected {wanted}, found {}: {}",
            outcome(&finding.outcome),
            finding.headline
        ));
    }
    lines.extend(observed(expect, finding));
    for text in expect.headline_has.iter().filter(|text| !finding.headline.contains(text.as_str())) {
        lines.push(format!("headline  expected a text with {text:?}, found {:?}", finding.headline));
    }
    for text in &expect.warns {
        if !finding.warnings.iter().any(|warning| warning.contains(text.as_str())) {
            let found = match finding.warnings.as_slice() {
                [] => "none".to_owned(),
                warnings => format!("{warnings:?}"),
            };
            lines.push(format!("warnings  expected one with {text:?}, found {found}"));
        }
    }
    lines
}

fn observed(expect: &Expect, finding: &Finding) -> Vec<String> {
    let Some(wanted) = &expect.observed else { return Vec::new() };
    let Some(found) = &finding.primary else {
        return vec![format!("observed  expected {}, found no number", wanted.value)];
    };
    let parts = [
        ("value", Some(wanted.value), Some(found.value)),
        ("low", wanted.low, found.low),
        ("high", wanted.high, found.high),
    ];
    let mut lines = Vec::new();
    for (name, wanted_number, found) in parts {
        let Some(wanted_number) = wanted_number else { continue };
        let close = found.is_some_and(|found| (found - wanted_number).abs() <= wanted.within);
        if !close {
            let found = found.map_or("none".to_owned(), |found| found.to_string());
            let within = if wanted.within > 0.0 { format!(" ± {}", wanted.within) } else { String::new() };
            lines.push(format!("observed  {name} expected {wanted_number}{within}, found {found}"));
        }
    }
    lines
}

impl App {
    /// Has a plugin pass the cases it carries, or says what it does not.
    pub(crate) async fn pass_cases(
        &self,
        plugin: &Arc<Plugin>,
        component: &[u8],
    ) -> Result<std::result::Result<usize, Refused>> {
        let refused =
            |sentence: String, problems: Vec<Problem>| Refused { code: "plugin-cases", sentence, problems };
        let files = match CaseFiles::of_component(component) {
            Ok(files) => files,
            Err(why) => return Ok(Err(refused(why, Vec::new()))),
        };
        if files.count() == 0 {
            let sentence =
                "it carries no case, so nothing shows that it works. Write one into the folder cases beside \
                            plugin.toml, such as `yardstick plugin new` makes, and build it again."
                    .to_owned();
            return Ok(Err(refused(sentence, Vec::new())));
        }
        let runs = run_cases(&self.engine, plugin, &files, |_| {}).await;
        let failed: Vec<&CaseRun> = runs.iter().filter(|run| !run.passed()).collect();
        if failed.is_empty() {
            return Ok(Ok(runs.len()));
        }
        let problems = failed.iter().take(MOST_TOLD).flat_map(|run| {
            run.differences.iter().map(|difference| Problem::new(run.file.clone(), difference.clone()))
        });
        let sentence = format!(
            "{} of its {} cases {} not what they should find. Run `yardstick plugin test` and mend the plugin or the \
             case.",
            failed.len(),
            runs.len(),
            if failed.len() == 1 { "does" } else { "do" }
        );
        Ok(Err(refused(sentence, problems.collect())))
    }
}
