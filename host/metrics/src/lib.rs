//! Where metric values come from: sources that answer queries, and formats that values are imported from.

pub mod frame_csv;
pub mod import;
pub mod sources;
