//! A queue that is fair per team: whoever asks much waits for themselves, not others for them.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Items in lanes. The next one is of the lane with the fewest items under way, of these the one that had its last
/// turn longest ago; first in, first out within a lane.
#[derive(Debug)]
pub(crate) struct FairQueue<T> {
    /// Lanes that have items.
    waiting: Vec<Arc<str>>,
    /// Every lane there has been: there are as many as there are teams.
    lanes: HashMap<Arc<str>, Lane<T>>,
    /// Turns so far.
    turns: u64,
}

#[derive(Debug)]
struct Lane<T> {
    items: VecDeque<T>,
    /// Items that were taken and not finished.
    under_way: usize,
    /// Its last turn, from 1; 0: it had none.
    turn: u64,
}

impl<T> FairQueue<T> {
    /// An empty queue.
    pub(crate) fn new() -> Self {
        Self { waiting: Vec::new(), lanes: HashMap::new(), turns: 0 }
    }

    /// Adds an item at the end of its lane.
    pub(crate) fn push(&mut self, lane: &str, item: T) {
        let name: Arc<str> = match self.lanes.get_key_value(lane) {
            Some((name, _)) => Arc::clone(name),
            None => lane.into(),
        };
        let new = || Lane { items: VecDeque::new(), under_way: 0, turn: 0 };
        let lane = self.lanes.entry(Arc::clone(&name)).or_insert_with(new);
        if lane.items.is_empty() {
            self.waiting.push(name);
        }
        lane.items.push_back(item);
    }

    /// The next item with its lane, which is to be told when it is [finished](Self::finish).
    pub(crate) fn pop(&mut self) -> Option<(Arc<str>, T)> {
        let rank = |name: &Arc<str>| self.lanes.get(name).map(|lane| (lane.under_way, lane.turn));
        let (place, _) = self.waiting.iter().enumerate().min_by_key(|(_, name)| rank(name))?;
        let name = Arc::clone(&self.waiting[place]);
        let lane = self.lanes.get_mut(&name)?;
        let item = lane.items.pop_front()?;
        if lane.items.is_empty() {
            // In order, so that of lanes that never had a turn the first to come is the first to go.
            self.waiting.remove(place);
        }
        self.turns += 1;
        lane.turn = self.turns;
        lane.under_way += 1;
        Some((name, item))
    }

    /// An item of this lane is no longer under way.
    pub(crate) fn finish(&mut self, lane: &Arc<str>) {
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.under_way = lane.under_way.saturating_sub(1);
        }
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::FairQueue;

    #[test]
    fn a_flood_of_one_team_does_not_delay_another() {
        let mut queue = FairQueue::new();
        for index in 0..100 {
            queue.push("loud", ("loud", index));
        }
        // Two threads are busy with the flood when somebody else comes.
        let running = [queue.pop().unwrap(), queue.pop().unwrap()];
        queue.push("quiet", ("quiet", 0));
        queue.push("quiet", ("quiet", 1));
        let mut order = Vec::new();
        for (lane, _) in running {
            queue.finish(&lane);
            let (_, item) = queue.pop().unwrap();
            order.push(item);
        }
        // Each has one thread.
        assert_eq!(order, [("quiet", 0), ("loud", 2)]);
    }

    #[test]
    fn lanes_take_turns() {
        let mut queue = FairQueue::new();
        for lane in ["a", "a", "a", "b", "b", "c"] {
            queue.push(lane, lane);
        }
        let mut order = Vec::new();
        while let Some((lane, item)) = queue.pop() {
            queue.finish(&lane);
            order.push(item);
        }
        assert_eq!(order, ["a", "b", "c", "a", "b", "a"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_lanes_keep_their_order(
            lanes in prop::collection::vec((0_u8..4, any::<bool>()), 0..200),
        ) {
            let mut queue = FairQueue::new();
            for (index, (lane, _)) in lanes.iter().enumerate() {
                queue.push(&lane.to_string(), (*lane, index));
            }
            let mut taken = Vec::new();
            let mut finishes = lanes.iter().map(|(_, finishes)| *finishes);
            while let Some((lane, item)) = queue.pop() {
                if finishes.next().unwrap() {
                    queue.finish(&lane);
                }
                taken.push(item);
            }
            prop_assert_eq!(taken.len(), lanes.len());
            prop_assert!(queue.is_empty());
            for lane in 0..4 {
                let order: Vec<_> = taken.iter().filter(|item| item.0 == lane).map(|item| item.1).collect();
                prop_assert!(order.is_sorted());
            }
        }
    }
}
