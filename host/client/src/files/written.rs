//! A release written back as its file: what somebody who did not write it, such as of an issue, starts from.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use yardstick_domain::criteria::{Criterion, Policy};
use yardstick_domain::metric::Visibility;
use yardstick_domain::question::Role;
use yardstick_domain::release::Release;
use yardstick_stats::Quantity;

/// Fields in the order in which people read them.
type Fields = Vec<(&'static str, Written)>;

enum Written {
    /// On one line, or a text of several.
    Value(Value),
    /// Fields of its own.
    Block(Fields),
    /// Fields for each.
    List(Vec<Fields>),
}

/// A release as its file holds it, as JSON: what `PUT` takes.
#[must_use]
pub fn json(release: &Release) -> Value {
    object(fields(release))
}

/// A release as a file. Read again it is the same release.
#[must_use]
pub fn yaml(release: &Release) -> String {
    let mut out = "# yaml-language-server: $schema=./.yardstick/release.schema.json\n".to_owned();
    block(&mut out, &fields(release), 0);
    out
}

fn fields(release: &Release) -> Fields {
    let brief = &release.brief;
    let parts = [
        ("problem", &brief.problem),
        ("end_state", &brief.end_state),
        ("why", &brief.why),
        ("timeline", &brief.timeline),
        ("people", &brief.people),
    ];
    let brief: Fields =
        parts.into_iter().filter_map(|(name, text)| Some((name, value(text.as_ref()?)))).collect();
    let criteria = &release.criteria;
    let list = |role| -> Vec<Fields> {
        criteria.list.iter().filter(|one| one.role == role).map(criterion).collect()
    };
    let checkpoints: Vec<String> = criteria.checkpoints.iter().map(ToString::to_string).collect();
    let maybe = |text: &Option<String>| text.as_ref().map(value);
    let many = |texts: &[String]| (!texts.is_empty()).then(|| value(texts));
    let is_private = release.visibility == Visibility::Team;
    let all = [
        ("release", Some(value(release.slug.as_str()))),
        ("name", Some(value(&release.name))),
        ("feature", maybe(&release.feature)),
        ("team", Some(value(release.team.as_str()))),
        ("owner", Some(value(release.owner.as_str()))),
        ("visibility", is_private.then(|| value("team"))),
        ("level", Some(value(release.level.as_str()))),
        ("stage", release.stage.map(|stage| value(stage.as_str()))),
        ("planned", Some(value(release.planned.to_string()))),
        ("deployments", many(&release.deployments)),
        ("issue", maybe(&release.issue)),
        ("links", (!release.links.is_empty()).then(|| value(&release.links))),
        ("okrs", many(&release.okrs)),
        ("follows", release.follows.as_ref().map(|slug| value(slug.as_str()))),
        ("brief", (!brief.is_empty()).then_some(Written::Block(brief))),
        ("checkpoints", Some(value(checkpoints))),
        ("passes_when", Some(Written::Value(policy(criteria.passes_when)))),
        ("confidence", release.confidence.map(|share| value(Quantity::Percent(share).to_string()))),
        ("goals", Some(Written::List(list(Role::Goal)))),
        ("guardrails", Some(Written::List(list(Role::Guardrail)))),
        ("watch", Some(Written::List(list(Role::Watch)))),
    ];
    all.into_iter().filter_map(|(name, written)| Some((name, written?))).collect()
}

fn criterion(criterion: &Criterion) -> Fields {
    let only = criterion.metrics.get("metric").filter(|_| criterion.metrics.len() == 1);
    let params = criterion.params.as_object().filter(|params| !params.is_empty());
    let all = [
        ("id", Some(value(criterion.id.as_str()))),
        ("says", Some(value(&criterion.says))),
        ("judge", Some(value(criterion.judge.to_string()))),
        ("metric", only.map(|key| value(key.as_str()))),
        ("metrics", only.is_none().then(|| value(&criterion.metrics))),
        ("window", criterion.window.map(|days| value(days.to_string()))),
        ("baseline", criterion.baseline_days.map(|days| value(format!("{days}d")))),
        ("with", params.map(value)),
        ("expected", criterion.expected.as_deref().map(expected)),
        ("weight", (criterion.weight != 1.0).then(|| value(criterion.weight))),
        ("required", criterion.required.then(|| value(true))),
        ("due", criterion.due.map(|due| value(due.to_string()))),
    ];
    all.into_iter().filter_map(|(name, written)| Some((name, written?))).collect()
}

/// A number where the text is one as it would be read, a text otherwise.
fn expected(text: &str) -> Written {
    let number: Option<Value> = serde_json::from_str(text).ok().filter(Value::is_number);
    let again = number.as_ref().map(ToString::to_string);
    match number {
        Some(number) if again.as_deref() == Some(text) => Written::Value(number),
        _ => value(text),
    }
}

fn policy(policy: Policy) -> Value {
    let share = |share: f64| Quantity::Percent(share).to_string();
    match policy {
        Policy::All => "all".into(),
        Policy::AtLeast(count) => json!({ "at_least": count }),
        Policy::Weighted { pass, marginal: None } => json!({ "score": { "pass": share(pass) } }),
        Policy::Weighted { pass, marginal: Some(marginal) } => {
            json!({ "score": { "pass": share(pass), "marginal": share(marginal) } })
        }
    }
}

fn value(value: impl serde::Serialize) -> Written {
    // Texts, numbers and maps of texts have a form as JSON.
    Written::Value(serde_json::to_value(value).unwrap_or(Value::Null))
}

fn object(fields: Fields) -> Value {
    let written = |written| match written {
        Written::Value(value) => value,
        Written::Block(fields) => object(fields),
        Written::List(items) => items.into_iter().map(object).collect(),
    };
    fields.into_iter().map(|(name, field)| (name.to_owned(), written(field))).collect::<Map<_, _>>().into()
}

/// Fields, each on lines of its own behind `indent` blanks.
fn block(out: &mut String, fields: &Fields, indent: usize) {
    for (name, field) in fields {
        let _ = match field {
            Written::Value(Value::String(text)) if is_of_lines(text) => {
                let _ = writeln!(out, "{:indent$}{name}: |-", "");
                text.split('\n').try_for_each(|line| match line {
                    "" => writeln!(out),
                    line => writeln!(out, "{:indent$}  {line}", ""),
                })
            }
            Written::Value(value) => writeln!(out, "{:indent$}{name}: {}", "", flow(value)),
            Written::Block(fields) => {
                let _ = writeln!(out, "{:indent$}{name}:", "");
                block(out, fields, indent + 2);
                Ok(())
            }
            Written::List(items) if items.is_empty() => writeln!(out, "{:indent$}{name}: []", ""),
            Written::List(items) => {
                let _ = writeln!(out, "{:indent$}{name}:", "");
                for item in items {
                    let mut text = String::new();
                    block(&mut text, item, indent + 4);
                    // The first field stands behind the dash.
                    let _ = write!(out, "{:indent$}  - {}", "", text.trim_start());
                }
                Ok(())
            }
        };
    }
}

/// Whether a text is kept as it is as lines of a block: it has several, none of them has blanks at an end that would be
/// lost, and nothing that cannot be seen.
fn is_of_lines(text: &str) -> bool {
    let seen = |c: char| c == '\n' || (!c.is_control() && !is_unseen(c));
    text.contains('\n')
        && text.chars().all(seen)
        && !text.starts_with([' ', '\n'])
        && !text.ends_with('\n')
        && !text.lines().any(|line| line.ends_with(' '))
}

/// Ends of lines, marks and overrides of direction, which steer how a text is read or shown.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// A value on one line. Whatever could be read as something else is quoted.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let key = |key: &str| if is_plain(key) { key.to_owned() } else { quoted(key) };
            let fields: Vec<String> =
                map.iter().map(|(name, value)| format!("{}: {}", key(name), flow(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

/// A text in quotes, as JSON and YAML both read it.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for character in Value::from(text).to_string().chars() {
        let number = u32::from(character);
        if (0x7f..0xa0).contains(&number) || is_unseen(character) {
            let _ = write!(out, "\\u{number:04x}");
        } else {
            out.push(character);
        }
    }
    out
}

/// Whether a text is read as itself without quotes, by any reader of YAML: words, a day, or a number with its unit.
fn is_plain(text: &str) -> bool {
    if text.starts_with(|c: char| c.is_numeric()) {
        let is_day = text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
        let number = ["%", "pp", "d"].iter().find_map(|unit| text.strip_suffix(unit));
        return is_day
            || number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'));
    }
    let inner = |c: char| c.is_alphanumeric() || " _./@%-".contains(c);
    let begins = text.starts_with(char::is_alphabetic);
    let ends = text.ends_with(|c: char| c.is_alphanumeric() || "%._-".contains(c));
    let taken = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    begins && ends && text.chars().all(inner) && !taken.contains(&&*text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use yardstick_domain::level::Level;

    use super::*;
    use crate::files::{Declaration, read, read_json};

    fn release(text: &str) -> Release {
        match read(text).expect(text).remove(0).declaration {
            Declaration::Release(release) => release,
            other => panic!("{other:?}"),
        }
    }

    const FULL: &str = r##"
release: a-b
name: "Yes: \"# of users\" \\ 1.0"
feature: "1e3"
team: t
owner: ana.lopez@example.com
visibility: team
level: L1
stage: partial_ga
planned: 2026-03-03
deployments: [cloud, "yes", "0x1F"]
issue: https://github.com/example/product/issues/7
links: { rfc: "https://example.com/rfc/1", "a, b": "https://example.com/?a=1&b=2#c" }
okrs: [FY27-Q1/product/kr2]
follows: a-a
brief: { problem: "One.\n\n- two: three\n  # four", why: "  indented\nnext", people: "ends \nso", timeline: "x\u0000\u0085\u2028" }
checkpoints: [d7, d28]
passes_when: { score: { pass: 70%, marginal: 33.3% } }
confidence: 7%
goals:
  - { id: one, says: "At least 60 %: it is.", judge: threshold@1, metric: a.b, with: { at_least: 60% }, expected: 4500, weight: 2.5, required: true }
  - { id: two, says: "~", judge: t/name@1.2, metrics: { published: a.b, merged: a.c }, window: d1..d7, with: { deep: { list: [1, 0.5, "2", null, true] } }, expected: 65%, due: d7 }
guardrails:
  - { id: three, says: It is., judge: before-after@1, metric: a.c, baseline: 28d, with: { worse_by_at_most: 0.1pp } }
"##;

    #[test]
    fn a_release_reads_back_as_itself() {
        let templates = [Level::L1, Level::L2, Level::L3].map(|level| {
            let planned = "2026-03-03".parse().expect("a date");
            crate::files::templates::release(&"a-b".parse().expect("a slug"), level, planned)
        });
        let counted = FULL.replace("{ score: { pass: 70%, marginal: 33.3% } }", "{ at_least: 1 }");
        for text in templates.into_iter().chain([FULL.to_owned(), counted]) {
            let before = release(&text);
            let again = yaml(&before);
            assert_eq!(release(&again), before, "{again}");
            assert_eq!(read_json("release", &json(&before)), Ok(Declaration::Release(before)));
        }
    }

    #[test]
    fn it_reads_as_people_write_it() {
        let expected = r##"# yaml-language-server: $schema=./.yardstick/release.schema.json
release: a-b
name: "Yes: \"# of users\" \\ 1.0"
feature: "1e3"
team: t
owner: ana.lopez@example.com
visibility: team
level: L1
stage: partial_ga
planned: 2026-03-03
deployments: [cloud, "yes", "0x1F"]
issue: "https://github.com/example/product/issues/7"
links: { "a, b": "https://example.com/?a=1&b=2#c", rfc: "https://example.com/rfc/1" }
okrs: [FY27-Q1/product/kr2]
follows: a-a
brief:
  problem: |-
    One.

    - two: three
      # four
  why: "  indented\nnext"
  timeline: "x\u0000\u0085\u2028"
  people: "ends \nso"
checkpoints: [d7, d28]
passes_when: { score: { marginal: 33.3%, pass: 70% } }
confidence: 7%
goals:
  - id: one
    says: "At least 60 %: it is."
    judge: threshold@1
    metric: a.b
    with: { at_least: 60% }
    expected: 4500
    weight: 2.5
    required: true
  - id: two
    says: "~"
    judge: t/name@1.2
    metrics: { merged: a.c, published: a.b }
    window: d1..d7
    with: { deep: { list: [1, 0.5, "2", null, true] } }
    expected: 65%
    due: d7
guardrails:
  - id: three
    says: It is.
    judge: before-after@1
    metric: a.c
    baseline: 28d
    with: { worse_by_at_most: 0.1pp }
watch: []
"##;
        assert_eq!(yaml(&release(FULL)), expected);
    }

    proptest! {
        #[test]
        fn no_text_is_read_as_something_else(name in "\\PC{1,30}", brief in "(\\PC|[ \\n\\t]){0,60}", word in "[0-9a-zA-Z.:#+%~-]{1,6}") {
            let mut before = release("release: a\nname: b\nteam: t\nowner: a@b.example\nlevel: L3\nplanned: 2026-03-03\n");
            before.name = name.trim().to_owned();
            prop_assume!(!before.name.is_empty() && !before.name.chars().any(char::is_control));
            before.brief.problem = Some(brief);
            before.deployments = vec![word.clone()];
            before.links.insert(word.clone(), format!("https://{word}"));
            let again = yaml(&before);
            prop_assert_eq!(release(&again), before, "{}", again);
        }
    }
}
