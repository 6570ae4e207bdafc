//! Takes memory until it is stopped.

use yardstick_test_guests::*;

struct MemoryBomb;

guest!(MemoryBomb);

impl Guest for MemoryBomb {
    fn evaluate(_criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let mut hoard = Vec::new();
        loop {
            hoard.push(vec![1_u8; 1 << 20]);
            std::hint::black_box(&hoard);
        }
    }
}
