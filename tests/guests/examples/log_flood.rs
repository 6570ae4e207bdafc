//! Logs much and long, then answers.

use yardstick_test_guests::*;

struct LogFlood;

guest!(LogFlood);

impl Guest for LogFlood {
    fn evaluate(_criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let long = "x".repeat(2_000);
        for _ in 0..50 {
            log(Level::Debug, &long, &[]);
        }
        for index in 0..1_000_i64 {
            log(Level::Info, "short\u{1b}[2J", &[("index".to_owned(), Value::Integer(index))]);
        }
        Ok(finding())
    }
}
