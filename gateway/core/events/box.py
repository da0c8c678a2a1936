"""The box itself: its parts, its records and its clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Health(StrEnum):
    """State of a component as the page shows it."""

    UP = "up"
    STARTING = "starting"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class HealthReport:
    """A component's state in plain English. `say` is one sentence, `remedy` what a contractor can do ("" when nothing)."""

    component: str  # "modem", "asterisk", "store", "clock"
    health: Health
    at: datetime
    say: str
    remedy: str = ""
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BoxStarted:
    """The gateway has come up; what the last run left in mid-air is settled."""

    at: datetime


@dataclass(frozen=True, slots=True)
class RecordsMended:
    """Damaged records were put aside as `kept` and a mended copy is in use. `certain`: it is known who was texted."""

    at: datetime
    kept: str
    certain: bool


@dataclass(frozen=True, slots=True)
class PartBroke:
    """A modem or phone system has been out of order since `since`, for long enough to tell; `say` is what is wrong."""

    at: datetime
    part: str
    since: datetime
    say: str


@dataclass(frozen=True, slots=True)
class PartMended:
    """A modem or phone system works (again)."""

    at: datetime
    part: str


@dataclass(frozen=True, slots=True)
class ClockJumped:
    """Wall time moved against the monotonic clock by `seconds` (positive: forward).

    `since` is when the gateway started, as the clock told it before it moved; `fresh`: nobody has been believed about the time
    since then, so what an earlier run left was written by another clock.
    """

    at: datetime
    seconds: float
    since: datetime | None = None
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class ClockJudged:
    """Who is believed about the time now (`gateway.core.timesources.Witness`; "": nobody).

    `boot` is the machine's name for this start, `base` the moment of that start in seconds since 1970.
    """

    at: datetime
    by: str
    boot: str
    base: float


@dataclass(frozen=True, slots=True)
class SystemClockSet:
    """The machine's own clock was set, on our word, by `seconds` (positive: forward); `by` is who told us the time."""

    at: datetime
    by: str
    seconds: float


@dataclass(frozen=True, slots=True)
class SettingsTaken:
    """The running gateway goes by a changed configuration; `say` is what changed, `by` who changed it."""

    at: datetime
    by: str
    say: str


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """A calendar of another program was read at its `source`. `busy`: when somebody is busy by it (UTC), None where nothing has
    changed; `doubts` is what could not be understood, as a clause; `mark` tells an unchanged one."""

    at: datetime
    name: str
    source: str
    mark: str
    busy: tuple[tuple[datetime, datetime], ...] | None = None
    doubts: str = ""


@dataclass(frozen=True, slots=True)
class CalendarFailed:
    """A calendar of another program could not be read; `why` is a clause."""

    at: datetime
    name: str
    source: str
    why: str


BoxEvent = (
    BoxStarted
    | RecordsMended
    | PartBroke
    | PartMended
    | ClockJumped
    | ClockJudged
    | SystemClockSet
    | SettingsTaken
    | CalendarRead
    | CalendarFailed
)
