-- Retros, what comes of them, and releases that need none.

CREATE TABLE retros (
    id TEXT COLLATE "C" PRIMARY KEY,
    team TEXT COLLATE "C" NOT NULL REFERENCES teams (key),
    -- company | team
    visibility TEXT COLLATE "C" NOT NULL,
    -- collecting | held | closed
    status TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    -- Grows with every edit.
    version BIGINT NOT NULL,
    -- JSON: what people write.
    document TEXT COLLATE "C" NOT NULL,
    -- JSON: what the host knew when it was closed; NULL: it is not, and the host looks anew.
    evidence TEXT COLLATE "C",
    opened_at BIGINT NOT NULL,
    opened_by TEXT COLLATE "C" NOT NULL,
    closed_at BIGINT,
    closed_by TEXT COLLATE "C"
);

CREATE INDEX retros_by_time ON retros (opened_at, id);
CREATE INDEX retros_by_team ON retros (team, opened_at, id);

CREATE TABLE retro_releases (
    release TEXT COLLATE "C" NOT NULL REFERENCES releases (slug),
    retro TEXT COLLATE "C" NOT NULL REFERENCES retros (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (release, retro)
);

CREATE INDEX retro_releases_by_retro ON retro_releases (retro, position);

CREATE TABLE retro_waivers (
    release TEXT COLLATE "C" PRIMARY KEY REFERENCES releases (slug),
    waived_at BIGINT NOT NULL,
    waived_by TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL
);

CREATE TABLE actions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    retro TEXT COLLATE "C" NOT NULL REFERENCES retros (id),
    team TEXT COLLATE "C" NOT NULL REFERENCES teams (key),
    version BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    -- A day.
    due TEXT COLLATE "C" NOT NULL,
    -- open | done | dropped
    state TEXT COLLATE "C" NOT NULL,
    -- Why it was dropped.
    reason TEXT COLLATE "C",
    issue TEXT COLLATE "C",
    made_at BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    -- When it was done or dropped.
    ended_at BIGINT
);

CREATE INDEX actions_by_retro ON actions (retro, id);
CREATE INDEX actions_by_team ON actions (team, id);
CREATE INDEX actions_by_owner ON actions (owner, id);
CREATE INDEX actions_open ON actions (due, id) WHERE state = 'open';

CREATE TABLE learnings (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    retro TEXT COLLATE "C" NOT NULL REFERENCES retros (id),
    team TEXT COLLATE "C" NOT NULL REFERENCES teams (key),
    text TEXT COLLATE "C" NOT NULL,
    -- Words with a blank before, between and behind them.
    tags TEXT COLLATE "C" NOT NULL,
    -- JSON: what it rests on.
    evidence TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL
);

CREATE INDEX learnings_by_retro ON learnings (retro, id);
CREATE INDEX learnings_by_team ON learnings (team, id);

-- What learnings are found by.
CREATE INDEX learnings_found ON learnings USING GIN (to_tsvector('english', text || tags));
