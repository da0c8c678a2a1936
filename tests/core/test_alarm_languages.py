"""The texts of an emergency to our people: one segment in either language, with everything that is needed to act on it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.alphabet import is_gsm7, segment_count
from gateway.core.conversation.alarm import (
    alarm_text,
    drill_exhausted_text,
    drill_taken_text,
    drill_text,
    exhausted_text,
    flagged_text,
    taken_text,
)
from gateway.core.conversation.lead import Facts, Lead

PEER, NUMBER = "+12165550137", "(216) 555-0137"
FLOOD = Lead(facts=Facts(name="Tom Smith", street_address="1423 Elm Ave", zip="44107"))
FIRE = Lead(danger="fire")
ELSEWHERE = Lead(facts=Facts(callback_number="+12165550177", callback_whose="wife"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            alarm_text(FLOOD, PEER, "se reventó la tubería", code=14, spanish=True),
            f"EMERGENCIA 14: {NUMBER} Tom Smith, 1423 Elm Ave, 44107: se revento la tuberia. Responda 14 si lo toma.",
        ),
        (
            alarm_text(FIRE, PEER, "humo", code=14, again=True, spanish=True),
            f"OTRA VEZ, PELIGRO 14: {NUMBER}: humo. Responda 14 si lo toma.",
        ),
        (alarm_text(FIRE, PEER, "mas humo", code=14, more=True, spanish=True), f"AÑADE 14: {NUMBER}: mas humo"),
        (
            alarm_text(ELSEWHERE, PEER, "agua", code=14, spanish=True),
            f"EMERGENCIA 14: llame al (216) 555-0177 (wife), de {NUMBER}: agua. Responda 14 si lo toma.",
        ),
        (
            flagged_text(PEER, "URGENTE agua", code=14, spanish=True),
            f"URGENTE 14 de {NUMBER}: URGENTE agua. Responda 14 si lo toma.",
        ),
        (
            taken_text(14, "Dana", PEER, spanish=True),
            f"14: lo tiene Dana. Usted no tiene que hacer nada. Cliente {NUMBER}.",
        ),
        (
            exhausted_text(14, PEER, "agua", spanish=True),
            f"NADIE TIENE 14 TODAVIA: {NUMBER}: agua. Responda 14 si lo toma.",
        ),
        (drill_text("Mike", code=14), "DRILL 14, no emergency: a test by Mike. Reply 14 as in an emergency."),
        (
            drill_text("Mike", code=14, spanish=True),
            "SIMULACRO 14, no es emergencia: prueba de Mike. Responda 14 como en una emergencia.",
        ),
        (drill_taken_text(14, "Dana", spanish=True), "SIMULACRO 14 terminado: confirmado por Dana."),
        (
            drill_exhausted_text(14, spanish=True),
            "SIMULACRO 14 terminado: NADIE lo ha confirmado. En una emergencia no habria venido nadie.",
        ),
    ],
)
def test_what_our_people_read(text: str, words: str) -> None:
    assert text == words


@given(st.text(max_size=400), st.text(max_size=60), st.booleans(), st.booleans(), st.integers(10, 9999))
def test_an_alert_is_one_segment_whatever_was_written_and_ends_with_how_to_take_it(
    words: str, name: str, again: bool, spanish: bool, code: int
) -> None:
    lead = Lead(facts=Facts(name=name, street_address="1423 Elm Avenue, Apartment 12", callback_number="+12165550177"))
    take = f" Responda {code} si lo toma." if spanish else f" Reply {code} if you have it."
    for told in (
        alarm_text(lead, PEER, words, code=code, again=again, spanish=spanish),
        flagged_text(PEER, words, code=code, again=again, spanish=spanish),
        exhausted_text(code, PEER, words, spanish=spanish),
    ):
        assert segment_count(told) == 1
        assert told.endswith(take)
        assert NUMBER in told


def test_a_sign_that_makes_the_text_short_does_not_cost_the_number_to_call() -> None:
    told = alarm_text(FLOOD, PEER, "water \U0001f525 everywhere", code=14, again=True)
    assert told == (
        f"AGAIN, EMERGENCY 14: {NUMBER} Tom Smith, 1423 Elm Ave, 44107: water everywhere. Reply 14 if you have it."
    )


def test_the_frame_of_every_text_is_in_the_plain_alphabet() -> None:
    for spanish in (False, True):
        told = (
            alarm_text(FLOOD, PEER, "", code=14, more=True, spanish=spanish),
            alarm_text(ELSEWHERE, PEER, "", code=14, again=True, spanish=spanish),
            flagged_text(PEER, "", code=14, spanish=spanish),
            taken_text(14, "Dana", PEER, spanish=spanish),
            exhausted_text(14, PEER, "", spanish=spanish),
            drill_text("Mike", code=14, spanish=spanish),
            drill_taken_text(14, "Dana", spanish=spanish),
            drill_exhausted_text(14, spanish=spanish),
        )
        assert [text for text in told if not is_gsm7(text)] == []
