"""The state of the whole box as the page shows it. Filled by `gateway.queries.boxstate`, drawn by `web.pages.health`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.core.views.calls import CallRow, TextRow
from gateway.core.views.emergencies import DrillView


@dataclass(frozen=True, slots=True)
class Reached:
    """One of the business's people, and how an emergency reaches him."""

    name: str
    number: str
    texts: bool
    rings: bool


@dataclass(frozen=True, slots=True)
class LadderStep:
    """So many seconds after an emergency came in these people are told; `again`: all of them have been before."""

    after_s: float
    people: tuple[Reached, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody who is away, until a moment (None: until he is back). `key` "": no telephone of his is known.

    `promised`: calls that callers were promised for the time in which he is away.
    """

    name: str
    names: tuple[str, ...]
    key: str
    since: datetime
    until: datetime | None
    by: str
    promised: int = 0


@dataclass(frozen=True, slots=True)
class Gone:
    """Who is away, and what that leaves: `nobody_told`: all whom an emergency is told are away, and are told all the same;
    `rules`: the rules (from 1) whose leads go to people who are away, for there is nobody else; `nobody_calls`: the whole rota."""

    absent: tuple[Absent, ...] = ()
    everybody: tuple[tuple[str, tuple[str, ...]], ...] = ()  # all of the business: key or "", and names
    nobody_told: bool = False
    rules: tuple[int, ...] = ()
    nobody_calls: bool = False


@dataclass(frozen=True, slots=True)
class WhoIsTold:
    """Who would be told of an emergency that came in at this moment.

    `covered` False: nobody is on call for one that endangers nobody; then only `alone` is told, once. `all_told_s` is when
    the last has had his time and everybody hears that nobody has it.
    """

    steps: tuple[LadderStep, ...]
    all_told_s: float
    covered: bool
    alone: tuple[Reached, ...]
    passed_over: tuple[str, ...] = ()  # by name: away, and told last


@dataclass(frozen=True, slots=True)
class Off:
    """When the box saw nothing (`part` "") or a part of it did not, and what was caught up of the calls of that time."""

    part: str
    began: datetime
    ended: datetime
    caught: int = 0
    texted: int = 0


@dataclass(frozen=True, slots=True)
class Switch:
    """Something of the whole box that is switched on: `say` why or by whom, until `ends` where it ends by itself."""

    say: str
    since: datetime
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the texts of the last seven days. `open`: taken by the network, nothing reported yet."""

    delivered: int = 0
    undelivered: int = 0
    failed: int = 0
    unsure: int = 0
    open: int = 0

    @property
    def judged(self) -> int:
        """Texts of which is known what became of them."""
        return self.delivered + self.undelivered + self.failed


@dataclass(frozen=True, slots=True)
class BoxState:
    """Everything of the health page that stands in the books."""

    pause: Switch | None
    storm: Switch | None
    shadow: Switch | None
    watches_only: bool  # the configuration lets the box text no new caller
    told: WhoIsTold
    people: tuple[Reached, ...]  # all of the business's own whom an emergency can reach
    last_missed: CallRow | None
    last_sent: TextRow | None
    last_delivered: TextRow | None
    last_heard: datetime | None  # the newest text that came in
    week: Delivery
    queued: int
    queued_since: datetime | None
    unsure: int
    drill: DrillView | None
    trial: TextRow | None  # the newest test text
    free_bytes: int | None  # of the disk that the records are on
    used: bool  # a call or a text has been seen, ever
    gone: Gone = Gone()
    outages: tuple[Off, ...] = ()  # of the last week, the newest first
