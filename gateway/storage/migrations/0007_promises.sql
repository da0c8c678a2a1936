CREATE TABLE promises (           -- first texts whose words state the response time, and those in which it was left out
    text_id INTEGER PRIMARY KEY,
    peer TEXT NOT NULL,
    minutes INTEGER NOT NULL,     -- the time stated
    said INTEGER NOT NULL,        -- 0: left out, for it was not kept; measured all the same
    made_at INTEGER NOT NULL,     -- when the text left
    kept_at INTEGER               -- when a person of the business first spoke with them, wrote, or closed the matter
) STRICT;
CREATE INDEX promises_of_peer ON promises (peer, made_at);
CREATE INDEX promises_made ON promises (minutes, made_at);
