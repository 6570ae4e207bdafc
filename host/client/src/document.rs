//! The verdict document: what `--output json` prints and every report is made from. Versioned from the first
//! day: fields are added, never renamed or removed, within a version.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use yardstick_domain::codes;
use yardstick_domain::finding::{Estimate, Finding, Outcome};
use yardstick_domain::question::Role;
use yardstick_domain::release::{Amendment, ReleaseFacts, SealedWhen};
use yardstick_domain::time::{day_of, days_between};
use yardstick_domain::verdict::{Judgement, Verdict, VerdictNumber};

/// Version of the document.
pub const VERSION: &str = "1";

/// A verdict with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct VerdictDocument {
    /// Version of this document: `1`.
    pub yardstick_verdict: String,
    /// Where it is found, such as `batch-changes-ga/d28`.
    pub at: String,
    /// `pass`, `marginal`, `fail` or `undecided`.
    pub outcome: String,
    /// Of an undecided verdict: `too-early`, `insufficient-data`, `inconclusive`, `untrusted-data` or `error`.
    pub reason: Option<String>,
    /// Of an undecided verdict: the precise code.
    pub code: Option<String>,
    /// Of an undecided verdict: its code as a sentence.
    pub sentence: Option<String>,
    /// Of an undecided verdict: who can do something about it.
    pub addressee: Option<String>,
    /// One sentence.
    pub headline: String,
    /// Whether it counts (`official`) or was a look (`ad-hoc`).
    pub standing: String,
    /// Whether its checkpoint is the release's last.
    pub is_final: bool,
    /// Revision of the official verdict, from 1; none for a look.
    pub revision: Option<u32>,
    /// The release.
    pub release: ReleasePart,
    /// The checkpoint, such as `d28`.
    pub checkpoint: String,
    /// The instant it speaks of.
    pub as_of: String,
    /// Only what had been received by then was used; none: everything known when it was judged.
    pub known_at: Option<String>,
    /// When it was judged.
    pub judged_at: String,
    /// Who asked for it.
    pub judged_by: String,
    /// What had been agreed.
    pub seal: SealPart,
    /// How findings make the verdict, as a sentence.
    pub policy: String,
    /// The findings, in the criteria's order.
    pub findings: Vec<FindingPart>,
    /// Who answers for each metric the findings name, by its key; a metric that is not listed has no known
    /// owner.
    #[serde(default)]
    pub metric_owners: BTreeMap<String, String>,
    /// What this revision changed; none: it is the first, or a look.
    #[serde(default)]
    pub revises: Option<RevisesPart>,
    /// Where the audit has it: the number of its event and the hash over all events up to it, such as
    /// `1204:sha256:8f3c…`. Whoever keeps it can tell later that none of them was changed: `yardstick audit verify
    /// --head`. None: not chained yet.
    #[serde(default)]
    pub audited: Option<String>,
    /// What people decided about this revision, the newest first. It stays as it is whatever they decide.
    #[serde(default)]
    pub decisions: Vec<DecisionPart>,
    /// What was said of this revision, the newest first.
    #[serde(default)]
    pub comments: Vec<CommentPart>,
    /// Sign-offs of this revision by peers, the newest first.
    #[serde(default)]
    pub reviews: Vec<ReviewPart>,
}

/// What somebody decided about a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct DecisionPart {
    /// Its number.
    pub id: i64,
    /// `stands`, `waits-for-approval`, `expired` or `withdrawn`.
    pub standing: String,
    /// `accept` or `override`; none: no stance.
    pub stance: Option<String>,
    /// Of an override: `pass`, `marginal` or `fail`.
    pub outcome: Option<String>,
    /// Of an override: until when.
    pub until: Option<String>,
    /// `keep`, `iterate`, `roll-back`, `retire` or `extend`; none: no action.
    pub action: Option<String>,
    /// Of `extend`: the checkpoint.
    pub extend_to: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When it was made.
    pub at: String,
    /// Who made it.
    pub by: String,
    /// The second person of an override.
    pub approved_by: Option<String>,
}

