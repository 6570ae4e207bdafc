//! A verdict for every outcome and reason, named.

use serde_json::json;
use yardstick_client::document::VerdictDocument;
use yardstick_tests::documents::{
    document, early, finding, measured, number, open, sampled, table, told, undecided,
};

pub(super) fn all() -> Vec<(&'static str, VerdictDocument)> {
    vec![
        ("pass", pass()),
        ("marginal", marginal()),
        ("fail", fail()),
        ("too-early", too_early()),
        ("inconclusive", inconclusive()),
        ("insufficient-data", insufficient_data()),
        ("untrusted-data", untrusted_data()),
        ("error", error()),
        ("no-goal", no_goal()),
        ("look", look()),
        ("hostile", hostile()),
    ]
}

pub(super) fn pass() -> VerdictDocument {
    let mut adoption = told(
        measured(
            finding("goal", "adoption", "pass", "4,312 users, target 4,000 or more."),
            number(4312.0, "users"),
            "at-least",
            4000.0,
        ),
        "trailing 28 days to 7 Apr",
        "counted, not sampled",
        "fails with 313 fewer users",
    );
    adoption.expected = Some("4500".to_owned());
    adoption.corrections = 2;
    let mut merge_rate = told(
        measured(
            finding("goal", "merge-rate", "pass", "6,212 of 9,640 published changesets were merged."),
            sampled(0.6444, "share", (0.6348, 0.6539), 9640),
            "at-least",
            0.6,
        ),
        "6,212 merged",
        "Wilson 95 %",
        "inconclusive with 334 fewer merged",
    );
    merge_rate.expected = Some("65%".to_owned());
    merge_rate.tables =
        vec![table("Days", "merged", vec![json!("7 Apr"), json!(212.5), json!(true), json!("6 Apr")])];
    let mut errors = measured(
        finding("guardrail", "search-errors", "pass", "Searches fail 2.0 % less often than before."),
        sampled(-0.0204, "relative", (-0.0337, -0.0069), 0),
        "at-most",
        0.05,
    );
    errors.grade = "before-after".to_owned();
    errors.observed.as_mut().unwrap().n = None;
    let nps =
        open(finding("watch", "nps", "undecided", "38 of 100 answers."), "insufficient-data", "too-few");
    document("pass", vec![adoption, merge_rate, errors, nps])
}

fn marginal() -> VerdictDocument {
    let adoption = told(
        measured(
            finding(
                "goal",
                "adoption",
                "marginal",
                "3,580 users, target 4,000 or more, marginal from 3,200.",
            ),
            number(3580.0, "users"),
            "at-least",
            4000.0,
        ),
        "trailing 28 days to 7 Apr; marginal from 3,200",
        "counted, not sampled",
        "passes with 420 more users, fails with 381 fewer",
    );
    let mut document = document("marginal", vec![adoption]);
    document.seal.state = "sealed-after-launch".to_owned();
    document.seal.days_after_launch = Some(3);
    document.release.days_late = -1;
    document.revision = Some(2);
    document.at = "batch-changes-ga/d28.2".to_owned();
    document
}

/// The published figures of Cookie Cats; the launch is invented.
fn fail() -> VerdictDocument {
    let mut retention = told(
        measured(
            finding("goal", "day-7-retention", "fail", "Fewer players come back after seven days."),
            sampled(-0.0082, "pp", (-0.0133, -0.0031), 90_189),
            "above",
            0.0,
        ),
        "gate_40 18.20 % (8,279 of 45,489), gate_30 19.02 % (8,502 of 44,700)",
        "Newcombe 95 %",
        "inconclusive with 142 more gate_40 players retained, passes with 608 more",
    );
    retention.observed.as_mut().unwrap().log10_p = Some(-2.8097);
    retention.grade = "randomised".to_owned();
    retention.warnings = vec![
        "sample ratio p 0.0086 (warns below 0.01, refuses below 0.001): the arms are a little unequal"
            .to_owned(),
    ];
    let mut document = document("fail", vec![retention]);
    document.at = "cookie-cats-gate-40/d7".to_owned();
    document.checkpoint = "d7".to_owned();
    document.release.name = "Cookie Cats, gate moved from level 30 to 40".to_owned();
    document.release.slug = "cookie-cats-gate-40".to_owned();
    document.release.days_late = 0;
    document.release.confidence = None;
    document
}

fn too_early() -> VerdictDocument {
    let adoption = early(finding(
        "goal",
        "adoption",
        "undecided",
        "1,912 of 4,000 users so far; includes 21 days before launch",
    ));
    // The host may say itself when it is decided; it is not said twice.
    let merge_rate = early(finding(
        "goal",
        "merge-rate",
        "undecided",
        "58.1 % of 1,544 so far, target 60 %; decided at d28 (about 8 Apr).",
    ));
    let mut errors = measured(
        finding("guardrail", "search-errors", "pass", "Searches fail 1.1 % less often than before."),
        sampled(-0.0114, "relative", (-0.037, 0.0161), 0),
        "at-most",
        0.05,
    );
    errors.observed.as_mut().unwrap().n = None;
    errors.grade = "before-after".to_owned();
    errors.complete_through = Some("2026-03-18T00:00:00Z".to_owned());
    let mut document = undecided(document("", vec![adoption, merge_rate, errors]), "too-early", "not-due");
    document.at = "batch-changes-ga/d7".to_owned();
    document.checkpoint = "d7".to_owned();
    document.is_final = false;
    document.findings[0].complete_through = None;
    document
}

