"""Calls whose end comes late, twice, from two sources or never: one outcome each, and nobody is forgotten or texted in vain."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.core.events import CallEnded, CallRang, CallReason, CallSource, ClockJumped
from tests.gateway.box import MAIN, START, PortModem, VirtualClock, living
from tests.gateway.office import CALLER, OWNER

AMI, MODEM = CallSource.AMI, CallSource.MODEM
OTHER = "+12165550141"
ONCALL = "+12165550155"
OUTCOMES = "SELECT state, no_text FROM calls ORDER BY id"
OPEN_TASKS = "SELECT kind, peer FROM tasks WHERE closed_at IS NULL ORDER BY id"


async def test_a_call_whose_end_is_never_told_gets_an_outcome_and_is_on_the_call_back_list(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.rings()
        await box.wait(3 * 3600)
        assert await box.rows(OUTCOMES) == [("not_texted", "unknown_outcome")]
        assert await box.rows(OPEN_TASKS) == [("call_back", CALLER)]
        assert box.modem.air == []


async def test_a_call_that_was_answered_and_never_ends_counts_as_answered(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.answered(await box.rings())
        await box.wait(3 * 3600)
        assert await box.rows("SELECT state FROM calls") == [("ringing",)]
        await box.wait(10 * 3600)
        assert await box.rows(OUTCOMES) == [("not_texted", "not_missed")]
        assert await box.rows(OPEN_TASKS) == []


async def test_a_call_that_was_given_up_and_is_told_later_has_the_later_outcome(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        key = await box.rings()
        await box.wait(3 * 3600)
        await box.ends_answered(key)
        assert await box.rows(OUTCOMES) == [("not_texted", "not_missed")]
        assert await box.rows(OPEN_TASKS) == []


async def test_a_call_that_nobody_saw_end_and_that_was_missed_after_all_is_texted_if_young(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        key = await box.rings()
        await box.happens(CallEnded(key, AMI, box.clock.now(), CALLER, MAIN, None, CallReason.UNKNOWN))
        await box.wait(30)
        await box.misses(key=key)
        await box.wait(30)
        assert await box.rows(OUTCOMES) == [("texted", "")]
        assert len(box.texts_to()) == 1
        await box.misses(key=key)
        await box.wait(30)
        assert len(box.texts_to()) == 1


async def test_a_stuck_call_does_not_keep_its_caller_from_being_listed(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.rings()  # the link to the PBX is lost now
        await box.wait(60)
        await box.misses(source=MODEM)
        await box.wait(1800)
        assert await box.rows(OUTCOMES) == [("ringing", ""), ("not_texted", "stale")]
        assert await box.rows(OPEN_TASKS) == [("call_back", CALLER)]
        say = (await box.rows("SELECT say FROM calls WHERE id = 2"))[0][0]
        assert "on the line" in say
        assert "modem" not in say
        await box.wait(2 * 3600)
        await box.misses(source=MODEM)
        await box.wait(60)
        assert len(box.texts_to()) == 1


async def test_a_caller_who_is_on_the_line_again_is_texted_a_settle_delay_after_hanging_up(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses()
        key = await box.rings()
        await box.wait(120)
        assert box.texts_to() == []
        await box.misses(key=key)
        await box.wait(14)
        assert box.texts_to() == []
        await box.wait(2)
        assert len(box.texts_to()) == 1


async def test_a_call_answered_at_the_office_that_also_rang_at_the_modem_is_not_texted(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        desk, cell = await box.rings(), await box.rings(source=MODEM)
        await box.wait(10)
        await box.answered(desk)
        await box.wait(9)  # the modem notices by silence that it rings no more
        await box.misses(source=MODEM, key=cell)
        assert await box.rows("SELECT state, no_text FROM calls WHERE id = 2") == [("not_texted", "office_reached")]
        await box.wait(1800)  # a long conversation
        await box.ends_answered(desk)
        await box.wait(60)
        assert box.modem.air == []
        assert await box.rows(OPEN_TASKS) == []


@pytest.mark.parametrize("modem_first", [True, False])
@pytest.mark.parametrize("lag", [0, 3, 59])
@pytest.mark.parametrize("spelling", ["+12165550137", "2165550137", "12165550137", "5550137", '"ANN LEE" <2165550137>'])
async def test_one_call_seen_by_both_sources_is_texted_once_however_its_number_is_spelt(
    tmp_path: Path, modem_first: bool, lag: int, spelling: str
) -> None:
    async with living(tmp_path / "box") as box:
        first, second = (MODEM, AMI) if modem_first else (AMI, MODEM)
        await box.misses(spelling, first)
        await box.wait(lag)
        await box.misses(CALLER, second)
        await box.wait(600)
        assert len(box.texts_to()) == 1
        assert await box.rows(OUTCOMES) == [("texted", ""), ("not_texted", "duplicate")]


async def test_a_linkedid_that_comes_round_is_another_call(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses(key="1700000000.0")
        await box.wait(60)
        await box.rings(key_is="1700000000.0", caller=OTHER)
        await box.misses(OTHER, key="1700000000.0")
        await box.wait(60)
        assert len(box.texts_to(OTHER)) == 1
        assert await box.rows(OUTCOMES) == [("texted", ""), ("texted", "")]
        await box.wait(13 * 3600)
        await box.misses(key="1700000000.0")
        await box.wait(60)
        assert len(box.texts_to()) == 2


async def test_the_end_of_a_call_told_again_is_no_other_call(tmp_path: Path) -> None:
    modem, clock = PortModem(), VirtualClock()
    async with living(tmp_path / "box", modem=modem, clock=clock) as box:
        await box.misses(key="c")
        await box.wait(30)
        await box.misses(key="c")
    async with living(tmp_path / "box", modem=modem, clock=clock) as box:
        await box.happens(CallRang("c", AMI, START, CALLER, MAIN))
        await box.misses(key="c")
        await box.wait(60)
        assert len(box.texts_to()) == 1
        assert len(await box.rows(OUTCOMES)) == 1


async def test_a_stuck_call_whose_key_somebody_else_gets_is_given_its_outcome(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.rings(key_is="k")
        await box.wait(60)
        await box.rings(key_is="k", caller=OTHER)
        await box.misses(OTHER, key="k")
        await box.wait(60)
        assert await box.rows(OUTCOMES) == [("not_texted", "unknown_outcome"), ("texted", "")]
        assert await box.rows(OPEN_TASKS) == [("call_back", CALLER)]


async def test_the_line_that_is_known_only_at_the_end_counts(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.happens(CallRang("k", AMI, box.clock.now(), None, None))
        await box.misses(key="k")
        await box.wait(60)
        assert await box.rows("SELECT line, state FROM calls") == [("main", "texted")]


async def test_two_restarts_in_mid_call_leave_one_text(tmp_path: Path) -> None:
    modem, clock = PortModem(), VirtualClock()
    for life in range(3):
        async with living(tmp_path / "box", modem=modem, clock=clock) as box:
            await box.happens(CallRang(f"modem-{life}-1", MODEM, clock.now(), CALLER, MAIN))
            await box.wait(3)
    async with living(tmp_path / "box", modem=modem, clock=clock) as box:
        await box.wait(60)
        assert len(box.texts_to()) == 1
        assert [state for (state, _) in await box.rows(OUTCOMES)].count("ringing") == 0


async def test_a_machine_that_calls_all_day_costs_one_text_one_task_and_few_alerts(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        for _ in range(400):
            await box.misses(did=ONCALL)
            await box.wait(20)
        assert len(box.texts_to()) == 1
        assert len(box.texts_to(OWNER)) <= 12 * 3
        assert await box.rows("SELECT count(*) FROM calls") == [(400,)]
        assert await box.rows("SELECT count(*) FROM calls WHERE state IN ('ringing', 'waiting', 'held')") == [(0,)]


async def test_a_landline_that_calls_all_day_is_one_entry_on_the_call_back_list(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.hears("STOP")
        for _ in range(50):
            await box.misses()
            await box.wait(60)
        assert await box.rows(OPEN_TASKS) == [("call_back", CALLER)]


async def test_names_and_numbers_of_absurd_length_do_not_reach_the_page(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.happens(
            CallEnded(
                "k",
                AMI,
                box.clock.now(),
                "2" * 70_000,
                "9" * 70_000,
                True,
                CallReason.NO_ANSWER,
                caller_name="N" * 70_000,
            )
        )
        row = (await box.rows("SELECT caller, caller_name, did, line, no_text FROM calls"))[0]
        assert max(map(len, row)) <= 200
        assert row[4] == "invalid_number"


async def test_the_clock_set_back_and_forth_brings_nobody_a_second_text(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        born = START - timedelta(seconds=1)

        async def jump(seconds: float) -> None:
            nonlocal born
            box.clock.moment += timedelta(seconds=seconds)
            since = born
            born += timedelta(seconds=seconds)
            await box.happens(ClockJumped(box.clock.now(), seconds, since))

        await box.misses()
        await box.wait(60)
        for hours in (13, -26, 48, -35):
            await jump(hours * 3600)
            await box.misses()
            await box.wait(120)
        assert len(box.texts_to()) == 1
        await box.wait(12 * 3600)
        await box.misses()
        await box.wait(120)
        assert len(box.texts_to()) == 2


async def test_a_part_of_a_text_is_shown_in_ten_minutes_although_the_clock_was_set_back(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.hears("the first half", ref=1, total=2, number=1)
        await box.wait(60)
        box.clock.moment -= timedelta(days=1)
        await box.happens(ClockJumped(box.clock.now(), -86400.0, START - timedelta(seconds=1)))
        await box.wait(600)
        assert len(await box.rows("SELECT body FROM letters")) == 1