/// What somebody said of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct CommentPart {
    /// Its number.
    pub id: i64,
    /// What it is about, where that is not this very revision: an earlier one of the checkpoint such as `batch-changes-ga/d28.1`,
    /// or `criteria`. Of those only what is still open is told.
    #[serde(default)]
    pub about: Option<String>,
    /// The criterion it is about; none: all of it.
    pub criterion: Option<String>,
    /// `remark`, `question` or `dispute`.
    pub kind: String,
    /// What it says.
    pub text: String,
    /// Whom it asks.
    pub to: Vec<String>,
    /// Whether an answer is waited for.
    pub open: bool,
    /// When it was made.
    pub at: String,
    /// Who made it.
    pub by: String,
    /// The answer.
    pub answer: Option<String>,
}

/// A peer's sign-off of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct ReviewPart {
    /// Whether they agree.
    pub agrees: bool,
    /// What they say to it.
    pub text: Option<String>,
    /// When they looked.
    pub at: String,
    /// Who looked.
    pub by: String,
}

/// What a revision changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct RevisesPart {
    /// The revision before.
    pub revision: u32,
    /// What that one came to, with the reason where it was undecided.
    pub outcome: String,
    /// Outcomes of criteria and values they rest on that are not what they were, a sentence each.
    pub changes: Vec<String>,
}

/// The release of a verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct ReleasePart {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// `L1` (the largest), `L2` or `L3`.
    pub level: String,
    /// Its team.
    pub team: String,
    /// Its owner.
    pub owner: String,
    /// IANA zone of its days.
    pub time_zone: String,
    /// The planned launch day as sealed.
    pub planned: String,
    /// The launch instant.
    pub launched_at: String,
    /// Whole days from the planned to the launch day; negative: early.
    pub days_late: i32,
    /// How sure the team was, in 0..=1.
    pub confidence: Option<f64>,
}

/// What had been agreed, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct SealPart {
    /// Hash of the terms that were judged.
    pub terms: String,
    /// `sealed`, `sealed-by-launch`, `sealed-after-launch`, `amended` or `unsealed`.
    pub state: String,
    /// When it was sealed or amended.
    pub at: Option<String>,
    /// Whole days after the launch day, of a late seal.
    pub days_after_launch: Option<u32>,
    /// Amendments since the launch.
    pub amendments: u32,
    /// Why, of amended terms.
    pub reason: Option<String>,
}

/// The finding of one criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct FindingPart {
    /// The criterion's id.
    pub criterion: String,
    /// `goal`, `guardrail` or `watch`.
    pub role: String,
    /// A goal whose failure alone fails the release.
    pub required: bool,
    /// The criterion's sentence.
    pub says: String,
    /// What the team expected, as written.
    pub expected: Option<String>,
    /// `pass`, `marginal`, `fail` or `undecided`.
    pub outcome: String,
    /// Of an undecided finding.
    pub reason: Option<String>,
    /// Of an undecided finding.
    pub code: Option<String>,
    /// Of an undecided finding: its code as a sentence.
    pub sentence: Option<String>,
    /// Of an undecided finding: who can do something about it.
    pub addressee: Option<String>,
    /// One sentence with the numbers that decide.
    pub headline: String,
    /// Further words for the evidence, such as what was counted and how.
    pub detail: Option<String>,
    /// The method in a few words.
    pub method: String,
    /// `randomised`, `matched-control`, `before-after` or `target-only`.
    pub grade: String,
    /// The bound, in the unit of `observed`.
    pub target: Option<f64>,
    /// Which side of the bound passes: `at-least`, `at-most`, `above` or `below`; none: not said.
    #[serde(default)]
    pub bound: Option<String>,
    /// The number that decided.
    pub observed: Option<EstimatePart>,
    /// Further numbers.
    pub others: Vec<EstimatePart>,
    /// What would change the outcome.
    pub flip: Option<String>,
    /// What a reader must know before trusting it.
    pub warnings: Vec<String>,
    /// Evidence tables: title, columns, rows.
    pub tables: Vec<TablePart>,
    /// Metric keys by the plugin's name for each.
    pub metrics: BTreeMap<String, String>,
    /// The plugin, such as `threshold 1.0.0`.
    pub plugin: Option<String>,
    /// Hash of the plugin's bytes.
    pub plugin_hash: Option<String>,
    /// Fuel its run used.
    pub fuel: Option<u64>,
    /// Checkpoint that decides it, when it is too early.
    pub decided_at: Option<String>,
    /// End of that checkpoint.
    pub decided_on: Option<String>,
    /// The earliest watermark of its metrics.
    pub complete_through: Option<String>,
    /// Values of its metrics that were corrected inside the window.
    pub corrections: u64,
}

