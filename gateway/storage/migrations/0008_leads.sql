CREATE TABLE leads (              -- one matter of one caller
    id INTEGER PRIMARY KEY,
    peer TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    wrote_at INTEGER NOT NULL,    -- the caller's last text
    stage TEXT NOT NULL CHECK (stage IN ('talking', 'complete', 'handed_over', 'silent', 'opted_out', 'closed')),
    lane TEXT CHECK (lane IN ('book', 'message', 'escalate', 'none')),
    why TEXT NOT NULL,            -- reason of the lane
    urgency TEXT NOT NULL CHECK (urgency IN ('emergency', 'urgent', 'routine', 'none')),
    intent TEXT NOT NULL,
    language TEXT NOT NULL,
    danger TEXT,                  -- the hazard, when people may be in danger
    alert TEXT NOT NULL CHECK (alert IN ('none', 'under_way', 'told', 'unsure', 'failed')),
    next_step TEXT NOT NULL,      -- what a person has to do, '' when nothing
    due INTEGER,                  -- by when
    owner TEXT NOT NULL,          -- who has to do it
    service TEXT,
    issue TEXT,                   -- the caller's own words for the matter
    zip TEXT,
    city TEXT,
    state TEXT,                   -- "OH"
    place TEXT,                   -- words for the place that no list knows
    street_address TEXT,
    name TEXT,
    timeline TEXT,
    callback_time TEXT,
    answers TEXT NOT NULL,        -- JSON: what the caller said to the business's own questions, by their keys
    talk TEXT NOT NULL,           -- JSON: what was asked and said, what waits for an answer
    reply_at INTEGER,             -- when the writer is taken to have finished and is answered
    answered_id INTEGER NOT NULL, -- the last of the caller's texts that was answered, or needs no answer
    follow_up_at INTEGER          -- when a silence is followed up
) STRICT;
CREATE INDEX leads_of_peer ON leads (peer, id);
CREATE INDEX leads_to_answer ON leads (reply_at) WHERE reply_at IS NOT NULL;
CREATE INDEX leads_to_follow_up ON leads (follow_up_at) WHERE follow_up_at IS NOT NULL;
CREATE INDEX leads_open ON leads (wrote_at) WHERE next_step <> '';

ALTER TABLE letters ADD COLUMN lead_id INTEGER;
ALTER TABLE letters ADD COLUMN reading TEXT NOT NULL DEFAULT '';  -- JSON: what was understood, and why
ALTER TABLE texts ADD COLUMN lead_id INTEGER;
ALTER TABLE tasks ADD COLUMN lead_id INTEGER;
ALTER TABLE tasks ADD COLUMN due INTEGER;
CREATE INDEX letters_of_lead ON letters (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX texts_of_lead ON texts (lead_id) WHERE lead_id IS NOT NULL;
