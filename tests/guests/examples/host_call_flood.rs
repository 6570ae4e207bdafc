//! Calls the host without end.

use yardstick_test_guests::*;

struct HostCallFlood;

guest!(HostCallFlood);

impl Guest for HostCallFlood {
    fn evaluate(_criterion: Criterion, frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let (_, frame) = frames.first().ok_or("no frame")?;
        loop {
            std::hint::black_box(frame.rows());
        }
    }
}
