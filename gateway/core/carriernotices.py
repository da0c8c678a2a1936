"""The carrier's own texts about calls that did not reach the SIM: "You missed a call from (303) 555-0143 at 3:45 PM". Pure.

What carriers write is not documented and differs by plan; these are the forms that are known, in English and Spanish. Who sent
it is judged elsewhere: an ordinary telephone that writes like this is not believed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.core.wallclock import instants

MOST = 5  # calls of one text; more is no carrier
BACK = timedelta(days=3)  # a carrier keeps such texts for so long
_MISSED = re.compile(
    r"\bmissed (?:(?:a|an|one|\d{1,2}) )?(?:new )?(?:voice )?calls?\b|\bmissed call alert\b|"
    r"\b(?:tried|attempted) to (?:call|reach) you\b|\bcalled you\b|\bcalls? (?:was|were|is) missed\b|"
    r"\bllamadas? (?:perdidas?|no contestadas?|sin contestar)\b|\b(?:te|le|lo|la) (?:ha )?llam(?:ó|o|ado)\b|"
    r"\bintent(?:ó|o|aron) (?:llamar|comunicarse)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\d/:+])(\+?1?[ .\-]?\(?\d{3}\)?[ .\-]{0,2}\d{3}[ .\-]?\d{4})(?![\d/:])")
_COUNT = re.compile(r"\b(\d{1,2}) (?:missed |new |voice )*(?:calls?|llamadas?)\b", re.IGNORECASE)
_TIME = re.compile(r"\b(\d{1,2})[:.](\d{2})(?::\d{2})?\s*([ap])?\.?\s?(?:m\b\.?)?", re.IGNORECASE)
_DATE = re.compile(r"\b(\d{1,2})[/\-](\d{1,2})(?:[/\-](\d{2}|\d{4}))?\b")


@dataclass(frozen=True, slots=True)
class CarrierNotice:
    """A call that the carrier tells of. `at` is when it says, to the minute; None where it says nothing that can be so."""

    caller: str
    at: datetime | None


def read_notice(body: str, sent_at: datetime, zone: ZoneInfo) -> tuple[CarrierNotice, ...]:
    """The calls in a carrier's text; () when it is about something else."""
    if not _MISSED.search(body):
        return ()
    numbers = list(dict.fromkeys(re.sub(r"[^\d+]", "", found) for found in _NUMBER.findall(body)))
    if not 1 <= len(numbers) <= MOST:
        return ()
    counted = _COUNT.search(body)
    times = int(counted[1]) if counted and len(numbers) == 1 else 1
    if not 1 <= times <= MOST:
        times = 1
    at = _said_at(_NUMBER.sub(" ", body), sent_at, zone)
    return tuple(CarrierNotice(number, at if index == 0 else None) for number in numbers for index in range(times))


def _said_at(body: str, sent_at: datetime, zone: ZoneInfo) -> datetime | None:
    """The one moment that the text can mean, before it was sent."""
    time = _TIME.search(body)
    if time is None:
        return None
    hour, minute, half = int(time[1]), int(time[2]), (time[3] or "").lower()
    hours = [hour % 12 + (12 if half == "p" else 0)] if half else [hour]
    local = sent_at.astimezone(zone)
    days = [local.date(), local.date() - timedelta(days=1)]
    date = _DATE.search(body)
    if date is not None:
        one, two = int(date[1]), int(date[2])
        days = [
            day
            for back in range(BACK.days + 1)
            if (day := local.date() - timedelta(days=back)) and (day.month, day.day) in ((one, two), (two, one))
        ]
    found = []
    for day in days:
        for each in hours:
            if each > 23 or minute > 59:
                return None
            shown = datetime(day.year, day.month, day.day, each, minute)
            found += [at for at in instants(zone, shown) if at <= sent_at + timedelta(minutes=2)]
    found = [at for at in found if sent_at - at <= BACK]
    return max(found, default=None)
