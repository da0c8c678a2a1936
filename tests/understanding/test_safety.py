"""Danger, emergency and opt-out: situations people describe, and what only looks like them."""

from __future__ import annotations

import pytest

from gateway.core.understanding import safety
from gateway.core.understanding.calming import calms
from gateway.core.understanding.degrees import Thresholds
from gateway.core.understanding.folded import fold
from gateway.core.understanding.long_texts import LONGEST, legible
from gateway.core.understanding.meanings import CLASSES, meaning
from gateway.core.understanding.optouts import Wish, wish
from gateway.core.understanding.situations import situations
from gateway.reading import load_reader
from gateway.settings.trades import load_trades

READER = load_reader(load_trades())

DANGERS = (
    ("hvac", "basement smells like rotten eggs and my eyes sting"),
    ("hvac", "everyone in the house has a headache since the boiler came on"),
    ("hvac", "el detector de monoxido esta sonando y sonando"),
    ("hvac", "there is smoke pouring out of the furnace closet"),
    ("plumbing", "water is running down into the breaker box"),
    ("plumbing", "huele muy fuerte a gas en el cuarto de lavado"),
    ("electrical", "the plug behind my bed is brown and too hot to touch"),
    ("electrical", "me dio toques el refrigerador y me duele el brazo"),
    ("electrical", "tree took the power line down, its laying in the driveway"),
    ("electrical", "power is out and my dad is on an oxygen concentrator"),
    ("roofing", "ceiling is sagging over my kids bed and it is cracking"),
    ("locksmith", "locked the car with my 1 yr old inside"),
    ("locksmith", "my keys are in the car and so is my daughter, shes 8 months"),
    ("hvac", "no quiero mas mensajes de una maquina, huele a gas en toda la casa"),
    ("locksmith", "mi niña se quedo encerrada en el carro"),
    ("locksmith", "my ex is outside banging on the door and he has a key"),
    ("garage_door", "the door came down on my son and his leg is pinned"),
    ("general", "wall is bulging and bricks are falling on the sidewalk"),
    ("cleaning", "mixed bleach and ammonia and cant stop coughing"),
)
EMERGENCIES = (
    ("plumbing", "pipe let go behind the washer, cant find the shut off"),
    ("plumbing", "sewage is coming up in the shower and onto the floor"),
    ("plumbing", "el agua sigue saliendo y no puedo cerrar la llave"),
    ("hvac", "no heat and a newborn in the house"),
    ("hvac", "heat is out, thermometer says 49"),
    ("hvac", "ac quit, grandma is 88 and it is 93 in her room"),
    ("roofing", "its raining into the bedroom, we ran out of buckets"),
    ("roofing", "se metio la lluvia por el techo y sigue cayendo agua"),
    ("locksmith", "they kicked the door in last night and it wont close or lock"),
    ("general", "URGENT"),
)
HARMLESS = (
    ("hvac", "co detector chirps once a minute, it wants a battery"),
    ("hvac", "how much is a gas furnace tune up"),
    ("hvac", "no smell, no leak, it just wont turn on"),
    ("hvac", "we had a gas leak two years ago, fixed since. need a new thermostat"),
    ("plumbing", "a pipe burst last winter and was repaired, now we want to remodel the bath"),
    ("plumbing", "what would it cost if a pipe burst in the wall"),
    ("plumbing", "need a gas line for a grill, no hurry"),
    ("plumbing", "the toilet is slow again, it doesnt overflow, it just wont go down"),
    ("locksmith", "se rompio mi llave dentro de la chapa del cuarto, no hay prisa"),
    ("hvac", "church boiler is down and we have service sunday at 11. somebody can come by friday"),
    ("electrical", "want to hang flood lights and a fire pit outlet"),
    ("electrical", "outlet"),
    ("electrical", "el ventilador del techo hace ruido, cuando puedan"),
    ("roofing", "my electric bill is through the roof lol. quote for new shingles"),
    ("painting", "want the front door fire engine red"),
    ("cleaning", "house is a disaster zone after the party lol"),
    ("garage_door", "remote is dead, need two new ones"),
    ("locksmith", "got the baby out of the car already, thank you"),
    ("general", "URGENT!!! need a quote today"),
)
OPT_OUTS = (
    "please stop texting me",
    "STOP. I found somebody",
    "quit texting my wife",
    "stpo",
    "unsubcribe",
    "opt me out",
    "take me off your list",
    "no more texts",
    "do not contact this number again",
    "phone calls only, I don't text",
    "I never signed up for this, leave me alone",
    "para de mandarme mensajes",
    "ya no me escriban",
    "dame de baja",
    "ya no quiero mensajes, borren mi numero",
    "just knock off the texts, call",
    "les ruego que no me vuelvan a escribir",
    "no more msjs please",
    "STOP (sorry)",
    "stop sorry",
    "who is this stop",
    "i said stop",
    "endd",
    "strike my number from your campaign list",
    "ya no qiero mas msj",
)
NO_OPT_OUTS = (
    ("plumbing", "can you stop by on your way home"),
    ("plumbing", "the leak won't stop"),
    ("plumbing", "cancel my 3pm"),
    ("plumbing", "take me off the schedule for friday"),
    ("electrical", "no more texts after 9 please"),
    ("electrical", "breaker wont stop tripping"),
    ("locksmith", "you can stop looking, found the keys"),
    ("cleaning", "end the weekly cleaning, go monthly"),
    ("painting", "remove the wallpaper in two rooms"),
    ("general", "don't stop texting me, I want the updates"),
    ("general", "Liked “Reply STOP to end texts”"),
    ("general", "Laughed at “Text STOP to opt out”"),
    ("general", "you can text me again, sorry"),
    ("hvac", "nadie me ha escrito, van a venir?"),
    ("hvac", "este numero no recibe mensajes"),
    ("hvac", "hey who this? me mandaron mensaje de este numero"),
    ("roofing", "WHO IS THIS TEXTING ME"),
    ("roofing", "you may resume texting me at this number"),
    ("general", "spot"),
    ("general", "Stop, sorry, wrong button"),
    ("general", "stop calling me. TEXT"),
    ("general", "you may write me messages again"),
    ("painting", "cancel the hallway, but please don't take me off your list"),
    ("plumbing", "your tech said stop using it"),
    ("plumbing", "please only text, no calls"),
    ("plumbing", "text me not my husband"),
    ("roofing", "dont text my mom shes 90, text me here"),
    ("roofing", "i never got your text"),
    ("hvac", "no me ha llegado ningun mensaje"),
    ("hvac", "opt out of the extended warranty"),
    ("hvac", "stop the work please theres a problem"),
    ("general", "scratch the fence off my list"),
    ("general", "get me off the waiting list, I got in elsewhere"),
    ("general", "don't send the same guy again"),
    ("cleaning", "remove my card on file"),
    ("cleaning", "no manden factura a esa direccion"),
)


