"""SQL of the delivery reports."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import to_ms
from gateway.core.outbound import TextState


@dataclass(frozen=True, slots=True)
class WaitingReport:
    """A report that has not found its segment yet."""

    identity: str
    ref: int
    status: int


@dataclass(frozen=True, slots=True)
class SentSegment:
    """A segment that was handed over, as far as a report can know it."""

    text_id: int
    number: int
    state: TextState
    ref: int | None


def add_report(db: sqlite3.Connection, report: WaitingReport, peer: str, now: datetime) -> bool:
    """Keep a report under its own identity; False when it is there already."""
    added = db.execute(
        "INSERT INTO reports (identity, at, peer, ref, status) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (report.identity, to_ms(now), peer, report.ref, report.status),
    )
    return added.rowcount > 0


def waiting_reports(db: sqlite3.Connection, peer: str, since: datetime) -> list[WaitingReport]:
    """Reports from `peer`'s telephone that belong to no text yet, the oldest first."""
    rows = db.execute(
        "SELECT identity, ref, status FROM reports WHERE peer = ? AND text_id IS NULL AND at >= ? ORDER BY at",
        (peer, to_ms(since)),
    )
    return [WaitingReport(r["identity"], r["ref"], r["status"]) for r in rows.fetchall()]


def give_report(db: sqlite3.Connection, identity: str, text_id: int) -> None:
    """The report is about this text."""
    db.execute("UPDATE reports SET text_id = ? WHERE identity = ?", (text_id, identity))


def reported_statuses(db: sqlite3.Connection, text_id: int) -> set[int]:
    """Every TP-ST that was reported of a text."""
    return {r["status"] for r in db.execute("SELECT status FROM reports WHERE text_id = ?", (text_id,))}


def segments_to(db: sqlite3.Connection, peer: str, since: datetime) -> list[SentSegment]:
    """Segments handed over to `peer` after that moment, the newest first."""
    rows = db.execute(
        "SELECT s.text_id, s.number, s.state, s.ref FROM segments s JOIN texts t ON t.id = s.text_id"
        " WHERE t.peer = ? AND s.at > ? ORDER BY s.at DESC, s.text_id DESC",
        (peer, to_ms(since)),
    )
    return [SentSegment(r["text_id"], r["number"], TextState(r["state"]), r["ref"]) for r in rows.fetchall()]
