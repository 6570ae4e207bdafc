//! What applying comes to, as whoever applies reads it.

use yardstick_domain::lint::Lint;

/// What applying does to one declared thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Such as `release batch-changes-ga`.
    pub name: String,
    /// What becomes of it.
    pub kind: ChangeKind,
    /// Fields that differ.
    pub fields: Vec<FieldChange>,
    /// What a reader should know, such as that a seal no longer covers it.
    pub notes: Vec<String>,
    /// What in a release's criteria is probably not meant. They never stop anything.
    pub lints: Vec<Lint>,
}

/// What becomes of a declared thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was not there.
    New,
    /// It differs.
    Changed,
    /// It is as declared.
    Unchanged,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// Its value before; `None`: it was not there.
    pub before: Option<String>,
    /// Its value after; `None`: it is gone.
    pub after: Option<String>,
}

/// What applying came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// In the order of the files.
    pub changes: Vec<Change>,
    /// False: it was only looked at.
    pub written: bool,
}
