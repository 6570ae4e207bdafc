-- Retros, what comes of them, and releases that need none.

CREATE TABLE retros (
    id TEXT PRIMARY KEY,
    team TEXT NOT NULL REFERENCES teams (key),
    -- company | team
    visibility TEXT NOT NULL,
    -- collecting | held | closed
    status TEXT NOT NULL,
    title TEXT NOT NULL,
    -- Grows with every edit.
    version INTEGER NOT NULL,
    -- JSON: what people write.
    document TEXT NOT NULL,
    -- JSON: what the host knew when it was closed; NULL: it is not, and the host looks anew.
    evidence TEXT,
    opened_at INTEGER NOT NULL,
    opened_by TEXT NOT NULL,
    closed_at INTEGER,
    closed_by TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX retros_by_time ON retros (opened_at, id);
CREATE INDEX retros_by_team ON retros (team, opened_at, id);

CREATE TABLE retro_releases (
    release TEXT NOT NULL REFERENCES releases (slug),
    retro TEXT NOT NULL REFERENCES retros (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (release, retro)
) STRICT, WITHOUT ROWID;

CREATE INDEX retro_releases_by_retro ON retro_releases (retro, position);

CREATE TABLE retro_waivers (
    release TEXT PRIMARY KEY REFERENCES releases (slug),
    waived_at INTEGER NOT NULL,
    waived_by TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE actions (
    id INTEGER PRIMARY KEY,
    retro TEXT NOT NULL REFERENCES retros (id),
    team TEXT NOT NULL REFERENCES teams (key),
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    owner TEXT NOT NULL REFERENCES persons (id),
    -- A day.
    due TEXT NOT NULL,
    -- open | done | dropped
    state TEXT NOT NULL,
    -- Why it was dropped.
    reason TEXT,
    issue TEXT,
    made_at INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    -- When it was done or dropped.
    ended_at INTEGER
) STRICT;

CREATE INDEX actions_by_retro ON actions (retro, id);
CREATE INDEX actions_by_team ON actions (team, id);
CREATE INDEX actions_by_owner ON actions (owner, id);
CREATE INDEX actions_open ON actions (due, id) WHERE state = 'open';

CREATE TABLE learnings (
    id INTEGER PRIMARY KEY,
    retro TEXT NOT NULL REFERENCES retros (id),
    team TEXT NOT NULL REFERENCES teams (key),
    text TEXT NOT NULL,
    -- Words with a blank before, between and behind them.
    tags TEXT NOT NULL,
    -- JSON: what it rests on.
    evidence TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    made_by TEXT NOT NULL
) STRICT;

CREATE INDEX learnings_by_retro ON learnings (retro, id);
CREATE INDEX learnings_by_team ON learnings (team, id);

-- What learnings are found by.
CREATE VIRTUAL TABLE learnings_found USING fts5 (text, tags, content = 'learnings', content_rowid = 'id', tokenize = 'porter unicode61');

CREATE TRIGGER learnings_put AFTER INSERT ON learnings BEGIN
    INSERT INTO learnings_found (rowid, text, tags) VALUES (new.id, new.text, new.tags);
END;

CREATE TRIGGER learnings_gone AFTER DELETE ON learnings BEGIN
    INSERT INTO learnings_found (learnings_found, rowid, text, tags) VALUES ('delete', old.id, old.text, old.tags);
END;

CREATE TRIGGER learnings_changed AFTER UPDATE ON learnings BEGIN
    INSERT INTO learnings_found (learnings_found, rowid, text, tags) VALUES ('delete', old.id, old.text, old.tags);
    INSERT INTO learnings_found (rowid, text, tags) VALUES (new.id, new.text, new.tags);
END;
