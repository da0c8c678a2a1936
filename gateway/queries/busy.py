"""What calendars of other programs say of the crews at a moment, as far as the books know it."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from gateway.core.booking.outside import NOTHING, Outside, outside
from gateway.core.business import Business
from gateway.records.calendars import busy_spans, known_calendars

_WAY = timedelta(days=1)  # what has just begun has its way before it


def outside_now(db: sqlite3.Connection, business: Business, now: datetime) -> Outside:
    """When the crews are busy elsewhere, and of which of them that is not sure."""
    rules = business.conversation.booking
    if not any(crew.calendars for crew in rules.crews.values()):
        return NOTHING
    return outside(rules, known_calendars(db), busy_spans(db, now - _WAY), now, business.zone)
