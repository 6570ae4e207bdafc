//! The statements that the driver runs, as it reports them.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io::Write as _;
use std::sync::{Mutex, OnceLock};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Where statements are kept for `cargo xtask statements`: a folder. Not set otherwise.
const FOLDER: &str = "YARDSTICK_STATEMENTS_TO";

static STATEMENTS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
static FILE: OnceLock<Mutex<File>> = OnceLock::new();

/// From now on all statements of this process are collected.
///
/// # Panics
/// When something else listens to the driver already.
pub fn collect() {
    tracing::subscriber::set_global_default(Collector).expect("nothing else listens");
}

/// What was collected.
///
/// # Panics
/// When a test that collects panicked.
#[must_use]
pub fn collected() -> Vec<String> {
    STATEMENTS.lock().expect("no test panicked").iter().cloned().collect()
}

/// Collects into a file of this process, if somebody keeps statements: each test is a process of its own, on one database.
pub(crate) fn keep(database: &str) {
    #[expect(clippy::disallowed_methods, reason = "a developer's command asks by it")]
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let kind = database.split(':').next().unwrap_or_default();
    let path = std::path::Path::new(&folder).join(format!("{}.{kind}", std::process::id()));
    let file = File::create(&path).expect("the folder is there");
    // A test that collects for itself has begun before.
    if FILE.set(Mutex::new(file)).is_ok() {
        let _ = tracing::subscriber::set_global_default(Collector);
    }
}

struct Collector;

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut statement = Statement::default();
        event.record(&mut statement);
        let text = statement.0.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_new = STATEMENTS.lock().is_ok_and(|mut all| all.insert(text.clone()));
        if let (true, Some(file)) = (is_new, FILE.get())
            && let Ok(mut file) = file.lock()
        {
            writeln!(file, "{text}").expect("the file can be written");
        }
    }
}

/// The text of a statement: a field of its own, or the summary where that says it all.
#[derive(Default)]
struct Statement(String);

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        if (field.name() == "db.statement" && !value.is_empty())
            || (field.name() == "summary" && self.0.is_empty())
        {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
