"""The log: one line for each event, and in no line a number, a secret or what people write."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway.doctor import journal
from gateway.doctor.masks import Words, numbers, secrets_of
from gateway.settings import load
from tests.trouble.office import in_trouble

CALLERS = [f"216555{1000 + count}"[:10] for count in range(101, 113)]
WORDS = "the basement boiler at Elm Street is leaking everywhere"


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("text 7 to +12165550137 sent", "text 7 to ***0137 sent"),
        ("call of (216) 555-0137.", "call of ***0137."),
        ("216.555.0137 and 5550137", "***0137 and ***0137"),
        ("00442079460123", "***0123"),
        ("+1216***0137 stays", "+1216***0137 stays"),
        ("at 2026-11-22 16:30:01 from 192.168.100.200:5038", "at 2026-11-22 16:30:01 from 192.168.100.200:5038"),
        ("2026-11-22T16:30:01.123+00:00", "2026-11-22T16:30:01.123+00:00"),
        ("Linkedid 1763828000.45", "Linkedid 1763828000.45"),
        ("after 12345 s, 200 of 255, port 5038", "after 12345 s, 200 of 255, port 5038"),
        ("0011000B912161550517F30000AA05C8329BFD06", "<20 octets>"),
        ("pdu 00110000912161550517330000990583299706", "pdu <19 octets>"),
    ],
)
def test_of_a_number_the_last_four_digits_are_left_and_other_figures_stay(said: str, masked: str) -> None:
    assert numbers(said) == masked


def test_words_are_hidden_where_they_stand_alone() -> None:
    hide = Words(["1234", "Ann", "Miller Heating & Air", "ab"])
    assert (
        hide("PIN 1234, 12345; Ann and Annabel at miller heating & air; ab")
        == "PIN ***, 12345; *** and Annabel at ***; ab"
    )
    assert Words()("as it is") == "as it is"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The log at level debug, as journald would get it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(journal.OneLine(weights=True))
    root = logging.getLogger()
    level = root.level
    talkative = {name: logging.getLogger(name).level for name in journal.TALKATIVE}
    for name in journal.TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
    for name, before in talkative.items():
        logging.getLogger(name).setLevel(before)
    journal.hide(())


async def test_a_busy_day_at_level_debug_says_nothing_of_people(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, lines: io.StringIO
) -> None:
    modem.sim.pin = "4711"
    modem.faults.change({"noise": 0.05, "lose_urc": 0.05})
    async with in_trouble(tmp_path, pbx, modem, pin=', pin: "4711"') as office:
        logging.getLogger().setLevel(logging.DEBUG)
        journal.hide(secrets_of(load(office.config)))
        await office.is_well("modem")
        for count, caller in enumerate(CALLERS):
            await office.missed(caller)
            await office.is_texted(caller)
            modem.receive(f"+1{caller}", WORDS if count % 3 else "STOP")
        modem.faults.change({"cms_errors": [38, 21, 500]})
        await office.missed("2165559901")
        await office.outcome("2165559901")
        modem.unplug()
        await office.says("modem", "not there")
        pbx.drop()
        logging.getLogger("gateway.test").error("a fault with +12165550137, secret simulated", exc_info=_fault())
        await office.missed("2165559902")
    said = lines.getvalue()
    assert len(said.splitlines()) > 3 * len(CALLERS)
    for number in (*CALLERS, "2165559901", "2165559902", "2165550190", "2165550188"):
        assert number not in re.sub(r"[^0-9\n]", "", said), number
    for word in ("4711", "simulated,", "boiler", "Elm Street", "basement", "sorry we missed"):
        assert word.lower() not in said.lower(), word
    for line in said.splitlines():
        assert re.match(r"<[2-7]>[A-Z]+ [a-z_.]+: \S", line), line


def _fault() -> Exception:
    try:
        try:
            raise ValueError("no place\nfor +1 216 555 0137")
        except ValueError as error:
            raise RuntimeError("and so\r\non") from error
    except RuntimeError as error:
        return error


def test_an_error_is_one_line_with_its_place() -> None:
    record = logging.LogRecord("gateway.x", logging.ERROR, "", 0, "failed\nbadly", (), (RuntimeError, _fault(), None))
    line = journal.OneLine(weights=False).format(record)
    assert "\n" not in line
    assert line.startswith("ERROR gateway.x: failed | badly | RuntimeError: and so | on (test_logs.py:")
    assert "from ValueError: no place | for ***0137" in line
