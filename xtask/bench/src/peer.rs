//! A peer in a process of its own, told by lines what to do and to time.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde::de::DeserializeOwned;

/// A running peer. It times itself, so that talking to it is not measured.
pub(crate) struct Peer {
    name: String,
    child: Child,
    /// `None`: closed, which tells it to end.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts a program and gives it its task, one line.
    pub(crate) fn start(command: &mut Command, task: &str) -> Result<Self> {
        let name = command.get_program().display().to_string();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().context("a peer has no output")?);
        let mut peer = Self { name, child, input, output };
        peer.tell(task)?;
        Ok(peer)
    }

    /// What it answers to a command.
    pub(crate) fn ask<T: DeserializeOwned>(&mut self, command: &str) -> Result<T> {
        self.tell(command)?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        ensure!(!line.is_empty(), "{} ended without an answer to {command:?}", self.name);
        serde_json::from_str(&line).with_context(|| format!("{} answered {line:?}", self.name))
    }

    fn tell(&mut self, line: &str) -> Result<()> {
        let input = self.input.as_mut().context("a peer has no input")?;
        writeln!(input, "{line}").with_context(|| format!("{} does not listen", self.name))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.input.take());
        // It ends with its input; how does not matter any more.
        let _ = self.child.wait();
    }
}
