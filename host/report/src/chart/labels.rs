//! Labels beside a picture, moved apart until none covers another.

use super::words::Label;
use crate::chart::palette::Paint;

/// Height of a label's first line and of its second.
const MAIN: f64 = 14.0;
const SUB: f64 = 13.0;

/// A label and the height it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Beside {
    pub(crate) label: Label,
    pub(crate) paint: Paint,
    /// Where what it names lies.
    pub(crate) at: f64,
    /// Where its top ends up.
    pub(crate) top: f64,
}

impl Beside {
    pub(crate) fn new(label: Label, paint: Paint, at: f64) -> Self {
        Self { label, paint, at, top: at }
    }

    fn height(&self) -> f64 {
        if self.label.sub.is_empty() { MAIN } else { MAIN + SUB }
    }

    /// The middle of its first line.
    pub(crate) fn middle(&self) -> f64 {
        self.top + MAIN / 2.0
    }
}

/// Orders the labels by height and moves them apart, between `top` and `bottom` as long as there is room. Second
/// lines are given up first.
pub(crate) fn arrange(labels: &mut Vec<Beside>, top: f64, bottom: f64) {
    labels.sort_by(|one, other| one.at.total_cmp(&other.at));
    let room = bottom - top;
    if labels.iter().map(Beside::height).sum::<f64>() > room {
        labels.iter_mut().for_each(|label| label.label.sub.clear());
    }
    labels.truncate((room / MAIN) as usize);
    let mut next = top;
    for label in labels.iter_mut() {
        label.top = (label.at - MAIN / 2.0).max(next);
        next = label.top + label.height();
    }
    let mut next = bottom;
    for label in labels.iter_mut().rev() {
        label.top = label.top.min(next - label.height());
        next = label.top;
    }
}

#[cfg(test)]
mod tests {
    use super::{Beside, Label, Paint, arrange};

    #[test]
    fn labels_are_moved_apart_and_stay_inside() {
        for heights in [vec![50.0, 51.0, 52.0], vec![0.0; 4], vec![100.0; 4], vec![100.0; 30], vec![]] {
            let label = Label { main: "target 4,000".to_owned(), sub: "or more".to_owned() };
            let mut labels: Vec<Beside> =
                heights.iter().map(|at| Beside::new(label.clone(), Paint::Target, *at)).collect();
            arrange(&mut labels, 0.0, 110.0);
            for pair in labels.windows(2) {
                assert!(pair[0].top + pair[0].height() <= pair[1].top + 1e-9, "{heights:?}");
            }
            assert!(
                labels.iter().all(|label| label.top >= -1e-9 && label.top + label.height() <= 110.0 + 1e-9)
            );
        }
    }
}
