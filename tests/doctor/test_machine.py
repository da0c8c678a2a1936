"""The machine, the port and the service as the doctor sees them: values of a Pi given in files, each with its remedy and in Spanish.

Under-voltage, heat and worn cards are given as the kernel would: no Pi has shown them here.
"""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drivers.asterisk import checkup as line
from drivers.asterisk.settings import AsteriskSettings
from gateway.core.checkup import Checkup, Finding, Grade, as_data, read_findings
from gateway.core.phonesystem import PhoneSystem, PhoneSystemAnswer
from gateway.doctor import flight, kept, machine, ports, service
from gateway.doctor.machine import Machine
from gateway.ports.devices import OnRing
from gateway.settings import ModemConfig, Problem, Settings, load
from gateway.settings.values import Role
from gateway.statefolder import BACKUPS
from gateway.storage.shelf import name_of
from web.words import sentences

BOOK = sentences._spanish()
NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[2] / "config/examples/miller.yaml"
MODEM = ModemConfig(
    name="modem", port="/dev/serial/by-id/usb-X-if00", baud=115200, rtscts=False, pin=None, number=None,
    on_ring=OnRing.RING, role=Role.TEXT_ONLY, line=None, profile=None,
)  # fmt: skip
Usage = namedtuple("Usage", "total used free")


def sound(*findings: Finding) -> dict[str, Finding]:
    """The findings by key: each a whole sentence, with its remedy where one is needed, and known in Spanish."""
    for finding in findings:
        assert finding.say.endswith("."), finding
        if finding.grade in (Grade.WARN, Grade.FAIL):
            assert finding.remedy.endswith("."), finding
        for text in (finding.title, finding.say, finding.remedy):
            assert not text or BOOK.say(text), text
    return {finding.key: finding for finding in findings}


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def a_machine(tmp_path: Path, *, throttled: str = "0x0", **changes: object) -> Machine:
    state = tmp_path / "state"
    state.mkdir(exist_ok=True)
    root = tmp_path / "root"
    write(
        root,
        {
            "/proc/mounts": f"/dev/mmcblk0p2 / ext4 rw,noatime 0 0\n/dev/mmcblk0p2 {tmp_path} ext4 rw,noatime 0 0\n",
            "/proc/meminfo": "MemTotal: 1000000 kB\nMemFree: 5 kB\nMemAvailable: 600000 kB\n",
            "/sys/class/thermal/thermal_zone0/temp": "48312",
            "/sys/fs/ext4/mmcblk0p2/errors_count": "0",
            "/sys/block/mmcblk0/device/life_time": "0x01 0x02",
        },
    )

    def run(command: Sequence[str]) -> str | None:
        return f"throttled={throttled}\n" if command[0] == "vcgencmd" else None

    plain = Machine(
        state, NOW, datetime(2026, 1, 1, tzinfo=UTC), lambda: True, root=root, run=run, sync=lambda _folder: 0.012
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_healthy_pi_passes_everything(tmp_path: Path) -> None:
    found = sound(*machine.look(a_machine(tmp_path)))
    assert {finding.grade for finding in found.values()} == {Grade.PASS}
    assert set(found) == {"disk_room", "disk_kind", "disk_health", "disk_sync", "memory", "power", "heat", "clock"}


@pytest.mark.parametrize(
    ("files", "key", "grade", "words"),
    [
        ({"/proc/mounts": "overlay / overlay rw 0 0\n"}, "disk_kind", Grade.WARN, "forgets (overlay)"),
        ({"/proc/mounts": "tmpfs / tmpfs rw 0 0\n"}, "disk_kind", Grade.FAIL, "forgets (tmpfs)"),
        ({"/proc/mounts": "/dev/mmcblk0p2 / ext4 ro 0 0\n"}, "disk_kind", Grade.FAIL, "cannot be written to"),
        ({"/sys/fs/ext4/mmcblk0p2/errors_count": "7"}, "disk_health", Grade.FAIL, "7 errors"),
        ({"/sys/block/mmcblk0/device/life_time": "0x0b 0x01"}, "disk_health", Grade.WARN, "100 % of its life"),
        ({"/proc/meminfo": "MemAvailable: 20000 kB\n"}, "memory", Grade.WARN, "nearly used up"),
        ({"/proc/meminfo": ""}, "memory", Grade.SKIPPED, "cannot be read"),
        ({"/sys/class/thermal/thermal_zone0/temp": "83000"}, "heat", Grade.WARN, "83 degrees"),
    ],
)
def test_each_trouble_of_the_machine_is_told(
    tmp_path: Path, files: dict[str, str], key: str, grade: Grade, words: str
) -> None:
    box = a_machine(tmp_path)
    write(box.root, files)
    found = sound(*machine.look(box))[key]
    assert found.grade is grade
    assert words in found.say


@pytest.mark.parametrize(
    ("bits", "grade", "words"),
    [
        ("0x50005", Grade.FAIL, "too weak at this moment"),
        ("0x50000", Grade.WARN, "was too weak at some time"),
        ("0x80008", Grade.WARN, "too hot"),
        ("0x0", Grade.PASS, "strong enough"),
        ("nonsense", Grade.SKIPPED, "does not tell"),
    ],
)
def test_what_a_pi_says_of_its_power_supply(tmp_path: Path, bits: str, grade: Grade, words: str) -> None:
    found = sound(*machine.look(a_machine(tmp_path, throttled=bits)))["power"]
    assert (found.grade, words in found.say) == (grade, True)


def test_a_clock_that_is_wrong_or_was_set_by_nobody(tmp_path: Path) -> None:
    unset = sound(*machine.look(a_machine(tmp_path, synchronised=lambda: False)))["clock"]
    assert unset.grade is Grade.WARN
    offline = sound(*machine.look(a_machine(tmp_path, synchronised=lambda: False, told=True)))["clock"]
    assert (offline.grade, "as the mobile network tells it" in offline.say) == (Grade.PASS, True)
    epoch = sound(*machine.look(a_machine(tmp_path, now=datetime(1970, 1, 1, tzinfo=UTC))))["clock"]
    assert epoch.grade is Grade.FAIL
    assert "timedatectl" in epoch.remedy


@pytest.mark.parametrize(
    ("free", "grade"), [(10_000_000, Grade.FAIL), (200_000_000, Grade.WARN), (5_000_000_000, Grade.PASS)]
)
def test_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, grade: Grade) -> None:
    box = a_machine(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**10, 1, free))
    assert sound(*machine.look(box))["disk_room"].grade is grade


