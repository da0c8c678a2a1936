"""What was shut, fixed or harmless says nothing of what comes behind a "but" or a "now"."""

from __future__ import annotations

import pytest

from gateway.core.understanding.folded import fold
from gateway.core.understanding.plainly import plainly
from gateway.core.understanding.turns import behind_turns
from gateway.reading import load_reader
from gateway.settings.trades import load_trades

READER = load_reader(load_trades())


@pytest.mark.parametrize(
    ("trade", "text"),
    [
        ("plumbing", "shut the main but it is still coming"),
        ("electrical", "kids are fine but the outlet smokes"),
        ("plumbing", "fire dept cleared it yesterday but the gas smell is back"),
        ("hvac", "nobody is hurt but the furnace is smoking"),
        ("electrical", "the electrician fixed it last week and now it's sparking again"),
        ("electrical", "had the panel replaced last year and it is on fire now"),
        ("electrical", "last week it buzzed, today it is smoking"),
        ("roofing", "nadie se lastimo pero el techo se esta cayendo"),
        ("plumbing", "ya apague el agua pero sigue inundandose el sotano"),
        ("plumbing", "ya cerramos el gas pero todavia huele mucho"),
        ("plumbing", "ya cerre el gas y sigue oliendo a gas en toda la casa"),
        ("plumbing", "ya no huele tanto pero me duele la cabeza y el detector suena"),
        ("plumbing", "ya lo arreglaron la semana pasada pero otra vez se salio el drenaje en la casa"),
        ("locksmith", "nobody is in there now but someone broke in and the lock is destroyed"),
        ("locksmith", "changed the locks last month and someone just broke in again, cant lock the door"),
        ("garage_door", "spring was replaced last week and the door just fell on my husband"),
        ("garage_door", "we're all fine but my dog is trapped under the garage door"),
        ("plumbing", "it was fixed last week and now the pipe burst again"),
        ("plumbing", "you replaced that pipe in may and it just burst again"),
        ("plumbing", "water heater was replaced last year and its gushing water all over"),
        ("plumbing", "we shut the water off but the ceiling just started to collapse"),
        ("plumbing", "when we bought the house they said it was fixed, now its flooding"),
        ("plumbing", "since christmas it dripped, now it is gushing"),
        ("plumbing", "used to drip, now it sprays and wont stop"),
        ("general", "fire dept put it out but its smoldering again"),
        ("general", "everyone got out but the house is full of gas"),
        ("general", "got everybody out, co alarm is going"),
        ("electrical", "they replaced the meter last week, its arcing now"),
        ("plumbing", "arreglaron el tubo el mes pasado y hoy se revento otra vez"),
        ("plumbing", "esta cerrada la llave pero no para el agua"),
        ("garage_door", "everyone is safe but the door is about to come down"),
    ],
)
def test_an_emergency_behind_what_calms_is_one(trade: str, text: str) -> None:
    assert READER.read(text, trade).urgency == "emergency"


@pytest.mark.parametrize(
    ("trade", "text"),
    [
        ("plumbing", "shut off the valve, still need a plumber this week"),
        ("plumbing", "toilet leaked last month, you fixed it, now it runs a little"),
        ("plumbing", "it stopped leaking but now the faucet drips"),
        ("electrical", "fixed last year but now a light flickers sometimes"),
        ("hvac", "tech came last week, now it's making a rattling noise"),
        ("hvac", "furnace was replaced last year, now the thermostat is blank, 69 inside"),
        ("hvac", "everyone is fine, just need a tune up"),
        ("roofing", "tarp is on, but call me about a quote"),
        ("garage_door", "nobody was under it, but the opener hums and wont lift"),
        ("locksmith", "kids are home now but i still need a spare key"),
        ("plumbing", "ya cerre la llave pero necesito que vengan manana"),
        ("plumbing", "ya lo arreglaron pero ahora gotea poquito"),
        ("hvac", "no hace frio pero quiero que revisen el calenton"),
        ("painting", "wall was repaired and dried but now needs paint"),
        ("cleaning", "all dry now but the carpet smells"),
        ("roofing", "roof was replaced in 2019 and now a couple shingles lifted"),
        ("plumbing", "drain was snaked last month but it is slow again"),
        ("plumbing", "water heater is fine but the pilot went out again, no hot water"),
        ("electrical", "breaker tripped, i reset it, now it's ok"),
        ("electrical", "ya no hay chispas, ya apague el breaker, pero quiero cambiar el contacto"),
        ("general", "deck is dry now but boards are soft"),
        ("hvac", "gas company found nothing but I want the furnace looked at"),
        ("plumbing", "the gas leak was fixed by the utility but they said get a plumber to relight"),
        ("locksmith", "break in last week, all safe now, but want new deadbolts"),
        ("plumbing", "we shut it off and it's dry, and now we wait, when can you come"),
        ("plumbing", "pipe froze last winter, fixed, but now want it insulated"),
        ("hvac", "all good now but how much for a new unit"),
        ("electrical", "power was out but it's back now, still one dead outlet"),
        ("garage_door", "spring was replaced last year but now it squeaks"),
    ],
)
def test_what_is_left_to_do_behind_what_calms_is_no_emergency(trade: str, text: str) -> None:
    assert READER.read(text, trade).urgency != "emergency"


def test_what_follows_each_turn_is_told_with_how_sharp_it_is() -> None:
    assert behind_turns(fold("kids are fine but the outlet smokes")) == [("the outlet smokes", True)]
    assert behind_turns(fold("got everybody out, co alarm is going")) == [("co alarm is going", False)]
    assert behind_turns(fold("the outlet smokes")) == []


@pytest.mark.parametrize(
    "text",
    [
        "se rompio el boiler",
        "broken line in the yard",
        "main line was busted",
        "its pouring",
        "se exploto la manguera en el patio",
    ],
)
def test_what_may_be_no_emergency_is_not_told_plainly(text: str) -> None:
    assert not plainly(fold(text))


@pytest.mark.parametrize(
    "text", ["tubo roto", "its on fire", "no para de salir agua", "the ceiling is about to come down"]
)
def test_what_cannot_wait_is_told_plainly(text: str) -> None:
    assert plainly(fold(text))
