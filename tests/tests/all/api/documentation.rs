//! What the service says of itself.

use serde_json::Value;

use super::{Service, sqlite};

fn service() -> (tempfile::TempDir, Service) {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::empty(&sqlite(folder.path()));
    (folder, service)
}

#[test]
fn the_openapi_document_is_as_reviewed() {
    let (_folder, service) = service();
    let document = service.get("/api/v1/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    insta::assert_snapshot!("openapi", serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn every_operation_is_described() {
    let (_folder, service) = service();
    let document = service.get("/api/v1/openapi.json").json();
    let mut ids = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            let at = format!("{verb} {path}");
            assert!(operation["summary"].is_string(), "{at}: summary");
            ids.push(operation["operationId"].as_str().expect(&at).to_owned());
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(
                    parameter["description"].as_str().is_some_and(|text| text.len() > 10),
                    "{at}: {parameter}"
                );
            }
            for status in ["400", "403", "414", "421", "500", "503", "504"] {
                assert!(operation["responses"][status].is_object(), "{at}: {status}");
            }
            let has_body = operation["requestBody"].is_object();
            assert_eq!(operation["responses"]["415"].is_object(), has_body, "{at}: 415");
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "operation ids are unique");
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            assert!(described(property), "{name}.{field}: {property}");
        }
    }
}

/// Whether a property says what it is, itself or by its type.
fn described(property: &Value) -> bool {
    let by_type = |part: &Value| part["description"].is_string() || part["$ref"].is_string();
    by_type(property) || property["oneOf"].as_array().is_some_and(|parts| parts.iter().any(by_type))
}

#[test]
fn the_interactive_page_needs_no_other_host() {
    let (_folder, service) = service();
    let redirect = service.get("/");
    assert_eq!(redirect.status, 307);
    assert!(service.get("/api").head.contains("location: /api/docs/"));
    let page = service.get("/api/docs/");
    assert_eq!(page.status, 200);
    assert!(page.head.contains("script-src 'self'"), "{}", page.head);
    let named = |text: &str| -> Vec<String> {
        let parts = text.split(['"', '\'']).filter(|part| part.starts_with("./") || part.starts_with("http"));
        parts.map(str::to_owned).collect()
    };
    let files = named(&page.body);
    assert!(files.len() > 3, "{}", page.body);
    for file in files {
        let own = file.strip_prefix("./").unwrap_or_else(|| panic!("{file} is elsewhere"));
        if own.ends_with(".png") {
            continue;
        }
        assert_eq!(service.get(&format!("/api/docs/{own}")).status, 200, "{own}");
    }
    assert!(service.get("/api/docs/swagger-initializer.js").body.contains("/api/v1/openapi.json"));
}

#[test]
fn the_guide_lists_the_codes_there_are() {
    let (_folder, service) = service();
    let page = service.get("/api/problems").body;
    let rows = page.lines().filter_map(|line| line.strip_prefix("<tr id=\""));
    let mut served: Vec<(String, String)> = rows
        .map(|row| {
            let code = row.split('"').next().unwrap();
            let status = row.split("<td>").nth(2).unwrap().split('<').next().unwrap();
            (code.to_owned(), status.to_owned())
        })
        .collect();
    let guide = include_str!("../../../../docs/api.md");
    let rows = guide.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let mut told: Vec<(String, String)> =
        rows.map(|(code, rest)| (code.to_owned(), rest.split(' ').next().unwrap().to_owned())).collect();
    served.sort();
    told.retain(|(_, status)| status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit()));
    told.sort();
    assert_eq!(told, served);
}

#[test]
fn health_says_what_is_wrong() {
    let (_folder, service) = service();
    assert_eq!(service.get("/health/live").json()["ok"], true);
    let ready = service.get("/health/ready").json();
    let names: Vec<&Value> = ready["checks"].as_array().unwrap().iter().map(|check| &check["name"]).collect();
    assert_eq!(names, ["database", "judges", "jobs", "verdicts", "events", "metrics", "plugins"]);
    assert_eq!(ready["ok"], true, "{ready}");
    assert_eq!(service.get("/readyz").json(), ready);
    assert_eq!(service.get("/livez").json()["ok"], true);
}
