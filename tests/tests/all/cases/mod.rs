//! Cases of plugins: the file that says what is asked and expected, and the frames beside it.

mod files;
mod frames;
