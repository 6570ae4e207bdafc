//! Checks and lints as documents.

use yardstick_app::{Check, CheckGrade, Prospect, ProspectLook};
use yardstick_client::api::{self, CheckDocument, CheckedCriterion, CheckedLine, CheckedLook, LintPart};
use yardstick_domain::lint::Lint;

/// A check as it is answered.
pub(super) fn document(check: Check) -> CheckDocument {
    let grade = grade(check.worst());
    let line = |line: yardstick_app::CheckLine| CheckedLine {
        grade: self::grade(line.grade),
        subject: line.subject,
        text: line.text,
    };
    CheckDocument {
        release: check.release,
        name: check.name,
        level: check.level.into(),
        planned: check.planned,
        lifecycle: check.lifecycle.into(),
        grade,
        lines: check.lines.into_iter().map(line).collect(),
        lints: check.lints.into_iter().map(lint).collect(),
        criteria: check.criteria.into_iter().map(criterion).collect(),
        decided_at: check.decided_at.map(|checkpoint| checkpoint.to_string()),
        decided_on: check.decided_on,
        because: check.because,
    }
}

/// A lint.
pub(super) fn lint(lint: Lint) -> LintPart {
    LintPart {
        code: lint.code.as_str().to_owned(),
        grade: grade(lint.code.grade().into()),
        field: lint.field,
        text: lint.text,
    }
}

fn criterion(prospect: Prospect) -> CheckedCriterion {
    let grade = grade(prospect.grade());
    CheckedCriterion {
        criterion: prospect.criterion.to_string(),
        role: prospect.role.into(),
        grade,
        way: prospect.way.as_str().to_owned(),
        unit: prospect.unit,
        target_unit: prospect.target_unit,
        baseline: prospect.baseline,
        spread: prospect.spread,
        past_days: prospect.past_days,
        n_per_day: prospect.n_per_day,
        target: prospect.target,
        assumed: prospect.assumed,
        trend_per_week: prospect.trend_per_week,
        looks: prospect.looks.into_iter().map(look).collect(),
        due: prospect.due.map(|checkpoint| checkpoint.to_string()),
        days_needed: prospect.days_needed,
        decided: prospect.decided,
        says: prospect.says,
    }
}

fn look(look: ProspectLook) -> CheckedLook {
    CheckedLook {
        checkpoint: look.checkpoint.to_string(),
        decides: look.decides,
        days: look.days,
        n: look.n,
        low: look.low,
        high: look.high,
        detectable: look.detectable,
        reaches: look.reaches,
    }
}

fn grade(grade: CheckGrade) -> api::CheckGrade {
    match grade {
        CheckGrade::Ok => api::CheckGrade::Ok,
        CheckGrade::Note => api::CheckGrade::Note,
        CheckGrade::Warn => api::CheckGrade::Warn,
        CheckGrade::Error => api::CheckGrade::Error,
    }
}
