-- The spine: who, what is measured, what was promised, what was judged.
--
-- Times are unix milliseconds, days ISO dates, hashes "sha256:…", documents JSON. Only facts are kept: a
-- release's lifecycle is computed from them. Nothing that a figure rests on is ever changed or deleted: a
-- correction, a new seal, an undone import or launch is a further row or a mark on the old one.
--
-- Names, keys and hashes have the collation "C": byte order, as in SQLite, whatever the server's locale. All of
-- them, because columns of different collations cannot be compared.

CREATE TABLE organisation (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    document TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL
);

CREATE TABLE teams (
    key TEXT COLLATE "C" PRIMARY KEY,
    document TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL
);

CREATE TABLE persons (
    id TEXT COLLATE "C" PRIMARY KEY,
    document TEXT NOT NULL
);

-- Metrics ---------------------------------------------------------------------------------------------------

CREATE TABLE metrics (
    key TEXT COLLATE "C" PRIMARY KEY,
    team TEXT COLLATE "C" NOT NULL REFERENCES teams (key),
    owner TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    -- Of the current meaning; its document is in metric_definitions.
    hash TEXT COLLATE "C" NOT NULL,
    document TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL
);

-- Every meaning a metric has had: a seal names the one that was agreed on.
CREATE TABLE metric_definitions (
    metric TEXT COLLATE "C" NOT NULL REFERENCES metrics (key),
    hash TEXT COLLATE "C" NOT NULL,
    document TEXT NOT NULL,
    defined_at BIGINT NOT NULL,
    defined_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (metric, hash)
);

-- A verdict's terms give the hash alone.
CREATE INDEX metric_definitions_by_hash ON metric_definitions (hash);

CREATE TABLE batches (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    metric TEXT COLLATE "C" NOT NULL REFERENCES metrics (key),
    origin TEXT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    complete_through BIGINT,
    new_rows BIGINT NOT NULL,
    unchanged_rows BIGINT NOT NULL,
    corrected_rows BIGINT NOT NULL,
    withdrawn_rows BIGINT NOT NULL,
    undone_at BIGINT,
    undone_by TEXT COLLATE "C"
);

-- A metric's batches, its newest one (the only one that may be undone) and its watermark.
CREATE INDEX batches_by_metric ON batches (metric, id);

-- A metric and a set of dimensions, so that a point carries one number instead of texts.
CREATE TABLE series (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    metric TEXT COLLATE "C" NOT NULL REFERENCES metrics (key),
    -- Canonical JSON; {} is the total.
    dimensions TEXT COLLATE "C" NOT NULL,
    UNIQUE (metric, dimensions)
);

-- Append-only. The value that counts is the one of the newest batch that is not undone.
-- A judgement reads one range of the key per series. No foreign keys, because only an import
-- writes here, with ids it got in the same transaction, and a check per row would double its time.
CREATE TABLE points (
    series BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    -- NULL: withdrawn, the key counts as missing from this batch on.
    sum DOUBLE PRECISION,
    n DOUBLE PRECISION,
    sum_sq DOUBLE PRECISION,
    PRIMARY KEY (series, bucket, batch)
);

-- Releases --------------------------------------------------------------------------------------------------

CREATE TABLE releases (
    slug TEXT COLLATE "C" PRIMARY KEY,
    team TEXT COLLATE "C" NOT NULL REFERENCES teams (key),
    owner TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    name TEXT NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    feature TEXT COLLATE "C",
    planned TEXT COLLATE "C" NOT NULL,
    -- Of the criteria as registered now.
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    registered_at BIGINT NOT NULL,
    registered_by TEXT COLLATE "C" NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL
);

-- Lists go by planned day, newest first: all of them, a team's, a level's.
CREATE INDEX releases_by_day ON releases (planned, slug);
CREATE INDEX releases_by_team ON releases (team, planned, slug);
CREATE INDEX releases_by_level ON releases (level, planned, slug);

CREATE TABLE criteria_versions (
    release TEXT COLLATE "C" NOT NULL REFERENCES releases (slug),
    version BIGINT NOT NULL,
    criteria TEXT NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    planned TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    reason TEXT,
    PRIMARY KEY (release, version)
);

-- What seals and amendments are taken over: canonical JSON under its hash.
CREATE TABLE terms (
    hash TEXT COLLATE "C" PRIMARY KEY,
    bytes BYTEA NOT NULL
);

