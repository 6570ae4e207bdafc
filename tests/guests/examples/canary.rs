//! Writes a canary all over its memory, or looks for one that another instance left.

use yardstick_test_guests::*;

struct Canary;

guest!(Canary);

/// What is looked for. Stored inverted, so that the guest's own code does not hold it.
const INVERTED: u64 = !0x6361_6e61_7279_2121;
const PAGE: usize = 65_536;

impl Guest for Canary {
    fn evaluate(criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let canary = !std::hint::black_box(INVERTED);
        let headline = if told(&criterion) == "write" {
            let hoard = vec![canary; 16 << 17];
            std::hint::black_box(&hoard);
            "written".to_owned()
        } else {
            // The same growth as the writer's, without touching it.
            let hoard: Vec<u64> = Vec::with_capacity(16 << 17);
            std::hint::black_box(&hoard);
            format!("found {}", count(canary))
        };
        Ok(Finding { headline, ..finding() })
    }
}

/// How often the canary stands anywhere in memory.
#[cfg(target_arch = "wasm32")]
#[expect(unsafe_code, reason = "looks at memory that belongs to nobody")]
fn count(canary: u64) -> usize {
    let words = core::arch::wasm32::memory_size(0) * PAGE / 8;
    // From the second word on: the null pointer cannot be read.
    let found = |index: &usize| {
        // SAFETY: the address lies within the linear memory and is aligned to eight bytes.
        unsafe { std::ptr::without_provenance::<u64>(index * 8).read_volatile() == canary }
    };
    (1..words).filter(found).count()
}

#[cfg(not(target_arch = "wasm32"))]
fn count(canary: u64) -> usize {
    canary as usize % PAGE
}
