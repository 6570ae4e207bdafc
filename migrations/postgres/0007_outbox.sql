-- What somebody should hear of, where it goes, and what became of it.

CREATE TABLE outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    -- Of a kind and key there is one event for ever.
    key TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    team TEXT COLLATE "C",
    release TEXT COLLATE "C" REFERENCES releases (slug),
    -- Its address with its number.
    verdict TEXT COLLATE "C",
    urgent BOOLEAN NOT NULL,
    says TEXT COLLATE "C" NOT NULL,
    advice TEXT COLLATE "C",
    -- JSON: who should do something.
    persons TEXT COLLATE "C" NOT NULL,
    UNIQUE (kind, key)
);

CREATE INDEX outbox_by_release ON outbox (release, id);

CREATE TABLE sinks (
    name TEXT COLLATE "C" PRIMARY KEY,
    -- folder | web-hook
    kind TEXT COLLATE "C" NOT NULL,
    -- NULL: everybody's.
    team TEXT COLLATE "C" REFERENCES teams (key),
    -- JSON; [] is all.
    kinds TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C",
    private_addresses BOOLEAN NOT NULL,
    -- What messages are signed by, and what signed them before, until when.
    secret TEXT COLLATE "C",
    old_secret TEXT COLLATE "C",
    old_until BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    removed_at BIGINT,
    rests_until BIGINT
);

-- Every try.
CREATE TABLE deliveries (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event BIGINT NOT NULL REFERENCES outbox (id),
    sink TEXT COLLATE "C" NOT NULL REFERENCES sinks (name),
    at BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    -- taken | failed | refused
    outcome TEXT COLLATE "C" NOT NULL,
    status BIGINT,
    says TEXT COLLATE "C" NOT NULL
);

CREATE UNIQUE INDEX deliveries_taken ON deliveries (event, sink) WHERE outcome = 'taken';
CREATE INDEX deliveries_by_event ON deliveries (event, id);
CREATE INDEX deliveries_by_sink ON deliveries (sink, id);

-- Since when a job could be done, however often it failed since; NULL: since it was due.
ALTER TABLE jobs ADD COLUMN wanted_at BIGINT;

-- Verdicts that a metric's values were missing for.
CREATE INDEX findings_stale ON findings (verdict) WHERE code = 'stale';

-- The first job that is due of each lane, priority and team: what a claim takes, however many wait. The state is the same
-- in all of it; SQLite takes the index for that column rather than jobs_by_state.
CREATE INDEX jobs_next ON jobs (state, priority, team, due_at, id) WHERE state = 'waiting' AND kind <> 'deliver';
CREATE INDEX jobs_next_delivery ON jobs (state, priority, team, due_at, id) WHERE state = 'waiting' AND kind = 'deliver';
