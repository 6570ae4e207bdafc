//! A throw-away PostgreSQL server for the tests of a process.
//!
//! Nothing is shared between test processes but a read-only copy of a fresh data folder, so tests cannot
//! disturb each other, whichever runner starts how many processes. Nothing is left behind either: the server
//! is kept by a shell that reads from a pipe whose other end only the test process holds. However the process
//! ends, even by SIGKILL, the pipe ends with it, and the shell stops the server and removes its folder.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Runs as the server's user. Its arguments are the folder and the folder of the server's programs.
const KEEPER: &str = r#"
trap '' INT TERM HUP
set -e
stop() {
    "$2/pg_ctl" stop -D "$1/data" -m immediate -w >/dev/null 2>&1 || true
    rm -rf "$1"
}
trap 'stop "$1" "$2"' EXIT
# Only a socket in the folder; nothing that is written has to survive.
"$2/pg_ctl" start -D "$1/data" -l "$1/log" -w -o "-k $1 -c listen_addresses= -c fsync=off \
    -c synchronous_commit=off -c full_page_writes=off -c max_connections=50 -c shared_buffers=32MB" >/dev/null
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
            .args(["--username=postgres", "--no-password", &name])
            .arg(prefixed("--host=", &self.folder))
            .status()
            .expect("createdb runs");
        assert!(made.success(), "createdb failed");
        format!("postgres://postgres@localhost/{name}?host={}", self.folder.display())
    }

    fn start(programs: PathBuf) -> io::Result<Self> {
        let folder = new_folder("")?;
        let user = User::unprivileged(&folder)?;
        run(Command::new("cp").arg("-R").arg(fresh_data(&programs)?).arg(folder.join("data")))?;
        user.give(&folder)?;
        let mut keeper = user
            .command("sh")
            .args(["-c", KEEPER, "sh"])
            .args([&folder, &programs])
            // Not in the group that a terminal or a runner signals.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = keeper.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
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

/// A data folder as `initdb` makes it, made once and then copied: copying takes a twentieth of the time.
fn fresh_data(programs: &Path) -> io::Result<PathBuf> {
    let executable = std::env::current_exe()?;
    let folder = executable.parent().ok_or(io::ErrorKind::NotFound)?;
    let version = Command::new(programs.join("postgres")).arg("--version").output()?.stdout;
    let version: String =
        String::from_utf8_lossy(&version).chars().filter(char::is_ascii_alphanumeric).collect();
    let data = folder.join(format!("{version}-data"));
    // The first process makes it, others wait.
    let lock = File::create(folder.join(format!("{version}.lock")))?;
    lock.lock()?;
    if !data.exists() {
        let scratch = new_folder("initdb-")?;
        let user = User::unprivileged(&scratch)?;
        user.give(&scratch)?;
        let target = scratch.join("data");
        let options = ["--username=postgres", "--auth=trust", "--no-sync", "--no-locale", "--encoding=UTF8"];
        run(user.command(programs.join("initdb")).args(options).arg("-D").arg(&target))?;
        let part = data.with_extension("part");
        run(Command::new("rm").arg("-rf").arg(&part))?;
        run(Command::new("cp").arg("-R").arg(&target).arg(&part))?;
        fs::rename(&part, &data)?;
        fs::remove_dir_all(&scratch)?;
    }
    Ok(data)
}

/// A new folder with a name short enough for a socket in it.
fn new_folder(kind: &str) -> io::Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("yardstick-{kind}{}", std::process::id()));
    // Left by a process that had the same id before a reboot, at most.
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir(&folder)?,
    }
    Ok(folder)
}

/// Whom the server runs as: it refuses to run as root.
struct User {
    ids: Option<(u32, u32)>,
}

impl User {
    /// The owner of this folder; instead of root, a user for the purpose.
    fn unprivileged(folder: &Path) -> io::Result<Self> {
        if fs::metadata(folder)?.uid() != 0 {
            return Ok(Self { ids: None });
        }
        let users = fs::read_to_string("/etc/passwd")?;
        let ids = ["postgres", "nobody"].iter().find_map(|name| {
            let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
            let mut fields = line.split(':').skip(2);
            Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
        });
        Ok(Self { ids: Some(ids.ok_or_else(|| io::Error::other("no user postgres or nobody"))?) })
    }

    fn command(&self, program: impl Into<OsString>) -> Command {
        let mut command = Command::new(program.into());
        command.current_dir("/").env("LC_ALL", "C");
        if let Some((user, group)) = self.ids {
            command.uid(user).gid(group);
        }
        command
    }

    fn give(&self, folder: &Path) -> io::Result<()> {
        match self.ids {
            Some((user, group)) => {
                run(Command::new("chown").args(["-R", &format!("{user}:{group}")]).arg(folder))
            }
            None => Ok(()),
        }
    }
}

fn run(command: &mut Command) -> io::Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(io::Error::other(format!("{:?}: {why}", command.get_program())))
}

fn prefixed(option: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(option);
    argument.push(path);
    argument
}
