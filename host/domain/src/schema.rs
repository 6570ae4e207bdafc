//! JSON Schemas as people meet them: every offending field at once, each with a sentence that says what was
//! found, what was expected, and the nearest known name.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::nearest;
use crate::problem::Problem;

/// The most memory of a compiled pattern, in bytes.
const PATTERN_BYTES: usize = 256 << 10;
/// Most problems of one value that are told: nobody reads more, and each takes memory.
const MOST_PROBLEMS: usize = 100;

/// A schema that values are checked against.
#[derive(Debug)]
pub struct Schema {
    text: Value,
    validator: Validator,
}

/// A text that is no schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a JSON Schema: {0}")]
pub struct NotASchema(pub String);

impl Schema {
    /// The schema written in this JSON. References outside it are never fetched.
    ///
    /// # Errors
    /// When it is no JSON Schema or refers to another document.
    pub fn new(text: Value) -> Result<Self, NotASchema> {
        let validator = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            // Linear in the text, whatever the pattern: schemas come from guests too.
            .with_pattern_options(jsonschema::PatternOptions::regex().size_limit(PATTERN_BYTES))
            .build(&text)
            .map_err(|error| NotASchema(error.to_string()))?;
        Ok(Self { text, validator })
    }

    /// The schema as JSON.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.text
    }

    /// What is wrong with a value, by field: everything, or the first hundred problems.
    #[must_use]
    pub fn problems(&self, value: &Value) -> Vec<Problem> {
        let mut problems = Vec::new();
        for error in self.validator.iter_errors(value).take(MOST_PROBLEMS) {
            self.explain(&error, &mut problems);
        }
        problems.truncate(MOST_PROBLEMS);
        problems.sort();
        problems.dedup();
        problems
    }

    fn explain(&self, error: &ValidationError<'_>, problems: &mut Vec<Problem>) {
        let field = field_of(error.instance_path().as_str());
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                let known = self.known_properties(error.schema_path().as_str());
                for name in unexpected.iter().take(MOST_PROBLEMS) {
                    let hint = nearest::hint(name, known.iter().map(String::as_str));
                    problems.push(Problem::new(join(&field, name), format!("unknown field{hint}")));
                }
            }
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                problems.push(Problem::new(join(&field, name), "is missing"));
            }
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                match telling_branch(context) {
                    Some(errors) => errors.iter().for_each(|error| self.explain(error, problems)),
                    None => problems.push(Problem::new(field, self.alternatives(error, context))),
                }
            }
            _ => problems.push(Problem::new(field, sentence(error))),
        }
    }

    /// Names of the properties beside the keyword this path ends in.
    fn known_properties(&self, schema_path: &str) -> Vec<String> {
        let parent = schema_path.rsplit_once('/').map_or("", |(parent, _)| parent);
        let properties = self.resolve(parent).and_then(|schema| schema.get("properties"));
        properties.and_then(Value::as_object).map(|map| map.keys().cloned().collect()).unwrap_or_default()
    }

    /// The sub-schema at a path of keywords, in which `$ref` steps stand for the definition they name.
    fn resolve(&self, path: &str) -> Option<&Value> {
        let mut at = &self.text;
        for step in path.split('/').filter(|step| !step.is_empty()) {
            let step = step.replace("~1", "/").replace("~0", "~");
            at = if step == "$ref" {
                self.text.pointer(at.get("$ref")?.as_str()?.strip_prefix('#')?)?
            } else if let Ok(index) = step.parse::<usize>() {
                at.get(index).or_else(|| at.get(&step))?
            } else {
                at.get(&step)?
            };
        }
        Some(at)
    }

    fn alternatives(&self, error: &ValidationError<'_>, context: &[Vec<ValidationError<'static>>]) -> String {
        let described =
            self.resolve(error.schema_path().as_str().rsplit_once('/').map_or("", |(parent, _)| parent));
        if let Some(description) =
            described.and_then(|schema| schema.get("description")).and_then(Value::as_str)
        {
            return format!("{} will not do; expected: {description}", shown(error.instance()));
        }
        let wanted: Vec<String> =
            context.iter().flatten().filter_map(|error| expected(error.kind())).collect();
        format!("{} will not do; expected {}", shown(error.instance()), wanted.join(" or "))
    }
}

/// The branch of an alternative that was meant: the one whose errors are not about the type of the whole.
fn telling_branch<'a>(
    context: &'a [Vec<ValidationError<'static>>],
) -> Option<&'a Vec<ValidationError<'static>>> {
    let telling = |errors: &&'a Vec<ValidationError<'static>>| {
        !errors.is_empty()
            && !errors.iter().all(|error| {
                matches!(
                    error.kind(),
                    ValidationErrorKind::Type { .. } | ValidationErrorKind::Constant { .. }
                )
            })
    };
    let mut branches = context.iter().filter(telling);
    let first = branches.next();
    branches.next().is_none().then_some(first).flatten()
}

