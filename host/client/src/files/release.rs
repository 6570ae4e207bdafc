//! `release:` documents.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema as JsonSchemaText, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::Value;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::criteria::{Criteria, MOST_CHECKPOINTS, MOST_CRITERIA, Policy};
use yardstick_domain::level::Level;
use yardstick_domain::problem::Problem;
use yardstick_domain::question::Role;
use yardstick_domain::release::{Brief, Release, Stage};

use super::Declaration;
use super::criterion::CriterionFile;
use super::metric::VisibilityWord;
use super::reading::{Problems, address, date, parse, share, text};

/// How big the launch is; L1 is the largest.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
enum LevelWord {
    L1,
    L2,
    L3,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum StageWord {
    Eap,
    Experimental,
    Beta,
    PartialGa,
    Ga,
    Deprecated,
    NotImplemented,
}

/// The five parts of a request.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BriefFile {
    /// What hurts.
    problem: Option<String>,
    /// What it looks like when done.
    end_state: Option<String>,
    /// Why now.
    why: Option<String>,
    /// When.
    timeline: Option<String>,
    /// Who.
    people: Option<String>,
}

/// A release and what success means for it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Release")]
pub struct ReleaseFile {
    /// Slug: a-z 0-9 -; never changes.
    release: String,
    /// Its name.
    name: String,
    /// Joins the releases of one feature, such as beta and GA.
    feature: Option<String>,
    /// The team.
    team: String,
    /// Mail address of the one person who answers for it.
    owner: String,
    /// company | team: who may see it; company unless given.
    #[serde(default)]
    visibility: VisibilityWord,
    /// L1 (large), L2 (medium) or L3 (small); L1 is the largest, L1 and L2 must be measured.
    level: LevelWord,
    /// How mature the feature is with it.
    stage: Option<StageWord>,
    /// The planned launch day in the team's zone, such as 2026-03-03.
    planned: String,
    /// Where it is deployed, such as cloud.
    #[serde(default)]
    deployments: Vec<String>,
    /// Address of the tracking issue.
    issue: Option<String>,
    /// Links by name.
    #[serde(default)]
    links: BTreeMap<String, String>,
    /// Ids of key results.
    #[serde(default)]
    okrs: Vec<String>,
    /// Slug of the release this one is a relaunch of.
    follows: Option<String>,
    /// The request behind it.
    #[serde(default)]
    brief: BriefFile,
    /// When it is judged, such as [d1, d7, d28]; the last one is final.
    checkpoints: Option<Vec<String>>,
    /// all, { at_least: 2 }, or { score: { pass: 70%, marginal: 50% } }.
    #[schemars(schema_with = "policy_schema")]
    #[serde(default)]
    passes_when: Option<Value>,
    /// How sure you are today, such as 75%; kept for calibration, judges nothing.
    #[schemars(schema_with = "share_schema")]
    #[serde(default)]
    confidence: Option<Value>,
    /// What the release is for.
    #[serde(default)]
    goals: Vec<CriterionFile>,
    /// What it must not harm; judged at every checkpoint.
    #[serde(default)]
    guardrails: Vec<CriterionFile>,
    /// Shown, never counts.
    #[serde(default)]
    watch: Vec<CriterionFile>,
}

fn share_schema(_: &mut SchemaGenerator) -> JsonSchemaText {
    json_schema!({ "type": "string", "description": "a share such as 75%" })
}

fn policy_schema(_: &mut SchemaGenerator) -> JsonSchemaText {
    json_schema!({
        "description": "all, { at_least: 2 }, or { score: { pass: 70%, marginal: 50% } }",
        "anyOf": [
            { "const": "all" },
            { "type": "object", "additionalProperties": false, "required": ["at_least"],
              "properties": { "at_least": { "type": "integer", "minimum": 1 } } },
            { "type": "object", "additionalProperties": false, "required": ["score"],
              "properties": { "score": { "type": "object", "additionalProperties": false, "required": ["pass"],
                "properties": { "pass": { "type": "string" }, "marginal": { "type": "string" } } } } }
        ]
    })
}

