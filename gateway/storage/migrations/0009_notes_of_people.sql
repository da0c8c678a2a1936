-- What is noted of leads and of people ('lead:7', 'peer:+1...') is shown beside their conversation; notes of calls and texts
-- are not in this index.
CREATE INDEX history_of_people ON history (subject, id) WHERE subject >= 'lead:' AND subject < 'peer;';
