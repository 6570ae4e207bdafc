//! Lines for the plugin's author: [`info!`](crate::info), [`warn!`](crate::warn) and [`write()`].
//!
//! They are limited in number and length and never change a finding. Natively they go to standard error.

pub use crate::bindings::yardstick::judge::log::Level;

use crate::Attrs;

/// Writes a line with named values.
pub fn write(level: Level, message: &str, fields: &Attrs) {
    #[cfg(target_family = "wasm")]
    crate::bindings::yardstick::judge::log::write(level, message, fields);
    #[cfg(not(target_family = "wasm"))]
    #[expect(clippy::print_stderr, reason = "where a native test looks for it")]
    {
        eprintln!("{level:?}: {message} {fields:?}");
    }
}

/// Writes a line of level `info`; takes what `format!` takes.
#[macro_export]
macro_rules! info {
    ($($part:tt)*) => { $crate::log::write($crate::log::Level::Info, &format!($($part)*), &Vec::new()) };
}

/// Writes a line of level `warn`; takes what `format!` takes.
#[macro_export]
macro_rules! warn {
    ($($part:tt)*) => { $crate::log::write($crate::log::Level::Warn, &format!($($part)*), &Vec::new()) };
}
