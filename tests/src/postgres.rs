//! A throw-away PostgreSQL server for the tests of a process.
//!
//! Nothing is shared between test processes but an archive of a fresh data folder, so tests cannot disturb
//! each other, whichever runner starts how many processes. Nothing is left behind either: the server, and the
//! folder it works in, are kept by a shell that reads from a pipe whose other end only the test process
//! holds. However the process ends, even by SIGKILL, the pipe ends with it, and the shell stops the server
//! and removes the folder.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Writes the archive of a fresh data folder, as the server's user. Its argument is the folder of the
/// server's programs.
const INITDB: &str = r#"
set -e
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1/initdb" -D "$folder/data" --username=postgres --auth=trust --no-sync --no-locale --encoding=UTF8 \
    >/dev/null
tar -C "$folder" -cf - data
"#;

/// Keeps the server, as its user. Its arguments are the folder to make, the folder of the server's programs,
/// and the length of the archive that comes in before the pipe falls silent.
const KEEPER: &str = r#"
# Nothing but the end of the pipe ends it; not even that nobody is left to be told "ready".
trap '' INT TERM HUP PIPE
set -e
stop() {
    "$2/pg_ctl" stop -D "$1/data" -m immediate -w >/dev/null 2>&1 || true
    rm -rf "$1"
}
trap 'stop "$1" "$2"' EXIT
rm -rf "$1"
mkdir "$1"
head -c "$3" | tar -C "$1" -xf -
# Only a socket in the folder; nothing that is written has to survive.
"$2/pg_ctl" start -D "$1/data" -l "$1/log" -w -o "-k $1 -c listen_addresses= -c fsync=off \
    -c synchronous_commit=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=32MB" \
    >/dev/null
echo ready
read -r _ || true
"#;

/// The server of this process.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    databases: AtomicU32,
    /// Its standard input is the pipe that keeps the server running.
    _keeper: Child,
}

/// Starts the server of this process, once. `None`: no server is installed, and the test says that it is
/// skipped.
///
/// # Panics
/// When a server is installed and does not start.
#[must_use]
pub fn postgres() -> Option<&'static Postgres> {
    static SERVER: OnceLock<Option<Postgres>> = OnceLock::new();
    let server = SERVER
        .get_or_init(|| programs().map(|programs| Postgres::start(programs).expect("PostgreSQL starts")));
    if server.is_none() {
        #[expect(clippy::print_stderr, reason = "the runner shows it")]
        {
            eprintln!("skipped: no PostgreSQL server found");
        }
    }
    server.as_ref()
}

