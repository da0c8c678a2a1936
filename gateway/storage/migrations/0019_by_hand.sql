-- Appointments that people make stand with those that callers choose: one table, one calendar, no place taken twice.
ALTER TABLE appointments ADD COLUMN who TEXT NOT NULL DEFAULT '';       -- who goes, in words, where crew is ''
ALTER TABLE appointments ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE appointments ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;   -- 1: no text goes out about it by itself
CREATE INDEX appointments_ahead ON appointments (takes_until) WHERE state IN ('held', 'requested', 'confirmed');

-- crew '': somebody goes whose time the box does not keep, so it takes no place.
DROP TRIGGER appointments_made;
DROP TRIGGER appointments_moved;
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

INSERT INTO notes (lead_id, at, by, body)
SELECT id, coalesce(outcome_at, wrote_at), 'the box', 'also written down: an appointment ' ||
    strftime('%Y-%m-%d %H:%M', booked_from / 1000, 'unixepoch') || ' UTC, ' || booked_who || ' ' || booked_note
FROM leads WHERE booked_from IS NOT NULL AND booked_until IS NOT NULL AND EXISTS (
    SELECT 1 FROM appointments WHERE lead_id = leads.id AND appointments.state IN ('held', 'requested', 'confirmed'));
INSERT INTO appointments (lead_id, peer, kind, crew, place, day, begins, ends, takes_from, takes_until, state, made_at,
    changed_at, who, note, quiet)
SELECT id, peer, '', '', 1, strftime('%Y-%m-%d', booked_from / 1000, 'unixepoch'), booked_from, booked_until, booked_from,
    booked_until, 'confirmed', coalesce(outcome_at, wrote_at), coalesce(outcome_at, wrote_at), booked_who, booked_note, 1
FROM leads WHERE booked_from IS NOT NULL AND booked_until > booked_from AND NOT EXISTS (
    SELECT 1 FROM appointments WHERE lead_id = leads.id AND appointments.state IN ('held', 'requested', 'confirmed'));
ALTER TABLE leads DROP COLUMN booked_from;
ALTER TABLE leads DROP COLUMN booked_until;
ALTER TABLE leads DROP COLUMN booked_who;
ALTER TABLE leads DROP COLUMN booked_note;
