//! Files that the plugin carries: what lies in its project's folder `assets`, by names such as `segments.csv` or
//! `targets/2026.json`. They are a part of its bytes and never change for a version.
//!
//! Natively they are read from that folder.

/// The bytes of a file; `None`: the plugin carries none of that name. A name is relative, `/` separates, and none of its
/// parts is empty, `.` or `..`.
#[must_use]
pub fn read(name: &str) -> Option<Vec<u8>> {
    #[cfg(target_family = "wasm")]
    {
        crate::bindings::yardstick::judge::assets::read(name)
    }
    #[cfg(not(target_family = "wasm"))]
    {
        let sound = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
        sound.then(|| std::path::Path::new("assets").join(name)).and_then(|path| std::fs::read(path).ok())
    }
}

/// A file as text.
///
/// # Errors
/// When the plugin carries none of that name, or it is not UTF-8.
pub fn text(name: &str) -> Result<String, String> {
    let bytes = read(name).ok_or_else(|| format!("the plugin carries no file \"{name}\""))?;
    String::from_utf8(bytes).map_err(|_| format!("the file \"{name}\" is not UTF-8"))
}
