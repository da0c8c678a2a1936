"""Figures of the last 24 hours for a monitor: how many calls ended how, texts by state, how fast they were. Nothing of any person."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from gateway.clock import to_ms
from gateway.queries.leads import open_counts

DAY = timedelta(hours=24)
QUANTILES = (0.5, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Figures:
    """`calls` by outcome, `texts` by state, both of the last 24 hours; `to_text` seconds from the end of a call to its text, by quantile.

    `queued`: texts that are due; `tasks` and `leads` that are open.
    """

    calls: dict[str, int]
    texts: dict[str, int]
    to_text: dict[float, float]
    queued: int
    unsure: int
    tasks: int
    leads: int


def figures(db: sqlite3.Connection, at: datetime) -> Figures:
    """All of them, in some milliseconds on a busy office's books."""
    since = to_ms(at - DAY)
    calls: Counter[str] = Counter()
    for state, missed, why, count in db.execute(
        "SELECT state, missed, no_text, count(*) FROM calls WHERE started_at > ? GROUP BY 1, 2, 3", (since,)
    ):
        calls[_outcome(state, missed, why)] += count
    texts: Counter[str] = Counter()
    for created_at, state in db.execute("SELECT created_at, state FROM texts ORDER BY id DESC"):
        if created_at <= since:  # the rows of a day, not of years
            break
        texts[state] += 1
    waits = [
        max(0.0, row[0] / 1000)
        for row in db.execute(
            "SELECT texts.sent_at - calls.ended_at FROM texts JOIN calls ON calls.id = texts.call_id"
            " WHERE texts.purpose = 'opener' AND texts.sent_at > ? AND calls.ended_at > 0",
            (since,),
        )
    ]
    return Figures(
        calls=dict(sorted(calls.items())),
        texts=dict(sorted(texts.items())),
        to_text=quantiles(waits),
        queued=_one(db, "SELECT count(*) FROM texts WHERE state = 'queued' AND due <= ?", to_ms(at)),
        unsure=_one(db, "SELECT count(*) FROM tasks WHERE closed_at IS NULL AND kind = 'unsure_text'"),
        tasks=_one(db, "SELECT count(*) FROM tasks WHERE closed_at IS NULL"),
        leads=open_counts(db)["open"],
    )


def quantiles(values: list[float]) -> dict[float, float]:
    """The values at `QUANTILES`, by the nearest rank; none of none."""
    ordered = sorted(values)
    assert all(one < other for one, other in pairwise(QUANTILES))
    return {each: ordered[min(len(ordered) - 1, int(each * len(ordered)))] for each in QUANTILES} if ordered else {}


def _outcome(state: str, missed: int | None, why: str) -> str:
    """A call in one word: `not_missed` is "answered", a call that is not over yet stands under its state."""
    if why == "not_missed" or missed == 0:
        return "answered"
    return why or state


def _one(db: sqlite3.Connection, sql: str, *values: object) -> int:
    return int(db.execute(sql, values).fetchone()[0])
