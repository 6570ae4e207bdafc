//! Compiled code on disk, so that a restart compiles nothing. What cannot be read or trusted is made anew.

use std::io::{self, Read as _, Write as _};

use cap_std::fs::{Dir, OpenOptions};

use crate::random;

/// Where compiled code is kept, and the key that proves it is ours.
#[derive(Debug)]
pub struct Cache {
    /// A folder of mode 0700 that nothing else writes to.
    pub dir: Dir,
    /// Secret of this host. Whoever has it can make the host run native code.
    pub key: [u8; 32],
}

/// The bytes of this file; `None`: there is none, or it is larger than any code of ours.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn read(dir: &Dir, name: &str, most: usize) -> io::Result<Option<Vec<u8>>> {
    let file = match dir.open(name) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= most).then_some(bytes))
}

/// Puts a file in place whole, or not at all. A torn write would be seen by its seal, so nothing is
/// flushed to the disk.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write(dir: &Dir, name: &str, bytes: &[u8]) -> io::Result<()> {
    let temporary = format!("{name}.{}", hex::encode(random::unguessable::<8>()?));
    let written = dir
        .open_with(&temporary, OpenOptions::new().write(true).create_new(true))
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| dir.rename(&temporary, dir, name));
    if written.is_err() {
        // What is left of a failed write is of no use; that it cannot be removed either is no further news.
        let _ = dir.remove_file(&temporary);
    }
    written
}
