"""SQL of how soon a person of the office came back to callers who were texted."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from gateway.clock import from_ms, to_ms


def responses(
    db: sqlite3.Connection, since: datetime, until: datetime, most: int
) -> list[tuple[datetime, datetime | None]]:
    """The newest texted calls that ended between the two moments: when each ended, and when a person came back to it.

    A person came back by reaching the caller, by answering a later call, by writing, or by closing the call-back.
    """
    rows = db.execute(
        "SELECT ended_at, (SELECT min(at) FROM ("
        " SELECT reached_at AS at FROM peers WHERE number = c.peer AND reached_at >= c.ended_at"
        " UNION ALL SELECT min(started_at) FROM calls WHERE peer = c.peer AND missed = 0 AND ended_at >= c.ended_at"
        " UNION ALL SELECT min(sent_at) FROM texts WHERE peer = c.peer AND purpose = 'staff' AND sent_at >= c.ended_at"
        " UNION ALL SELECT min(closed_at) FROM tasks WHERE peer = c.peer AND closed_at >= c.ended_at"
        " )) AS back FROM calls c WHERE ended_at BETWEEN ? AND ? AND state = 'texted' ORDER BY ended_at DESC LIMIT ?",
        (to_ms(since), to_ms(until), most),
    ).fetchall()
    return [(from_ms(row["ended_at"]), None if row["back"] is None else from_ms(row["back"])) for row in rows]
