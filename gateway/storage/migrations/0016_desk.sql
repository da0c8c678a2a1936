-- What people do with a lead: whose it is, when it is due again, how it ended, what they note, put right and look through.
ALTER TABLE leads ADD COLUMN assignee TEXT NOT NULL DEFAULT '';     -- whose it is, by name; '': the office's
ALTER TABLE leads ADD COLUMN assigned_by TEXT NOT NULL DEFAULT '';  -- 'rule:2', or who has said so
ALTER TABLE leads ADD COLUMN assigned_at INTEGER;
ALTER TABLE leads ADD COLUMN heard_back_at INTEGER;                 -- a person of the business has last written to them, or spoken with them
ALTER TABLE leads ADD COLUMN put_off_until INTEGER;                 -- it is looked at again then
ALTER TABLE leads ADD COLUMN put_off_by TEXT NOT NULL DEFAULT '';
ALTER TABLE leads ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;      -- calls that nobody answered since they last wrote
ALTER TABLE leads ADD COLUMN tried_at INTEGER;
ALTER TABLE leads ADD COLUMN corrected TEXT NOT NULL DEFAULT '{}';  -- JSON: what people have put right, by the name of the fact
ALTER TABLE leads ADD COLUMN booked_from INTEGER;                   -- an appointment, as a person has written it down
ALTER TABLE leads ADD COLUMN booked_until INTEGER;
ALTER TABLE leads ADD COLUMN booked_who TEXT NOT NULL DEFAULT '';   -- who goes there
ALTER TABLE leads ADD COLUMN booked_note TEXT NOT NULL DEFAULT '';
CREATE INDEX leads_opened ON leads (opened_at);

DROP INDEX leads_won;
ALTER TABLE leads RENAME COLUMN outcome TO former_outcome;
ALTER TABLE leads ADD COLUMN outcome TEXT NOT NULL DEFAULT ''
    CHECK (outcome IN ('', 'booked', 'won', 'lost', 'done', 'not_a_lead', 'spam', 'wrong'));
UPDATE leads SET outcome = former_outcome WHERE former_outcome <> '';
ALTER TABLE leads DROP COLUMN former_outcome;
CREATE INDEX leads_won ON leads (outcome_at) WHERE outcome = 'won';

ALTER TABLE tasks ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;      -- of a call-back: calls that nobody answered
ALTER TABLE tasks ADD COLUMN tried_at INTEGER;

CREATE TABLE notes (              -- what people write down about a lead; nothing is changed, only struck out
    id INTEGER PRIMARY KEY,
    lead_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    body TEXT NOT NULL,
    struck_at INTEGER
) STRICT;
CREATE INDEX notes_of_lead ON notes (lead_id, id);

CREATE TABLE corrections (        -- "it should have been ...": how a text is to be read
    letter_id INTEGER PRIMARY KEY,
    lead_id INTEGER,
    trade TEXT NOT NULL,
    words TEXT NOT NULL,          -- of the text
    was TEXT NOT NULL,            -- JSON: what was read
    should TEXT NOT NULL,         -- JSON: what it says, by the names of the labels
    at INTEGER NOT NULL,
    by TEXT NOT NULL
) STRICT;

CREATE TABLE reviews (            -- what people look through to see whether the box does well
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,     -- natural key of what happened
    kind TEXT NOT NULL CHECK (kind IN ('not_understood', 'slow', 'opt_out', 'unsure', 'failed', 'reading')),
    peer TEXT NOT NULL,
    lead_id INTEGER,
    letter_id INTEGER,
    text_id INTEGER,
    say TEXT NOT NULL,
    at INTEGER NOT NULL,
    settled_at INTEGER,           -- somebody has read it
    settled_by TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX reviews_open ON reviews (kind, id) WHERE settled_at IS NULL;
CREATE INDEX reviews_all ON reviews (kind, id);
CREATE INDEX reviews_of_lead ON reviews (lead_id) WHERE lead_id IS NOT NULL;