@pytest.mark.parametrize(("trade", "text"), DANGERS)
def test_a_danger_to_people_is_told_with_its_reason(trade: str, text: str) -> None:
    reading = READER.read(text, trade)
    assert reading.life_safety
    assert reading.urgency == "emergency"
    assert reading.because


@pytest.mark.parametrize(("trade", "text"), EMERGENCIES)
def test_an_emergency_is_told_with_its_reason(trade: str, text: str) -> None:
    reading = READER.read(text, trade)
    assert reading.urgency == "emergency"
    assert reading.because


@pytest.mark.parametrize(("trade", "text"), HARMLESS)
def test_what_only_looks_like_an_emergency_is_none(trade: str, text: str) -> None:
    reading = READER.read(text, trade)
    assert reading.urgency != "emergency", reading.because
    assert not reading.life_safety


@pytest.mark.parametrize("text", OPT_OUTS)
def test_a_wish_for_no_more_texts_is_obeyed_in_any_words_and_any_trade(text: str) -> None:
    for trade in load_trades():
        reading = READER.read(text, trade)
        assert reading.opt_out
        assert reading.because


@pytest.mark.parametrize(("trade", "text"), NO_OPT_OUTS)
def test_stopping_or_cancelling_something_else_is_no_opt_out(trade: str, text: str) -> None:
    reading = READER.read(text, trade)
    assert not reading.opt_out, reading.because


