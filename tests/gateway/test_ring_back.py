"""The office rings a missed caller back: no text when they spoke, the text when they did not, and what the page says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.core.events import BoxStarted, OfficeCalled, OfficeRings, Switched, TaskClosed
from gateway.core.numbers import read_dialled
from tests.gateway.box import BUSINESS, Box, VirtualClock, living
from tests.gateway.office import CALLER

CALLS = "SELECT state, no_text, say FROM calls ORDER BY id"
OPEN = "SELECT kind, say FROM tasks WHERE closed_at IS NULL ORDER BY id"
CLOSED = "SELECT kind, closed_by FROM tasks WHERE closed_at IS NOT NULL ORDER BY id"


async def rings(box: Box, to: str = "12165550137", by: str | None = "102") -> None:
    await box.happens(OfficeRings(box.clock.now(), to, by))


async def called(
    box: Box, reached: bool, to: str = "12165550137", by: str | None = "102", *, over: bool = True
) -> None:
    await box.happens(OfficeCalled(box.clock.now(), to, reached, by, over))


async def paused(box: Box) -> None:
    """Whoever misses us now is put on the call-back list."""
    await box.happens(Switched(box.clock.now(), "pause", "lunch", "ann"))


async def test_a_caller_who_is_rung_back_and_reached_gets_no_text(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses()
        await box.wait(4)
        await rings(box)
        await box.wait(4)
        await called(box, True, over=False)
        await box.wait(600)
        await called(box, True)
        await box.wait(3600)
        assert box.modem.air == []
        assert await box.rows(CALLS) == [
            ("not_texted", "office_reached", "the office (102) has spoken with the caller")
        ]


async def test_the_text_waits_while_the_office_is_ringing_the_caller(tmp_path: Path) -> None:
    """The settle delay is over long before a telephone is picked up."""
    async with living(tmp_path / "box") as box:
        await box.misses()
        await box.wait(5)
        await rings(box)
        assert (await box.rows(CALLS))[0][2] == "the office (102) is ringing back, will be texted if nobody answers"
        await box.wait(40)
        assert box.modem.air == []
        await called(box, True, over=False)
        await box.wait(3600)
        assert box.modem.air == []


async def test_a_caller_who_does_not_answer_the_office_is_texted_at_once(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses()
        await box.wait(5)
        await rings(box)
        await box.wait(35)
        await called(box, False)
        assert len(box.texts_to()) == 1
        assert await box.rows(CALLS) == [("texted", "", "texted in 40 s, slow: the office rang back first")]


async def test_an_attempt_within_the_settle_time_does_not_hurry_the_text(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses()
        await box.wait(2)
        await rings(box)
        await box.wait(3)
        await called(box, False)
        assert box.modem.air == []
        assert (await box.rows(CALLS))[0][2] == "the office (102) rang back in vain, is being texted"
        await box.wait(12)
        assert len(box.texts_to()) == 1


async def test_a_call_of_the_office_whose_end_is_not_told_holds_the_text_up_for_some_minutes_only(
    tmp_path: Path,
) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses()
        await rings(box)
        await box.wait(9 * 60)
        assert box.modem.air == []
        await box.wait(2 * 60)
        assert len(box.texts_to()) == 1


async def test_after_a_restart_no_call_of_the_office_holds_a_text_up(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with living(tmp_path / "box", clock=clock) as box:
        await box.misses()
        await rings(box)
    async with living(tmp_path / "box", clock=clock) as box:
        await box.happens(BoxStarted(clock.now()))
        await box.wait(60)
        assert len(box.texts_to()) == 1


async def test_who_speaks_with_the_office_when_their_own_call_ends_is_not_texted(tmp_path: Path) -> None:
    """The two call each other at the same time."""
    async with living(tmp_path / "box") as box:
        key = await box.rings()
        await rings(box)
        await box.wait(5)
        await called(box, True, over=False)
        await box.wait(10)
        await box.misses(key=key)
        await box.wait(600)
        await called(box, True)
        await box.wait(3600)
        assert box.modem.air == []


async def test_a_talk_before_the_missed_call_is_none_about_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.rings(key_is="first")
        await box.ends_answered("first")
        await rings(box)
        await called(box, True)
        await box.wait(60)
        await box.misses()
        await box.wait(60)
        assert len(box.texts_to()) == 1


async def test_a_talk_closes_the_call_back_and_says_who_spoke_and_when(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await paused(box)
        await box.misses()
        assert [kind for kind, _ in await box.rows(OPEN)] == ["call_back"]
        await box.wait(14 * 60)
        await called(box, True)
        assert await box.rows(OPEN) == []
        assert await box.rows(CLOSED) == [("call_back", "the office (102) spoke with them at 10:14 AM")]


async def test_a_call_that_stood_on_the_call_back_list_says_that_it_is_done(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        box.modem.ready = False
        await box.misses()
        await box.wait(20 * 60)
        assert (await box.rows(CALLS))[0][2] == "modem down, on the call-back list"
        await called(box, True, by=None)
        assert (await box.rows(CALLS))[0][2] == "modem down; the office spoke with them at 10:20 AM"


async def test_a_call_back_that_was_done_long_ago_is_not_credited_with_a_later_talk(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        box.modem.ready = False
        for _ in range(2):
            await box.misses()
            await box.wait(20 * 60)
            if not await box.rows(CLOSED):
                await box.happens(TaskClosed(box.clock.now(), 1, "ann"))
        await called(box, True)
        assert [say for _, _, say in await box.rows(CALLS)] == [
            "modem down, on the call-back list",
            "modem down; the office (102) spoke with them at 10:40 AM",
        ]


async def test_a_later_call_that_is_answered_closes_the_call_back_of_an_earlier_one(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await paused(box)
        await box.misses()
        await box.wait(60)
        key = await box.rings()
        await box.answered(key)
        assert await box.rows(OPEN) == []


async def test_a_talk_that_is_told_late_leaves_the_call_back_of_a_newer_call_open(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await paused(box)
        await box.misses()
        await box.wait(600)
        await box.misses()
        await box.happens(OfficeCalled(box.clock.now() - timedelta(minutes=5), CALLER, True, "102"))
        assert [kind for kind, _ in await box.rows(OPEN)] == ["call_back"]


async def test_attempts_are_noted_on_the_call_back_and_leave_it_open(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await paused(box)
        await box.misses()
        say = (await box.rows(OPEN))[0][1]
        await box.wait(60)
        await called(box, False)
        assert await box.rows(OPEN) == [("call_back", f"{say}; rung back by 102 at 10:01 AM, not reached")]
        for _ in range(2):
            await box.wait(60)
            await called(box, False, by=None)
        last = "rung 3 times, last by the office at 10:03 AM, not reached"
        assert await box.rows(OPEN) == [("call_back", f"{say}; {last}")]


async def test_what_a_caller_wrote_stays_to_be_read_and_says_that_there_was_a_talk(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.hears("my furnace is out")
        say = (await box.rows(OPEN))[0][1]
        for minute in (1, 2):
            await box.wait(60)
            await called(box, True)
            spoke = f"the office (102) spoke with them at 10:0{minute} AM"
            assert await box.rows(OPEN) == [("wrote", f"{say}; {spoke}")]


async def test_a_text_that_is_held_for_the_morning_is_taken_back_when_the_office_has_reached_the_caller(
    tmp_path: Path,
) -> None:
    night = VirtualClock(datetime.fromisoformat("2026-03-02T23:00:00-05:00"))
    quiet = replace(BUSINESS.lines[0], quiet_hours=BUSINESS.lines[1].quiet_hours)
    business = replace(BUSINESS, lines=(quiet, *BUSINESS.lines[1:]))
    async with living(tmp_path / "box", business, clock=night) as box:
        await box.misses()
        assert (await box.rows(CALLS))[0][0] == "held"
        await rings(box)
        await called(box, False)
        assert (await box.rows(CALLS))[0][0] == "held"
        await called(box, True)
        assert (await box.rows(CALLS))[0][:2] == ("not_texted", "office_reached")
        await box.wait(12 * 3600)
        assert box.modem.air == []


async def test_who_never_called_is_not_remembered_for_having_been_rung(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await rings(box, "12165550199")
        await called(box, False, "12165550199")
        assert await box.rows("SELECT 1 FROM peers") == []


@pytest.mark.parametrize(
    ("dialled", "number"),
    [
        ("2165550137", "+12165550137"),
        ("12165550137", "+12165550137"),
        ("+12165550137", "+12165550137"),
        ("5550137", "+12165550137"),
        ("912165550137", "+12165550137"),  # an outside line, not India
        ("92165550137", "+12165550137"),
        ("95550137", "+12165550137"),
        ("812165550137", "+12165550137"),
        ("0110112165550137", "+12165550137"),  # a provider's prefix
        ("01144207946000" "0", "+442079460000"),
        ("901144207946000" "0", "+442079460000"),
        ("+442079460000", "+442079460000"),
        ("442079460000", "+442079460000"),
        ("911", None),
        ("102", None),
        ("41411", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_was_dialled(dialled: str, number: str | None) -> None:
    assert read_dialled(dialled, "US", "216").e164 == number


def test_a_number_dialled_behind_a_digit_for_an_outside_line_is_read_elsewhere_too() -> None:
    assert read_dialled("902079460000", "GB", "").e164 == "+442079460000"
    assert read_dialled("02079460000", "GB", "").e164 == "+442079460000"
