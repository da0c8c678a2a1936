"""Rows of calls and texts as values."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import from_ms
from gateway.core.events import CallReason, CallSource
from gateway.core.outbound import Purpose, TextState


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call as stored."""

    id: int
    source: CallSource
    key: str
    state: str
    caller: str
    peer: str | None
    did: str | None
    started_at: datetime
    ended_at: datetime | None
    known_at: datetime | None
    missed: bool | None
    reason: CallReason
    answered_by: str | None
    ring_s: float | None
    no_text: str
    notified: bool


@dataclass(frozen=True, slots=True)
class TextRecord:
    """An outgoing text as stored."""

    id: int
    key: str
    purpose: Purpose
    state: TextState
    peer: str
    body: str
    template: str
    call_id: int | None
    lead_id: int | None
    due: datetime
    expires: datetime | None
    tries: int
    doubts: int
    waits: str
    created_at: datetime
    sent_at: datetime | None
    say: str


def moment(value: int | None) -> datetime | None:
    return None if value is None else from_ms(value)


def call_record(row: sqlite3.Row) -> CallRecord:
    """One row of `calls`."""
    return CallRecord(
        id=row["id"],
        source=CallSource(row["source"]),
        key=row["key"],
        state=row["state"],
        caller=row["caller"],
        peer=row["peer"],
        did=row["did"],
        started_at=from_ms(row["started_at"]),
        ended_at=moment(row["ended_at"]),
        known_at=moment(row["known_at"]),
        missed=None if row["missed"] is None else bool(row["missed"]),
        reason=CallReason(row["reason"] or "unknown"),
        answered_by=row["answered_by"],
        ring_s=row["ring_s"],
        no_text=row["no_text"],
        notified=bool(row["notified"]),
    )


def text_record(row: sqlite3.Row) -> TextRecord:
    """One row of `texts`."""
    return TextRecord(
        id=row["id"],
        key=row["key"],
        purpose=Purpose(row["purpose"]),
        state=TextState(row["state"]),
        peer=row["peer"],
        body=row["body"],
        template=row["template"],
        call_id=row["call_id"],
        lead_id=row["lead_id"],
        due=from_ms(row["due"]),
        expires=moment(row["expires"]),
        tries=row["tries"],
        doubts=row["doubts"],
        waits=row["waits"],
        created_at=from_ms(row["created_at"]),
        sent_at=moment(row["sent_at"]),
        say=row["say"],
    )
