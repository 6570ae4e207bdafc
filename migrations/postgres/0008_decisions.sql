-- What people make of verdicts: decisions, comments, reviews. A verdict never changes by any of it.

CREATE TABLE decisions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release TEXT COLLATE "C" NOT NULL REFERENCES releases (slug),
    -- The launch it speaks of.
    launch BIGINT NOT NULL REFERENCES launches (id),
    -- The revision it takes a stance on, or was made over; NULL: none had been given.
    verdict BIGINT REFERENCES verdicts (id),
    made_at BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    -- accept | override, of the latter pass | marginal | fail and until when; NULL: no stance.
    stance TEXT COLLATE "C",
    outcome TEXT COLLATE "C",
    until BIGINT,
    -- keep | iterate | roll-back | retire | extend, of the last to which day; NULL: no action.
    action TEXT COLLATE "C",
    extend_to BIGINT,
    -- Whether the verdict of that day is the one that counts.
    extend_counts BOOLEAN NOT NULL,
    reason TEXT COLLATE "C",
    approved_at BIGINT,
    approved_by TEXT COLLATE "C",
    withdrawn_at BIGINT,
    withdrawn_by TEXT COLLATE "C",
    withdrawn_because TEXT COLLATE "C"
);

CREATE INDEX decisions_by_release ON decisions (release, id);
CREATE INDEX decisions_open ON decisions (id) WHERE stance = 'override' AND approved_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX decisions_extending ON decisions (release) WHERE extend_to IS NOT NULL;

CREATE TABLE comments (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release TEXT COLLATE "C" NOT NULL REFERENCES releases (slug),
    -- NULL: about the criteria, not a verdict.
    verdict BIGINT REFERENCES verdicts (id),
    -- NULL: about all of it.
    criterion TEXT COLLATE "C",
    -- remark | question | dispute
    kind TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    -- JSON: whom it asks; [] asks nobody.
    persons TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    -- Whether an answer is waited for.
    is_open BOOLEAN NOT NULL,
    answer TEXT COLLATE "C",
    answered_at BIGINT,
    answered_by TEXT COLLATE "C"
);

CREATE INDEX comments_by_release ON comments (release, id);
CREATE INDEX comments_open ON comments (id) WHERE is_open = TRUE;

-- A person who looked at criteria or at a verdict, and what they found.
CREATE TABLE reviews (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release TEXT COLLATE "C" NOT NULL REFERENCES releases (slug),
    -- The version of the criteria, or the verdict: one of both.
    version BIGINT,
    verdict BIGINT REFERENCES verdicts (id),
    person TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    -- Whether they agree.
    agrees BOOLEAN NOT NULL,
    text TEXT COLLATE "C",
    made_at BIGINT NOT NULL
);

CREATE INDEX reviews_by_release ON reviews (release, id);

ALTER TABLE amendments ADD COLUMN approved_at BIGINT;
