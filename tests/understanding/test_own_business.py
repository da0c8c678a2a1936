"""A business's own menu, places and thresholds, as they change what is read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gateway.cli.main import main
from gateway.core.understanding.degrees import indoors
from gateway.core.understanding.folded import fold
from gateway.core.understanding.places import state_behind
from gateway.core.understanding.reader import Reader
from gateway.reading import load_reader
from gateway.settings import parse
from gateway.settings.trades import load_trades

HOME = "business: {name: Miller, timezone: America/New_York, trade: hvac}\nlines: {main: {number: '+12165550100'}}\n"
PACKS = load_reader(load_trades())


def reader(more: str) -> Reader:
    return load_reader({}, parse(HOME + more).business)


READERS = {cold: reader(f"emergencies: {{cold_f: {cold}}}\n") for cold in (45, 55, 60)}


@pytest.fixture(scope="module")
def miller() -> Reader:
    return reader(
        """services:
  pool_heater: {label: Pool heaters, words: [pool heater, spa + heat*]}
  water_heater: {off: yes}
  thermostat: {words: [wall thing]}
area: {cities: [Lakewood], nicknames: {the Wood: Lakewood, OB: Olmsted Falls}}
"""
    )


def test_the_words_of_an_own_service_are_understood(miller: Reader) -> None:
    for text in ("my pool heater quit", "the heat for our spa is out", "need someone for two pool heaters"):
        assert miller.read(text, "hvac").service == "pool_heater"


def test_a_service_that_was_switched_off_is_never_answered(miller: Reader) -> None:
    text = "our water heater is leaking, no hot water"
    assert PACKS.read(text, "hvac").service == "water_heater"
    assert miller.read(text, "hvac").service is None


def test_words_that_the_business_has_added_decide(miller: Reader) -> None:
    text = "the wall thing for the furnace broke"
    assert PACKS.read(text, "hvac").service != "thermostat"
    assert miller.read(text, "hvac").service == "thermostat"


def test_a_menu_of_ones_own_leaves_nothing_of_the_trades() -> None:
    own = reader("services: [{pool_heater: {label: Pool heaters, words: [pool heater]}}]\n")
    assert own.read("furnace is out, need repair", "hvac").service is None
    assert own.read("pool heater is out, need repair", "hvac").service == "pool_heater"


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("i am in the Wood, furnace is out", "Lakewood"),
        ("in the wood", "Lakewood"),
        ("painting the wood trim", None),
        ("OB near the river", "Olmsted Falls"),
        ("we want obs cameras", None),
    ],
)
def test_a_nickname_is_the_city_it_stands_for_and_no_ordinary_word(miller: Reader, text: str, city: str | None) -> None:
    assert miller.read(text, "hvac").city == city


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Independence, OH", "OH"),
        ("Independence MO, by the school", "MO"),
        ("im in independence ohio", "OH"),
        ("independence oh", "OH"),
        ("independence, mo 64050", "MO"),
        ("Independence OH 44131", "OH"),
        ("in lakewood or parma", None),
        ("Lakewood ok thanks", None),
        ("lakewood, ok", None),
        ("in Berea me and my wife", None),
        ("I AM IN LAKEWOOD OR CLOSE TO IT", None),
        ("IN LAKEWOOD OHIO", "OH"),
        ("estoy en Lakewood de momento", None),
    ],
)
def test_a_state_is_read_behind_its_city_where_it_cannot_be_a_word(text: str, state: str | None) -> None:
    (city,) = re.finditer("independence|lakewood|berea", text, re.IGNORECASE)
    assert state_behind(fold(text), city.end()) == state


@pytest.mark.parametrize(
    ("text", "usual", "at_60", "at_45"),
    [
        ("no heat and it is 58 degrees inside", False, True, False),
        ("furnace is out, house is at 55 degrees", True, True, False),
        ("heater quit, thermostat reads 53", True, True, False),
        ("heater quit, its 44 in here", True, True, True),
        ("no heat, set to 70 and it wont go above 63", False, False, False),
        ("no heat with a newborn, its 64 in here", True, True, True),
        ("URGENT no heat and its 64 in here", True, True, True),
        ("no heat, 64 degrees in here, smells like something burning", True, True, True),
    ],
)
def test_the_business_says_at_how_many_degrees_a_house_without_heat_is_an_emergency(
    text: str, usual: bool, at_60: bool, at_45: bool
) -> None:
    found = [(READERS[cold].read(text, "hvac")).urgency == "emergency" for cold in (55, 60, 45)]
    assert found == [usual, at_60, at_45]


def test_heat_alone_is_an_emergency_only_where_the_business_says_so() -> None:
    text = "ac is not working and its 91 degrees in here"
    reading = reader("emergencies: {hot_f: 90}\n").read(text, "hvac")
    assert (reading.urgency, reading.because[0]) == ("emergency", "no cooling at 91 degrees, the limit is 90")
    assert reader("emergencies: {hot_f: 95}\n").read(text, "hvac").because == READERS[55].read(text, "hvac").because


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("it is 60 degrees in here", (60,)),
        ("its 58 inside", (58,)),
        ("house is at 61°, set to 70 degrees", (61,)),
        ("hace 50 grados adentro", (50,)),
        ("12 Oak St, 60 amp panel, my dad is 80 years old, $60, call at 10 am", ()),
        ("its 20 degrees outside", ()),
        ("furnace out, 50 inside, my mom is 88", (50,)),
        ("heater out. 50 in here", (50,)),
        ("apt 50 inside the gate", ()),
        ("it was 68 degrees yesterday", ()),
        ("furnace is 20 years old, call me at 10 today", ()),
        ("the church boiler is down and we have service sunday at 11. please come", ()),
        ("no heat and it's sitting at 48. please", (48,)),
    ],
)
def test_degrees_are_those_of_the_house_now(text: str, degrees: tuple[int, ...]) -> None:
    assert indoors(fold(text)) == degrees


def test_the_command_reads_with_the_menu_of_the_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, texts = tmp_path / "gateway.yaml", tmp_path / "texts.jsonl"
    config.write_text(HOME + "services: {water_heater: {off: yes}, pool: {label: Pool heaters, words: [pool]}}\n")
    (tmp_path / "trades").mkdir()
    (tmp_path / "trades" / "pest_control.yaml").write_text("services: {ants: {label: Ants, words: [ant, ants]}}\n")
    rows = [
        ("hvac", "pool heater is out"),
        ("hvac", "no hot water"),
        ("plumbing", "no hot water"),
        ("pest_control", "ants!"),
    ]
    texts.write_text(
        "".join(json.dumps({"id": at, "trade": trade, "text": text}) + "\n" for at, (trade, text) in enumerate(rows))
    )
    assert main(["understand", "--config", str(config), str(texts)]) == 0
    read = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["service"] for one in read] == ["pool", None, "water_heater", "ants"]
    assert list(read[0]) == [
        "id", "lang", "intent", "urgency", "life_safety", "service", "zip", "city", "street_address", "name", "timeline",
        "callback_time", "opt_out", "because", "callback_number",
    ]  # fmt: skip


def test_a_configuration_that_is_named_has_to_be_good(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (texts := tmp_path / "texts.jsonl").write_text("")
    assert main(["understand", "--config", str(tmp_path / "none.yaml"), str(texts)]) == 2
    assert "there is no such file" in capsys.readouterr().err
