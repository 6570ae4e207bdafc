//! Lists of releases: which, and in what order.

use jiff::Timestamp;
use jiff::civil::Date;
use yardstick_domain::ids::{PersonId, ReleaseSlug, TeamKey};
use yardstick_domain::level::Level;
use yardstick_domain::release::{Lifecycle, Stage};
use yardstick_domain::standing::WaitsFor;

use crate::releases::{CLOSED, FACTS, FINAL, Sees};
use crate::rows::Value;

/// Which releases to list. The default: all.
#[derive(Debug, Clone, Default)]
pub struct ReleaseFilter {
    /// Of this team.
    pub team: Option<TeamKey>,
    /// Of one of these levels; empty: of any.
    pub levels: Vec<Level>,
    /// Standing here.
    pub lifecycle: Option<Lifecycle>,
    /// That this person answers for.
    pub owner: Option<PersonId>,
    /// Of this feature.
    pub feature: Option<String>,
    /// With which the feature is this mature.
    pub stage: Option<Stage>,
    /// Planned on this day or later.
    pub planned_from: Option<Date>,
    /// Planned on this day or earlier.
    pub planned_until: Option<Date>,
    /// Launched at this instant or later.
    pub launched_from: Option<Timestamp>,
    /// Launched before this instant.
    pub launched_until: Option<Timestamp>,
    /// Whose name has this text in it; letters from A to Z without regard to case.
    pub text: Option<String>,
    /// Waiting for this at an instant.
    pub waits_for: Option<(WaitsFor, Timestamp)>,
    /// That whoever asks may see.
    pub sees: Sees,
    /// In this order.
    pub order: ReleaseOrder,
}

/// The order of a list of releases. Those that are alike in it are in the order of their slugs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReleaseOrder {
    /// The latest planned day first.
    #[default]
    LatestPlanned,
    /// The earliest planned day first.
    EarliestPlanned,
    /// By name.
    Name,
    /// By name, from its end.
    NameBackwards,
    /// Whose registration changed last first.
    LatestChanged,
    /// Whose registration has not changed for longest first.
    EarliestChanged,
}

impl ReleaseOrder {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::LatestPlanned,
        Self::EarliestPlanned,
        Self::Name,
        Self::NameBackwards,
        Self::LatestChanged,
        Self::EarliestChanged,
    ];

    /// What it is called where it is asked for: what it goes by, after a minus where it goes backwards.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LatestPlanned => "-planned",
            Self::EarliestPlanned => "planned",
            Self::Name => "name",
            Self::NameBackwards => "-name",
            Self::LatestChanged => "-changed",
            Self::EarliestChanged => "changed",
        }
    }

    /// The column it goes by, and whether it goes backwards.
    fn column(self) -> (&'static str, bool) {
        match self {
            Self::LatestPlanned => ("r.planned", true),
            Self::EarliestPlanned => ("r.planned", false),
            Self::Name => ("r.name", false),
            Self::NameBackwards => ("r.name", true),
            Self::LatestChanged => ("r.changed_at", true),
            Self::EarliestChanged => ("r.changed_at", false),
        }
    }
}

/// Where a page of releases ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseCursor {
    /// What the list goes by, of the last release.
    pub at: ReleaseCursorAt,
    /// The last release.
    pub slug: ReleaseSlug,
}

/// What a list of releases goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleaseCursorAt {
    /// The planned day.
    Planned(Date),
    /// The name.
    Name(String),
    /// When the registration last changed.
    Changed(Timestamp),
}

impl ReleaseCursorAt {
    fn value(&self) -> Value {
        match self {
            Self::Planned(day) => day.to_string().into(),
            Self::Name(name) => name.as_str().into(),
            Self::Changed(at) => (*at).into(),
        }
    }
}

