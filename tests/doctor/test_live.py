"""`textback doctor` beside a running gateway: the devices are asked through it, and each trouble has its remedy."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway.cli import doctor
from gateway.core.checkup import Checkup, Finding, Grade
from gateway.settings import load
from tests.doctor.test_machine import sound
from tests.trouble.office import Trouble, in_trouble
from tests.trouble.test_clock import Wall
from tests.trouble.test_time import no_clock_of_its_own
from tests.waiting import until

QUIET = doctor.Wanted()


def by_key(checkup: Checkup, part: str = "") -> Mapping[str, Finding]:
    return {finding.key: finding for finding in checkup.findings if finding.part in (part, "")}


async def checked(office: Trouble, wanted: doctor.Wanted = QUIET, said: list[str] | None = None) -> Checkup:
    checkup = await doctor.check(load(office.config), wanted, (said if said is not None else []).append)
    for finding in checkup.findings:
        if finding.key not in ("gateway", "ring", "round_trip"):  # of the command line alone
            sound(replace(finding, title="Records") if finding.key == "health" else finding)
    return checkup


async def test_a_healthy_office_passes_and_the_gateway_keeps_its_port(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.is_well("modem")
        checkup = await checked(office)
        assert checkup.live
        found = by_key(checkup, "modem") | by_key(checkup, "asterisk")
        for key in ("modem", "sim", "pin", "network", "signal", "smsc", "storage", "notices", "port", "port_held"):
            assert found[key].grade is Grade.PASS, found[key]
        for key in ("ami_login", "ami_lists", "ami_system", "ami_rights"):
            assert found[key].grade is Grade.PASS, found[key]
        assert found["page"].grade is Grade.WARN  # 127.0.0.1: the office cannot open it
        assert found["own_number"].grade is Grade.WARN  # the SIM says another number
        assert "0188" in found["own_number"].say
        assert "0100" in found["own_number"].say
        assert found["ami_calls"].grade is Grade.SKIPPED
        assert found["voice"].grade is Grade.SKIPPED
        await office.missed("2165550137")
        await office.is_texted("2165550137")
        assert by_key(await checked(office), "asterisk")["ami_calls"].grade is Grade.PASS


@pytest.mark.parametrize(
    ("fault", "key", "words"),
    [
        ({"registration_denied": True}, "network", "refuses this SIM card"),
        ({"network_lost": True}, "network", "mobile network"),
    ],
)
async def test_a_network_that_is_not_there_fails_with_its_remedy(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, fault: dict[str, object], key: str, words: str
) -> None:
    modem.faults.change(fault)
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.until(lambda: (report := office.report("modem")) and report.health != "starting", "it says so")
        found = by_key(await checked(office), "modem")[key]
        assert found.grade in (Grade.FAIL, Grade.WARN)
        assert words in found.say


async def test_a_clock_that_the_mobile_network_tells_is_in_order_without_internet(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "kernel_synchronised", lambda: False)
    wall = Wall(timedelta(hours=-9))
    async with in_trouble(tmp_path, pbx, modem, clock=wall, keeps=no_clock_of_its_own) as office:
        await office.is_well("modem")
        modem.network.nitz = True
        modem.urc("+CTZV: -20")
        await office.is_well("clock")
        found = by_key(await checked(office))["clock"]
        assert (found.grade, "as the mobile network tells it" in found.say) == (Grade.PASS, True), found


async def test_an_unplugged_modem_and_a_refused_login_are_told_with_their_remedies(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem, secret="wrong") as office:
        modem.unplug()
        await office.says("modem", "not there")
        checkup = await checked(office)
        assert checkup.worst is Grade.FAIL
        assert by_key(checkup, "modem")["modem"].grade is Grade.FAIL
        assert by_key(checkup, "modem")["port"].grade is Grade.FAIL
        login = by_key(checkup, "asterisk")["ami_login"]
        assert login.grade is Grade.FAIL
        assert "manager.conf" in login.remedy


async def test_a_call_that_somebody_makes_is_noticed(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "LOOK_EVERY_S", 0.02)
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.is_well("modem")
        said: list[str] = []
        checking = asyncio.create_task(checked(office, doctor.Wanted(ring=True), said))
        await until(lambda: any(line.startswith("Call your number now") for line in said), "it asks for a call")
        await office.forwarded("2165550137")
        checkup = await checking
        assert by_key(checkup)["ring"].grade is Grade.PASS
        assert by_key(await checked(office), "modem")["voice"].grade is Grade.PASS
        monkeypatch.setattr(doctor, "RING_S", 0.1)
        nobody = by_key(await checked(office, doctor.Wanted(ring=True)))["ring"]
        assert nobody.grade is Grade.FAIL
        assert "carrier" in nobody.remedy


async def test_a_text_to_itself_goes_out_and_comes_back(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "LOOK_EVERY_S", 0.02)
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.is_well("modem")
        modem.network.on_sent.append(
            lambda text: modem.receive("+12165550188", text.body) if text.to == "+12165550188" else None
        )
        found = by_key(await checked(office, doctor.Wanted(text=True)), "modem")["round_trip"]
        assert found.grade is Grade.PASS, found
        assert len(modem.sent) == 1  # the box does not answer itself
        modem.network.on_sent.clear()
        monkeypatch.setattr(doctor, "TEXT_S", 0.1)
        found = by_key(await checked(office, doctor.Wanted(text=True)), "modem")["round_trip"]
        assert found.grade is Grade.FAIL


async def test_without_a_gateway_the_doctor_opens_the_port_itself_and_lets_it_go(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.is_well("modem")
    modem.receive("+12165550137", "my heat is out")
    checkup = await checked(office)
    assert not checkup.live
    assert by_key(checkup)["gateway"].grade is Grade.FAIL
    assert by_key(checkup, "modem")["sim"].grade is Grade.PASS
    assert by_key(checkup, "asterisk")["ami_login"].grade is Grade.PASS
    async with in_trouble(tmp_path, pbx, modem) as office:  # the text lay there for the gateway
        await office.until(lambda: modem.sent_texts(), "it is answered")


async def test_a_call_to_a_modem_that_no_gateway_serves_is_seen(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.is_well("modem")
    said: list[str] = []
    checking = asyncio.create_task(checked(office, doctor.Wanted(ring=True), said))
    await until(lambda: any(line.startswith("Call the number of the SIM") for line in said), "it asks for a call")
    call = modem.ring("+12165550137")
    checkup = await checking
    call.hang_up()
    ring = by_key(checkup, "modem")["ring"]
    assert ring.grade is Grade.PASS
    assert "0137" in ring.say
    assert "2165550137" not in ring.say


async def test_two_doctors_do_not_work_at_once_and_the_gateway_does_not_start_beside_one(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.is_well("modem")
    settings = load(office.config)
    from gateway.doctor.alone import DOCTOR_LOCK, LOCK, hold
    from gateway.statefolder import AlreadyRunning, only_one

    out, err = io.StringIO(), io.StringIO()
    with hold(settings.state_dir, DOCTOR_LOCK):
        assert not await asyncio.to_thread(doctor.doctor, settings, QUIET, out, err)
    assert "another doctor is at work" in err.getvalue()
    with hold(settings.state_dir, LOCK), pytest.raises(AlreadyRunning), only_one(settings.state_dir):
        pass
    with only_one(settings.state_dir):  # a gateway that hangs
        checkup = await checked(office)
    assert "does not answer" in by_key(checkup)["gateway"].say
    assert "modem" not in by_key(checkup, "modem")


async def test_the_json_form_has_every_finding(tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.is_well("modem")
        out = io.StringIO()
        await asyncio.to_thread(doctor.doctor, load(office.config), doctor.Wanted(json=True), out, io.StringIO())
        found = json.loads(out.getvalue())
        assert found["running"] is True
        assert found["worst"] in ("warn", "fail")
        assert {"key", "title", "grade", "say", "remedy", "part"} == set(found["checks"][0])
        plain = io.StringIO()
        await asyncio.to_thread(doctor.doctor, load(office.config), QUIET, plain, io.StringIO())
        assert "modem: SIM card: The SIM card is there" in plain.getvalue()


async def test_the_button_of_the_page_checks_the_running_box_and_what_it_found_stays(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.is_well("modem")
        assert office.gateway.doctor.last is None
        one, other = await asyncio.gather(office.gateway.doctor.check("Ann"), office.gateway.doctor.check("Otto"))
        assert one is other  # nobody waits for a second check of the same minute
        found = by_key(one, "modem") | by_key(one, "asterisk")
        for key in ("sim", "ami_login", "port", "port_held"):
            assert found[key].grade is Grade.PASS, found[key]
        assert found["page"].grade is Grade.WARN  # it answers, on this machine alone
        page = await office.page("health/check")
        assert "The SIM card is there and unlocked." in page
        assert "asked for by Ann" in page
        modem.unplug()
        await office.says("modem", "not there")
        assert (await office.gateway.doctor.check("Ann")).worst is Grade.FAIL
    async with in_trouble(tmp_path, pbx, modem, wait=False) as office:
        kept = office.gateway.doctor.last
        assert kept is not None
        assert (kept.worst, kept.by) == (Grade.FAIL, "Ann")
        (tmp_path / "state/checkup.json").write_text("[1, 2")
        office.gateway.doctor._last = None
        assert office.gateway.doctor.last is None