impl Postgres {
    /// The URL of a new, empty database.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let made = Command::new(self.programs.join("createdb"))
            .args(["--username=postgres", "--no-password", &name, "--host"])
            .arg(&self.folder)
            .status()
            .expect("createdb runs");
        assert!(made.success(), "createdb failed");
        format!("postgres://postgres@localhost/{name}?host={}", self.folder.display())
    }

    /// Ends the server as if it had crashed, and starts it again on what it had written. Connections are lost.
    ///
    /// # Panics
    /// When it does not come up again.
    pub fn restart(&self) {
        self.pg_ctl(&["restart", "-m", "immediate", "-w"]);
    }

    /// Lets the server speak TLS on loopback from now on, by this certificate and key (PEM): its port.
    ///
    /// # Panics
    /// When it does not come up again.
    pub fn speak_tls(&self, certificate: &str, key: &str) -> u16 {
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("loopback has a free port").port();
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            let written = unprivileged("sh")
                .and_then(|mut command| {
                    let mut writing = command
                        .args(["-c", "umask 077; cat > \"$1\"", "sh"])
                        .arg(self.folder.join("data").join(name))
                        .stdin(Stdio::piped())
                        .spawn()?;
                    writing.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?.write_all(text.as_bytes())?;
                    writing.wait()
                })
                .expect("sh runs");
            assert!(written.success(), "{name} cannot be written");
        }
        let options = format!(
            "-k {} -c listen_addresses=127.0.0.1 -c port={port} -c ssl=on -c fsync=off",
            self.folder.display()
        );
        self.pg_ctl(&["restart", "-m", "immediate", "-w", "-o", &options]);
        port
    }

    fn pg_ctl(&self, arguments: &[&str]) {
        let ran = unprivileged(self.programs.join("pg_ctl"))
            .and_then(|mut command| {
                command.args(arguments).arg("-D").arg(self.folder.join("data"));
                command.arg("-l").arg(self.folder.join("log")).stdin(Stdio::null()).stdout(Stdio::null());
                command.status()
            })
            .expect("pg_ctl runs");
        assert!(ran.success(), "pg_ctl {} failed", arguments.join(" "));
    }

    fn start(programs: PathBuf) -> io::Result<Self> {
        let mut archive = fresh_data(&programs)?;
        // Short enough for a socket in it.
        let folder = std::env::temp_dir().join(format!("yardstick-{}", std::process::id()));
        let mut keeper = unprivileged("sh")?
            .args(["-c", KEEPER, "sh"])
            .args([&folder, &programs])
            .arg(archive.metadata()?.len().to_string())
            // Not in the group that a terminal or a runner signals.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(pipe), Some(answer)) = (keeper.stdin.as_mut(), keeper.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        io::copy(&mut archive, pipe)?;
        let mut line = String::new();
        BufReader::new(answer).read_line(&mut line)?;
        if line.trim_end() != "ready" {
            return Err(io::Error::other("pg_ctl start failed"));
        }
        Ok(Self { folder, programs, databases: AtomicU32::new(0), _keeper: keeper })
    }
}

/// Where the server's programs are; `None`: it is not installed.
fn programs() -> Option<PathBuf> {
    let by_config = Command::new("pg_config").arg("--bindir").output().ok();
    let by_config = by_config.and_then(|output| String::from_utf8(output.stdout).ok());
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = installed.map(|entry| entry.path().join("bin")).collect();
    folders.sort();
    folders.extend(by_config.map(|folder| PathBuf::from(folder.trim_end())));
    folders
        .into_iter()
        .rev()
        .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

/// An archive of a data folder as `initdb` makes it, made once beside the test program: unpacking takes a
/// tenth of the time.
fn fresh_data(programs: &Path) -> io::Result<File> {
    let executable = std::env::current_exe()?;
    let folder = executable.parent().ok_or(io::ErrorKind::NotFound)?;
    let version = Command::new(programs.join("postgres")).arg("--version").output()?.stdout;
    let version = String::from_utf8_lossy(&version);
    let version: String = version.chars().filter(char::is_ascii_alphanumeric).collect();
    let archive = folder.join(format!("{version}.tar"));
    // The first process makes it, others wait.
    let lock = File::create(folder.join(format!("{version}.lock")))?;
    lock.lock()?;
    if !archive.exists() {
        let part = archive.with_extension("part");
        let mut initdb = unprivileged("sh")?;
        initdb.args(["-c", INITDB, "sh"]).arg(programs).stdin(Stdio::null()).stdout(File::create(&part)?);
        if !initdb.status()?.success() {
            return Err(io::Error::other("initdb failed"));
        }
        fs::rename(&part, &archive)?;
    }
    File::open(archive)
}

/// A program run by whoever runs the tests; instead of root, whom the server refuses, by a user for the
/// purpose.
fn unprivileged(program: impl Into<OsString>) -> io::Result<Command> {
    let mut command = Command::new(program.into());
    command.current_dir("/").env("LC_ALL", "C");
    if rustix::process::geteuid().is_root() {
        let users = fs::read_to_string("/etc/passwd")?;
        let (user, group) = ["postgres", "nobody"]
            .iter()
            .find_map(|name| {
                let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
                let mut fields = line.split(':').skip(2);
                Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
            })
            .ok_or_else(|| io::Error::other("root needs a user postgres or nobody to run the server as"))?;
        command.uid(user).gid(group);
    }
    Ok(command)
}
