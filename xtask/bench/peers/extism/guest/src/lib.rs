//! The benchmark's job as an Extism plugin: with numbers as bytes, which is the fastest way in, and with JSON,
//! which is the usual one.

use extism_pdk::{plugin_fn, Error, FnResult, Json};
use yardstick_bench_job::{judge, Answer, Task};

/// The target and then the points, eight little-endian bytes each.
#[plugin_fn]
pub fn judge_bytes(input: Vec<u8>) -> FnResult<Json<Answer>> {
    let mut numbers = input.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes));
    let target = numbers.next().unwrap_or(f64::NAN);
    answer(target, &numbers.collect::<Vec<_>>())
}

/// A task as JSON.
#[plugin_fn]
pub fn judge_json(Json(task): Json<Task>) -> FnResult<Json<Answer>> {
    answer(task.target, &task.points)
}

fn answer(target: f64, points: &[f64]) -> FnResult<Json<Answer>> {
    Ok(Json(judge(target, points).ok_or_else(|| Error::msg("the points have no mean with an error"))?))
}
