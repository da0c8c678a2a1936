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
    changed_at   INTEGER NOT NULL,
    CHECK (begins < ends AND takes_from < takes_until AND place >= 1),
    CHECK ((state = 'held') = (held_until IS NOT NULL))
) STRICT;
-- A lead has one appointment that stands, and no place of a crew is taken twice at any moment: whatever the program thinks.
CREATE UNIQUE INDEX appointments_of_leads ON appointments (lead_id) WHERE state IN ('held', 'requested', 'confirmed');
CREATE INDEX appointments_standing ON appointments (crew, place, takes_from) WHERE state IN ('held', 'requested', 'confirmed');
CREATE INDEX appointments_held ON appointments (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX appointments_by_lead ON appointments (lead_id);
CREATE INDEX appointments_by_day ON appointments (day);
CREATE TRIGGER appointments_made BEFORE INSERT ON appointments WHEN NEW.state IN ('held', 'requested', 'confirmed')
BEGIN
    SELECT RAISE(ABORT, 'this place of the crew is taken') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE crew = NEW.crew AND place = NEW.place AND state IN ('held', 'requested', 'confirmed')
        AND takes_from < NEW.takes_until AND NEW.takes_from < takes_until);
END;
CREATE TRIGGER appointments_moved BEFORE UPDATE ON appointments WHEN NEW.state IN ('held', 'requested', 'confirmed')
BEGIN
    SELECT RAISE(ABORT, 'this place of the crew is taken') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE id <> NEW.id AND crew = NEW.crew AND place = NEW.place
        AND state IN ('held', 'requested', 'confirmed')
        AND takes_from < NEW.takes_until AND NEW.takes_from < takes_until);
END;
