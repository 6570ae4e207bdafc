-- What the HTTP interface keeps and looks up.

-- Answers to requests that came with an idempotency key: the same request again is answered with them. They are kept
-- for a day.
CREATE TABLE answers (
    -- Keys are the caller's own: two who choose the same one do not meet.
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    -- Hash of what was asked.
    request TEXT NOT NULL,
    -- The process that answers it.
    process TEXT NOT NULL,
    reserved_at INTEGER NOT NULL,
    -- running | done | unsure
    state TEXT NOT NULL,
    -- Of an answer; NULL: there is none.
    status INTEGER,
    -- JSON: names and values.
    headers TEXT,
    -- NULL: it has none, or it is not kept.
    body TEXT,
    -- Why it is not kept: secret | large
    withheld TEXT,
    PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX answers_by_age ON answers (reserved_at);

-- What lists are filtered by, out of the documents.
ALTER TABLE releases ADD COLUMN stage TEXT;
UPDATE releases SET stage = json_extract(document, '$.stage');
ALTER TABLE metrics ADD COLUMN kind TEXT;
ALTER TABLE metrics ADD COLUMN title TEXT;
UPDATE metrics SET kind = json_extract(document, '$.kind'), title = json_extract(document, '$.title');

-- Lists of releases by name, and by their last change; of one owner, of one feature.
CREATE INDEX releases_by_name ON releases (name, slug);
CREATE INDEX releases_by_change ON releases (changed_at, slug);
CREATE INDEX releases_by_owner ON releases (owner, planned, slug);
CREATE INDEX releases_by_feature ON releases (feature, planned, slug);

-- Lists of verdicts that come to one thing, or have one code, the newest first.
CREATE INDEX verdicts_by_outcome ON verdicts (outcome, id);
CREATE INDEX verdicts_by_code ON verdicts (code, id);

-- What was done of one kind, the newest first; events of a team.
CREATE INDEX audit_by_action ON audit_events (action, id);
CREATE INDEX outbox_by_team ON outbox (team, id);
