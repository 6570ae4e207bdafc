//! The binary that ships, as a service on this machine.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use yardstick_client::api::{ApplyRequest, NamedFile};
use yardstick_client::http::Client;

use crate::machine;

/// A service with a database in a folder of its own, ended when it is dropped.
pub(crate) struct Service {
    child: Child,
    /// Where it listens, such as `127.0.0.1:40123`.
    pub(crate) address: String,
}

impl Service {
    /// Starts it on a free port and waits until it says where it listens.
    pub(crate) fn start(yardstick: &Path, home: &Path) -> Result<Self> {
        Self::spawn(Command::new(yardstick).arg("--data").arg(home).env_remove("YARDSTICK_DATABASE"), &[])
    }

    /// As [`Service::start`], on another database, leaving the work that comes due to others.
    pub(crate) fn without_work(yardstick: &Path, home: &Path, database: &str) -> Result<Self> {
        let mut command = Command::new(yardstick);
        Self::spawn(command.args(["--database", database, "--data"]).arg(home), &["--no-work"])
    }

    fn spawn(command: &mut Command, flags: &[&str]) -> Result<Self> {
        let mut child = command
            .args(["serve", "--access", "local", "--listen", "127.0.0.1:0"])
            .args(flags)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start yardstick")?;
        let output = child.stdout.take();
        // From here on it is ended, whatever happens.
        let mut service = Self { child, address: String::new() };
        let mut line = String::new();
        BufReader::new(output.context("a process has an output")?).read_line(&mut line)?;
        match line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next()) {
            Some(address) => address.clone_into(&mut service.address),
            None => bail!("yardstick serve said {line:?}"),
        }
        Ok(service)
    }

    /// Its resident memory in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        machine::resident(&self.child.id().to_string())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It has nothing that is needed any more; that it has ended already is no concern.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Registers what this text declares.
pub(crate) async fn apply(client: &Client, text: &str) -> Result<()> {
    let file = NamedFile { name: "bench.yaml".to_owned(), text: text.to_owned() };
    let request = ApplyRequest { files: vec![file], dry_run: false, amend: None };
    client.apply(&request).await?;
    Ok(())
}
