-- Which verdict a release stands with in the end, and how sure its team was at the launch.

-- The final official verdict, the newest revision of it, of the checkpoint that is the last one now: an approved amendment
-- or an extension makes another one the last. NULL: there is none.
ALTER TABLE standings ADD COLUMN verdict INTEGER;

-- What earlier quarters are added up from, without the rows.
CREATE INDEX standings_in_short ON standings (launch_day, level, visibility, team, due_at, outcome, days_late)
    WHERE launch_day IS NOT NULL;

-- In 0..=1; what somebody says of it later calibrates nothing.
ALTER TABLE launches ADD COLUMN confidence REAL;
UPDATE launches SET confidence =
    (SELECT json_extract(r.document, '$.confidence') FROM releases r WHERE r.slug = launches.release);