fn sentence(error: &ValidationError<'_>) -> String {
    let found = shown(error.instance());
    if let ValidationErrorKind::Enum { options } = error.kind() {
        let words: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let hint = error.instance().as_str().map_or(String::new(), |word| nearest::hint(word, words.clone()));
        return format!("{found} is not one of {}{hint}", words.join(", "));
    }
    match expected(error.kind()) {
        Some(expected) => format!("{found} will not do; expected {expected}"),
        None => format!("{found} will not do: {error}"),
    }
}

fn expected(kind: &ValidationErrorKind) -> Option<String> {
    Some(match kind {
        ValidationErrorKind::Type { kind: TypeKind::Single(kind) } => type_word(&kind.to_string()).to_owned(),
        ValidationErrorKind::Type { kind: TypeKind::Multiple(kinds) } => {
            let words: Vec<String> = kinds.iter().map(|kind| kind.to_string()).collect();
            let words: Vec<&str> =
                words.iter().filter(|word| *word != "null").map(|word| type_word(word)).collect();
            words.join(" or ")
        }
        ValidationErrorKind::Minimum { limit } => format!("at least {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("at most {limit}"),
        ValidationErrorKind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        ValidationErrorKind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        ValidationErrorKind::MinLength { limit } => format!("at least {limit} characters"),
        ValidationErrorKind::MaxLength { limit } => format!("at most {limit} characters"),
        ValidationErrorKind::MinItems { limit } => format!("at least {limit} entries"),
        ValidationErrorKind::MaxItems { limit } => format!("at most {limit} entries"),
        ValidationErrorKind::MinProperties { limit } => format!("at least {limit} fields"),
        ValidationErrorKind::MaxProperties { limit } => format!("at most {limit} fields"),
        ValidationErrorKind::Constant { expected_value } => shown(expected_value),
        ValidationErrorKind::Pattern { pattern } => format!("a text like {pattern}"),
        ValidationErrorKind::UniqueItems => "no entry twice".to_owned(),
        ValidationErrorKind::OneOfMultipleValid { .. } => {
            "exactly one of the alternatives, not several".to_owned()
        }
        _ => return None,
    })
}

fn type_word(kind: &str) -> &str {
    match kind {
        "string" => "a text (in quotes if it looks like a number)",
        "number" => "a number",
        "integer" => "a whole number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a block of fields",
        "null" => "nothing",
        other => other,
    }
}

/// The value as people see it, cut short.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => return "nothing".to_owned(),
        Value::Object(_) => return "a block of fields".to_owned(),
        Value::Array(_) => return "a list".to_owned(),
        other => other.to_string(),
    };
    if text.chars().count() > 60 { text.chars().take(60).chain("…".chars()).collect() } else { text }
}

/// `/goals/0/with/at_least` as people write it: `goals[0].with.at_least`.
#[must_use]
pub fn field_of(pointer: &str) -> String {
    let mut field = String::new();
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        if step.bytes().all(|byte| byte.is_ascii_digit()) && !step.is_empty() {
            field.push_str(&format!("[{step}]"));
        } else {
            field = join(&field, &step);
        }
    }
    field
}

/// A field of a field.
#[must_use]
pub fn join(field: &str, name: &str) -> String {
    if field.is_empty() { name.to_owned() } else { format!("{field}.{name}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Schema;

    #[test]
    fn every_offending_field_is_named_at_once() {
        let schema = Schema::new(json!({
            "type": "object", "additionalProperties": false, "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "level": {"enum": ["L1", "L2", "L3"]},
                "goals": {"type": "array", "items": {"$ref": "#/$defs/goal"}}
            },
            "$defs": {"goal": {
                "type": "object", "additionalProperties": false,
                "properties": {"metric": {"type": ["string", "null"]}, "weight": {"type": "number", "exclusiveMinimum": 0}}
            }}
        }))
        .expect("a schema");
        let problems = schema.problems(&json!({
            "level": "L4", "goals": [{"metrik": "a"}, {"metric": 7, "weight": 0}], "lvel": 1
        }));
        let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "goals[0].metrik: unknown field. Did you mean \"metric\"?",
                "goals[1].metric: 7 will not do; expected a text (in quotes if it looks like a number)",
                "goals[1].weight: 0 will not do; expected more than 0",
                "level: \"L4\" is not one of L1, L2, L3. Did you mean \"L1\"?",
                "lvel: unknown field. Did you mean \"level\"?",
                "name: is missing",
            ]
        );
    }

    #[test]
    fn a_schema_that_refers_elsewhere_is_refused() {
        assert!(Schema::new(json!({"$ref": "https://example.com/other.json"})).is_err());
        assert!(Schema::new(json!({"type": 7})).is_err());
    }
}
