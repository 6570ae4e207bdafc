//! Verdicts as text, Markdown and JSON.
