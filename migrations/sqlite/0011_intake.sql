-- Requests that come from issues, and the web hooks that bring them.

-- Of a repository and team there is one.
CREATE TABLE intakes (
    repository TEXT NOT NULL,
    team TEXT NOT NULL REFERENCES teams (key),
    -- NULL: every issue.
    label TEXT,
    -- company | team
    visibility TEXT NOT NULL,
    -- What payloads are signed by, and what signed them before, until when; NULL: it was removed.
    secret TEXT,
    old_secret TEXT,
    old_until INTEGER,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    removed_at INTEGER,
    PRIMARY KEY (repository, team)
) STRICT, WITHOUT ROWID;

CREATE TABLE requests (
    id INTEGER PRIMARY KEY,
    team TEXT NOT NULL REFERENCES teams (key),
    -- Its address: a team has one request of an issue.
    issue TEXT NOT NULL,
    -- asks | registered | closed
    state TEXT NOT NULL,
    -- company | team
    visibility TEXT NOT NULL,
    release TEXT REFERENCES releases (slug),
    -- How often it was written.
    revision INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (team, issue)
) STRICT;

CREATE INDEX requests_by_team ON requests (team, id);
CREATE INDEX requests_by_state ON requests (state, id);

-- Deliveries that changed something: none does so twice.
CREATE TABLE intake_deliveries (
    repository TEXT NOT NULL,
    team TEXT NOT NULL,
    -- As GitHub numbers it.
    delivery TEXT NOT NULL,
    -- Of its body, which alone is signed.
    hash TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    request INTEGER NOT NULL REFERENCES requests (id),
    -- What was answered, a sentence.
    says TEXT NOT NULL,
    PRIMARY KEY (repository, team, delivery)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX intake_deliveries_by_hash ON intake_deliveries (repository, team, hash);

-- The tracking issue, which is in the document too, without a slash at its end.
ALTER TABLE releases ADD COLUMN issue TEXT;
UPDATE releases SET issue = rtrim(json_extract(document, '$.issue'), '/');
CREATE INDEX releases_by_issue ON releases (issue) WHERE issue IS NOT NULL;
