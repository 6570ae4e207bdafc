-- Who did what, in a chain that shows when it was changed.

-- Names behind the ids that the chain has. A name can be erased; the chain stays as it was.
CREATE TABLE audit_names (
    id TEXT COLLATE "C" PRIMARY KEY,
    -- A person or local:USER; NULL: erased.
    name TEXT COLLATE "C" UNIQUE
);

CREATE TABLE audit_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    -- An id of audit_names, service:KEY, or host.
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    -- done | refused
    outcome TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    -- Its place in the chain, from 1, and the hash over it and all before; NULL: not chained yet.
    seq BIGINT,
    hash TEXT COLLATE "C"
);

CREATE UNIQUE INDEX audit_chain ON audit_events (seq) WHERE seq IS NOT NULL;
CREATE INDEX audit_loose ON audit_events (id) WHERE seq IS NULL;
CREATE INDEX audit_by_subject ON audit_events (subject, id);
