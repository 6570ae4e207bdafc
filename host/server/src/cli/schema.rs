//! `yardstick schema`

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use super::context::{Context, Failure};
use super::output::{json, put};
use crate::operations::schemas;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Which one: organisation, team, person, metric, release or verdict; default: all of them.
    kind: Option<String>,
    /// Write NAME.schema.json files into this folder, where editors find them.
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
}

pub(super) fn run(_: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut all = schemas::all();
    if let Some(kind) = &arguments.kind {
        let names: Vec<&str> = all.keys().map(String::as_str).collect();
        if !names.contains(&kind.as_str()) {
            let hint = yardstick_domain::nearest::hint(kind, names.iter().copied());
            return Err(Failure::usage(format!(
                "there is no schema {kind:?}; there are {}{hint}",
                names.join(", ")
            )));
        }
        all.retain(|name, _| name == kind);
    }
    let Some(folder) = &arguments.write else {
        match all.values().next() {
            Some(only) if all.len() == 1 => json(only)?,
            _ => json(&all)?,
        }
        return Ok(ExitCode::SUCCESS);
    };
    let cannot =
        |error: std::io::Error| Failure::could(format!("cannot write into {}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(cannot)?;
    for (name, schema) in &all {
        let path = folder.join(format!("{name}.schema.json"));
        fs::write(&path, format!("{}\n", serde_json::to_string_pretty(schema)?)).map_err(cannot)?;
        put(&format!("{} written.\n", path.display()));
    }
    Ok(ExitCode::SUCCESS)
}
