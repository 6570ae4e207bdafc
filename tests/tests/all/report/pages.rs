//! Verdicts as pages: what they hold, that nothing gets out of its place, and what a browser makes of them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use roxmltree::{Document, ParsingOptions};
use yardstick_client::chart::ChartPart;
use yardstick_report::html;
use yardstick_tests::charts::{adoption, search_errors, total_so_far, withheld};

use super::{HOSTILE, samples};

fn charts() -> Vec<ChartPart> {
    let early = ChartPart { criterion: "merge-rate".to_owned(), ..withheld() };
    let hostile = ChartPart { criterion: HOSTILE.to_owned(), title: HOSTILE.to_owned(), ..total_so_far() };
    vec![adoption(), search_errors(), early, hostile]
}

/// The markup as a tree. Pages are well-formed XML, so that any tool can read them.
pub(super) fn parsed(text: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let text = text.strip_prefix("<!doctype html>\n").unwrap_or(text);
    Document::parse_with_options(text, options).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Nothing that runs, links or fetches: these elements and attributes, and no others.
pub(super) fn only_known_markup(document: &Document<'_>) {
    const ELEMENTS: &str = " svg g title desc style rect path circle text html head meta body main header section \
                            article div span p b small code h1 h2 h3 dl dt dd ul li figure footer table caption \
                            thead tbody tr th td ";
    const ATTRIBUTES: &str = " viewBox width height transform role aria-labelledby font-family font-size font-weight \
                              id class fill fill-opacity stroke stroke-width stroke-linejoin stroke-dasharray x y cx \
                              cy r d text-anchor lang charset http-equiv content name scope ";
    let known = |list: &str, name: &str| list.contains(&format!(" {name} "));
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(known(ELEMENTS, node.tag_name().name()), "{:?}", node.tag_name());
        for attribute in node.attributes() {
            assert!(known(ATTRIBUTES, attribute.name()), "{attribute:?}");
        }
        let is_style = node.has_tag_name("style") || node.tag_name().name() == "style";
        assert!(!is_style || !node.text().unwrap_or_default().contains("url("));
    }
}

#[test]
fn verdicts_as_pages() {
    // The style sheet is a file of its own; in a snapshot it would hide the rest.
    let style = |page: &str| {
        let (before, rest) = page.split_once("<style>").unwrap();
        format!("{before}<style>…{}", &rest[rest.find("</style>").unwrap()..])
    };
    for (name, document) in samples::all() {
        if ["pass", "fail", "too-early", "hostile"].contains(&name) {
            assert_snapshot!(format!("page-{name}"), style(&html::verdict(&document, &charts()[..2])));
        }
    }
}

#[test]
fn pages_hold_nothing_that_runs_links_or_fetches() {
    for (name, document) in samples::all() {
        let page = html::verdict(&document, &charts());
        let tree = parsed(&page);
        only_known_markup(&tree);
        let mut ids: Vec<&str> = tree.descendants().filter_map(|node| node.attribute("id")).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{name}: an id comes twice");
    }
}

#[test]
fn a_page_says_what_the_verdict_says() {
    let page = html::verdict(&samples::pass(), &charts());
    for text in [
        "PASS",
        "Tue 10 Mar 2026, 7 days late",
        "64.4 % [63.5, 65.4]",
        "60 % or more",
        "inconclusive with 334 fewer merged",
        "yardstick replay batch-changes-ga/d28",
        "sha256:8f3c1a",
        "ana.lopez@example.com (the release&#39;s owner)",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

/// A browser, where the systems we know put one.
fn browser() -> Option<PathBuf> {
    let places = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    places.into_iter().map(PathBuf::from).find(|path| path.is_file())
}

/// What a browser did with a page.
struct Opened {
    /// The page as the browser has it.
    page: String,
    /// What it wrote about it.
    messages: String,
    /// Every address it asked for.
    asked: String,
}

fn open(browser: &Path, page: &str) -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let (file, log) = (folder.path().join("page.html"), folder.path().join("net.json"));
    std::fs::write(&file, page).unwrap();
    let flag = |name: &str, path: &Path| format!("--{name}={}", path.display());
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-extensions"])
        .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--dump-dom"])
        .args([flag("user-data-dir", &folder.path().join("profile")), flag("log-net-log", &log)])
        .arg(format!("file://{}", file.display()))
        .env("HOME", folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Opened {
        page: String::from_utf8_lossy(&output.stdout).into_owned(),
        messages: String::from_utf8_lossy(&output.stderr).into_owned(),
        asked: std::fs::read_to_string(log).unwrap(),
    }
}

#[test]
fn a_browser_shows_the_page_and_asks_for_nothing_else() {
    let Some(browser) = browser() else {
        println!("skipped: no chromium here (Debian: apt-get install chromium)");
        return;
    };
    // What the checks below look for is there when a page does it.
    let asks = "<body><img src='http://asked.example/a.png'><script>console.error('said so')</script></body>";
    let asking = open(&browser, asks);
    assert!(asking.asked.contains("asked.example"), "{}", asking.asked);
    assert!(asking.messages.contains("said so"), "{}", asking.messages);

    for (name, document) in [("pass", samples::pass()), ("hostile", samples::hostile())] {
        let opened = open(&browser, &html::verdict(&document, &charts()));
        assert!(opened.page.contains("yardstick replay"), "{name}: {}", opened.page);
        assert!(opened.page.contains("<svg class=\"wide\""), "{name}: {}", opened.page);
        assert!(!opened.asked.contains("evil.example"), "{name}: {}", opened.asked);
        for line in opened.messages.lines() {
            let bad = ["CONSOLE", "Content Security Policy", "Refused to"];
            assert!(!bad.iter().any(|word| line.contains(word)), "{name}: {line}");
        }
    }
}
