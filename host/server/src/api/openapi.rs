//! The OpenAPI document: from the handlers, and completed by what is true of all of them.

use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi;
use yardstick_client::files;

use super::V1;
use super::responses::{OWN, response};
use super::who::INTAKE;
use crate::operations::codes::{self, Code};

/// Refusals that any address may answer with.
const ANYWHERE: &[Code] = &[
    codes::MALFORMED,
    codes::FOREIGN_ORIGIN,
    codes::LONG_ADDRESS,
    codes::MISDIRECTED,
    codes::TOO_MANY_REQUESTS,
    codes::INTERNAL,
    codes::BUSY,
    codes::TIMEOUT,
];
/// Refusals of addresses that take a body.
const WITH_BODY: &[Code] = &[codes::SLOW_REQUEST, codes::TOO_LARGE, codes::MEDIA_TYPE];

/// Refusals of addresses that write, of requests with an idempotency key. A status that has a refusal of its own already
/// stands for these too.
const KEYED: &[Code] = &[codes::KEY_RUNNING, codes::KEY_REUSED];

/// Idempotency keys as they are taken: bare, or a quoted string.
const KEYS: &str = r#"^([!#-~][!-~]{0,254}|"([!#-\[\]-~]|\\["\\]){1,255}")$"#;

/// What was asked of each operation and answered, in a story that a test tells (`tests/tests/all/api/examples.rs`).
const EXAMPLES: &str = include_str!("examples.json");

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yardstick",
        version = "1",
        description = "Did the release succeed, beyond being delivered on time?\n\n\
                       Instants are RFC 3339 texts in UTC, days are `YYYY-MM-DD`. A field without a value is \
                       `null`. Requests with a field or parameter that is not known are refused; answers may \
                       gain fields. Whatever is refused is answered with a problem document (RFC 9457), whose \
                       `code` programs branch on.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "releases", description = "What is launched, by which criteria, and what happened to it."),
        (name = "metrics", description = "What is measured, and how far the data go."),
        (name = "imports", description = "Values that were brought in, and taken back."),
        (name = "people", description = "The organisation, its teams and its people."),
        (name = "access", description = "Who asks: tokens and service accounts."),
        (name = "audit", description = "Who did what, in a chain that shows when it was changed."),
        (name = "sinks", description = "What somebody should hear of, where it goes, and what became of it."),
        (name = "exports", description = "Rows of releases, verdicts and findings, for tables and programs."),
        (name = "intake", description = "Requests that come from issues, and the drafts of releases they become."),
        (name = "roadmap", description = "Releases that are expected, registered or not."),
        (name = "jobs", description = "Work that comes due by itself, and how the service fares."),
        (name = "verdicts", description = "What releases came to, and on what evidence."),
        (name = "plugins", description = "Judges: what they are, may read and used, and what can be done to them."),
        (name = "files", description = "Files of declarations, and the schemas of files and documents."),
        (name = "health", description = "Whether the service works."),
    ),
    components(schemas(yardstick_client::api::Problem, yardstick_client::api::FieldProblem)),
)]
struct Document;

/// The document before any handler is in it.
pub(super) fn empty() -> openapi::OpenApi {
    Document::openapi()
}

/// The document with what is true of all handlers: what any of them may refuse with, and that a field of an
/// answer is always there.
pub(super) fn finished(document: openapi::OpenApi) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    for code in ANYWHERE.iter().chain(WITH_BODY).chain(OWN).chain(KEYED).chain([&codes::UNAUTHENTICATED]) {
        document["components"]["responses"][code.code] = json!(response(*code));
    }
    document["components"]["securitySchemes"]["token"] = json!({
        "type": "http", "scheme": "bearer",
        "description": "A token, as `yardstick token create` makes it. A service that was started with \
                        `--access local` asks for none.",
    });
    let examples: Value = serde_json::from_str(EXAMPLES).unwrap_or_default();
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        let asks_who = path.starts_with(V1);
        for (verb, operation) in item.as_object_mut().into_iter().flatten() {
            let writes = asks_who && path != INTAKE && verb != "get";
            if writes {
                may_have_a_key(operation);
            }
            with_examples(operation, &examples);
            if asks_who && path != INTAKE {
                operation["security"] = json!([{ "token": [] }]);
            }
            let takes_body = operation.get("requestBody").is_some();
            let codes = ANYWHERE.iter().chain(WITH_BODY.iter().filter(|_| takes_body));
            let codes = codes.chain(KEYED.iter().filter(|_| writes));
            for code in codes.chain(Some(&codes::UNAUTHENTICATED).filter(|_| asks_who)) {
                let reference = json!({ "$ref": format!("#/components/responses/{}", code.code) });
                let responses = &mut operation["responses"];
                if responses.get(code.status.to_string()).is_none() {
                    responses[code.status.to_string()] = reference;
                }
            }
        }
    }
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        for (name, schema) in schemas.iter_mut().filter(|(name, _)| !is_asked(name)) {
            if let Some(item) = name.strip_prefix("Page_") {
                schema["properties"]["items"]["items"] =
                    json!({ "$ref": format!("#/components/schemas/{item}") });
            }
            always_there(schema);
        }
    }
    for kind in files::KINDS {
        file_of(&mut document, kind);
    }
    document
}

