-- Idempotency keys of imports: the same request again is answered with what it did the first time.
--
-- Written in the import's own transaction, so a key never outlives an import that was not committed. Kept as
-- long as the import itself: a repeated request has no age.

CREATE TABLE import_keys (
    metric TEXT NOT NULL REFERENCES metrics (key),
    -- Keys are the caller's own: two who choose the same one do not meet.
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    batch INTEGER NOT NULL REFERENCES batches (id),
    -- What was asked beside the values, as JSON; the hash of the values is the batch's.
    options TEXT NOT NULL,
    -- First and last bucket with a value; NULL: it had none.
    oldest INTEGER,
    newest INTEGER,
    PRIMARY KEY (metric, actor, key)
) STRICT, WITHOUT ROWID;
