"""SQL that takes one person's data out of the books.

What is left: an opt-out with its date and the words that asked for it (the proof that the law wants to see), and a mark by
which the same number is recognised where a backup brings it back. Statistics lose the person's calls and texts.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import to_ms
from gateway.core.policy import ContactKind

ERASED = "(erased)"
_OPTED_OUT = ContactKind.OPTED_OUT.value
_LENGTH = 10  # digits by which a number is found in words, whatever is written between them
_SCRYPT = {
    "n": 1 << 10,
    "r": 8,
    "p": 1,
    "dklen": 16,
}  # some ms each: ten thousand million numbers cannot be tried in a lifetime
_SALT = b"textback: erased"

# Rows that go, in an order in which nothing refers to what is gone. `gone_*` hold the ids.
_GO = """
CREATE TEMP TABLE gone_leads AS SELECT id FROM leads WHERE peer = :peer;
CREATE TEMP TABLE gone_calls AS SELECT id FROM calls WHERE peer = :peer OR caller = :peer;
CREATE TEMP TABLE gone_letters AS SELECT id FROM letters WHERE peer = :peer OR lead_id IN (SELECT id FROM gone_leads);
CREATE TEMP TABLE gone_texts AS SELECT id FROM texts WHERE peer = :peer OR call_id IN (SELECT id FROM gone_calls)
    OR lead_id IN (SELECT id FROM gone_leads);
CREATE TEMP TABLE gone_escalations AS SELECT id FROM escalations WHERE peer = :peer OR lead_id IN (SELECT id FROM gone_leads);
UPDATE digests SET words = '(erased)' WHERE words <> '' AND id IN (SELECT digest_id FROM notices WHERE peer = :peer);
UPDATE texts SET body = '(erased)' WHERE purpose = 'digest' AND state NOT IN ('queued', 'submitting')
    AND created_at >= (SELECT min(at) FROM notices WHERE peer = :peer);
DELETE FROM alerts WHERE escalation_id IN (SELECT id FROM gone_escalations) OR text_id IN (SELECT id FROM gone_texts);
DELETE FROM codes WHERE lead_id IN (SELECT id FROM gone_leads) OR escalation_id IN (SELECT id FROM gone_escalations);
DELETE FROM escalations WHERE id IN (SELECT id FROM gone_escalations);
DELETE FROM tasks WHERE peer = :peer OR call_id IN (SELECT id FROM gone_calls) OR text_id IN (SELECT id FROM gone_texts)
    OR lead_id IN (SELECT id FROM gone_leads);
DELETE FROM segments WHERE text_id IN (SELECT id FROM gone_texts);
DELETE FROM reports WHERE peer = :peer OR text_id IN (SELECT id FROM gone_texts);
DELETE FROM promises WHERE peer = :peer OR text_id IN (SELECT id FROM gone_texts);
DELETE FROM reviews WHERE peer = :peer OR lead_id IN (SELECT id FROM gone_leads) OR letter_id IN (SELECT id FROM gone_letters)
    OR text_id IN (SELECT id FROM gone_texts);
DELETE FROM corrections WHERE lead_id IN (SELECT id FROM gone_leads) OR letter_id IN (SELECT id FROM gone_letters);
DELETE FROM notes WHERE lead_id IN (SELECT id FROM gone_leads);
DELETE FROM appointments WHERE lead_id IN (SELECT id FROM gone_leads) OR peer = :peer;
DELETE FROM inbound WHERE peer = :peer OR letter_id IN (SELECT id FROM gone_letters);
DELETE FROM letters WHERE id IN (SELECT id FROM gone_letters);
DELETE FROM texts WHERE id IN (SELECT id FROM gone_texts);
DELETE FROM calls WHERE id IN (SELECT id FROM gone_calls);
DELETE FROM leads WHERE id IN (SELECT id FROM gone_leads);
DELETE FROM notices WHERE peer = :peer;
DELETE FROM relays WHERE peer = :peer;
DELETE FROM peers WHERE number = :peer;
DELETE FROM contacts WHERE number = :peer AND kind <> :opted_out;
UPDATE contacts SET name = '' WHERE number = :peer;
DELETE FROM history WHERE subject = 'peer:' || :peer
    OR subject IN (SELECT 'lead:' || id FROM gone_leads UNION ALL SELECT 'call:' || id FROM gone_calls
                   UNION ALL SELECT 'text:' || id FROM gone_texts)
"""
_TEMPS = ("gone_leads", "gone_calls", "gone_letters", "gone_texts", "gone_escalations")
# Where somebody else's words may name the number: all texts of these tables but what is no words.
_WORDY = (
    *("texts", "letters", "tasks", "history", "digests", "notes", "calls", "leads", "escalations", "alerts", "reviews"),
    *("appointments", "corrections"),
)
_NO_WORDS = {
    "key",
    "peer",
    "number",
    "state",
    "kind",
    "person",
    "purpose",
    "template",
    "did",
    "caller",
    "source",
    "callback_number",
}


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was taken out. `opted_out`: the proof of an opt-out stays."""

    calls: int
    leads: int
    texts: int
    opted_out: bool

    @property
    def anything(self) -> bool:
        """Whether there was something."""
        return bool(self.calls or self.leads or self.texts)


