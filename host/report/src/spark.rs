//! A chart in one line of text.

use yardstick_client::chart::{ChartPart, LinePart};

use crate::chart::words::values;
use crate::chart::{Days, MOST_DAYS, level};

/// From the lowest value to the highest.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Stands where the launch day begins.
const LAUNCH: char = '│';
/// The most days side by side; of more, every second or third is shown.
const MOST_CELLS: usize = 60;
/// The most variants; all of them are in the picture.
const MOST_LINES: usize = 4;

/// A line of blocks with a word on what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spark {
    /// Blocks, blanks where a day has no value, and the mark of the launch.
    pub(crate) cells: String,
    /// `2,711 to 4,424 users, 10 Feb to 7 Apr`, behind a variant's name.
    pub(crate) words: String,
}

/// The lines of a chart that have values.
pub(crate) fn lines(chart: &ChartPart) -> Vec<Spark> {
    let days = Days::new(&chart.first_day, &chart.last_day, &chart.launch_day, MOST_DAYS);
    let Some(days) = days else { return Vec::new() };
    // Variants share their blocks: side by side, the higher one looks higher.
    let all = chart.lines.iter().flat_map(|line| values(&line.values, days.count));
    let ends = ends(all.map(|(_, value)| value));
    chart.lines.iter().take(MOST_LINES).filter_map(|line| spark(chart, line, &days, ends)).collect()
}

/// The lowest and the highest.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

fn spark(chart: &ChartPart, line: &LinePart, days: &Days, all: (f64, f64)) -> Option<Spark> {
    let known: Vec<(usize, f64)> = values(&line.values, days.count).collect();
    let (last, _) = *known.last()?;
    let (low, high) = ends(known.iter().map(|(_, value)| *value));
    let every = days.count.div_ceil(MOST_CELLS);
    let launch = days.launch().map(|day| day as usize / every);
    let mut cells = String::new();
    for cell in 0..=last / every {
        if launch == Some(cell) {
            cells.push(LAUNCH);
        }
        // The last day of those that share a cell: never a mean of what must not be averaged.
        let inside = |(day, _): &&(usize, f64)| day / every == cell;
        cells.push(known.iter().rfind(inside).map_or(' ', |(_, value)| block(*value, all.0, all.1)));
    }
    let unit =
        if matches!(chart.unit.as_str(), "share" | "relative" | "pp") { "" } else { chart.unit.as_str() };
    let apart = high - low;
    let range = if low == high {
        level(low, &chart.unit, apart)
    } else {
        format!("{} to {}", level(low, &chart.unit, apart), level(high, &chart.unit, apart))
    };
    let name = line.label.as_ref().map(|label| format!("{label}: ")).unwrap_or_default();
    let words = format!("{name}{range} {unit}");
    let words = format!("{}, {} to {}", words.trim_end(), days.short(0), days.short(last));
    Some(Spark { cells, words })
}

fn block(value: f64, low: f64, high: f64) -> char {
    // Halves, so that the distance of the largest numbers is one too.
    let share = (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
    if !share.is_finite() {
        return BLOCKS[3];
    }
    BLOCKS[((share * 8.0) as usize).min(7)]
}

#[cfg(test)]
mod tests {
    use super::block;

    #[test]
    fn blocks_go_from_the_lowest_to_the_highest() {
        assert_eq!([0.0, 1.0, 4.0, 7.9, 8.0].map(|value| block(value, 0.0, 8.0)), ['▁', '▂', '▅', '█', '█']);
        assert_eq!(block(5.0, 5.0, 5.0), '▄');
        assert_eq!(block(1e308, -1e308, 1e308), '█');
    }
}
