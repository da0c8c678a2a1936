BEGIN TRANSACTION;
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
CREATE TABLE contacts (
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    since INTEGER NOT NULL,
    basis TEXT NOT NULL,          -- who said so: the words of an opt-out, a person, an error of the network
    PRIMARY KEY (number, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO "contacts" VALUES('+12165550133','opted_out','x',1772460000000,'STOP');
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
) STRICT, WITHOUT ROWID;
INSERT INTO "inbound" VALUES('x','x','x','x','x',1,1,1,1,1772460000000,1);
CREATE TABLE journal (            -- every accepted input, so that a day can be replayed through changed rules
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,          -- when the box took it in
    kind TEXT NOT NULL,
    body TEXT NOT NULL            -- JSON
) STRICT;
INSERT INTO "journal" VALUES(1,1772460000000,'x','x');
CREATE TABLE letters (            -- incoming texts, whole
    id INTEGER PRIMARY KEY,
    peer TEXT NOT NULL,
    body TEXT NOT NULL,
    kind TEXT NOT NULL,
    complete INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
INSERT INTO "letters" VALUES(1,'+12165550135','my water heater leaks','text',1,1772460000000);
CREATE TABLE peers (              -- what is remembered of a number
    number TEXT PRIMARY KEY,
    opened_at INTEGER,
    wrote_at INTEGER,
    takeover_until INTEGER,
    reached_at INTEGER,
    repeat_told_at INTEGER
, contacted_at INTEGER) STRICT, WITHOUT ROWID;
INSERT INTO "peers" VALUES('+12165550131',1772460000000,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE reports (            -- delivery reports, each taken in once
    identity TEXT PRIMARY KEY,    -- of its PDU
    at INTEGER NOT NULL,
    peer TEXT NOT NULL,
    ref INTEGER NOT NULL,         -- TP-MR
    status INTEGER NOT NULL,      -- TP-ST
    text_id INTEGER               -- the text it is about; NULL: none, or one whose reference the modem has not told yet
) STRICT, WITHOUT ROWID;
INSERT INTO "reports" VALUES('x',1772460000000,'x',1,1,NULL);
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
CREATE TABLE switches (           -- pause, storm mode: what a person has switched
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "switches" VALUES('storm','on',1772460000000);
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
) STRICT;
INSERT INTO "tasks" VALUES(1,'wrote','+12165550135','x',NULL,NULL,1772460000000,NULL,'x');
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
, waits TEXT NOT NULL DEFAULT '', doubts INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "texts" VALUES(1,'call:1:opener','opener','delivered','+12165550131','x','open',1,1,1772463595000,1772467200000,1,1772460000000,1772460000000,'x','',1);
INSERT INTO "texts" VALUES(2,'call:2:opener','opener','queued','+12165550132','','open',2,1,1772463595000,1772467200000,1,1772460000000,NULL,'x','',1);
INSERT INTO "texts" VALUES(3,'call:3:opener','opener','submitting','+12165550134','x','open',3,1,1772463595000,1772467200000,1,1772460000000,1772463600000,'x','',1);
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
COMMIT;
PRAGMA user_version = 5;
