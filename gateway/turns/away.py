"""Turns of who is away. Rules give him no new leads, no call of his is offered, and the ladder passes him over while it has
somebody else; it is over by itself at its time."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway import records
from gateway.core.desk.absence import Away, Who, away_at, everybody, named
from gateway.core.desk.hold import person_of
from gateway.core.effects import Changed, Declined, Effect
from gateway.core.events import AwaySet
from gateway.core.outbound import Purpose
from gateway.core.remote.sentences import sentence
from gateway.turns.context import Context
from gateway.turns.remote_hand import send, shown_time

LATEST = timedelta(days=366)


def known(ctx: Context) -> tuple[Who, ...]:
    """All of the business under all their names."""
    return everybody(ctx.business, ((login.name, login.person) for login in records.all_logins(ctx.db)))


def away(ctx: Context) -> Away:
    """Who is away at this moment."""
    absences = records.absences_at(ctx.db, ctx.now)
    return away_at(known(ctx), absences, ctx.now) if absences else Away()


def passed_over(ctx: Context) -> frozenset[str]:
    """The keys of those whom the ladder passes over; nobody where the box does not know the time. Who has been put on call by text
    since he went away is there."""
    if not ctx.clock_sane:
        return frozenset()
    found = away(ctx)
    agreed = {swap.who: swap.begins for swap in records.swaps_at(ctx.db, ctx.now)}
    since = {who.key: absence.since for who, absence in found.absences}
    return frozenset(key for key in found.keys if key not in agreed or agreed[key] < since[key])


def away_set(ctx: Context, event: AwaySet) -> list[Effect]:
    """Somebody is away, or is back."""
    name, by = " ".join(event.name.split()), person_of(event.by)
    who = named(known(ctx), name)
    if who is None:
        return [Declined("there is nobody of this name")]
    own = who.is_called(by) and (not who.key or _is_login_of(ctx, by, who.key))
    return change(ctx, who, away=event.away, until=event.until, by=by, own=own)


def _is_login_of(ctx: Context, name: str, key: str) -> bool:
    """Whether somebody who signs in under a name is one of our people: two may be called the same."""
    return any(login.person == key and login.name.casefold() == name.casefold() for login in records.all_logins(ctx.db))


def change(
    ctx: Context, who: Who, *, away: bool, until: datetime | None, by: str, own: bool, key: str = ""
) -> list[Effect]:
    """The same of somebody who is known. `own`: he has said so himself; who is told by another learns of it by text."""
    if away and until is not None and not ctx.now < until <= ctx.now + LATEST:
        return [Declined("this time has passed, or is too far off: choose one within a year")]
    there = [absence for absence in records.absences_at(ctx.db, ctx.now) if who.is_called(absence.name)]
    if not away and not there:
        return []
    for absence in there:
        records.end_absence(ctx.db, absence.name)
    subject = f"box:away:{who.name}"
    if not away:
        records.note(ctx.db, ctx.now, subject, f"{by}: back" if own else f"{by}: {who.name} is back")
        return [Changed("switches")]
    records.set_absence(ctx.db, who.name, ctx.now, until, by)
    when = "" if until is None else f" until {until.astimezone(ctx.business.zone):%a %b %-d, %-I:%M %p}"
    records.note(ctx.db, ctx.now, subject, f"{by}: away{when}" if own else f"{by}: {who.name} is away{when}")
    person = ctx.business.people.named(who.key) if who.key else None
    if not own and person is not None and person.texts and until is not None:
        shown = shown_time(ctx, until, spanish=person.spanish)
        body = sentence("away_you", person.spanish, by=by.removesuffix(", by text"), time=shown)
        own_key = key or f"away:{ctx.now.timestamp():.3f}:{person.key}"
        send(ctx, person.phone, body, f"{own_key}:told", purpose=Purpose.OWNER_NOTICE)
    return [Changed("switches")]


def over(ctx: Context, name: str) -> list[Effect]:
    """The time of somebody who was away is over."""
    records.tell_absence_over(ctx.db, name)
    records.note(ctx.db, ctx.now, f"box:away:{name}", f"{name} is back: the time is over")
    return [Changed("switches")]
