"""The turn of the digest: once on each day that is agreed for it, at its hour.

The next one is planned in the books (`digests`), and telling of it and planning the one behind it are one commit: a power cut
leaves it untold or told, and never told twice. A digest is looked at up to two hours late (the box was off); later than that it is
passed over, and the next one tells of everything that it would have told of. One that did not leave is as good as untold.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date, datetime, timedelta

from gateway import records
from gateway.core.digest import FIRST_LOOKS_BACK, LATE, LOOKS_BACK, is_slot, next_slot
from gateway.core.digestwords import digest
from gateway.core.effects import Changed, Effect
from gateway.core.escalation.people import OWNER
from gateway.core.outbound import PRIORITY, Purpose
from gateway.records import PlannedDigest, TextRecord
from gateway.turns import booking_notices, notices
from gateway.turns.context import Context

LOOK_AGAIN = timedelta(minutes=10)  # with a clock that is not believed
MOMENT = timedelta(milliseconds=1)  # the clock was set back to before the last digest: there is nothing in between


def due(ctx: Context) -> list[Effect]:
    """Tell the digest whose hour has come; plan the next where none is planned."""
    try:
        with records.attempt(ctx.db):
            return _due(ctx)
    except records.FAULTS as fault:  # no text of a caller waits for this one
        records.plan_digest(ctx.db, None)
        records.note(ctx.db, ctx.now, "box:fault", f"the digest: {type(fault).__name__}: {fault}")
        return []


def started(ctx: Context) -> None:
    """Another hour, or other days, may have been agreed since the last run; one that is due stays due."""
    plan = records.planned_digest(ctx.db)
    if plan is not None and plan.slot > ctx.now and not is_slot(ctx.business, plan.slot):
        _plan(ctx, ctx.now)


def clock_was_set(ctx: Context) -> None:
    """The day's digest is due by the new clock, unless it was told already."""
    if records.planned_digest(ctx.db) is not None:
        _plan(ctx, ctx.now - LATE)


def next_due(db: sqlite3.Connection) -> datetime | None:
    """When the digest is looked at."""
    plan = records.planned_digest(db)
    return None if plan is None else plan.next_at


def not_sent(ctx: Context, text: TextRecord) -> list[Effect]:
    """A digest did not leave: it is in nobody's hands, and the next one tells of it all."""
    if records.digest_not_sent(ctx.db, int(text.key.split(":")[1])):
        records.note(ctx.db, ctx.now, f"text:{text.id}", "the next digest tells of it")
    return [Changed("texts")]


def _due(ctx: Context) -> list[Effect]:
    plan = records.planned_digest(ctx.db)
    if plan is None:
        if ctx.business.notifications.digest_at is not None and ctx.clock_sane:
            _plan(ctx, ctx.now)
        return []
    if plan.next_at > ctx.now:
        return []
    if not ctx.clock_sane:
        records.put_off_digest(ctx.db, plan.id, ctx.now + LOOK_AGAIN)
        return []
    told_at = _told_at(ctx)
    if (
        ctx.business.notifications.digest_at is None
        or ctx.now - plan.slot > LATE
        or notices.night_ends(ctx) > ctx.now
        or (told_at is not None and _day(ctx, told_at) >= _day(ctx, ctx.now))
    ):
        records.close_digest(ctx.db, plan.id, "", None)
    else:
        _tell(ctx, plan, told_at)
    _plan(ctx, ctx.now)
    return []


def _tell(ctx: Context, plan: PlannedDigest, told_at: datetime | None) -> None:
    began = told_at or (records.first_digest_slot(ctx.db) or ctx.now) - FIRST_LOOKS_BACK
    since = max(min(began, ctx.now - MOMENT), ctx.now - LOOKS_BACK)
    summary = replace(
        records.summary(ctx.db, since, ctx.now),
        visits=booking_notices.of_the_day(ctx),
        to_confirm=records.requested_count(ctx.db, ctx.now),
    )
    words = digest(ctx.business, summary)
    people = notices.readers(ctx)
    for person in people if words else ():
        records.add_text(
            ctx.db,
            key=f"digest:{plan.id}:{person.key}",
            purpose=Purpose.DIGEST,
            to=person.phone,
            body=digest(ctx.business, summary, spanish=person.spanish),
            template="digest",
            priority=PRIORITY[Purpose.DIGEST],
            due=ctx.now,
            expires=ctx.now + LATE,
            now=ctx.now,
        )
    say = words and (", ".join(person.name or OWNER for person in people) or "nobody")
    records.note(ctx.db, ctx.now, "box:digest", f"told to {say}" if words else "nothing to tell")
    records.close_digest(ctx.db, plan.id, words, ctx.now if people else None)


def _plan(ctx: Context, after: datetime) -> None:
    told_at = _told_at(ctx)
    not_on = None if told_at is None else _day(ctx, told_at)
    records.plan_digest(ctx.db, next_slot(ctx.business, after, not_on))


def _told_at(ctx: Context) -> datetime | None:
    """When the last digest was told; one that a wrong clock has dated into the future counts as of today."""
    told_at = records.digest_told_at(ctx.db)
    return None if told_at is None else min(told_at, ctx.now)


def _day(ctx: Context, at: datetime) -> date:
    return at.astimezone(ctx.business.zone).date()
