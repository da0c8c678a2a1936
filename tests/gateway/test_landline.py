"""A telephone of ours that takes no texts: the office's landline is a rung of the ladder all the same, and is only rung."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.cli.check import check
from gateway.core.escalation.ladder import Rung
from gateway.core.escalation.people import ON_CALL, Person
from gateway.core.escalation.rules import EscalationRules
from gateway.settings import SettingsError
from gateway.settings.load import parse
from tests.gateway.box import NO_SUCH_NUMBER, living, reader
from tests.gateway.office import CALLER, OWNER
from tests.gateway.test_remote import CONFIG
from tests.gateway.test_rings import FLOOD, PRESSED, SHOP, VOICEMAIL, Line, Office

DESK = "+12165550157"
WITH_DESK = replace(
    SHOP,
    escalation=EscalationRules(
        owner_name="Mike",
        people=(Person("desk", "The desk", DESK, rings=True, texts=False),),
        rungs=(Rung((ON_CALL,)), Rung(("desk",), times=2)),
    ),
)
ONLY_DESK = replace(WITH_DESK, escalation=replace(WITH_DESK.escalation, rungs=(Rung(("desk",), times=2),)))


async def test_a_landline_is_rung_in_its_turn_and_takes_it_by_a_key(tmp_path: Path) -> None:
    async with living(tmp_path / "box", WITH_DESK, read=reader()) as box:
        office = Office(box, Line(VOICEMAIL, PRESSED))
        await office.says(FLOOD)
        assert office.line.numbers == []
        await office.passes(11 * 60, 30)
        assert office.line.numbers == [DESK, DESK]
        assert box.texts_to(DESK) == []
        assert box.texts_to()[-1].startswith("The desk has seen your message.")
        assert "The desk has it" in box.texts_to(OWNER)[-1]


async def test_a_landline_gets_no_text_when_another_one_has_it_or_nobody(tmp_path: Path) -> None:
    async with living(tmp_path / "box", WITH_DESK, read=reader()) as box:
        office = Office(box, Line())
        await office.says(FLOOD)
        await office.passes(30 * 60, 30)
        assert box.texts_to(OWNER)[-1].startswith("NOBODY HAS 10 YET")
        await office.says("10", OWNER)
        await office.passes(60)
        assert DESK not in {segment.to for segment in box.modem.air}


async def test_when_only_a_landline_was_rung_in_vain_the_caller_hears_that_nobody_could_be_reached(
    tmp_path: Path,
) -> None:
    async with living(tmp_path / "box", ONLY_DESK, read=reader()) as box:
        office = Office(box, Line())
        await office.says(FLOOD)
        assert box.texts_to() == []  # nobody was texted, and nothing is claimed
        await office.passes(12 * 60, 30)
        assert len(office.line.rung) == 2
        assert [text.split(".")[0] for text in box.texts_to()] == ["We could not reach our on-call person by text"]


async def test_a_landline_is_rung_also_when_the_text_of_the_one_before_is_refused(tmp_path: Path) -> None:
    async with living(tmp_path / "box", WITH_DESK, read=reader()) as box:
        box.modem.answers.append(NO_SUCH_NUMBER)
        office = Office(box, Line(PRESSED))
        await office.says(FLOOD)
        await office.passes(30)
        assert office.line.numbers == [DESK]
        assert [text.split(".")[0] for text in box.texts_to(CALLER)] == ["The desk has seen your message"]


def test_the_settings_know_a_landline(tmp_path: Path) -> None:
    desk = 'people: {desk: {phone: "+12165550157", rings: yes, texts: no}}\n'
    people = parse(f"{CONFIG}\n{desk}").business.escalation.people
    assert people == (Person("desk", "Desk", DESK, rings=True, texts=False),)
    path = tmp_path / "gateway.yaml"
    path.write_text(f"{CONFIG}\n{desk}escalation: {{ladder: [{{tell: [owner]}}, {{tell: [desk]}}]}}\n")
    out = io.StringIO()
    assert check(path, out, io.StringIO()) == 0
    assert "Desk (only rung)" in out.getvalue()


def test_who_is_neither_texted_nor_rung_is_refused() -> None:
    with pytest.raises(SettingsError, match="neither texted nor rung"):
        parse(f'{CONFIG}\npeople: {{desk: {{phone: "+12165550157", texts: no}}}}')


@pytest.mark.parametrize("body", ["10", "PAUSE 2H", "TAKE 10", "10: hello", "STATUS"])
async def test_what_says_that_it_comes_from_a_landline_commands_nothing(tmp_path: Path, body: str) -> None:
    """Everybody knows the office's number, and who fakes it is given no remote control."""
    async with living(tmp_path / "box", WITH_DESK, read=reader()) as box:
        await box.hears(FLOOD)
        await box.hears(body, DESK)
        await box.wait(5)
        assert await box.rows("SELECT state FROM escalations") == [("alerting",)]
        assert await box.rows("SELECT * FROM switches WHERE name = 'pause' AND value <> ''") == []
        assert await box.rows("SELECT * FROM texts WHERE purpose IN ('staff', 'owner_reply')") == []
