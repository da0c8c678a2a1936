"""A test call as it goes on, for whoever watches it on the page."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from gateway import records
from gateway.clock import from_ms, to_ms
from gateway.core.views.setup import Trial, TrialCall
from gateway.queries.rows import call_row, letter_row, text_row
from gateway.records import moment
from gateway.turns import testcalls


def trial(db: sqlite3.Connection, own: Collection[str]) -> Trial | None:
    """The test call that runs, or ran last; None before the first. `own` are the numbers of our lines."""
    row = db.execute("SELECT value, at, ends FROM switches WHERE name = ?", (testcalls.SWITCH,)).fetchone()
    last = db.execute(
        "SELECT peer FROM calls WHERE no_text = 'trial' AND started_at > 0 ORDER BY started_at DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    on = bool(row["value"])
    number = row["value"] or (last["peer"] if last else "")
    since = from_ms(row["at"]) if on else from_ms(row["at"]) - testcalls.LASTS
    rows = db.execute(
        "SELECT calls.*, '' AS known_as FROM calls WHERE started_at >= ? ORDER BY started_at DESC, id DESC LIMIT 3",
        (to_ms(since),),
    ).fetchall()
    letter = db.execute(
        "SELECT * FROM letters WHERE peer = ? AND at >= ? ORDER BY at DESC LIMIT 1", (number, to_ms(since))
    ).fetchone()
    return Trial(
        number=number,
        since=since,
        until=moment(row["ends"]) if on else None,
        calls=tuple(_trial_call(db, each, number, own) for each in rows),
        answer="" if letter is None else letter_row(letter).body,
    )


def _trial_call(db: sqlite3.Connection, row: sqlite3.Row, number: str, own: Collection[str]) -> TrialCall:
    text = db.execute("SELECT * FROM texts WHERE key = ?", (f"call:{row['id']}:trial",)).fetchone()
    out = 0
    if text is not None:
        states = records.segment_states(db, text["id"]).values()
        out = sum(state in ("accepted", "delivered", "undelivered") for state in states)
    return TrialCall(
        call=call_row(row, ()),
        ours=row["peer"] == number,
        hidden=row["peer"] in own,
        text=None if text is None else text_row(text),
        due=None if text is None else moment(text["due"]),
        segments_out=out,
    )
