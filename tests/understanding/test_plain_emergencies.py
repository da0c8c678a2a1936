"""What most people write in an emergency, in the fewest words; and everyday trouble in as few."""

from __future__ import annotations

import pytest

from gateway.core.understanding.folded import fold
from gateway.core.understanding.plainly import plainly
from gateway.reading import load_reader
from gateway.settings.trades import load_trades

READER = load_reader(load_trades())
EMERGENCIES = (
    ("plumbing", "gas is leaking"),
    ("plumbing", "the leak wont stop"),
    ("hvac", "water heater burst"),
    ("hvac", "water heater is leaking everywhere"),
    ("plumbing", "my basement is flooding"),
    ("plumbing", "pipe burst"),
    ("plumbing", "pipe burst under the sink"),
    ("plumbing", "toilet is overflowing"),
    ("plumbing", "toilet wont stop overflowing"),
    ("plumbing", "sewage in my basement"),
    ("plumbing", "sewage coming up the shower"),
    ("plumbing", "ceiling is leaking"),
    ("plumbing", "water coming through the ceiling"),
    ("roofing", "roof leaking bad"),
    ("roofing", "roof is leaking inside now"),
    ("hvac", "no heat and its 48 in here"),
    ("hvac", "no heat with a newborn"),
    ("hvac", "no heat, my mom is 85"),
    ("hvac", "furnace is out and its 10 below"),
    ("hvac", "ac out and my dad is on oxygen"),
    ("electrical", "outlet is smoking"),
    ("electrical", "outlet sparking"),
    ("electrical", "panel is buzzing and hot"),
    ("hvac", "burning smell from the furnace"),
    ("plumbing", "smell of burning plastic"),
    ("plumbing", "i smell gas"),
    ("plumbing", "smells like gas in the house"),
    ("hvac", "co alarm going off"),
    ("hvac", "carbon monoxide detector beeping nonstop"),
    ("hvac", "we all have headaches and the heater is on"),
    ("electrical", "got shocked by the shower"),
    ("electrical", "power line down in yard"),
    ("roofing", "tree fell on the house"),
    ("roofing", "tree on my roof"),
    ("electrical", "water in the light fixture"),
    ("locksmith", "baby locked in the car"),
    ("locksmith", "my kid is locked in the car"),
    ("locksmith", "locked out with a baby inside"),
    ("locksmith", "locked out and stove is on"),
    ("locksmith", "locked out in the cold"),
    ("locksmith", "my 3 year old is locked in the bathroom"),
    ("locksmith", "someone broke in and the door wont close"),
    ("locksmith", "door kicked in cant lock it"),
    ("garage_door", "garage door fell on my wife"),
    ("garage_door", "garage door cable snapped and its about to fall"),
    ("garage_door", "finger stuck in the garage door"),
    ("general", "deck is collapsing"),
    ("plumbing", "ceiling is sagging about to fall"),
    ("plumbing", "main line backed up into the tub"),
    ("general", "water is pouring out of the wall"),
    ("plumbing", "water wont shut off"),
    ("plumbing", "cant turn the water off"),
    ("plumbing", "hot water spraying everywhere"),
    ("plumbing", "sump pump failed water rising"),
    ("plumbing", "drain backing up into the house"),
    ("plumbing", "mom fell and i cant get in"),
    ("plumbing", "dad not answering the door"),
    ("plumbing", "huele a gas"),
    ("plumbing", "se esta inundando el sotano"),
    ("plumbing", "se revento un tubo"),
    ("roofing", "sale agua del techo"),
    ("roofing", "el techo se esta cayendo"),
    ("hvac", "no hay calefaccion y tengo un bebe"),
    ("electrical", "sale humo del enchufe"),
    ("electrical", "chispas en la caja de breakers"),
    ("plumbing", "mi hijo esta encerrado en el carro"),
    ("locksmith", "se metieron a mi casa y no cierra la puerta"),
    ("plumbing", "se salio el drenaje"),
    ("plumbing", "aguas negras en el baño"),
    ("hvac", "la alarma de monoxido esta sonando"),
    ("electrical", "me dio toques la regadera"),
    ("electrical", "se cayo un cable en el patio"),
    ("plumbing", "URGENT"),
    ("plumbing", "urgente"),
    ("plumbing", "emergency"),
    ("plumbing", "need help now"),
    ("plumbing", "its an emergency"),
    ("electrical", "no power and i use oxygen"),
    ("electrical", "power out, mom on ventilator"),
    ("locksmith", "insulin locked inside"),
    ("plumbing", "fire in the kitchen"),
    ("plumbing", "there is a fire"),
    ("plumbing", "smoke coming from the dryer"),
    ("plumbing", "house full of smoke"),
    ("locksmith", "man trying to get in my house"),
    ("locksmith", "my ex has a key and is outside"),
)
TROUBLE = (
    ("hvac", "no heat in one room"),
    ("plumbing", "thermostat is blank"),
    ("hvac", "ac not cooling well"),
    ("plumbing", "toilet keeps running"),
    ("plumbing", "toilet is clogged"),
    ("plumbing", "drain is slow"),
    ("plumbing", "kitchen sink clogged"),
    ("plumbing", "faucet drips"),
    ("hvac", "need a new water heater"),
    ("hvac", "water heater makes noise"),
    ("plumbing", "no hot water"),
    ("plumbing", "low water pressure"),
    ("electrical", "outlet doesnt work"),
    ("electrical", "light flickers"),
    ("electrical", "breaker trips"),
    ("plumbing", "smoke detector chirping"),
    ("plumbing", "need smoke detectors installed"),
    ("plumbing", "want a gas line for the grill"),
    ("roofing", "roof estimate"),
    ("roofing", "missing shingles"),
    ("roofing", "gutter fell off"),
    ("plumbing", "ceiling stain"),
    ("painting", "paint the ceiling"),
    ("locksmith", "locked out"),
    ("locksmith", "lost my keys"),
    ("locksmith", "keys locked in the car"),
    ("locksmith", "lock is stiff"),
    ("locksmith", "rekey 3 locks"),
    ("locksmith", "garage door wont open"),
    ("garage_door", "garage door spring broke"),
    ("garage_door", "garage door noisy"),
    ("plumbing", "opener dead"),
    ("general", "deck needs stain"),
    ("general", "fence is leaning"),
    ("general", "crack in the wall"),
    ("roofing", "tree branch on the fence"),
    ("cleaning", "move out clean"),
    ("cleaning", "deep clean friday"),
    ("cleaning", "house smells musty"),
    ("plumbing", "sewer smell in the bathroom"),
    ("hvac", "furnace making noise"),
    ("hvac", "furnace tune up"),
    ("hvac", "ac tune up"),
    ("hvac", "boiler leaking a little"),
    ("plumbing", "my mother in law is 84"),
    ("plumbing", "I put a bucket under it and shut the valve. it stopped"),
    ("plumbing", "can you come tomorrow"),
    ("plumbing", "call me"),
    ("hvac", "how much for a water heater"),
    ("plumbing", "burst pipe last year need replumb"),
    ("painting", "had a fire last month need repaint"),
    ("electrical", "breaker box upgrade"),
    ("electrical", "ceiling fan install"),
    ("general", "window wont close"),
    ("locksmith", "door wont latch"),
    ("plumbing", "no hay agua caliente"),
    ("plumbing", "el baño gotea"),
    ("plumbing", "se tapo el fregadero"),
    ("plumbing", "quiero un presupuesto"),
    ("locksmith", "se me quedaron las llaves en el carro"),
    ("garage_door", "la puerta del garaje no abre"),
)


@pytest.mark.parametrize(("trade", "text"), EMERGENCIES)
def test_an_emergency_in_few_words_is_one(trade: str, text: str) -> None:
    assert READER.read(text, trade).urgency == "emergency"


@pytest.mark.parametrize(("trade", "text"), TROUBLE)
def test_everyday_trouble_in_few_words_is_none(trade: str, text: str) -> None:
    reading = READER.read(text, trade)
    assert reading.urgency != "emergency", reading.because


@pytest.mark.parametrize(
    "text", ["Pipe burst in the basement, please hurry", "omg the leak won't stop", "Se salió el drenaje"]
)
def test_nothing_but_an_emergency_needs_no_guess(text: str) -> None:
    assert plainly(fold(text))


@pytest.mark.parametrize(
    "text",
    [
        "pipe burst last year",
        "burst pipe repair cost",
        "had a pipe burst",
        "the leak won't stop by itself 44107",
        "the " * 3000,
    ],
)
def test_a_word_more_and_all_is_weighed(text: str) -> None:
    assert not plainly(fold(text))
