"""The appointments of some days."""

from __future__ import annotations

import sqlite3
from collections.abc import Container
from datetime import date, timedelta

from gateway.clock import from_ms, to_ms
from gateway.core.business import Business
from gateway.core.views.calendar import Entry
from gateway.core.wallclock import midnight
from gateway.queries.leads import place_in, service_name

MOST = 500  # of one page; no office has more in a week
LONGEST_MS = 31 * 86_400_000  # an appointment of several days
_LEAD = (
    "leads.id AS lead_id, leads.peer, leads.service, leads.zip, leads.city, leads.state, leads.place, leads.street_address,"
    " coalesce(nullif(leads.name, ''), (SELECT name FROM contacts WHERE number = leads.peer AND name <> '' LIMIT 1)) AS name"
)


def entries(db: sqlite3.Connection, business: Business, first: date, days: int) -> tuple[Entry, ...]:
    """What stands in the calendar from a day on, in order of time."""
    zone = business.zone
    span = {
        "from": to_ms(midnight(zone, first)),
        "to": to_ms(midnight(zone, first + timedelta(days=days))),
        "longest": LONGEST_MS,
        "most": MOST,
    }
    rows = db.execute(
        f"SELECT one.begins, one.ends, one.state AS how, one.crew, one.who, one.note, {_LEAD} FROM appointments AS one"
        " JOIN leads ON leads.id = one.lead_id WHERE one.begins >= :from - :longest AND one.begins < :to AND one.ends > :from"
        " AND one.state IN ('held', 'requested', 'confirmed', 'done') ORDER BY one.begins, one.id LIMIT :most",
        span,
    ).fetchall()
    shown = [first + timedelta(days=count) for count in range(days)]
    found = (_entry(row, business, day) for row in rows for day in shown if day in _days(row, business))
    return tuple(sorted(found, key=lambda one: (one.day, one.begins, one.crew)))


def _days(row: sqlite3.Row, business: Business) -> Container[date]:
    """The days on the business's wall that an appointment is on."""
    first, last = (from_ms(at).astimezone(business.zone).date().toordinal() for at in (row["begins"], row["ends"] - 1))
    return {date.fromordinal(day) for day in range(first, last + 1)}


def _entry(row: sqlite3.Row, business: Business, day: date) -> Entry:
    rules = business.conversation
    crew = rules.booking.crews.get(row["crew"])
    return Entry(
        row["lead_id"],
        day,
        from_ms(row["begins"]),
        from_ms(row["ends"]),
        row["how"],
        crew.label if crew is not None else row["crew"] or row["who"],
        row["name"] or "",
        row["peer"],
        service_name(rules, row["service"]),
        place_in(row),
        row["note"],
    )