CREATE TABLE launches (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release TEXT COLLATE "C" NOT NULL REFERENCES releases (slug),
    launched_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    undone_at BIGINT,
    undone_by TEXT COLLATE "C",
    undone_reason TEXT
);

-- At most one launch stands.
CREATE UNIQUE INDEX launches_standing ON launches (release) WHERE undone_at IS NULL;

-- The newest one counts; one that belongs to a launch only while that launch stands.
CREATE TABLE seals (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release TEXT COLLATE "C" NOT NULL REFERENCES releases (slug),
    version BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL REFERENCES terms (hash),
    sealed_at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    -- before-launch | by-launch | after-launch
    sealed_when TEXT COLLATE "C" NOT NULL,
    -- Whole days after the launch day, for after-launch.
    days BIGINT,
    -- The launch it was taken by or after; NULL: before any.
    launch BIGINT REFERENCES launches (id)
);

CREATE INDEX seals_by_release ON seals (release, id);

-- Changes of sealed terms; they count while the launch they followed stands.
CREATE TABLE amendments (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release TEXT COLLATE "C" NOT NULL REFERENCES releases (slug),
    version BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL REFERENCES terms (hash),
    amended_at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    reason TEXT NOT NULL,
    approved_by TEXT COLLATE "C",
    launch BIGINT NOT NULL REFERENCES launches (id)
);

CREATE INDEX amendments_by_release ON amendments (release, id);

CREATE TABLE cancellations (
    release TEXT COLLATE "C" PRIMARY KEY REFERENCES releases (slug),
    cancelled_at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    reason TEXT NOT NULL
);

-- What happened to a release, for people.
CREATE TABLE release_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release TEXT COLLATE "C" NOT NULL REFERENCES releases (slug),
    at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    detail TEXT NOT NULL
);

CREATE INDEX release_events_by_release ON release_events (release, id);

-- Judging ---------------------------------------------------------------------------------------------------

-- Two names may carry the same bytes.
CREATE TABLE plugin_bytes (
    digest TEXT COLLATE "C" PRIMARY KEY,
    bytes BYTEA NOT NULL
);

CREATE TABLE plugins (
    name TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL REFERENCES plugin_bytes (digest),
    manifest TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (name, version)
);

-- Content-addressed, so that equal inputs of many verdicts are kept once.
CREATE TABLE frames (
    digest TEXT COLLATE "C" PRIMARY KEY,
    bytes BYTEA NOT NULL
);

-- Rows never change. The document has everything but the judgements, which are in findings.
CREATE TABLE verdicts (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release TEXT COLLATE "C" NOT NULL REFERENCES releases (slug),
    -- official | ad-hoc
    standing TEXT COLLATE "C" NOT NULL,
    -- N of dN.
    checkpoint BIGINT NOT NULL,
    -- Revision of an official one, look of an ad hoc one, from 1.
    number BIGINT NOT NULL,
    is_final BOOLEAN NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    reason TEXT,
    code TEXT COLLATE "C",
    headline TEXT NOT NULL,
    as_of BIGINT NOT NULL,
    judged_at BIGINT NOT NULL,
    judged_by TEXT COLLATE "C" NOT NULL,
    terms TEXT COLLATE "C" NOT NULL REFERENCES terms (hash),
    rules BIGINT NOT NULL,
    -- Over everything it was concluded from: the same run twice makes no second revision.
    inputs TEXT COLLATE "C" NOT NULL,
    document TEXT NOT NULL,
    -- One per address; also the newest of a checkpoint, and whether a release has been judged.
    UNIQUE (release, standing, checkpoint, number)
);

-- "Judged" is asked of every release in a list.
CREATE INDEX verdicts_final ON verdicts (release) WHERE standing = 'official' AND is_final;
-- A release's verdicts, newest first; all of them go by id.
CREATE INDEX verdicts_by_release ON verdicts (release, id);
CREATE INDEX verdicts_by_standing ON verdicts (standing, id);

CREATE TABLE findings (
    verdict BIGINT NOT NULL REFERENCES verdicts (id),
    -- In the order of the criteria, from 0.
    position BIGINT NOT NULL,
    criterion TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    reason TEXT,
    code TEXT COLLATE "C",
    headline TEXT NOT NULL,
    judgement TEXT NOT NULL,
    PRIMARY KEY (verdict, position)
);
