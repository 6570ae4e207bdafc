//! `cargo xtask tidy`: what a reviewer should not have to say.

mod contract;
mod example;
mod house;
mod links;
mod rules;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};

use crate::workspace::{Workspace, cargo};

/// What a check of files says: `path:line: what is wrong`, one a line.
type Problems = Vec<String>;

/// A check of the files: what it makes sure of, and the function that looks.
struct Check {
    makes_sure: &'static str,
    run: fn(&Files) -> anyhow::Result<Problems>,
}

/// All checks of files. A new one is one line here and a function.
const CHECKS: &[Check] = &[
    Check { makes_sure: "every migration is there for both databases", run: rules::migrations },
    Check { makes_sure: "long files are listed with a reason", run: rules::long_files },
    Check { makes_sure: "every open end names the document that owns it", run: rules::open_ends },
    Check { makes_sure: "no path of one person's machine", run: rules::private_paths },
    Check { makes_sure: "links between documents lead somewhere", run: links::check },
    Check { makes_sure: "docs/contract.md is what wit/ says", run: contract::check },
    Check { makes_sure: "the example's data are what its generator writes", run: example::check },
];

/// The files of the project, as Git knows them: without what is ignored.
struct Files {
    root: PathBuf,
    /// Relative to the root, in order.
    paths: Vec<PathBuf>,
}

impl Files {
    fn list(root: &Path) -> anyhow::Result<Self> {
        let output = Command::new("git")
            .current_dir(root)
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .output()
            .context("cannot run git, which knows the files of the project")?;
        ensure!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr).trim());
        let names = String::from_utf8(output.stdout).context("a file's name is not UTF-8")?;
        let mut paths: Vec<PathBuf> = names.split_terminator('\0').map(PathBuf::from).collect();
        paths.sort();
        paths.dedup();
        paths.retain(|path| root.join(path).is_file());
        Ok(Self { root: root.to_owned(), paths })
    }

    /// Files with one of these extensions.
    fn with_extension<'a>(&'a self, extensions: &'a [&str]) -> impl Iterator<Item = &'a Path> {
        let known = |path: &&PathBuf| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            extension.is_some_and(|extension| extensions.contains(&extension))
        };
        self.paths.iter().filter(known).map(PathBuf::as_path)
    }

    /// A file's text; `None`: it is not text.
    fn text(&self, path: &Path) -> anyhow::Result<Option<String>> {
        let bytes = std::fs::read(self.root.join(path)).with_context(|| path.display().to_string())?;
        Ok(String::from_utf8(bytes).ok())
    }
}

/// Checks everything, or formats first with `--fix`.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let fix = match arguments {
        [] => false,
        [word] if word == "--fix" => true,
        _ => bail!("takes --fix or nothing, found {:?}", arguments.join(" ")),
    };
    let workspace = Workspace::load()?;
    if fix {
        contract::write(&workspace.root)?;
    }
    let files = Files::list(&workspace.root)?;
    let mut found =
        report("crates use each other in the direction of ARCHITECTURE.md", &house::check(&workspace));
    for check in CHECKS {
        found += report(check.makes_sure, &(check.run)(&files)?);
    }
    let format: &[&str] = if fix { &["fmt", "--all"] } else { &["fmt", "--all", "--check", "--", "-l"] };
    found += usize::from(!cargo_passes(
        &workspace.root,
        "rustfmt (the files named are not as it writes them: --fix)",
        format,
    )?);
    let lint =
        ["clippy", "--workspace", "--all-targets", "--quiet", "--keep-going", "--", "--deny", "warnings"];
    found += usize::from(!cargo_passes(&workspace.root, "clippy without warnings", &lint)?);
    ensure!(found == 0, "{found} problems, each named above");
    Ok(())
}

/// Says what a check found; gives the number of problems.
fn report(makes_sure: &str, problems: &Problems) -> usize {
    println!("{:<4} {makes_sure}", if problems.is_empty() { "ok" } else { "FAIL" });
    for problem in problems {
        println!("     {problem}");
    }
    problems.len()
}

fn cargo_passes(root: &Path, makes_sure: &str, arguments: &[&str]) -> anyhow::Result<bool> {
    let status = Command::new(cargo()).current_dir(root).args(arguments).status();
    let passes = status.with_context(|| format!("cannot run cargo {}", arguments[0]))?.success();
    println!("{:<4} {makes_sure}", if passes { "ok" } else { "FAIL" });
    Ok(passes)
}
