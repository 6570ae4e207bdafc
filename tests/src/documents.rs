//! Verdict documents for tests of renderings: small builders over one release.

use yardstick_client::document::{
    EstimatePart, FindingPart, ReleasePart, SealPart, TablePart, VerdictDocument,
};

/// An official final verdict on the release `batch-changes-ga`, launched a week late, without findings.
pub fn document(outcome: &str, findings: Vec<FindingPart>) -> VerdictDocument {
    VerdictDocument {
        yardstick_verdict: "1".to_owned(),
        at: "batch-changes-ga/d28".to_owned(),
        outcome: outcome.to_owned(),
        reason: None,
        code: None,
        sentence: None,
        addressee: None,
        headline: String::new(),
        standing: "official".to_owned(),
        is_final: true,
        revision: Some(1),
        release: ReleasePart {
            slug: "batch-changes-ga".to_owned(),
            name: "Batch Changes".to_owned(),
            level: "L2".to_owned(),
            team: "batch-changes".to_owned(),
            owner: "ana.lopez@example.com".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            planned: "2026-03-03".to_owned(),
            launched_at: "2026-03-10T16:00:00Z".to_owned(),
            days_late: 7,
            confidence: Some(0.75),
        },
        checkpoint: "d28".to_owned(),
        as_of: "2026-04-07T22:00:00Z".to_owned(),
        known_at: None,
        judged_at: "2026-04-09T10:05:00Z".to_owned(),
        judged_by: "ana.lopez@example.com".to_owned(),
        seal: SealPart {
            terms: format!("sha256:8f3c1a{}", "0".repeat(58)),
            state: "sealed".to_owned(),
            at: Some("2026-03-02T10:12:00Z".to_owned()),
            days_after_launch: None,
            amendments: 0,
            reason: None,
        },
        policy: "all goals must pass".to_owned(),
        findings,
        metric_owners: [("batch_changes.mau", "grace.kim@example.com")]
            .map(|(key, owner)| (key.to_owned(), owner.to_owned()))
            .into(),
        revises: None,
        audited: None,
        decisions: Vec::new(),
        comments: Vec::new(),
        reviews: Vec::new(),
    }
}

/// The document as undecided for a reason and code of the domain's table.
pub fn undecided(mut document: VerdictDocument, reason: &str, code: &str) -> VerdictDocument {
    let (sentence, addressee) = explained(code);
    document.outcome = "undecided".to_owned();
    document.reason = Some(reason.to_owned());
    document.code = Some(code.to_owned());
    document.sentence = sentence;
    document.addressee = addressee;
    document
}

/// The sentence and the addressee's word of a code of the domain's table.
fn explained(code: &str) -> (Option<String>, Option<String>) {
    let row = yardstick_domain::codes::find(code);
    let word = row.and_then(|row| serde_json::to_value(row.addressee).ok());
    (row.map(|row| row.sentence.to_owned()), word.and_then(|word| word.as_str().map(str::to_owned)))
}

/// A finding about `batch_changes.mau` by the judge `threshold`, complete up to the final checkpoint's end.
pub fn finding(role: &str, criterion: &str, outcome: &str, headline: &str) -> FindingPart {
    FindingPart {
        criterion: criterion.to_owned(),
        role: role.to_owned(),
        required: false,
        says: format!("What {criterion} is about."),
        expected: None,
        outcome: outcome.to_owned(),
        reason: None,
        code: None,
        sentence: None,
        addressee: None,
        headline: headline.to_owned(),
        detail: None,
        method: String::new(),
        grade: "target-only".to_owned(),
        target: None,
        bound: None,
        observed: None,
        others: Vec::new(),
        flip: None,
        warnings: Vec::new(),
        tables: Vec::new(),
        metrics: [("metric".to_owned(), "batch_changes.mau".to_owned())].into(),
        plugin: Some("threshold 1.0.0".to_owned()),
        plugin_hash: Some(format!("sha256:{}", "5".repeat(64))),
        fuel: Some(48_211),
        decided_at: None,
        decided_on: None,
        complete_through: Some("2026-04-08T22:00:00Z".to_owned()),
        corrections: 0,
    }
}

/// The finding as undecided for a reason and code of the domain's table.
pub fn open(mut finding: FindingPart, reason: &str, code: &str) -> FindingPart {
    let (sentence, addressee) = explained(code);
    finding.outcome = "undecided".to_owned();
    finding.reason = Some(reason.to_owned());
    finding.code = Some(code.to_owned());
    finding.sentence = sentence;
    finding.addressee = addressee;
    finding
}

/// The finding as not due before d28.
pub fn early(finding: FindingPart) -> FindingPart {
    let mut finding = open(finding, "too-early", "not-due");
    finding.decided_at = Some("d28".to_owned());
    finding.decided_on = Some("2026-04-07T22:00:00Z".to_owned());
    finding
}

/// The finding with the number it rests on and its bound.
pub fn measured(mut finding: FindingPart, observed: EstimatePart, bound: &str, target: f64) -> FindingPart {
    finding.observed = Some(observed);
    finding.bound = Some(bound.to_owned());
    finding.target = Some(target);
    finding
}

/// The finding with the second line of its evidence: detail, method, flip.
pub fn told(mut finding: FindingPart, detail: &str, method: &str, flip: &str) -> FindingPart {
    finding.detail = Some(detail.to_owned());
    finding.method = method.to_owned();
    finding.flip = Some(flip.to_owned());
    finding
}

/// A number without an interval.
pub fn number(value: f64, unit: &str) -> EstimatePart {
    EstimatePart {
        name: "observed".to_owned(),
        unit: unit.to_owned(),
        value,
        low: None,
        high: None,
        confidence: None,
        n: None,
        log10_p: None,
    }
}

/// A number with a 95 % interval over `n` units.
pub fn sampled(value: f64, unit: &str, (low, high): (f64, f64), n: u64) -> EstimatePart {
    EstimatePart {
        low: Some(low),
        high: Some(high),
        confidence: Some(0.95),
        n: Some(n),
        ..number(value, unit)
    }
}

/// A table of one column.
pub fn table(title: &str, column: &str, rows: Vec<serde_json::Value>) -> TablePart {
    TablePart {
        title: title.to_owned(),
        columns: vec![column.to_owned()],
        rows: rows.into_iter().map(|cell| vec![cell]).collect(),
    }
}
