//! Built-in judge: a level or rate against a target at a checkpoint.
