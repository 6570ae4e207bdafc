-- Releases that are expected, registered or not: rows of imported roadmaps.

CREATE TABLE expected_releases (
    id INTEGER PRIMARY KEY,
    list TEXT NOT NULL,
    -- What makes a row the one it is: its own key, its issue, or its name and planned day.
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    team TEXT REFERENCES teams (key),
    level TEXT,
    -- ~, which comes after every day: none.
    planned TEXT NOT NULL,
    owner TEXT,
    -- Without a slash at its end.
    issue TEXT,
    -- The slug that the row names; it may not be registered yet.
    named TEXT,
    -- The release that it became.
    release TEXT REFERENCES releases (slug),
    imported_at INTEGER NOT NULL,
    imported_by TEXT NOT NULL,
    -- When the list was imported without it; NULL: it is on it.
    withdrawn_at INTEGER,
    UNIQUE (list, key)
) STRICT;

CREATE INDEX expected_by_day ON expected_releases (planned, id) WHERE withdrawn_at IS NULL;
CREATE INDEX expected_by_team ON expected_releases (team, planned, id) WHERE withdrawn_at IS NULL;
CREATE INDEX expected_unregistered ON expected_releases (planned, team, level) WHERE withdrawn_at IS NULL AND release IS NULL;
-- Looked at whenever a release is registered or changed.
CREATE INDEX expected_by_name ON expected_releases (named) WHERE withdrawn_at IS NULL AND release IS NULL AND named IS NOT NULL;
CREATE INDEX expected_by_issue ON expected_releases (issue) WHERE withdrawn_at IS NULL AND release IS NULL AND issue IS NOT NULL;
