//! Prints to both standard streams, reads standard input, looks around.
#![expect(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods, reason = "what it is for")]

use std::io::{Read as _, Write as _};

use yardstick_test_guests::*;

struct Printing;

guest!(Printing);

impl Guest for Printing {
    fn evaluate(_criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        println!("to the \u{7}log");
        eprintln!("to the log, as a warning");
        let mut input = String::new();
        let read = std::io::stdin().read_to_string(&mut input).map_err(|error| error.to_string())?;
        let variables = std::env::vars().count();
        let arguments = std::env::args().count();
        print!("without an end");
        std::io::stdout().flush().map_err(|error| error.to_string())?;
        Ok(Finding { headline: format!("{read} {variables} {arguments}"), ..finding() })
    }
}
