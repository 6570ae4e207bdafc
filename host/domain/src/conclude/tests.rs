use proptest::prelude::*;

use super::{Conclusion, Counted, Mark, conclude};
use crate::criteria::Policy;
use crate::finding::{Outcome, Reason};
use crate::question::Role;

fn outcome(word: &str) -> Outcome {
    match word {
        "pass" => Outcome::Pass,
        "marginal" => Outcome::Marginal,
        "fail" => Outcome::Fail,
        "early" => Outcome::undecided(Reason::TooEarly, "not-due"),
        "straddles" => Outcome::undecided(Reason::Inconclusive, "straddles"),
        "few" => Outcome::undecided(Reason::InsufficientData, "too-few"),
        "gap" => Outcome::undecided(Reason::UntrustedData, "gap"),
        "trap" => Outcome::undecided(Reason::Error, "plugin-trap"),
        "no-goal" => Outcome::undecided(Reason::Error, "no-goal"),
        other => panic!("{other}"),
    }
}

/// `goal:pass required:fail guardrail:gap watch:trap`
fn findings(text: &str) -> Vec<Counted> {
    text.split_whitespace()
        .map(|word| {
            let (role, found) = word.split_once(':').expect("role:outcome");
            let (role, required) = match role {
                "goal" => (Role::Goal, false),
                "required" => (Role::Goal, true),
                "guardrail" => (Role::Guardrail, false),
                _ => (Role::Watch, false),
            };
            Counted { role, required, weight: 1.0, outcome: outcome(found) }
        })
        .collect()
}

#[test]
fn precedence() {
    const ALL: Policy = Policy::All;
    const ONE: Policy = Policy::AtLeast(1);
    const HALF: Policy = Policy::Weighted { pass: 0.75, marginal: Some(0.5) };
    let table: &[(Policy, &str, &str)] = &[
        // 1. Guardrails and required goals first.
        (ALL, "goal:pass guardrail:fail", "fail"),
        (ONE, "goal:pass required:fail", "fail"),
        (ALL, "guardrail:fail", "fail"),
        (ALL, "goal:trap guardrail:fail", "fail"),
        // 2. Nothing to succeed at.
        (ALL, "", "no-goal"),
        (ALL, "guardrail:pass watch:pass", "no-goal"),
        (ALL, "guardrail:gap", "no-goal"),
        // 3. A marginal guardrail caps.
        (ALL, "goal:pass guardrail:marginal", "marginal"),
        (ALL, "goal:fail guardrail:marginal", "fail"),
        // 4. The policy, twice.
        (ALL, "goal:pass goal:pass guardrail:pass", "pass"),
        (ALL, "goal:pass goal:marginal", "marginal"),
        (ALL, "goal:fail goal:trap", "fail"),
        (ALL, "goal:pass goal:straddles", "straddles"),
        (ALL, "goal:pass guardrail:gap", "gap"),
        (ONE, "goal:pass goal:trap", "pass"),
        (ONE, "goal:fail goal:trap", "trap"),
        (ONE, "goal:marginal goal:fail", "marginal"),
        (ONE, "required:trap goal:pass", "trap"),
        (Policy::AtLeast(2), "goal:pass goal:marginal goal:fail", "marginal"),
        (Policy::AtLeast(3), "goal:pass goal:pass", "fail"),
        (HALF, "goal:pass goal:pass goal:pass goal:fail", "pass"),
        (HALF, "goal:pass goal:fail", "marginal"),
        (HALF, "goal:pass goal:marginal", "pass"),
        (HALF, "goal:fail goal:marginal", "fail"),
        (HALF, "goal:pass goal:early", "early"),
        // The most actionable reason, and the first that has it.
        (ALL, "goal:early goal:straddles goal:few", "few"),
        (ALL, "goal:early guardrail:gap goal:few", "gap"),
        (ALL, "goal:gap goal:trap goal:few", "trap"),
        // Watches never matter.
        (ALL, "goal:pass watch:fail watch:trap", "pass"),
    ];
    for (policy, given, expected) in table {
        assert_eq!(conclude(*policy, &findings(given)).outcome, outcome(expected), "{policy:?} {given}");
    }
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop::sample::select(vec!["pass", "marginal", "fail", "early", "straddles", "few", "gap", "trap"])
        .prop_map(outcome)
}

