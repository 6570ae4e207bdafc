//! Wire types: the files people write, the documents they read, what the HTTP interface asks and answers.

pub mod api;
pub mod chart;
pub mod document;
pub mod files;
#[cfg(feature = "http")]
pub mod http;
