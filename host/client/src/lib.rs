//! Wire types: the files people write and the documents they read.

pub mod document;
pub mod files;
