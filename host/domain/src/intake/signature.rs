//! Whether a request comes from whoever has the secret: HMAC-SHA-256 over its bytes, as GitHub signs them.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::sink::SigningSecret;

/// A signature as GitHub sends it: `sha256=` and 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature([u8; 32]);

impl Signature {
    /// As a header has it; `None`: no signature looks like this.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix("sha256=")?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(digits, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// Whether it was made over these bytes with this secret: its text as it is, which is what one pastes at GitHub. How
    /// long that takes tells nothing about the signature that would be right.
    #[must_use]
    pub fn is_by(&self, secret: &SigningSecret, body: &[u8]) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.text().as_bytes()) else { return false };
        mac.update(body);
        mac.verify_slice(&self.0).is_ok()
    }

    /// The signature over these bytes with this secret, as a header has it; for whoever sends.
    #[must_use]
    pub fn text(secret: &SigningSecret, body: &[u8]) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.text().as_bytes()) else {
            return String::new();
        };
        mac.update(body);
        format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_githubs() {
        // The example of GitHub's documentation, "Validating webhook deliveries".
        let secret = SigningSecret::of("It's a Secret to Everybody".to_owned());
        let text = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let signature = Signature::read(text).unwrap();
        assert!(signature.is_by(&secret, b"Hello, World!"));
        assert_eq!(Signature::text(&secret, b"Hello, World!"), text);
        assert!(!signature.is_by(&secret, b"Hello, World"));
        assert!(!signature.is_by(&SigningSecret::of(String::new()), b"Hello, World!"));
        for bad in
            ["", "sha256=", "sha1=757107ea", &text[..70], &format!("{text}00"), &text.replace('7', "g")]
        {
            assert_eq!(Signature::read(bad), None, "{bad:?}");
        }
    }
}
