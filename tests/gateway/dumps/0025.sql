BEGIN TRANSACTION;
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
INSERT INTO "alerts" VALUES(1,1,1,'x','x','text',NULL,1772460000000,'x','x',1,NULL);
CREATE TABLE appointments (
    id           INTEGER PRIMARY KEY,
    lead_id      INTEGER NOT NULL REFERENCES leads (id),
    peer         TEXT NOT NULL,
    kind         TEXT NOT NULL,               -- the kind of appointment, by its name in the configuration
    crew         TEXT NOT NULL,
    place        INTEGER NOT NULL,            -- which of the crew's places, from 1
    day          TEXT NOT NULL,               -- of the window, on the business's wall: "2026-11-24"
    begins       INTEGER NOT NULL,            -- the window in which somebody arrives
    ends         INTEGER NOT NULL,
    takes_from   INTEGER NOT NULL,            -- the crew's place is taken, with the way there and the time kept free
    takes_until  INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('held', 'requested', 'confirmed', 'cancelled', 'done', 'expired')),
    held_until   INTEGER,                     -- with 'held'
    revision     INTEGER NOT NULL DEFAULT 0,  -- how often it was changed: SEQUENCE of RFC 5545
    made_at      INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL, remind_at INTEGER, reminded_at INTEGER, who TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', quiet INTEGER NOT NULL DEFAULT 0,
    CHECK (begins < ends AND takes_from < takes_until AND place >= 1),
    CHECK ((state = 'held') = (held_until IS NOT NULL))
) STRICT;
INSERT INTO "appointments" VALUES(1,1,'x','x','x',1,'2026-03-03',1772460000000,1772463600000,1772460000000,1772463600000,'confirmed',NULL,1,1772460000000,1772460000000,NULL,NULL,'x','x',1);
CREATE TABLE busy_times (              -- when somebody is busy by a calendar; what by, nobody here knows
    calendar TEXT NOT NULL,
    begins   INTEGER NOT NULL,
    ends     INTEGER NOT NULL,
    PRIMARY KEY (calendar, begins)
) STRICT, WITHOUT ROWID;
INSERT INTO "busy_times" VALUES('x',1772460000000,1772460000000);
CREATE TABLE calendars (               -- calendars of other programs, as they were read last; all of it can be read again
    name      TEXT PRIMARY KEY,        -- in the configuration
    source    TEXT NOT NULL,           -- where it was read: what was read elsewhere does not count
    mark      TEXT NOT NULL DEFAULT '',-- of what was read; an unchanged one has the same
    read_at   INTEGER,                 -- NULL: never
    doubts    TEXT NOT NULL DEFAULT '',-- what could not be understood; '': all was
    failed_at INTEGER,                 -- since when it cannot be read; NULL: it can
    why       TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
INSERT INTO "calendars" VALUES('x','x','x',NULL,'x',NULL,'x');
CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL CHECK (source IN ('ami', 'modem')),
    key TEXT NOT NULL,            -- Asterisk's Linkedid, or the modem's own call id
    state TEXT NOT NULL CHECK (state IN ('ringing', 'waiting', 'held', 'texted', 'unsure', 'not_texted')),
    caller TEXT NOT NULL,         -- as delivered; '' when withheld
    caller_name TEXT NOT NULL,
    peer TEXT,                    -- E.164
    did TEXT,
    line TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    known_at INTEGER,             -- when the box learnt that it had ended
    missed INTEGER,               -- 1, 0, NULL = not known
    reason TEXT NOT NULL,         -- how it ended
    answered_by TEXT,
    ring_s REAL,
    no_text TEXT NOT NULL,        -- why it is not texted, '' while open or texted
    say TEXT NOT NULL,            -- the outcome in plain English
    notified INTEGER NOT NULL,    -- 1: the owner was told
    UNIQUE (source, key)
) STRICT;
INSERT INTO "calls" VALUES(1,'ami','a','texted','+12165550131','x','+12165550131','+12165550100','main',1772460000000,1772463580000,1772463580000,1,'no_answer','x',20.0,'','x',1);
INSERT INTO "calls" VALUES(2,'ami','b','waiting','+12165550132','x','+12165550132','+12165550100','main',1772460000000,1772463580000,1772463580000,1,'no_answer','x',20.0,'','x',1);
INSERT INTO "calls" VALUES(3,'ami','c','waiting','+12165550134','x','+12165550134','+12165550100','main',1772460000000,1772463580000,1772463580000,1,'no_answer','x',20.0,'','x',1);
CREATE TABLE clock (                   -- one row: who is believed about the time
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    boot    TEXT NOT NULL,             -- the machine's name for the start at which that was so; '' where it has none
    base    INTEGER NOT NULL,          -- when that start was
    by      TEXT NOT NULL,             -- internet, network, texts, set, module, last; '': nobody
    certain INTEGER,                   -- the latest moment that was written while somebody was believed, where nobody is now
    at      INTEGER NOT NULL
) STRICT;
INSERT INTO "clock" VALUES(1,'x',1,'x',1,1772460000000);
CREATE TABLE codes (              -- the short numbers by which our people's telephones speak of a matter
    code INTEGER PRIMARY KEY,
    lead_id INTEGER,
    escalation_id INTEGER,
    given_at INTEGER NOT NULL
) STRICT;
INSERT INTO "codes" VALUES(1,NULL,1,1772460000000);
CREATE TABLE contacts (
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    since INTEGER NOT NULL,
    basis TEXT NOT NULL,          -- who said so: the words of an opt-out, a person, an error of the network
    PRIMARY KEY (number, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO "contacts" VALUES('+12165550133','opted_out','x',1772460000000,'STOP');
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
INSERT INTO "corrections" VALUES(1,NULL,'x','x','x','x',1772460000000,'x');
CREATE TABLE digests (            -- one a day
    id INTEGER PRIMARY KEY,
    slot INTEGER NOT NULL,        -- the agreed moment
    next_at INTEGER,              -- when it is looked at (again); NULL: it is done with
    told_at INTEGER,              -- NULL: not yet, or it did not leave, and the next one tells of it
    words TEXT NOT NULL           -- '' where there was nothing to tell
) STRICT;
INSERT INTO "digests" VALUES(1,1772460000000,NULL,NULL,'x');
CREATE TABLE erased (                  -- people whose data was taken out: so that a backup does not bring it back
    mark     TEXT PRIMARY KEY,         -- scrypt of the number: who reads this table cannot read the number
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "erased" VALUES('x',1772460000000);
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
INSERT INTO "escalations" VALUES(1,'emergency',1,1,'+12165550135','x','acknowledged',1772460000000,1,1,NULL,'x','x',NULL,NULL);
CREATE TABLE feeds (                   -- addresses under which calendar programs read the appointments
    id       INTEGER PRIMARY KEY,
    crew     TEXT NOT NULL,            -- whose appointments, by the name in the configuration; '': everybody's
    token    TEXT NOT NULL UNIQUE,     -- SHA-256 of the secret
    secret   TEXT NOT NULL DEFAULT '', -- the secret itself, for people copy the address from the page; '' when it has ended
    language TEXT NOT NULL,            -- of the words in it
    made_at  INTEGER NOT NULL,
    made_by  TEXT NOT NULL,
    ended_at INTEGER,
    CHECK ((secret = '') = (ended_at IS NOT NULL))
) STRICT;
INSERT INTO "feeds" VALUES(1,'x','x','x','x',1772460000000,'x',NULL);
CREATE TABLE history (            -- who did what, and why: every decision with its reason
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    subject TEXT NOT NULL,        -- 'call:7', 'text:9', 'peer:+1...'
    what TEXT NOT NULL
) STRICT;
INSERT INTO "history" VALUES(1,1772460000000,'x','x');
CREATE TABLE inbound (            -- incoming segments, exactly as identified by their PDU
    identity TEXT PRIMARY KEY,
    peer TEXT NOT NULL,           -- E.164, or the address as delivered
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    raw TEXT NOT NULL,
    scts INTEGER,
    ref INTEGER,
    total INTEGER,
    number INTEGER,
    received_at INTEGER NOT NULL,
    letter_id INTEGER             -- the joined text it became part of
, alarming INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
INSERT INTO "inbound" VALUES('x','x','x','x','x',1,1,1,1,1772460000000,1,1);
CREATE TABLE installation (            -- one row: by what calendars tell the appointments of this box from those of another
    id       TEXT PRIMARY KEY,
    made_at  INTEGER NOT NULL
) STRICT;
INSERT INTO "installation" VALUES('x',1772460000000);
CREATE TABLE journal (            -- every accepted input, so that a day can be replayed through changed rules
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,          -- when the box took it in
    kind TEXT NOT NULL,
    body TEXT NOT NULL            -- JSON
) STRICT;
INSERT INTO "journal" VALUES(1,1772460000000,'x','x');
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
, callback_number TEXT, callback_whose TEXT, offered TEXT NOT NULL DEFAULT '[]', offer_until INTEGER, call_begins INTEGER, call_ends INTEGER, call_who TEXT NOT NULL DEFAULT '', call_kept INTEGER NOT NULL DEFAULT 0, value_cents INTEGER, outcome_at INTEGER, closed_by TEXT NOT NULL DEFAULT '', assignee TEXT NOT NULL DEFAULT '', assigned_by TEXT NOT NULL DEFAULT '', assigned_at INTEGER, heard_back_at INTEGER, put_off_until INTEGER, put_off_by TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, tried_at INTEGER, corrected TEXT NOT NULL DEFAULT '{}', outcome TEXT NOT NULL DEFAULT ''
    CHECK (outcome IN ('', 'booked', 'won', 'lost', 'done', 'not_a_lead', 'spam', 'wrong'))) STRICT;
INSERT INTO "leads" VALUES(1,'+12165550135',1772460000000,1772460000000,'talking','message','x','routine','new_service','en',NULL,'none','x',NULL,'x',NULL,'x','x','x','x',NULL,'x','Ann','x','x','{}','{"asked": ["place"], "question": "place", "said": [], "automatic": 1, "unclear": 0, "heard": "", "news": false}',NULL,1,NULL,'x','x','[]',NULL,NULL,NULL,'x',1,1,NULL,'','x','x',NULL,NULL,NULL,'x',1,NULL,'x','');
CREATE TABLE letters (            -- incoming texts, whole
    id INTEGER PRIMARY KEY,
    peer TEXT NOT NULL,
    body TEXT NOT NULL,
    kind TEXT NOT NULL,
    complete INTEGER NOT NULL,
    at INTEGER NOT NULL
, lead_id INTEGER, reading TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "letters" VALUES(1,'+12165550135','my water heater leaks','text',1,1772460000000,1,'x');
CREATE TABLE logins (             -- who may use the page
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,           -- as colleagues read it
    role TEXT NOT NULL CHECK (role IN ('office', 'owner')),
    secret TEXT NOT NULL,         -- scrypt, see gateway/passwords.py; never the password itself
    person TEXT NOT NULL DEFAULT '',   -- the key of one of our people, whose name callers may read
    language TEXT NOT NULL DEFAULT '', -- of the page; '' as the browser asks
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL   -- of the password
) STRICT;
INSERT INTO "logins" VALUES(1,'x','office','x','x','x',1772460000000,1772460000000);
CREATE TABLE missed_lists (            -- a modem's list of missed calls as it was read last; place 0: that it was read
    part    TEXT NOT NULL,
    place   INTEGER NOT NULL,          -- 1 is the newest
    mark    TEXT NOT NULL,             -- of the number: enough to know it again
    stamp   TEXT NOT NULL,             -- the modem's own words of when; '' where it says nothing
    read_at INTEGER NOT NULL,
    PRIMARY KEY (part, place)
) STRICT, WITHOUT ROWID;
INSERT INTO "missed_lists" VALUES('x',1,'x','x',1772460000000);
CREATE TABLE notes (              -- what people write down about a lead; nothing is changed, only struck out
    id INTEGER PRIMARY KEY,
    lead_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    body TEXT NOT NULL,
    struck_at INTEGER
) STRICT;
INSERT INTO "notes" VALUES(1,1,1772460000000,'x','x',NULL);
CREATE TABLE notices (            -- what our people are, or will be, told of; emergencies are in `escalations`
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,     -- natural key of what happened: nothing is told of twice
    kind TEXT NOT NULL,
    peer TEXT NOT NULL,           -- whom it is about, '' for the box itself or a withheld number
    how TEXT NOT NULL CHECK (how IN ('instant', 'digest')),
    at INTEGER NOT NULL,
    digest_id INTEGER             -- the digest that told of it
) STRICT;
INSERT INTO "notices" VALUES(1,'x','x','x','instant',1772460000000,1);
CREATE TABLE on_call_swaps (      -- who is on call by a text of our people, whatever the settings say
    id INTEGER PRIMARY KEY,
    who TEXT NOT NULL,            -- the key of one of our people
    begins INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    by TEXT NOT NULL              -- who has said so
) STRICT;
INSERT INTO "on_call_swaps" VALUES(1,'x',1772460000000,1772460000000,'x');
CREATE TABLE outages (                 -- when the box (part '') or one of its parts saw nothing
    id       INTEGER PRIMARY KEY,
    part     TEXT NOT NULL,            -- '': the box itself was off; else the name of the modem or phone system
    began    INTEGER NOT NULL,         -- the last thing that was written before, or when the part was lost
    ended    INTEGER                   -- NULL: it still is
) STRICT;
INSERT INTO "outages" VALUES(1,'x',1,1);
CREATE TABLE peers (              -- what is remembered of a number
    number TEXT PRIMARY KEY,
    opened_at INTEGER,
    wrote_at INTEGER,
    takeover_until INTEGER,
    reached_at INTEGER,
    repeat_told_at INTEGER
, contacted_at INTEGER, dialled_at INTEGER) STRICT, WITHOUT ROWID;
INSERT INTO "peers" VALUES('+12165550131',1772460000000,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE phones (             -- what our people's telephones have asked for
    number TEXT PRIMARY KEY,
    quiet_since INTEGER,          -- no ordinary notices
    listed INTEGER NOT NULL DEFAULT 0,  -- open leads told of in the last list
    listed_at INTEGER
, listed_of TEXT NOT NULL DEFAULT '', told_windows TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "phones" VALUES('x',1,1,NULL,'x','x');
CREATE TABLE promises (           -- first texts whose words state the response time, and those in which it was left out
    text_id INTEGER PRIMARY KEY,
    peer TEXT NOT NULL,
    minutes INTEGER NOT NULL,     -- the time stated
    said INTEGER NOT NULL,        -- 0: left out, for it was not kept; measured all the same
    made_at INTEGER NOT NULL,     -- when the text left
    kept_at INTEGER               -- when a person of the business first spoke with them, wrote, or closed the matter
) STRICT;
INSERT INTO "promises" VALUES(1,'x',1,1,1772460000000,NULL);
CREATE TABLE relays (             -- conversations that one of our people has on his own telephone
    peer TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    number TEXT NOT NULL,
    spanish INTEGER NOT NULL,     -- he writes to the box in Spanish
    until INTEGER NOT NULL
) STRICT;
INSERT INTO "relays" VALUES('x','x','x',1,1772460000000);
CREATE TABLE reports (            -- delivery reports, each taken in once
    identity TEXT PRIMARY KEY,    -- of its PDU
    at INTEGER NOT NULL,
    peer TEXT NOT NULL,
    ref INTEGER NOT NULL,         -- TP-MR
    status INTEGER NOT NULL,      -- TP-ST
    text_id INTEGER               -- the text it is about; NULL: none, or one whose reference the modem has not told yet
) STRICT, WITHOUT ROWID;
INSERT INTO "reports" VALUES('x',1772460000000,'x',1,1,NULL);
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
INSERT INTO "reviews" VALUES(1,'x','not_understood','x',NULL,1,NULL,'x',1772460000000,NULL,'x');
CREATE TABLE segments (
    text_id INTEGER NOT NULL REFERENCES texts (id),
    number INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'submitting', 'accepted', 'delivered', 'undelivered', 'failed',
                                         'unconfirmed')),
    ref INTEGER,                  -- TP-MR given by the modem
    at INTEGER NOT NULL,
    evidence TEXT NOT NULL,       -- the modem's own words when it was no plain yes
    PRIMARY KEY (text_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "segments" VALUES(1,1,'queued',1,1772460000000,'x');
CREATE TABLE sessions (           -- browsers that are signed in
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,   -- SHA-256 of the cookie: who reads this table cannot sign in with it
    login_id INTEGER NOT NULL REFERENCES logins (id) ON DELETE CASCADE,
    device TEXT NOT NULL,         -- what the browser says of itself
    began_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL      -- written at most every few hours
) STRICT;
INSERT INTO "sessions" VALUES(1,'x',1,'x',1772460000000,1772460000000);
CREATE TABLE sightings (               -- calls as others have noted them: each is met once, however often it is read
    id        INTEGER PRIMARY KEY,
    witness   TEXT NOT NULL,           -- cdr (the phone system's records), list (the modem's missed calls), carrier (its texts)
    part      TEXT NOT NULL,           -- the phone system or modem
    identity  TEXT NOT NULL,           -- by which the witness tells its calls apart
    call_id   INTEGER REFERENCES calls (id) ON DELETE SET NULL, -- NULL: the call has been forgotten, and is not met anew
    caught    INTEGER NOT NULL,        -- 1: nobody here had seen the call
    outage_id INTEGER REFERENCES outages (id),
    at        INTEGER NOT NULL,
    UNIQUE (witness, part, identity)
) STRICT;
INSERT INTO "sightings" VALUES(1,'x','x','x',NULL,1,1,1772460000000);
CREATE TABLE switches (           -- pause, storm mode: what a person has switched
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    at INTEGER NOT NULL
, ends INTEGER) STRICT, WITHOUT ROWID;
INSERT INTO "switches" VALUES('storm','on',1772460000000,NULL);
CREATE TABLE tasks (              -- what a person has to do
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    peer TEXT NOT NULL,
    say TEXT NOT NULL,
    call_id INTEGER REFERENCES calls (id),
    text_id INTEGER REFERENCES texts (id),
    created_at INTEGER NOT NULL,
    closed_at INTEGER,
    closed_by TEXT
, lead_id INTEGER, due INTEGER, tries INTEGER NOT NULL DEFAULT 0, tried_at INTEGER) STRICT;
INSERT INTO "tasks" VALUES(1,'wrote','+12165550135','x',NULL,NULL,1772460000000,NULL,'x',1,NULL,1,NULL);
CREATE TABLE texts (              -- outgoing: the outbox and what became of it
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,     -- natural key of the effect: 'call:7:opener'; replaying an event cannot double a text
    purpose TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'submitting', 'accepted', 'delivered', 'undelivered', 'cancelled',
                                         'expired', 'failed', 'unconfirmed')),
    peer TEXT NOT NULL,
    body TEXT NOT NULL,           -- '' until an opener leaves: its words depend on the hour
    template TEXT NOT NULL,
    call_id INTEGER REFERENCES calls (id),
    priority INTEGER NOT NULL,
    due INTEGER NOT NULL,
    expires INTEGER,              -- not handed over after this
    tries INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,              -- first handed to the modem
    say TEXT NOT NULL
, waits TEXT NOT NULL DEFAULT '', doubts INTEGER NOT NULL DEFAULT 0, lead_id INTEGER) STRICT;
INSERT INTO "texts" VALUES(1,'call:1:opener','opener','delivered','+12165550131','x','open',1,1,1772463595000,1772467200000,1,1772460000000,1772460000000,'x','',1,NULL);
INSERT INTO "texts" VALUES(2,'call:2:opener','opener','queued','+12165550132','','open',2,1,1772463595000,1772467200000,1,1772460000000,NULL,'x','',1,NULL);
INSERT INTO "texts" VALUES(3,'call:3:opener','opener','submitting','+12165550134','x','open',3,1,1772463595000,1772467200000,1,1772460000000,1772463600000,'x','',1,NULL);
CREATE TABLE wrong_pins (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
INSERT INTO "wrong_pins" VALUES(1,'x',1772460000000);
CREATE INDEX calls_of_peer ON calls (peer, ended_at) WHERE peer IS NOT NULL;
CREATE INDEX texts_of_peer ON texts (peer, sent_at);
CREATE INDEX texts_sent ON texts (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX inbound_open ON inbound (peer, ref) WHERE letter_id IS NULL;
CREATE INDEX letters_at ON letters (at);
CREATE INDEX tasks_open ON tasks (created_at) WHERE closed_at IS NULL;
CREATE INDEX reports_open ON reports (peer, at) WHERE text_id IS NULL;
CREATE INDEX reports_of_text ON reports (text_id) WHERE text_id IS NOT NULL;
CREATE INDEX calls_started ON calls (started_at);
CREATE INDEX texts_of_call ON texts (call_id) WHERE call_id IS NOT NULL;
CREATE INDEX texts_queued ON texts (priority, due) WHERE state = 'queued';
CREATE INDEX texts_submitting ON texts (id) WHERE state = 'submitting';
CREATE INDEX calls_ringing ON calls (source) WHERE state = 'ringing';
CREATE INDEX peers_dialled ON peers (dialled_at) WHERE dialled_at IS NOT NULL;
CREATE INDEX tasks_open_of ON tasks (peer) WHERE closed_at IS NULL;
CREATE INDEX promises_of_peer ON promises (peer, made_at);
CREATE INDEX promises_made ON promises (minutes, made_at);
CREATE INDEX leads_of_peer ON leads (peer, id);
CREATE INDEX leads_to_answer ON leads (reply_at) WHERE reply_at IS NOT NULL;
CREATE INDEX leads_to_follow_up ON leads (follow_up_at) WHERE follow_up_at IS NOT NULL;
CREATE INDEX leads_open ON leads (wrote_at) WHERE next_step <> '';
CREATE INDEX letters_of_lead ON letters (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX texts_of_lead ON texts (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX history_of_people ON history (subject, id) WHERE subject >= 'lead:' AND subject < 'peer;';
CREATE INDEX leads_offering ON leads (offer_until) WHERE offer_until IS NOT NULL;
CREATE INDEX leads_to_call ON leads (call_begins) WHERE call_begins IS NOT NULL;
CREATE INDEX escalations_due ON escalations (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX escalations_open ON escalations (id) WHERE state IN ('alerting', 'exhausted');
CREATE INDEX escalations_of_peer ON escalations (peer, id);
CREATE INDEX escalations_of_code ON escalations (code, id);
CREATE INDEX escalations_of_lead ON escalations (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX alerts_to_ring ON alerts (due) WHERE channel = 'call' AND state = 'queued';
CREATE INDEX alerts_dialling ON alerts (number) WHERE channel = 'call' AND state = 'dialling';
CREATE INDEX alerts_of_number ON alerts (number, escalation_id);
CREATE INDEX alerts_of_escalation ON alerts (escalation_id);
CREATE INDEX alerts_of_text ON alerts (text_id) WHERE text_id IS NOT NULL;
CREATE INDEX codes_of_lead ON codes (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX tasks_closed ON tasks (closed_at) WHERE closed_at IS NOT NULL AND lead_id IS NOT NULL;
CREATE INDEX on_call_swaps_end ON on_call_swaps (ends);
CREATE INDEX notices_at ON notices (at);
CREATE INDEX notices_untold ON notices (kind) WHERE how = 'digest' AND digest_id IS NULL;
CREATE INDEX notices_of_digest ON notices (digest_id) WHERE digest_id IS NOT NULL;
CREATE INDEX digests_planned ON digests (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX digests_told ON digests (told_at) WHERE told_at IS NOT NULL;
CREATE INDEX tasks_due ON tasks (due) WHERE closed_at IS NULL AND due IS NOT NULL;
CREATE UNIQUE INDEX logins_name ON logins (name COLLATE NOCASE);
CREATE INDEX sessions_of_login ON sessions (login_id);
CREATE INDEX leads_opened ON leads (opened_at);
CREATE INDEX leads_won ON leads (outcome_at) WHERE outcome = 'won';
CREATE INDEX notes_of_lead ON notes (lead_id, id);
CREATE INDEX reviews_open ON reviews (kind, id) WHERE settled_at IS NULL;
CREATE INDEX reviews_all ON reviews (kind, id);
CREATE INDEX reviews_of_lead ON reviews (lead_id) WHERE lead_id IS NOT NULL;
CREATE UNIQUE INDEX appointments_of_leads ON appointments (lead_id) WHERE state IN ('held', 'requested', 'confirmed');
CREATE INDEX appointments_standing ON appointments (crew, place, takes_from) WHERE state IN ('held', 'requested', 'confirmed');
CREATE INDEX appointments_held ON appointments (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX appointments_by_lead ON appointments (lead_id);
CREATE INDEX appointments_by_day ON appointments (day);
CREATE INDEX appointments_to_remind ON appointments (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX appointments_ahead ON appointments (takes_until) WHERE state IN ('held', 'requested', 'confirmed');
CREATE TRIGGER appointments_made BEFORE INSERT ON appointments
WHEN NEW.state IN ('held', 'requested', 'confirmed') AND NEW.crew <> ''
BEGIN
    SELECT RAISE(ABORT, 'this place of the crew is taken') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE crew = NEW.crew AND place = NEW.place AND state IN ('held', 'requested', 'confirmed')
        AND takes_from < NEW.takes_until AND NEW.takes_from < takes_until);
END;
CREATE TRIGGER appointments_moved BEFORE UPDATE ON appointments
WHEN NEW.state IN ('held', 'requested', 'confirmed') AND NEW.crew <> ''
BEGIN
    SELECT RAISE(ABORT, 'this place of the crew is taken') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE id <> NEW.id AND crew = NEW.crew AND place = NEW.place
        AND state IN ('held', 'requested', 'confirmed')
        AND takes_from < NEW.takes_until AND NEW.takes_from < takes_until);
END;
CREATE UNIQUE INDEX feeds_open ON feeds (crew) WHERE ended_at IS NULL;
CREATE INDEX outages_ended ON outages (ended);
CREATE INDEX sightings_of_call ON sightings (call_id);
CREATE INDEX sightings_of_outage ON sightings (outage_id) WHERE outage_id IS NOT NULL;
COMMIT;
PRAGMA user_version = 25;
