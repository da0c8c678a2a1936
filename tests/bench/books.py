"""The books of a box that has worked for a year: what it does with them is measured, not what it does with empty ones."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.core.events import CallEnded, CallRang, CallReason, CallSource
from gateway.settings import load
from gateway.storage.store import prepare
from gateway.turns import Context, take_turn
from tests.bench.numbers import callers

A_YEAR_OF_CALLS = 20_000  # 55 a day: more than any contractor who would need this box


def fill(folder: Path, calls: int) -> int:
    """Put a year of missed calls into the books of the gateway (which must not run); returns the size in bytes."""
    business = load(folder / "gateway.yaml").business
    path = folder / "state" / "textback.sqlite3"
    path.parent.mkdir(exist_ok=True)
    db = sqlite3.connect(path)
    prepare(db)
    db.execute("PRAGMA synchronous = OFF")
    at = datetime.now(UTC) - timedelta(days=365)
    db.execute("BEGIN")
    for number, caller in zip(range(calls), callers(), strict=False):
        at += timedelta(days=365) / (calls + 1)
        key, context = f"year.{number}", Context(db, business, at)
        take_turn(context, CallRang(key, CallSource.AMI, at, caller, "2165550100"))
        end = CallEnded(
            key=key,
            source=CallSource.AMI,
            at=at,
            caller=caller,
            did="2165550100",
            missed=True,
            reason=CallReason.NO_ANSWER,
        )
        take_turn(context, end)
    db.execute("UPDATE texts SET state = 'delivered', sent_at = due, body = 'Sorry we missed your call.'")
    db.execute("UPDATE calls SET state = 'texted' WHERE state = 'waiting'")
    db.execute("INSERT OR IGNORE INTO peers (number, opened_at) SELECT peer, max(sent_at) FROM texts GROUP BY peer")
    db.execute("INSERT INTO segments SELECT id, 1, 'delivered', id % 256, sent_at, '' FROM texts")
    db.execute("COMMIT")
    db.close()
    return path.stat().st_size
