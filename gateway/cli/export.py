"""`textback export`: leads, calls or texts as CSV or JSONL, read from the database as it is at this moment.

CSV is for spreadsheets, which take a cell that begins with one of = + - @ for a formula: such a cell gets an apostrophe in
front (OWASP, CSV injection), and telephone numbers are written as people write them. JSONL has everything as it is stored.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from gateway.clock import from_ms
from gateway.core.business import Business
from gateway.core.sheetcells import Value, safe_cell
from gateway.queries.leads import answers_of, service_name
from gateway.queries.review import cases
from gateway.storage.schema import StoreDown, lenient, version
from gateway.training.labels import MENUS

Column = Callable[[sqlite3.Row, Business], Value]


class ExportError(Exception):
    """There is nothing that could be exported. The message is a sentence."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What can be exported: rows, and what is told of each."""

    sql: str
    columns: Mapping[str, Column]
    answers: bool = False  # to the business's own questions, behind the columns


def _plain(name: str) -> Column:
    return lambda row, _: row[name]


def _truth(name: str) -> Column:
    return lambda row, _: None if row[name] is None else bool(row[name])


def _moment(name: str) -> Column:
    """ISO 8601 with offset, in the business's time zone."""

    def moment(row: sqlite3.Row, business: Business) -> Value:
        if row[name] is None:
            return None
        return from_ms(row[name]).astimezone(business.zone).isoformat(timespec="seconds")

    return moment


def _goes(who: str | None, business: Business) -> str:
    crew = business.conversation.booking.crews.get(who or "")
    return crew.label if crew is not None else who or ""


def _dollars(name: str) -> Column:
    return lambda row, _: None if row[name] is None else row[name] / 100


_LEADS = _Kind(
    "SELECT leads.*, tasks.id IS NOT NULL AS open, coalesce(tasks.say, '') AS step, tasks.due AS step_due,"
    " visit.begins AS booked_from, visit.ends AS booked_until, iif(visit.crew = '', visit.who, visit.crew) AS booked_who FROM leads"
    " LEFT JOIN appointments AS visit ON visit.id = (SELECT max(id) FROM appointments WHERE lead_id = leads.id"
    " AND state IN ('confirmed', 'done'))"
    " LEFT JOIN tasks ON tasks.lead_id = leads.id AND tasks.kind = 'wrote' AND tasks.closed_at IS NULL ORDER BY leads.id",
    {
        "id": _plain("id"),
        "number": _plain("peer"),
        "name": _plain("name"),
        "open": _truth("open"),
        "opened_at": _moment("opened_at"),
        "wrote_at": _moment("wrote_at"),
        "lane": _plain("lane"),
        "why": _plain("why"),
        "urgency": _plain("urgency"),
        "stage": _plain("stage"),
        "next_step": _plain("step"),
        "due": _moment("step_due"),
        "owner": _plain("owner"),
        "assignee": _plain("assignee"),
        "outcome": _plain("outcome"),
        "value": _dollars("value_cents"),
        "closed_by": _plain("closed_by"),
        "booked_from": _moment("booked_from"),
        "booked_until": _moment("booked_until"),
        "booked_who": lambda row, business: _goes(row["booked_who"], business),
        "call_from": _moment("call_begins"),
        "call_until": _moment("call_ends"),
        "call_by": _plain("call_who"),
        "call_settled": lambda row, _: None if row["call_begins"] is None else bool(row["call_kept"]),
        "service": _plain("service"),
        "service_name": lambda row, business: service_name(business.conversation, row["service"]),
        **{name: _plain(name) for name in ("issue", "zip", "city", "state", "place", "street_address")},
        **{
            name: _plain(name)
            for name in (
                "timeline",
                "callback_time",
                "callback_number",
                "callback_whose",
                "language",
                "intent",
                "danger",
                "alert",
            )
        },
    },
    answers=True,
)
_CALLS = _Kind(
    "SELECT calls.*, coalesce(peer, caller) AS number, coalesce((SELECT name FROM contacts WHERE number = calls.peer"
    " AND name <> '' LIMIT 1), caller_name) AS name, iif(no_text = '', state, no_text) AS outcome"
    " FROM calls ORDER BY started_at, id",
    {
        "id": _plain("id"),
        "started_at": _moment("started_at"),
        "ended_at": _moment("ended_at"),
        **{name: _plain(name) for name in ("number", "name", "line", "source")},
        "missed": _truth("missed"),
        **{name: _plain(name) for name in ("reason", "answered_by", "ring_s", "outcome", "say")},
        "owner_told": _truth("notified"),
    },
)
_TEXTS = _Kind(
    "SELECT * FROM (SELECT id, 'out' AS direction, coalesce(sent_at, created_at) AS at, peer, purpose, template, state, say,"
    " body, call_id, lead_id FROM texts WHERE body <> '' UNION ALL SELECT id, 'in', at, peer, '', '', 'received',"
    " iif(complete, '', 'a part is missing'), body, NULL, lead_id FROM letters) ORDER BY at, direction, id",
    {
        "id": _plain("id"),
        "direction": _plain("direction"),
        "at": _moment("at"),
        "number": _plain("peer"),
        **{name: _plain(name) for name in ("purpose", "template", "state", "say", "body")},
        "call": _plain("call_id"),
        "lead": _plain("lead_id"),
    },
)
KINDS = {"leads": _LEADS, "calls": _CALLS, "texts": _TEXTS}


