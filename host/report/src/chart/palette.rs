//! Colours: Okabe and Ito's palette, which people with any colour vision tell apart, made darker or lighter until
//! texts in it can be read. Nothing is said by colour alone: every line has its label and its own dashes.
//!
//! The light colours are attributes, so that a picture needs no style sheet; the dark ones are rules that replace
//! them where the reader's screen is dark.

/// What something is painted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    Ground,
    Ink,
    Muted,
    Grid,
    Window,
    Before,
    Launch,
    Target,
    Observed,
    /// The line of this number; the numbers go round.
    Line(usize),
}

/// Name, light and dark colour.
type Colours = (&'static str, &'static str, &'static str);

/// Lines in the order in which they are drawn.
const LINES: [Colours; 8] = [
    ("l0", "#0063a0", "#6cb8ee"),
    ("l1", "#b04a00", "#f0935a"),
    ("l2", "#00755a", "#3fc6a0"),
    ("l3", "#a3487f", "#e196c3"),
    ("l4", "#8a6500", "#e8b23f"),
    ("l5", "#1a6d98", "#9ad0f0"),
    ("l6", "#555b63", "#b5bbc4"),
    ("l7", "#7a4a2b", "#d2a47f"),
];

/// Dashes of lines in the same order.
const DASHES: [&str; 8] = ["", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "1 4", "6 2 1 2 1 2"];

impl Paint {
    fn colours(self) -> Colours {
        match self {
            Self::Ground => ("ground", "#ffffff", "#16191d"),
            Self::Ink => ("ink", "#1d2329", "#e9edf1"),
            Self::Muted => ("muted", "#5c6670", "#a3adb7"),
            Self::Grid => ("grid", "#e3e7eb", "#2e343b"),
            Self::Window => ("window", "#e8f1f8", "#1c2a36"),
            Self::Before => ("before", "#f1f2f4", "#20242a"),
            Self::Launch => ("launch", "#1d2329", "#e9edf1"),
            Self::Target => ("target", "#b04a00", "#f0935a"),
            Self::Observed => ("observed", "#00755a", "#3fc6a0"),
            Self::Line(number) => LINES[number % LINES.len()],
        }
    }

    /// The light colour.
    pub(crate) fn light(self) -> &'static str {
        self.colours().1
    }

    /// Class of what is filled with it.
    pub(crate) fn fill_class(self) -> String {
        format!("f-{}", self.colours().0)
    }

    /// Class of what is drawn with it.
    pub(crate) fn stroke_class(self) -> String {
        format!("s-{}", self.colours().0)
    }

    /// Dashes of a line; empty: none.
    pub(crate) fn dashes(self) -> &'static str {
        match self {
            Self::Line(number) => DASHES[number % DASHES.len()],
            _ => "",
        }
    }
}

/// The dark colours as rules of a style sheet.
pub(crate) const DARK: &str = include_str!("dark.css");

#[cfg(test)]
mod tests {
    use super::{DARK, Paint};

    const ALL: [Paint; 9] = [
        Paint::Ground,
        Paint::Ink,
        Paint::Muted,
        Paint::Grid,
        Paint::Window,
        Paint::Before,
        Paint::Launch,
        Paint::Target,
        Paint::Observed,
    ];

    fn all() -> impl Iterator<Item = Paint> {
        ALL.into_iter().chain((0..8).map(Paint::Line))
    }

    #[test]
    fn the_style_sheet_is_the_table() {
        let mut rules = String::from("@media screen and (prefers-color-scheme: dark) {\n");
        for paint in all() {
            let (fill, stroke, dark) = (paint.fill_class(), paint.stroke_class(), paint.colours().2);
            rules.push_str(&format!("  .{fill} {{ fill: {dark}; }} .{stroke} {{ stroke: {dark}; }}\n"));
        }
        assert_eq!(DARK, rules + "}\n");
    }

    /// Contrast of the web's accessibility guidelines (WCAG 2.2, 1.4.3).
    fn contrast(one: &str, other: &str) -> f64 {
        let luminance = |colour: &str| -> f64 {
            let part = |at: usize| {
                let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
                if part <= 0.04045 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) }
            };
            0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn texts_can_be_read_on_every_ground() {
        let grounds = [Paint::Ground, Paint::Window, Paint::Before];
        let texts = all()
            .filter(|paint| !matches!(paint, Paint::Grid | Paint::Ground | Paint::Window | Paint::Before));
        for text in texts {
            for ground in grounds {
                let (text, ground) = (text.colours(), ground.colours());
                // On shading there are texts of the usual inks and lines; lines need 3 only.
                let least = if ground.0 == "ground" { 4.5 } else { 3.0 };
                assert!(contrast(text.1, ground.1) >= least, "light {} on {}", text.0, ground.0);
                assert!(contrast(text.2, ground.2) >= least, "dark {} on {}", text.0, ground.0);
            }
        }
    }
}
