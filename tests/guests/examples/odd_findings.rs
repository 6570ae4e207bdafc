//! Answers `evaluate` with one thing wrong: the one it is told.

use yardstick_test_guests::*;

struct OddFindings;

guest!(OddFindings);

impl Guest for OddFindings {
    fn evaluate(criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let told = told(&criterion);
        let (place, what) = told.split_once('=').unwrap_or((told, ""));
        let mut answer = finding();
        let mut primary = estimate("observed", 1.0);
        if let Some(number) = number(what) {
            set(&mut answer, &mut primary, place, number);
        } else {
            distort(&mut answer, &mut primary, place);
        }
        answer.primary.get_or_insert(primary);
        Ok(answer)
    }
}

fn number(what: &str) -> Option<f64> {
    Some(match what {
        "nan" => f64::NAN,
        "inf" => f64::INFINITY,
        "-inf" => f64::NEG_INFINITY,
        "2" => 2.0,
        "-2" => -2.0,
        _ => return None,
    })
}

/// Puts the number in its place.
fn set(answer: &mut Finding, primary: &mut Estimate, place: &str, number: f64) {
    match place {
        "target" => answer.target = Some(number),
        "value" => primary.value = number,
        "low" => primary.low = Some(number),
        "high" => primary.high = Some(number),
        "confidence" => primary.confidence = Some(number),
        "log10-p" => primary.log10_p = Some(number),
        "estimate-more" => primary.more = vec![("fact".to_owned(), Value::Number(number))],
        "other" => answer.others = vec![estimate("other", number)],
        "more" => answer.more = vec![("fact".to_owned(), Value::Number(number))],
        "cell" => answer.tables = vec![table(&["a"], vec![vec![Value::Number(number)]])],
        _ => {}
    }
}

fn table(columns: &[&str], rows: Vec<Vec<Value>>) -> Table {
    let columns = columns.iter().map(|&name| name.to_owned()).collect();
    Table { title: "Table".to_owned(), columns, rows, more: Vec::new() }
}

/// Breaks another rule of the contract or a limit.
fn distort(answer: &mut Finding, primary: &mut Estimate, what: &str) {
    let text = |length: usize| "x".repeat(length);
    let undecided = |reason, code: &str| Outcome::Undecided(Why { reason, code: code.to_owned() });
    match what {
        "empty-headline" => answer.headline = " ".to_owned(),
        "long-headline" => answer.headline = text(501),
        "longest-headline" => answer.headline = "ü".repeat(500),
        "control-headline" => answer.headline = "red\u{1b}[31m\nalert".to_owned(),
        "huge-headline" => answer.headline = text(2 << 20),
        "long-method" => answer.method = text(201),
        "backward-interval" => (primary.low, primary.high) = (Some(2.0), Some(1.0)),
        "unnamed-estimate" => primary.name.clear(),
        "empty-code" => answer.outcome = undecided(Reason::Inconclusive, ""),
        "odd-code" => answer.outcome = undecided(Reason::Inconclusive, "Not A Code"),
        "long-code" => answer.outcome = undecided(Reason::Inconclusive, &text(41)),
        "borrowed-code" => answer.outcome = undecided(Reason::TooEarly, "plugin-fuel"),
        "own-code" => answer.outcome = undecided(Reason::UntrustedData, "seasonal-shift"),
        "many-others" => answer.others = vec![estimate("other", 1.0); 65],
        "many-facts" => answer.more = vec![("fact".to_owned(), Value::Boolean(true)); 65],
        "many-warnings" => answer.warnings = vec![text(1); 33],
        "many-tables" => answer.tables = vec![table(&["a"], Vec::new()); 17],
        "many-columns" => answer.tables = vec![table(&["a"; 33], Vec::new())],
        "many-rows" => answer.tables = vec![table(&["a"], vec![vec![Value::Integer(1)]; 1_001])],
        "narrow-row" => answer.tables = vec![table(&["a", "b"], vec![vec![Value::Integer(1)]])],
        "large-in-all" => answer.tables = vec![table(&["a"; 32], vec![vec![Value::Integer(1); 32]; 300])],
        _ => {}
    }
}
