-- Requests that come from issues, and the web hooks that bring them.

-- Of a repository and team there is one.
CREATE TABLE intakes (
    repository TEXT COLLATE "C" NOT NULL,
    team TEXT COLLATE "C" NOT NULL REFERENCES teams (key),
    -- NULL: every issue.
    label TEXT COLLATE "C",
    -- company | team
    visibility TEXT COLLATE "C" NOT NULL,
    -- What payloads are signed by, and what signed them before, until when; NULL: it was removed.
    secret TEXT COLLATE "C",
    old_secret TEXT COLLATE "C",
    old_until BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    removed_at BIGINT,
    PRIMARY KEY (repository, team)
);

CREATE TABLE requests (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    team TEXT COLLATE "C" NOT NULL REFERENCES teams (key),
    -- Its address: a team has one request of an issue.
    issue TEXT COLLATE "C" NOT NULL,
    -- asks | registered | closed
    state TEXT COLLATE "C" NOT NULL,
    -- company | team
    visibility TEXT COLLATE "C" NOT NULL,
    release TEXT COLLATE "C" REFERENCES releases (slug),
    -- How often it was written.
    revision BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    UNIQUE (team, issue)
);

CREATE INDEX requests_by_team ON requests (team, id);
CREATE INDEX requests_by_state ON requests (state, id);

-- Deliveries that changed something: none does so twice.
CREATE TABLE intake_deliveries (
    repository TEXT COLLATE "C" NOT NULL,
    team TEXT COLLATE "C" NOT NULL,
    -- As GitHub numbers it.
    delivery TEXT COLLATE "C" NOT NULL,
    -- Of its body, which alone is signed.
    hash TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    request BIGINT NOT NULL REFERENCES requests (id),
    -- What was answered, a sentence.
    says TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (repository, team, delivery)
);

CREATE UNIQUE INDEX intake_deliveries_by_hash ON intake_deliveries (repository, team, hash);

-- The tracking issue, which is in the document too, without a slash at its end.
ALTER TABLE releases ADD COLUMN issue TEXT COLLATE "C";
-- A document in which a zero byte is written out is no jsonb; its issue is found when it is applied the next time.
UPDATE releases SET issue = rtrim(document::jsonb ->> 'issue', '/') WHERE position('\u0000' IN document) = 0;
CREATE INDEX releases_by_issue ON releases (issue) WHERE issue IS NOT NULL;
