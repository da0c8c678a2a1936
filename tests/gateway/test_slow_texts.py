"""A text that took longer than it should says why on its call, and is counted."""

from __future__ import annotations

import io
import json

import pytest

from gateway.cli.simulate import Simulation
from tests.gateway.office import MILLER, Event, at, call, wait

DOWN = {"at": at(-10), "event": "modem", "state": "down"}
REFUSING = {"at": at(-10), "event": "modem", "state": "refusing"}


def sentence(*events: Event) -> str:
    """What the first call says in the end."""
    box = Simulation(MILLER, io.StringIO())
    try:
        for number, event in enumerate(events, 1):
            box.feed(json.loads(json.dumps(event)), number)
        return str(box._db.execute("SELECT say FROM calls ORDER BY id LIMIT 1").fetchone()[0])
    finally:
        box.close()


@pytest.mark.parametrize(
    ("events", "say"),
    [
        ((call(), wait(60)), "texted in 15 s"),
        ((DOWN, call(), {"at": at(90), "event": "modem", "state": "up"}, wait(120)), ", slow: it had to wait for the modem or the network"),
        ((REFUSING, call(), {"at": at(40), "event": "modem", "state": "up"}, wait(300)), ", slow: it was refused at first"),
        ((call(processed_at=at(200)), wait(300)), ", slow: the box learnt of the call late"),
    ],
)  # fmt: skip
def test_a_slow_text_says_what_it_waited_for(events: tuple[Event, ...], say: str) -> None:
    assert sentence(*events).endswith(say)


def test_a_text_that_was_held_for_the_morning_is_not_slow() -> None:
    night = "2026-03-02T23:00:00-05:00"
    morning = {"at": "2026-03-03T08:00:00-05:00", "event": "wait"}
    said = sentence(call(at=night, line="ads"), morning)
    assert said.startswith(("texted in 9 h", "texted in 8 h"))
    assert "slow" not in said
