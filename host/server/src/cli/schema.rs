//! `yardstick schema`

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use yardstick_client::{document, files};

use super::context::{Context, Failure};
use super::output::{json, put};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Which one: organisation, team, person, metric, release or verdict; default: all of them.
    kind: Option<String>,
    /// Write NAME.schema.json files into this folder, where editors find them.
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
}

pub(super) fn run(_: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut schemas: Vec<(&str, serde_json::Value)> =
        files::KINDS.iter().filter_map(|kind| Some((*kind, files::schema(kind)?))).collect();
    schemas.push(("verdict", document::schema()));
    if let Some(kind) = &arguments.kind {
        let names: Vec<&str> = schemas.iter().map(|(name, _)| *name).collect();
        if !names.contains(&kind.as_str()) {
            let hint = yardstick_domain::nearest::hint(kind, names.iter().copied());
            return Err(Failure::usage(format!(
                "there is no schema {kind:?}; there are {}{hint}",
                names.join(", ")
            )));
        }
        schemas.retain(|(name, _)| name == kind);
    }
    let Some(folder) = &arguments.write else {
        match schemas.as_slice() {
            [(_, schema)] => json(schema)?,
            all => json(&all.iter().cloned().collect::<std::collections::BTreeMap<_, _>>())?,
        }
        return Ok(ExitCode::SUCCESS);
    };
    let cannot =
        |error: std::io::Error| Failure::could(format!("cannot write into {}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(cannot)?;
    for (name, schema) in &schemas {
        let path = folder.join(format!("{name}.schema.json"));
        fs::write(&path, format!("{}\n", serde_json::to_string_pretty(schema)?)).map_err(cannot)?;
        put(&format!("{} written.\n", path.display()));
    }
    Ok(ExitCode::SUCCESS)
}
