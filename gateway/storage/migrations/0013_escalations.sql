CREATE TABLE escalations (        -- an emergency that people are told of until one of them has it
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('emergency', 'flagged', 'drill')),
    code INTEGER NOT NULL,        -- by which telephones speak of it
    lead_id INTEGER,
    peer TEXT NOT NULL,           -- '' in a drill
    words TEXT NOT NULL,          -- the caller's own; of a drill who wanted it
    state TEXT NOT NULL CHECK (state IN ('alerting', 'acknowledged', 'exhausted', 'over')),
    opened_at INTEGER NOT NULL,
    step INTEGER NOT NULL,        -- of the ladder, from 1; the last one taken
    rung INTEGER NOT NULL,
    next_at INTEGER,              -- when the next step is due
    person TEXT NOT NULL,         -- who has acknowledged: the key of one of our people, or '' for somebody at the page
    by TEXT NOT NULL,             -- the same in words, and how
    acknowledged_at INTEGER,
    exhausted_at INTEGER
) STRICT;
CREATE INDEX escalations_due ON escalations (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX escalations_open ON escalations (id) WHERE state IN ('alerting', 'exhausted');
CREATE INDEX escalations_of_peer ON escalations (peer, id);
CREATE INDEX escalations_of_code ON escalations (code, id);
CREATE INDEX escalations_of_lead ON escalations (lead_id) WHERE lead_id IS NOT NULL;

CREATE TABLE alerts (             -- each telling of a person, by text or by a ringing telephone
    id INTEGER PRIMARY KEY,
    escalation_id INTEGER NOT NULL REFERENCES escalations (id),
    step INTEGER NOT NULL,
    person TEXT NOT NULL,
    number TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('text', 'call')),
    text_id INTEGER REFERENCES texts (id),
    at INTEGER NOT NULL,
    state TEXT NOT NULL,          -- of a call: queued, dialling, rang, accepted, failed, withdrawn; of a text see `texts`
    say TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, -- of a call: how often it was dialled
    due INTEGER                   -- of a call: not before
) STRICT;
CREATE INDEX alerts_to_ring ON alerts (due) WHERE channel = 'call' AND state = 'queued';
CREATE INDEX alerts_dialling ON alerts (number) WHERE channel = 'call' AND state = 'dialling';
CREATE INDEX alerts_of_number ON alerts (number, escalation_id);
CREATE INDEX alerts_of_escalation ON alerts (escalation_id);
CREATE INDEX alerts_of_text ON alerts (text_id) WHERE text_id IS NOT NULL;

CREATE TABLE codes (              -- the short numbers by which our people's telephones speak of a matter
    code INTEGER PRIMARY KEY,
    lead_id INTEGER,
    escalation_id INTEGER,
    given_at INTEGER NOT NULL
) STRICT;
CREATE INDEX codes_of_lead ON codes (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX tasks_closed ON tasks (closed_at) WHERE closed_at IS NOT NULL AND lead_id IS NOT NULL;

CREATE TABLE on_call_swaps (      -- who is on call by a text of our people, whatever the settings say
    id INTEGER PRIMARY KEY,
    who TEXT NOT NULL,            -- the key of one of our people
    begins INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    by TEXT NOT NULL              -- who has said so
) STRICT;
CREATE INDEX on_call_swaps_end ON on_call_swaps (ends);

CREATE TABLE relays (             -- conversations that one of our people has on his own telephone
    peer TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    number TEXT NOT NULL,
    spanish INTEGER NOT NULL,     -- he writes to the box in Spanish
    until INTEGER NOT NULL
) STRICT;

CREATE TABLE phones (             -- what our people's telephones have asked for
    number TEXT PRIMARY KEY,
    quiet_since INTEGER,          -- no ordinary notices
    listed INTEGER NOT NULL DEFAULT 0,  -- open leads told of in the last list
    listed_at INTEGER
) STRICT;

CREATE TABLE wrong_pins (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

ALTER TABLE switches ADD COLUMN ends INTEGER;  -- when it is off again by itself
ALTER TABLE leads ADD COLUMN outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'won', 'lost', 'done', 'spam', 'wrong'));
ALTER TABLE leads ADD COLUMN value_cents INTEGER;
ALTER TABLE leads ADD COLUMN outcome_at INTEGER;  -- when somebody said so
CREATE INDEX leads_won ON leads (outcome_at) WHERE outcome = 'won';
ALTER TABLE leads ADD COLUMN closed_by TEXT NOT NULL DEFAULT '';  -- by text, in words
