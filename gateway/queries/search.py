"""Search over everything that was said: names, numbers, texts, notes, places. It reads the books and keeps the index of words.

The index is brought up to date when somebody searches, and when much is new; nothing is written with a call. An old
database is read in at the start, the newest leads first, a slice at a time. All of it runs on a thread of its own.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from gateway.clock import from_ms
from gateway.core.business import Business
from gateway.core.finding import Wanted, hits, number_words, wanted_in, words_in
from gateway.core.views.found import Found, FoundLead, FoundPerson, Passage
from gateway.queries.leads import lead_by_id, lead_row
from gateway.queries.rows import call_row
from gateway.queries.searchindex import LONE, SearchIndex, person_row
from gateway.storage.schema import lenient

log = logging.getLogger(__name__)
T = TypeVar("T")

FILE = "search.sqlite3"
PAGE_OF_LEADS, PEOPLE_SHOWN, PASSAGES_SHOWN = 20, 10, 2
SAID_READ = 300  # texts and notes of a lead that are read at once for its passages, the newest first
SAID_AT_MOST = 20_000  # of them; some 0.3 s, for a lead that has so many
OTHERS_READ = 100  # most numbers have a lead and are found by it
SLICE = 400  # leads, or calls, read in at once: some 0.1 s on a PC, half a second on a Pi, and others wait no longer
REST_S = 1.0  # for each second of reading an old database in: telephone and page come first
MUCH = 2000  # commits; some hundred calls with their texts. Then the words are read in without anybody asking
NEW_AT_ONCE = 5000  # rows of each kind that one bringing up to date reads
LATEST_SAID = 30  # texts of a lead that are read again when it has changed: a late part changes a text
_BUILD, _CONTACTS = "build", "contacts"
_NEW = ("leads", "letters", "texts", "calls", "history", "notes")
_SAID = (
    "SELECT 'theirs' AS kind, id, body, at FROM letters WHERE lead_id = :lead"
    " UNION ALL SELECT 'ours', id, body, coalesce(sent_at, created_at) FROM texts WHERE purpose = 'staff'"  # they name no lead
    " AND peer = (SELECT peer FROM leads WHERE id = :lead) AND created_at >= (SELECT opened_at FROM leads WHERE id = :lead)"
    " UNION ALL SELECT 'note', id, body, at FROM notes WHERE lead_id = :lead AND struck_at IS NULL"
)
_FACTS = ["name", "issue", "zip", "city", "state", "place", "street_address", "service", "timeline", "callback_whose"]
Documents = dict[int, set[str]]


class Search:
    """Finds what is looked for in the books at `books`; the index lies beside them."""

    def __init__(self, books: Path, business: Callable[[], Business]) -> None:
        self._books = books
        self._business = business
        self._thread = ThreadPoolExecutor(1, "search")
        self._index: SearchIndex | None = None
        self._db: sqlite3.Connection | None = None
        self._commits = 0
        self._wake = asyncio.Event()
        self._closed = False

    def heard(self, *_: object) -> None:
        """Something was committed (a listener of the dispatcher)."""
        self._commits += 1
        if self._commits >= MUCH:
            self._wake.set()

    async def run(self) -> None:
        """Read an old database in, then whatever is new whenever it is much; for ever."""
        while True:
            began = time.monotonic()
            self._commits = 0
            more = await self._on_thread(self._read_in)
            if more:
                await asyncio.sleep(REST_S * (time.monotonic() - began))
                continue
            self._wake.clear()
            await self._wake.wait()

    async def find(self, typed: str, at: datetime, before: int | None = None) -> Found:
        """A page of the leads, newest first, and of the numbers that have all that was typed."""
        wanted = wanted_in(typed)
        if not wanted or self._closed:
            return Found(down=self._closed)
        return await self._on_thread(lambda: self._find(wanted, at, before))

    async def renew(self) -> None:
        """The books are others than before: read them in anew."""
        if not self._closed:
            await self._on_thread(self._renew)
            self._wake.set()

    async def close(self) -> None:
        """Let go of both files."""
        if not self._closed:
            self._closed = True
            await asyncio.get_running_loop().run_in_executor(self._thread, self._let_go)
            self._thread.shutdown(wait=False)

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    # Below, everything runs on the thread.

    def _find(self, wanted: Sequence[Wanted], at: datetime, before: int | None) -> Found:
        try:
            self._read_new()
            db, index = self._opened()
            ids = index.leads(wanted, LONE if before is None else before, PAGE_OF_LEADS + 1)
            shown = ids[:PAGE_OF_LEADS]
            leads = tuple(self._lead(db, each, wanted, at) for each in shown)
            return Found(
                leads=tuple(each for each in leads if each is not None),
                people=_people(db, index, wanted) if before is None else (),
                before=shown[-1] if len(ids) > PAGE_OF_LEADS else None,
                building=index.marks().get(_BUILD, 0) > 0,
            )
        except (sqlite3.Error, OSError) as error:
            self._in_trouble(error)
            return Found(down=True)

    def _lead(self, db: sqlite3.Connection, lead_id: int, wanted: Sequence[Wanted], at: datetime) -> FoundLead | None:
        row = lead_by_id(db, lead_id)
        if row is None:
            return None
        shown = lead_row(row, self._business().conversation, at)
        facts = " ".join((shown.name, shown.issue, shown.service, shown.place, *number_words(shown.peer)))
        return FoundLead(shown, _passages(_said(db, lead_id, wanted, facts), wanted, row["issue"] or ""))

    def _read_in(self) -> bool:
        """One slice of what is not in the index yet; whether there is more."""
        try:
            if self._read_new():
                return True
            return self._read_old()
        except (sqlite3.Error, OSError) as error:
            self._in_trouble(error)
            return False

    def _read_new(self) -> bool:
        """What has come since the last time; whether there is more than one bringing up to date takes."""
        db, index = self._opened()
        marks = index.marks()
        ends = {name: _end(db, name) for name in _NEW}
        if not marks:  # a new index: everything that is there is old, and read in from its end
            begin = {_BUILD: ends["leads"], "people": ends["calls"], "lone": ends["letters"], _CONTACTS: 0}
            index.add({}, {**ends, **begin})
            return self._read_old()  # the newest are found at once
        if any(marks.get(name, 0) > ends[name] for name in _NEW):  # the books are others
            log.warning("the search is made anew: the books have changed")
            self._renew()
            return self._read_new()
        upto = {name: min(ends[name], marks.get(name, 0) + NEW_AT_ONCE) for name in _NEW}
        documents: Documents = {}
        for lead_id in _changed(db, marks, upto):
            _add_lead(db, documents, lead_id, LATEST_SAID)
        _add_lone_letters(db, documents, marks["letters"], upto["letters"])
        _add_callers(db, documents, marks["calls"], upto["calls"])
        contacts = _state_of_contacts(db)
        if contacts != marks.get(_CONTACTS):
            _add_contacts(db, documents)
        changed = {name: at for name, at in {**upto, _CONTACTS: contacts}.items() if marks.get(name) != at}
        if documents or any(name in changed for name in ("leads", "letters", "calls", _CONTACTS)):
            index.add(documents, changed)
        return any(upto[name] < ends[name] for name in _NEW)

    def _read_old(self) -> bool:
        """A slice of what was there before the index, the newest first."""
        db, index = self._opened()
        marks = index.marks()
        documents: Documents = {}
        if top := marks.get(_BUILD, 0):
            low = max(0, top - SLICE)
            for (lead_id,) in db.execute("SELECT id FROM leads WHERE id > ? AND id <= ?", (low, top)).fetchall():
                _add_lead(db, documents, lead_id, -1)
            index.add(documents, {_BUILD: low})
        elif top := marks.get("people", 0):
            _add_callers(db, documents, max(0, top - NEW_AT_ONCE), top)
            index.add(documents, {"people": max(0, top - NEW_AT_ONCE)})
        elif top := marks.get("lone", 0):
            _add_lone_letters(db, documents, max(0, top - NEW_AT_ONCE), top)
            index.add(documents, {"lone": max(0, top - NEW_AT_ONCE)})
        else:
            return False
        return True

    def _opened(self) -> tuple[sqlite3.Connection, SearchIndex]:
        if self._db is None:
            self._db = sqlite3.connect(f"{self._books.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
            self._db.row_factory = sqlite3.Row
            self._db.text_factory = lenient
            self._db.execute("PRAGMA busy_timeout = 2000")
        if self._index is None:
            self._index = SearchIndex(self._books.with_name(FILE))
        return self._db, self._index

    def _renew(self) -> None:
        self._let_go_of_books()
        if self._index is not None:
            self._index.renew()
        else:
            self._opened()[1].renew()

    def _in_trouble(self, error: Exception) -> None:
        """A damaged index is made anew; a disk that refuses is asked again by the next search."""
        log.warning("the search does not work: %s", error)
        self._let_go_of_books()
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            with suppress(sqlite3.Error, OSError):
                if self._index is not None:
                    self._index.renew()
                    self._wake.set()  # seen by the loop at its next turn; the next search reads in as well

    def _let_go_of_books(self) -> None:
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    def _let_go(self) -> None:
        self._let_go_of_books()
        if self._index is not None:
            self._index.close()
            self._index = None


def _end(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])


def _changed(db: sqlite3.Connection, marks: dict[str, int], upto: dict[str, int]) -> Iterator[int]:
    """Leads about which something is new: themselves, what was said, noted or put right."""
    found: set[int] = set()
    for sql in (
        "SELECT id FROM leads WHERE id > :leads AND id <= :leads_upto",
        "SELECT lead_id FROM letters WHERE id > :letters AND id <= :letters_upto AND lead_id IS NOT NULL",
        "SELECT (SELECT max(id) FROM leads WHERE peer = texts.peer) FROM texts WHERE id > :texts AND id <= :texts_upto"
        " AND purpose = 'staff'",
        "SELECT lead_id FROM notes WHERE id > :notes AND id <= :notes_upto",
        "SELECT CAST(substr(subject, 6) AS INTEGER) FROM history WHERE id > :history AND id <= :history_upto"
        " AND subject GLOB 'lead:*'",
    ):
        span = {**{name: marks.get(name, 0) for name in _NEW}, **{f"{name}_upto": at for name, at in upto.items()}}
        found |= {row[0] for row in db.execute(sql, span) if row[0] is not None}
    yield from sorted(found)


def _add_lead(db: sqlite3.Connection, documents: Documents, lead_id: int, said: int) -> None:
    """A lead's facts, and the newest `said` of what was said in it (-1: all)."""
    row = db.execute(
        "SELECT leads.*, (SELECT name FROM contacts WHERE number = leads.peer AND name <> '' LIMIT 1) AS known_as,"
        " (SELECT group_concat(note || ' ' || who, ' ') FROM appointments WHERE lead_id = leads.id) AS visits FROM leads WHERE id = ?",
        (lead_id,),
    ).fetchone()
    if row is None:
        return
    words = documents.setdefault(lead_id, set())
    words.update(number_words(row["peer"]), number_words(row["callback_number"] or ""))
    for text in (row["known_as"], row["answers"], row["visits"], *(row[name] for name in _FACTS)):
        words.update(words_in(text or ""))
    for one in db.execute(f"{_SAID} ORDER BY at DESC LIMIT {said}", {"lead": lead_id}):
        words.update(words_in(one["body"]))


