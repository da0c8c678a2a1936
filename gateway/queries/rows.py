"""Rows of calls and texts as `gateway.core.views`."""

from __future__ import annotations

import sqlite3

from gateway.clock import from_ms
from gateway.core.alphabet import segment_count
from gateway.core.views.calls import CallRow, TextRow

STATE_WORDS = {
    "queued": "waits to be sent",
    "submitting": "is being sent",
    "accepted": "sent, no delivery report yet",
    "delivered": "delivered to the phone",
    "undelivered": "not delivered",
    "cancelled": "taken back before sending",
    "expired": "too late to send",
    "failed": "not sent",
    "unconfirmed": "not sure whether it went out",
}


def call_row(row: sqlite3.Row, texts: tuple[TextRow, ...]) -> CallRow:
    """A row of `calls` with its `known_as`, the name that the office has for the number."""
    state = row["state"]
    outcome = {"not_texted": row["no_text"], "held": "waiting"}.get(state, state)
    if outcome == "not_missed":
        outcome = "answered"
    return CallRow(
        id=row["id"],
        ended_at=None if row["ended_at"] is None else from_ms(row["ended_at"]),
        started_at=from_ms(row["started_at"]),
        caller=row["peer"] or row["caller"] or "withheld number",
        caller_name=row["known_as"] or row["caller_name"],  # how the office calls somebody beats what the network says
        line=row["line"],
        outcome=outcome,
        say=row["say"],
        answered_by=row["answered_by"] or "",
        source=row["source"],
        texts=texts,
    )


def text_row(row: sqlite3.Row) -> TextRow:
    """A row of `texts`."""
    state = row["state"]
    say = STATE_WORDS[state] + (f": {row['say']}" if row["say"] and state != "unconfirmed" else "")
    at = row["sent_at"] if row["sent_at"] is not None else row["created_at"]
    return TextRow(
        id=row["id"],
        direction="out",
        peer=row["peer"],
        body=row["body"],
        purpose=row["purpose"],
        template=row["template"],
        state=state,
        say=say,
        segments=segment_count(row["body"]) if row["body"] else 0,
        at=from_ms(at),
        call_id=row["call_id"],
    )


def letter_row(row: sqlite3.Row) -> TextRow:
    """A row of `letters`."""
    say = "received" if row["complete"] else "received, a part is missing"
    return TextRow(row["id"], "in", row["peer"], row["body"], "", "", "received", say, 1, from_ms(row["at"]), None)