fn inconclusive() -> VerdictDocument {
    let mut retention = told(
        measured(
            open(
                finding("goal", "day-1-retention", "", "The arms differ by no more than chance would."),
                "inconclusive",
                "straddles",
            ),
            sampled(-0.0059, "pp", (-0.0124, 0.0006), 90_189),
            "above",
            0.0,
        ),
        "gate_40 44.23 %, gate_30 44.82 %",
        "Newcombe 95 %",
        "fails with 26 fewer gate_40 players retained",
    );
    retention.observed.as_mut().unwrap().log10_p = Some(-1.1285);
    retention.grade = "randomised".to_owned();
    let mut latency = measured(
        finding("guardrail", "latency", "pass", "Searches take 180 ms."),
        sampled(180.2, "ms", (0.0, 0.0), 12_000),
        "at-most",
        250.0,
    );
    latency.observed.as_mut().unwrap().low = None;
    latency.observed.as_mut().unwrap().high = Some(191.7);
    undecided(document("", vec![retention, latency]), "inconclusive", "straddles")
}

fn insufficient_data() -> VerdictDocument {
    let mut answers = measured(
        open(finding("goal", "nps", "", "38 of 100 answers."), "insufficient-data", "too-few"),
        sampled(58.0, "points", (31.0, 85.0), 38),
        "at-least",
        60.0,
    );
    answers.method = "t 95 %".to_owned();
    let mut document = undecided(document("", vec![answers]), "insufficient-data", "too-few");
    document.seal.state = "amended".to_owned();
    document.seal.amendments = 1;
    document.seal.at = Some("2026-03-20T09:00:00Z".to_owned());
    document.seal.reason = Some("The survey went to administrators only.".to_owned());
    document
}

fn untrusted_data() -> VerdictDocument {
    let mut gap = open(
        finding("goal", "adoption", "", "14 Mar and 15 Mar are missing from batch_changes.mau."),
        "untrusted-data",
        "gap",
    );
    gap.metrics.insert("eligible".to_owned(), "batch_changes.eligible".to_owned());
    let merge_rate = told(
        measured(
            finding("goal", "merge-rate", "fail", "4,012 of 9,640 were merged."),
            sampled(0.4162, "share", (0.4064, 0.4261), 9640),
            "at-least",
            0.6,
        ),
        "4,012 merged",
        "Wilson 95 %",
        "passes with 1,866 more merged",
    );
    let mut document = undecided(document("", vec![gap, merge_rate]), "untrusted-data", "gap");
    document.policy = "at least one goal must pass".to_owned();
    document.seal.state = "sealed-by-launch".to_owned();
    document.seal.amendments = 1;
    document
}

fn error() -> VerdictDocument {
    let mut trapped = open(
        finding("goal", "merge-rate", "", "evaluate used up 100,000,000 of 100,000,000 fuel."),
        "error",
        "plugin-fuel",
    );
    trapped.plugin = Some("batch-changes/merge-rate 1.2.0".to_owned());
    // As the host writes them: the code's sentence alone, or with what was seen behind it.
    let built_in = open(finding("guardrail", "errors", "", "The plugin crashed."), "error", "plugin-trap");
    let mut host = open(
        finding("watch", "visits", "", "The host could not finish the judgement. The disk is full."),
        "error",
        "host-fault",
    );
    host.plugin = None;
    undecided(document("", vec![trapped, built_in, host]), "error", "plugin-fuel")
}

fn no_goal() -> VerdictDocument {
    let mut document = undecided(document("", Vec::new()), "error", "no-goal");
    document.seal.state = "sealed-by-launch".to_owned();
    document
}

fn look() -> VerdictDocument {
    let mut document = pass();
    document.findings.truncate(1);
    document.at = "batch-changes-ga/d28.look-3".to_owned();
    document.standing = "ad-hoc".to_owned();
    document.revision = None;
    document.seal.state = "unsealed".to_owned();
    document.as_of = "2026-04-01T12:00:00Z".to_owned();
    document.known_at = Some("2026-03-30T12:00:00Z".to_owned());
    document
}

/// Everything a person or a guest can write tries to leave its place.
pub(super) fn hostile() -> VerdictDocument {
    const EVIL: &str = "\u{1b}[2J\u{202e}@everyone <script>alert(1)</script>\n\n# x | `y` \
                        [a](https://evil.example) www.evil.example #12 \u{9b}31m&amp;*b*_c_~~d~~\\";
    let mut finding = told(
        measured(finding("goal", "adoption", "fail", EVIL), number(f64::MAX, EVIL), EVIL, 4000.0),
        EVIL,
        EVIL,
        EVIL,
    );
    finding.role = EVIL.to_owned();
    finding.says = EVIL.to_owned();
    finding.expected = Some(EVIL.to_owned());
    finding.warnings = vec![EVIL.to_owned()];
    finding.grade = EVIL.to_owned();
    finding.complete_through = Some(EVIL.to_owned());
    finding.tables = vec![table(EVIL, EVIL, vec![json!(EVIL), json!([EVIL])])];
    let mut trapped = open(finding.clone(), "error", "plugin-trap");
    trapped.plugin = Some(EVIL.to_owned());
    let mut document = document("fail", vec![finding, trapped]);
    document.headline = EVIL.to_owned();
    document.release.name = EVIL.to_owned();
    document.release.time_zone = EVIL.to_owned();
    document.release.launched_at = EVIL.to_owned();
    document.policy = EVIL.to_owned();
    document.judged_by = EVIL.to_owned();
    document.at = EVIL.to_owned();
    document.seal.state = "amended".to_owned();
    document.seal.reason = Some(EVIL.to_owned());
    document
}