impl ReleaseFile {
    pub(super) fn declare(self, problems: &mut Problems) -> Option<Declaration> {
        let level = match self.level {
            LevelWord::L1 => Level::L1,
            LevelWord::L2 => Level::L2,
            LevelWord::L3 => Level::L3,
        };
        let slug = parse("release", &self.release, problems);
        let name = text("name", &self.name, 200, problems);
        let team = parse("team", &self.team, problems);
        let owner = parse("owner", &self.owner, problems);
        let planned = date("planned", &self.planned, problems);
        let feature = self.feature.as_deref().map(|feature| text("feature", feature, 200, problems));
        let follows = self.follows.as_deref().map(|slug| parse("follows", slug, problems));
        let confidence = self.confidence.as_ref().map(|value| share("confidence", value, problems));
        if let Some(issue) = &self.issue {
            address("issue", issue, problems);
        }
        for (name, link) in &self.links {
            address(&format!("links.{name}"), link, problems);
        }
        let checkpoints = checkpoints(self.checkpoints.as_deref(), level, problems);
        let mut list = Vec::new();
        let sections = [
            ("goals", Role::Goal, self.goals),
            ("guardrails", Role::Guardrail, self.guardrails),
            ("watch", Role::Watch, self.watch),
        ];
        let mut ids = Vec::new();
        for (section, role, files) in sections {
            for (index, file) in files.into_iter().enumerate() {
                let field = format!("{section}[{index}]");
                if ids.contains(&file.id) {
                    problems.push(Problem::new(
                        format!("{field}.id"),
                        format!("{:?} is taken by another criterion", file.id),
                    ));
                }
                ids.push(file.id.clone());
                list.extend(file.declare(&field, role, &checkpoints, problems));
            }
        }
        if ids.len() > MOST_CRITERIA {
            problems.push(Problem::new(
                "goals",
                format!("{} criteria; expected at most {MOST_CRITERIA}", ids.len()),
            ));
        }
        let goals = list.iter().filter(|criterion| criterion.role == Role::Goal).count();
        let passes_when = policy(self.passes_when.as_ref(), goals, problems);
        Some(Declaration::Release(Release {
            slug: slug?,
            name: name?,
            feature: feature.map_or(Some(None), |feature| feature.map(Some))?,
            team: team?,
            owner: owner?,
            visibility: self.visibility.into(),
            level,
            stage: self.stage.map(stage),
            planned: planned?,
            deployments: self.deployments,
            issue: self.issue,
            links: self.links,
            okrs: self.okrs,
            follows: follows.map_or(Some(None), |slug| slug.map(Some))?,
            brief: Brief {
                problem: self.brief.problem,
                end_state: self.brief.end_state,
                why: self.brief.why,
                timeline: self.brief.timeline,
                people: self.brief.people,
            },
            confidence: confidence.map_or(Some(None), |share| share.map(Some))?,
            criteria: Criteria { checkpoints, passes_when: passes_when?, list },
        }))
    }
}

fn stage(word: StageWord) -> Stage {
    match word {
        StageWord::Eap => Stage::Eap,
        StageWord::Experimental => Stage::Experimental,
        StageWord::Beta => Stage::Beta,
        StageWord::PartialGa => Stage::PartialGa,
        StageWord::Ga => Stage::Ga,
        StageWord::Deprecated => Stage::Deprecated,
        StageWord::NotImplemented => Stage::NotImplemented,
    }
}

fn checkpoints(written: Option<&[String]>, level: Level, problems: &mut Problems) -> Vec<Checkpoint> {
    let Some(written) = written else { return Checkpoint::defaults(level) };
    let before = problems.len();
    let read: Vec<Checkpoint> = written
        .iter()
        .enumerate()
        .filter_map(|(index, text)| parse(&format!("checkpoints[{index}]"), text, problems))
        .collect();
    if problems.len() == before {
        if read.is_empty() || read.len() > MOST_CHECKPOINTS {
            let message = format!("{} checkpoints; expected 1 to {MOST_CHECKPOINTS}", read.len());
            problems.push(Problem::new("checkpoints", message));
        }
        if let Some(index) = (1..read.len()).find(|index| read[*index] <= read[index - 1]) {
            let message =
                format!("{} does not come after {}; write them in order", read[index], read[index - 1]);
            problems.push(Problem::new(format!("checkpoints[{index}]"), message));
        }
    }
    read
}

fn policy(written: Option<&Value>, goals: usize, problems: &mut Problems) -> Option<Policy> {
    let Some(written) = written else { return Some(Policy::All) };
    if written.as_str() == Some("all") {
        return Some(Policy::All);
    }
    if let Some(count) = written.get("at_least").and_then(Value::as_u64) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if goals > 0 && count as usize > goals {
            let message = format!("{count} goals must pass, but there are {goals}; it could never pass");
            problems.push(Problem::new("passes_when.at_least", message));
            return None;
        }
        return Some(Policy::AtLeast(count));
    }
    if let Some(score) = written.get("score") {
        let nothing = Value::Null;
        let pass = share("passes_when.score.pass", score.get("pass").unwrap_or(&nothing), problems)?;
        let marginal = match score.get("marginal") {
            Some(value) => Some(share("passes_when.score.marginal", value, problems)?),
            None => None,
        };
        if pass <= 0.0 {
            problems.push(Problem::new("passes_when.score.pass", "0% would always pass; expected more"));
            return None;
        }
        if marginal.is_some_and(|marginal| marginal <= 0.0 || marginal > pass) {
            let message = "expected more than 0% and at most the share for pass";
            problems.push(Problem::new("passes_when.score.marginal", message));
            return None;
        }
        return Some(Policy::Weighted { pass, marginal });
    }
    let message =
        format!("{written} will not do; expected all, {{ at_least: 2 }}, or {{ score: {{ pass: 70% }} }}");
    problems.push(Problem::new("passes_when", message));
    None
}