/// The statement of a page of releases. Only what is filtered by is in it, so that each finds its index.
pub(crate) fn list(
    filter: &ReleaseFilter,
    after: Option<&ReleaseCursor>,
    limit: u32,
) -> (String, Vec<Value>) {
    let (mut column, backwards) = filter.order.column();
    let mut slug = "r.slug";
    let mut sql = format!("{FACTS} WHERE TRUE");
    let mut values = Vec::new();
    if filter.waits_for.is_some() {
        // From what waits on: it is little among all releases, and in the order of planned days.
        sql = sql.replace("FROM releases r ", "FROM waits w JOIN releases r ON r.slug = w.release ");
        slug = "w.release";
        if column == "r.planned" {
            column = "w.planned";
        }
    }
    if let Some(after) = after {
        values.extend([after.at.value(), after.slug.as_str().into()]);
        let beyond = if backwards { "<" } else { ">" };
        sql += &format!(" AND ({column}, {slug}) {beyond} ($1, $2)");
    }
    let mut with = |condition: &str, value: Value| {
        values.push(value);
        sql += &format!(" AND {condition} ${}", values.len());
    };
    if let Some((what, now)) = filter.waits_for {
        with("w.what =", what.as_str().into());
        with("w.since <=", now.into());
    }
    if let Some(team) = &filter.team {
        with("r.team =", team.as_str().into());
    }
    if let Some(owner) = &filter.owner {
        with("r.owner =", owner.as_str().into());
    }
    if let Some(feature) = &filter.feature {
        with("r.feature =", feature.as_str().into());
    }
    if let Some(stage) = filter.stage {
        with("r.stage =", stage.as_str().into());
    }
    if let Some(day) = filter.planned_from {
        with("r.planned >=", day.to_string().into());
    }
    if let Some(day) = filter.planned_until {
        with("r.planned <=", day.to_string().into());
    }
    if let Some(at) = filter.launched_from {
        with("l.launched_at >=", at.into());
    }
    if let Some(at) = filter.launched_until {
        with("l.launched_at <", at.into());
    }
    if let Some(text) = &filter.text {
        sql += &containing("r.name", text, &mut values);
    }
    match filter.levels.as_slice() {
        [] => {}
        [level] => {
            values.push(level.as_str().into());
            sql += &format!(" AND r.level = ${}", values.len());
        }
        // Nothing that an index is chosen for: of several levels it has no order, and SQLite would sort all there are.
        levels => sql += &format!(" AND (r.level || '') IN ({})", of_levels(levels, &mut values)),
    }
    sql += &match filter.lifecycle {
        None => String::new(),
        Some(Lifecycle::Cancelled) => " AND c.release IS NOT NULL".to_owned(),
        Some(Lifecycle::Judged) => format!(" AND c.release IS NULL AND {FINAL} AND NOT {CLOSED}"),
        Some(Lifecycle::Closed) => format!(" AND c.release IS NULL AND {FINAL} AND {CLOSED}"),
        Some(Lifecycle::Launched) => {
            format!(" AND c.release IS NULL AND NOT {FINAL} AND l.id IS NOT NULL")
        }
        Some(Lifecycle::Sealed) => " AND c.release IS NULL AND l.id IS NULL AND s.id IS NOT NULL".to_owned(),
        Some(Lifecycle::Draft) => " AND c.release IS NULL AND l.id IS NULL AND s.id IS NULL".to_owned(),
    };
    sql += &filter.sees.condition(&mut values);
    values.push((i64::from(limit) + 1).into());
    let direction = if backwards { "DESC" } else { "ASC" };
    sql += &format!(" ORDER BY {column} {direction}, {slug} {direction} LIMIT ${}", values.len());
    (sql, values)
}

/// The condition that a column has a text in it, letters from A to Z without regard to case, as SQL that begins with
/// AND, its value put behind those that are there.
pub(crate) fn containing(column: &str, text: &str, values: &mut Vec<Value>) -> String {
    let mut pattern = "%".to_owned();
    for c in text.to_ascii_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    values.push(pattern.into());
    format!(" AND lower({column}) LIKE ${} ESCAPE '\\'", values.len())
}

/// Places for these levels, their names put behind the values that are there.
pub(crate) fn of_levels(levels: &[Level], values: &mut Vec<Value>) -> String {
    let mut places = Vec::with_capacity(levels.len());
    for level in levels {
        values.push(level.as_str().into());
        places.push(format!("${}", values.len()));
    }
    places.join(", ")
}
