"""The appointments of some days: those that callers have chosen by text, and those that people have written down."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta

from gateway.clock import from_ms, to_ms
from gateway.core.business import Business
from gateway.core.views.calendar import Entry
from gateway.core.wallclock import midnight
from gateway.queries.leads import place_in, service_name

MOST = 500  # of one page; no office has more in a week
BY_HAND = "by hand"
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
        "most": MOST,
    }
    chosen = db.execute(
        f"SELECT one.begins, one.ends, one.state AS how, one.crew AS who, {_LEAD} FROM appointments AS one"
        " JOIN leads ON leads.id = one.lead_id WHERE one.begins >= :from AND one.begins < :to"
        " AND one.state IN ('held', 'requested', 'confirmed', 'done') ORDER BY one.begins, one.id LIMIT :most",
        span,
    ).fetchall()
    written = db.execute(
        f"SELECT leads.booked_from AS begins, leads.booked_until AS ends, '{BY_HAND}' AS how, leads.booked_who AS who, {_LEAD}"
        " FROM leads WHERE leads.booked_from >= :from AND leads.booked_from < :to ORDER BY leads.booked_from LIMIT :most",
        span,
    ).fetchall()
    return tuple(sorted((_entry(row, business) for row in (*chosen, *written)), key=lambda one: (one.begins, one.crew)))


def _entry(row: sqlite3.Row, business: Business) -> Entry:
    begins, rules = from_ms(row["begins"]), business.conversation
    crew = rules.booking.crews.get(row["who"])
    return Entry(
        row["lead_id"],
        begins.astimezone(business.zone).date(),
        begins,
        from_ms(row["ends"]),
        row["how"],
        crew.label if crew is not None else row["who"],
        row["name"] or "",
        row["peer"],
        service_name(rules, row["service"]),
        place_in(row),
    )
