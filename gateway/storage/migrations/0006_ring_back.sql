ALTER TABLE peers ADD COLUMN dialled_at INTEGER;  -- since when a call of the office to them has been going on, NULL: none is
CREATE INDEX peers_dialled ON peers (dialled_at) WHERE dialled_at IS NOT NULL;
CREATE INDEX tasks_open_of ON tasks (peer) WHERE closed_at IS NULL;
