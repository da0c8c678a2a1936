"""What waits for people, in one list: leads and tasks that belong to none, by how soon somebody has to look.

Pure: which of them somebody wants to see, their order, and where a page of them ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.core.views.calls import TextRow
from gateway.core.views.leads import LeadRow, Standing
from gateway.core.views.tasks import TaskRow

IN_DOUBT = frozenset({"unsure_text", "not_sent", "texts_refused"})  # tasks in which a text may not have arrived


class Whose(StrEnum):
    """Whose leads somebody wants to see."""

    ANYBODY = ""
    MINE = "mine"
    NOBODY = "nobody"


class Days(StrEnum):
    """Of which days: what is left to do, or everything that came in since, done or not."""

    TO_DO = ""
    TODAY = "today"
    WEEK = "week"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Sieve:
    """What somebody wants to see; "" is everything. `me` is his name."""

    whose: Whose = Whose.ANYBODY
    me: str = ""
    standing: str = ""
    lane: str = ""
    urgency: str = ""
    days: Days = Days.TO_DO

    def passes(self, lane: str, urgency: str, assignee: str) -> bool:
        """Whether a lead passes, its standing aside."""
        if (self.lane and lane != self.lane) or (self.urgency and urgency != self.urgency):
            return False
        if self.whose is Whose.MINE:
            return assignee.casefold() == self.me.casefold()
        return self.whose is Whose.ANYBODY or not assignee

    @property
    def passes_tasks(self) -> bool:
        """Whether tasks of no lead pass: they are everybody's, and have no lane."""
        return not self.lane and not self.urgency and self.whose is not Whose.MINE and self.days is Days.TO_DO


Rank = tuple[bool, bool, int, int, int]  # the last one tells equals apart: a lead's number, a task's below zero


def lead_rank(
    standing: Standing,
    urgency: str,
    due_ms: int | None,
    wrote_ms: int,
    lead_id: int,
    *,
    danger: bool = False,
    nobodys: bool = False,
) -> Rank:
    """Where a lead stands. Emergencies before what is urgent, and that before the rest.

    Of the emergencies those that nobody has yet (`nobodys`) come first, and danger to people before damage. Emergencies and
    talks with the newest first, so that none hides behind old ones; what has a time by that time.
    """
    if standing is Standing.EMERGENCY:
        return False, False, 2 * (not nobodys) + (not danger), -wrote_ms, lead_id
    moment = -wrote_ms if standing is Standing.TALKING or due_ms is None else due_ms
    return True, urgency != "urgent", _PLACES[standing], moment, lead_id


def task_standing(kind: str, due_ms: int | None, now_ms: int) -> Standing:
    """How a task of no lead stands: it waits for a person, and may be overdue."""
    return Standing.OVERDUE if kind not in IN_DOUBT and due_ms is not None and due_ms <= now_ms else Standing.WAITING


def task_rank(kind: str, created_ms: int, due_ms: int | None, now_ms: int, task_id: int) -> Rank:
    """Where a task of no lead stands: a text in doubt behind what is overdue, the others with what waits."""
    place = 2 if kind in IN_DOUBT else _PLACES[task_standing(kind, due_ms, now_ms)]
    return True, True, place, due_ms if due_ms is not None else created_ms, -task_id


_PLACES = {Standing.OVERDUE: 1, Standing.WAITING: 3, Standing.TALKING: 4, Standing.DONE: 5}


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of the list.

    `counts` are all leads and tasks that pass, by standing, on this page or not; `more` is where the next page begins, ""
    where this is the last. `texts` are those that the tasks are about, `letters` what was written last before a task.
    """

    items: tuple[LeadRow | TaskRow, ...] = ()
    more: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    to_do: int = 0  # everything that waits for a person, whatever passes
    alarms: tuple[int, ...] = ()  # emergencies that nobody has yet, by lead
    newest: int = 0  # the highest number of a lead
    unseen: int = 0  # open leads beyond those that are looked at
    texts: Mapping[int, TextRow] = field(default_factory=dict)
    letters: Mapping[int, TextRow] = field(default_factory=dict)
    unread: int = 0  # conversations of the week's reading that nobody has looked at for days


def cursor_of(rank: Rank) -> str:
    """Where a page ended, for an address."""
    return "_".join(str(int(part)) for part in rank)


def read_cursor(raw: str) -> Rank | None:
    """The rank in an address; None for anything else."""
    parts = raw.split("_")
    if len(parts) != 5 or not all(part.lstrip("-").isdecimal() and len(part) < 20 for part in parts):
        return None
    first, second, *rest = (int(part) for part in parts)
    return bool(first), bool(second), rest[0], rest[1], rest[2]


def days_begin(days: Days, midnight: datetime, week_ago: datetime) -> datetime | None:
    """Since when leads are shown; None: since ever."""
    return {Days.TODAY: midnight, Days.WEEK: week_ago}.get(days)
