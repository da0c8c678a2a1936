"""Who was erased stays erased, whichever records go on.

The ledger is the table `erased`: a mark of each number, from which the number cannot be read, and when it was erased last.
Records from before an erasure do not know of it; there the person is taken out again. Records that know of it are left alone:
whoever is in them called afterwards, and is somebody new.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from gateway import records

Ledger = Mapping[str, int]
INPUTS = 2000  # entries of the journal that are looked through at once


def ledger_of(db: sqlite3.Connection) -> Ledger:
    """Who was erased by these records; nobody where they cannot be read, or are older than erasing."""
    with suppress(sqlite3.Error, UnicodeDecodeError):
        return {str(mark): int(at) for mark, at in db.execute("SELECT mark, at FROM erased")}
    return {}


def both(one: Ledger, other: Ledger) -> Ledger:
    """Of two ledgers the later of each."""
    return {mark: max(one.get(mark, 0), other.get(mark, 0)) for mark in one.keys() | other.keys()}


def keep_erased(into: sqlite3.Connection, ledger: Ledger, now: datetime, by: str) -> int:
    """Take out of `into`, in an open transaction, whom it does not know to be erased; gives how many were there.

    It goes on with the whole ledger: what is restored next may be older still.
    """
    own = ledger_of(into)
    numbers = records.numbers_to_erase(into, frozenset(mark for mark, at in ledger.items() if own.get(mark, 0) < at))
    for number in numbers:
        _take_out(into, number, now, by)
    into.executemany(
        "INSERT INTO erased (mark, at) VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET at = excluded.at",
        both(own, ledger).items(),
    )
    return len(numbers)


def _take_out(db: sqlite3.Connection, number: str, now: datetime, by: str) -> None:
    leads, above = records.leads_of_person(db, number), 0
    while (last := records.erase_inputs(db, number, leads, above, INPUTS)) is not None:
        above = last
    records.erase_person(db, number, now, by)
    records.erase_words(db, number)
