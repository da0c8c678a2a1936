ALTER TABLE appointments ADD COLUMN remind_at INTEGER;    -- when the caller is reminded; NULL: not, or not any more
ALTER TABLE appointments ADD COLUMN reminded_at INTEGER;  -- when the reminder was queued
CREATE INDEX appointments_to_remind ON appointments (remind_at) WHERE remind_at IS NOT NULL;
