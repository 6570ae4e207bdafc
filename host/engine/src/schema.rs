//! The schema of a plugin's parameters. It comes from a guest and is worked on by the host, so what it can
//! make the host do is measured before it is used.

use std::collections::HashMap;

use serde_json::Value;
use yardstick_domain::problem::Problem;
use yardstick_domain::schema::Schema;

use crate::{limits, text};

/// A compiled schema.
#[derive(Debug)]
pub(crate) struct ParamSchema(Schema);

impl ParamSchema {
    /// Compiles a schema.
    ///
    /// # Errors
    /// A sentence: it is no schema of an object, refers outside itself or to itself, or is too large
    /// once its references are followed.
    pub(crate) fn new(schema: Value) -> Result<Self, String> {
        if schema.get("type").and_then(Value::as_str) != Some("object") {
            return Err("it must be a JSON Schema with \"type\": \"object\"".into());
        }
        Measure { root: &schema, known: HashMap::new(), open: Vec::new() }.check()?;
        match Schema::new(schema) {
            Ok(schema) => Ok(Self(schema)),
            Err(error) => Err(text::excerpt(&error.0, limits::SENTENCE)),
        }
    }

    /// Everything that is wrong with these parameters; at most 50 problems.
    pub(crate) fn check(&self, params: &Value) -> Vec<Problem> {
        let mut problems = self.0.problems(params);
        problems.truncate(limits::PARAM_PROBLEMS);
        problems
    }
}

/// Measures what validating may cost: every value of the schema once, references followed.
struct Measure<'a> {
    root: &'a Value,
    /// Cost behind each reference.
    known: HashMap<&'a str, u64>,
    /// References being followed.
    open: Vec<&'a str>,
}

impl<'a> Measure<'a> {
    fn check(mut self) -> Result<(), String> {
        let cost = self.cost(self.root, 0)?;
        if cost <= limits::SCHEMA_COST {
            return Ok(());
        }
        let most = limits::SCHEMA_COST;
        Err(format!("it has {cost} parts once its references are followed, {most} are allowed"))
    }

    fn cost(&mut self, value: &'a Value, depth: usize) -> Result<u64, String> {
        if depth > limits::SCHEMA_DEPTH {
            return Err(format!("it is nested more than {} levels deep", limits::SCHEMA_DEPTH));
        }
        let mut cost = 1_u64;
        match value {
            Value::Array(items) => {
                for item in items {
                    cost = cost.saturating_add(self.cost(item, depth + 1)?);
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    let part = match (name.as_str(), field) {
                        ("$ref", Value::String(target)) => self.follow(target, depth)?,
                        (
                            "$dynamicRef" | "$recursiveRef" | "$anchor" | "$dynamicAnchor",
                            Value::String(_),
                        ) => {
                            return Err(format!("it uses {name}; only $ref to #/$defs/… is supported"));
                        }
                        _ => self.cost(field, depth + 1)?,
                    };
                    cost = cost.saturating_add(part);
                }
            }
            _ => {}
        }
        Ok(cost)
    }

    fn follow(&mut self, target: &'a str, depth: usize) -> Result<u64, String> {
        let shown = text::excerpt(target, limits::NAME);
        if self.open.contains(&target) {
            return Err(format!("the reference {shown:?} leads back to itself"));
        }
        if let Some(cost) = self.known.get(target) {
            return Ok(*cost);
        }
        let found = target.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
        let found = found.ok_or_else(|| {
            format!("the reference {shown:?} leads nowhere; only places inside the schema can be referred to")
        })?;
        self.open.push(target);
        let cost = self.cost(found, depth + 1)?;
        self.open.pop();
        self.known.insert(target, cost);
        Ok(cost)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::ParamSchema;

    #[test]
    fn schemas_that_would_cost_the_host_are_refused() {
        let nested = (0..200).fold(json!({}), |inner, _| json!({ "not": inner }));
        let laughs: serde_json::Map<String, Value> = (0..15)
            .map(|level| {
                let next = json!({ "$ref": format!("#/$defs/l{}", level + 1) });
                (format!("l{level}"), json!({ "allOf": [next, next] }))
            })
            .chain([("l15".to_owned(), json!({}))])
            .collect();
        let cases = [
            (json!({ "type": "string" }), "must be a JSON Schema"),
            (json!(true), "must be a JSON Schema"),
            (json!({ "type": "object", "properties": { "a": { "$ref": "#" } } }), "leads back"),
            (json!({ "type": "object", "$ref": "https://example.com/s.json" }), "leads nowhere"),
            (json!({ "type": "object", "$ref": "#/$defs/none" }), "leads nowhere"),
            (json!({ "type": "object", "$dynamicRef": "#a" }), "$dynamicRef"),
            (json!({ "type": "object", "not": nested }), "levels deep"),
            (json!({ "type": "object", "$ref": "#/$defs/l0", "$defs": laughs }), "parts"),
            (json!({ "type": "object", "minProperties": "two" }), "integer"),
            (json!({ "type": "object", "properties": { "a": { "pattern": "(" } } }), "regex"),
        ];
        for (schema, expected) in cases {
            let error = ParamSchema::new(schema.clone()).unwrap_err();
            assert!(error.contains(expected), "{schema}: {error}");
        }
    }

    #[test]
    fn all_problems_are_found_at_once_with_the_nearest_name() {
        let schema = ParamSchema::new(json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["target"],
            "properties": {
                "target": { "type": "number" },
                "minimum_n": { "type": "integer", "minimum": 1 },
                "bounds": { "type": "array", "items": { "$ref": "#/$defs/bound" } }
            },
            "$defs": { "bound": {
                "type": "object", "additionalProperties": false, "properties": { "value": { "type": "number" } }
            } }
        }))
        .unwrap();
        let problems = schema.check(&json!({
            "minimum_m": 3, "minimum_n": 0, "bounds": [{ "valeu": 1 }, { "value": "x" }]
        }));
        let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 5, "{found:#?}");
        for expected in [
            "target: is missing",
            "minimum_m: unknown field. Did you mean \"minimum_n\"?",
            "minimum_n: 0 will not do; expected at least 1",
            "bounds[0].valeu: unknown field. Did you mean \"value\"?",
            "bounds[1].value: \"x\" will not do; expected a number",
        ] {
            assert!(found.iter().any(|found| found == expected), "{expected} in {found:#?}");
        }
        assert_eq!(schema.check(&json!({ "target": 1 })), []);
    }
}
