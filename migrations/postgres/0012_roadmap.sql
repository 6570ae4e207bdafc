-- Releases that are expected, registered or not: rows of imported roadmaps.

CREATE TABLE expected_releases (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list TEXT COLLATE "C" NOT NULL,
    -- What makes a row the one it is: its own key, its issue, or its name and planned day.
    key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    team TEXT COLLATE "C" REFERENCES teams (key),
    level TEXT COLLATE "C",
    -- ~, which comes after every day: none.
    planned TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C",
    -- Without a slash at its end.
    issue TEXT COLLATE "C",
    -- The slug that the row names; it may not be registered yet.
    named TEXT COLLATE "C",
    -- The release that it became.
    release TEXT COLLATE "C" REFERENCES releases (slug),
    imported_at BIGINT NOT NULL,
    imported_by TEXT COLLATE "C" NOT NULL,
    -- When the list was imported without it; NULL: it is on it.
    withdrawn_at BIGINT,
    UNIQUE (list, key)
);

CREATE INDEX expected_by_day ON expected_releases (planned, id) WHERE withdrawn_at IS NULL;
CREATE INDEX expected_by_team ON expected_releases (team, planned, id) WHERE withdrawn_at IS NULL;
CREATE INDEX expected_unregistered ON expected_releases (planned, team, level) WHERE withdrawn_at IS NULL AND release IS NULL;
-- Looked at whenever a release is registered or changed.
CREATE INDEX expected_by_name ON expected_releases (named) WHERE withdrawn_at IS NULL AND release IS NULL AND named IS NOT NULL;
CREATE INDEX expected_by_issue ON expected_releases (issue) WHERE withdrawn_at IS NULL AND release IS NULL AND issue IS NOT NULL;
