"""SQL of the times for calls: what is offered and promised to whom. They are columns of the leads."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from datetime import datetime
from typing import TypedDict

from gateway.clock import from_ms, to_ms
from gateway.core.conversation.lead import Lead
from gateway.core.conversation.rota import CallWindow

CALL_COLUMNS = "offered = ?, offer_until = ?, call_begins = ?, call_ends = ?, call_who = ?, call_kept = ?"


class Calls(TypedDict):
    """The fields of a lead that these columns hold."""

    offered: tuple[CallWindow, ...]
    call: CallWindow | None
    call_kept: bool


def call_values(lead: Lead) -> tuple[object, ...]:
    """The values of CALL_COLUMNS."""
    offered = [[to_ms(window.begins), to_ms(window.ends), window.who] for window in lead.offered]
    return (
        json.dumps(offered, ensure_ascii=False, separators=(",", ":")),
        max((to_ms(window.begins) for window in lead.offered), default=None),
        lead.call and to_ms(lead.call.begins),
        lead.call and to_ms(lead.call.ends),
        lead.call.who if lead.call else "",
        int(lead.call_kept),
    )


def calls_in(row: sqlite3.Row) -> Calls:
    """What a row of `leads` says of calls."""
    call = None
    if row["call_begins"] is not None and row["call_ends"] is not None:
        call = CallWindow(from_ms(row["call_begins"]), from_ms(row["call_ends"]), row["call_who"])
    return Calls(offered=offered_in(row["offered"]), call=call, call_kept=bool(row["call_kept"]))


def offered_in(column: str) -> tuple[CallWindow, ...]:
    """The column `offered`; nothing where a damaged record cannot be read."""
    try:
        return tuple(
            CallWindow(from_ms(int(begins)), from_ms(int(ends)), str(who)) for begins, ends, who in json.loads(column)
        )
    except (ValueError, TypeError, OverflowError):
        return ()


def taken_windows(db: sqlite3.Connection, now: datetime, but: int) -> Counter[tuple[str, datetime]]:
    """How many callers have been offered or promised each person's coming windows, the lead `but` aside."""
    taken: Counter[tuple[str, datetime]] = Counter()
    for row in db.execute("SELECT offered FROM leads WHERE offer_until > ? AND id <> ?", (to_ms(now), but)):
        taken.update((window.who, window.begins) for window in offered_in(row["offered"]))
    promised = db.execute(
        "SELECT call_who, call_begins FROM leads WHERE call_begins > ? AND call_kept = 0 AND id <> ?", (to_ms(now), but)
    )
    taken.update((row["call_who"], from_ms(row["call_begins"])) for row in promised)
    return taken
