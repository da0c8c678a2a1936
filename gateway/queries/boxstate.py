"""The state of the whole box, as the health page shows it: SQL on a read-only connection."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from gateway.clock import from_ms, to_ms
from gateway.core.business import Business
from gateway.core.conversation.authority import Authority
from gateway.core.escalation.ladder import Present, passed_over, timetable
from gateway.core.escalation.people import OWNER, Person
from gateway.core.hours import is_holiday, is_open
from gateway.core.views.box import BoxState, Delivery, LadderStep, Off, Reached, Switch, WhoIsTold
from gateway.core.views.calls import CallRow, TextRow
from gateway.queries.absent import gone
from gateway.queries.leadstory import drill_view
from gateway.records import moment
from gateway.turns import Context, away, ladder

WEEK = timedelta(days=7)
WORTH_A_WORD = timedelta(minutes=2)  # a restart is no outage
MOST_OUTAGES = 5
_CAUGHT = "(SELECT count(*) FROM sightings s WHERE s.outage_id = o.id AND s.caught = 1"
_STORM = "a storm that stands in the settings"


def box_state(
    db: sqlite3.Connection,
    business: Business,
    at: datetime,
    *,
    clock_sane: bool,
    text_row: Callable[[sqlite3.Row], TextRow],
    call_row: Callable[[sqlite3.Row, tuple[TextRow, ...]], CallRow],
    free_bytes: int | None,
) -> BoxState:
    """Everything that the health page shows of the books."""

    def one(sql: str, *values: object) -> sqlite3.Row | None:
        row: sqlite3.Row | None = db.execute(sql, values).fetchone()
        return row

    def text(sql: str) -> TextRow | None:
        return None if (row := one(sql)) is None else text_row(row)

    missed = one(
        "SELECT calls.*, (SELECT name FROM contacts WHERE number = calls.peer AND name <> '' LIMIT 1) AS known_as"
        " FROM calls WHERE missed = 1 AND no_text NOT IN ('duplicate', 'trial') AND started_at > 0 ORDER BY started_at DESC LIMIT 1"
    )
    queue = db.execute(
        "SELECT count(*) AS number, min(due) AS since FROM texts WHERE state = 'queued' AND due <= ?", (to_ms(at),)
    ).fetchone()
    heard = db.execute("SELECT max(at) AS at FROM letters").fetchone()["at"]
    sent = text("SELECT * FROM texts WHERE sent_at > 0 AND body <> '' ORDER BY sent_at DESC LIMIT 1")
    return BoxState(
        pause=_switch(db, "pause"),
        storm=_switch(db, "storm") or _planned_storm(business, at),
        shadow=_switch(db, "shadow"),
        watches_only=not business.conversation.authority.unknown.reaches(Authority.OPENER),
        told=who_is_told(db, business, at, clock_sane=clock_sane),
        people=_reached(business.people.everybody),
        last_missed=None if missed is None else call_row(missed, ()),
        last_sent=sent,
        last_delivered=text(
            "SELECT * FROM texts WHERE sent_at > 0 AND +state = 'delivered' ORDER BY sent_at DESC LIMIT 1"
        ),
        last_heard=moment(heard),
        week=_delivery(db, at - WEEK),
        queued=queue["number"],
        queued_since=moment(queue["since"]),
        unsure=db.execute("SELECT count(*) FROM tasks WHERE closed_at IS NULL AND kind = 'unsure_text'").fetchone()[0],
        drill=drill_view(db, business),
        trial=text("SELECT * FROM texts WHERE key > 'test:' AND key < 'test;' ORDER BY id DESC LIMIT 1"),
        free_bytes=free_bytes,
        gone=gone(db, business, at, clock_sane=clock_sane),
        outages=_outages(db, at - WEEK),
        used=sent is not None or heard is not None or one("SELECT 1 FROM calls WHERE id > 0 LIMIT 1") is not None,
    )


def who_is_told(db: sqlite3.Connection, business: Business, at: datetime, *, clock_sane: bool) -> WhoIsTold:
    """The ladder as an emergency of this minute would go up it."""
    ctx = Context(db, business, at, clock_sane)
    on_call, gone = ladder.on_call_now(ctx), away.passed_over(ctx)
    plan = timetable(business.escalation.rungs, business.people, on_call, gone)
    over = passed_over(business.escalation.rungs, business.people, Present(on_call, gone))
    covered = not clock_sane or business.conversation.emergencies.covered_now(
        is_open(business, at), is_holiday=is_holiday(business, at)
    )
    alone = [person for person in business.people.everybody if person.key == OWNER][:1]
    first = plan[0].people if plan else ()
    return WhoIsTold(
        steps=tuple(
            LadderStep(
                telling.after_s, _reached(telling.people), all(person.key in telling.again for person in telling.people)
            )
            for telling in plan
            if telling.people
        ),
        all_told_s=plan[-1].after_s,
        covered=covered,
        alone=() if covered else _reached(alone or first),
        passed_over=tuple(person.title for person in business.people.everybody if person.key in over),
    )


def free_bytes(path: Path) -> int | None:
    """Room on the disk that a file is on; None where nobody can tell."""
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return None


def _reached(people: Iterable[Person]) -> tuple[Reached, ...]:
    return tuple(
        Reached(each.name or each.key, each.phone, each.texts, each.rings or not each.texts) for each in people
    )


def _switch(db: sqlite3.Connection, name: str) -> Switch | None:
    row = db.execute("SELECT value, at, ends FROM switches WHERE name = ?", (name,)).fetchone()
    if row is None or not row["value"]:
        return None
    return Switch(row["value"], from_ms(row["at"]), moment(row["ends"]))


def _planned_storm(business: Business, at: datetime) -> Switch | None:
    return next(
        (Switch(_STORM, storm.begins, storm.ends) for storm in business.storms if storm.begins <= at < storm.ends), None
    )


def _outages(db: sqlite3.Connection, since: datetime) -> tuple[Off, ...]:
    """Those worth a word; one in which calls were caught up always is."""
    rows = db.execute(
        f"SELECT part, began, ended, {_CAUGHT}) AS caught, {_CAUGHT} AND EXISTS (SELECT 1 FROM calls"
        " WHERE id = s.call_id AND state = 'texted')) AS texted FROM outages o WHERE ended >= ?"
        f" AND (ended - began >= ? OR {_CAUGHT}) > 0) ORDER BY ended DESC LIMIT ?",
        (to_ms(since), round(WORTH_A_WORD.total_seconds() * 1000), MOST_OUTAGES),
    )
    return tuple(
        Off(row["part"], from_ms(row["began"]), from_ms(row["ended"]), row["caught"], row["texted"])
        for row in rows.fetchall()
    )


def _delivery(db: sqlite3.Connection, since: datetime) -> Delivery:
    """Texts to callers: what our own people get would hide how callers are reached."""
    ours = "('escalation', 'owner_notice', 'owner_reply', 'digest')"
    rows = db.execute(
        f"SELECT state, count(*) AS number FROM texts WHERE sent_at > ? AND purpose NOT IN {ours} GROUP BY state",
        (to_ms(since),),
    ).fetchall()
    found = {row["state"]: row["number"] for row in rows}
    return Delivery(
        delivered=found.get("delivered", 0),
        undelivered=found.get("undelivered", 0),
        failed=found.get("failed", 0),
        unsure=found.get("unconfirmed", 0),
        open=found.get("accepted", 0) + found.get("submitting", 0),
    )
