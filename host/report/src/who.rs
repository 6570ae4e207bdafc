//! Who can do something about an undecided finding.

use std::collections::BTreeMap;

use yardstick_client::document::{FindingPart, VerdictDocument};

/// The addressee's word as people read it, as far as the document knows with a name. `finding` is the one the
/// word belongs to; `decided` says when time will tell.
pub(crate) fn addressee(
    document: &VerdictDocument,
    word: &str,
    finding: Option<&FindingPart>,
    decided: Option<String>,
) -> String {
    match word {
        "release-owner" => format!("{} (the release's owner)", document.release.owner),
        "metric-owner" => finding.map_or_else(
            || "the metric's owner".to_owned(),
            |finding| metric_owners(&document.metric_owners, finding),
        ),
        "plugin-team" => plugin_team(finding.and_then(|finding| finding.plugin.as_deref())),
        "operator" => "whoever runs this service".to_owned(),
        "nobody" => format!("nobody: {}", decided.unwrap_or_else(|| "time will tell".to_owned())),
        other => other.replace('-', " "),
    }
}

/// `grace.kim@example.com (owner of site.errors, site.visits)`, person by person.
fn metric_owners(owners: &BTreeMap<String, String>, finding: &FindingPart) -> String {
    let mut by_owner: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    for key in finding.metrics.values() {
        let keys = by_owner.entry(owners.get(key).map(String::as_str)).or_default();
        if !keys.contains(&key.as_str()) {
            keys.push(key);
        }
    }
    let people: Vec<String> = by_owner
        .into_iter()
        .rev()
        .map(|(owner, keys)| match owner {
            Some(owner) => format!("{owner} (owner of {})", keys.join(", ")),
            None => format!("the owner of {}", keys.join(", ")),
        })
        .collect();
    if people.is_empty() { "the metric's owner".to_owned() } else { people.join(", ") }
}

/// `team growth (plugin growth/retention 1.2.0)`; a name without a team is a built-in judge.
fn plugin_team(plugin: Option<&str>) -> String {
    match plugin.map(|plugin| (plugin, plugin.split_once('/'))) {
        Some((plugin, Some((team, _)))) => format!("team {team} (plugin {plugin})"),
        Some((plugin, None)) => format!("the makers of the built-in judge {plugin}"),
        None => "the plugin's team".to_owned(),
    }
}
