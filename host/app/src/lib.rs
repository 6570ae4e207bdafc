//! Use cases: load, decide, save. No HTTP, no CLI, no SQL.
