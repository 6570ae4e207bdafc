//! Where metric values come from: sources that answer queries, and formats that values and roadmaps are imported
//! from.

pub mod frame_csv;
pub mod import;
pub mod roadmap;
pub mod sources;
