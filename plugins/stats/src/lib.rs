//! The mathematics that plugins and the host share.
//!
//! Everything here is pure. A function that cannot answer says why by a named reason or
//! `None`; NaN comes out only where a doc comment says so. Transcendental functions go through `libm`, so a
//! native build and a WebAssembly guest agree to the bit.

mod moments;
mod quantity;
mod sum;

pub use moments::{Moments, moments, quantile_type7};
pub use quantity::{Quantity, QuantityError};
pub use sum::CompensatedSum;
