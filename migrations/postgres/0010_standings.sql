-- How each release stands, in one row that is written with whatever changes it: what the portfolio is added up from, and
-- what waits for whom is found by.

CREATE TABLE standings (
    release TEXT COLLATE "C" PRIMARY KEY REFERENCES releases (slug),
    team TEXT COLLATE "C" NOT NULL,
    -- As what counts says, or registered where nothing is sealed.
    level TEXT COLLATE "C" NOT NULL,
    -- company | team
    visibility TEXT COLLATE "C" NOT NULL,
    -- The day of its launch in its team's zone; NULL: it has not launched, or was cancelled.
    launch_day TEXT COLLATE "C",
    -- When its last checkpoint's time is over, with all the time that its data may take.
    due_at BIGINT,
    days_late BIGINT,
    -- before | by | after, of the seal against the launch; NULL: nothing is sealed.
    seal TEXT COLLATE "C",
    has_goal BOOLEAN NOT NULL,
    amendments BIGINT NOT NULL,
    -- Whether one of them counts.
    amended BOOLEAN NOT NULL,
    -- Its final official verdict; NULL: there is none.
    outcome TEXT COLLATE "C",
    code TEXT COLLATE "C",
    -- When the first revision of it was given.
    judged_at BIGINT,
    -- accept | override of the newest revision of it, as the newest decision that was not withdrawn has it, approved where
    -- it must be.
    stance TEXT COLLATE "C",
    override_to TEXT COLLATE "C",
    override_until BIGINT,
    -- In 0..=1: how sure the team was.
    confidence DOUBLE PRECISION
);

CREATE INDEX standings_by_day ON standings (launch_day, release) WHERE launch_day IS NOT NULL;
CREATE INDEX standings_by_team ON standings (team, launch_day) WHERE launch_day IS NOT NULL;

-- What a release waits for.
CREATE TABLE waits (
    -- criteria | seal | launch | data | decision | retro
    what TEXT COLLATE "C" NOT NULL,
    planned TEXT COLLATE "C" NOT NULL,
    release TEXT COLLATE "C" NOT NULL REFERENCES releases (slug),
    -- Not before; 0: always.
    since BIGINT NOT NULL,
    PRIMARY KEY (what, planned, release)
);

CREATE INDEX waits_by_release ON waits (release);

-- What was expected of a goal, and what was observed, of releases with a final official verdict.
CREATE TABLE expectations (
    release TEXT COLLATE "C" NOT NULL REFERENCES releases (slug),
    criterion TEXT COLLATE "C" NOT NULL,
    team TEXT COLLATE "C" NOT NULL,
    visibility TEXT COLLATE "C" NOT NULL,
    launch_day TEXT COLLATE "C" NOT NULL,
    -- Both in the same unit.
    expected DOUBLE PRECISION NOT NULL,
    observed DOUBLE PRECISION NOT NULL,
    -- Whether what was observed is as good as what was expected, or better.
    met BOOLEAN NOT NULL,
    PRIMARY KEY (release, criterion)
);

CREATE INDEX expectations_by_day ON expectations (launch_day);
