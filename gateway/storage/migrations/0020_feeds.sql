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
CREATE UNIQUE INDEX feeds_open ON feeds (crew) WHERE ended_at IS NULL;

CREATE TABLE installation (            -- one row: by what calendars tell the appointments of this box from those of another
    id       TEXT PRIMARY KEY,
    made_at  INTEGER NOT NULL
) STRICT;