/// A number with what is known of its error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct EstimatePart {
    /// What it is.
    pub name: String,
    /// Its unit; `share` in 0..=1.
    pub unit: String,
    /// The number.
    pub value: f64,
    /// Lower bound of the interval.
    pub low: Option<f64>,
    /// Upper bound of the interval.
    pub high: Option<f64>,
    /// Coverage of the interval in 0..1.
    pub confidence: Option<f64>,
    /// Units behind it.
    pub n: Option<u64>,
    /// Decimal logarithm of the p-value.
    pub log10_p: Option<f64>,
}

/// An evidence table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct TablePart {
    /// Its heading.
    pub title: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows of true/false, numbers or texts.
    pub rows: Vec<Vec<Value>>,
}

/// The JSON Schema of the document.
#[must_use]
pub fn schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<VerdictDocument>().to_value()
}

struct Undecided {
    reason: Option<String>,
    code: Option<String>,
    sentence: Option<String>,
    addressee: Option<String>,
}

fn undecided(outcome: &Outcome) -> Undecided {
    let Outcome::Undecided { reason, code } = outcome else {
        return Undecided { reason: None, code: None, sentence: None, addressee: None };
    };
    let (sentence, addressee) = codes::explain(*reason, code);
    let addressee = serde_json::to_value(addressee).ok().and_then(|word| word.as_str().map(str::to_owned));
    Undecided {
        reason: Some(reason.as_str().to_owned()),
        code: Some(code.clone()),
        sentence: Some(sentence.to_owned()),
        addressee,
    }
}

impl VerdictDocument {
    /// The document of a verdict. `time_zone` and `policy` come from the terms it judged; `corrections` per
    /// criterion are what its frames say of themselves.
    #[must_use]
    pub fn new(
        verdict: &Verdict,
        facts: &ReleaseFacts,
        terms: &yardstick_domain::criteria::Terms,
        corrections: &[u64],
    ) -> Self {
        let why = undecided(&verdict.outcome);
        let zone = yardstick_domain::time::zone(&terms.time_zone);
        let release = &facts.release;
        Self {
            yardstick_verdict: VERSION.to_owned(),
            at: verdict.at.to_string(),
            outcome: verdict.outcome.as_str().to_owned(),
            reason: why.reason,
            code: why.code,
            sentence: why.sentence,
            addressee: why.addressee,
            headline: verdict.headline.clone(),
            standing: verdict.standing.as_str().to_owned(),
            is_final: verdict.is_final,
            revision: match verdict.at.number {
                VerdictNumber::Revision(number) => Some(number),
                VerdictNumber::Newest | VerdictNumber::Look(_) => None,
            },
            release: ReleasePart {
                slug: release.slug.to_string(),
                name: release.name.clone(),
                level: terms.level.to_string(),
                team: release.team.to_string(),
                owner: release.owner.to_string(),
                time_zone: terms.time_zone.clone(),
                planned: terms.planned.to_string(),
                launched_at: verdict.launch.to_string(),
                days_late: days_between(terms.planned, day_of(verdict.launch, &zone)),
                confidence: release.confidence,
            },
            checkpoint: verdict.at.checkpoint.to_string(),
            as_of: verdict.as_of.to_string(),
            known_at: verdict.known_at.map(|instant| instant.to_string()),
            judged_at: verdict.judged_at.to_string(),
            judged_by: verdict.judged_by.to_string(),
            seal: SealPart::new(verdict, facts),
            policy: terms.passes_when.to_string(),
            findings: verdict
                .judgements
                .iter()
                .enumerate()
                .map(|(index, judgement)| {
                    FindingPart::new(judgement, corrections.get(index).copied().unwrap_or(0))
                })
                .collect(),
            metric_owners: BTreeMap::new(),
            revises: None,
            audited: None,
            decisions: Vec::new(),
            comments: Vec::new(),
            reviews: Vec::new(),
        }
    }

    /// Where this very revision is found, also after others have come: [`VerdictDocument::at`] names the newest
    /// one when it is the first.
    #[must_use]
    pub fn exactly(&self) -> String {
        match self.revision {
            Some(1) if !self.at.contains('.') => format!("{}.1", self.at),
            _ => self.at.clone(),
        }
    }

    /// With the people who answer for its metrics, by key: an undecided finding can then name the person.
    #[must_use]
    pub fn with_metric_owners(mut self, owners: BTreeMap<String, String>) -> Self {
        self.metric_owners = owners;
        self
    }
}

