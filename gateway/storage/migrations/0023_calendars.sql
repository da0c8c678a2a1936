CREATE TABLE calendars (               -- calendars of other programs, as they were read last; all of it can be read again
    name      TEXT PRIMARY KEY,        -- in the configuration
    source    TEXT NOT NULL,           -- where it was read: what was read elsewhere does not count
    mark      TEXT NOT NULL DEFAULT '',-- of what was read; an unchanged one has the same
    read_at   INTEGER,                 -- NULL: never
    doubts    TEXT NOT NULL DEFAULT '',-- what could not be understood; '': all was
    failed_at INTEGER,                 -- since when it cannot be read; NULL: it can
    why       TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE busy_times (              -- when somebody is busy by a calendar; what by, nobody here knows
    calendar TEXT NOT NULL,
    begins   INTEGER NOT NULL,
    ends     INTEGER NOT NULL,
    PRIMARY KEY (calendar, begins)
) STRICT, WITHOUT ROWID;
