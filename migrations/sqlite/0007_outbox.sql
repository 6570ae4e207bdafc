-- What somebody should hear of, where it goes, and what became of it.

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    -- Of a kind and key there is one event for ever.
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    team TEXT,
    release TEXT REFERENCES releases (slug),
    -- Its address with its number.
    verdict TEXT,
    urgent INTEGER NOT NULL,
    says TEXT NOT NULL,
    advice TEXT,
    -- JSON: who should do something.
    persons TEXT NOT NULL,
    UNIQUE (kind, key)
) STRICT;

CREATE INDEX outbox_by_release ON outbox (release, id);

CREATE TABLE sinks (
    name TEXT PRIMARY KEY,
    -- folder | web-hook
    kind TEXT NOT NULL,
    -- NULL: everybody's.
    team TEXT REFERENCES teams (key),
    -- JSON; [] is all.
    kinds TEXT NOT NULL,
    url TEXT,
    private_addresses INTEGER NOT NULL,
    -- What messages are signed by, and what signed them before, until when.
    secret TEXT,
    old_secret TEXT,
    old_until INTEGER,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    removed_at INTEGER,
    rests_until INTEGER
) STRICT, WITHOUT ROWID;

-- Every try.
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    event INTEGER NOT NULL REFERENCES outbox (id),
    sink TEXT NOT NULL REFERENCES sinks (name),
    at INTEGER NOT NULL,
    took_ms INTEGER NOT NULL,
    -- taken | failed | refused
    outcome TEXT NOT NULL,
    status INTEGER,
    says TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX deliveries_taken ON deliveries (event, sink) WHERE outcome = 'taken';
CREATE INDEX deliveries_by_event ON deliveries (event, id);
CREATE INDEX deliveries_by_sink ON deliveries (sink, id);

-- Since when a job could be done, however often it failed since; NULL: since it was due.
ALTER TABLE jobs ADD COLUMN wanted_at INTEGER;

-- Verdicts that a metric's values were missing for.
CREATE INDEX findings_stale ON findings (verdict) WHERE code = 'stale';

-- The first job that is due of each lane, priority and team: what a claim takes, however many wait. The state is the same
-- in all of it; SQLite takes the index for that column rather than jobs_by_state.
CREATE INDEX jobs_next ON jobs (state, priority, team, due_at, id) WHERE state = 'waiting' AND kind <> 'deliver';
CREATE INDEX jobs_next_delivery ON jobs (state, priority, team, due_at, id) WHERE state = 'waiting' AND kind = 'deliver';
