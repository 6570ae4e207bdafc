//! Describes itself with a schema that refers to itself.

use yardstick_test_guests::*;

struct OddDescriptions;

guest!(OddDescriptions);

impl Guest for OddDescriptions {
    fn describe() -> Description {
        let params_schema = r##"{"type":"object","properties":{"a":{"$ref":"#"}}}"##.to_owned();
        Description { params_schema, ..description() }
    }
}
