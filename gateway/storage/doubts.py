"""What records from an earlier moment must not do again by themselves.

A backup does not know what the box has done since. What waited then may have gone out: a text to a customer is in doubt and
a person decides, a promise to answer becomes work for a person, an emergency is shown and not told once more. Nothing
here sends anything, and nothing that somebody has to do is dropped.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from gateway.clock import to_ms
from gateway.core.outbound import TO_OUR_PEOPLE

PAUSED_BY_RESTORE = "the records are from a backup and it is not certain who was texted since"
_OURS = ", ".join(f"'{purpose}'" for purpose in TO_OUR_PEOPLE)

_DOUBTS = f"""
UPDATE texts SET state = 'cancelled', say = 'the records are from a backup'
    WHERE purpose IN ({_OURS}) AND state IN ('queued', 'submitting');
UPDATE texts SET state = 'cancelled', say = 'perhaps sent: the records are from a backup'
    WHERE state IN ('queued', 'submitting') AND purpose = 'opener' AND body = '';
INSERT INTO tasks (kind, peer, say, call_id, created_at)
    SELECT 'call_back', peer, 'Call back ' || peer || ': perhaps texted, the records are from a backup', id, started_at
    FROM calls WHERE state IN ('waiting', 'held') AND peer IS NOT NULL AND id NOT IN
    (SELECT call_id FROM tasks WHERE call_id IS NOT NULL AND closed_at IS NULL AND kind = 'call_back')
    AND id NOT IN (SELECT call_id FROM texts WHERE call_id IS NOT NULL AND state IN ('queued', 'submitting'));
UPDATE calls SET state = 'unsure', no_text = '', say = 'perhaps texted: the records are from a backup'
    WHERE state IN ('waiting', 'held');
INSERT INTO tasks (kind, peer, say, call_id, text_id, created_at)
    SELECT 'unsure_text', peer, 'the records are from a backup', call_id, id, :made FROM texts
    WHERE state IN ('queued', 'submitting');
UPDATE texts SET state = 'unconfirmed', say = 'perhaps sent: the records are from a backup', sent_at = coalesce(sent_at, :made)
    WHERE state IN ('queued', 'submitting');
UPDATE segments SET state = 'unconfirmed' WHERE state IN ('queued', 'submitting');
UPDATE peers SET opened_at = max(coalesce(opened_at, 0), :made) WHERE number IN
    (SELECT peer FROM calls WHERE state = 'unsure' AND say = 'perhaps texted: the records are from a backup');
INSERT OR IGNORE INTO peers (number, opened_at) SELECT peer, :made FROM calls
    WHERE peer IS NOT NULL AND state = 'unsure' AND say = 'perhaps texted: the records are from a backup';
UPDATE peers SET dialled_at = NULL;
UPDATE leads SET next_step = 'read what was written and answer: the records are from a backup', reply_at = NULL,
    answered_id = max(answered_id, coalesce((SELECT max(id) FROM letters WHERE lead_id = leads.id), 0))
    WHERE reply_at IS NOT NULL;
INSERT INTO tasks (kind, peer, say, lead_id, created_at)
    SELECT 'wrote', peer, next_step, id, wrote_at FROM leads
    WHERE next_step = 'read what was written and answer: the records are from a backup' AND id NOT IN
    (SELECT lead_id FROM tasks WHERE lead_id IS NOT NULL AND closed_at IS NULL);
UPDATE leads SET follow_up_at = NULL WHERE follow_up_at IS NOT NULL;
UPDATE leads SET alert = 'unsure' WHERE alert = 'under_way';
UPDATE appointments SET state = 'expired', held_until = NULL, changed_at = :now WHERE state = 'held';
UPDATE appointments SET remind_at = NULL WHERE remind_at <= :now;
UPDATE escalations SET state = 'exhausted', next_at = NULL, exhausted_at = coalesce(exhausted_at, :made) WHERE state = 'alerting';
UPDATE alerts SET state = 'withdrawn', say = 'the records are from a backup', due = NULL
    WHERE channel = 'call' AND state IN ('queued', 'dialling');
UPDATE digests SET next_at = NULL WHERE next_at <= :now
"""


def leave_to_people(db: sqlite3.Connection, made_at: datetime, now: datetime) -> None:
    """Everything that waited at `made_at` and may have happened since is for a person to decide. Inside a transaction."""
    moments = {"made": to_ms(made_at), "now": to_ms(now)}
    for statement in _DOUBTS.split(";"):
        db.execute(statement, moments)
