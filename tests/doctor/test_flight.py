"""The flight recorder: written when something went wrong, bounded, and without anything of people."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway.clock import SystemClock
from gateway.core.events import Health, HealthReport
from gateway.doctor import flight
from gateway.doctor.flight import FlightRecorder, records, told
from tests.trouble.office import in_trouble


def test_what_is_written_says_nothing_of_people() -> None:
    assert told('AT+CPIN="4711"\r').startswith("AT+CPIN=***")
    assert told('+CLIP: "+12165550137",145,"",0,"Ann Miller",0') == '+CLIP: "***0137",145,"",0,"***",0'
    assert told('+CUSD: 0,"Your balance is $4.10, Ann"') == '+CUSD: 0,"***"'
    assert told("0011000B912161550517F30000AA05C8329BFD06\x1a") == "<20 octets>?"
    event = {
        "event": ("Newchannel",),
        "calleridnum": ("2165550137",),
        "calleridname": ("Ann Miller",),
        "uniqueid": ("1763828000.45",),
        "channelstatedesc": ("Ring",),
        "channel": ("PJSIP/ann-0001",),
    }
    assert told(event) == (
        "event: Newchannel, calleridnum: ***0137, calleridname: ***, uniqueid: 1763828000.45, channelstatedesc: Ring,"
        " channel: ***"
    )
    assert (
        told({"Action": "Login", "Username": "textback", "Secret": "12345"})
        == "Action: Login, Username: ***, Secret: ***"
    )


async def test_records_are_few_small_and_never_of_the_same_thing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flight, "APART_S", 0.0)
    recorder = FlightRecorder(tmp_path, _Counting())
    modem = recorder.of("modem")
    recorder.keep("modem", "nothing was said yet")
    await recorder.settled()
    assert records(tmp_path) == []
    for count in range(2000):
        modem.note("<", f"line {count} " + "x" * 1000)
    for count in range(40):
        recorder.keep("modem", f"reason {count}")
        recorder.keep("modem", f"reason {count}")
        await recorder.settled()
    found = records(tmp_path)
    assert len(found) == flight.RECORDS
    assert all(path.stat().st_size <= flight.RECORD_BYTES for path in found)
    assert "reason 39" in found[-1].read_text()
    assert "line 1999" in found[-1].read_text()


async def test_a_device_that_flaps_writes_one_record_a_minute(tmp_path: Path) -> None:
    recorder = FlightRecorder(tmp_path, _Counting())
    recorder.of("modem").note("<", "OK")
    for count in range(50):
        recorder(HealthReport("modem", Health.DOWN, datetime.now(UTC), f"it is gone, {count}."))
        recorder(HealthReport("store", Health.DOWN, datetime.now(UTC), "the disk is full."))
    await recorder.settled()
    assert len(records(tmp_path)) == 1


async def test_a_folder_that_cannot_be_written_disturbs_nobody(tmp_path: Path) -> None:
    (tmp_path / flight.FOLDER).write_text("a file is in the way")
    recorder = FlightRecorder(tmp_path, SystemClock())
    recorder.of("modem").note("<", "OK")
    recorder.keep("modem", "it is gone")
    await recorder.settled()
    assert records(tmp_path) == []


async def test_a_refused_text_and_a_lost_line_leave_records_and_a_good_day_leaves_none(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.is_well("modem")
        await office.missed("2165550137")
        await office.is_texted("2165550137")
        modem.receive("+12165550137", "my furnace is out")
        assert records(state) == []
        monkeypatch.setattr(flight, "APART_S", 0.0)
        modem.faults.change({"cms_errors": [21]})
        await office.missed("2165550138")
        await office.until(lambda: records(state), "the refusal is recorded")
        await pbx.stop()
        await office.until(lambda: len(records(state)) > 1, "the lost line is recorded")
        await office.gateway.flight.settled()
        said = "".join(path.read_text() for path in records(state))
    assert "AT+CMGS" in said
    assert "Newchannel" in said
    for secret in ("2165550137", "2165550138", "furnace", "sorry we missed", f"secret: {pbx.secret}"):
        assert secret not in said.lower(), secret


class _Counting(SystemClock):
    """A second later each time it is asked, so that records have names of their own."""

    def __init__(self) -> None:
        self._from = time.time()

    def now(self) -> datetime:
        self._from += 1
        return datetime.fromtimestamp(self._from, UTC)
