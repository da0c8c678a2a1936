"""One of our people reads Spanish: whatever the box texts him is in it, and his colleagues read English as before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gateway.core.alphabet import is_gsm7, segment_count
from gateway.core.escalation.ladder import Rung
from gateway.core.escalation.people import Person
from gateway.core.escalation.rules import EscalationRules
from gateway.core.events import PartBroke, RingClaimed, RingOutcome, RingSettled
from gateway.core.notify import How, Kind, Notifications
from tests.gateway.box import BUSINESS, Box, living, reader
from tests.gateway.office import CALLER, OWNER

JOSE, DANA = "+12165550151", "+12165550152"
FLOOD = "the pipe burst and water is pouring through the ceiling, 1423 Elm Ave 44107"
MINUTE = 60.0
SHOP = replace(
    BUSINESS,
    escalation=EscalationRules(
        owner_name="Mike",
        people=(Person("jose", "Jose", JOSE, rings=True, language="es"), Person("dana", "Dana", DANA)),
        rungs=(Rung(("jose", "dana"), times=2),),
    ),
    notifications=Notifications(who=("owner", "jose"), how={Kind.PHONE_TROUBLE: How.INSTANT}),
)


async def says(box: Box, body: str, sender: str = CALLER) -> None:
    await box.hears(body, sender)
    await box.wait(20)


def plain(texts: list[str]) -> list[str]:
    """The texts, each of which is one segment of the plain alphabet."""
    assert all(is_gsm7(text) and segment_count(text) == 1 for text in texts), texts
    return texts


async def test_an_emergency_that_nobody_takes_in_two_languages(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        await box.wait(30 * MINUTE)
        first, again, nobody = plain(box.texts_to(JOSE))
        assert first.startswith("EMERGENCIA 10: (216) 555-0137 1423 Elm Ave, 44107: the pipe burst")
        assert first.endswith(" Responda 10 si lo toma.")
        assert again.startswith("OTRA VEZ, EMERGENCIA 10: ")
        assert nobody.startswith("NADIE TIENE 10 TODAVIA: ")
        assert [text.partition(" 10")[0] for text in box.texts_to(DANA)] == [
            "EMERGENCY",
            "AGAIN, EMERGENCY",
            "NOBODY HAS",
        ]


async def test_who_has_it_and_what_is_added_is_told_in_the_language_of_each(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        await says(box, "now there is smoke from the outlets too")
        await says(box, "10", DANA)
        assert (
            plain(box.texts_to(JOSE))[-1] == "10: lo tiene Dana. Usted no tiene que hacer nada. Cliente (216) 555-0137."
        )
        assert any(text.startswith("PELIGRO 10: ") for text in box.texts_to(JOSE))


async def test_a_bare_code_is_answered_in_his_language_and_so_is_a_command_in_english(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        await says(box, "10", JOSE)
        await says(box, "oncall dana until tomorrow 8am", JOSE)
        assert plain(box.texts_to(JOSE))[1:] == [
            "10: Ya es suyo. Llame al (216) 555-0137.",
            "Dana de guardia hasta mar 8:00 AM. GUARDIA OFF lo quita.",
        ]
        assert box.texts_to(DANA)[1:] == [
            "10: Jose has it. Nothing for you to do. Customer (216) 555-0137.",
            "Jose has put you on call until Tue 8:00 AM.",
        ]


async def test_who_presses_the_key_reads_in_his_language_that_he_has_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        now = box.clock.now()
        await box.happens(RingClaimed(now, able=True))
        ((alert,),) = await box.rows("SELECT id FROM alerts WHERE channel = 'call'")
        await box.happens(RingSettled(now, alert, RingOutcome.ACCEPTED, "pressed"))
        await box.wait(5)
        assert box.texts_to(JOSE)[-1] == "10: Ya es suyo. Llame al (216) 555-0137."


async def test_a_drill_is_marked_in_the_language_of_each(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, "drill", OWNER)
        assert plain(box.texts_to(JOSE)) == [
            "SIMULACRO 10, no es emergencia: prueba de Mike. Responda 10 como en una emergencia."
        ]
        assert box.texts_to(DANA) == ["DRILL 10, no emergency: a test by Mike. Reply 10 as in an emergency."]


async def test_one_notice_goes_to_two_readers_in_two_languages(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP) as box:
        now = box.clock.now()
        await box.happens(PartBroke(now, "asterisk", now, "Asterisk does not answer. Look whether it runs"))
        await box.wait(5)
        assert box.texts_to(OWNER) == ["Textback: trouble since Mon 10:00 AM: Asterisk does not answer"]
        assert plain(box.texts_to(JOSE)) == ["Textback: fallo desde lun 10:00 AM: Asterisk does not answer"]