@pytest.mark.parametrize(("seconds", "grade"), [(0.01, Grade.PASS), (0.4, Grade.WARN), (3.0, Grade.FAIL)])
def test_a_slow_disk(tmp_path: Path, seconds: float, grade: Grade) -> None:
    assert sound(*machine.look(a_machine(tmp_path, sync=lambda _folder: seconds)))["disk_sync"].grade is grade


@pytest.mark.parametrize(
    ("error", "grade"),
    [(PermissionError(13, "Permission denied"), Grade.SKIPPED), (OSError(30, "Read-only"), Grade.FAIL)],
)
def test_a_disk_that_takes_no_write(tmp_path: Path, error: OSError, grade: Grade) -> None:
    def refuse(_folder: Path) -> float:
        raise error

    assert sound(*machine.look(a_machine(tmp_path, sync=refuse)))["disk_sync"].grade is grade


def test_the_probe_of_the_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    assert machine.sync_time(tmp_path) >= 0
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OSError):
        machine.sync_time(tmp_path / "none")


def test_a_state_folder_that_is_not_there(tmp_path: Path) -> None:
    found = sound(*machine.look(a_machine(tmp_path, state_dir=tmp_path / "none")))
    assert found["disk_room"].grade is Grade.FAIL


# ---- the modem's port


