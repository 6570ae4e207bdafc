//! The mathematics that plugins and the host share.
//!
//! Everything here is pure. A function that cannot answer says why by a named reason ([`Degenerate`]) or
//! `None`; NaN comes out only where a doc comment says so. Transcendental functions go through `libm`, so a
//! native build and a WebAssembly guest agree to the bit.

mod alternative;
pub mod before_after;
mod beta;
mod chi_square;
pub mod daily;
mod degenerate;
pub mod delta;
pub mod format;
mod holm;
mod interval;
mod moments;
pub mod normal;
pub mod power;
mod quantity;
mod serial;
pub mod student;
mod sum;
pub mod two_arms;
mod two_proportions;
mod welch;

pub use alternative::Alternative;
pub use beta::{beta_cdf, ln_gamma};
pub use chi_square::{SampleRatio, ln_chi_square_sf, sample_ratio};
pub use degenerate::Degenerate;
pub use holm::holm_log10;
pub use interval::{Interval, standard_error, t_interval, wilson, wilson_with};
pub use moments::{Moments, moments, quantile_type7};
pub use quantity::{Quantity, QuantityError};
pub use sum::CompensatedSum;
pub use two_proportions::{Share, clopper_pearson, log10_p_of_z, pooled_z, unpooled_z};
pub use welch::{Sample, Welch, welch, welch_limits};
