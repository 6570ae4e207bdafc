//! Commands carried out by a service: the same as over a database, to the letter.

mod beyond;
mod places;
mod plugins;
mod same;
mod story;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use yardstick_client::http::{Client, endpoints};
use yardstick_tests::databases::block_on;

use crate::cli::Ran;

/// A `yardstick serve` of this test, ended with it.
pub(crate) struct Served {
    /// Where it listens, such as `http://127.0.0.1:41234`.
    pub(crate) address: String,
    pub(crate) process: Child,
}

impl Served {
    /// Starts one over a database, which needs no token, and waits until it says where it listens.
    pub(crate) fn over(database: &str, data: &Path, log: &Path) -> Self {
        Self::with(&["--access", "local", "--no-work"], database, data, log)
    }

    /// Starts one with further options.
    pub(crate) fn with(options: &[&str], database: &str, data: &Path, log: &Path) -> Self {
        let mut command = yardstick();
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(options).env("YARDSTICK_DATABASE", database);
        command.env("YARDSTICK_DATA", data).stdout(Stdio::piped()).stderr(File::create(log).unwrap());
        Self::started(command, log)
    }

    /// Waits until it says where it listens.
    pub(crate) fn started(mut command: Command, log: &Path) -> Self {
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split_whitespace().find(|word| word.starts_with("http://"));
        let address = address.unwrap_or_else(|| panic!("{line:?} {}", fs::read_to_string(log).unwrap()));
        Self { address: address.to_owned(), process }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = kill_process(Pid::from_child(&self.process), Signal::TERM);
        let _ = self.process.wait();
    }
}

/// The program under test, knowing nothing of what surrounds this test.
pub(crate) fn yardstick() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yardstick-under-test"));
    command.env_clear().env("USER", "tester");
    command
}

/// A folder in which commands run, and what their environment says.
struct Desk {
    folder: TempDir,
    environment: Vec<(&'static str, String)>,
}

impl Desk {
    fn new(environment: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), environment: environment.into_iter().collect() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `yardstick` with these words, separated by blanks.
    fn run(&self, words: &str) -> Ran {
        let mut command = yardstick();
        command.args(words.split_whitespace()).current_dir(self.folder.path());
        command.envs(self.environment.iter().map(|(name, value)| (*name, value)));
        let output = command.stdin(Stdio::null()).output().unwrap();
        Ran {
            code: output.status.code(),
            signal: output.status.signal(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A data folder that stays from run to run, so that judges are compiled once. It has its key from the start,
/// whole: several services begin in it at the same time.
pub(crate) fn kept(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    let key = tempfile::NamedTempFile::new_in(&folder).unwrap();
    fs::write(key.path(), [7; 32]).unwrap();
    // Another test may have been first.
    let _ = fs::hard_link(key.path(), folder.join("host.key"));
    folder
}

/// A service over a database of its own, both in this folder.
fn serve(folder: &TempDir) -> Served {
    let database = format!("sqlite:{}", folder.path().join("yardstick.db").display());
    Served::over(&database, &kept("remote"), &folder.path().join("service.log"))
}

#[test]
fn client_and_service_offer_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let service = serve(&folder);
    let client = Client::new(&service.address).unwrap();
    let document = block_on(client.openapi()).unwrap();
    let offered: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let verbs = ["delete", "get", "patch", "post", "put"].into_iter();
            let verbs = verbs.filter(|verb| item.get(*verb).is_some());
            verbs.map(move |verb| format!("{} {path}", verb.to_uppercase()))
        })
        // It does not list itself.
        .chain(["GET /api/v1/openapi.json".to_owned()])
        .collect();
    let asked: BTreeSet<String> = endpoints().map(ToString::to_string).collect();
    assert_eq!(offered, asked);
}
