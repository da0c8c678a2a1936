CREATE TABLE clock (                   -- one row: who is believed about the time
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    boot    TEXT NOT NULL,             -- the machine's name for the start at which that was so; '' where it has none
    base    INTEGER NOT NULL,          -- when that start was
    by      TEXT NOT NULL,             -- internet, network, texts, set, module, last; '': nobody
    certain INTEGER,                   -- the latest moment that was written while somebody was believed, where nobody is now
    at      INTEGER NOT NULL
) STRICT;