/// Shows what was asked and answered once. Bytes are nothing to show.
fn with_examples(operation: &mut Value, examples: &Value) {
    let told = operation["operationId"].as_str().and_then(|id| examples.get(id)).cloned().unwrap_or_default();
    let shown = |content: &mut Value, example: Option<&Value>| {
        let parts = content.as_object_mut().into_iter().flatten();
        let is_text =
            |media: &str| ["application/json", "text/", "image/"].iter().any(|kind| media.starts_with(kind));
        for (_, part) in parts.filter(|(media, _)| is_text(media)) {
            if let Some(example) = example {
                part["example"] = example.clone();
            }
        }
    };
    if let Some(body) = operation.get_mut("requestBody") {
        shown(&mut body["content"], told.get("request"));
    }
    let answers = operation["responses"].as_object_mut().into_iter().flatten();
    for (_, answer) in answers.filter(|(status, _)| status.starts_with('2')) {
        if answer.get("content").is_some() {
            shown(&mut answer["content"], told.get("answer"));
        }
    }
}

/// Puts the schema of a kind of file where schemas are, and names it where such a thing is declared.
fn file_of(document: &mut Value, kind: &str) {
    let name = format!("{}{}File", kind[..1].to_uppercase(), &kind[1..]);
    let mut schema = files::schema(kind).unwrap_or_default();
    referring(&mut schema, &name);
    let parts = schema.as_object_mut().and_then(|schema| {
        schema.remove("$schema");
        schema.remove("$defs")
    });
    for (part, schema) in parts.as_ref().and_then(Value::as_object).into_iter().flatten() {
        document["components"]["schemas"][format!("{name}{part}")] = schema.clone();
    }
    document["components"]["schemas"][name.as_str()] = schema;
    let operation = format!("put_{kind}");
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let puts = paths.filter_map(|(_, item)| item.get_mut("put"));
    for put in puts.filter(|put| put["operationId"] == operation.as_str()) {
        put["requestBody"]["content"]["application/json"]["schema"] =
            json!({ "$ref": format!("#/components/schemas/{name}") });
    }
}

/// Has references to parts of a file's schema point to where `file_of` puts them.
fn referring(schema: &mut Value, name: &str) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::String(to)) = map.get_mut("$ref")
                && let Some(part) = to.strip_prefix("#/$defs/")
            {
                *to = format!("#/components/schemas/{name}{part}");
            }
            map.values_mut().for_each(|value| referring(value, name));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| referring(value, name)),
        _ => {}
    }
}

/// Whether a schema is of a request.
fn is_asked(name: &str) -> bool {
    name.ends_with("Request") || name == "NamedFile"
}

/// Answers have all of their fields, `null` where there is no value.
fn always_there(schema: &mut Value) {
    let names = schema["properties"].as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
    if let Some(names) = names {
        schema["required"] = json!(names);
    }
}

/// Whatever writes takes an idempotency key; an import says so itself.
fn may_have_a_key(operation: &mut Value) {
    let parameter = json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "With a key the request is done once, however often it is sent: sent again as it was it is \
                        answered as before, with `Idempotency-Replayed: true`; another request under the same key is \
                        refused. Keys are kept for a day.",
        "schema": { "type": "string", "pattern": KEYS },
    });
    match operation["parameters"].as_array_mut() {
        Some(parameters) if parameters.iter().any(|one| one["name"] == "Idempotency-Key") => {}
        Some(parameters) => parameters.push(parameter),
        None => operation["parameters"] = json!([parameter]),
    }
}
