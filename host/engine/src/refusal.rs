//! Why a component is not taken as a plugin.

use std::fmt;

/// A step of loading that failed, what it found and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Refusal {
    /// The step that failed.
    pub step: Step,
    /// What is wrong, as a sentence without its full stop.
    pub found: String,
    /// What to do about it, as sentences.
    pub advice: String,
}

/// The steps of loading, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The component's size.
    Size,
    /// That it is WebAssembly, not native code somebody compiled.
    Plain,
    /// That it is a well-formed component.
    Component,
    /// The files it carries.
    Assets,
    /// Its embedded manifest, and that its name may be used.
    Manifest,
    /// That everything it imports is offered.
    Imports,
    /// That it exports the contract.
    Contract,
    /// Compiling it.
    Compile,
    /// Its answer to `describe`.
    Describe,
    /// The schema of its parameters.
    Schema,
    /// The host's own work.
    Host,
}

impl Step {
    /// A stable word for documents and tests.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Size => "plugin-size",
            Self::Plain => "plugin-not-plain",
            Self::Component => "plugin-not-component",
            Self::Assets => "plugin-assets",
            Self::Manifest => "plugin-manifest",
            Self::Imports => "plugin-imports",
            Self::Contract => "plugin-contract",
            Self::Compile => "plugin-compile",
            Self::Describe => "plugin-describe",
            Self::Schema => "plugin-schema",
            Self::Host => "host-fault",
        }
    }
}

impl Refusal {
    /// A stable word for documents and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.step.code()
    }

    pub(crate) fn new(step: Step, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { step, found: found.into(), advice: advice.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.found, self.advice)
    }
}