def test_a_port_by_number_is_doubtful_and_one_that_is_gone_fails(tmp_path: Path) -> None:
    found = sound(*ports.look(replace(MODEM, port="/dev/ttyUSB9"), None, tmp_path))
    assert found["port_name"].grade is Grade.WARN
    assert found["port"].grade is Grade.FAIL
    assert sound(*ports.look(MODEM, None, tmp_path))["port_name"].grade is Grade.PASS


def test_who_else_has_opened_the_port_is_named(tmp_path: Path) -> None:
    device = tmp_path / "tty"
    device.write_text("")
    config = replace(MODEM, port=str(device))
    for pid, name in ((4001, "ModemManager"), (4002, "minicom"), (4003, "textback")):
        folder = tmp_path / "root/proc" / str(pid)
        (folder / "fd").mkdir(parents=True)
        (folder / "comm").write_text(name + "\n")
        (folder / "fd" / "3").symlink_to(device if name != "minicom" else "/dev/null")
    found = sound(*ports.look(config, 4003, tmp_path / "root"))
    assert found["port_held"].grade is Grade.FAIL
    assert "ModemManager (process 4001)" in found["port_held"].say
    assert "textback" not in found["port_held"].say
    assert "systemctl disable --now ModemManager" in found["port_held"].remedy
    assert found["port_grabbers"].grade is Grade.WARN
    write(tmp_path / "root", {"/etc/udev/rules.d/78-textback.rules": "ENV{ID_MM_DEVICE_IGNORE}"})
    assert sound(*ports.look(config, 4003, tmp_path / "root"))["port_grabbers"].grade is Grade.PASS
    (tmp_path / "root/proc/4001/comm").write_text("picocom\n")
    stranger = sound(*ports.look(config, 4003, tmp_path / "root"))["port_held"]
    assert stranger.remedy == "Stop that program, and keep it from starting again."


def test_a_port_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = tmp_path / "tty"
    device.write_text("")
    monkeypatch.setattr(os, "access", lambda path, _mode: str(path) != str(device))  # root may open everything
    assert sound(*ports.look(replace(MODEM, port=str(device)), None, tmp_path))["port"].grade is Grade.FAIL


# ---- the service, its page, its configuration

SHOWN = "LoadState=loaded\nActiveState=active\nSubState=running\nNRestarts=0\nWatchdogUSec=1min\nUnitFileState=enabled\nResult=success\n"


@pytest.mark.parametrize(
    ("said", "grade", "words"),
    [
        (SHOWN, Grade.PASS, "is watched"),
        (None, Grade.SKIPPED, "not installed"),
        ("LoadState=not-found\n", Grade.WARN, "not installed"),
        (SHOWN.replace("active", "failed", 1).replace("success", "watchdog"), Grade.FAIL, "failed, watchdog"),
        (SHOWN.replace("NRestarts=0", "NRestarts=12"), Grade.WARN, "12 times"),
        (SHOWN.replace("=enabled", "=disabled"), Grade.WARN, "does not start by itself"),
        (SHOWN.replace("1min", "0"), Grade.WARN, "does not watch"),
    ],
)
def test_what_systemd_says_of_the_service(said: str | None, grade: Grade, words: str) -> None:
    found = sound(service.unit(lambda _command: said))["service"]
    assert (found.grade, words in found.say) == (grade, True), found


def settings(**changes: object) -> Settings:
    return replace(load(EXAMPLE), **changes)  # type: ignore[arg-type]


def test_a_page_that_does_not_answer_or_cannot_be_asked() -> None:
    assert sound(service.page(settings(), ""))["page"].grade is Grade.SKIPPED
    dead = sound(service.page(settings(), "http://127.0.0.1:9/"))["page"]
    assert dead.grade is Grade.FAIL
    assert service.only_here("127.0.0.1")
    assert service.only_here("localhost")
    assert not service.only_here("0.0.0.0")


