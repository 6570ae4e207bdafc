-- Idempotency keys of imports: the same request again is answered with what it did the first time.
--
-- Written in the import's own transaction, so a key never outlives an import that was not committed. Kept as
-- long as the import itself: a repeated request has no age.

CREATE TABLE import_keys (
    metric TEXT COLLATE "C" NOT NULL REFERENCES metrics (key),
    -- Keys are the caller's own: two who choose the same one do not meet.
    actor TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    batch BIGINT NOT NULL REFERENCES batches (id),
    -- What was asked beside the values, as JSON; the hash of the values is the batch's.
    options TEXT NOT NULL,
    -- First and last bucket with a value; NULL: it had none.
    oldest BIGINT,
    newest BIGINT,
    PRIMARY KEY (metric, actor, key)
);
