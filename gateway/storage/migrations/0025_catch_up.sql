CREATE TABLE outages (                 -- when the box (part '') or one of its parts saw nothing
    id       INTEGER PRIMARY KEY,
    part     TEXT NOT NULL,            -- '': the box itself was off; else the name of the modem or phone system
    began    INTEGER NOT NULL,         -- the last thing that was written before, or when the part was lost
    ended    INTEGER                   -- NULL: it still is
) STRICT;
CREATE INDEX outages_ended ON outages (ended);

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
CREATE INDEX sightings_of_call ON sightings (call_id);
CREATE INDEX sightings_of_outage ON sightings (outage_id) WHERE outage_id IS NOT NULL;

CREATE TABLE missed_lists (            -- a modem's list of missed calls as it was read last; place 0: that it was read
    part    TEXT NOT NULL,
    place   INTEGER NOT NULL,          -- 1 is the newest
    mark    TEXT NOT NULL,             -- of the number: enough to know it again
    stamp   TEXT NOT NULL,             -- the modem's own words of when; '' where it says nothing
    read_at INTEGER NOT NULL,
    PRIMARY KEY (part, place)
) STRICT, WITHOUT ROWID;
