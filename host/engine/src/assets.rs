//! A plugin's own read-only files. They travel inside the component as custom sections, so that the digest
//! of the plugin covers them and a replay reads the same bytes.

use std::collections::BTreeMap;

/// Prefix of the names of the custom sections that carry files.
pub const SECTION_PREFIX: &str = "yardstick:asset/";

/// The files, by name.
#[derive(Debug, Default)]
pub(crate) struct Assets(BTreeMap<String, Vec<u8>>);

impl Assets {
    /// Adds the file that this custom section carries, if it carries one. Says whether the name is sound
    /// and new.
    pub(crate) fn take(&mut self, section: &str, bytes: &[u8]) -> bool {
        let Some(name) = section.strip_prefix(SECTION_PREFIX) else { return true };
        if !is_sound(name) || self.0.contains_key(name) {
            return false;
        }
        self.0.insert(name.to_owned(), bytes.to_vec());
        true
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
    name.len() <= 200
        && !name.contains(['\\', '\0'])
        && name.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

#[cfg(test)]
mod tests {
    use super::Assets;

    #[test]
    fn only_sound_names_once() {
        let mut assets = Assets::default();
        assert!(assets.take("name", b"not ours"));
        assert!(assets.take("yardstick:asset/words/en.txt", b"a"));
        assert!(!assets.take("yardstick:asset/words/en.txt", b"b"));
        for name in ["", "/etc/passwd", "a//b", "../a", "a/../b", "./a", "a\\b"] {
            assert!(!assets.take(&format!("yardstick:asset/{name}"), b""), "{name}");
        }
        assert_eq!(assets.get("words/en.txt"), Some(&b"a"[..]));
        assert_eq!(assets.get("other"), None);
    }
}
