CREATE TABLE reports (            -- delivery reports, each taken in once
    identity TEXT PRIMARY KEY,    -- of its PDU
    at INTEGER NOT NULL,
    peer TEXT NOT NULL,
    ref INTEGER NOT NULL,         -- TP-MR
    status INTEGER NOT NULL,      -- TP-ST
    text_id INTEGER               -- the text it is about; NULL: none, or one whose reference the modem has not told yet
) STRICT, WITHOUT ROWID;
CREATE INDEX reports_open ON reports (peer, at) WHERE text_id IS NULL;
CREATE INDEX reports_of_text ON reports (text_id) WHERE text_id IS NOT NULL;

CREATE INDEX calls_started ON calls (started_at);
CREATE INDEX texts_of_call ON texts (call_id) WHERE call_id IS NOT NULL;
