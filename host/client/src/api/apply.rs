//! Applying the files people write.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ChangeKind, LintPart};

/// Files to apply: all of them, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyRequest {
    /// The files, in the order problems and changes are listed in.
    #[schema(min_items = 1, max_items = 1000)]
    pub files: Vec<NamedFile>,
    /// Only look what would change.
    #[serde(default)]
    pub dry_run: bool,
    /// Why criteria change after a launch; none: such a change is refused.
    #[serde(default)]
    pub amend: Option<String>,
}

/// A file of declarations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedFile {
    /// What it is called in problems.
    #[schema(max_length = 4096)]
    pub name: String,
    /// Its YAML documents.
    #[schema(max_length = 4_194_304)]
    pub text: String,
}

/// What applying came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppliedDocument {
    /// Whether it was written; false: it was only looked at.
    pub written: bool,
    /// What became of each declared thing, in the order of the files.
    pub changes: Vec<AppliedThing>,
}

/// What became of one declared thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppliedThing {
    /// What it is and its key, such as `release batch-changes-ga`.
    pub name: String,
    /// What becomes of it.
    pub kind: ChangeKind,
    /// Fields that differ.
    pub fields: Vec<AppliedField>,
    /// What a reader should know, such as that a seal no longer covers it.
    pub notes: Vec<String>,
    /// Of a release: what in its criteria is probably not meant. They never stop anything. Lints that need the values of
    /// metrics are there with `dry_run` alone.
    pub lints: Vec<LintPart>,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppliedField {
    /// The field.
    pub field: String,
    /// Its value before; none: it was not there.
    pub before: Option<String>,
    /// Its value after; none: it is gone.
    pub after: Option<String>,
}
