"""Which line of the menu a text is about: by class of text, on the menus of the trades and on a business's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.understanding.folded import fold
from gateway.core.understanding.menus import evidence_of
from gateway.core.understanding.model import Model
from gateway.core.understanding.reader import Reader
from gateway.core.understanding.vocabulary import Term, Vocabulary
from gateway.reading import load_reader
from gateway.settings import parse
from gateway.settings.trades import load_trades

TRADES = load_trades()
READER = load_reader(TRADES)
VOCABULARIES = {trade: pack.vocabulary for trade, pack in TRADES.items()}
SHOP = (
    "business: {{name: Shop, timezone: America/Chicago, trade: {trade}}}\nlines: {{main: {{number: '+12165550100'}}}}\n"
)


def of(trade: str, services: str) -> Reader:
    return load_reader({}, parse(SHOP.format(trade=trade) + services).business)


@pytest.mark.parametrize(
    ("trade", "text", "service"),
    [
        ("hvac", "need a price on a new furnace, ours is 30 years old", "replacement_estimate"),
        ("hvac", "furnace wont stay lit", "heating_repair"),
        ("plumbing", "the toilet runs all night", "toilet"),
        ("plumbing", "toilet gurgles and it comes up in the basement floor drain", "sewer_backup"),
        ("roofing", "brown ring on the ceiling after every rain", "roof_leak"),
        ("roofing", "adjuster is coming thursday for the hail", "storm_damage"),
        ("roofing", "need a tarp over the hole before tonight's rain", "emergency_tarp"),
        ("electrical", "breaker trips when i run the microwave", "breaker_panel"),
        ("electrical", "half the house has no power", "power_loss"),
        ("electrical", "the outlet is sparking and smells burnt", "electrical_hazard"),
    ],
)
def test_lines_that_lie_close_together_are_told_apart(trade: str, text: str, service: str) -> None:
    assert READER.read(text, trade).service == service


@pytest.mark.parametrize(
    ("trade", "text", "service"),
    [
        ("hvac", "no sirve la calefaccion", "heating_repair"),
        ("plumbing", "se tapo el fregadero", "drain_cleaning"),
        ("electrical", "se bota el breaker a cada rato", "breaker_panel"),
        ("roofing", "me volo unas tejas el viento", "roof_repair"),
        ("painting", "pintar dos recamaras", "interior"),
        ("cleaning", "limpieza por mudanza, entrego las llaves", "move_out"),
        ("garage_door", "se quebro el resorte", "spring"),
        ("locksmith", "deje las llaves adentro del carro", "car_lockout"),
        ("general", "quiero remodelar la cocina", "kitchen_remodel"),
    ],
)
def test_every_trade_is_understood_in_spanish(trade: str, text: str, service: str) -> None:
    assert READER.read(text, trade).service in {service, *({"storm_damage"} if trade == "roofing" else ())}


@pytest.mark.parametrize(
    "text", ["STOP", "thanks!", "wrong number sorry", "are you hiring", "call me back please", "ok", "👍", ""]
)
def test_a_text_that_names_no_work_has_no_service(text: str) -> None:
    assert {READER.read(text, trade).service for trade in TRADES} == {None}


@pytest.mark.parametrize(
    ("trade", "text"),
    [
        ("hvac", "its not the furnace, its the ac that wont cool"),
        ("hvac", "the furnace is fine, the ac is not cooling"),
    ],
)
def test_what_is_denied_is_not_what_is_wanted(trade: str, text: str) -> None:
    assert READER.read(text, trade).service == "cooling_repair"


def test_a_line_of_ones_own_is_told_by_its_label_alone() -> None:
    reader = of("plumbing", "services: {irrigation: {label: Irrigation and sprinklers}}\n")
    assert reader.read("two of my sprinklers in the front wont come up", "plumbing").service == "irrigation"
    assert reader.read("the toilet runs all night", "plumbing").service == "toilet"
    assert reader.read("wrong number sorry", "plumbing").service is None


def test_a_line_of_ones_own_that_is_denied_does_not_decide() -> None:
    reader = of("hvac", "services: {pool_heater: {label: Pool heaters}}\n")
    assert reader.read("our pool heater quit", "hvac").service == "pool_heater"
    assert reader.read("not the pool heater. furnace is out, no heat", "hvac").service == "heating_repair"


@pytest.mark.parametrize("key", sorted(TRADES["plumbing"].labels))
def test_a_line_that_was_taken_off_is_never_answered(key: str) -> None:
    reader = of("plumbing", f"services: {{{key}: {{off: yes}}}}\n")
    for word in TRADES["plumbing"].words[key]:
        assert reader.read(f"i need help with {word.replace('*', '')}", "plumbing").service != key


def test_a_trade_of_ones_own_is_told_by_its_words() -> None:
    menu = Vocabulary.of({"ants": ["ant", "ants"], "mice": ["mouse", "mice", "rodent*"]})
    reader = Reader(Model(READER._heads), READER._places, {"pest_control": menu})
    assert reader.read("there are ants in my kitchen", "pest_control").service == "ants"
    assert reader.read("do you do mice? how much", "pest_control").service == "mice"
    assert reader.read("thanks", "pest_control").service is None


@pytest.mark.parametrize(
    ("term", "text", "there"),
    [
        ("mini split*", "our Mini-Splits are dead", True),
        ("14-50", "nema 14 50 outlet", True),
        ("wont open", "it won't open", True),
        ("a/c", "the a/c is out", True),
        ("a/c", "a and c", False),
        ("ac", "an accident", False),
        ("leak*", "leaking", True),
        ("leak", "leaking", False),
        ("heat* + out", "the heating in the upstairs is out", True),
        ("heat* + out", "heat is fine" + " and so on" * 9 + " out", False),
        ("calefaccion", "la calefacción", True),
        ("t&p", "the t&p valve", True),
        ("new ac", "new, ac", False),
    ],
)
def test_a_term_is_found_as_it_is_written(term: str, text: str, there: bool) -> None:
    assert bool(Vocabulary.of({"one": [term]}).hits(fold(text))) == there


@pytest.mark.parametrize("written", ["", "*", " + ", "heat + ", "?!"])
def test_a_term_without_a_word_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="no word"):
        Term.of(written)


@given(st.text(max_size=200))
def test_any_text_can_be_looked_through(text: str) -> None:
    for pack in TRADES.values():
        plain = fold(text)
        hits = VOCABULARIES[pack.trade].hits(plain)
        assert all(0 <= hit.start < len(plain.plain) for line in hits.values() for hit in line)
        assert set(evidence_of(plain, hits).lines) == set(hits)
