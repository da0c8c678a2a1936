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
CREATE UNIQUE INDEX logins_name ON logins (name COLLATE NOCASE);

CREATE TABLE sessions (           -- browsers that are signed in
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,   -- SHA-256 of the cookie: who reads this table cannot sign in with it
    login_id INTEGER NOT NULL REFERENCES logins (id) ON DELETE CASCADE,
    device TEXT NOT NULL,         -- what the browser says of itself
    began_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL      -- written at most every few hours
) STRICT;
CREATE INDEX sessions_of_login ON sessions (login_id);