def _add_lone_letters(db: sqlite3.Connection, documents: Documents, low: int, top: int) -> None:
    """Texts that belong to no lead."""
    rows = db.execute("SELECT id, peer, body FROM letters WHERE id > ? AND id <= ? AND lead_id IS NULL", (low, top))
    for letter_id, peer, body in rows.fetchall():
        documents[LONE + letter_id] = {*number_words(peer), *words_in(body)}


def _add_callers(db: sqlite3.Connection, documents: Documents, low: int, top: int) -> None:
    rows = db.execute(
        "SELECT DISTINCT peer, caller_name FROM calls WHERE id > ? AND id <= ? AND peer IS NOT NULL", (low, top)
    )
    for peer, name in rows.fetchall():
        row = person_row(peer)
        if row is not None:
            documents.setdefault(row, set()).update(number_words(peer), words_in(name))


def _add_contacts(db: sqlite3.Connection, documents: Documents) -> None:
    """The names that the office has for numbers, also on their leads."""
    for number, name in db.execute("SELECT number, name FROM contacts WHERE name <> ''").fetchall():
        words = words_in(name)
        rows = [row for (row,) in db.execute("SELECT id FROM leads WHERE peer = ?", (number,))]
        person = person_row(number)
        for row in rows if person is None else [*rows, person]:
            documents.setdefault(row, set()).update(number_words(number), words)