def test_a_job_in_an_opt_out_keeps_its_urgency() -> None:
    reading = READER.read("water is pouring through the ceiling. do not text me, call me", "plumbing")
    assert reading.opt_out
    assert reading.urgency == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        *("stop texting me", "STOP", "Stop! I said no", "sotp", "denme de baja"),
        *("stoppppp", "qiut", "canccel", "UNSBUSCRIBE", "Revocar", "don't text me, i am driving"),
    ],
)
def test_a_plain_opt_out_needs_no_guess(text: str) -> None:
    assert wish(fold(text)).wish is Wish.PLAIN
    assert safety.no_more_texts(fold(text), chance=0.0)


@pytest.mark.parametrize(
    "text",
    [
        *("do not stop texting me", "Liked “Reply STOP to opt out”", "please text me again"),
        *(
            "please turn messages back on for this number",
            "don't take my number off your list",
            "I'm driving and will reply later",
        ),
    ],
)
def test_what_says_the_opposite_of_an_opt_out_is_not_overruled_by_a_guess(text: str) -> None:
    assert wish(fold(text)).wish in (Wish.OTHERWISE, Wish.WELCOME)
    assert not safety.no_more_texts(fold(text), chance=1.0)


def test_a_guess_alone_has_to_be_surer_than_one_with_the_rules() -> None:
    for bar in (safety.DANGER, safety.EMERGENCY, safety.URGENT, safety.OPT_OUT):
        assert bar.with_rules < bar.alone < bar.in_few_words


@pytest.mark.parametrize(
    ("text", "calm"),
    [
        ("the dryer was smoking", "the dryer was smoking, we unplugged it and everybody is fine"),
        ("the ceiling is coming down", "the ceiling is coming down, nobody was hurt"),
    ],
)
def test_a_danger_beside_words_that_calm_needs_as_sure_a_guess_as_one_without_rules(text: str, calm: str) -> None:
    between = (safety.DANGER.with_rules + safety.DANGER.in_few_words) / 2
    assert safety.danger(fold(text), list(situations(fold(text))), between)
    assert not safety.danger(fold(calm), list(situations(fold(calm))), between)
    assert safety.danger(fold(calm), list(situations(fold(calm))), safety.DANGER.in_few_words)


def test_in_a_long_text_something_is_always_over_and_calms_nothing() -> None:
    said = fold("nobody was hurt")
    assert calms(said)
    assert not calms(fold(f"{said.sent} " + "and then there is more to tell " * 7))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("the outlet is on fire", True),
        ("the outlet is not on fire", False),
        ("the oven caught fire three years ago", False),
        ("I smell gas", True),
        ("if I ever smell gas what do I do", False),
        ("sale humo del horno", True),
    ],
)
def test_a_danger_in_plain_words_counts_unless_it_is_denied_over_or_imagined(text: str, told: bool) -> None:
    assert bool(safety.danger(fold(text), list(situations(fold(text))), chance=0.0)) is told


@pytest.mark.parametrize("text", ["URGENT", "urgnt", "Urgente!!", "emergency please help", "🚨 URGENT 🚨"])
def test_the_word_of_the_opener_alone_is_an_emergency(text: str) -> None:
    assert safety.emergency(fold(text), [], 0.0, Thresholds())


def test_two_situations_that_are_an_emergency_together_are_named_both() -> None:
    text = fold("no heat here and we have a newborn")
    reasons = safety.emergency(text, list(situations(text)), 0.1, Thresholds())
    assert reasons == ("there is no heat: “no heat”", "a baby, an old or a sick person is there: “newborn”")


def test_words_of_both_languages_share_their_meaning() -> None:
    for one, other in (
        ("water", "agua"),
        ("ceiling", "techo"),
        ("baby", "bebe"),
        ("smoke", "humo"),
        ("texting", "mensajes"),
    ):
        assert meaning(one) == meaning(other) is not None


def test_a_number_means_what_a_thermometer_would() -> None:
    assert [meaning(number) for number in ("48", "67", "95", "44107")] == ["#cold", "#cool", "#hot", "#number"]


def test_no_word_is_listed_twice_within_a_meaning() -> None:
    assert {name: words for name, words in CLASSES.items() if len(set(words.split())) != len(words.split())} == {}


