//! Accounts of programs, and tokens: made, listed, revoked.

mod services;
mod tokens;

pub use services::NewServiceAccount;
pub use tokens::{MadeToken, TokenRequest};
