//! Sketches of judges that are not built in: whether the contract carries them was found out by writing them. Each is
//! an example of this package, on the SDK as a team would use it; `tests/all/sketches` runs them in their sandbox, and
//! what they were built to for version 1.0 of the contract is kept and run by every later host.
//!
//! They are sketches of methods too: right where they decide, and without the care for small numbers that a judge for
//! others to rely on takes.
