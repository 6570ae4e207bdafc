//! Accounts of programs, and tokens: made, listed, revoked.

mod services;
mod tokens;

use yardstick_domain::problem::Problem;

pub use services::NewServiceAccount;
pub use tokens::{MadeToken, TokenRequest};

/// What an account or a token is for, in words, or what is wrong with them.
fn purpose(name: &str) -> Result<&str, Problem> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(Problem::new("name", "say what it is for, in 1 to 200 characters on one line"));
    }
    Ok(name)
}
