//! The judge from parameters and frames to findings, natively.

mod laws;
mod rates;
mod support;
mod texts;
mod undecided;
