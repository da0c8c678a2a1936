"""The appointments that calendar programs get: SQL on a read-only connection."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from gateway.clock import from_ms, to_ms
from gateway.core.business import Business
from gateway.core.conversation.alarm import place_of
from gateway.core.conversation.lead import Facts
from gateway.core.views.feeds import Published
from gateway.queries.leads import service_name

PAST = timedelta(days=60)  # so far back a calendar shows what was
CANCELLED = timedelta(days=42)  # so long one that was cancelled says so to programs that would else keep it
MOST = 1000  # appointments of one calendar, the latest: years of an office, and half a megabyte
_ONE = (
    "SELECT one.*, leads.service, leads.zip, leads.city, leads.state AS region, leads.place AS spot,"
    " leads.street_address, leads.issue, leads.callback_number,"
    " coalesce(nullif(leads.name, ''), (SELECT name FROM contacts WHERE number = leads.peer AND name <> '' LIMIT 1)) AS name"
    " FROM appointments AS one JOIN leads ON leads.id = one.lead_id"
)


def published(db: sqlite3.Connection, business: Business, crew: str, now: datetime) -> tuple[Published, ...]:
    """What stands in a crew's calendar, "" for everybody's, in order of time."""
    rows = db.execute(
        f"{_ONE} WHERE one.day >= :first AND (:crew = '' OR one.crew = :crew) AND (one.state IN ('requested', 'confirmed', 'done')"
        " OR one.state = 'cancelled' AND one.changed_at >= :lately) ORDER BY one.day DESC, one.id DESC LIMIT :most",
        {
            "first": (now.astimezone(business.zone) - PAST).date().isoformat(),
            "crew": crew,
            "lately": to_ms(now - CANCELLED),
            "most": MOST,
        },
    ).fetchall()
    return tuple(sorted((_published(row, business) for row in rows), key=lambda one: (one.begins, one.number)))


def published_of(db: sqlite3.Connection, business: Business, lead_id: int) -> Published | None:
    """The last appointment of a lead, for a calendar; None where it has none, or one that is only held."""
    row = db.execute(f"{_ONE} WHERE one.lead_id = ? ORDER BY one.id DESC LIMIT 1", (lead_id,)).fetchone()
    if row is None or row["state"] in ("held", "expired"):
        return None
    return _published(row, business)


def _published(row: sqlite3.Row, business: Business) -> Published:
    rules = business.conversation
    crew, kind = rules.booking.crews.get(row["crew"]), {one.name: one.label for one in rules.booking.types}
    return Published(
        number=row["id"],
        lead_id=row["lead_id"],
        state=row["state"],
        revision=row["revision"],
        changed_at=from_ms(row["changed_at"]),
        begins=from_ms(row["begins"]),
        ends=from_ms(row["ends"]),
        crew=crew.label if crew is not None and crew.label else row["crew"] or row["who"],
        service=service_name(rules, row["service"]) or kind.get(row["kind"], ""),
        name=row["name"] or "",
        phone=row["callback_number"] or row["peer"],
        place=place_of(
            Facts(
                zip=row["zip"],
                city=row["city"],
                state=row["region"],
                place=row["spot"],
                street_address=row["street_address"],
            )
        ),
        about=row["issue"] or "",
        note=row["note"],
    )
