-- How each release stands, in one row that is written with whatever changes it: what the portfolio is added up from, and
-- what waits for whom is found by.

CREATE TABLE standings (
    release TEXT PRIMARY KEY REFERENCES releases (slug),
    team TEXT NOT NULL,
    -- As what counts says, or registered where nothing is sealed.
    level TEXT NOT NULL,
    -- company | team
    visibility TEXT NOT NULL,
    -- The day of its launch in its team's zone; NULL: it has not launched, or was cancelled.
    launch_day TEXT,
    -- When its last checkpoint's time is over, with all the time that its data may take.
    due_at INTEGER,
    days_late INTEGER,
    -- before | by | after, of the seal against the launch; NULL: nothing is sealed.
    seal TEXT,
    has_goal INTEGER NOT NULL,
    amendments INTEGER NOT NULL,
    -- Whether one of them counts.
    amended INTEGER NOT NULL,
    -- Its final official verdict; NULL: there is none.
    outcome TEXT,
    code TEXT,
    -- When the first revision of it was given.
    judged_at INTEGER,
    -- accept | override of the newest revision of it, as the newest decision that was not withdrawn has it, approved where
    -- it must be.
    stance TEXT,
    override_to TEXT,
    override_until INTEGER,
    -- In 0..=1: how sure the team was.
    confidence REAL
) STRICT, WITHOUT ROWID;

CREATE INDEX standings_by_day ON standings (launch_day, release) WHERE launch_day IS NOT NULL;
CREATE INDEX standings_by_team ON standings (team, launch_day) WHERE launch_day IS NOT NULL;

-- What a release waits for.
CREATE TABLE waits (
    -- criteria | seal | launch | data | decision | retro
    what TEXT NOT NULL,
    planned TEXT NOT NULL,
    release TEXT NOT NULL REFERENCES releases (slug),
    -- Not before; 0: always.
    since INTEGER NOT NULL,
    PRIMARY KEY (what, planned, release)
) STRICT, WITHOUT ROWID;

CREATE INDEX waits_by_release ON waits (release);

-- What was expected of a goal, and what was observed, of releases with a final official verdict.
CREATE TABLE expectations (
    release TEXT NOT NULL REFERENCES releases (slug),
    criterion TEXT NOT NULL,
    team TEXT NOT NULL,
    visibility TEXT NOT NULL,
    launch_day TEXT NOT NULL,
    -- Both in the same unit.
    expected REAL NOT NULL,
    observed REAL NOT NULL,
    -- Whether what was observed is as good as what was expected, or better.
    met INTEGER NOT NULL,
    PRIMARY KEY (release, criterion)
) STRICT, WITHOUT ROWID;

CREATE INDEX expectations_by_day ON expectations (launch_day);
