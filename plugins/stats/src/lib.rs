//! The mathematics that plugins and the host share.
//!
//! Everything here is pure. A function that cannot answer says why by a named reason ([`Degenerate`]) or
//! `None`; NaN comes out only where a doc comment says so. Transcendental functions go through `libm`, so a
//! native build and a WebAssembly guest agree to the bit.

mod alternative;
mod beta;
pub mod daily;
mod degenerate;
pub mod delta;
pub mod format;
mod interval;
mod moments;
pub mod normal;
mod quantity;
pub mod student;
mod sum;
mod welch;

pub use alternative::Alternative;
pub use beta::{beta_cdf, ln_gamma};
pub use degenerate::Degenerate;
pub use interval::{Interval, standard_error, t_interval, wilson, wilson_with};
pub use moments::{Moments, moments, quantile_type7};
pub use quantity::{Quantity, QuantityError};
pub use sum::CompensatedSum;
pub use welch::{Sample, Welch, welch};
