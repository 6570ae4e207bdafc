-- Who may come in over the network.

CREATE TABLE service_accounts (
    key TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    -- The team it is a member of; NULL: it does what operators do.
    team TEXT COLLATE "C" REFERENCES teams (key),
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    retired_at BIGINT
);

CREATE TABLE tokens (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    -- Of the secret, which is kept nowhere; and its beginning, which tells tokens apart.
    hash TEXT COLLATE "C" NOT NULL UNIQUE,
    beginning TEXT COLLATE "C" NOT NULL,
    -- A person, or service:KEY.
    owner TEXT COLLATE "C" NOT NULL,
    -- JSON.
    scopes TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT,
    revoked_by TEXT COLLATE "C"
);

CREATE INDEX tokens_by_owner ON tokens (owner, id);

-- company | team
ALTER TABLE releases ADD COLUMN visibility TEXT COLLATE "C" NOT NULL DEFAULT 'company';
