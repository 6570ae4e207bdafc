-- Who may come in over the network.

CREATE TABLE service_accounts (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- The team it is a member of; NULL: it does what operators do.
    team TEXT REFERENCES teams (key),
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    retired_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    -- Of the secret, which is kept nowhere; and its beginning, which tells tokens apart.
    hash TEXT NOT NULL UNIQUE,
    beginning TEXT NOT NULL,
    -- A person, or service:KEY.
    owner TEXT NOT NULL,
    -- JSON.
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    revoked_at INTEGER,
    revoked_by TEXT
) STRICT;

CREATE INDEX tokens_by_owner ON tokens (owner, id);

-- company | team
ALTER TABLE releases ADD COLUMN visibility TEXT NOT NULL DEFAULT 'company';
