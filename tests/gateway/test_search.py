"""What was said is found: by name, number, word, note and place, in any spelling, however old or broken the index is."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.core.finding import folded, hits, marked, wanted_in, words_in
from gateway.queries.search import FILE, Search
from gateway.storage.store import prepare
from tests.bench.years import fill_years, insert
from tests.gateway.office import MILLER

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
AT = int(NOW.timestamp() * 1000)
PEER = "+12165550137"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    path = tmp_path / "textback.sqlite3"
    fill_years(path, leads=40, texts=200, open_leads=5)
    return path


@pytest.fixture
async def search(books: Path) -> AsyncIterator[Search]:
    made = Search(books, lambda: MILLER.business)
    yield made
    await made.close()


def write(books: Path, *rows: tuple[str, dict[str, object]]) -> None:
    with closing(sqlite3.connect(books)) as db, db:
        for table, values in rows:
            insert(db, table, **values)


def lead(id: int, **facts: object) -> tuple[str, dict[str, object]]:
    usual = {
        "peer": PEER, "opened_at": AT, "wrote_at": AT, "stage": "closed", "why": "", "urgency": "routine",
        "intent": "new_service", "language": "en", "alert": "none", "next_step": "", "owner": "office", "answers": "{}",
        "talk": "{}", "answered_id": 0,
    }  # fmt: skip
    return "leads", {"id": id, **usual, **facts}


def letter(lead_id: int | None, body: str, peer: str = PEER) -> tuple[str, dict[str, object]]:
    return "letters", {"peer": peer, "body": body, "kind": "text", "complete": 1, "at": AT, "lead_id": lead_id}


async def read_in(search: Search) -> None:
    while await search._on_thread(search._read_in):
        pass


async def leads(search: Search, typed: str) -> list[int]:
    return [each.lead.id for each in (await search.find(typed, NOW)).leads]


@pytest.mark.parametrize(
    "typed",
    [
        "nuñez", "NUNEZ", "Nún", "zwickelstrasse", "zwick 44199", "quokka", "quok nunez", "2165550137", "(216) 555-0137",
        "+1 216.555.0137", "555-0137", "5550137", "0137", "216 555", "21 65 55 01 37", "gatecode 4711", "leave it at the fence",
        "nunez quokka fence",
    ],
)  # fmt: skip
async def test_a_lead_is_found_by_all_that_was_said_in_it(books: Path, search: Search, typed: str) -> None:
    note = {"lead_id": 900, "at": AT, "by": "Ann", "body": "Gatecode 4711"}
    ours = {
        "key": "staff:1", "purpose": "staff", "state": "delivered", "peer": PEER, "body": "Leave it at the fence",
        "template": "", "priority": 5, "due": AT, "tries": 1, "created_at": AT, "say": "",
    }  # fmt: skip
    facts = {"name": "Inés Núñez", "issue": "the pipe", "zip": "44199", "street_address": "7 Zwickelstraße"}
    write(books, lead(900, **facts), letter(900, "A Quokka chewed it"), ("notes", note), ("texts", ours))
    assert 900 in await leads(search, typed)


async def test_what_is_new_is_found_at_once_also_under_words_that_came_later(books: Path, search: Search) -> None:
    write(books, lead(900, name="Zora Zimmer"))
    assert await leads(search, "zora") == [900]
    assert await leads(search, "zora xylophone") == []
    write(books, letter(900, "my xylophone is wet"))
    assert await leads(search, "zora xylophone") == [900]
    write(books, ("history", {"at": AT, "subject": "lead:900", "what": "the name was put right by Ann"}))
    with closing(sqlite3.connect(books)) as db, db:
        db.execute("UPDATE leads SET name = 'Zora Quimby' WHERE id = 900")
    assert await leads(search, "quimby") == [900]


async def test_a_number_without_a_lead_is_found_with_its_call_and_its_text(books: Path, search: Search) -> None:
    call = {
        "source": "ami", "key": "k", "state": "not_texted", "caller": PEER, "caller_name": "QUENTIN Q", "peer": PEER,
        "line": "main", "started_at": AT, "ended_at": AT, "missed": 1, "reason": "no_answer", "no_text": "vendor",
        "say": "vendor", "notified": 0,
    }  # fmt: skip
    write(books, ("calls", call), letter(None, "your parts are in"), letter(None, "delivery code 99", peer="VENDOR"))
    await read_in(search)
    (found,) = (await search.find("quentin", NOW)).people
    assert (found.peer, found.name) == (PEER, "QUENTIN Q")
    assert found.call is not None
    assert found.call.say == "vendor"
    (found,) = (await search.find("parts are", NOW)).people
    assert [passage.text for passage in found.passages] == ["your parts are in"]
    (found,) = (await search.find("delivery code", NOW)).people
    assert (found.peer, found.call) == ("VENDOR", None)


async def test_a_contact_is_found_under_the_name_that_the_office_has_for_it(books: Path, search: Search) -> None:
    write(books, lead(900))
    await search.find("anything", NOW)
    contact = {"number": PEER, "kind": "customer", "name": "Sra. Peñaloza", "since": AT, "basis": "page"}
    write(books, ("contacts", contact))
    assert await leads(search, "penaloza") == [900]


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "\"", "'", "*", "-", "NEAR(a b)", "a OR", "AND", "NOT x", "said:x", "{", "^", '" OR 1 --', "%", "_", "\x00", "😀",
        "(" * 50, '"' * 999, "a " * 500, "x" * 5000, "\ud800", "1" * 300, "+" * 20, "--", "\u202e",
    ],
)  # fmt: skip
async def test_whatever_is_typed_is_only_words(search: Search, typed: str) -> None:
    found = await search.find(typed, NOW)
    assert not found.down


async def test_pages_go_on_where_the_last_one_ended(books: Path, search: Search) -> None:
    write(books, *(lead(900 + n, issue="gazebo") for n in range(45)))
    seen: list[int] = []
    before = None
    while True:
        found = await search.find("gazebo", NOW, before)
        seen += [each.lead.id for each in found.leads]
        before = found.before
        if before is None:
            break
    assert seen == list(range(944, 899, -1))


async def test_an_old_database_is_read_in_the_newest_first(
    books: Path, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.queries.search.SLICE", 10)
    write(books, *(lead(100 + n, issue="gazebo") for n in range(40)))
    found = await search.find("gazebo", NOW)
    assert [each.lead.id for each in found.leads] == list(range(139, 129, -1))
    assert found.building
    await read_in(search)
    assert len(await leads(search, "gazebo")) == 20
    assert not (await search.find("gazebo", NOW)).building


async def test_the_index_finds_what_a_look_at_every_word_finds(books: Path, search: Search) -> None:
    """Words are added to the same leads again and again, as conversations go on."""
    chance = random.Random(3)
    vocabulary = ["ember", "embark", "fjord", "glyph", "glimpse", "haiku", "igloo", "jelly", "kiosk", "llama"]
    said: dict[int, set[str]] = {id: set() for id in range(500, 520)}
    write(books, *(lead(id) for id in said))
    for _ in range(60):
        for _ in range(chance.randrange(1, 4)):
            id, words = chance.choice(list(said)), chance.sample(vocabulary, 2)
            said[id].update(words)
            write(books, letter(id, " ".join(words)))
        wanted = [word[: chance.randrange(1, 6)] for word in chance.sample(vocabulary, chance.randrange(1, 3))]
        expected = [
            id for id in sorted(said, reverse=True) if all(any(w.startswith(b) for w in said[id]) for b in wanted)
        ]
        found = [id for id in await leads(search, " ".join(wanted)) if id >= 500]
        assert found == expected[: len(found)]
        assert len(found) == min(len(expected), 20)
    await search._on_thread(lambda: search._opened()[1].check())


@pytest.mark.parametrize("damage", [b"", b"not a database at all, and long enough to be read as one" * 40, None])
async def test_a_damaged_index_is_made_anew(books: Path, search: Search, damage: bytes | None) -> None:
    write(books, lead(900, name="Zora"))
    await read_in(search)
    await search.close()
    path = books.with_name(FILE)
    content = path.read_bytes()
    for each in (path, path.with_name(f"{FILE}-wal"), path.with_name(f"{FILE}-shm")):
        each.unlink(missing_ok=True)
    if damage is None:  # torn in the middle
        damage = content[:4096] + bytes(reversed(content[4096:]))
    path.write_bytes(damage)
    again = Search(books, lambda: MILLER.business)
    try:
        await again.find("zora", NOW)
        await read_in(again)
        assert await leads(again, "zora") == [900]
    finally:
        await again.close()


async def test_other_books_in_the_place_of_the_old_ones_are_read_in_anew(books: Path, search: Search) -> None:
    write(books, lead(900, name="Zora"))
    await read_in(search)
    await search.close()
    books.unlink()
    with closing(sqlite3.connect(books)) as db:
        prepare(db)
    write(books, lead(1, name="Quimby"))
    again = Search(books, lambda: MILLER.business)
    try:
        assert await leads(again, "zora") == []
        await read_in(again)
        assert await leads(again, "quimby") == [1]
    finally:
        await again.close()


async def test_a_search_that_cannot_read_says_so(tmp_path: Path) -> None:
    search = Search(tmp_path / "nothing.sqlite3", lambda: MILLER.business)
    assert (await search.find("zora", NOW)).down
    await search.close()
    assert (await search.find("zora", NOW)).down


async def test_nothing_is_written_while_nobody_searches_and_little_is_new(books: Path, search: Search) -> None:
    await read_in(search)
    file = books.with_name(FILE)
    before = [file.stat().st_mtime_ns, file.with_name(f"{FILE}-wal").stat().st_mtime_ns]
    write(books, letter(1, "something new"))
    search.heard()
    assert [file.stat().st_mtime_ns, file.with_name(f"{FILE}-wal").stat().st_mtime_ns] == before


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Our water heater leaks", "wat LEA", "Our [wat]er heater [lea]ks"),
        ("Señora Núñez <b>", "nunez senora", "[Señora] [Núñez] <b>"),
        ("ring 216-555-0137 now", "2165550137", "ring [216-555-0137] now"),
        ("ring (216) 555-0137", "21 65 55 01 37", "ring [(216) 555-0137]"),
        ("Straße", "strasse", "[Straße]"),
        ("nothing", "xyz", "nothing"),
        ("😀 water 😀", "water", "😀 [water] 😀"),
    ],
)
def test_what_was_looked_for_is_marked_in_the_words_as_they_were_written(text: str, typed: str, shown: str) -> None:
    pieces = marked(text, wanted_in(typed))
    assert "".join(piece for piece, _ in pieces) == text
    assert "".join(f"[{piece}]" if hit else piece for piece, hit in pieces) == shown


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("heat", 1),
        ("heat heater", 2),
        ("a", 1),
        ("555", 1),
        ("0137", 1),
        ("5550137", 0),
        ("_", 0),
        ("nobody unheated", 1),
    ],
)
def test_words_are_marked_and_counted_alike_with_and_without_other_letters_beside_them(typed: str, found: int) -> None:
    said, wanted = "Heat, heater's out_heat unheated (216) 555-0137: 216.555.0137 a", wanted_in(typed)
    other = marked(f"{said}—", wanted)
    assert [(piece.rstrip("—"), hit) for piece, hit in other if piece != "—"] == marked(said, wanted)
    assert hits(said, wanted) == hits(f"{said}—", wanted) == found


def test_words_are_compared_without_accents_and_capitals() -> None:
    assert words_in("ÁRBOL, cañón_2 Ｆｕｌｌ") == ["arbol", "canon", "2", "full"]
    assert folded("İ") == folded("i̇")
