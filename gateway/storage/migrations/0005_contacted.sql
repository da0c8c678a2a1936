ALTER TABLE peers ADD COLUMN contacted_at INTEGER;  -- somebody else, or another system, has written to them or rung them
