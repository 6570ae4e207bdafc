-- Plugins of teams: what may be done with a version, what it may read, how it fares.

-- What it said it is when it was published, so that lists need not load it.
ALTER TABLE plugins ADD COLUMN description TEXT NOT NULL DEFAULT '{"summary":"","params_schema":{},"metrics":[]}';
ALTER TABLE plugins ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
-- current | shadow
ALTER TABLE plugins ADD COLUMN channel TEXT NOT NULL DEFAULT 'current';
-- JSON: when, who, why; NULL: it is not.
ALTER TABLE plugins ADD COLUMN deprecated TEXT;
ALTER TABLE plugins ADD COLUMN yanked TEXT;

-- What was done to a plugin, for people.
CREATE TABLE plugin_events (
    id INTEGER PRIMARY KEY,
    plugin TEXT NOT NULL,
    version TEXT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;

CREATE INDEX plugin_events_by_plugin ON plugin_events (plugin, id);

-- Which components sealed terms and amendments name: who is concerned when one is yanked.
CREATE TABLE terms_plugins (
    digest TEXT NOT NULL,
    terms TEXT NOT NULL REFERENCES terms (hash),
    PRIMARY KEY (digest, terms)
) STRICT, WITHOUT ROWID;

-- The verdicts that were given with a component, for back-tests.
CREATE INDEX verdicts_by_terms ON verdicts (terms, id);
CREATE INDEX seals_by_hash ON seals (hash);
CREATE INDEX amendments_by_hash ON amendments (hash);

-- Leave to read what a plugin could not read by itself. A grant that was taken back stays on record.
CREATE TABLE plugin_grants (
    id INTEGER PRIMARY KEY,
    plugin TEXT NOT NULL,
    metric TEXT NOT NULL REFERENCES metrics (key),
    samples INTEGER NOT NULL,
    given_at INTEGER NOT NULL,
    given_by TEXT NOT NULL,
    revoked_at INTEGER,
    revoked_by TEXT
) STRICT;

CREATE UNIQUE INDEX plugin_grants_standing ON plugin_grants (plugin, metric, samples) WHERE revoked_at IS NULL;

-- Components whose last run crashed. One that ends well has no row.
CREATE TABLE plugin_health (
    digest TEXT PRIMARY KEY REFERENCES plugin_bytes (digest),
    crashes INTEGER NOT NULL,
    failed_at INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    suspended_at INTEGER
) STRICT, WITHOUT ROWID;

-- What plugins used and wrote when they were asked, and what shadows found. Nothing that a verdict rests on.
CREATE TABLE plugin_runs (
    id INTEGER PRIMARY KEY,
    verdict INTEGER NOT NULL REFERENCES verdicts (id),
    criterion TEXT NOT NULL,
    plugin TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- JSON; NULL: its finding is in the verdict.
    shadow TEXT,
    cost TEXT NOT NULL,
    -- Of the failure that ended it; NULL: it answered.
    code TEXT,
    message TEXT,
    -- JSON; NULL: it wrote nothing.
    log TEXT
) STRICT;

CREATE INDEX plugin_runs_by_plugin ON plugin_runs (plugin, id);
CREATE INDEX plugin_runs_by_verdict ON plugin_runs (verdict, id);