impl SealPart {
    fn new(verdict: &Verdict, facts: &ReleaseFacts) -> Self {
        let amendments = u32::try_from(facts.amendments.len()).unwrap_or(u32::MAX);
        let part = |state: &str, at: Option<String>, days: Option<u32>, reason: Option<String>| Self {
            terms: verdict.terms.to_string(),
            state: state.to_owned(),
            at,
            days_after_launch: days,
            amendments,
            reason,
        };
        let amended = |amendment: &&Amendment| amendment.hash == verdict.terms;
        let sealed = facts.seal.as_ref().is_some_and(|seal| seal.hash == verdict.terms);
        if let Some(amendment) = facts.amendments.iter().find(amended).filter(|_| !sealed) {
            return part("amended", Some(amendment.at.to_string()), None, Some(amendment.reason.clone()));
        }
        match facts.seal.as_ref().filter(|seal| seal.hash == verdict.terms) {
            None => part("unsealed", None, None, None),
            Some(seal) => {
                let (state, days) = match seal.when {
                    SealedWhen::BeforeLaunch => ("sealed", None),
                    SealedWhen::ByLaunch => ("sealed-by-launch", None),
                    SealedWhen::AfterLaunch { days } => ("sealed-after-launch", Some(days)),
                };
                part(state, Some(seal.at.to_string()), days, None)
            }
        }
    }
}

impl FindingPart {
    fn new(judgement: &Judgement, corrections: u64) -> Self {
        let finding: &Finding = &judgement.finding;
        let criterion = &judgement.criterion;
        let why = undecided(&finding.outcome);
        let further = |wanted: &str| {
            finding.more.iter().find(|(name, _)| name == wanted).and_then(|(_, value)| match value {
                yardstick_domain::frame::Value::Text(text) => Some(text.clone()),
                _ => None,
            })
        };
        Self {
            criterion: criterion.id.to_string(),
            role: criterion.role.as_str().to_owned(),
            required: criterion.role == Role::Goal && criterion.required,
            says: criterion.says.clone(),
            expected: criterion.expected.clone(),
            outcome: finding.outcome.as_str().to_owned(),
            reason: why.reason,
            code: why.code,
            sentence: why.sentence,
            addressee: why.addressee,
            headline: finding.headline.clone(),
            detail: further("detail"),
            method: finding.method.clone(),
            grade: finding.grade.as_str().to_owned(),
            target: finding.target,
            bound: further("bound").or_else(|| bound_of(&criterion.params).map(str::to_owned)),
            observed: finding.primary.as_ref().map(EstimatePart::new),
            others: finding.others.iter().map(EstimatePart::new).collect(),
            flip: finding.flip.clone(),
            warnings: finding.warnings.clone(),
            tables: finding
                .tables
                .iter()
                .map(|table| TablePart {
                    title: table.title.clone(),
                    columns: table.columns.clone(),
                    rows: table
                        .rows
                        .iter()
                        .map(|row| row.iter().map(|cell| serde_json::json!(cell)).collect())
                        .collect(),
                })
                .collect(),
            metrics: criterion.metrics.iter().map(|(name, key)| (name.clone(), key.to_string())).collect(),
            plugin: judgement.plugin.as_ref().map(|plugin| format!("{} {}", plugin.name, plugin.version)),
            plugin_hash: judgement.plugin.as_ref().map(|plugin| plugin.hash.to_string()),
            fuel: judgement.run.as_ref().map(|run| run.plan_fuel + run.evaluate_fuel),
            decided_at: judgement.decided.map(|decided| decided.checkpoint.to_string()),
            decided_on: judgement.decided.map(|decided| decided.at.to_string()),
            complete_through: judgement.complete_through.map(|instant| instant.to_string()),
            corrections,
        }
    }
}

/// Which side passes, by the names that parameters have by convention. Of a change the name alone does not tell.
fn bound_of(params: &Value) -> Option<&'static str> {
    params.as_object()?.keys().find_map(|name| match name.as_str() {
        "at_least" => Some("at-least"),
        "at_most" => Some("at-most"),
        _ => None,
    })
}

impl EstimatePart {
    fn new(estimate: &Estimate) -> Self {
        Self {
            name: estimate.name.clone(),
            unit: estimate.unit.clone(),
            value: estimate.value,
            low: estimate.low,
            high: estimate.high,
            confidence: estimate.confidence,
            n: estimate.n,
            log10_p: estimate.log10_p,
        }
    }
}
