-- The spine: who, what is measured, what was promised, what was judged.
--
-- Times are unix milliseconds, days ISO dates, hashes "sha256:…", documents JSON. Only facts are kept: a
-- release's lifecycle is computed from them. Nothing that a figure rests on is ever changed or deleted: a
-- correction, a new seal, an undone import or launch is a further row or a mark on the old one.

CREATE TABLE organisation (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    document TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL
) STRICT;

CREATE TABLE teams (
    key TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE persons (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Metrics ---------------------------------------------------------------------------------------------------

CREATE TABLE metrics (
    key TEXT PRIMARY KEY,
    team TEXT NOT NULL REFERENCES teams (key),
    owner TEXT NOT NULL REFERENCES persons (id),
    -- Of the current meaning; its document is in metric_definitions.
    hash TEXT NOT NULL,
    document TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every meaning a metric has had: a seal names the one that was agreed on.
CREATE TABLE metric_definitions (
    metric TEXT NOT NULL REFERENCES metrics (key),
    hash TEXT NOT NULL,
    document TEXT NOT NULL,
    defined_at INTEGER NOT NULL,
    defined_by TEXT NOT NULL,
    PRIMARY KEY (metric, hash)
) STRICT, WITHOUT ROWID;

-- A verdict's terms give the hash alone.
CREATE INDEX metric_definitions_by_hash ON metric_definitions (hash);

CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    metric TEXT NOT NULL REFERENCES metrics (key),
    origin TEXT NOT NULL,
    hash TEXT NOT NULL,
    actor TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    complete_through INTEGER,
    new_rows INTEGER NOT NULL,
    unchanged_rows INTEGER NOT NULL,
    corrected_rows INTEGER NOT NULL,
    withdrawn_rows INTEGER NOT NULL,
    undone_at INTEGER,
    undone_by TEXT
) STRICT;

-- A metric's batches, its newest one (the only one that may be undone) and its watermark.
CREATE INDEX batches_by_metric ON batches (metric, id);

-- A metric and a set of dimensions, so that a point carries one number instead of texts.
CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    metric TEXT NOT NULL REFERENCES metrics (key),
    -- Canonical JSON; {} is the total.
    dimensions TEXT NOT NULL,
    UNIQUE (metric, dimensions)
) STRICT;

-- Append-only. The value that counts is the one of the newest batch that is not undone.
-- The key is the table: a judgement reads one range of it per series. No foreign keys, because only an import
-- writes here, with ids it got in the same transaction, and a check per row would double its time.
CREATE TABLE points (
    series INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    -- NULL: withdrawn, the key counts as missing from this batch on.
    sum REAL,
    n REAL,
    sum_sq REAL,
    PRIMARY KEY (series, bucket, batch)
) STRICT, WITHOUT ROWID;

-- Releases --------------------------------------------------------------------------------------------------

CREATE TABLE releases (
    slug TEXT PRIMARY KEY,
    team TEXT NOT NULL REFERENCES teams (key),
    owner TEXT NOT NULL REFERENCES persons (id),
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    feature TEXT,
    planned TEXT NOT NULL,
    -- Of the criteria as registered now.
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    registered_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Lists go by planned day, newest first: all of them, a team's, a level's.
CREATE INDEX releases_by_day ON releases (planned, slug);
CREATE INDEX releases_by_team ON releases (team, planned, slug);
CREATE INDEX releases_by_level ON releases (level, planned, slug);

CREATE TABLE criteria_versions (
    release TEXT NOT NULL REFERENCES releases (slug),
    version INTEGER NOT NULL,
    criteria TEXT NOT NULL,
    level TEXT NOT NULL,
    planned TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (release, version)
) STRICT, WITHOUT ROWID;

-- What seals and amendments are taken over: canonical JSON under its hash.
CREATE TABLE terms (
    hash TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE launches (
    id INTEGER PRIMARY KEY,
    release TEXT NOT NULL REFERENCES releases (slug),
    launched_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    undone_at INTEGER,
    undone_by TEXT,
    undone_reason TEXT
) STRICT;

-- At most one launch stands.
CREATE UNIQUE INDEX launches_standing ON launches (release) WHERE undone_at IS NULL;

-- The newest one counts; one that belongs to a launch only while that launch stands.
CREATE TABLE seals (
    id INTEGER PRIMARY KEY,
    release TEXT NOT NULL REFERENCES releases (slug),
    version INTEGER NOT NULL,
    hash TEXT NOT NULL REFERENCES terms (hash),
    sealed_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    -- before-launch | by-launch | after-launch
    sealed_when TEXT NOT NULL,
    -- Whole days after the launch day, for after-launch.
    days INTEGER,
    -- The launch it was taken by or after; NULL: before any.
    launch INTEGER REFERENCES launches (id)
) STRICT;

CREATE INDEX seals_by_release ON seals (release, id);

-- Changes of sealed terms; they count while the launch they followed stands.
CREATE TABLE amendments (
    id INTEGER PRIMARY KEY,
    release TEXT NOT NULL REFERENCES releases (slug),
    version INTEGER NOT NULL,
    hash TEXT NOT NULL REFERENCES terms (hash),
    amended_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    approved_by TEXT,
    launch INTEGER NOT NULL REFERENCES launches (id)
) STRICT;

CREATE INDEX amendments_by_release ON amendments (release, id);

CREATE TABLE cancellations (
    release TEXT PRIMARY KEY REFERENCES releases (slug),
    cancelled_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened to a release, for people.
CREATE TABLE release_events (
    id INTEGER PRIMARY KEY,
    release TEXT NOT NULL REFERENCES releases (slug),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;

CREATE INDEX release_events_by_release ON release_events (release, id);

-- Judging ---------------------------------------------------------------------------------------------------

-- Two names may carry the same bytes.
CREATE TABLE plugin_bytes (
    digest TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE plugins (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES plugin_bytes (digest),
    manifest TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    published_by TEXT NOT NULL,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

-- Content-addressed, so that equal inputs of many verdicts are kept once.
CREATE TABLE frames (
    digest TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

-- Rows never change. The document has everything but the judgements, which are in findings.
CREATE TABLE verdicts (
    id INTEGER PRIMARY KEY,
    release TEXT NOT NULL REFERENCES releases (slug),
    -- official | ad-hoc
    standing TEXT NOT NULL,
    -- N of dN.
    checkpoint INTEGER NOT NULL,
    -- Revision of an official one, look of an ad hoc one, from 1.
    number INTEGER NOT NULL,
    is_final INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT,
    code TEXT,
    headline TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    judged_at INTEGER NOT NULL,
    judged_by TEXT NOT NULL,
    terms TEXT NOT NULL REFERENCES terms (hash),
    rules INTEGER NOT NULL,
    -- Over everything it was concluded from: the same run twice makes no second revision.
    inputs TEXT NOT NULL,
    document TEXT NOT NULL,
    -- One per address; also the newest of a checkpoint, and whether a release has been judged.
    UNIQUE (release, standing, checkpoint, number)
) STRICT;

-- "Judged" is asked of every release in a list.
CREATE INDEX verdicts_final ON verdicts (release) WHERE standing = 'official' AND is_final = 1;
-- A release's verdicts, newest first; all of them go by id.
CREATE INDEX verdicts_by_release ON verdicts (release, id);
CREATE INDEX verdicts_by_standing ON verdicts (standing, id);

CREATE TABLE findings (
    verdict INTEGER NOT NULL REFERENCES verdicts (id),
    -- In the order of the criteria, from 0.
    position INTEGER NOT NULL,
    criterion TEXT NOT NULL,
    role TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT,
    code TEXT,
    headline TEXT NOT NULL,
    judgement TEXT NOT NULL,
    PRIMARY KEY (verdict, position)
) STRICT, WITHOUT ROWID;
