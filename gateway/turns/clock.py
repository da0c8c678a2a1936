"""The turn of a wall clock that was set.

What waits keeps its remaining time, so that a jump neither sends early nor lets an opener rot. What was noted since the
gateway started keeps its age: whether the clock was wrong before the jump or is wrong after it, that much time has really
passed, and nobody may be texted again because the clock was set to tomorrow. What an earlier run noted stays: nothing tells
how long the box was off.
"""

from __future__ import annotations

from gateway import records
from gateway.clock import to_ms
from gateway.core.effects import Changed, Effect
from gateway.core.events import ClockJumped
from gateway.turns.context import Context

# Moments by table, as they stand in the schema. A waiting call's are moved whenever they were noted.
_NOTED = (
    ("peers", ("opened_at", "contacted_at", "wrote_at", "takeover_until", "reached_at", "repeat_told_at"), ""),
    ("texts", ("sent_at",), ""),
    ("segments", ("at",), ""),
    ("calls", ("started_at", "ended_at", "known_at"), " AND state <> 'waiting'"),
    ("inbound", ("received_at",), " AND letter_id IS NULL"),
)


def clock_jumped(ctx: Context, event: ClockJumped) -> list[Effect]:
    """Take in that wall time has moved by `event.seconds` against the real one."""
    shift = {"shift": round(event.seconds * 1000)}
    ctx.db.execute(
        "UPDATE texts SET due = due + :shift, expires = expires + :shift WHERE state = 'queued'"
        " AND id NOT IN (SELECT t.id FROM texts t JOIN calls c ON c.id = t.call_id WHERE c.state = 'held')",
        shift,
    )
    ctx.db.execute(
        "UPDATE calls SET ended_at = ended_at + :shift, known_at = known_at + :shift WHERE state = 'waiting'", shift
    )
    if event.since is not None:
        since = {**shift, "since": to_ms(event.since)}
        for table, columns, but in _NOTED:
            for column in columns:
                ctx.db.execute(f"UPDATE {table} SET {column} = {column} + :shift WHERE {column} >= :since{but}", since)
    records.note(ctx.db, ctx.now, "box:clock", f"the clock moved by {event.seconds:.0f} s")
    return [Changed("clock")]