def export(database: Path, what: str, form: str, business: Business, out: TextIO) -> None:
    """Write `what` (one of KINDS) as `form` ("csv" or "jsonl"). Raises ExportError with a sentence."""
    with _opened(database) as db:
        if form == "jsonl":
            _write_jsonl(db, KINDS[what], business, out)
        else:
            _write_csv(db, KINDS[what], business, out)


def export_corrections(database: Path, folder: Path) -> int:
    """Write what people have put right below `folder`, a file for each trade; gives how many. Raises ExportError, OSError."""
    with _opened(database) as db:
        lines: dict[str, list[str]] = {}
        for trade, line in cases(db, MENUS):
            lines.setdefault(trade, []).append(line)
    for trade, found in lines.items():
        (folder / trade).mkdir(parents=True, exist_ok=True)
        (folder / trade / "office.jsonl").write_text("".join(f"{line}\n" for line in found), encoding="utf-8")
    return sum(map(len, lines.values()))


@contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    """The database as it is at one moment. Raises ExportError."""
    if not database.exists():
        raise ExportError(f"there is no {database} yet - start the gateway once, or name its configuration")
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
            db.text_factory = lenient
            db.row_factory = sqlite3.Row
            db.execute("BEGIN")  # everything as it is at one moment
            version(db)
            yield db
    except (sqlite3.Error, StoreDown) as error:
        raise ExportError(f"cannot read {database}: {error} - is it the database of this version?") from error


def _write_jsonl(db: sqlite3.Connection, kind: _Kind, business: Business, out: TextIO) -> None:
    for row in db.execute(kind.sql):
        told: dict[str, object] = {name: value(row, business) for name, value in kind.columns.items()}
        if kind.answers:
            told["answers"] = dict(answers_of(row, business.conversation))
        out.write(json.dumps(told, ensure_ascii=False) + "\n")


def _write_csv(db: sqlite3.Connection, kind: _Kind, business: Business, out: TextIO) -> None:
    labels = _labels(db, business) if kind.answers else []
    table = csv.writer(out)
    headings = [f"{label} (answer)" if label in kind.columns else label for label in labels]
    table.writerow([safe_cell(name) for name in (*kind.columns, *headings)])
    for row in db.execute(kind.sql):
        given = dict(answers_of(row, business.conversation)) if labels else {}
        cells = [value(row, business) for value in kind.columns.values()]
        table.writerow([safe_cell(cell) for cell in (*cells, *(given.get(label, "") for label in labels))])


def _labels(db: sqlite3.Connection, business: Business) -> list[str]:
    """The business's own questions: those of today, then those that only older leads answer."""
    rules = business.conversation
    labels = {question.label or question.key.replace("_", " "): None for question in rules.questions}
    for row in db.execute("SELECT DISTINCT answers FROM leads WHERE answers <> '{}'"):
        labels |= dict.fromkeys(label for label, _ in answers_of(row, rules))
    return list(labels)
