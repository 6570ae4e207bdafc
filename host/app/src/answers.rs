//! Requests with an idempotency key: the same one again is answered with what it was answered the first time.
//!
//! After the IETF's draft "The Idempotency-Key HTTP Header Field". A key is reserved before anything is done, and its
//! answer is kept afterwards, so a process that is ended in between leaves a key of which nobody knows whether it was
//! done: that is said, and nothing is done a second time. Imports have keys of their own, which are written with what
//! they import.

use jiff::{SignedDuration, Timestamp};
use yardstick_store::{KeptAnswer, KeyedRequest, Reserved};

use crate::App;
use crate::crash;
use crate::error::Result;

/// How long an answer is kept.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);
/// How long a request may be answered at the most: what writes is given up after five minutes.
const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_mins(6);
/// Answers that are deleted at a time.
const SWEPT: u32 = 500;

/// What a key stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keyed {
    /// For this request, from now on: do it, and say what came of it.
    Reserved,
    /// For this request, which was answered.
    Answered(KeptAnswer),
    /// For another request.
    OtherRequest,
    /// For this request, which is being answered.
    Running {
        /// When it is worth asking again, at the latest.
        wait: SignedDuration,
    },
    /// For this request, of which nobody knows whether it was done.
    Unsure,
}

impl App {
    /// Reserves a key for a request, or tells what it stands for. `process` is this process; `lives` tells whether
    /// another one may still be there, and whether this one still answers a request that it has begun.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reserve(
        &self,
        asked: &KeyedRequest,
        process: &str,
        now: Timestamp,
        lives: impl Fn(&str) -> bool,
    ) -> Result<Keyed> {
        let oldest = now.checked_sub(KEPT_FOR).unwrap_or(Timestamp::MIN);
        let reserved = self.store.reserve_answer(asked, process, now, oldest).await?;
        Ok(match reserved {
            Reserved::Now => {
                crash::point("answer-reserved");
                Keyed::Reserved
            }
            Reserved::OtherRequest => Keyed::OtherRequest,
            Reserved::Unsure => Keyed::Unsure,
            Reserved::Done(answer) => Keyed::Answered(answer),
            Reserved::Running { process, since } => {
                let wait = ANSWERED_WITHIN - now.duration_since(since);
                if wait.is_positive() && lives(&process) { Keyed::Running { wait } } else { Keyed::Unsure }
            }
        })
    }

    /// Keeps the answer to a request that a key was reserved for.
    ///
    /// # Errors
    /// When the database fails; whether the request was done is not known then.
    pub async fn keep_answer(&self, asked: &KeyedRequest, process: &str, answer: &KeptAnswer) -> Result<()> {
        crash::point("answer-kept");
        Ok(self.store.keep_answer(asked, process, answer).await?)
    }

    /// Writes down that nobody knows whether a request was done that a key was reserved for.
    ///
    /// # Errors
    /// When the database fails; it is not known then either.
    pub async fn answer_is_unsure(&self, asked: &KeyedRequest, process: &str) -> Result<()> {
        Ok(self.store.answer_is_unsure(asked, process).await?)
    }

    /// Deletes some of the answers that were kept for long enough; gives how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep_answers(&self) -> Result<u64> {
        let before = (self.clock)().checked_sub(KEPT_FOR).unwrap_or(Timestamp::MIN);
        Ok(self.store.sweep_answers(before, SWEPT).await?)
    }
}
