"""SQL of what a person has to do."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import to_ms
from gateway.core.views.tasks import TaskKind
from gateway.records.rows import moment


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Something that is still to be done."""

    id: int
    kind: str
    say: str
    call_id: int | None


def open_tasks_of(db: sqlite3.Connection, peer: str) -> list[OpenTask]:
    """What is to be done for a person."""
    rows = db.execute("SELECT * FROM tasks WHERE peer = ? AND closed_at IS NULL ORDER BY id", (peer,))
    return [OpenTask(row["id"], row["kind"], row["say"], row["call_id"]) for row in rows.fetchall()]


def tell_task(db: sqlite3.Connection, task_id: int, say: str) -> None:
    """Say what is to be done in other words."""
    db.execute("UPDATE tasks SET say = ? WHERE id = ?", (say, task_id))


def tell_call_back(db: sqlite3.Connection, call_id: int, say: str) -> None:
    """Say why somebody is to ring back after this call."""
    db.execute(
        "UPDATE tasks SET say = ? WHERE kind = 'call_back' AND closed_at IS NULL AND"
        " peer = (SELECT peer FROM calls WHERE id = ?)",
        (say, call_id),
    )


def open_task(
    db: sqlite3.Connection,
    kind: TaskKind,
    peer: str,
    say: str,
    now: datetime,
    call_id: int | None = None,
    text_id: int | None = None,
) -> None:
    """Something a person has to do; one open task of a kind per call or text, and one call-back per person."""
    if kind == "call_back":
        told = db.execute(
            "UPDATE tasks SET say = ? WHERE kind = 'call_back' AND peer = ? AND closed_at IS NULL RETURNING id",
            (say, peer),
        ).fetchone()
        if told is not None:
            return
    db.execute(
        "INSERT INTO tasks (kind, peer, say, call_id, text_id, created_at)"
        " SELECT :kind, :peer, :say, :call, :text, :at WHERE NOT EXISTS ("
        " SELECT 1 FROM tasks WHERE kind = :kind AND call_id IS :call AND text_id IS :text AND peer = :peer AND closed_at IS NULL)",
        {"kind": kind, "peer": peer, "say": say, "call": call_id, "text": text_id, "at": to_ms(now)},
    )


def close_call_back(db: sqlite3.Connection, call_id: int, by: str, now: datetime) -> None:
    """The call was answered after all."""
    db.execute(
        "UPDATE tasks SET closed_at = ?, closed_by = ? WHERE kind = 'call_back' AND call_id = ? AND closed_at IS NULL",
        (to_ms(now), by, call_id),
    )


def open_count(db: sqlite3.Connection, kind: TaskKind) -> int:
    """How many tasks of a kind are open."""
    return int(db.execute("SELECT count(*) FROM tasks WHERE kind = ? AND closed_at IS NULL", (kind,)).fetchone()[0])


def close_kind(db: sqlite3.Connection, kind: str, by: str, now: datetime) -> None:
    """The reason for all tasks of a kind is gone."""
    db.execute(
        "UPDATE tasks SET closed_at = ?, closed_by = ? WHERE kind = ? AND closed_at IS NULL", (to_ms(now), by, kind)
    )


def person_of(db: sqlite3.Connection, task_id: int, kinds: tuple[TaskKind, ...]) -> str | None:
    """Whom an open task of one of these kinds is about."""
    row = db.execute("SELECT kind, peer FROM tasks WHERE id = ? AND closed_at IS NULL", (task_id,)).fetchone()
    return str(row["peer"]) if row is not None and row["kind"] in kinds else None


def lead_of_task(db: sqlite3.Connection, task_id: int) -> int | None:
    """The lead that an open task is about."""
    row = db.execute("SELECT lead_id FROM tasks WHERE id = ? AND closed_at IS NULL", (task_id,)).fetchone()
    return None if row is None else row["lead_id"]


def close_task(db: sqlite3.Connection, task_id: int, by: str, now: datetime) -> None:
    """Somebody has done it."""
    db.execute(
        "UPDATE tasks SET closed_at = ?, closed_by = ? WHERE id = ? AND closed_at IS NULL", (to_ms(now), by, task_id)
    )


def close_unsure(db: sqlite3.Connection, text_id: int, by: str, now: datetime) -> None:
    """The text is not in doubt any more."""
    db.execute(
        "UPDATE tasks SET closed_at = ?, closed_by = ? WHERE text_id = ? AND kind = 'unsure_text' AND closed_at IS NULL",
        (to_ms(now), by, text_id),
    )


@dataclass(frozen=True, slots=True)
class CallBackTask:
    """An open entry of the call-back list."""

    peer: str
    tries: int
    tried_at: datetime | None


def call_back_task(db: sqlite3.Connection, task_id: int) -> CallBackTask | None:
    """An open entry of the call-back list; None where there is none."""
    row = db.execute(
        "SELECT peer, tries, tried_at FROM tasks WHERE id = ? AND kind = 'call_back' AND closed_at IS NULL", (task_id,)
    ).fetchone()
    return None if row is None else CallBackTask(row["peer"], row["tries"], moment(row["tried_at"]))


def task_tried(db: sqlite3.Connection, task_id: int, now: datetime, due: datetime | None) -> None:
    """Nobody answered; it is due again then."""
    db.execute(
        "UPDATE tasks SET tries = tries + 1, tried_at = ?, due = coalesce(?, due) WHERE id = ?",
        (to_ms(now), due and to_ms(due), task_id),
    )


def put_task_off(db: sqlite3.Connection, task_id: int, until: datetime) -> None:
    """It is due then."""
    db.execute("UPDATE tasks SET due = ? WHERE id = ?", (to_ms(until), task_id))
