"""The contacts as the page reads them."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from itertools import islice

from gateway.clock import from_ms
from gateway.core.views.contacts import ContactPage, ContactRow, Mark
from gateway.storage.store import Store

PAGE_ROWS = 50
_AT_ONCE = 500  # numbers of one statement; SQLite takes 999 on old builds
# The name as everything else on the page finds it (rows, leads).
_NAMED = (
    "SELECT number, coalesce((SELECT name FROM contacts WHERE number = one.number AND name <> '' LIMIT 1), '') AS name"
    " FROM (SELECT DISTINCT number FROM contacts WHERE :kind = '' OR kind = :kind) AS one"
)


class Contacts:
    """Queries on the read-only connection (implements `gateway.ports.data.ContactData`)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(
        self, words: str = "", kind: str = "", after: tuple[str, str] | None = None, limit: int = PAGE_ROWS
    ) -> ContactPage:
        """Contacts by name, those without one last. `words`: in the name, or digits of the number. `after`: where to go on."""
        name, number = after or ("", "")
        digits = "".join(character for character in words if character.isdigit())
        values = {
            "kind": kind,
            "words": words.lower(),
            "digits": digits if len(digits) >= 3 and not any(c.isalpha() for c in words) else "",
            "unnamed": int(after is not None and not name),
            "name": name.lower(),
            "number": number,
            "begun": int(after is not None),
            "limit": limit + 1,
        }

        def query(db: sqlite3.Connection) -> ContactPage:
            found = db.execute(
                f"SELECT number, name FROM ({_NAMED}) WHERE (NOT :begun OR (name = '', lower(name), number) > (:unnamed, :name, :number))"
                " AND (:words = '' OR instr(lower(name), :words) OR (:digits <> '' AND instr(number, :digits)))"
                " ORDER BY name = '', lower(name), number LIMIT :limit",
                values,
            ).fetchall()
            rows = tuple(ContactRow(row["number"], row["name"], _marks(db, row["number"])) for row in found[:limit])
            more = len(found) > limit and bool(rows)
            return ContactPage(rows, (rows[-1].name, rows[-1].number) if more else None)

        return await self._store.read(query)

    async def one(self, number: str) -> ContactRow | None:
        """What is noted of one number."""

        def query(db: sqlite3.Connection) -> ContactRow | None:
            marks = _marks(db, number)
            return ContactRow(number, next((mark.name for mark in marks if mark.name), ""), marks) if marks else None

        return await self._store.read(query)

    async def counts(self) -> Mapping[str, int]:
        """How many numbers there are of each kind."""
        rows = await self._store.read(
            lambda db: db.execute("SELECT kind, count(*) AS many FROM contacts GROUP BY kind").fetchall()
        )
        return {row["kind"]: row["many"] for row in rows}

    async def known(self, numbers: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Of which of these numbers something is noted, and what."""
        found: dict[str, frozenset[str]] = {}
        left = iter(numbers)
        while part := tuple(islice(left, _AT_ONCE)):
            marks = ",".join("?" * len(part))
            rows = await self._store.read(
                lambda db, part=part, marks=marks: db.execute(  # type: ignore[misc]
                    f"SELECT number, kind FROM contacts WHERE number IN ({marks})", part
                ).fetchall()
            )
            for row in rows:
                found[row["number"]] = found.get(row["number"], frozenset()) | {row["kind"]}
        return found

    async def everybody(self) -> AsyncIterator[Sequence[ContactRow]]:
        """Every contact, in parts, by number."""
        after = ""
        while True:
            part = await self._store.read(lambda db, after=after: _part(db, after))  # type: ignore[misc]
            if not part:
                return
            yield part
            after = part[-1].number


def _part(db: sqlite3.Connection, after: str) -> list[ContactRow]:
    numbers = db.execute(
        "SELECT DISTINCT number FROM contacts WHERE number > ? ORDER BY number LIMIT ?", (after, _AT_ONCE)
    ).fetchall()
    found = []
    for row in numbers:
        marks = _marks(db, row["number"])
        found.append(ContactRow(row["number"], next((mark.name for mark in marks if mark.name), ""), marks))
    return found


def _marks(db: sqlite3.Connection, number: str) -> tuple[Mark, ...]:
    rows = db.execute("SELECT * FROM contacts WHERE number = ? ORDER BY kind", (number,))
    return tuple(Mark(row["kind"], row["name"], from_ms(row["since"]), row["basis"]) for row in rows)
