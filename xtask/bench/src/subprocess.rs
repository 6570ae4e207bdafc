//! The benchmark's job as a program that is started for each answer: a task as JSON on standard input, the
//! answer as JSON on standard output.

use std::io::{self, Error, Read as _};

use yardstick_bench_job::{Task, judge};

fn main() -> io::Result<()> {
    let mut text = Vec::new();
    io::stdin().read_to_end(&mut text)?;
    let task: Task = serde_json::from_slice(&text)?;
    let answer = judge(task.target, &task.points);
    let answer = answer.ok_or_else(|| Error::other("the points have no mean with an error"))?;
    Ok(serde_json::to_writer(io::stdout(), &answer)?)
}
