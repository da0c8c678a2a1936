"""Time without a clock: who tells it, what happens meanwhile, and what a wrong clock may not break."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway import machinetime
from tests.trouble.office import in_trouble
from tests.trouble.test_clock import CALLER, EARLIER, LATER, Wall, in_1970

MONTHS = timedelta(days=60)


def no_clock_of_its_own() -> bool:
    return False


async def test_a_box_without_a_clock_texts_nobody_until_the_mobile_network_has_told_it_the_time(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    wall = Wall(timedelta(hours=-9))  # it was off for the night and wakes where it went to sleep
    async with in_trouble(tmp_path, pbx, modem, clock=wall, keeps=no_clock_of_its_own) as office:
        report = await office.says("clock", "does not know what time it is now", "Callers are not texted until")
        assert "internet" in report.remedy
        await office.is_well("asterisk")
        await office.missed(CALLER)
        assert (await office.outcome(CALLER)).outcome == "clock_unsure"
        modem.network.nitz = True
        modem.urc("+CTZV: -20")
        await office.is_well("clock")
        assert "The box goes by the mobile network's time: its own clock is 9 h 0 min behind." in await office.page(
            "health"
        )
        assert abs(office.gateway.clock.now() - datetime.now(UTC)) < timedelta(seconds=10)
        await office.missed(LATER)
        await office.is_texted(LATER)


async def test_a_box_that_wakes_in_1970_goes_by_the_networks_time_and_its_records_stay_where_they_were(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        await office.missed(EARLIER)
        await office.is_texted(EARLIER)
    before = datetime.now(UTC)
    wall = in_1970()
    async with in_trouble(tmp_path, pbx, modem, clock=wall, keeps=no_clock_of_its_own) as office:
        await office.says("clock", "shows Dec 31, 1969, 7:01 PM", "has passed already")
        await office.is_well("asterisk")
        await office.missed(CALLER)
        assert (await office.outcome(CALLER)).outcome == "clock_unsure"
        modem.network.nitz = True
        modem.urc("+CTZV: -20")
        await office.is_well("clock")
        first = await office.outcome(EARLIER)
        assert before - timedelta(minutes=5) < first.started_at < before
        await office.missed(EARLIER)
        await office.until_outcomes(EARLIER, ["cooldown", "texted"])
        await office.missed(LATER)
        await office.is_texted(LATER)
        wall.offset = timedelta()  # and then the internet is there, too
        await office.until(lambda: office.gateway.clock.now() - datetime.now(UTC) < timedelta(seconds=5), "same time")
        await office.missed(EARLIER)
        await office.until_outcomes(EARLIER, ["cooldown", "cooldown", "texted"])


async def test_a_clock_set_from_1970_leaves_what_earlier_runs_wrote_where_it_was(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        await office.missed(EARLIER)
        await office.is_texted(EARLIER)
    before = datetime.now(UTC)
    wall = in_1970()
    async with in_trouble(tmp_path, pbx, modem, clock=wall, keeps=no_clock_of_its_own) as office:
        await office.says("clock", "has passed already")
        await office.is_well("asterisk")
        wall.offset = timedelta()
        await office.all_well()
        assert before - timedelta(minutes=5) < (await office.outcome(EARLIER)).started_at < before
        await office.missed(EARLIER)
        await office.until_outcomes(EARLIER, ["cooldown", "texted"])
        await office.missed(LATER)
        await office.is_texted(LATER)


async def test_a_text_that_waited_through_an_outage_is_not_put_off_by_a_clock_that_woke_in_1970(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    await modem.stop()
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.is_well("asterisk")
        await office.missed(CALLER)
        await office.until_outcomes(CALLER, ["waiting"])
    wall = in_1970()
    async with in_trouble(tmp_path, pbx, modem, clock=wall, synchronised=False, keeps=no_clock_of_its_own) as office:
        await office.says("clock", "has passed already")
        wall.offset = timedelta()
        await office.is_well("clock")
        await modem.start()
        outcome = await office.outcome(CALLER)
        assert outcome.outcome in ("texted", "clock_unsure", "modem_down")
        assert abs(outcome.started_at - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.parametrize("days", [2, -2])
async def test_a_clock_that_is_days_wrong_is_put_right_by_the_network_before_anything_leaves(
    days: int, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    modem.network.nitz = True
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        await office.missed(CALLER)
        await office.is_texted(CALLER)
    wall = Wall(timedelta(days=days))
    async with in_trouble(tmp_path, pbx, modem, clock=wall) as office:
        way = "ahead" if days > 0 else "behind"
        await office.until(
            lambda: (report := office.report("clock")) is not None and f"is 2 days {way}" in report.say, "put right"
        )
        await office.is_well("asterisk")
        await office.missed(CALLER)
        await office.until_outcomes(CALLER, ["cooldown", "texted"])
        await office.missed(LATER)
        await office.is_texted(LATER)
        wall.set(days=-days)  # somebody sets it right: the time that the box goes by does not move
        await office.missed(CALLER)
        await office.until_outcomes(CALLER, ["cooldown", "cooldown", "texted"])
        assert len(office.texts_to(CALLER)) == 1
        assert "The clock is right: the mobile network says so." in await office.page("health")


async def test_what_a_clock_wrote_that_was_ahead_is_no_past_once_somebody_knew_better(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = Wall(timedelta(days=2))
    async with in_trouble(tmp_path, pbx, modem, clock=wall) as office:
        await office.all_well()
        await office.missed(CALLER)
        await office.is_texted(CALLER)
    for start, caller in (
        ("told by the network", LATER),
        ("told by nobody", EARLIER),
    ):  # the machine starts anew each time, by the right clock
        monkeypatch.setattr("gateway.clockwatch.boot_id", lambda start=start: start)
        modem.network.nitz = start == "told by the network"
        wall.offset = timedelta()
        async with in_trouble(tmp_path, pbx, modem, clock=wall) as office:
            await office.is_well("clock")
            assert abs(office.gateway.clock.now() - datetime.now(UTC)) < timedelta(seconds=10)
            await office.is_well("asterisk")
            await office.missed(caller)
            await office.is_texted(caller)


async def test_a_clock_that_is_set_days_ahead_and_back_while_the_network_tells_the_time_changes_nothing(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    modem.network.nitz = True
    wall = Wall()
    async with in_trouble(tmp_path, pbx, modem, clock=wall) as office:
        await office.all_well()
        await office.until(
            lambda: "mobile network" in (report.say if (report := office.report("clock")) else ""), "told"
        )
        await office.missed(CALLER)
        await office.is_texted(CALLER)
        wall.set(days=2)
        await office.missed(CALLER)
        await office.until_outcomes(CALLER, ["cooldown", "texted"])
        assert "its own clock is 2 days ahead" in await office.page("health")
        wall.set(days=-2)
        await office.missed(CALLER)
        await office.until_outcomes(CALLER, ["cooldown", "cooldown", "texted"])
        assert len(office.texts_to(CALLER)) == 1


async def test_after_a_restart_of_the_gateway_the_time_that_was_told_still_holds(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    modem.network.nitz = True
    wall = Wall(timedelta(hours=-9))
    async with in_trouble(tmp_path, pbx, modem, clock=wall, keeps=no_clock_of_its_own) as office:
        await office.is_well("clock")
        await office.until(lambda: office.gateway.watch.news() is None, "written down")
    await modem.stop()
    async with in_trouble(tmp_path, pbx, modem, clock=wall, keeps=no_clock_of_its_own) as office:
        await office.is_well("clock")
        assert abs(office.gateway.clock.now() - datetime.now(UTC)) < timedelta(seconds=10)


@pytest.mark.parametrize("year", [1980, 2004, 2044])
async def test_a_network_that_tells_a_wrong_year_is_not_believed(
    year: int, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    modem.network.nitz, modem.network.wrong_year = True, year
    async with in_trouble(tmp_path, pbx, modem, keeps=no_clock_of_its_own) as office:
        await office.is_well("modem")
        await office.says("clock", "does not know what time it is now")
        await office.missed(CALLER)
        assert (await office.outcome(CALLER)).outcome == "clock_unsure"


async def test_a_network_that_leaves_its_zone_out_confirms_a_clock_and_sets_none(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    modem.network.nitz = modem.network.no_zone = True
    wall = Wall(timedelta(hours=-9))
    async with in_trouble(tmp_path, pbx, modem, clock=wall, keeps=no_clock_of_its_own) as office:
        await office.is_well("modem")
        await office.says("clock", "does not know what time it is now")
    async with in_trouble(tmp_path / "b", pbx, modem) as office:
        await office.is_well("clock")
        await office.until(
            lambda: "mobile network" in (report.say if (report := office.report("clock")) else ""), "told"
        )


@pytest.mark.parametrize(
    ("board", "module", "keeps"),
    [(None, None, True), ("Raspberry Pi 4", None, False), ("Raspberry Pi 5", 0, True), ("Raspberry Pi 5", -9e8, False)],
)
def test_a_board_has_a_clock_of_its_own_only_where_a_module_shows_the_machines_time(
    board: str | None, module: float | None, keeps: bool, tmp_path: Path
) -> None:
    model, modules = tmp_path / "model", tmp_path / "rtc"
    if board is not None:
        model.write_text(board)
    if module is not None:
        (modules / "rtc0").mkdir(parents=True)
        (modules / "rtc0" / "since_epoch").write_text(f"{datetime.now(UTC).timestamp() + module:.0f}\n")
    assert machinetime.keeps_time(model, modules) is keeps


@pytest.mark.parametrize("hours", [-9, 48])
async def test_who_called_before_the_time_was_known_is_texted_by_how_long_ago_it_was_also_after_a_restart(
    hours: int, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall, real, later = Wall(timedelta(hours=hours)), time.clock_gettime, 0.0
    monkeypatch.setattr(time, "clock_gettime", lambda which: real(which) + later)
    async with in_trouble(tmp_path, pbx, modem, clock=wall, keeps=no_clock_of_its_own) as office:
        await office.is_well("asterisk")
        await office.missed(EARLIER)
        assert (await office.outcome(EARLIER)).outcome == "clock_unsure"
        later += 12 * 60  # twelve minutes pass
        wall.set(minutes=12)
        await office.missed(CALLER)
        assert (await office.outcome(CALLER)).outcome == "clock_unsure"
    later += 5 * 60  # the program is started anew after five more
    wall.set(minutes=5)
    async with in_trouble(tmp_path, pbx, modem, clock=wall, keeps=no_clock_of_its_own) as office:
        await office.is_well("modem")
        assert (await office.outcome(CALLER)).outcome == "clock_unsure"
        modem.network.nitz = True
        modem.urc("+CTZV: -20")
        await office.is_texted(CALLER)
        old = await office.outcome(EARLIER)
        assert old.outcome == "stale"
        assert old.say.startswith("the box did not know what time it was until ")
        assert [task.peer for task in await office.gateway.queries.tasks()] == [f"+1{EARLIER}"]
        assert office.texts_to(EARLIER) == []
    async with in_trouble(tmp_path, pbx, modem, clock=wall, keeps=no_clock_of_its_own) as office:
        await office.all_well()
        assert len(office.texts_to(CALLER)) == 1
