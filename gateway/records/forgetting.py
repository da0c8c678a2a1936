"""SQL that deletes what is older than it is to be kept, a few rows at a time.

Nothing goes on which somebody still has work, nothing that may still leave, and never the proof of an opt-out. The newest
row of each table stays, so that its number is not given a second time.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from gateway.clock import to_ms

_STANDING = "('held', 'requested', 'confirmed')"
_OPEN_TEXT = "('queued', 'submitting', 'unconfirmed')"

_SETTLED_LEADS = f"""
CREATE TEMP TABLE old_leads AS SELECT id FROM leads WHERE wrote_at < :before AND opened_at < :before
    AND coalesce(outcome_at, 0) < :before AND coalesce(heard_back_at, 0) < :before
    AND id < (SELECT max(id) FROM leads) AND reply_at IS NULL AND follow_up_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM tasks WHERE lead_id = leads.id AND closed_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM appointments WHERE lead_id = leads.id AND state IN {_STANDING} AND ends > :before)
    AND NOT EXISTS (SELECT 1 FROM texts WHERE lead_id = leads.id AND (state IN {_OPEN_TEXT} OR created_at >= :before))
    AND NOT EXISTS (SELECT 1 FROM escalations WHERE lead_id = leads.id AND state IN ('alerting', 'exhausted'))
    AND NOT EXISTS (SELECT 1 FROM texts WHERE lead_id = leads.id AND id = (SELECT max(id) FROM texts))
    AND NOT EXISTS (SELECT 1 FROM letters WHERE lead_id = leads.id AND id = (SELECT max(id) FROM letters))
    ORDER BY id LIMIT :limit"""
_LEADS = """
CREATE TEMP TABLE old_texts AS SELECT id FROM texts WHERE lead_id IN (SELECT id FROM old_leads);
CREATE TEMP TABLE old_letters AS SELECT id FROM letters WHERE lead_id IN (SELECT id FROM old_leads);
CREATE TEMP TABLE old_escalations AS SELECT id FROM escalations WHERE lead_id IN (SELECT id FROM old_leads);
DELETE FROM alerts WHERE escalation_id IN (SELECT id FROM old_escalations) OR text_id IN (SELECT id FROM old_texts);
DELETE FROM codes WHERE lead_id IN (SELECT id FROM old_leads) OR escalation_id IN (SELECT id FROM old_escalations);
DELETE FROM escalations WHERE id IN (SELECT id FROM old_escalations);
DELETE FROM tasks WHERE lead_id IN (SELECT id FROM old_leads) OR text_id IN (SELECT id FROM old_texts);
DELETE FROM segments WHERE text_id IN (SELECT id FROM old_texts);
DELETE FROM reports WHERE text_id IN (SELECT id FROM old_texts);
DELETE FROM promises WHERE text_id IN (SELECT id FROM old_texts);
DELETE FROM reviews WHERE lead_id IN (SELECT id FROM old_leads) OR text_id IN (SELECT id FROM old_texts);
DELETE FROM corrections WHERE lead_id IN (SELECT id FROM old_leads);
DELETE FROM notes WHERE lead_id IN (SELECT id FROM old_leads);
DELETE FROM appointments WHERE lead_id IN (SELECT id FROM old_leads);
DELETE FROM inbound WHERE letter_id IN (SELECT id FROM old_letters);
DELETE FROM letters WHERE id IN (SELECT id FROM old_letters);
DELETE FROM texts WHERE id IN (SELECT id FROM old_texts);
DELETE FROM history WHERE subject IN (SELECT 'lead:' || id FROM old_leads UNION ALL SELECT 'text:' || id FROM old_texts);
DELETE FROM leads WHERE id IN (SELECT id FROM old_leads)
"""
_SETTLED_CALLS = f"""
CREATE TEMP TABLE old_calls AS SELECT id FROM calls WHERE started_at < :before AND coalesce(ended_at, 0) < :before
    AND state IN ('texted', 'unsure', 'not_texted') AND id < (SELECT max(id) FROM calls)
    AND NOT EXISTS (SELECT 1 FROM tasks WHERE call_id = calls.id AND closed_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM texts WHERE call_id = calls.id AND (state IN {_OPEN_TEXT} OR created_at >= :before))
    ORDER BY started_at LIMIT :limit"""
_CALLS = """
CREATE TEMP TABLE old_texts AS SELECT id FROM texts WHERE call_id IN (SELECT id FROM old_calls) AND lead_id IS NULL
    AND id < (SELECT max(id) FROM texts) AND id NOT IN (SELECT text_id FROM alerts WHERE text_id IS NOT NULL);
