-- What a telephone of ours has been listed, so that MORE and a number of the list mean what its owner reads.
ALTER TABLE phones ADD COLUMN listed_of TEXT NOT NULL DEFAULT '';      -- '': open leads; '2026-11-24': appointments of that day
ALTER TABLE phones ADD COLUMN told_windows TEXT NOT NULL DEFAULT '';   -- JSON: the windows into which an appointment may be moved
