"""The words of the books, in a file of their own: which lead, or which number, they lead to.

The file holds nothing that the books do not hold. It is written without forcing the disk and never with a call's
transaction; lost, damaged or behind, it is made anew from the books. A lead's document is everything that was ever said in
it, and grows by adding: a row number that is added to again is found by its old words and by its new ones (SQLite's FTS5
keeps a list of row numbers for each word; it stores no text here, and no places in it).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from gateway.core.finding import Wanted

FORMAT = 2  # of the file; another one is made anew
PERSON = 1 << 56  # row numbers from here on are telephone numbers (at most 15 digits)
LONE = 1 << 55  # from here on, texts that belong to no lead; those below are leads
# A beginning of so many letters is found at once, however common it is; a longer one is put together from all words that
# begin so (some 3 ms for a word of every fourth of 100,000 leads). From 3 to 8 costs half as much again of the disk.
PREFIXES = "1 2 3 4 5 6 7 8"
_SCHEMA = f"""
CREATE VIRTUAL TABLE words USING fts5 (said, content='', detail=none, columnsize=0, tokenize='ascii', prefix='{PREFIXES}');
CREATE TABLE marks (name TEXT PRIMARY KEY, upto INTEGER NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA user_version = {FORMAT};
"""


class SearchIndex:
    """One open file. All of it belongs to one thread."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it; one that cannot be right is made anew. Raises sqlite3.Error when the disk refuses."""
        self._path = path
        try:
            self._db = self._opened()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            self._remove()
            self._db = self._opened()

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")  # a power cut loses the newest words, which are then added again
            db.execute("PRAGMA journal_size_limit = 1048576")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, FORMAT):
                raise sqlite3.DatabaseError("made by another version")
            if version == 0:
                db.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
        except BaseException:
            db.close()
            raise
        return db

    def close(self) -> None:
        """Raises nothing that anybody could do something about."""
        with suppress(sqlite3.Error):
            self._db.close()

    def renew(self) -> None:
        """Forget everything."""
        self.close()
        self._remove()
        self._db = self._opened()

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)

    def marks(self) -> dict[str, int]:
        """How far the books were read, by the name of what was read."""
        return dict(self._db.execute("SELECT name, upto FROM marks").fetchall())

    def add(self, documents: Mapping[int, Iterable[str]], marks: Mapping[str, int]) -> None:
        """Add words to documents and set marks, in one transaction."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            # In order: FTS5 writes out what it holds whenever a row number is not higher than the last one.
            rows = ((row, " ".join(sorted(set(documents[row])))) for row in sorted(documents))
            self._db.executemany("INSERT INTO words (rowid, said) VALUES (?, ?)", rows)
            self._db.executemany("INSERT OR REPLACE INTO marks (name, upto) VALUES (?, ?)", marks.items())
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def leads(self, wanted: Sequence[Wanted], before: int, limit: int) -> list[int]:
        """The newest leads before one that have all that is wanted."""
        return self._rows(wanted, 0, min(before, LONE), limit)

    def others(self, wanted: Sequence[Wanted], limit: int) -> tuple[list[str], list[int]]:
        """Telephone numbers (E.164), and the newest texts of no lead, that have all that is wanted."""
        rows = self._rows(wanted, LONE, 1 << 62, limit)
        return [f"+{row - PERSON}" for row in rows if row >= PERSON], [row - LONE for row in rows if row < PERSON]

    def _rows(self, wanted: Sequence[Wanted], low: int, high: int, limit: int) -> list[int]:
        found = self._db.execute(
            "SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?",
            (expression(wanted), low, high, limit),
        ).fetchall()
        return [row for (row,) in found]

    def check(self) -> None:
        """Raises sqlite3.DatabaseError when the file is damaged."""
        self._db.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        found = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)


def expression(wanted: Sequence[Wanted]) -> str:
    """What is wanted, as FTS5 takes it: every word a quoted beginning, so that none of them is a command."""
    return " AND ".join(_one(each) for each in wanted)


def _one(wanted: Wanted) -> str:
    apart = " AND ".join(f'"{word}" *' for word in wanted.apart)
    return f'(({apart}) OR "{wanted.joined}" *)' if wanted.joined else f"({apart})"


def person_row(number: str) -> int | None:
    """The row of a telephone number in E.164; None for what is no number."""
    digits = number.removeprefix("+")
    return (
        PERSON + int(digits)
        if digits.isascii() and digits.isdigit() and len(digits) <= 15 and digits[0] != "0"
        else None
    )
