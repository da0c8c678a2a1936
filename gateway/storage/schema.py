"""The database's modes and its schema, brought up to date step by step."""

from __future__ import annotations

import sqlite3
from importlib.resources import files

PAGE_SIZE = (
    1024  # bytes; a missed call touches many small rows, and WAL writes whole pages: smaller pages wear the card less
)
WAL_LIMIT = 1024 * 1024  # bytes; the WAL file is cut back to this after a checkpoint
BUSY_MS = (
    2000  # a reader's checkpoint takes milliseconds; a program that holds on longer is named, and an end must be soon
)
CHECKPOINT_PAGES = 1000  # SQLite's default: a checkpoint about every 60 missed calls
FAR_SCHEMA = 1000  # no version of this product has so many steps: such a number is damage, not a newer version
WHOLE_CHECK_BYTES = (
    16 * 1024 * 1024
)  # up to here the indexes are compared with their tables at every start: below 0.1 s

# The value of the pause switch, in the words of the page.
PAUSED_BY_DAMAGE = "the records were damaged and it is not certain who was texted already or asked not to be"


class StoreDown(Exception):
    """The database cannot be used. The message is a sentence for a person, with the remedy."""


class StoreDamaged(StoreDown):
    """What is in the file cannot be right."""


def migrations() -> list[tuple[int, str]]:
    """All schema steps as (version, SQL), in order."""
    folder = files("gateway.storage").joinpath("migrations")
    steps = sorted(p.name for p in folder.iterdir() if p.name.endswith(".sql"))
    return [(int(name.split("_")[0]), folder.joinpath(name).read_text("utf-8")) for name in steps]


def prepare(db: sqlite3.Connection, *, durable: bool = True) -> None:
    """Set the connection's modes and bring the schema up to date.

    Raises StoreDown for a file of a newer version, StoreDamaged or sqlite3.DatabaseError for a damaged one.
    """
    db.isolation_level = None
    db.row_factory = sqlite3.Row
    db.text_factory = lenient
    if db.execute("PRAGMA user_version").fetchone()[0] == 0:
        db.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    if durable:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT}")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten: it can be read from no disk
    db.execute("PRAGMA temp_store = MEMORY")
    have, steps = version(db), migrations()
    for number, sql in steps:
        if number > have:
            db.executescript(f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;")


def lenient(raw: bytes) -> str:
    """A stored text, with U+FFFD for what is no UTF-8: one damaged letter must not hide a whole page of records."""
    return raw.decode("utf-8", "replace")


def version(db: sqlite3.Connection) -> int:
    """The schema step the database is at. Raises StoreDown for one of a newer version, StoreDamaged for nonsense."""
    have, newest = int(db.execute("PRAGMA user_version").fetchone()[0]), migrations()[-1][0]
    if not 0 <= have < FAR_SCHEMA:
        raise StoreDamaged("the database's version number is damaged")
    if have > newest:
        raise StoreDown(
            f"the database has schema {have}, this version knows {newest} - install the newer version again"
        )
    if have == 0 and db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise StoreDamaged("the database has tables and no version number")
    return have


def check(db: sqlite3.Connection, *, thorough: bool = False) -> None:
    """Look for damage. Raises StoreDamaged, or sqlite3.DatabaseError where SQLite cannot even look."""
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    size = db.execute("PRAGMA page_size").fetchone()[0]
    look = "integrity_check" if thorough or pages * size <= WHOLE_CHECK_BYTES else "quick_check"
    found = db.execute(f"PRAGMA {look}(1)").fetchone()[0]
    if found != "ok":
        raise StoreDamaged(f"the database is damaged ({found})")
