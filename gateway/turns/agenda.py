"""When the box wants attention next, by itself."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from gateway.turns import booking, conversation, digest, inbound, ladder, notices, outbox, switches


def next_wake(db: sqlite3.Connection, now: datetime) -> datetime | None:
    """The next moment at which a text falls due or is too old, a part is overdue, a caller is to be answered, the next
    person is to be told of an emergency, a lead becomes overdue, the digest is due, or a pause is over."""
    moments = (
        *(outbox.next_wake(db, now), inbound.next_flush(db), conversation.next_due(db), ladder.next_due(db)),
        *(notices.next_due(db, now), digest.next_due(db), switches.next_due(db), booking.next_due(db)),
    )
    return min((moment for moment in moments if moment is not None), default=None)
