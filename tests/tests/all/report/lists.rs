//! Plain tables.

use insta::assert_snapshot;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;
use yardstick_report::list::{EMPTY, fields, table, table_or};
use yardstick_report::terminal::hanging;

fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
}

#[test]
fn a_list_is_aligned_and_its_widest_column_cut() {
    let rows = rows(&[
        &["batch-changes-ga", "L2", "judged", "Batch Changes, generally available on every deployment"],
        &["own", "L1", "draft", "所有者"],
        &["notebooks", "L3"],
        &["x", "", "launched\u{1b}[31m", "two\nlines"],
    ]);
    assert_snapshot!("list", table(&["release", "level", "state", "name"], &rows, 64));
}

#[test]
fn names_are_cut_only_when_prose_has_given_way() {
    let rows = rows(&[&["42", "batch_changes.merge_rate", "2 new · 0 unchanged · 0 corrected", "late.csv"]]);
    let line =
        |width| table(&["import", "metric", "rows", "from"], &rows, width).lines().nth(1).map(str::to_owned);
    assert_eq!(line(62).unwrap(), "42      batch_changes.merge_rate  2 new · 0 unchang…  late.csv");
    assert_eq!(line(54).unwrap(), "42      batch_changes.mer…  2 new · 0 uncha…  late.csv");
}

#[test]
fn a_list_without_rows_says_so() {
    assert_eq!(table(&["release"], &[], 80), format!("{EMPTY}\n"));
    assert_eq!(table_or(&["release"], &[], 80, "No releases yet."), "No releases yet.\n");
}

#[test]
fn a_list_in_markdown_escapes_its_cells() {
    let rows = rows(&[&["own|ed", "<b>"], &["short"]]);
    let text = yardstick_report::markdown::table(&["release", "name"], &rows);
    assert_eq!(text, "| release | name |\n| --- | --- |\n| own\\|ed | &lt;b&gt; |\n| short |  |\n");
}

#[test]
fn names_and_values_are_aligned_and_go_on_under_themselves() {
    let rows =
        [("owner", "ana.lopez@example.com".to_owned()), ("所有者", "one two three four five".to_owned())];
    let text = fields(&rows, 29);
    assert_eq!(text, "owner   ana.lopez@example.com\n所有者  one two three four\n        five\n");
    assert_eq!(
        hanging("  ok     id  ", "a bb · c", 17),
        "  ok     id  a\n             bb ·\n             c\n"
    );
}

proptest! {
    #[test]
    fn lines_fit(cells in prop::collection::vec(prop::collection::vec("\\PC{0,30}|.{0,12}", 0..5), 1..6),
                 width in 7usize..60) {
        let text = table(&["a", "bb", "c c"], &cells, width);
        prop_assert_eq!(text.lines().count(), cells.len() + 1);
        for line in text.lines() {
            prop_assert!(line.width() <= width, "{width}: {line:?}");
            prop_assert!(!line.chars().any(char::is_control) && !line.ends_with(' '));
        }
    }
}
