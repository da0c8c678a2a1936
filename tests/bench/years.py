"""The books of a business that has texted for years: leads with their conversations, calls, tasks and notes, written at once.

A turn for each of them would take an hour; what stands in the rows is what turns leave behind.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import islice
from pathlib import Path

from gateway.storage.store import prepare
from tests.bench.numbers import callers

LEADS, TEXTS = 100_000, 500_000
OPEN, EMERGENCIES, CALL_BACKS = 400, 3, 60  # what an office that is behind with its work has before it
YEARS = 3
_FIRST = "Dana José María Ann Otto Lena Ibrahim Chloé Pete Ruth Omar Nguyễn Sofía Walt Beth Raúl Inés".split(" ")  # noqa: SIM905
_LAST = "Whitfield Ortiz Núñez Miller Okafor Lindqvist Peña Tran Kowalski Baptiste Garza Hughes".split(" ")  # noqa: SIM905
_CITIES = (("44107", "Lakewood"), ("44120", "Shaker Heights"), ("44113", "Cleveland"), ("44116", "Rocky River"))
_STREETS = ["Elm Ave", "Detroit Rd", "Clifton Blvd", "Madison Ave", "W 117th St", "Lake Rd", "Warren Rd", "Fulton Pkwy"]
OPENER = "Miller Heating & Air: sorry we missed your call. What do you need help with? Reply STOP to opt out."
QUESTION = "Thanks. What is the ZIP code or the town of the job?"
NOTED = "Thank you. The office has this and gets back to you."


def fill_years(path: Path, leads: int = LEADS, texts: int = TEXTS, open_leads: int = OPEN) -> int:
    """Write them into a new database at `path`; returns its size in bytes. `texts` counts those of both directions."""
    path.parent.mkdir(exist_ok=True)
    chance, words = random.Random(5), _words()
    span = timedelta(days=365 * YEARS) / (leads + 1)
    began = datetime.now(UTC) - timedelta(days=365 * YEARS)
    with closing(sqlite3.connect(path)) as db:
        prepare(db)
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN")
        letters = texts // leads - 3  # beside three of ours
        numbers = islice(callers(), leads)
        for lead, number in enumerate(numbers, 1):
            at = int((began + span * lead).timestamp() * 1000)
            is_open = lead > leads - open_leads
            _add(db, chance, words, lead, f"+1{number}", at, letters, is_open, alarm=lead > leads - EMERGENCIES)
        for number in islice(callers(), CALL_BACKS):
            say = "nobody answered and the modem was down"
            insert(db, "tasks", kind="call_back", peer=f"+1{number}", say=say, created_at=at)
        db.execute(
            "INSERT INTO peers (number, opened_at, wrote_at) SELECT peer, max(opened_at), max(wrote_at) FROM leads GROUP BY 1"
        )
        db.execute("COMMIT")
    return path.stat().st_size


def _add(
    db: sqlite3.Connection,
    chance: random.Random,
    words: list[str],
    lead: int,
    peer: str,
    at: int,
    letters: int,
    is_open: bool,
    alarm: bool,
) -> None:
    """One missed call, what followed from it, and how it ended."""
    name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}" if chance.random() < 0.7 else None
    zip_code, city = chance.choice(_CITIES)
    said = [chance.choice(words) for _ in range(letters)]
    call = insert(
        db, "calls", source="ami", key=f"year.{lead}", state="texted", caller=peer, caller_name=(name or "").upper(),
        peer=peer, did="+12165550100", line="main", started_at=at, ended_at=at + 20_000, known_at=at + 20_000,
        missed=1, reason="no_answer", ring_s=20.0, no_text="", say="texted in 3 s", notified=0,
    )  # fmt: skip
    urgency = "emergency" if alarm else chance.choice(("routine", "routine", "urgent"))
    lane = "escalate" if alarm else chance.choice(("book", "message"))
    step = "call them: they want an appointment"
    wrote_at = at + 60_000 * (letters + 1)
    insert(
        db, "leads", id=lead, peer=peer, opened_at=at + 60_000, wrote_at=wrote_at,
        stage="handed_over" if is_open else "closed", lane=lane, why="urgent: a person decides when", urgency=urgency,
        intent="new_service", language="en", alert="none", next_step=step if is_open else "", owner="office",
        service=chance.choice(("no_heat", "no_cool", "tune_up")), issue=said[0], zip=zip_code, city=city, state="OH",
        street_address=f"{chance.randrange(1, 4000)} {chance.choice(_STREETS)}", name=name, answers="{}", talk="{}",
        answered_id=0,
    )  # fmt: skip
    for place, body in enumerate((OPENER, QUESTION, NOTED)):
        purpose = ("opener", "question", "handover")[place]
        sent = at + 30_000 + 60_000 * place
        row = insert(
            db, "texts", key=f"lead:{lead}:{place}", purpose=purpose, state="delivered", peer=peer, body=body,
            template=purpose, call_id=call if place == 0 else None, lead_id=lead if place else None, priority=5, due=sent,
            tries=1, created_at=sent, sent_at=sent, say="",
        )  # fmt: skip
        insert(db, "segments", text_id=row, number=1, state="delivered", ref=row % 256, at=sent, evidence="")
    for place, body in enumerate(said):
        reading = json.dumps({"lang": "en", "intent": "new_service", "urgency": urgency})
        insert(
            db, "letters", peer=peer, body=body, kind="text", complete=1, at=at + 60_000 * (place + 2), lead_id=lead,
            reading=reading,
        )  # fmt: skip
    for what in ("new lead", "asked where", "passed to the office"):
        insert(db, "history", at=wrote_at, subject=f"lead:{lead}", what=what)
    due = int(datetime.now(UTC).timestamp() * 1000) + chance.randrange(-4, 20) * 3_600_000
    closed = {} if is_open else {"closed_at": wrote_at + 3_600_000, "closed_by": "Ann"}
    insert(db, "tasks", kind="wrote", peer=peer, say=step, lead_id=lead, created_at=wrote_at, due=due, **closed)


def insert(db: sqlite3.Connection, table: str, **values: object) -> int:
    """One row of a table; returns its number."""
    marks = ", ".join("?" * len(values))
    row = db.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values())).lastrowid
    return row or 0


def _words() -> list[str]:
    """What customers might write, in both languages."""
    return list(islice(_texts(), 20_000))


def _texts() -> Iterator[str]:
    folder = files("gateway.training").joinpath("texts")
    for trade in sorted(folder.iterdir(), key=lambda each: each.name):
        part = trade.joinpath("texts.jsonl")
        if part.is_file():
            yield from (json.loads(line)["text"] for line in part.read_text("utf-8").splitlines())
