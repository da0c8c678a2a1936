ALTER TABLE texts ADD COLUMN waits TEXT NOT NULL DEFAULT '';   -- why a queued text that was due has not left yet
ALTER TABLE texts ADD COLUMN doubts INTEGER NOT NULL DEFAULT 0; -- how often nobody could say whether it went out
