//! From findings to a verdict: one total function.

use crate::criteria::Policy;
use crate::finding::{Outcome, Reason};
use crate::question::Role;

/// A finding, as far as it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// What the criterion decides.
    pub role: Role,
    /// A goal whose failure alone fails the release.
    pub required: bool,
    /// Weight in a weighted policy; positive.
    pub weight: f64,
    /// What was found.
    pub outcome: Outcome,
}

/// A decided outcome, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// Missed.
    Fail,
    /// Only the weaker bound met.
    Marginal,
    /// Met.
    Pass,
}

impl From<Mark> for Outcome {
    fn from(mark: Mark) -> Self {
        match mark {
            Mark::Fail => Self::Fail,
            Mark::Marginal => Self::Marginal,
            Mark::Pass => Self::Pass,
        }
    }
}

/// A verdict, and how far it could still move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// The verdict.
    pub outcome: Outcome,
    /// What it would be with every undecided goal and guardrail failed.
    pub worst: Mark,
    /// What it would be with all of them passed.
    pub best: Mark,
}

/// What findings come to under a policy. Precedence:
///
/// 1. A failed guardrail or a failed required goal → fail.
/// 2. No goal → undecided (`error`, `no-goal`).
/// 3. A marginal guardrail caps the result at marginal.
/// 4. Otherwise the policy decides, run twice: with every undecided goal and guardrail failed, and with all
///    of them passed. Both agree → that; otherwise undecided, with the most actionable reason
///    (error > untrusted-data > insufficient-data > inconclusive > too-early), the first finding that has it.
///
/// Watches never matter. A release passes only if it still passes with every undecided finding failed, and
/// improving a finding never worsens `worst` or `best`.
#[must_use]
pub fn conclude(policy: Policy, findings: &[Counted]) -> Conclusion {
    let counted: Vec<&Counted> = findings.iter().filter(|finding| finding.role != Role::Watch).collect();
    let worst = decide(policy, &counted, Mark::Fail);
    let best = decide(policy, &counted, Mark::Pass);
    if counted.iter().all(|finding| finding.role != Role::Goal) && !rule_one_fails(&counted) {
        let outcome = Outcome::undecided(Reason::Error, "no-goal");
        return Conclusion { outcome, worst: Mark::Fail, best: Mark::Fail };
    }
    if worst == best {
        return Conclusion { outcome: worst.into(), worst, best };
    }
    Conclusion { outcome: most_actionable(&counted), worst, best }
}

fn rule_one_fails(findings: &[&Counted]) -> bool {
    findings.iter().any(|finding| {
        finding.outcome == Outcome::Fail && (finding.role == Role::Guardrail || finding.required)
    })
}

/// Rules 1, 3 and 4 with undecided findings read as `undecided`.
fn decide(policy: Policy, findings: &[&Counted], undecided: Mark) -> Mark {
    let mark = |finding: &Counted| match finding.outcome {
        Outcome::Pass => Mark::Pass,
        Outcome::Marginal => Mark::Marginal,
        Outcome::Fail => Mark::Fail,
        Outcome::Undecided { .. } => undecided,
    };
    let mut cap = Mark::Pass;
    let mut goals = Vec::new();
    for finding in findings {
        let mark = mark(finding);
        match finding.role {
            Role::Guardrail if mark == Mark::Fail => return Mark::Fail,
            Role::Guardrail => cap = cap.min(mark),
            Role::Goal if mark == Mark::Fail && finding.required => return Mark::Fail,
            Role::Goal => goals.push((mark, finding.weight)),
            Role::Watch => {}
        }
    }
    by_policy(policy, &goals).min(cap)
}

fn by_policy(policy: Policy, goals: &[(Mark, f64)]) -> Mark {
    let reaching = |least: Mark| goals.iter().filter(|(mark, _)| *mark >= least).count();
    match policy {
        Policy::All => goals.iter().map(|(mark, _)| *mark).min().unwrap_or(Mark::Fail),
        Policy::AtLeast(count) => {
            if reaching(Mark::Pass) >= count as usize {
                Mark::Pass
            } else if reaching(Mark::Marginal) >= count as usize {
                Mark::Marginal
            } else {
                Mark::Fail
            }
        }
        Policy::Weighted { pass, marginal } => {
            let total: f64 = goals.iter().map(|(_, weight)| weight).sum();
            let reached: f64 = goals.iter().map(|(mark, weight)| weight * score(*mark)).sum();
            // A hair of room, so that 0.1 + 0.2 reaches 0.3.
            let reaches = |threshold: f64| reached >= threshold * total * (1.0 - 1e-12);
            if reaches(pass) {
                Mark::Pass
            } else if marginal.is_some_and(reaches) {
                Mark::Marginal
            } else {
                Mark::Fail
            }
        }
    }
}

fn score(mark: Mark) -> f64 {
    match mark {
        Mark::Fail => 0.0,
        Mark::Marginal => 0.5,
        Mark::Pass => 1.0,
    }
}

fn most_actionable(findings: &[&Counted]) -> Outcome {
    let mut worst: Option<&Outcome> = None;
    for finding in findings.iter().filter(|finding| !finding.outcome.is_decided()) {
        if worst.is_none_or(|worst| finding.outcome.reason() > worst.reason()) {
            worst = Some(&finding.outcome);
        }
    }
    // Only an undecided finding lets the two runs disagree, so there is one.
    worst.cloned().unwrap_or_else(|| Outcome::undecided(Reason::Error, "host-fault"))
}

#[cfg(test)]
mod tests;
