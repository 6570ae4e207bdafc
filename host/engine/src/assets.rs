//! A plugin's own read-only files. They travel inside the component as custom sections, so that the digest
//! of the plugin covers them and a replay reads the same bytes.

use std::collections::BTreeMap;

use crate::{limits, text};

/// Prefix of the names of the custom sections that carry files.
pub const SECTION_PREFIX: &str = "yardstick:asset/";

/// The files, by name.
#[derive(Debug, Default)]
pub(crate) struct Assets(BTreeMap<String, Vec<u8>>);

impl Assets {
    /// Adds the file that this custom section carries, if it carries one.
    ///
    /// # Errors
    /// A sentence without its full stop: a name that will not do or is taken, or more than a plugin may carry.
    pub(crate) fn take(&mut self, section: &str, bytes: &[u8]) -> Result<(), String> {
        let Some(name) = section.strip_prefix(SECTION_PREFIX) else { return Ok(()) };
        let shown = text::excerpt(name, limits::TITLE);
        if !is_sound(name) {
            return Err(format!("the embedded file {shown:?} has an unusable name"));
        }
        if self.0.contains_key(name) {
            return Err(format!("the embedded file {shown:?} is there twice"));
        }
        let held: usize = self.0.values().map(Vec::len).sum();
        if self.0.len() == limits::ASSETS || held + bytes.len() > limits::ASSET_BYTES {
            return Err(format!(
                "with the embedded file {shown:?} there are more than {} files or {} KiB of them",
                limits::ASSETS,
                limits::ASSET_BYTES / 1024
            ));
        }
        self.0.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    /// The names of the files, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The bytes of this file; `None`: the plugin carries none of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }
}

/// Relative, `/` separates, nothing that climbs: names mean the same in a folder and in a component.
fn is_sound(name: &str) -> bool {
    name.len() <= limits::TITLE
        && !name.contains('\\')
        && !name.chars().any(char::is_control)
        && name.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

#[cfg(test)]
mod tests {
    use super::{Assets, limits};

    #[test]
    fn only_sound_names_once_and_so_many() {
        let mut assets = Assets::default();
        assert_eq!(assets.take("name", b"not ours"), Ok(()));
        assert_eq!(assets.take("yardstick:asset/words/en.txt", b"a"), Ok(()));
        assert!(assets.take("yardstick:asset/words/en.txt", b"b").unwrap_err().contains("twice"));
        let long = "a".repeat(201);
        for name in ["", "/etc/passwd", "a//b", "../a", "a/../b", "./a", "a\\b", "a\0", "a\nb", "a/", &long] {
            let refused = assets.take(&format!("yardstick:asset/{name}"), b"").unwrap_err();
            assert!(refused.ends_with("has an unusable name"), "{name}: {refused}");
        }
        assert_eq!(assets.get("words/en.txt"), Some(&b"a"[..]));
        assert_eq!(assets.get("other"), None);
        let large = vec![0; limits::ASSET_BYTES];
        assert!(assets.take("yardstick:asset/large", &large).unwrap_err().contains("more than 200 files"));
        for index in 1..limits::ASSETS {
            assets.take(&format!("yardstick:asset/{index}"), b"").unwrap();
        }
        assert!(assets.take("yardstick:asset/last", b"").unwrap_err().contains("more than 200 files"));
    }
}
