"""The whole gateway on simulated hardware: it was off while people called, and catches up by itself."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway import catchup
from gateway.records.sightings import outage_begins, outage_ends, unseen_since
from gateway.storage.store import open_memory
from tests.catchup.test_witnesses import csv_of, row
from tests.trouble.conftest import hurry, modem, pbx  # noqa: F401
from tests.trouble.office import QUICK_MODEM, in_trouble
from tests.trouble.test_clock import CALLER, EARLIER, LATER, Wall

STICK = replace(QUICK_MODEM, missed_list_s=0.05)


async def test_calls_at_the_sim_while_the_box_was_off_are_read_from_the_modems_list(
    tmp_path: Path,
    pbx: SimulatedPbx,  # noqa: F811
    modem: SimulatedModem,  # noqa: F811
) -> None:
    async with in_trouble(tmp_path, pbx, modem, stick=STICK) as office:
        await office.forwarded(EARLIER)
        await office.is_texted(EARLIER)
        await office.until(lambda: any("CPBS" in line for _, line in modem.commands), "the list was read")
    for caller in (CALLER, LATER):
        call = modem.ring(caller)
        await asyncio.sleep(0.05)
        call.hang_up()
    async with in_trouble(tmp_path, pbx, modem, stick=STICK) as office:
        await office.is_texted(CALLER)
        await office.is_texted(LATER)
        assert len(office.texts_to(EARLIER)) == 1
    async with in_trouble(tmp_path, pbx, modem, stick=STICK) as office:
        await office.all_well()
        await office.until(lambda: sum('"MC"' in line for _, line in modem.commands) >= 3, "read once more")
        assert [len(office.texts_to(each)) for each in (EARLIER, CALLER, LATER)] == [1, 1, 1]


async def test_calls_of_the_phone_system_while_the_box_was_off_are_read_from_its_records(
    tmp_path: Path,
    pbx: SimulatedPbx,  # noqa: F811
    modem: SimulatedModem,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catchup, "READS_S", (0.1, 0.5))
    records = tmp_path / "Master.csv"
    wall = Wall(timedelta(hours=-8))
    with_cdr = {"secret": f"{pbx.secret}, cdr: {records}"}
    async with in_trouble(tmp_path, pbx, modem, clock=wall, **with_cdr) as office:
        await office.says("asterisk records", "cannot be read", "No such file")
        await office.missed(EARLIER)
        await office.is_texted(EARLIER)
    now = datetime.now(UTC)

    def noted(number: int, caller: str, minutes: float) -> dict[str, str]:
        began = now - timedelta(minutes=minutes)
        key = f"{began.timestamp():.0f}.{number}"
        return row(key, f"{began:%Y-%m-%d %H:%M:%S}", src=caller)

    records.write_text(csv_of(noted(901, LATER, 300), noted(902, CALLER, 2)))
    async with in_trouble(tmp_path, pbx, modem, **with_cdr) as office:
        await office.is_texted(CALLER)
        late = await office.outcome(LATER)
        assert late.outcome == "stale"
        assert late.say.startswith("we were off from ")
        assert office.texts_to(LATER) == []
        assert [task.peer for task in await office.gateway.queries.tasks()] == [f"+1{LATER}"]
        assert (await office.gateway.queries.tasks())[0].say.startswith("we were off from ")
        await office.is_well("asterisk records")
        assert "The box was off from" in await office.page("health")
        assert "2 calls were caught up" in await office.page("health")
    async with in_trouble(tmp_path, pbx, modem, **with_cdr) as office:
        await office.all_well()
        await office.is_well("asterisk records")  # they have been read again
        assert len(office.texts_to(CALLER)) == 1


async def test_calls_of_a_phone_systems_outage_are_read_though_the_box_was_started_in_the_middle_of_it(
    tmp_path: Path,
    pbx: SimulatedPbx,  # noqa: F811
    modem: SimulatedModem,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catchup, "READS_S", (0.1, 0.5))
    now = datetime.now(UTC)
    began = now - timedelta(minutes=50)
    records = tmp_path / "Master.csv"
    with_cdr = {"secret": f"{pbx.secret}, cdr: {records}"}
    records.write_text(csv_of(row("1000000000.1", "2001-09-09 01:46:40", src=EARLIER)))
    async with in_trouble(tmp_path, pbx, modem, clock=Wall(timedelta(minutes=-20)), **with_cdr) as office:
        await office.missed(EARLIER)
        await office.is_texted(EARLIER)
        await office.gateway.store.write(lambda db: outage_begins(db, "asterisk", now - timedelta(hours=1)))
    key = f"{began.timestamp():.0f}.901"
    records.write_text(csv_of(row(key, f"{began:%Y-%m-%d %H:%M:%S}", src=LATER)))
    async with in_trouble(tmp_path, pbx, modem, **with_cdr) as office:
        assert (await office.outcome(LATER)).say.startswith("asterisk was out of order from ")


def test_a_box_that_was_off_again_and_again_has_not_seen_what_lies_between() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def since(*outages: tuple[str, int, int | None]) -> int:
        with closing(open_memory()) as db:
            for part, starts, ends in outages:
                outage_begins(db, part, noon + timedelta(minutes=starts))
                if ends is not None:
                    outage_ends(db, part, noon + timedelta(minutes=ends))
            seen = unseen_since(db, "asterisk")
            assert seen is not None
            return round((seen - noon).total_seconds() / 60)

    assert since(("", 0, 5), ("", 60, 70)) == 60
    assert since(("", 0, 5), ("", 14, 30), ("", 40, 45)) == 0
    assert since(("asterisk", 0, 50), ("", 60, 70)) == 0
    assert since(("asterisk", 0, 40), ("", 60, 70)) == 60
    assert since(("asterisk", 0, None), ("", 60, 70)) == 0
    assert since(("modem", 0, None), ("", 60, 70)) == 60
