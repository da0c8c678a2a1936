"""A box that was off: what others have noted meanwhile is caught up, each call once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.core.events import (
    CallEnded,
    CallNoted,
    CallRang,
    CallReason,
    CallSource,
    ListedMiss,
    MissedListRead,
    NotedBy,
    PartBroke,
    PartMended,
    SegmentReceived,
)
from tests.gateway.box import BUSINESS, MAIN, Box, VirtualClock, living
from tests.gateway.office import CALLER

OTHER = "+12165550138"
THIRD = "+12165550139"
CODE = "24273"


class Days:
    """A box that is switched off and on."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "box.sqlite3"
        self.clock = VirtualClock()
        self.air: list[tuple[str, str]] = []

    def on(self) -> AsyncIterator[Box]:
        return living(self.path, SIM, clock=self.clock)  # type: ignore[return-value]

    def off(self, **span: float) -> datetime:
        self.clock.moment += timedelta(**span)
        return self.clock.moment


SIM = replace(BUSINESS, carriers=("+18055550149",), rings_at=MAIN)


@pytest.fixture
def days(tmp_path: Path) -> Days:
    return Days(tmp_path)


def cdr(at: datetime, caller: str = CALLER, *, key: str = "1.1", missed: bool = True, identity: str = "") -> CallNoted:
    return CallNoted(
        NotedBy.CDR,
        "asterisk",
        identity or key,
        at,
        caller,
        MAIN,
        missed,
        CallReason.NO_ANSWER if missed else CallReason.ANSWERED,
        earliest=at - timedelta(seconds=20),
        latest=at,
        key=key,
        answered_by=None if missed else "102",
        started_at=at - timedelta(seconds=20),
    )


def listed(box: Box, *numbers: str) -> MissedListRead:
    return MissedListRead(box.clock.now(), "modem", tuple(ListedMiss(number) for number in numbers), MAIN)


async def calls(box: Box, caller: str = CALLER) -> list[tuple[str, str]]:
    rows = await box.rows("SELECT state, say FROM calls WHERE peer = ? ORDER BY id", caller)
    return [(row[0], row[1]) for row in rows]


async def to_ring(box: Box) -> list[tuple[str, str]]:
    return [
        (r[0], r[1])
        for r in await box.rows("SELECT peer, say FROM tasks WHERE kind = 'call_back' AND closed_at IS NULL")
    ]


async def test_a_call_of_a_short_outage_is_texted_and_one_of_a_long_one_is_rung_back_with_the_reason(
    days: Days,
) -> None:
    async with days.on() as box:
        await box.misses(THIRD)
        await box.wait(120)
    young = days.off(minutes=5)
    days.off(minutes=2)
    async with days.on() as box:
        await box.happens(cdr(young, key="1.1"))
        await box.wait(60)
        assert len(box.texts_to(CALLER)) == 1
    old = days.off(hours=1)
    days.off(hours=5)
    async with days.on() as box:
        await box.happens(cdr(old, OTHER, key="1.2"))
        await box.wait(60)
        assert box.texts_to(OTHER) == []
        say = (await to_ring(box))[0][1]
        assert say.startswith("we were off from Mar 2, 10:")
        assert say.endswith("to Mar 2, 4:10 PM")
        assert await calls(box, OTHER) == [("not_texted", f"{say}, on the call-back list")]


async def test_what_was_seen_is_not_caught_up_again_whoever_tells_it(days: Days) -> None:
    async with days.on() as box:
        await box.happens(listed(box))
        at = box.clock.now()
        await box.misses(key="1.1")
        await box.misses(OTHER, CallSource.MODEM)
        await box.wait(60)
    days.off(minutes=3)
    async with days.on() as box:
        for _ in range(2):
            await box.happens(cdr(at, key="1.1"))
            await box.happens(listed(box, OTHER[2:]))
        await box.wait(60)
        assert len(await calls(box)) == len(await calls(box, OTHER)) == 1
        assert box.texts_to(CALLER) == box.texts_to(OTHER) == []


async def test_the_records_of_the_phone_system_settle_a_call_whose_end_was_not_seen(days: Days) -> None:
    async with days.on() as box:
        await box.happens(CallRang("1.1", CallSource.AMI, box.clock.now(), CALLER, MAIN))
        await box.happens(CallRang("1.2", CallSource.AMI, box.clock.now(), OTHER, MAIN))
    at = days.off(seconds=30)
    days.off(minutes=2)
    async with days.on() as box:
        assert {peer for peer, _ in await to_ring(box)} == {CALLER, OTHER}
        await box.happens(cdr(at, key="1.1"))
        await box.happens(cdr(at, OTHER, key="1.2", missed=False))
        await box.wait(60)
        assert len(box.texts_to(CALLER)) == 1
        assert box.texts_to(OTHER) == []
        assert OTHER not in {peer for peer, _ in await to_ring(box)}


async def test_who_was_missed_and_spoken_with_in_one_outage_is_not_rung_back(days: Days) -> None:
    async with days.on() as box:
        await box.misses(THIRD)
    one, two = days.off(hours=1), days.off(hours=1)
    days.off(hours=2)
    async with days.on() as box:
        await box.happens(cdr(one, key="1.1"))
        await box.happens(cdr(two, key="1.2", missed=False))
        await box.wait(60)
        assert box.texts_to(CALLER) == []
        assert CALLER not in {peer for peer, _ in await to_ring(box)}


