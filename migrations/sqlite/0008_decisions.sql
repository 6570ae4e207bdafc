-- What people make of verdicts: decisions, comments, reviews. A verdict never changes by any of it.

CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    release TEXT NOT NULL REFERENCES releases (slug),
    -- The launch it speaks of.
    launch INTEGER NOT NULL REFERENCES launches (id),
    -- The revision it takes a stance on, or was made over; NULL: none had been given.
    verdict INTEGER REFERENCES verdicts (id),
    made_at INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    -- accept | override, of the latter pass | marginal | fail and until when; NULL: no stance.
    stance TEXT,
    outcome TEXT,
    until INTEGER,
    -- keep | iterate | roll-back | retire | extend, of the last to which day; NULL: no action.
    action TEXT,
    extend_to INTEGER,
    -- Whether the verdict of that day is the one that counts.
    extend_counts INTEGER NOT NULL,
    reason TEXT,
    approved_at INTEGER,
    approved_by TEXT,
    withdrawn_at INTEGER,
    withdrawn_by TEXT,
    withdrawn_because TEXT
) STRICT;

CREATE INDEX decisions_by_release ON decisions (release, id);
CREATE INDEX decisions_open ON decisions (id) WHERE stance = 'override' AND approved_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX decisions_extending ON decisions (release) WHERE extend_to IS NOT NULL;

CREATE TABLE comments (
    id INTEGER PRIMARY KEY,
    release TEXT NOT NULL REFERENCES releases (slug),
    -- NULL: about the criteria, not a verdict.
    verdict INTEGER REFERENCES verdicts (id),
    -- NULL: about all of it.
    criterion TEXT,
    -- remark | question | dispute
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    -- JSON: whom it asks; [] asks nobody.
    persons TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    -- Whether an answer is waited for.
    is_open INTEGER NOT NULL,
    answer TEXT,
    answered_at INTEGER,
    answered_by TEXT
) STRICT;

CREATE INDEX comments_by_release ON comments (release, id);
CREATE INDEX comments_open ON comments (id) WHERE is_open = TRUE;

-- A person who looked at criteria or at a verdict, and what they found.
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    release TEXT NOT NULL REFERENCES releases (slug),
    -- The version of the criteria, or the verdict: one of both.
    version INTEGER,
    verdict INTEGER REFERENCES verdicts (id),
    person TEXT NOT NULL REFERENCES persons (id),
    -- Whether they agree.
    agrees INTEGER NOT NULL,
    text TEXT,
    made_at INTEGER NOT NULL
) STRICT;

CREATE INDEX reviews_by_release ON reviews (release, id);

ALTER TABLE amendments ADD COLUMN approved_at INTEGER;
