"""SQL of the appointments. That no place of a crew is taken twice is kept by the table itself (its triggers)."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime

from gateway.clock import from_ms, to_ms
from gateway.core.booking.appointments import Appointment, Opening, Span, State, Taken
from gateway.records.rows import moment

_STANDING = "state IN ('held', 'requested', 'confirmed')"


def appointment_of(db: sqlite3.Connection, lead_id: int) -> Appointment | None:
    """The last appointment of a lead, whatever has become of it."""
    row = db.execute("SELECT * FROM appointments WHERE lead_id = ? ORDER BY id DESC LIMIT 1", (lead_id,)).fetchone()
    return None if row is None else appointment_in(row)


def appointment_in(row: sqlite3.Row) -> Appointment:
    """A row of `appointments`."""
    try:
        day = date.fromisoformat(row["day"])
    except ValueError:  # a damaged record
        day = from_ms(row["begins"]).date()
    opening = Opening(
        Span(from_ms(row["begins"]), from_ms(row["ends"])),
        row["crew"],
        row["place"],
        Span(from_ms(row["takes_from"]), from_ms(row["takes_until"])),
        day,
    )
    return Appointment(
        row["kind"],
        opening,
        State(row["state"]),
        moment(row["held_until"]),
        row["id"],
        row["who"],
        row["note"],
        bool(row["quiet"]),
    )


def keep_appointment(
    db: sqlite3.Connection, lead_id: int, peer: str, one: Appointment, remind_at: datetime | None, now: datetime
) -> None:
    """Write it down, or what has changed about it, and when the caller is reminded.

    sqlite3.IntegrityError where its place is taken at that time.
    """
    opening = one.opening
    values = (
        one.kind,
        opening.crew,
        opening.place,
        opening.day.isoformat(),
        to_ms(opening.arrival.begins),
        to_ms(opening.arrival.ends),
        to_ms(opening.takes.begins),
        to_ms(opening.takes.ends),
        one.state.value,
        one.held_until and to_ms(one.held_until),
        remind_at and to_ms(remind_at),
        one.who,
        one.note,
        one.quiet,
        to_ms(now),
    )
    if one.number is None:
        db.execute(
            "INSERT INTO appointments (kind, crew, place, day, begins, ends, takes_from, takes_until, state, held_until,"
            " remind_at, who, note, quiet, changed_at, made_at, lead_id, peer)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, to_ms(now), lead_id, peer),
        )
    else:
        db.execute(
            "UPDATE appointments SET kind = ?, crew = ?, place = ?, day = ?, begins = ?, ends = ?, takes_from = ?,"
            " takes_until = ?, state = ?, held_until = ?, remind_at = ?, who = ?, note = ?, quiet = ?,"
            " changed_at = ?, revision = revision + 1 WHERE id = ?",
            (*values, one.number),
        )


def taken_places(db: sqlite3.Connection, since: datetime, but: int) -> list[Taken]:
    """Every place that is held or booked, and not free again before `since`, for leads other than `but`."""
    rows = db.execute(
        f"SELECT * FROM appointments WHERE {_STANDING} AND takes_until > ? AND lead_id <> ?", (to_ms(since), but)
    ).fetchall()
    return [
        Taken(one.opening.crew, one.opening.place, one.opening.takes, one.kind, one.opening.day)
        for one in map(appointment_in, rows)
    ]


def requested_count(db: sqlite3.Connection, now: datetime) -> int:
    """How many appointments that are not over wait for a person to confirm them."""
    row = db.execute(
        "SELECT count(*) FROM appointments WHERE state = 'requested' AND ends > ?", (to_ms(now),)
    ).fetchone()
    return int(row[0])


def forget_appointments(db: sqlite3.Connection, lead_id: int) -> None:
    """The lead of these appointments is lost: nothing is kept for it, and nobody is reminded."""
    db.execute(
        "UPDATE appointments SET state = 'expired', held_until = NULL, remind_at = NULL WHERE lead_id = ?", (lead_id,)
    )


def leads_with_late_holds(db: sqlite3.Connection, now: datetime) -> list[int]:
    """Leads whose chosen window is not kept any longer."""
    rows = db.execute(
        "SELECT lead_id FROM appointments WHERE held_until IS NOT NULL AND held_until <= ? ORDER BY held_until",
        (to_ms(now),),
    )
    return [row["lead_id"] for row in rows.fetchall()]


def appointments_to_remind(db: sqlite3.Connection, now: datetime) -> list[tuple[int, int, datetime]]:
    """Appointments of which the callers are to be reminded by now: their numbers, leads, and when it was due."""
    rows = db.execute(
        "SELECT id, lead_id, remind_at FROM appointments WHERE remind_at IS NOT NULL AND remind_at <= ? ORDER BY remind_at",
        (to_ms(now),),
    )
    return [(row["id"], row["lead_id"], from_ms(row["remind_at"])) for row in rows.fetchall()]


def reminder_settled(db: sqlite3.Connection, number: int, queued_at: datetime | None) -> None:
    """The reminder of an appointment was queued, or will not be (None)."""
    db.execute(
        "UPDATE appointments SET remind_at = NULL, reminded_at = coalesce(?, reminded_at) WHERE id = ?",
        (queued_at and to_ms(queued_at), number),
    )


def next_appointment_moment(db: sqlite3.Connection) -> datetime | None:
    """When the next window is not kept any longer, or the next reminder is due."""
    row = db.execute(
        "SELECT min(at) FROM (SELECT min(held_until) AS at FROM appointments WHERE held_until IS NOT NULL"
        " UNION ALL SELECT min(remind_at) FROM appointments WHERE remind_at IS NOT NULL)"
    ).fetchone()
    return moment(row[0])
