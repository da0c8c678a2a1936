"""Undoing a part of a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

# What a fault of this program raises in a turn. A disk that refuses (OperationalError) or a damaged file (DatabaseError
# itself) is none: the transaction is over then.
FAULTS = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
)


@contextmanager
def attempt(db: sqlite3.Connection) -> Iterator[None]:
    """What is written inside is undone when anything is raised; the transaction around it goes on."""
    db.execute("SAVEPOINT attempt")
    try:
        yield
    except FAULTS:
        db.execute("ROLLBACK TO attempt")
        db.execute("RELEASE attempt")
        raise
    db.execute("RELEASE attempt")