fn any_findings() -> impl Strategy<Value = Vec<Counted>> {
    let role = prop::sample::select(vec![
        (Role::Goal, false),
        (Role::Goal, true),
        (Role::Guardrail, false),
        (Role::Watch, false),
    ]);
    let finding = (role, any_outcome(), 0.1..10.0).prop_map(|((role, required), outcome, weight)| Counted {
        role,
        required,
        weight,
        outcome,
    });
    prop::collection::vec(finding, 0..8)
}

fn any_policy() -> impl Strategy<Value = Policy> {
    prop_oneof![
        Just(Policy::All),
        (1_u32..4).prop_map(Policy::AtLeast),
        (0.0..=1.0_f64, 0.0..=1.0_f64)
            .prop_map(|(a, b)| Policy::Weighted { pass: a.max(b), marginal: Some(a.min(b)) }),
    ]
}

/// Every way to make one finding better.
fn improvements(outcome: &Outcome) -> Vec<Outcome> {
    match outcome {
        Outcome::Fail => vec![Outcome::Marginal, Outcome::Pass, self::outcome("gap")],
        Outcome::Marginal => vec![Outcome::Pass],
        Outcome::Undecided { .. } => vec![Outcome::Pass],
        Outcome::Pass => vec![],
    }
}

fn within(conclusion: &Conclusion) -> bool {
    match &conclusion.outcome {
        Outcome::Undecided { code, .. } if code == "no-goal" => true,
        Outcome::Undecided { .. } => conclusion.worst < conclusion.best,
        decided => conclusion.worst == conclusion.best && Outcome::from(conclusion.worst) == *decided,
    }
}

proptest! {
    #[test]
    fn passes_only_if_it_still_passes_with_every_undecided_finding_failed(
        policy in any_policy(), findings in any_findings()
    ) {
        if conclude(policy, &findings).outcome == Outcome::Pass {
            let mut failed = findings;
            for finding in failed.iter_mut().filter(|finding| !finding.outcome.is_decided()) {
                finding.outcome = Outcome::Fail;
            }
            prop_assert_eq!(conclude(policy, &failed).outcome, Outcome::Pass);
        }
    }

    #[test]
    fn improving_a_finding_never_worsens_the_verdict(
        policy in any_policy(), findings in any_findings(), pick in any::<prop::sample::Index>()
    ) {
        prop_assume!(!findings.is_empty());
        let before = conclude(policy, &findings);
        let index = pick.index(findings.len());
        for better in improvements(&findings[index].outcome) {
            let mut improved = findings.clone();
            improved[index].outcome = better;
            let after = conclude(policy, &improved);
            prop_assert!(after.worst >= before.worst && after.best >= before.best);
        }
    }

    #[test]
    fn watches_never_matter(policy in any_policy(), findings in any_findings(), watch in any_outcome()) {
        let before = conclude(policy, &findings);
        let mut more = findings;
        more.insert(0, Counted { role: Role::Watch, required: false, weight: 1.0, outcome: watch });
        prop_assert_eq!(conclude(policy, &more), before);
    }

    #[test]
    fn the_verdict_lies_between_its_worst_and_best(policy in any_policy(), findings in any_findings()) {
        let conclusion = conclude(policy, &findings);
        prop_assert!(conclusion.worst <= conclusion.best);
        prop_assert!(within(&conclusion), "{:?}", conclusion);
        if findings.iter().all(|finding| finding.outcome.is_decided()) {
            prop_assert!(conclusion.worst == conclusion.best || conclusion.worst == Mark::Fail);
        }
    }
}