def erase_person(db: sqlite3.Connection, peer: str, now: datetime, by: str) -> Erased:
    """Everything that hangs on this number goes. The history notes that it was done, without the number."""
    numbers = db.execute("SELECT id FROM leads WHERE peer = ?", (peer,)).fetchall()
    leads = [int(row[0]) for row in numbers]
    for statement in _GO.split(";"):
        db.execute(statement, {"peer": peer, "opted_out": _OPTED_OUT})
    calls, texts = (
        int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in ("gone_calls", "gone_texts")
    )
    texts += int(db.execute("SELECT count(*) FROM gone_letters").fetchone()[0])
    for table in _TEMPS:
        db.execute(f"DROP TABLE {table}")
    opted_out = db.execute("SELECT 1 FROM contacts WHERE number = ? AND kind = ?", (peer, _OPTED_OUT)).fetchone()
    db.execute(
        "INSERT INTO erased (mark, at) VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET at = max(excluded.at, at + 1)",
        (mark_of_number(peer), to_ms(now)),
    )
    erased = Erased(calls, len(leads), texts, opted_out is not None)
    what = f"{by}: one person's data was erased: {calls} calls, {len(leads)} leads, {texts} texts"
    db.execute("INSERT INTO history (at, subject, what) VALUES (?, 'box:erased', ?)", (to_ms(now), what))
    return erased


def has_open_emergency(db: sqlite3.Connection, peer: str) -> bool:
    """Whether our people are still to see to an emergency of that number."""
    sql = "SELECT 1 FROM escalations WHERE peer = ? AND state IN ('alerting', 'exhausted')"
    return db.execute(sql, (peer,)).fetchone() is not None


def leads_of_person(db: sqlite3.Connection, peer: str) -> list[int]:
    """The numbers of his leads."""
    return [int(row[0]) for row in db.execute("SELECT id FROM leads WHERE peer = ?", (peer,))]


def erase_inputs(db: sqlite3.Connection, peer: str, leads: Iterable[int], above: int, count: int) -> int | None:
    """Take the person out of `count` entries of the journal above an id; gives the id to go on with, None at the end."""
    ids = [row[0] for row in db.execute("SELECT id FROM journal WHERE id > ? ORDER BY id LIMIT ?", (above, count))]
    if not ids:
        return None
    digits, whose = peer[-_LENGTH:].lstrip("+"), set(leads)
    gone = [
        (row["id"],)
        for row in db.execute("SELECT id, body FROM journal WHERE id BETWEEN ? AND ?", (ids[0], ids[-1]))
        if digits in re.sub(r"[^0-9]", "", row["body"]) or _is_of_lead(row["body"], whose)
    ]
    db.executemany("DELETE FROM journal WHERE id = ?", gone)
    return int(ids[-1])


def erase_words(db: sqlite3.Connection, peer: str) -> int:
    """Where other rows name the number it is blotted out; gives in how many."""
    found = 0
    digits = peer[-_LENGTH:].lstrip("+")
    spelled = re.compile(r"\+?1?[ .(-]*" + r"[ .()/-]*".join(digits))
    like = f"%{digits[:3]}%{digits[3:6]}%{digits[6:]}%"
    for table, column, key in _places(db):
        rows = db.execute(
            f"SELECT {key} AS id, {column} AS said FROM {table} WHERE {column} LIKE ?", (like,)
        ).fetchall()
        for row in rows:
            said = spelled.sub(ERASED, row["said"])
            if said != row["said"]:
                found += 1
                db.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (said, row["id"]))
    db.execute("UPDATE leads SET callback_number = NULL, callback_whose = NULL WHERE callback_number = ?", (peer,))
    db.execute("UPDATE inbound SET raw = '' WHERE body LIKE '%' || ? || '%'", (ERASED,))
    return found


def _places(db: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Table, column and key of everything that people or the box have put into words."""
    yield "inbound", "body", "identity"
    for table in _WORDY:
        columns = db.execute(f"PRAGMA table_info({table})").fetchall()
        key = next(row["name"] for row in columns if row["pk"])
        for row in columns:
            if row["type"] == "TEXT" and row["name"] not in _NO_WORDS and not row["pk"]:
                yield table, f'"{row["name"]}"', key


def mark_of_number(peer: str) -> str:
    """By what an erased number is recognised; the number cannot be read from it."""
    return hashlib.scrypt(peer.encode(), salt=_SALT, **_SCRYPT).hex()


def numbers_to_erase(db: sqlite3.Connection, marks: frozenset[str]) -> list[str]:
    """Numbers anywhere in these books that have one of these marks."""
    if not marks:
        return []
    numbers = {row[0] for row in db.execute("SELECT substr(subject, 6) FROM history WHERE subject LIKE 'peer:%'")}
    for table, column in db.execute(
        "SELECT tables.name, columns.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns"
        " WHERE tables.type = 'table' AND columns.name IN ('peer', 'caller', 'callback_number', 'number')"
    ).fetchall():
        numbers |= {row[0] for row in db.execute(f'SELECT DISTINCT "{column}" FROM "{table}"')}
    return sorted(number for number in numbers if isinstance(number, str) and mark_of_number(number) in marks)


def _is_of_lead(body: str, leads: set[int]) -> bool:
    if not leads or "lead_id" not in body:
        return False
    try:
        return json.loads(body).get("lead_id") in leads
    except (ValueError, AttributeError):
        return True
