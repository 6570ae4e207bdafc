//! From judgements to a verdict and its one sentence.

use yardstick_domain::codes;
use yardstick_domain::conclude::{Counted, conclude};
use yardstick_domain::criteria::Policy;
use yardstick_domain::finding::Outcome;
use yardstick_domain::question::Role;
use yardstick_domain::verdict::Judgement;

/// What the judgements come to.
pub(crate) fn outcome(policy: Policy, judgements: &[Judgement]) -> Outcome {
    let counted: Vec<Counted> = judgements
        .iter()
        .map(|judgement| Counted {
            role: judgement.criterion.role,
            required: judgement.criterion.required,
            weight: judgement.criterion.weight,
            outcome: judgement.finding.outcome.clone(),
        })
        .collect();
    conclude(policy, &counted).outcome
}

/// One sentence: what decided it, in the words of the criterion that did.
pub(crate) fn headline(policy: Policy, outcome: &Outcome, judgements: &[Judgement]) -> String {
    let of = |role: Role, outcome: &Outcome| {
        let matches = |judgement: &&Judgement| {
            judgement.criterion.role == role && judgement.finding.outcome == *outcome
        };
        // A required goal decides alone, so it is the one to name.
        let required = judgements.iter().filter(matches).find(|judgement| judgement.criterion.required);
        required.or_else(|| judgements.iter().find(matches))
    };
    let because = |what: &str, judgement: &Judgement| {
        format!("{what} {}: {}", judgement.criterion.id, judgement.finding.headline)
    };
    match outcome {
        Outcome::Pass => match policy {
            Policy::All => "All goals are met.".to_owned(),
            Policy::AtLeast(_) | Policy::Weighted { .. } => {
                let goals = judgements.iter().filter(|judgement| judgement.criterion.role == Role::Goal);
                let met =
                    goals.clone().filter(|judgement| judgement.finding.outcome == Outcome::Pass).count();
                format!("{met} of {} goals are met.", goals.count())
            }
        },
        Outcome::Fail => of(Role::Guardrail, outcome)
            .map(|judgement| because("guardrail", judgement))
            .or_else(|| of(Role::Goal, outcome).map(|judgement| because("goal", judgement)))
            .unwrap_or_else(|| "Too few goals can still be met.".to_owned()),
        Outcome::Marginal => of(Role::Guardrail, outcome)
            .map(|judgement| because("guardrail", judgement))
            .or_else(|| of(Role::Goal, outcome).map(|judgement| because("goal", judgement)))
            .unwrap_or_else(|| "Some goals are met in part.".to_owned()),
        Outcome::Undecided { reason, code } => {
            let sentence = codes::explain(*reason, code).0;
            let cause = judgements.iter().find(|judgement| {
                judgement.criterion.role != Role::Watch && judgement.finding.outcome == *outcome
            });
            match cause {
                Some(judgement) => because(judgement.criterion.role.as_str(), judgement),
                None => sentence.to_owned(),
            }
        }
    }
}
