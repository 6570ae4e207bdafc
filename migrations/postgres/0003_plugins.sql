-- Plugins of teams: what may be done with a version, what it may read, how it fares.

-- What it said it is when it was published, so that lists need not load it.
ALTER TABLE plugins ADD COLUMN description TEXT NOT NULL DEFAULT '{"summary":"","params_schema":{},"metrics":[]}';
ALTER TABLE plugins ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
-- current | shadow
ALTER TABLE plugins ADD COLUMN channel TEXT COLLATE "C" NOT NULL DEFAULT 'current';
-- JSON: when, who, why; NULL: it is not.
ALTER TABLE plugins ADD COLUMN deprecated TEXT;
ALTER TABLE plugins ADD COLUMN yanked TEXT;

-- What was done to a plugin, for people.
CREATE TABLE plugin_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plugin TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C",
    at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    detail TEXT NOT NULL
);

CREATE INDEX plugin_events_by_plugin ON plugin_events (plugin, id);

-- Which components sealed terms and amendments name: who is concerned when one is yanked.
CREATE TABLE terms_plugins (
    digest TEXT COLLATE "C" NOT NULL,
    terms TEXT COLLATE "C" NOT NULL REFERENCES terms (hash),
    PRIMARY KEY (digest, terms)
);

-- The verdicts that were given with a component, for back-tests.
CREATE INDEX verdicts_by_terms ON verdicts (terms, id);
CREATE INDEX seals_by_hash ON seals (hash);
CREATE INDEX amendments_by_hash ON amendments (hash);

-- Leave to read what a plugin could not read by itself. A grant that was taken back stays on record.
CREATE TABLE plugin_grants (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plugin TEXT COLLATE "C" NOT NULL,
    metric TEXT COLLATE "C" NOT NULL REFERENCES metrics (key),
    samples BOOLEAN NOT NULL,
    given_at BIGINT NOT NULL,
    given_by TEXT COLLATE "C" NOT NULL,
    revoked_at BIGINT,
    revoked_by TEXT COLLATE "C"
);

CREATE UNIQUE INDEX plugin_grants_standing ON plugin_grants (plugin, metric, samples) WHERE revoked_at IS NULL;

-- Components whose last run crashed. One that ends well has no row.
CREATE TABLE plugin_health (
    digest TEXT COLLATE "C" PRIMARY KEY REFERENCES plugin_bytes (digest),
    crashes BIGINT NOT NULL,
    failed_at BIGINT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    suspended_at BIGINT
);

-- What plugins used and wrote when they were asked, and what shadows found. Nothing that a verdict rests on.
CREATE TABLE plugin_runs (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    verdict BIGINT NOT NULL REFERENCES verdicts (id),
    criterion TEXT COLLATE "C" NOT NULL,
    plugin TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    -- JSON; NULL: its finding is in the verdict.
    shadow TEXT,
    cost TEXT NOT NULL,
    -- Of the failure that ended it; NULL: it answered.
    code TEXT,
    message TEXT,
    -- JSON; NULL: it wrote nothing.
    log TEXT
);

CREATE INDEX plugin_runs_by_plugin ON plugin_runs (plugin, id);
CREATE INDEX plugin_runs_by_verdict ON plugin_runs (verdict, id);
