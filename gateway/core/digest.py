"""The digest: when it is due, and its words. Where there is nothing to tell there are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from gateway.core.alphabet import segment_count
from gateway.core.business import Business
from gateway.core.hours import OPENING_HORIZON_DAYS, windows_on
from gateway.core.notify import How, Kind

LATE = timedelta(hours=2)  # the day's sum in the night disturbs; what it would have said stands in the next one
LOOKS_BACK = timedelta(days=7)  # further back nobody counts calls: a digest that was just switched on
FIRST_LOOKS_BACK = timedelta(days=1)
MOST_SEGMENTS = 2


@dataclass(frozen=True, slots=True)
class Summary:
    """What there is to tell at `now`: of calls since `since`, and what is open at this moment."""

    since: datetime
    now: datetime
    missed: int = 0
    texted: int = 0  # of the missed
    answered: int = 0
    leads: int = 0  # open
    oldest: datetime | None = None  # since when the first of them waits
    overdue: int = 0
    call_backs: int = 0  # callers on the call-back list
    in_doubt: int = 0  # texts of which nobody knows, or that did not go out
    won: int = 0
    won_cents: int = 0
    others: Mapping[Kind, int] = field(default_factory=dict)  # kept for the digest since the last one


def next_slot(business: Business, after: datetime, not_on: date | None = None) -> datetime | None:
    """The digest's next moment (UTC) behind `after`, on a day behind `not_on`; None: there is none.

    One a day: where the clocks go back the first of two equal times, where they go forward the moment behind the gap.
    """
    at, zone = business.notifications.digest_at, business.zone
    if at is None:
        return None
    first = after.astimezone(zone).date()
    for offset in range(OPENING_HORIZON_DAYS + 1):
        day = first + timedelta(days=offset)
        if (not_on is None or day > not_on) and _is_digest_day(business, day):
            slot = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
            if slot > after:
                return slot
    return None


def is_slot(business: Business, slot: datetime) -> bool:
    """Whether the digest is (still) agreed for that moment."""
    day = slot.astimezone(business.zone).date()
    return next_slot(business, slot - timedelta(seconds=1), day - timedelta(days=1)) == slot


def digest(business: Business, told: Summary) -> str:
    """The words, in one segment if they fit, in two at most; "" where there is nothing to tell."""
    pieces = list(_pieces(business, told))
    if not pieces:
        return ""
    since = _since(business, told)
    for head in (f"Textback, since {since}: ", "Textback: "):
        for keep in (frozenset({0, 1, 2, 3}), frozenset({0, 1, 2})):
            words = head + ". ".join(text for rank, text in pieces if rank in keep) + "."
            if segment_count(words) == 1:
                return words
    for least in (3, 2, 1):
        words = f"Textback, since {since}: " + ". ".join(text for rank, text in pieces if rank <= least) + "."
        if segment_count(words) <= MOST_SEGMENTS:
            return words
    return f"Textback: {told.leads} leads open, {told.overdue} overdue, {told.call_backs} to call back. See the page."


def _pieces(business: Business, told: Summary) -> Iterator[tuple[int, str]]:
    """What is said, in order, each with its rank: the least important goes first where there is no room."""
    how = business.notifications.how
    overdue = told.overdue if how.get(Kind.OVERDUE_LEAD) is not How.OFF else 0
    in_doubt = told.in_doubt if how.get(Kind.TEXT_TROUBLE) is not How.OFF else 0
    leads = told.leads if how.get(Kind.NEW_LEAD) is not How.OFF or overdue else 0
    others = [_count(told.others.get(kind, 0), *names) for kind, names in _OTHERS.items() if told.others.get(kind)]
    todo = []
    if leads:
        age = f" (oldest {_age(told.now - told.oldest)})" if told.oldest is not None else ""
        todo.append(_count(leads, "open lead", "open leads") + age)
    if overdue:
        todo.append(f"{overdue} overdue")
    if told.call_backs:
        todo.append(f"{told.call_backs} to call back")
    if in_doubt:
        todo.append(_count(in_doubt, "text in doubt", "texts in doubt"))
    if not (told.missed or todo or told.won or others):
        return
    if told.missed or told.answered:
        texted = f" ({told.texted} texted)" if told.missed else ""
        yield 1, f"{_count(told.missed, 'missed call', 'missed calls')}{texted}"
    if todo:
        yield 0, ", ".join(todo)
    if told.won:
        money = f", ${told.won_cents // 100:,}" if told.won_cents else ""
        yield 2, f"{told.won} won{money}"
    if others:
        yield 2, "Also " + ", ".join(others)
    if told.answered:
        yield 3, _count(told.answered, "call answered", "calls answered")


# In the order of their weight. The others of their kinds are counted as what is open at the moment.
_OTHERS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.COMPLAINT: ("complaint", "complaints"),
    Kind.RECORDS_TROUBLE: ("trouble with the records", "troubles with the records"),
    Kind.PHONE_TROUBLE: ("trouble of modem or phone system", "troubles of modem or phone system"),
    Kind.TEXTING_TROUBLE: ("time that the network took no texts", "times that the network took no texts"),
    Kind.RATE_LIMIT: ("time at the limit of texts", "times at the limit of texts"),
    Kind.URGENT_LEAD: ("urgent lead", "urgent leads"),
    Kind.NEW_LEAD: ("new lead", "new leads"),
    Kind.REPEAT_CALLER: ("caller who tried again and again", "callers who tried again and again"),
    Kind.MISSED_CALL: ("missed on-call", "missed on-call"),
    Kind.OPT_OUT: ("opt-out", "opt-outs"),
}


def _is_digest_day(business: Business, day: date) -> bool:
    days = business.notifications.digest_days
    if days is not None:
        return day.weekday() in days
    return bool(windows_on(business.hours, day)) or not any(business.hours.weekly)


def _since(business: Business, told: Summary) -> str:
    there, here = told.since.astimezone(business.zone), told.now.astimezone(business.zone)
    clock = f"{there:%-I:%M %p}".replace(":00", "")
    away = (here.date() - there.date()).days
    if away == 0:
        return clock
    return f"yesterday {clock}" if away == 1 else f"{there:%a} {clock}" if away < 7 else f"{there:%b %-d}"


def _age(span: timedelta) -> str:
    minutes = max(0, round(span.total_seconds() / 60))
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
