-- SQLite uses a partial index only where a query repeats the index's own condition: one index for each state that is asked for.
-- The work at hand is then found without walking through the texts and calls of years.
DROP INDEX texts_queued;
CREATE INDEX texts_queued ON texts (priority, due) WHERE state = 'queued';
CREATE INDEX texts_submitting ON texts (id) WHERE state = 'submitting';
DROP INDEX calls_open;
CREATE INDEX calls_ringing ON calls (source) WHERE state = 'ringing';