def _state_of_contacts(db: sqlite3.Connection) -> int:
    """Another number when contacts have come or changed their names."""
    count, letters, since = db.execute(
        "SELECT count(*), coalesce(sum(length(name)), 0), coalesce(max(since), 0) FROM contacts WHERE name <> ''"
    ).fetchone()
    return int(count * 1_000_003 + letters * 31 + since) if count else 0


def _said(db: sqlite3.Connection, lead_id: int, wanted: Sequence[Wanted], facts: str) -> list[sqlite3.Row]:
    """What was said in a lead, the newest first, as far back as everything is found that its facts do not show."""
    left = [each for each in wanted if not hits(facts, [each])]
    found: list[sqlite3.Row] = []
    cursor = db.execute(f"{_SAID} ORDER BY at DESC LIMIT {SAID_AT_MOST}", {"lead": lead_id})
    while rows := cursor.fetchmany(SAID_READ):
        found += rows
        left = [each for each in left if not any(hits(row["body"], [each]) for row in rows)]
        if not left:
            break
    cursor.close()
    return found


def _passages(said: Sequence[sqlite3.Row], wanted: Sequence[Wanted], issue: str) -> tuple[Passage, ...]:
    """Where it was said: the passages with the most of what is wanted, then the newest; what is shown anyway is not repeated."""
    scored = [(hits(one["body"], wanted), one["at"], one) for one in said if one["body"] != issue]
    best = sorted((each for each in scored if each[0]), key=lambda each: each[:2], reverse=True)[:PASSAGES_SHOWN]
    return tuple(Passage(one["kind"], one["body"], from_ms(one["at"]), one["id"]) for _, _, one in best)


