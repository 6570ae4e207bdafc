//! Pages for people: the interactive documentation, which works without a network, and what codes mean.

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, Redirect, Response};
use axum::routing::get;
use serde_json::Value;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::operations::codes;

/// Where the interactive documentation is.
const DOCS: &str = "/api/docs";
/// Where the OpenAPI document is.
const OPENAPI: &str = "/api/v1/openapi.json";
/// The documentation loads its own files, asks this service, and styles what it draws.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

pub(super) fn routes<S: Clone + Send + Sync + 'static>(document: &Value) -> Router<S> {
    let config = Config::new([OPENAPI]).try_it_out_enabled(true).validator_url("none");
    let docs = Router::<S>::from(SwaggerUi::new(DOCS).config(config));
    // Written once: it is large, and never changes while the service runs.
    let document = Bytes::from(document.to_string());
    let openapi = async move || ([(CONTENT_TYPE, "application/json")], document);
    Router::new()
        .route("/api/problems", get(async || Html(problems())))
        .merge(docs)
        .layer(from_fn(as_page))
        .route(OPENAPI, get(openapi))
        .route("/", get(async || Redirect::temporary("/api")))
        .route("/api", get(async || Redirect::temporary("/api/docs/")))
}

async fn as_page(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// What each code of a problem means.
fn problems() -> String {
    let rows: String = codes::ALL
        .iter()
        .map(|code| {
            format!(
                "<tr id=\"{0}\"><td><code>{0}</code></td><td>{1}</td><td>{2}</td></tr>\n",
                code.code, code.status, code.title
            )
        })
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Problems · Yardstick</title>\n\
         <style>body{{font:16px/1.5 system-ui;margin:2rem;max-width:50rem}}td,th{{text-align:left;\
         padding:.2rem 1rem .2rem 0}}tr:target{{background:#ffd}}</style>\n\
         <h1>Problems</h1>\n<p>What is refused is answered with a problem document (RFC 9457). Its \
         <code>code</code> never changes its meaning.\n\
         <table><tr><th>code<th>status<th>meaning\n{rows}</table>\n"
    )
}
