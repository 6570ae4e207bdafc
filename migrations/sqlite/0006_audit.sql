-- Who did what, in a chain that shows when it was changed.

-- Names behind the ids that the chain has. A name can be erased; the chain stays as it was.
CREATE TABLE audit_names (
    id TEXT PRIMARY KEY,
    -- A person or local:USER; NULL: erased.
    name TEXT UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_events (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    -- An id of audit_names, service:KEY, or host.
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- done | refused
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    -- Its place in the chain, from 1, and the hash over it and all before; NULL: not chained yet.
    seq INTEGER,
    hash TEXT
) STRICT;

CREATE UNIQUE INDEX audit_chain ON audit_events (seq) WHERE seq IS NOT NULL;
CREATE INDEX audit_loose ON audit_events (id) WHERE seq IS NULL;
CREATE INDEX audit_by_subject ON audit_events (subject, id);
