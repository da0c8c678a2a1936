"""What can still be read of a damaged database, copied row by row into a sound one.

The log is laid over the file first, frames behind a damaged one too. Tables are read from both ends and around what
cannot be read; where the list of tables itself is damaged, that of a new database takes its place (the same steps put
the same tables on the same pages). A row that the gateway could not work with is left out and counted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gateway.core.events import CallReason
from gateway.core.outbound import Purpose
from gateway.core.policy import ContactKind
from gateway.storage.schema import PAGE_SIZE, lenient
from gateway.storage.walfile import WalFile

# What may be torn without doubt about who was texted and who must not be.
HARMLESS = frozenset(
    {
        "leads",
        "letters",
        "inbound",
        "tasks",
        "history",
        "journal",
        "reports",
        "promises",
        "notes",
        "corrections",
        "reviews",
        "appointments",
        "feeds",
        "installation",
        "erased",
        "clock",
        "outages",
        "sightings",
        "missed_lists",
    }
)

# Read from calendars of other programs: half of it would be worse than none, and it is read again.
READ_AGAIN = frozenset({"calendars", "busy_times"})

_WORDS: dict[tuple[str, str], frozenset[str]] = {
    ("texts", "purpose"): frozenset(Purpose),
    ("calls", "reason"): frozenset(CallReason) | {""},
    ("contacts", "kind"): frozenset(ContactKind),
}
# What SQLite says of damage may quote it, and is then no UTF-8, which Python tells as a fault of its own.
READ_FAULTS = (sqlite3.DatabaseError, UnicodeDecodeError)
_YEAR_2100_MS = 4_102_444_800_000
_MOMENTS = {"at", "due", "expires", "since", "scts"}
_PROBES = 100  # tries in a row to find the next readable row behind unreadable ones: over 20,000 rows
_WIDEST_STEP = 256  # rows passed over by one try; a page of 1024 bytes holds fewer


@dataclass(frozen=True, slots=True)
class Salvage:
    """`rows` were saved; `torn` are the tables of which something is missing or may be."""

    rows: int
    torn: tuple[str, ...]

    @property
    def vital(self) -> bool:
        """Whether it is certain who was texted and who must not be."""
        return HARMLESS.issuperset(self.torn)


def salvage(
    file: bytes,
    log: WalFile | None,
    scratch: Path,
    into: sqlite3.Connection,
    fill: Callable[[tuple[str, ...]], object] | None = None,
) -> Salvage:
    """Copy what can be read into the new, empty database `into`. `scratch` is a file name that may be used meanwhile.

    `fill` is told of the torn tables, and may fill their gaps before what refers to nothing is mended.
    """
    size = page_size(file)
    pages = _laid_over(file, log, size)
    rows, torn = 0, []
    try:
        scratch.write_bytes(pages)
        if not _lists_its_tables(scratch, into):
            _give_list_of_tables(scratch, pages, size, into)
        with closing(_open(scratch)) as old:
            for table in _tables(into):
                if table in READ_AGAIN:
                    continue
                saved, whole = _copy(old, table, into)
                rows += saved
                if not whole:
                    torn.append(table)
        if "appointments" in torn:
            into.execute("DELETE FROM installation")  # numbers begin again: in calendars they are another box's
    finally:
        scratch.unlink(missing_ok=True)
    if fill is not None:
        fill(tuple(torn))
    _mend_references(into)
    return Salvage(rows, tuple(torn))


def page_size(file: bytes) -> int:
    """As the header says; ours where the header cannot be right."""
    said = int.from_bytes(file[16:18], "big")
    return 65536 if said == 1 else said if said in {512 << n for n in range(7)} else PAGE_SIZE


def _laid_over(file: bytes, log: WalFile | None, size: int) -> bytes:
    """The file with the log's committed pages in their places, in the old journal mode so that it needs no log."""
    pages = bytearray(file + bytes(-len(file) % size))
    last = max((n for n, frame in enumerate(log.frames, 1) if frame.commit), default=0) if log else 0
    for frame in log.frames[:last] if log else ():
        end = frame.page * size
        if not 0 < end <= len(file) + last * size:
            continue  # the page number is damaged
        if len(pages) < end:
            pages += bytes(end - len(pages))
        pages[end - size : end] = frame.data
    if len(pages) >= 100:
        pages[18:20] = b"\x01\x01"  # file format versions: rollback journal
        pages[28:32] = (len(pages) // size).to_bytes(4, "big")
        pages[92:96] = pages[24:28]  # the size above is valid for this change counter
    return bytes(pages)


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.text_factory = lenient
    with suppress(*READ_FAULTS):
        db.execute("PRAGMA query_only = ON")
    return db


def _tables(db: sqlite3.Connection) -> list[str]:
    return [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")]


def _lists_its_tables(path: Path, new: sqlite3.Connection) -> bool:
    """Whether every table of our first version is there; what came later is missing in an older file."""
    with closing(_open(path)) as db, suppress(*READ_FAULTS):
        for table in _tables(db):
            db.execute(f"SELECT * FROM {table} LIMIT 0")
        return {"calls", "texts", "contacts"} <= set(_tables(db)) <= set(_tables(new))
    return False


def _give_list_of_tables(path: Path, pages: bytes, size: int, new: sqlite3.Connection) -> None:
    """The pages that hold the list of tables, from a new database with the same schema."""
    sound = new.serialize()
    if page_size(sound) != size:
        return
    roots = {row[0] for row in new.execute("SELECT rootpage FROM sqlite_master")}
    mended = bytearray(pages)
    for page in range(1, len(sound) // size + 1):
        if page not in roots:
            mended[(page - 1) * size : page * size] = sound[(page - 1) * size : page * size]
    mended[18:20] = b"\x01\x01"
    mended[28:32] = (len(mended) // size).to_bytes(4, "big")
    mended[92:96] = mended[24:28]
    path.write_bytes(mended)


def _copy(old: sqlite3.Connection, table: str, into: sqlite3.Connection) -> tuple[int, bool]:
    """Copy one table; returns the rows that were saved, and whether that is certainly all of it."""
    described = into.execute(f"PRAGMA table_info({table})").fetchall()
    ours = [row["name"] for row in described]
    key = [row["name"] for row in sorted(described, key=lambda row: row["pk"]) if row["pk"]]
    try:
        theirs = {row[1] for row in old.execute(f"PRAGMA table_info({table})")}
        whole = old.execute(f"PRAGMA integrity_check('{table}')").fetchone()[0] == "ok"
    except READ_FAULTS:
        theirs, whole = set(ours), False
    columns = [column for column in ours if column in theirs]
    if not columns:
        return 0, False
    marks = ", ".join("?" * len(columns))
    insert = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})"
    reading = _Reading(old, table, columns, key)
    rows = 0
    for row in reading.rows():
        if not all(_is_sound(table, column, value) for column, value in zip(columns, row, strict=True)):
            whole = False
            continue
        try:
            rows += max(0, into.execute(insert, row).rowcount)
        except (sqlite3.Error, UnicodeDecodeError):  # a value of another type, a state that there is not
            whole = False
    return rows, whole and not reading.broken


class _Reading:
    """The rows of a table that can be read, some perhaps twice."""

    def __init__(self, db: sqlite3.Connection, table: str, columns: list[str], key: list[str]) -> None:
        self._db = db
        self._key = key
        self._select = f"SELECT {', '.join(columns)} FROM {table}"
        self._numbered = key == ["id"]  # all others have no number of their own
        self._place = columns.index("id") if self._numbered else 0
        self.broken = False

    def rows(self) -> Iterator[tuple[object, ...]]:
        low = high = None
        for low in self._read(f"{self._select} ORDER BY {', '.join(self._key)}"):
            yield low
        if not self.broken:
            return
        backwards = ", ".join(f"{column} DESC" for column in self._key)
        for high in self._read(f"{self._select} ORDER BY {backwards}"):
            yield high
        if self._numbered and high is not None:
            yield from self._between(_number(low[self._place]) if low else 0, _number(high[self._place]))

    def _between(self, low: int, high: int) -> Iterator[tuple[object, ...]]:
        """The rows between two numbers, around what cannot be read."""
        step = barren = 0
        while low < high and barren < _PROBES:
            met = low
            for row in self._read(f"{self._select} WHERE id > {low} AND id < {high} ORDER BY id"):
                number = _number(row[self._place])
                if number > met:  # out of order: a page that does not belong here
                    met = number
                    yield row
            barren, step = (0, 1) if met > low else (barren + 1, min(_WIDEST_STEP, step * 2 or 1))
            low = met + step

    def _read(self, sql: str) -> Iterator[tuple[object, ...]]:
        try:
            yield from self._db.execute(sql)
        except READ_FAULTS:
            self.broken = True


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _is_sound(table: str, column: str, value: object) -> bool:
    """Whether the gateway can work with the value; types and states are the tables' own business."""
    if value is None:
        return True
    if column in _MOMENTS or column.endswith(("_at", "_until")):
        return isinstance(value, int) and 0 <= value < _YEAR_2100_MS
    words = _WORDS.get((table, column))
    if words is not None:
        return value in words
    return not (
        isinstance(value, str) and not isinstance(value, StrEnum) and "�" in value and column in ("key", "peer")
    )


def _mend_references(db: sqlite3.Connection) -> None:
    """What refers to something that is lost must neither stop the gateway nor leave anybody waiting."""
    for statement in _MENDING.split(";"):
        db.execute(statement)


_MENDING = """
UPDATE texts SET state = 'cancelled', say = 'the records of its call were damaged'
    WHERE purpose = 'opener' AND state = 'queued' AND (call_id IS NULL OR call_id NOT IN (SELECT id FROM calls));
INSERT INTO tasks (kind, peer, say, text_id, created_at)
    SELECT 'call_back', peer, 'Call back ' || peer || ': the records of the call were damaged', id, created_at
    FROM texts WHERE purpose = 'opener' AND call_id NOT IN (SELECT id FROM calls)
    AND state IN ('cancelled', 'submitting', 'unconfirmed');
UPDATE texts SET call_id = NULL WHERE call_id NOT IN (SELECT id FROM calls);
UPDATE tasks SET call_id = NULL WHERE call_id NOT IN (SELECT id FROM calls);
UPDATE tasks SET text_id = NULL WHERE text_id NOT IN (SELECT id FROM texts);
DELETE FROM segments WHERE text_id NOT IN (SELECT id FROM texts);
INSERT INTO tasks (kind, peer, say, call_id, created_at)
    SELECT 'call_back', peer, 'Call back ' || peer || ': the records of the text were damaged', id, started_at
    FROM calls WHERE state IN ('waiting', 'held') AND peer IS NOT NULL
    AND id NOT IN (SELECT call_id FROM texts WHERE purpose = 'opener' AND state IN ('queued', 'submitting')
                   AND call_id IS NOT NULL);
UPDATE calls SET state = 'unsure', no_text = '', say = 'perhaps texted: the records were damaged, on the call-back list'
    WHERE state IN ('waiting', 'held') AND id NOT IN (SELECT call_id FROM texts WHERE purpose = 'opener'
    AND state IN ('queued', 'submitting') AND call_id IS NOT NULL);
INSERT INTO letters (id, peer, body, kind, complete, at)
    SELECT letter_id, peer, body, kind, 1, received_at FROM inbound
    WHERE total IS NULL AND letter_id IS NOT NULL AND letter_id NOT IN (SELECT id FROM letters) GROUP BY letter_id;
UPDATE inbound SET letter_id = NULL WHERE letter_id IS NOT NULL AND letter_id NOT IN (SELECT id FROM letters);
INSERT INTO leads (id, peer, opened_at, wrote_at, stage, lane, why, urgency, intent, language, alert, next_step, owner,
                   answers, talk, answered_id)
    SELECT lead_id, peer, min(at), max(at), 'handed_over', 'message', 'its records were damaged', 'none', 'unclear', 'en',
           'none', iif(max(at) > (SELECT max(at) FROM letters) - 259200000, 'read what was written and answer: the records'
           || ' were damaged', ''), 'office', '{}', '', max(id)
    FROM letters WHERE lead_id IS NOT NULL AND lead_id NOT IN (SELECT id FROM leads) GROUP BY lead_id;
INSERT INTO tasks (kind, peer, say, lead_id, created_at)
    SELECT 'wrote', peer, next_step, id, wrote_at FROM leads WHERE next_step <> '' AND id NOT IN
    (SELECT lead_id FROM tasks WHERE lead_id IS NOT NULL AND closed_at IS NULL) AND talk = '';
INSERT INTO tasks (kind, peer, say, created_at)
    SELECT 'call_back', peer, 'Call back ' || peer || ': their appointment of ' || day || ' stands, its lead was damaged', made_at
    FROM appointments WHERE state IN ('requested', 'confirmed') AND lead_id NOT IN (SELECT id FROM leads);
DELETE FROM appointments WHERE lead_id NOT IN (SELECT id FROM leads);
UPDATE texts SET lead_id = NULL WHERE lead_id NOT IN (SELECT id FROM leads);
UPDATE tasks SET lead_id = NULL WHERE lead_id NOT IN (SELECT id FROM leads);
UPDATE texts SET key = 'lost:' || id || ':' || key WHERE key GLOB 'letter:*'
    AND CAST(substr(key, 8) AS INTEGER) NOT IN (SELECT id FROM letters);
UPDATE texts SET key = 'lost:' || id || ':' || key WHERE key GLOB 'call:*'
    AND CAST(substr(key, 6) AS INTEGER) NOT IN (SELECT id FROM calls);
UPDATE texts SET key = 'lost:' || id || ':' || key WHERE key GLOB 'lead:*'
    AND CAST(substr(key, 6) AS INTEGER) NOT IN (SELECT id FROM leads);
UPDATE history SET subject = 'lost:' || subject WHERE subject GLOB 'lead:*'
    AND CAST(substr(subject, 6) AS INTEGER) NOT IN (SELECT id FROM leads)
"""
"""Ids begin again where rows are lost: what was made for a lost row must not be taken for something of the next one."""
