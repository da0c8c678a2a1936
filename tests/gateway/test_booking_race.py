"""Two hundred callers want ten windows, in any order, while the modem fails and the box loses its power: what is sold is there."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gateway.core.conversation import bookwords
from gateway.core.conversation.rota import CallWindow
from tests.gateway.booking_office import HALF_DAYS, TUNE_UP, office
from tests.gateway.box import BUSY, NOT_TAKEN, UNSURE, Box, PortModem, VirtualClock, living, reader
from tests.gateway.office import CALLER
from tests.gateway.test_power_cut_people import Life, at_every_point, hears, passes

CALLERS = 200
WINDOWS = 10  # Tuesday to Saturday, a morning and an afternoon
OPEN = office(replace(TUNE_UP, week=(*((HALF_DAYS,) * 6), ()), horizon_days=6), hold_s=1200)
SHOP = replace(OPEN, policy=replace(OPEN.policy, per_minute=1000, per_hour=10_000, per_day=100_000))
ALL_AT_ONCE = "furnace tune up at 1423 Clifton Blvd 44107, my name is Dana Reyes"
BIT_BY_BIT = "I need a furnace tune up in 44107"
CHOICES = (
    "1",
    "2",
    "3",
    "the first one please",
    "friday morning",
    "any is fine",
    "wednesday",
    "neither",
    "no thanks, never mind",
)
STANDING = "state IN ('held', 'requested', 'confirmed')"


def caller(number: int) -> str:
    return f"+1216555{1000 + number}"


async def one_step(box: Box, rng: random.Random, number: int, step: int) -> None:
    """The next text of a caller."""
    if step == 0:
        words = rng.choice((ALL_AT_ONCE, BIT_BY_BIT))
    elif step == 1:
        words = rng.choice(CHOICES)
    else:
        words = ("Dana Reyes", "1423 Clifton Blvd", rng.choice(("2", "STOP", "ok thanks", "1")))[min(step - 2, 2)]
    await box.hears(words, caller(number), identity=f"{number}: {step}")


async def race(path: Path, seed: int) -> PortModem:
    """All of it, with faults and power cuts."""
    rng = random.Random(seed)
    clock, modem = VirtualClock(), PortModem()
    steps = [number for number in range(CALLERS) for _ in range(rng.choice((2, 3, 4, 5)))]
    rng.shuffle(steps)
    taken: Counter[int] = Counter()
    while steps:
        async with living(path, SHOP, modem, clock, reader()) as box:  # left without goodbye: all is in the commits
            for _ in range(rng.randint(20, 120)):
                if not steps:
                    break
                number = steps.pop()
                if rng.random() < 0.1:
                    modem.answers.append(rng.choice((UNSURE, NOT_TAKEN, BUSY)))
                await one_step(box, rng, number, taken[number])
                taken[number] += 1
                await box.wait(rng.choice((1, 20, 20, 90)))
    async with living(path, SHOP, modem, clock, reader()) as box:
        await box.wait(2 * 3600)
    return modem


def said_to(modem: PortModem, peer: str) -> Sequence[str]:
    return [segment.body for segment in modem.air if segment.to == peer]


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.drill), pytest.param(3, marks=pytest.mark.drill)]
)
async def test_no_window_is_sold_twice_and_nobody_is_told_of_an_appointment_that_is_not_there(
    tmp_path: Path, seed: int
) -> None:
    modem = await race(tmp_path / "box", seed)
    zone = SHOP.zone
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        books = await box.rows(f"SELECT peer, crew, place, begins, ends, state, day FROM appointments WHERE {STANDING}")
        to_tell = {
            peer
            for (peer,) in await box.rows("SELECT peer FROM tasks WHERE closed_at IS NULL AND say LIKE '%tell them%'")
        }
    assert len({(crew, place, begins) for _, crew, place, begins, *_ in books}) == len(books)
    assert WINDOWS - 3 <= len(books) <= WINDOWS, "some windows go to nobody when their callers give up"
    assert not [row for row in books if row[5] == "held"], "nobody waits for ever"
    windows = {}
    for peer, _, _, begins, ends, state, day in books:
        window = CallWindow(datetime.fromtimestamp(begins / 1000, UTC), datetime.fromtimestamp(ends / 1000, UTC), "")
        assert date.fromisoformat(day) == window.begins.astimezone(zone).date()
        windows[peer] = bookwords.told(window, zone, "en")
        told = [
            body for body in said_to(modem, peer) if windows[peer] in body and body.startswith(("Booked", "Requested"))
        ]
        assert told or peer in to_tell, f"{peer} does not know of the appointment, and nobody is to tell them ({state})"
    for number in range(CALLERS):
        peer = caller(number)
        for body in said_to(modem, peer):
            if body.startswith(("Booked", "Requested, not booked yet")):
                assert peer in windows, body
                assert windows[peer] in body


async def test_the_power_fails_at_every_point_of_a_booking(tmp_path: Path) -> None:
    story = [
        hears(BIT_BY_BIT, CALLER),
        passes(60),
        hears("2", CALLER),
        passes(60),
        hears("Dana Reyes", CALLER),
        passes(60),
        hears("1423 Clifton Blvd", CALLER),
        passes(60),
    ]
    lives = await at_every_point(tmp_path, [], story, SHOP, least=12)
    for life in lives:
        kept(life)


def kept(life: Life) -> None:
    books = life.rows("SELECT day, state FROM appointments")
    assert books == [("2026-03-04", "confirmed")], life.path.name
    booked = [body for body in life.texts(CALLER) if body.startswith("Booked")]
    assert len(booked) <= 1, life.path.name
    told = life.rows("SELECT count(*) FROM texts WHERE template = 'booked'")
    assert told == [(1,)], life.path.name