def test_doubts_about_the_settings_are_counted() -> None:
    doubt = Problem("gateway.yaml", 7, "hours: sun is not named and counts as closed", "write sun: []")
    assert sound(service.configuration(settings(warnings=())))["configuration"].grade is Grade.PASS
    assert "line 7: hours: sun" in sound(service.configuration(settings(warnings=(doubt,))))["configuration"].say
    assert "5 things" in sound(service.configuration(settings(warnings=(doubt,) * 5)))["configuration"].say
    assert sound(service.configuration(settings(setup=True)))["configuration"].grade is Grade.FAIL


# ---- what is kept


def test_the_age_of_the_newest_backup_and_what_the_flight_recorder_wrote(tmp_path: Path) -> None:
    office = settings(state_dir=tmp_path)
    assert office.backup.at is not None
    found = sound(*kept.look(office, NOW))
    assert found["backup"].grade is Grade.SKIPPED
    assert found["flight"].say.startswith("Nothing has gone wrong")
    (tmp_path / BACKUPS).mkdir()
    backup = tmp_path / BACKUPS / name_of(NOW - timedelta(hours=20))
    backup.write_bytes(b"x")
    assert sound(kept.backup(office, NOW))["backup"].grade is Grade.PASS
    assert sound(kept.backup(office, NOW + timedelta(hours=40)))["backup"].grade is Grade.WARN
    none = replace(office, backup=replace(office.backup, at=None))
    assert sound(kept.backup(none, NOW))["backup"].grade is Grade.WARN
    write(tmp_path, {f"{flight.FOLDER}/20261122T160000-modem.txt": "it is gone"})
    assert "20261122T160000-modem.txt" in sound(kept.flights(office))["flight"].say


# ---- what a look at a phone system amounts to

PBX = AsteriskSettings(host="192.168.1.20", username="textback", secret="x")


@pytest.mark.parametrize("answer", list(PhoneSystemAnswer))
def test_every_answer_of_a_phone_system_has_its_sentence(answer: PhoneSystemAnswer) -> None:
    seen = PhoneSystem(answer, "22.1.0", hears=True, lists=True)
    sound(*line.judge_ringing(PBX, seen))
    found = sound(*line.judge(PBX, seen))
    assert found["ami_login"].grade is (Grade.PASS if answer is PhoneSystemAnswer.CONNECTED else Grade.FAIL)


def test_rights_that_lack_and_rights_that_are_too_many() -> None:
    found = sound(*line.judge(PBX, PhoneSystem(PhoneSystemAnswer.CONNECTED, too_much=("Originate", "Command"))))
    assert found["ami_lists"].grade is Grade.WARN
    assert found["ami_system"].grade is Grade.FAIL
    assert found["ami_rights"].grade is Grade.WARN
    assert "place calls and give Asterisk commands" in found["ami_rights"].say
    rings = sound(*line.judge_ringing(PBX, PhoneSystem(PhoneSystemAnswer.CONNECTED, too_much=("Originate", "Command"))))
    assert rings["ami_originate"].grade is Grade.PASS
    assert rings["ami_rights"].grade is Grade.WARN
    deaf = line.hearing("asterisk", hears=False, deaf=True, user="textback", where="192.168.1.20:5038")
    assert sound(deaf)["ami_calls"].grade is Grade.FAIL
    assert (
        sound(line.hearing("asterisk", hears=False, deaf=False, user="u", where="w"))["ami_calls"].grade
        is Grade.SKIPPED
    )


# ---- a check as a value


def test_a_check_is_as_bad_as_its_worst_finding_and_survives_being_written_down() -> None:
    findings = tuple(Finding(grade.value, "T", grade, "It is so.", "Do it.", "p") for grade in Grade)
    checkup = Checkup(NOW, findings, live=True)
    assert checkup.worst is Grade.FAIL
    assert [finding.grade for finding in checkup.sorted] == [Grade.FAIL, Grade.WARN, Grade.SKIPPED, Grade.PASS]
    assert read_findings([as_data(finding) for finding in findings]) == findings
    assert Checkup(NOW, (), live=True).worst is Grade.PASS
    assert Checkup(NOW, findings[3:], live=True).worst is Grade.PASS
