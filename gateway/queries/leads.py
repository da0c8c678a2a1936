"""Leads as the page, `status` and `export` show them: SQL on a read-only connection, rows out as `gateway.core.views`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Set
from datetime import datetime
from typing import Any

from gateway.clock import from_ms, to_ms
from gateway.core.conversation.alarm import place_of
from gateway.core.conversation.authority import MEANINGS
from gateway.core.conversation.lanes import authority_over
from gateway.core.conversation.lead import Facts, Lane, Lead, Urgency
from gateway.core.conversation.office import ConversationRules
from gateway.core.desk.hold import RULE
from gateway.core.inbox import Rank, lead_rank
from gateway.core.views.leads import LeadRow, PromisedCall, Standing
from gateway.core.views.tasks import TaskRow
from gateway.records.leads import OF_A_PICTURE

READ_AT_MOST = 2000  # open leads looked at, emergencies first; an office that leaves more open sees the newest of them
# Of `leads`, with the open task and the `peers` row of its person joined.
COLUMNS = (
    "leads.*, tasks.id AS task_id, tasks.say AS step, tasks.due AS step_due, peers.takeover_until,"
    " tasks.say = leads.next_step AS as_planned,"
    " (SELECT name FROM contacts WHERE number = leads.peer AND name <> '' LIMIT 1) AS known_as,"
    " (SELECT body FROM letters WHERE lead_id = leads.id AND kind = 'text' ORDER BY id DESC LIMIT 1) AS last_words,"
    f" (SELECT count(*) FROM letters WHERE lead_id = leads.id AND {OF_A_PICTURE}) AS pictures,"
    " (SELECT max(created_at) FROM texts WHERE peer = leads.peer AND purpose = 'staff'"
    " AND state NOT IN ('cancelled', 'expired', 'failed', 'undelivered')) AS typed_at"
)
TASK = "tasks.lead_id = leads.id AND tasks.kind = 'wrote' AND tasks.closed_at IS NULL"
LEADS = f"SELECT {COLUMNS} FROM leads LEFT JOIN tasks ON {TASK} LEFT JOIN peers ON peers.number = leads.peer"
_ALARMING = "(leads.lane = 'escalate' OR leads.urgency = 'emergency')"


def lead_by_id(db: sqlite3.Connection, lead_id: int) -> sqlite3.Row | None:
    """A row of `LEADS`; None where there is no such lead."""
    row: sqlite3.Row | None = db.execute(f"{LEADS} WHERE leads.id = ?", (lead_id,)).fetchone()
    return row


def open_leads(db: sqlite3.Connection, rules: ConversationRules, at: datetime, limit: int) -> list[LeadRow]:
    """Leads with something left to do, the most pressing first."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM tasks CROSS JOIN leads ON {TASK} LEFT JOIN peers ON peers.number = leads.peer"
        f" WHERE tasks.closed_at IS NULL ORDER BY {_ALARMING} DESC, tasks.id DESC LIMIT ?",
        (READ_AT_MOST,),
    ).fetchall()
    alarms = frozenset(nobodys(db))
    return sorted((lead_row(row, rules, at) for row in rows), key=lambda lead: _pressing(lead, alarms))[:limit]


def nobodys(db: sqlite3.Connection) -> tuple[int, ...]:
    """Leads whose emergency nobody has yet."""
    rows = db.execute(
        "SELECT lead_id FROM escalations WHERE state IN ('alerting', 'exhausted') AND lead_id IS NOT NULL AND kind <> 'drill'"
    )
    return tuple(row["lead_id"] for row in rows)


def open_counts(db: sqlite3.Connection) -> dict[str, int]:
    """How many leads are open, and how many of them are emergencies."""
    row = db.execute(
        f"SELECT count(*) AS open, coalesce(sum({_ALARMING}), 0) AS emergencies"
        f" FROM tasks CROSS JOIN leads ON {TASK} WHERE tasks.closed_at IS NULL"
    ).fetchone()
    return {"open": row["open"], "emergencies": row["emergencies"]}


def read_json(stored: str) -> dict[str, Any]:
    """A stored JSON object; empty where a damaged record holds none."""
    try:
        found = json.loads(stored)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def service_name(rules: ConversationRules, key: str | None) -> str:
    """A service as the menu calls it; its key when it is on the menu no longer."""
    service = rules.services.get(key or "")
    return service.label if service else (key or "").replace("_", " ")


def answers_of(row: sqlite3.Row, rules: ConversationRules) -> tuple[tuple[str, str], ...]:
    """The answers to the business's own questions, by their labels."""
    labels = {question.key: question.label or question.key.replace("_", " ") for question in rules.questions}
    found = read_json(row["answers"])
    return tuple((labels.get(key, key.replace("_", " ")), str(value)) for key, value in found.items())


