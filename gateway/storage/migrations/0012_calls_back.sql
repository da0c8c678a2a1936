ALTER TABLE leads ADD COLUMN offered TEXT NOT NULL DEFAULT '[]';  -- JSON: times for a call to choose from, [begins, ends, who]
ALTER TABLE leads ADD COLUMN offer_until INTEGER;            -- beginning of the last of them; NULL when there are none
ALTER TABLE leads ADD COLUMN call_begins INTEGER;            -- the call that was chosen and is promised
ALTER TABLE leads ADD COLUMN call_ends INTEGER;
ALTER TABLE leads ADD COLUMN call_who TEXT NOT NULL DEFAULT '';   -- who makes it
ALTER TABLE leads ADD COLUMN call_kept INTEGER NOT NULL DEFAULT 0;  -- 1: made, or the matter is settled
CREATE INDEX leads_offering ON leads (offer_until) WHERE offer_until IS NOT NULL;
CREATE INDEX leads_to_call ON leads (call_begins) WHERE call_begins IS NOT NULL;
