//! Plans as many queries as it is told.

use yardstick_test_guests::*;

struct ManyQueries;

guest!(ManyQueries);

impl Guest for ManyQueries {
    fn plan(criterion: Criterion) -> Result<Vec<Query>, String> {
        let count: usize = told(&criterion).parse().map_err(|_| "do: not a number".to_owned())?;
        let query = |index| Query {
            key: String::new(),
            metric: String::new(),
            max_rows: index as u64,
            ..query(&criterion)
        };
        Ok((0..count).map(query).collect())
    }
}
