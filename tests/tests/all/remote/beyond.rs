//! What the client can ask beyond the command line, and what a service says to it that is hard to hear.

use yardstick_client::api::{ChartsRequest, ImportRequest, PageRequest};
use yardstick_client::http::{Client, Error, Format, Upload};
use yardstick_tests::databases::block_on;

use super::{Desk, serve};
use crate::app::{SMALL, march};

#[test]
fn a_verdict_comes_as_text_page_and_picture() {
    let folder = tempfile::tempdir().unwrap();
    let service = serve(&folder);
    let desk = Desk::new([("YARDSTICK_SERVER", service.address.clone())]);
    std::fs::write(desk.path("small.yaml"), SMALL).unwrap();
    std::fs::write(desk.path("march.csv"), march(1, 10, "9")).unwrap();
    for words in [
        "apply -f small.yaml",
        "import march.csv --metric app.uses",
        "launch quick-start --at 2026-03-02T10:00:00Z",
        "judge quick-start --checkpoint d7",
    ] {
        assert_eq!(desk.run(words).code, Some(0), "{words}");
    }
    let client = Client::new(&service.address).unwrap();
    let (at, all) = ("quick-start/d7", ChartsRequest::default());
    let markdown = block_on(client.verdict_markdown(at)).unwrap();
    assert_eq!(markdown, desk.run(&format!("verdict show {at} --output markdown")).out);
    let html = block_on(client.verdict_html(at)).unwrap();
    assert_eq!(html, desk.run(&format!("verdict show {at} --output html")).out);
    assert!(block_on(client.verdict_chart(at, &all)).unwrap().starts_with("<svg"));
    let charts = block_on(client.verdict_charts(at, &all)).unwrap().charts;
    assert_eq!((charts.len(), charts[0].criterion.as_str()), (1, "uses"));
    let nothing = ChartsRequest { criterion: Some("nothing".to_owned()) };
    let refused = block_on(client.verdict_charts(at, &nothing)).unwrap_err();
    assert!(matches!(refused, Error::Refused { status: 404, .. }), "{refused:?}");

    let schemas = block_on(client.schemas()).unwrap();
    assert_eq!(schemas["release"], block_on(client.schema("release")).unwrap());
    assert!(block_on(client.live()).unwrap().ok);
    assert!(block_on(client.ready()).unwrap().ok);
    let page = PageRequest { limit: Some(1), cursor: None };
    assert_eq!(block_on(client.imports_of("app.uses", &page)).unwrap().items[0].origin, "march.csv");
}

#[test]
fn a_refusal_is_heard_by_who_is_still_sending() {
    let folder = tempfile::tempdir().unwrap();
    let service = serve(&folder);
    let client = Client::new(&service.address).unwrap();
    // Refused by its head, long before the file has been sent.
    let endless = Upload::new(Format::Csv, tokio::io::repeat(b'1')).key("x".repeat(300));
    let error = block_on(client.import("app.uses", &ImportRequest::default(), endless)).unwrap_err();
    assert!(matches!(error, Error::Refused { status: 400, .. }), "{error:?}");
}
