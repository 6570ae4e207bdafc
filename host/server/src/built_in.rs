//! The judges this build brings along, embedded by the build script.

use yardstick_app::BuiltIn;

/// Built-in judges, by name.
pub(crate) const JUDGES: &[BuiltIn] = include!(concat!(env!("OUT_DIR"), "/built_in.rs"));
