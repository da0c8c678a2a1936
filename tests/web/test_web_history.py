"""Who did what, for owners."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from real import ANN, NOW, a_box

from gateway import records
from gateway.access import passwords
from gateway.core.views.history import HistorySearch
from gateway.queries import history


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hashing as it is, at a thousandth of the cost."""
    monkeypatch.setattr(passwords, "N", 16)


@pytest.fixture
async def box(tmp_path):
    async with a_box(tmp_path) as found:
        yield found


async def note(box, *lines, at=NOW):
    def write(db):
        for subject, what in lines:
            records.note(db, at, subject, what)

    await box.store.write(write)


async def test_an_owner_reads_who_did_what_and_the_office_does_not(box):
    await note(box, ("lead:7", "taken over by Ann"), ("peer:+13035550199", "is vendor: Ann on the page"))
    page = await box.text("/history", await box.comes())
    assert "Taken over by Ann" in page
    assert 'href="/leads/7"' in page
    assert "(303) 555-0199" in page
    assert (await box.client.get("/history", cookies=await box.comes(ANN))).status == 403


async def test_what_a_text_was_for_is_said_in_words(box):
    await note(
        box,
        ("text:7", "owner_notice: sent"),
        ("text:8", "staff: not sure: the modem fell silent"),
        ("text:9", "failed: x"),
    )
    olga = await box.comes()
    page = await box.text("/history", olga)
    for words in ("Notice to our people: sent", "Text of the office: not sure: the modem fell silent", "Not sent: x"):
        assert words in page
    await box.press("/me", "/me/language", olga, language="es")
    assert "Aviso al dueño: enviado" in await box.text("/history", olga)


@pytest.mark.parametrize(
    ("subject", "what", "english", "spanish"),
    [
        (
            "escalation:3",
            "exhausted: nobody has it",
            "Everybody was told, and nobody has it",
            "Se avisó a todos: nadie la atiende",
        ),
        ("escalation:3", "acknowledged by Mike", "Mike has it", "La tomó Mike"),
        ("escalation:3", "step 1: Mike, Dana", "Told in step 1: Mike, Dana", "Paso 1: Mike, Dana"),
        (
            "peer:+13035550199",
            "is autoresponder: configuration",
            "Is a machine that answers by itself: ",
            "máquina que contesta",
        ),
        ("box:pause", "Ann: by page:Ann", "Ann has paused texting", "Ann puso los textos en pausa"),
        ("box:pause", "Ann: off", "Ann has resumed texting", "Ann reanudó los textos"),
        (
            "box:setup",
            "Ann: area",
            "Ann has answered “Where you work” in the set-up",
            "Ann contestó “Dónde trabaja” en la instalación",
        ),
    ],
)
async def test_a_line_reads_like_the_office_speaks(box, subject, what, english, spanish):
    await note(box, (subject, what))
    olga = await box.comes()
    assert english in await box.text("/history", olga)
    await box.press("/me", "/me/language", olga, language="es")
    assert spanish in await box.text("/history", olga)


async def test_it_is_found_by_person_subject_words_and_day(box):
    await note(box, ("lead:7", "taken over by Ann"), ("lead:8", "taken over by Olga"))
    await note(box, ("lead:7", "booked by Ann"), at=NOW - timedelta(days=9))
    olga = await box.comes()
    for query, wanted in (
        ("person=Ann", "Taken over by Ann"),
        ("subject=lead:8", "Taken over by Olga"),
        ("q=BOOKED", "Booked by Ann"),
        ("about=leads", "Taken over by Olga"),
    ):
        assert wanted in await box.text(f"/history?{query}", olga), query
    assert "Taken over by Olga" not in await box.text("/history?subject=lead:7", olga)
    assert "Taken over by Olga" not in await box.text("/history?about=people", olga)


async def test_a_day_is_a_day_of_the_business(box):
    for hours in (0, 8, 31, 33, 56):
        await note(box, ("lead:1", f"hour {hours}"), at=NOW + timedelta(hours=hours))
    page = await box.text("/history?day=2026-03-03&q=hour", await box.comes())
    assert re.findall(r"Hour \d+", page) == ["Hour 33", "Hour 31"]
    assert "Nothing is found" in await box.text("/history?day=2030-01-01", await box.comes())


async def test_it_is_read_page_by_page_and_no_line_twice(box):
    await note(box, *((f"lead:{n}", f"line {n} of Zoe") for n in range(120)))
    olga, seen, path = await box.comes(), [], "/history?person=Zoe"
    while path:
        page = await box.text(path, olga)
        seen += re.findall(r"Line (\d+) of", page)
        more = re.search(r'href="(/history\?[^"]*before=\d+[^"]*)"', page)
        path = more[1].replace("&amp;", "&") if more else ""
    assert seen == [str(n) for n in range(119, -1, -1)]


async def test_no_look_reads_more_than_a_bounded_part_and_says_where_it_goes_on(box, monkeypatch):
    monkeypatch.setattr(history, "READ_AT_MOST", 40)
    await note(box, ("lead:1", "the needle"), *((f"lead:{n}", "hay") for n in range(100)))
    look, before, looks = HistorySearch(words="needle"), None, 0
    while True:
        found = await box.queries.history.lines(look, before)
        looks += 1
        if found.lines:
            break
        assert found.next is not None
        before = found.next
    assert looks == 3
    assert found.lines[0].what == "the needle"


@pytest.mark.parametrize(
    "query", ["before=-1", "before=x", "day=x", "day=0001-01-01", "about=x", "q=%00", "subject='--"]
)
async def test_an_address_that_was_played_with_is_no_crash(box, query):
    await box.text(f"/history?{query}", await box.comes())


async def test_refused_sign_ins_can_be_looked_through(box):
    with pytest.raises(ValueError, match="do not fit"):
        await box.logins.sign_in("Ann", "guess it", "192.168.1.66", "Firefox")
    page = await box.text("/history?about=refused", await box.comes())
    assert "A sign-in as Ann from 192.168.1.66 was refused" in page
