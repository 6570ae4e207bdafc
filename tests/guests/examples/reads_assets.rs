//! Reads one of its own files and one that does not exist.

use yardstick_test_guests::bindings::yardstick::judge::assets;
use yardstick_test_guests::*;

struct ReadsAssets;

guest!(ReadsAssets);

impl Guest for ReadsAssets {
    fn evaluate(_criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let own = assets::read("words/en.txt").ok_or("words/en.txt is missing")?;
        let other = ["words/de.txt", "../words/en.txt", "/etc/passwd"]
            .iter()
            .any(|name| assets::read(name).is_some());
        Ok(Finding { headline: format!("{} {other}", String::from_utf8_lossy(&own)), ..finding() })
    }
}