def place_in(row: sqlite3.Row) -> str:
    """Where the job is, in one line."""
    names = ("zip", "city", "state", "place", "street_address")
    return place_of(Facts(**{name: row[name] for name in names}))


def lead_row(row: sqlite3.Row, rules: ConversationRules, at: datetime) -> LeadRow:
    """A row of `COLUMNS`."""
    due = None if row["step_due"] is None else from_ms(row["step_due"])
    taken = None if row["takeover_until"] is None else from_ms(row["takeover_until"])
    taken = taken if taken is not None and taken > at else None
    return LeadRow(
        id=row["id"],
        peer=row["peer"],
        name=row["name"] or row["known_as"] or "",
        issue=row["issue"] or row["last_words"] or "",
        service=service_name(rules, row["service"]),
        place=place_in(row),
        timeline=row["timeline"] or "",
        callback_time=row["callback_time"] or "",
        callback_number=row["callback_number"] or "",
        callback_whose=row["callback_whose"] or "",
        answers=answers_of(row, rules),
        urgency=row["urgency"],
        lane=row["lane"] or "",
        why=row["why"],
        danger=row["danger"] is not None,
        stage=row["stage"],
        standing=standing_of(row, at),
        next_step=row["step"] or "",
        due=due,
        owner=row["owner"],
        taken_until=taken,
        opened_at=from_ms(row["opened_at"]),
        wrote_at=from_ms(row["wrote_at"]),
        task_id=row["task_id"],
        pictures=row["pictures"],
        may=_may(row, rules),
        call=_promised(row),
        assignee=row["assignee"],
        claimed=bool(row["assignee"]) and not row["assigned_by"].startswith(RULE),
        assigned_at=_at(row["assigned_at"]),
        tries=row["tries"],
        put_off_until=_at(row["put_off_until"]),
        outcome=row["outcome"],
        value_cents=row["value_cents"],
        closed_by=row["closed_by"],
        outcome_at=_at(row["outcome_at"]),
        language=row["language"],
    )


def task_row(row: sqlite3.Row) -> TaskRow:
    """A row of `tasks`."""
    return TaskRow(
        row["id"],
        row["kind"],
        row["peer"],
        row["say"],
        from_ms(row["created_at"]),
        row["call_id"],
        row["text_id"],
        _at(row["due"]),
        row["tries"],
    )


def _promised(row: sqlite3.Row) -> PromisedCall | None:
    if row["call_begins"] is None or row["call_ends"] is None or row["call_kept"] or row["task_id"] is None:
        return None
    return PromisedCall(from_ms(row["call_begins"]), from_ms(row["call_ends"]), row["call_who"])


def _at(stored: int | None) -> datetime | None:
    return None if stored is None else from_ms(stored)


def _may(row: sqlite3.Row, rules: ConversationRules) -> str:
    """How far the box goes by itself with a lead, in words; "" where the table does not count."""
    lane = row["lane"] and Lane(row["lane"])
    if lane in (Lane.ESCALATE, Lane.NONE) or not rules.on:
        return ""
    names = ("service", "zip", "city", "state", "place")
    facts = Facts(**{name: row[name] for name in names})
    lead = Lead(intent=row["intent"], urgency=Urgency(row["urgency"]), lane=lane, facts=facts)
    return MEANINGS[authority_over(lead, rules)]


def standing_of(row: sqlite3.Row, at: datetime) -> Standing:
    """How a lead stands. Beside columns of its own the row has `task_id`, `as_planned`, `step_due`,
    `takeover_until`, `typed_at`; `talk` is asked for while it is `talking` only."""
    if row["task_id"] is None:
        return Standing.DONE
    if row["lane"] == "escalate" or row["urgency"] == "emergency":
        return Standing.EMERGENCY
    now = to_ms(at)
    if row["step_due"] is not None and row["step_due"] <= now:
        return Standing.OVERDUE
    if (row["heard_back_at"] or 0) >= row["wrote_at"]:
        return Standing.TALKING
    if (row["takeover_until"] or 0) > now:  # whose turn is it?
        return Standing.TALKING if (row["typed_at"] or 0) > row["wrote_at"] else Standing.WAITING
    if row["stage"] != "talking" or not row["as_planned"]:  # a fault, or a talk on the telephone, has come between
        return Standing.WAITING
    offered = (row["offer_until"] or 0) > now  # times for a call, of which one can still be chosen
    open_question = row["reply_at"] is not None or offered or read_json(row["talk"]).get("question")
    return Standing.TALKING if open_question else Standing.WAITING


def _pressing(lead: LeadRow, alarms: Set[int]) -> Rank:
    due = None if lead.due is None else to_ms(lead.due)
    found = (lead.standing, lead.urgency, due, to_ms(lead.wrote_at), lead.id)
    return lead_rank(*found, danger=lead.danger, nobodys=lead.id in alarms)
