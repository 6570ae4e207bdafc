//! Store, engine and use cases put together.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use yardstick_app::{App, AppError, Caller, Clock, NewServiceAccount, TokenRequest};
use yardstick_domain::access::{LASTS_DAYS, Scopes};
use yardstick_domain::ids::ServiceKey;
use yardstick_domain::people::Actor;
use yardstick_engine::{Cache, Compiler, Config, Engine};
use yardstick_store::{OnSchema, Store};

use crate::ambient;
use crate::built_in::JUDGES;
use crate::courier::courier;

/// Where things are kept unless said otherwise: beside the team's files.
pub(crate) const DATA: &str = ".yardstick";

/// Calls of one team that wait before further ones do.
const QUEUE: usize = 256;

/// The database when none is named.
pub(crate) fn default_database(data: &Path) -> String {
    format!("sqlite:{}", data.join("yardstick.db").display())
}

/// The use cases over a database, with a clock.
pub(crate) async fn app(database: &str, data: &Path, clock: Clock) -> Result<App> {
    if database.starts_with("sqlite:") {
        folder(data)?;
    }
    // A file is this machine's own. A server may be in use by others, of the build before: when they stop is for
    // somebody to say.
    let on_schema = if database.starts_with("sqlite:") { OnSchema::Migrate } else { OnSchema::Refuse };
    let store = Store::open(database, on_schema).await?;
    let engine = engine(Some(data))?;
    Ok(App::new(store, engine, JUDGES, clock)?.with_courier(courier(data)))
}

/// A token of an operator, so that a fresh service can be used at once and is never open. It is written into the data
/// folder, readable by this user alone, unless it is there already. Gives where, if it was made.
pub(crate) async fn first_token(app: &App, data: &Path) -> Result<Option<PathBuf>> {
    let path = data.join("operator.token");
    folder(data)?;
    // An empty one is left of a start that did not come to its end.
    if fs::metadata(&path).is_ok_and(|found| found.len() > 0) {
        return Ok(None);
    }
    let cannot = || format!("cannot make the first token in {}", path.display());
    let caller = Caller::here(ambient::user(), ambient::now());
    let key: ServiceKey = "operator".parse()?;
    let new = NewServiceAccount { key: key.clone(), name: "The first operator".to_owned(), team: None };
    match app.make_service_account(&caller, &new).await {
        Ok(_) => {}
        // Another machine of the same database has made it, or somebody has made something else of it.
        Err(AppError::Conflict(_)) => {
            let accounts = app.service_accounts().await?;
            let usable = accounts.iter().find(|account| account.key == key);
            if usable.is_none_or(|account| account.team.is_some() || account.retired_at.is_some()) {
                tracing::warn!(
                    "no first token: service:operator does not do what operators do; make one with: yardstick token create"
                );
                return Ok(None);
            }
        }
        Err(error) => return Err(error).with_context(cannot),
    }
    let request = TokenRequest {
        name: format!("made on first use, in {}", path.display()),
        owner: Some(Actor::Service(key)),
        scopes: Scopes::ALL,
        days: LASTS_DAYS,
    };
    let made = app.make_token(&caller, &request, ambient::secret()?).await.with_context(cannot)?;
    // Whole or not at all.
    let new = data.join("operator.token.new");
    let written = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(format!("{}\n", made.secret.text()).as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, &path)
    };
    written().with_context(cannot)?;
    Ok(Some(path))
}

/// The folder in which uploads wait for their turn.
pub(crate) fn spool(data: &Path) -> Result<PathBuf> {
    let path = data.join("uploads");
    folder(&path)?;
    Ok(path)
}

/// An engine; with a data folder it keeps compiled code there.
pub(crate) fn engine(data: Option<&Path>) -> Result<Engine> {
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get().min(8));
    let cache = data.map(cache).transpose()?;
    let compiler = Compiler::Child(std::env::current_exe().context("where is this program?")?);
    Ok(Engine::new(Config { threads, queue: QUEUE, cache, compiler })?)
}

fn cache(data: &Path) -> Result<Cache> {
    folder(data)?;
    let path = data.join("compiled");
    folder(&path)?;
    let dir = Dir::open_ambient_dir(&path, ambient_authority())
        .with_context(|| format!("cannot open {}", path.display()))?;
    Ok(Cache { dir, key: host_key(&data.join("host.key"))? })
}

/// Makes a folder that only this user reads.
pub(crate) fn folder(path: &Path) -> Result<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.with_context(|| format!("cannot create the folder {}", path.display()))
}

/// The secret of this host, made on first use. Whoever reads it could make this host run code of theirs.
fn host_key(path: &Path) -> Result<[u8; 32]> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(mut file) => {
            let key = ambient::secret()?;
            file.write_all(&key)
                .and_then(|()| file.sync_all())
                .with_context(|| format!("cannot write {}", path.display()))?;
            return Ok(key);
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error).with_context(|| format!("cannot create {}", path.display())),
    }
    let mut bytes = Vec::new();
    let mut file = fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    file.read_to_end(&mut bytes).with_context(|| format!("cannot read {}", path.display()))?;
    match <[u8; 32]>::try_from(bytes) {
        Ok(key) => Ok(key),
        Err(bytes) => bail!(
            "{} holds {} bytes, expected 32; remove it, and a new one is made (compiled code is then built again)",
            path.display(),
            bytes.len()
        ),
    }
}
