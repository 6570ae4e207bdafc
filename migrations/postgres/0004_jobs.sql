-- Work that is done later, by whichever process is free.

CREATE TABLE jobs (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    -- What it is about: there is one open job of a kind and key.
    key TEXT COLLATE "C" NOT NULL,
    -- Whose turn it takes; '': the host's own.
    team TEXT COLLATE "C" NOT NULL,
    release TEXT COLLATE "C" REFERENCES releases (slug),
    -- Lower ones first.
    priority BIGINT NOT NULL,
    -- waiting | running | done | dead | cancelled
    state TEXT COLLATE "C" NOT NULL,
    -- Not before.
    due_at BIGINT NOT NULL,
    -- Tries since it last got anywhere.
    attempts BIGINT NOT NULL DEFAULT 0,
    -- Asked for again while it ran.
    again BOOLEAN NOT NULL DEFAULT FALSE,
    -- While it runs: who does it, and until when they must say that they still do.
    worker TEXT COLLATE "C",
    lease_until BIGINT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    -- For people: what it waits for, what the last try failed by, what came of it.
    waits_for TEXT COLLATE "C",
    error TEXT COLLATE "C",
    result TEXT COLLATE "C"
);

CREATE UNIQUE INDEX jobs_open ON jobs (kind, key) WHERE state IN ('waiting', 'running');
-- The next one, and those whose worker has gone.
CREATE INDEX jobs_waiting ON jobs (due_at, id) WHERE state = 'waiting';
CREATE INDEX jobs_running ON jobs (lease_until, id) WHERE state = 'running';
CREATE INDEX jobs_by_state ON jobs (state, id);
CREATE INDEX jobs_by_release ON jobs (release, id);

-- When each team last had its turn: the one that has waited longest is next.
CREATE TABLE job_turns (
    team TEXT COLLATE "C" PRIMARY KEY,
    turn BIGINT NOT NULL
);

-- Which metrics sealed terms and amendments name: what late values concern.
CREATE TABLE terms_metrics (
    metric TEXT COLLATE "C" NOT NULL,
    terms TEXT COLLATE "C" NOT NULL REFERENCES terms (hash),
    PRIMARY KEY (metric, terms)
);

INSERT INTO terms_metrics (metric, terms)
SELECT named.key, terms.hash
FROM terms, LATERAL jsonb_object_keys(convert_from(terms.bytes, 'UTF8')::jsonb -> 'metrics') AS named (key);
