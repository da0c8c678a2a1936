-- A part of a longer text that tells of an emergency: the text is not waited for as long as others.
ALTER TABLE inbound ADD COLUMN alarming INTEGER NOT NULL DEFAULT 0;
