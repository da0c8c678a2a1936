"""Who calls back and when, as the business has written it down; and a window of an hour in which a person does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

WINDOW = timedelta(hours=1)  # a caller keeps an hour free, not an afternoon; a shorter one is missed by one long call


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who calls back: on these weekdays (Monday is 0), between these times on the wall. 00:00 ends a day."""

    name: str
    days: frozenset[int]
    hours: tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class CallBack:
    """The rota and its limits. Nobody on it: no call is offered."""

    rota: tuple[Person, ...] = ()
    per_hour: int = 3  # callers to whom one person's hour is offered, promised or not
    notice_s: float = 3600.0  # from the offer to the beginning of the first window


@dataclass(frozen=True, slots=True)
class CallWindow:
    """An hour (UTC) in which a person of the rota calls back."""

    begins: datetime
    ends: datetime
    who: str