async def test_the_modems_list_tells_of_calls_while_the_box_was_off(days: Days) -> None:
    async with days.on() as box:
        await box.happens(listed(box, "2165550111"))  # of before the box was there: nobody knows how old
        await box.wait(60)
        assert await box.rows("SELECT * FROM calls") == []
    days.off(minutes=4)
    async with days.on() as box:
        await box.happens(listed(box, CALLER[2:], "2165550111"))
        await box.wait(60)
        assert len(box.texts_to(CALLER)) == 1
    days.off(hours=4)
    async with days.on() as box:
        await box.happens(listed(box, OTHER[2:], CALLER[2:], "2165550111"))
        await box.happens(listed(box, OTHER[2:], CALLER[2:], "2165550111"))
        await box.wait(60)
        assert box.texts_to(OTHER) == []
        assert [peer for peer, _ in await to_ring(box)] == [OTHER]


async def test_a_list_of_which_nothing_is_left_is_of_unknown_age_and_nobody_on_it_is_texted(days: Days) -> None:
    async with days.on() as box:
        await box.happens(listed(box, "2165550111"))
    days.off(seconds=30)
    async with days.on() as box:
        await box.happens(listed(box, CALLER[2:], OTHER[2:]))
        await box.wait(60)
        assert box.modem.air == []
        assert {peer for peer, _ in await to_ring(box)} == {CALLER, OTHER}


async def test_the_carriers_text_is_a_missed_call_and_no_customer(days: Days) -> None:
    async with days.on() as box:
        await box.hears(f"You missed a call from {CALLER[2:]}", CODE, scts=box.clock.now())
        await box.wait(60)
        assert len(box.texts_to(CALLER)) == 1
        assert box.texts_to(CODE) == []
        assert await box.rows("SELECT * FROM leads WHERE peer = ?", CODE) == []
        await box.hears(f"Missed call from {OTHER[2:]}", "+18055550149", scts=box.clock.now())
        await box.wait(60)
        assert len(box.texts_to(OTHER)) == 1


async def test_an_ordinary_telephone_that_writes_like_the_carrier_is_not_believed(days: Days) -> None:
    async with days.on() as box:
        await box.hears(f"You missed a call from {CALLER[2:]}", OTHER, scts=box.clock.now())
        await box.wait(60)
        assert await calls(box) == []
        assert box.texts_to(CALLER) == []


@pytest.mark.parametrize("number", ["9005550143", "2165550188", "911", "+12165550100", "1" * 30])
async def test_a_carriers_text_with_a_number_that_cannot_be_a_caller_texts_nobody(number: str, days: Days) -> None:
    async with days.on() as box:
        await box.hears(f"You missed a call from {number}", CODE, scts=box.clock.now())
        await box.wait(60)
        assert box.modem.air == []


async def test_the_carrier_the_list_and_the_records_tell_of_one_call(days: Days) -> None:
    async with days.on() as box:
        await box.happens(listed(box))
    at = days.off(minutes=3)
    days.off(minutes=1)
    async with days.on() as box:
        scts = at + timedelta(seconds=20)
        await box.hears(f"You missed a call from {CALLER[2:]}", CODE, scts=scts, identity="pdu1")
        await box.happens(listed(box, CALLER[2:]))
        await box.happens(cdr(at, key="1.7"))
        await box.wait(60)
        assert len(await calls(box)) == 1
        assert len(box.texts_to(CALLER)) == 1


async def test_two_calls_of_one_person_in_one_outage_are_two(days: Days) -> None:
    async with days.on() as box:
        await box.happens(listed(box))
    one = days.off(minutes=3)
    two = days.off(minutes=1)
    days.off(minutes=1)
    async with days.on() as box:
        await box.happens(cdr(one, key="1.7"))
        await box.happens(cdr(two, key="1.8"))
        await box.happens(listed(box, CALLER[2:], CALLER[2:]))
        await box.wait(60)
        assert len(await calls(box)) == 2
        assert len(box.texts_to(CALLER)) == 1


async def test_an_outage_of_a_modem_is_told_as_one(days: Days) -> None:
    async with days.on() as box:
        await box.happens(listed(box))
        since = box.clock.now()
        await box.wait(3600)
        await box.happens(PartBroke(box.clock.now(), "modem", since, "It is gone. Plug it in."))
        await box.wait(3600)
        await box.happens(listed(box, CALLER[2:]))
        await box.happens(PartMended(box.clock.now(), "modem"))
        await box.wait(60)
        assert (await to_ring(box))[0] == (CALLER, "modem was out of order from Mar 2, 10:00 AM to Mar 2, 12:00 PM")


async def test_a_live_call_after_the_list_was_read_is_a_call_of_its_own(days: Days) -> None:
    async with days.on() as box:
        await box.happens(listed(box))
    days.off(minutes=4)
    async with days.on() as box:
        await box.happens(listed(box, CALLER[2:]))
        await box.wait(600)
        at = box.clock.now()
        await box.happens(CallEnded("m2", CallSource.MODEM, at, CALLER, MAIN, True, CallReason.NO_ANSWER, ring_s=20.0))
        assert len(await calls(box)) == 2


async def test_a_text_of_the_carriers_is_kept_as_it_came(days: Days) -> None:
    async with days.on() as box:
        await box.happens(
            SegmentReceived("pdu", box.clock.now(), CODE, f"Missed call from {CALLER[2:]}", scts=box.clock.now())
        )
        assert [row[0] for row in await box.rows("SELECT body FROM letters")] == [f"Missed call from {CALLER[2:]}"]
