//! Commented files to start from, as `yardstick new` writes them.

use jiff::civil::Date;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::ids::{MetricKey, ReleaseSlug, TeamKey};
use yardstick_domain::level::Level;

/// A release file with the goals its level is usually launched for.
#[must_use]
pub fn release(slug: &ReleaseSlug, level: Level, planned: Date) -> String {
    let goals = match level {
        Level::L1 => include_str!("templates/goals-L1.yaml"),
        Level::L2 => include_str!("templates/goals-L2.yaml"),
        Level::L3 => include_str!("templates/goals-L3.yaml"),
    };
    let guardrails = match level {
        Level::L1 | Level::L2 => include_str!("templates/guardrails.yaml"),
        Level::L3 => include_str!("templates/guardrails-L3.yaml"),
    };
    let checkpoints: Vec<String> = Checkpoint::defaults(level).iter().map(ToString::to_string).collect();
    include_str!("templates/release.yaml")
        .replace("{slug}", slug.as_str())
        .replace("{name}", &title(slug.as_str()))
        .replace("{level}", level.as_str())
        .replace("{planned}", &planned.to_string())
        .replace("{checkpoints}", &format!("[{}]", checkpoints.join(", ")))
        .replace("{goals}", goals)
        .replace("{guardrails}", guardrails)
}

/// A metric file.
#[must_use]
pub fn metric(key: &MetricKey) -> String {
    include_str!("templates/metric.yaml")
        .replace("{key}", key.as_str())
        .replace("{name}", &title(key.as_str()))
}

/// A team file.
#[must_use]
pub fn team(key: &TeamKey) -> String {
    include_str!("templates/team.yaml").replace("{key}", key.as_str()).replace("{name}", &title(key.as_str()))
}

/// `batch-changes-ga` as a first guess at a name: `Batch changes ga`.
fn title(key: &str) -> String {
    let words = key.replace(['-', '_', '.'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use yardstick_domain::level::Level;
    use yardstick_domain::lint::{Known, lint};

    use crate::files::Declaration;

    #[test]
    fn what_new_writes_has_no_lint() {
        let planned = "2026-03-03".parse().expect("a date");
        for level in [Level::L1, Level::L2, Level::L3] {
            let text = super::release(&"batch-changes-ga".parse().expect("a slug"), level, planned);
            let read = crate::files::read(&text).expect("a release");
            let [one] = read.as_slice() else { panic!("{level}: {read:?}") };
            let Declaration::Release(release) = &one.declaration else { panic!("{level}: {one:?}") };
            assert_eq!(lint(release, &Known::default()), [], "{level}");
        }
    }

    #[test]
    fn what_new_writes_is_accepted_by_apply() {
        let planned = "2026-03-03".parse().expect("a date");
        for level in [Level::L1, Level::L2, Level::L3] {
            let text = super::release(&"batch-changes-ga".parse().expect("a slug"), level, planned);
            let read = crate::files::read(&text);
            assert!(read.is_ok(), "{level}: {read:?}");
        }
        assert!(crate::files::read(&super::metric(&"a.b".parse().expect("a key"))).is_ok());
        assert!(crate::files::read(&super::team(&"a-b".parse().expect("a key"))).is_ok());
    }
}