# Long texts: nobody reads 800 characters about a kitchen as attentively as their first lines.

RAMBLING = "we had the kitchen redone last year and the old water heater in the basement was looked at then. "
LATER = (
    ("Also there is a strong smell of gas in the hallway now and my kids feel dizzy. ", True),
    ("Ademas huele muy fuerte a gas en la cocina desde hace rato. ", True),
    ("Se le acabó el oxígeno a mi mamá. ", True),
    ("The basement is flooding right now and we can't shut it off. ", False),
)


@pytest.mark.parametrize(("said", "danger"), LATER)
@pytest.mark.parametrize("before", [4, 11, 25, 170])
@pytest.mark.parametrize("after", [4, 11, 25, 170])
def test_a_danger_anywhere_in_a_long_text_is_found(said: str, danger: bool, before: int, after: int) -> None:
    reading = READER.read(
        f"Hi, what would a new furnace cost? {RAMBLING * before}{said}{RAMBLING * after} Dana", "hvac"
    )
    assert reading.urgency == "emergency"
    assert reading.life_safety or not danger


@pytest.mark.parametrize(
    "said", ["", "The CO alarm went off last year but it was nothing. ", "No smell of gas or anything. "]
)
@pytest.mark.parametrize("around", [4, 11, 25, 170])
def test_a_long_text_without_a_danger_alarms_nobody(said: str, around: int) -> None:
    reading = READER.read(f"Hi, what would a new furnace cost? {RAMBLING * around}{said}{RAMBLING * around}", "hvac")
    assert reading.urgency != "emergency"


CHATTER = (
    "I work at the library most mornings and my husband is a teacher. We have two cars and park them on the driveway. I would "
    "like a quote for new tiles some time next month. My sister had her kitchen done and it looks very nice. "
)
PLATICA = (
    "Yo trabajo en la biblioteca y mi esposo es maestro. Nuestro vecino nos dijo que ustedes trabajan bien. Quisiera una "
    "cotización para unos azulejos nuevos el mes que entra. "
)
SOUNDS_LIKE_ONE = (
    "The water heater was replaced in 2015 and the gas line was inspected then. The smoke detectors have new batteries. Last "
    "year there was a leak under the sink but it was fixed. The toilet runs a little and the drain in the tub is slow. I would "
    "like the old gas stove taken out and an electric stove put in. Could you look at the ceiling fan and the light switch? "
)


@pytest.mark.parametrize(
    ("said", "chatter"),
    [
        ("A tree fell through the roof. ", CHATTER),
        ("Sewage is backing up into the bathtub. ", CHATTER),
        ("Someone broke in and the door wont lock. ", CHATTER),
        ("The ceiling is about to fall. ", PLATICA),
        ("Se cayó el techo. ", PLATICA),
        ("Me dio toques la caja de fusibles. ", PLATICA),
    ],
)
@pytest.mark.parametrize("before", [0, 1, 2, 5])
def test_one_sentence_among_many_harmless_ones_is_heard(said: str, chatter: str, before: int) -> None:
    assert READER.read(chatter * before + said + chatter * 2, "general").urgency == "emergency"


@pytest.mark.parametrize("said", ["The ceiling is about to fall. ", "The outlet is sparking and smoking. "])
@pytest.mark.parametrize("before", [0, 5, 20])
def test_a_danger_is_found_among_a_thousand_words_that_only_sound_like_one(said: str, before: int) -> None:
    assert READER.read(SOUNDS_LIKE_ONE * before + said + SOUNDS_LIKE_ONE * 10, "general").life_safety


@pytest.mark.parametrize("often", [1, 2, 5, 40])
def test_words_that_only_sound_like_a_danger_alarm_nobody_in_any_number(often: int) -> None:
    assert READER.read((SOUNDS_LIKE_ONE + CHATTER) * often, "general").urgency != "emergency"


def test_a_very_long_text_is_shortened_once_and_keeps_what_is_alarming() -> None:
    short = legible(f"Hi. {RAMBLING * 170}{LATER[0][0]}{RAMBLING * 170} Dana")
    assert "strong smell of gas" in short
    assert len(short) <= LONGEST
    assert legible(short) == short