def _has_lead(db: sqlite3.Connection, number: str) -> bool:
    return db.execute("SELECT 1 FROM leads WHERE peer = ? LIMIT 1", (number,)).fetchone() is not None


def _people(db: sqlite3.Connection, index: SearchIndex, wanted: Sequence[Wanted]) -> tuple[FoundPerson, ...]:
    """Numbers that have no lead, found by themselves, by a name, or by a text that belongs to none."""
    found: dict[str, list[sqlite3.Row]] = {}
    numbers, letters = index.others(wanted, OTHERS_READ)
    for letter_id in letters:
        row = db.execute(
            "SELECT 'theirs' AS kind, id, peer, body, at FROM letters WHERE id = ?", (letter_id,)
        ).fetchone()
        if row is not None:
            found.setdefault(row["peer"], []).append(row)
    for number in numbers:
        if number not in found and not _has_lead(db, number):
            found[number] = []
    return tuple(_person(db, number, found[number], wanted) for number in list(found)[:PEOPLE_SHOWN])


def _person(db: sqlite3.Connection, number: str, said: list[sqlite3.Row], wanted: Sequence[Wanted]) -> FoundPerson:
    call = db.execute(
        "SELECT calls.*, (SELECT name FROM contacts WHERE number = calls.peer AND name <> '' LIMIT 1) AS known_as"
        " FROM calls WHERE peer = ? ORDER BY ended_at DESC LIMIT 1",
        (number,),
    ).fetchone()
    known = db.execute("SELECT name FROM contacts WHERE number = ? AND name <> '' LIMIT 1", (number,)).fetchone()
    name = known["name"] if known is not None else call["caller_name"] if call is not None else ""
    return FoundPerson(number, name, None if call is None else call_row(call, ()), _passages(said, wanted, ""))
