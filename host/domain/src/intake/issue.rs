//! What GitHub sends of an issue (<https://docs.github.com/en/webhooks/webhook-events-and-payloads#issues>): the few of
//! its fields that we use. It is GitHub's document, so that fields we do not know are passed over.

use jiff::Timestamp;
use serde::Deserialize;

use super::template::line;
use super::{MOST_LABELS, MOST_NAME, URGENT};
use crate::ids::Repository;

/// The longest name of a label that is kept, in characters; GitHub's are at most 50.
const MOST_LABEL: usize = 100;

/// The part of every payload that says whose it is. Read before anything is believed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Addressed {
    repository: Whose,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Whose {
    full_name: String,
}

/// An event about an issue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Payload {
    action: String,
    issue: PayloadIssue,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct PayloadIssue {
    html_url: String,
    number: u64,
    title: String,
    body: Option<String>,
    #[serde(default)]
    labels: Vec<Label>,
    state: String,
    updated_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Label {
    name: String,
}

/// An issue as it stood when the event was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its address.
    pub url: String,
    /// Its number within the repository.
    pub number: u64,
    /// Its title, on one line.
    pub title: String,
    /// Its text.
    pub body: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Whether it is closed, deleted or gone to another repository.
    pub closed: bool,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

impl Issue {
    /// Whether it must not wait.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        self.labels.iter().any(|label| label.eq_ignore_ascii_case(URGENT))
    }
}

/// The repository that a payload speaks of.
///
/// # Errors
/// A sentence, when the bytes are no such payload.
pub fn repository(body: &[u8]) -> Result<Repository, String> {
    let addressed: Addressed = json(body)?;
    let name = addressed.repository.full_name.to_lowercase();
    name.parse().map_err(|_| "repository.full_name: no repository is called so".to_owned())
}

/// The issue that a payload speaks of, which must be one of this repository.
///
/// # Errors
/// A sentence, when the bytes are no such payload.
pub fn issue(body: &[u8], repository: &Repository) -> Result<Issue, String> {
    let Payload { action, issue } = json(body)?;
    let url = issue.html_url.trim_end_matches('/').to_owned();
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
    let tail = format!("/{repository}/issues/{}", issue.number);
    let is_one = url.len() <= 2_000
        && rest.to_lowercase().split_once('/').is_some_and(|(_, path)| format!("/{path}") == tail)
        && !url.chars().any(|c| c.is_whitespace() || c.is_control());
    if !is_one {
        return Err(format!("issue.html_url: is no address of issue {} of {repository}", issue.number));
    }
    let title = line(&issue.title, MOST_NAME);
    let labels = issue.labels.iter().take(MOST_LABELS).map(|label| line(&label.name, MOST_LABEL)).collect();
    Ok(Issue {
        title: if title.is_empty() { format!("{repository}#{}", issue.number) } else { title },
        closed: issue.state == "closed" || matches!(action.as_str(), "deleted" | "transferred"),
        url,
        number: issue.number,
        body: issue.body.unwrap_or_default(),
        labels,
        updated_at: issue.updated_at,
    })
}

fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| format!("the body is no payload of GitHub's: {error}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn payload(url: &str, state: &str, action: &str) -> Vec<u8> {
        serde_json::json!({
            "action": action, "unknown": {"x": 1},
            "issue": {"html_url": url, "number": 12, "title": "Faster\u{0} sign-up\n", "body": null,
                      "labels": [{"name": "URGENT", "color": "f00"}], "state": state,
                      "updated_at": "2026-02-01T10:00:00Z", "id": 9},
            "repository": {"full_name": "Example/Product", "private": true},
        })
        .to_string()
        .into_bytes()
    }

    #[test]
    fn an_issue_is_read() {
        let body = payload("https://github.com/Example/Product/issues/12", "open", "opened");
        let repository = repository(&body).unwrap();
        assert_eq!(repository.as_str(), "example/product");
        let found = issue(&body, &repository).unwrap();
        assert_eq!((found.title.as_str(), found.body.as_str(), found.closed), ("Faster sign-up", "", false));
        assert!(found.is_urgent());
        for (state, action, closed) in
            [("closed", "closed", true), ("open", "deleted", true), ("open", "edited", false)]
        {
            let body = payload("https://github.com/example/product/issues/12", state, action);
            assert_eq!(issue(&body, &repository).unwrap().closed, closed, "{state} {action}");
        }
    }

    #[test]
    fn an_issue_of_elsewhere_is_none() {
        let repository: Repository = "example/product".parse().unwrap();
        for url in [
            "https://github.com/example/other/issues/12",
            "https://github.com/example/product/issues/13",
            "https://github.com/x/example/product/issues/12",
            "javascript:alert(1)//example/product/issues/12",
            "https://github.com/example/product/issues/12\u{0}",
            "",
        ] {
            assert!(issue(&payload(url, "open", "opened"), &repository).is_err(), "{url:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = repository(&bytes);
            let _ = issue(&bytes, &"a/b".parse().unwrap());
        }
    }
}
