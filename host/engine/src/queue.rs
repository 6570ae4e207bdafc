//! A queue that is fair per team: whoever asks much waits for themselves, not others for them.

use std::collections::{HashMap, VecDeque};

/// Items in lanes, taken round-robin over the lanes and first in, first out within one.
#[derive(Debug)]
pub(crate) struct FairQueue<T> {
    /// Lanes that have items, the next one first.
    turns: VecDeque<String>,
    lanes: HashMap<String, VecDeque<T>>,
}

impl<T> FairQueue<T> {
    /// An empty queue.
    pub(crate) fn new() -> Self {
        Self { turns: VecDeque::new(), lanes: HashMap::new() }
    }

    /// Adds an item at the end of its lane.
    pub(crate) fn push(&mut self, lane: &str, item: T) {
        if let Some(items) = self.lanes.get_mut(lane) {
            items.push_back(item);
        } else {
            self.turns.push_back(lane.to_owned());
            self.lanes.insert(lane.to_owned(), VecDeque::from([item]));
        }
    }

    /// The next item, of the lane that has waited longest for its turn.
    pub(crate) fn pop(&mut self) -> Option<T> {
        let lane = self.turns.pop_front()?;
        let items = self.lanes.get_mut(&lane)?;
        let item = items.pop_front();
        if items.is_empty() {
            self.lanes.remove(&lane);
        } else {
            self.turns.push_back(lane);
        }
        item
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.turns.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::FairQueue;

    #[test]
    fn a_flood_of_one_team_delays_another_by_one_turn() {
        let mut queue = FairQueue::new();
        for index in 0..100 {
            queue.push("loud", ("loud", index));
        }
        queue.push("quiet", ("quiet", 0));
        queue.push("quiet", ("quiet", 1));
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).take(5).collect();
        assert_eq!(order, [("loud", 0), ("quiet", 0), ("loud", 1), ("quiet", 1), ("loud", 2)]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_lanes_keep_their_order(lanes in prop::collection::vec(0_u8..4, 0..200)) {
            let mut queue = FairQueue::new();
            for (index, lane) in lanes.iter().enumerate() {
                queue.push(&lane.to_string(), (*lane, index));
            }
            let taken: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
            prop_assert_eq!(taken.len(), lanes.len());
            prop_assert!(queue.is_empty());
            for lane in 0..4 {
                let order: Vec<_> = taken.iter().filter(|item| item.0 == lane).map(|item| item.1).collect();
                prop_assert!(order.is_sorted());
            }
        }
    }
}
