"""The contacts of an office in memory."""
# ruff: noqa: ARG002

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import UTC, datetime

from gateway.core.contactfiles.entry import ContactFile
from gateway.core.views.contacts import ContactPage, ContactRow, Mark
from gateway.core.views.history import HistoryLine, HistoryPage, HistorySearch

_SINCE = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)


def a_contact(number: str, name: str, *kinds: str, basis: str = "Ann on the page") -> ContactRow:
    return ContactRow(number, name, tuple(Mark(kind, name, _SINCE, basis) for kind in sorted(kinds)))


class SampleContacts:
    """Four contacts that do not change."""

    book = (
        a_contact("+13035550199", "Dana Whitfield", "customer", "vip"),
        a_contact("+13035550170", "Front Range Pipe Supply", "vendor", basis="configuration"),
        a_contact("+13035550191", "", "opted_out", basis="wrote “stop”"),
        a_contact("+13035550166", "Rude Caller With A Long Name Who Rings Every Day", "blocked", "no_autotext"),
    )

    async def page(
        self, words: str = "", kind: str = "", after: tuple[str, str] | None = None, limit: int = 50
    ) -> ContactPage:
        rows = [row for row in self.book if words.lower() in row.name.lower() and kind in ("", *row.kinds)]
        return ContactPage(() if after else tuple(rows[:limit]), None)

    async def one(self, number: str) -> ContactRow | None:
        return next((row for row in self.book if row.number == number), None)

    async def counts(self) -> Mapping[str, int]:
        kinds = [kind for row in self.book for kind in row.kinds]
        return {kind: kinds.count(kind) for kind in kinds}

    async def known(self, numbers: Collection[str]) -> Mapping[str, frozenset[str]]:
        return {row.number: row.kinds for row in self.book if row.number in numbers}

    async def everybody(self) -> AsyncIterator[Sequence[ContactRow]]:
        yield self.book

    async def put(self, number: str, name: str, add: Collection[str], drop: Collection[str], by: str) -> None:
        raise ValueError("this cannot be changed here")

    async def take(self, entries: object, by: str) -> None:
        raise ValueError("this cannot be changed here")

    async def read(self, data: bytes, kind: str) -> ContactFile:
        raise ValueError("there is nothing in this file")


class SampleHistory:
    """Four lines that do not change."""

    async def lines(self, look: HistorySearch, before: int | None = None, limit: int = 50) -> HistoryPage:
        lines = (
            HistoryLine(9, _SINCE, "box:sign-in", "a sign-in as Ann from 192.168.1.66 was refused"),
            HistoryLine(8, _SINCE, "lead:2", "taken over by Ann"),
            HistoryLine(7, _SINCE, "peer:+13035550170", "is vendor: configuration"),
            HistoryLine(6, _SINCE, "box:page", "Otto: Ann may use the page, as office"),
        )
        return HistoryPage(tuple(line for line in lines if look.person in line.what), 5)
