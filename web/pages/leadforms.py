"""What is typed into the forms of a lead: times on the business's wall, money, and what somebody has changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.core.desk.putting_right import FACTS, LABELS
from web.language import _

USUAL_LENGTH = timedelta(hours=2)  # of an appointment whose end is left out
_MONEY = re.compile(r"\$?\s*(\d{1,9}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,2}))?")
HOURS = {"1h": 1, "2h": 2, "4h": 4}


def later(choice: str, own: str, now: datetime, opens_at: datetime | None, zone: ZoneInfo) -> datetime:
    """Until when something is put off: in some hours, at the next opening, or at a time of one's own."""
    if choice in HOURS:
        return now + timedelta(hours=HOURS[choice])
    if choice == "opening" and opens_at is not None:
        return opens_at
    return moment(own, zone)


def moment(written: str, zone: ZoneInfo) -> datetime:
    """A `datetime-local` field, on the business's wall. Raises ValueError with a sentence."""
    try:
        return datetime.fromisoformat(written.strip()).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(_("choose a day and a time")) from None


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment as it was written into a form."""

    begins: datetime
    ends: datetime
    crew: str
    who: str


def appointment(typed: Callable[[str], str], zone: ZoneInfo) -> Visit:
    """A window of the list with its crew, else a time of one's own, which lasts as long as usual where no end is written. Raises
    ValueError with a sentence."""
    day, begins, ends = (typed(name).strip() for name in ("day", "begins", "ends"))
    try:
        if window := typed("window"):
            first, last, crew = window.split("/", 2)
            start, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
            if start.tzinfo is None or end.tzinfo is None:
                raise ValueError(window)
            return Visit(start.astimezone(UTC), end.astimezone(UTC), crew, "")
        on, at = date.fromisoformat(day), time.fromisoformat(begins)
        until = time.fromisoformat(ends) if ends else None
        start = datetime.combine(on, at, zone).astimezone(UTC)
        end = start + USUAL_LENGTH if until is None else datetime.combine(on, until, zone).astimezone(UTC)
        return Visit(start, end, typed("crew"), "" if typed("crew") else typed("who"))
    except (ValueError, OverflowError):
        raise ValueError(_("choose the day and the time of the appointment")) from None


def cents(written: str) -> int | None:
    """An amount of dollars; None where nothing is written. Raises ValueError with a sentence."""
    if not written.strip():
        return None
    found = _MONEY.fullmatch(written.strip())
    if found is None:
        raise ValueError(_("write the value in dollars, such as 450 or 1200.50"))
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "").ljust(2, "0"))


def changed_facts(form: Mapping[str, object]) -> dict[str, str]:
    """What somebody has changed of the facts that the form was drawn with; the rest may have changed meanwhile."""
    return _changed(form, (*FACTS, "urgency", "lane"))


def changed_labels(form: Mapping[str, object]) -> dict[str, str]:
    """What somebody has changed of the labels of a text."""
    ticked = {name: "yes" if form.get(name) else "" for name in ("life_safety", "opt_out")}
    return _changed({**form, **ticked}, LABELS)


def _changed(form: Mapping[str, object], names: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for name in names:
        now, was = form.get(name), form.get(f"was-{name}")
        if isinstance(now, str) and isinstance(was, str) and " ".join(now.split()) != " ".join(was.split()):
            found[name] = now
    return found