UPDATE texts SET call_id = NULL WHERE call_id IN (SELECT id FROM old_calls);
DELETE FROM tasks WHERE call_id IN (SELECT id FROM old_calls) OR text_id IN (SELECT id FROM old_texts);
DELETE FROM segments WHERE text_id IN (SELECT id FROM old_texts);
DELETE FROM reports WHERE text_id IN (SELECT id FROM old_texts);
DELETE FROM promises WHERE text_id IN (SELECT id FROM old_texts);
DELETE FROM reviews WHERE text_id IN (SELECT id FROM old_texts);
DELETE FROM texts WHERE id IN (SELECT id FROM old_texts);
DELETE FROM history WHERE subject IN (SELECT 'call:' || id FROM old_calls UNION ALL SELECT 'text:' || id FROM old_texts);
DELETE FROM calls WHERE id IN (SELECT id FROM old_calls)
"""
# Texts without a lead or a call, to callers and to our own people, and what is asked of nobody any more.
_LOOSE = f"""
CREATE TEMP TABLE old_texts AS SELECT id FROM texts WHERE lead_id IS NULL AND call_id IS NULL AND created_at < :before
    AND state NOT IN {_OPEN_TEXT} AND id < (SELECT max(id) FROM texts)
    AND NOT EXISTS (SELECT 1 FROM tasks WHERE text_id = texts.id AND closed_at IS NULL)
    AND id NOT IN (SELECT text_id FROM alerts WHERE text_id IS NOT NULL) ORDER BY id LIMIT :limit;
CREATE TEMP TABLE old_letters AS SELECT id FROM letters WHERE lead_id IS NULL AND at < :before
    AND id < (SELECT max(id) FROM letters) ORDER BY id LIMIT :limit;
CREATE TEMP TABLE old_tasks AS SELECT id FROM tasks WHERE closed_at < :before AND created_at < :before
    AND id < (SELECT max(id) FROM tasks) ORDER BY id LIMIT :limit;
CREATE TEMP TABLE old_escalations AS SELECT id FROM escalations WHERE lead_id IS NULL AND opened_at < :before
    AND state IN ('over', 'acknowledged') AND id < (SELECT max(id) FROM escalations) ORDER BY id LIMIT :limit;
