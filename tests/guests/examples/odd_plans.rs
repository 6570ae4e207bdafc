//! Answers `plan` with one thing wrong: the one it is told.

use yardstick_test_guests::*;

struct OddPlans;

guest!(OddPlans);

impl Guest for OddPlans {
    fn plan(criterion: Criterion) -> Result<Vec<Query>, String> {
        let mut query = query(&criterion);
        let text = |length: usize| "x".repeat(length);
        match told(&criterion) {
            "same-key" => return Ok(vec![query.clone(), query]),
            "empty-key" => query.key.clear(),
            "long-key" => query.key = text(81),
            "unknown-metric" => query.metric = "metrc".to_owned(),
            "empty-window" => query.window.end = query.window.start,
            "backward-window" => query.window.end = query.window.start - 1,
            "long-window" => query.window.end = query.window.start + 86_400_000 * 7_306,
            "impossible-window" => query.window.end = i64::MAX,
            "bucket-of-totals" => query.bucket = Some("day".to_owned()),
            "no-bucket" => query.shape = Shape::Series,
            "odd-bucket" => {
                query.shape = Shape::Series;
                query.bucket = Some("month".to_owned());
            }
            "no-rows" => query.max_rows = 0,
            "twice-split" => query.splits = vec!["region".to_owned(), "region".to_owned()],
            "many-splits" => query.splits = (0..9).map(|index| format!("s{index}")).collect(),
            "many-filters" => query.filters = vec![("a".to_owned(), "b".to_owned()); 33],
            "not-finite" => query.more = vec![("weight".to_owned(), Value::Number(f64::NAN))],
            "refuse" => return Err("target: must lie above\n0, found -1".to_owned()),
            _ => {}
        }
        Ok(vec![query])
    }
}
