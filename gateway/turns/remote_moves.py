"""The command by which an appointment is moved: into a free window of the business's, or, where a person had made it at a time
of his own, to any time. What was understood is said back, and a window that is not free is never guessed from another.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from gateway import records
from gateway.core.booking.appointments import Appointment, Opening, Span
from gateway.core.booking.openings import windows
from gateway.core.booking.rules import NO_TIME, AppointmentType
from gateway.core.conversation.bookwords import noted
from gateway.core.effects import Declined
from gateway.core.events import AppointmentWritten
from gateway.core.remote.commands import Day, Hours, MoveVisit, Part
from gateway.core.remote.days import date_of
from gateway.core.remote.sentences import in_one_segment
from gateway.core.wallclock import only_instant
from gateway.queries.openings import free_openings
from gateway.records import ToldWindows
from gateway.turns import byhand, remote_matters
from gateway.turns.remote_hand import Done, Hand, Matter, matter
from gateway.turns.remote_visits import none_stands, shown, today, told

LISTED_AT_MOST = 4  # windows in one text
LIST_LASTS = timedelta(hours=1)
_PARTS = {Part.MORNING: (0, 12), Part.AFTERNOON: (12, 17), Part.EVENING: (17, 24)}  # o'clock at which a window begins
_WEEK = timedelta(days=7)


def move(hand: Hand, command: MoveVisit) -> Done:
    """The appointment stands at another time, and the caller is told where he may be texted."""
    found = matter(hand.ctx, command.code)
    if found is None:
        return remote_matters.no_such(hand, command.code)
    if (none := none_stands(hand, found)) is not None:
        return none
    one = found.visit
    assert one is not None
    kind = _kind(hand, one)
    if command.listed is not None:
        return _into_listed(hand, found, one, kind, command.listed)
    if kind is None:
        return _to_any_time(hand, found, one, command)
    if command.day is None and command.hours is None:
        return _list(hand, found, one, _free(hand, found, kind))
    return _into_window(hand, found, one, kind, command)


def _kind(hand: Hand, one: Appointment) -> AppointmentType | None:
    """The rules by which it may be moved; None where a person had made it at a time of his own."""
    types = hand.ctx.business.conversation.booking.types
    return next((each for each in types if each.name == one.kind), None)


def _free(hand: Hand, found: Matter, kind: AppointmentType) -> list[Opening]:
    """The free windows, also those that come too soon for a caller; not the one that it has."""
    ctx, one, lead = hand.ctx, found.visit, found.lead
    assert one is not None
    assert lead is not None
    free = free_openings(ctx.db, ctx.business, replace(kind, notice=NO_TIME), ctx.now, lead.id)
    return [each for each in free if each.arrival != one.opening.arrival]


# ---- into a window


def _into_listed(hand: Hand, found: Matter, one: Appointment, kind: AppointmentType | None, number: int) -> Done:
    """One of the windows that this telephone was told of last, for this appointment as it stands."""
    ctx = hand.ctx
    listed = records.windows_told(ctx.db, hand.person.phone)
    if kind is None:
        return _to_any_time(hand, found, one, MoveVisit(found.code))
    free = _free(hand, found, kind)
    lead_id = found.lead.id if found.lead is not None else 0
    if listed is None or listed.lead_id != lead_id or ctx.now - listed.at > LIST_LASTS or number > len(listed.windows):
        return _list(hand, found, one, free)
    if listed.stood != one.opening.arrival.begins:
        return _list(hand, found, one, free, why="move_changed")
    chosen = next((each for each in free if each.arrival == listed.windows[number - 1]), None)
    return _list(hand, found, one, free, why="move_taken") if chosen is None else _moved(hand, found, one, chosen)


def _into_window(hand: Hand, found: Matter, one: Appointment, kind: AppointmentType, command: MoveVisit) -> Done:
    zone, now = hand.ctx.business.zone, hand.ctx.now
    free = _free(hand, found, kind)
    stands = one.opening.arrival.begins.astimezone(zone).date()
    day = stands if command.day is None else date_of(command.day, today(hand))
    if day is None:
        return _list(hand, found, one, free, why="move_no_time")
    fitting, there = _named(hand, free, day, command.hours), _names(hand, one.opening.arrival, day, command.hours)
    if not fitting and not there and day == today(hand) and _is_weekday(command.day):
        day += _WEEK  # "fri" on a Friday whose windows have begun
        fitting = _named(hand, free, day, command.hours)
    if len(fitting) == 1 and not there:
        return _moved(hand, found, one, fitting[0])
    if fitting:
        return _list(hand, found, one, fitting)
    if there:
        say = hand.says("move_is_there", code=found.code, who=found.who, visit=shown(hand, one.opening.arrival))
        return Done(say, f"the appointment of {found.code} stands there already")
    if day < today(hand) or (day == today(hand) and _is_over(hand, day, command.hours)):
        return _list(hand, found, one, free, why="move_past")
    every = (span for span, _ in windows(replace(kind, notice=NO_TIME), hand.ctx.business, now))
    taken = any(_names(hand, span, day, command.hours) for span in every)
    near = sorted(free, key=lambda each: each.day != day)
    return _list(hand, found, one, near, why="move_taken" if taken else "move_no_window")


def _named(hand: Hand, free: list[Opening], day: date, hours: Hours | None) -> list[Opening]:
    """The free windows that a day and hours name; of two that a single time may mean, the one that begins then."""
    found = [each for each in free if _names(hand, each.arrival, day, hours)]
    begins = hours.begins if hours is not None else None
    zone = hand.ctx.business.zone
    exact = [each for each in found if each.arrival.begins.astimezone(zone).time() == begins]
    return exact or found


def _names(hand: Hand, window: Span, day: date, hours: Hours | None) -> bool:
    """Whether a window is meant by a day and hours: a single time by the window in which it lies, two by none but theirs."""
    zone = hand.ctx.business.zone
    begins, ends = window.begins.astimezone(zone), window.ends.astimezone(zone)
    if begins.date() != day:
        return False
    if hours is None:
        return True
    if hours.begins is None:
        first, last = _PARTS[hours.part or Part.MORNING]
        return first <= begins.hour < last
    if hours.ends is not None:
        return (begins.time(), ends.time()) == (hours.begins, hours.ends)
    return begins.time() <= hours.begins < (ends.time() if ends.date() == day else time.max)


def _is_weekday(day: Day | None) -> bool:
    return day is not None and day.weekday is not None and day.date is None


def _is_over(hand: Hand, day: date, hours: Hours | None) -> bool:
    """Whether hours of today have begun already."""
    if hours is None:
        return False
    begins = hours.begins or time(_PARTS[hours.part or Part.MORNING][0])
    at = only_instant(hand.ctx.business.zone, datetime.combine(day, begins))
    return at is not None and at <= hand.ctx.now


def _list(hand: Hand, found: Matter, one: Appointment, free: list[Opening], why: str = "") -> Done:
    """What is free, with numbers, as many as one segment holds; `why` nothing was done."""
    reason = hand.says(why) if why else ""
    stands = shown(hand, one.opening.arrival)
    say = hand.says("move_none_free", code=found.code, visit=stands, why=reason)
    listed: list[Span] = []
    for each in free[:LISTED_AT_MOST]:
        spans = [*listed, each.arrival]
        rows = ", ".join(f"{number} {shown(hand, span)}" for number, span in enumerate(spans, 1))
        longer = hand.says("move_list", code=found.code, visit=stands, why=reason, rows=rows).strip()
        if longer != in_one_segment(longer):
            break
        listed, say = spans, longer
    assert found.lead is not None
    told_of = ToldWindows(found.lead.id, one.opening.arrival.begins, tuple(listed), hand.ctx.now)
    records.set_windows_told(hand.ctx.db, hand.person.phone, told_of)
    return Done(say, f"{len(listed)} free windows told for {found.code}, nothing moved")


def _moved(hand: Hand, found: Matter, one: Appointment, opening: Opening) -> Done:
    return _written(hand, found, one, opening.arrival, opening.crew, "")


# ---- to any time


def _to_any_time(hand: Hand, found: Matter, one: Appointment, command: MoveVisit) -> Done:
    """An appointment that a person had made keeps to no windows: its length stays where no end is named."""
    zone, hours = hand.ctx.business.zone, command.hours
    stands = one.opening.arrival
    if (command.day is None and hours is None) or (hours is not None and hours.begins is None):
        say = hand.says("move_when", code=found.code, visit=shown(hand, stands))
        return Done(say, f"no time for {found.code}: nothing moved")
    day = stands.begins.astimezone(zone).date() if command.day is None else date_of(command.day, today(hand))
    clock = stands.begins.astimezone(zone).time() if hours is None else hours.begins
    assert clock is not None
    begins = None if day is None else only_instant(zone, datetime.combine(day, clock))
    if begins is not None and begins <= hand.ctx.now and day == today(hand) and _is_weekday(command.day):
        begins = only_instant(zone, datetime.combine(day + _WEEK, clock))
    ends = None if begins is None else begins + (stands.ends - stands.begins)
    if begins is not None and hours is not None and hours.ends is not None:
        ends = only_instant(zone, datetime.combine(begins.astimezone(zone).date(), hours.ends))
    if begins is None or ends is None or begins <= hand.ctx.now:
        why = hand.says("move_no_time" if begins is None or ends is None else "move_past")
        say = hand.says("move_not", why=why, code=found.code, visit=shown(hand, stands))
        return Done(say, f"no such time for {found.code}: nothing moved")
    return _written(hand, found, one, Span(begins, ends), one.opening.crew, one.who)


def _written(hand: Hand, found: Matter, one: Appointment, span: Span, crew: str, who: str) -> Done:
    ctx, lead = hand.ctx, found.lead
    assert lead is not None
    tells = told(hand, found)
    event = AppointmentWritten(ctx.now, lead.id, span.begins, span.ends, hand.by, crew, who, one.note)
    effects = byhand.appointment_written(ctx, event)
    declined = next((effect.say for effect in effects if isinstance(effect, Declined)), None)
    if declined is not None:
        say = hand.says(
            "move_not", why=hand.says("move_taken"), code=found.code, visit=shown(hand, one.opening.arrival)
        )
        return Done(say, f"{found.code} not moved: {declined}")
    visit, before = shown(hand, span), shown(hand, one.opening.arrival)
    say = hand.says("moved", code=found.code, who=found.who, visit=visit, before=before, told=tells)
    noted_as = [noted(each, ctx.business.zone) for each in (one.opening.arrival, span)]
    return Done(say, f"appointment of {found.code} moved from {noted_as[0]} to {noted_as[1]}", effects)