DELETE FROM alerts WHERE escalation_id IN (SELECT id FROM old_escalations);
DELETE FROM codes WHERE escalation_id IN (SELECT id FROM old_escalations);
DELETE FROM escalations WHERE id IN (SELECT id FROM old_escalations);
DELETE FROM tasks WHERE text_id IN (SELECT id FROM old_texts) OR id IN (SELECT id FROM old_tasks);
DELETE FROM segments WHERE text_id IN (SELECT id FROM old_texts);
DELETE FROM reports WHERE text_id IN (SELECT id FROM old_texts);
DELETE FROM promises WHERE text_id IN (SELECT id FROM old_texts);
DELETE FROM reviews WHERE text_id IN (SELECT id FROM old_texts) OR letter_id IN (SELECT id FROM old_letters);
DELETE FROM corrections WHERE letter_id IN (SELECT id FROM old_letters);
DELETE FROM inbound WHERE letter_id IN (SELECT id FROM old_letters);
DELETE FROM history WHERE subject IN (SELECT 'text:' || id FROM old_texts);
DELETE FROM texts WHERE id IN (SELECT id FROM old_texts);
DELETE FROM letters WHERE id IN (SELECT id FROM old_letters)
"""
_LAPSED_PEERS = (
    "DELETE FROM peers WHERE number IN (SELECT number FROM peers WHERE dialled_at IS NULL AND max(coalesce(opened_at, 0),"
    " coalesce(wrote_at, 0), coalesce(takeover_until, 0), coalesce(reached_at, 0), coalesce(repeat_told_at, 0),"
    " coalesce(contacted_at, 0)) < :before LIMIT :limit)"
)
_OLD_HISTORY = (
    "DELETE FROM history WHERE id IN (SELECT id FROM history WHERE at < :before AND what NOT LIKE 'opted %'"
    " AND subject <> 'box:erased' AND id < (SELECT max(id) FROM history) ORDER BY id LIMIT :limit)",
    "DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE at < :before AND (how = 'instant' OR digest_id IS NOT NULL)"
    " AND id < (SELECT max(id) FROM notices) LIMIT :limit)",
    "DELETE FROM digests WHERE id IN (SELECT id FROM digests WHERE slot < :before AND next_at IS NULL"
    " AND id < (SELECT max(id) FROM digests) AND id NOT IN (SELECT digest_id FROM notices WHERE digest_id IS NOT NULL) LIMIT :limit)",
    "DELETE FROM wrong_pins WHERE id IN (SELECT id FROM wrong_pins WHERE at < :before LIMIT :limit)",
    "DELETE FROM on_call_swaps WHERE id IN (SELECT id FROM on_call_swaps WHERE ends < :before LIMIT :limit)",
)
_OLD_INPUTS = (
    "DELETE FROM journal WHERE id IN (SELECT id FROM journal WHERE at < :before AND id < (SELECT max(id) FROM journal)"
    " ORDER BY id LIMIT :limit)"
)
_TEMPS = ("old_leads", "old_calls", "old_texts", "old_letters", "old_escalations", "old_tasks")


def forget_leads(db: sqlite3.Connection, before: datetime, limit: int) -> int:
    """Settled leads with all that hangs on them; gives how many went."""
    moments = {"before": to_ms(before), "limit": limit}
    db.execute(_SETTLED_LEADS, moments)
    count = _count(db, "old_leads")
    if count:
        _all(db, _LEADS, moments)
    _drop(db)
    return count


def forget_calls(db: sqlite3.Connection, before: datetime, limit: int) -> int:
    """Calls of which everything is settled, with their first texts; gives how many went."""
    moments = {"before": to_ms(before), "limit": limit}
    db.execute(_SETTLED_CALLS, moments)
    count = _count(db, "old_calls")
    if count:
        _all(db, _CALLS, moments)
    _drop(db)
    return count + max(0, db.execute(_LAPSED_PEERS, moments).rowcount)


def forget_loose_texts(db: sqlite3.Connection, before: datetime, limit: int) -> int:
    """Texts that belong to no lead and no call, and closed tasks; gives how many went."""
    _all(db, _LOOSE, {"before": to_ms(before), "limit": limit})
    count = sum(_count(db, table) for table in ("old_texts", "old_letters", "old_tasks", "old_escalations"))
    _drop(db)
    return count


def forget_history(db: sqlite3.Connection, before: datetime, limit: int) -> int:
    """Who did what, except who opted out and in; gives how many lines went."""
    moments = {"before": to_ms(before), "limit": limit}
    return sum(max(0, db.execute(sql, moments).rowcount) for sql in _OLD_HISTORY)


def forget_inputs(db: sqlite3.Connection, before: datetime, limit: int) -> int:
    """The journal; gives how many entries went."""
    return max(0, db.execute(_OLD_INPUTS, {"before": to_ms(before), "limit": limit}).rowcount)


def _all(db: sqlite3.Connection, statements: str, moments: dict[str, int]) -> None:
    for statement in statements.split(";"):
        db.execute(statement, moments)


def _count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _drop(db: sqlite3.Connection) -> None:
    for table in _TEMPS:
        db.execute(f"DROP TABLE IF EXISTS temp.{table}")
