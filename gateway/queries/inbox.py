"""The list of what waits for people: SQL on a read-only connection. Its time does not grow with the years.

All that is open is looked at with few columns, to be put in order; only what is shown is read whole.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta

from gateway.clock import to_ms
from gateway.core.conversation.office import ConversationRules
from gateway.core.desk.upto import TaskUpto
from gateway.core.inbox import (
    Days,
    InboxPage,
    Rank,
    Sieve,
    Whose,
    cursor_of,
    days_begin,
    lead_rank,
    read_cursor,
    task_rank,
    task_standing,
)
from gateway.core.views.calls import TextRow
from gateway.core.views.leads import LeadRow, Standing
from gateway.core.views.tasks import TaskRow
from gateway.queries.leads import LEADS, READ_AT_MOST, TASK, lead_row, nobodys, standing_of, task_row
from gateway.queries.rows import letter_row, text_row
from gateway.records import left_unread

PAGE = 30  # rows of a page: four screens of a PC
WALKED = 2000  # leads of the past that one page looks at for the few that pass; the next page goes on behind them
TASKS_AT_MOST = 1000
WEEK = timedelta(days=7)
_WRITTEN_BEFORE_MS, _WRITTEN_AFTER_MS = 60_000, 48 * 3600 * 1000  # around a task that somebody wrote
_OPEN = (
    "leads.id, leads.lane, leads.urgency, leads.danger, leads.wrote_at, leads.heard_back_at, leads.offer_until, leads.reply_at,"
    " leads.stage, CASE leads.stage WHEN 'talking' THEN leads.talk ELSE '' END AS talk, leads.assignee, tasks.id AS task_id,"
    " tasks.say = leads.next_step AS as_planned, tasks.due AS step_due,"
    " peers.takeover_until, CASE WHEN peers.takeover_until > :now THEN (SELECT max(created_at)"
    " FROM texts WHERE peer = leads.peer AND purpose = 'staff'"
    " AND state NOT IN ('cancelled', 'expired', 'failed', 'undelivered')) END AS typed_at"
)
_WAITING = frozenset({Standing.EMERGENCY, Standing.OVERDUE, Standing.WAITING})
_ALARMING = "(leads.lane = 'escalate' OR leads.urgency = 'emergency')"


def inbox(
    db: sqlite3.Connection, rules: ConversationRules, sieve: Sieve, at: datetime, midnight: datetime, after: str = ""
) -> InboxPage:
    """A page of what waits, or, for other days, of what came in. `after` is where the page before it ended."""
    alarms = nobodys(db)
    ranked, counts, to_do, unseen = _ranked(db, sieve, at, frozenset(alarms))
    newest = int(db.execute("SELECT coalesce(max(id), 0) FROM leads").fetchone()[0])
    if sieve.days is not Days.TO_DO:
        past, more = _past(db, rules, sieve, at, midnight, after)
        return InboxPage(tuple(past), more, counts, to_do, alarms, newest)
    begin = read_cursor(after)
    rest = [rank for rank in ranked if begin is None or rank > begin]
    page = rest[:PAGE]
    leads = {lead.id: lead for lead in _leads(db, rules, [rank[-1] for rank in page if rank[-1] > 0], at)}
    tasks = {task.id: task for task in _tasks(db, [-rank[-1] for rank in page if rank[-1] < 0])}
    items = [leads.get(rank[-1]) if rank[-1] > 0 else tasks.get(-rank[-1]) for rank in page]
    return InboxPage(
        items=tuple(item for item in items if item is not None),
        more=cursor_of(page[-1]) if len(rest) > len(page) else "",
        counts=counts,
        to_do=to_do,
        alarms=alarms,
        newest=newest,
        unseen=unseen,
        texts=_texts_of(db, list(tasks.values())),
        letters=_letters_of(db, list(tasks.values())),
        unread=left_unread(db, at),
    )


def _ranked(
    db: sqlite3.Connection, sieve: Sieve, at: datetime, alarms: Set[int]
) -> tuple[list[Rank], dict[str, int], int, int]:
    """Everything open that passes, in order; how much of each standing passes; how much waits for a person, whatever
    passes; and how many leads were not looked at."""
    now = to_ms(at)
    rows = db.execute(
        f"SELECT {_OPEN} FROM tasks CROSS JOIN leads ON {TASK} LEFT JOIN peers ON peers.number = leads.peer"
        f" WHERE tasks.closed_at IS NULL ORDER BY {_ALARMING} DESC, tasks.id DESC LIMIT :limit",
        {"now": now, "limit": READ_AT_MOST + 1},
    ).fetchall()
    counts = dict.fromkeys((standing.value for standing in Standing), 0)
    ranked: list[Rank] = []
    waiting = 0
    for row in rows[:READ_AT_MOST]:
        standing = standing_of(row, at)
        waiting += standing in _WAITING
        if not sieve.passes(row["lane"] or "", row["urgency"], row["assignee"]):
            continue
        counts[standing] += 1
        if sieve.standing in ("", standing):
            lead = (standing, row["urgency"], row["step_due"], row["wrote_at"], row["id"])
            ranked.append(lead_rank(*lead, danger=bool(row["danger"]), nobodys=row["id"] in alarms))
    tasks = _open_tasks(db)
    waiting += len(tasks)
    if sieve.passes_tasks:
        for task in tasks:
            standing = task_standing(task["kind"], task["due"], now)
            counts[standing] += 1
            if sieve.standing in ("", standing):
                ranked.append(task_rank(task["kind"], task["created_at"], task["due"], now, task["id"]))
    unseen = 0
    if len(rows) > READ_AT_MOST:
        found = db.execute(f"SELECT count(*) FROM tasks CROSS JOIN leads ON {TASK} WHERE tasks.closed_at IS NULL")
        unseen = found.fetchone()[0] - READ_AT_MOST
    return sorted(ranked), counts, waiting, unseen


def _open_tasks(db: sqlite3.Connection) -> list[sqlite3.Row]:
    return db.execute(
        "SELECT id, kind, created_at, due FROM tasks WHERE closed_at IS NULL AND lead_id IS NULL ORDER BY created_at LIMIT ?",
        (TASKS_AT_MOST,),
    ).fetchall()


def _leads(db: sqlite3.Connection, rules: ConversationRules, ids: Sequence[int], at: datetime) -> list[LeadRow]:
    if not ids:
        return []
    marks = ",".join("?" * len(ids))
    rows = db.execute(f"{LEADS} WHERE leads.id IN ({marks}) ORDER BY leads.id DESC", ids).fetchall()
    return [lead_row(row, rules, at) for row in rows]


def _past(
    db: sqlite3.Connection, rules: ConversationRules, sieve: Sieve, at: datetime, midnight: datetime, after: str
) -> tuple[list[LeadRow], str]:
    """Leads of some days, done or not, the newest first; where the next page begins."""
    since = days_begin(sieve.days, midnight, at - WEEK)
    first = 1
    if since is not None:
        row = db.execute(
            "SELECT id FROM leads WHERE opened_at >= ? ORDER BY opened_at LIMIT 1", (to_ms(since),)
        ).fetchone()
        if row is None:
            return [], ""
        first = row["id"]
    top = int(after) if after.isdecimal() and len(after) < 19 else (1 << 62)
    newest = db.execute("SELECT coalesce(max(id), 0) FROM leads WHERE id < ?", (top,)).fetchone()[0]
    low = max(first, newest - WALKED + 1)
    whose = {Whose.MINE: "assignee = :me COLLATE NOCASE", Whose.NOBODY: "assignee = ''"}.get(sieve.whose, "1")
    ids = [
        row["id"]
        for row in db.execute(
            "SELECT id FROM leads WHERE id >= :low AND id < :top AND (:lane = '' OR lane = :lane)"
            f" AND (:urgency = '' OR urgency = :urgency) AND {whose} ORDER BY id DESC LIMIT :limit",
            {
                "low": low,
                "top": newest + 1,
                "lane": sieve.lane,
                "urgency": sieve.urgency,
                "me": sieve.me,
                "limit": PAGE + 1,
            },
        )
    ]
    leads = _leads(db, rules, ids[:PAGE], at)
    if sieve.standing:
        leads = [lead for lead in leads if lead.standing == sieve.standing]
    if len(ids) > PAGE:
        return leads, str(ids[PAGE - 1])
    return leads, str(low) if low > first else ""


def _tasks(db: sqlite3.Connection, ids: Sequence[int]) -> list[TaskRow]:
    marks = ",".join("?" * len(ids))
    sql = (
        "SELECT tasks.*, (SELECT max(id) FROM calls WHERE calls.peer = tasks.peer) AS newest_call,"
        " (SELECT max(id) FROM escalations WHERE escalations.peer = tasks.peer AND escalations.kind = 'flagged') AS flagged,"
        " CASE tasks.kind WHEN 'wrote' THEN (SELECT max(id) FROM letters) END AS newest_letter"
        f" FROM tasks WHERE id IN ({marks})"
    )
    return [replace(task_row(row), upto=_upto(row)) for row in db.execute(sql, ids)] if ids else []


def _upto(row: sqlite3.Row) -> str:
    return str(TaskUpto(row["newest_call"] or 0, row["newest_letter"] or 0, row["flagged"] or 0))


def _texts_of(db: sqlite3.Connection, tasks: Sequence[TaskRow]) -> dict[int, TextRow]:
    ids = [task.text_id for task in tasks if task.text_id is not None]
    marks = ",".join("?" * len(ids))
    found = db.execute(f"SELECT * FROM texts WHERE id IN ({marks})", ids).fetchall() if ids else []
    return {row["id"]: text_row(row) for row in found}


def _letters_of(db: sqlite3.Connection, tasks: Sequence[TaskRow]) -> dict[int, TextRow]:
    """What was written last by whom a task "somebody wrote" is about, by task."""
    found = {}
    for task in tasks:
        if task.kind != "wrote":
            continue
        created = to_ms(task.created_at)
        row = db.execute(
            "SELECT * FROM letters WHERE at >= ? AND at <= ? AND peer = ? ORDER BY at DESC LIMIT 1",
            (created - _WRITTEN_BEFORE_MS, created + _WRITTEN_AFTER_MS, task.peer),
        ).fetchone()
        if row is not None:
            found[task.id] = letter_row(row)
    return found


def lone_texts(db: sqlite3.Connection, since: datetime, limit: int) -> list[TextRow]:
    """Texts since then that belong to no call and no lead, in and out, the newest first."""
    begin = to_ms(since)
    letters = db.execute(
        "SELECT * FROM letters WHERE at >= ? AND lead_id IS NULL ORDER BY at DESC LIMIT ?", (begin, limit)
    ).fetchall()
    texts = db.execute(
        "SELECT * FROM texts WHERE sent_at >= ? AND sent_at IS NOT NULL AND call_id IS NULL AND lead_id IS NULL"
        " AND body <> '' AND purpose <> 'staff' ORDER BY sent_at DESC LIMIT ?",
        (begin, limit),
    ).fetchall()
    waiting = db.execute(
        "SELECT * FROM texts WHERE state = 'queued' AND call_id IS NULL AND lead_id IS NULL AND body <> ''"
        " AND sent_at IS NULL AND purpose <> 'staff' LIMIT ?",
        (limit,),
    ).fetchall()
    rows = [letter_row(row) for row in letters] + [text_row(row) for row in (*texts, *waiting)]
    return sorted(rows, key=lambda row: (row.at, row.id), reverse=True)[:limit]
