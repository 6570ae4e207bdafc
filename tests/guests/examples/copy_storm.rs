//! Copies megabytes in single instructions: cheap to count, dear to run.

use yardstick_test_guests::*;

struct CopyStorm;

guest!(CopyStorm);

impl Guest for CopyStorm {
    fn evaluate(_criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let from = vec![1_u8; 8 << 20];
        let mut to = vec![0_u8; 8 << 20];
        loop {
            to.copy_from_slice(&from);
            std::hint::black_box(&mut to);
        }
    }
}
