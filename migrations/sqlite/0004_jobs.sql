-- Work that is done later, by whichever process is free.

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    -- What it is about: there is one open job of a kind and key.
    key TEXT NOT NULL,
    -- Whose turn it takes; '': the host's own.
    team TEXT NOT NULL,
    release TEXT REFERENCES releases (slug),
    -- Lower ones first.
    priority INTEGER NOT NULL,
    -- waiting | running | done | dead | cancelled
    state TEXT NOT NULL,
    -- Not before.
    due_at INTEGER NOT NULL,
    -- Tries since it last got anywhere.
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Asked for again while it ran.
    again INTEGER NOT NULL DEFAULT 0,
    -- While it runs: who does it, and until when they must say that they still do.
    worker TEXT,
    lease_until INTEGER,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    -- For people: what it waits for, what the last try failed by, what came of it.
    waits_for TEXT,
    error TEXT,
    result TEXT
) STRICT;

CREATE UNIQUE INDEX jobs_open ON jobs (kind, key) WHERE state IN ('waiting', 'running');
-- The next one, and those whose worker has gone.
CREATE INDEX jobs_waiting ON jobs (due_at, id) WHERE state = 'waiting';
CREATE INDEX jobs_running ON jobs (lease_until, id) WHERE state = 'running';
CREATE INDEX jobs_by_state ON jobs (state, id);
CREATE INDEX jobs_by_release ON jobs (release, id);

-- When each team last had its turn: the one that has waited longest is next.
CREATE TABLE job_turns (
    team TEXT PRIMARY KEY,
    turn INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which metrics sealed terms and amendments name: what late values concern.
CREATE TABLE terms_metrics (
    metric TEXT NOT NULL,
    terms TEXT NOT NULL REFERENCES terms (hash),
    PRIMARY KEY (metric, terms)
) STRICT, WITHOUT ROWID;

INSERT INTO terms_metrics (metric, terms)
SELECT named.key, terms.hash FROM terms, json_each(CAST(terms.bytes AS TEXT), '$.metrics') AS named;
