"""What is put beside systemd, udev, journald and avahi: sound by their own words, and as closed as it can be."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from gateway.machineclock import setting
from tests.tooling import need

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "systemd"
HOST = UNITS / "host"
EXPOSURE_AT_MOST = 1.6


def said(*words: str | Path) -> tuple[int, str]:
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units with programs that exist here."""
    need(shutil.which("systemd-analyze"), "systemd-analyze is not here: apt install systemd")
    for path in (*UNITS.glob("*.service"), *UNITS.glob("*.path")):
        (tmp_path / path.name).write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", path.read_text()))
    return tmp_path


def test_systemd_finds_nothing_wrong_with_the_units(units: Path) -> None:
    code, words = said("systemd-analyze", "verify", *sorted(units.iterdir()))
    about_ours = [line for line in words.splitlines() if "textback" in line]
    assert (code, about_ours) == (0, [])


@pytest.mark.parametrize("unit", ["textback.service", "textback-clock.service"])
def test_what_runs_is_as_closed_as_it_can_be(unit: str, units: Path) -> None:
    wanted = f"--threshold={EXPOSURE_AT_MOST * 10:.0f}"
    code, words = said("systemd-analyze", "security", "--offline=true", "--no-pager", wanted, units / unit)
    assert code == 0, words


def test_the_stricter_rule_for_the_office_s_network_is_one_that_systemd_understands(units: Path) -> None:
    unit = units / "textback.service"
    unit.write_text(unit.read_text() + (HOST / "lan-only.conf").read_text())
    code, words = said("systemd-analyze", "verify", unit)
    assert (code, [line for line in words.splitlines() if "textback" in line]) == (0, [])
    strict = said("systemd-analyze", "security", "--offline=true", "--no-pager", unit)[1]
    assert re.search(r"✓ IPAddressDeny=|IPAddressDeny=.*local", strict), strict


def test_what_sets_the_clock_may_do_nothing_else_and_looks_where_the_gateway_writes() -> None:
    unit, gateway = (UNITS / "textback-clock.service").read_text(), (UNITS / "textback.service").read_text()
    assert re.findall(r"^(?:Ambient)?Capabilit.*$", unit, re.M) == [
        "CapabilityBoundingSet=CAP_SYS_TIME",
        "AmbientCapabilities=",
    ]
    assert f"python -I -B -m {setting.__name__}\n" in unit
    assert f"RuntimeDirectory={setting.ANSWER.parent.name}\n" in unit
    assert f"RuntimeDirectory={setting.REQUEST.parent.name}\n" in gateway
    assert f"User={setting.OWNER}\n" in gateway
    assert f"PathChanged={setting.REQUEST}\n" in (UNITS / "textback-clock.path").read_text()
    assert "ProtectClock=yes\n" in gateway


def test_the_shell_scripts_have_no_fault_that_shellcheck_knows() -> None:
    need(shutil.which("shellcheck"), "shellcheck is not here: apt install shellcheck")
    assert said("shellcheck", "-x", ROOT / "install.sh", *sorted(UNITS.glob("*.sh"))) == (0, "")


MATCH = r'(?:[A-Z]+|ATTRS?\{\w+\}|ENV\{\w+\})(?:==|!=)"[^"]*"'
ACT = r'(?:GOTO="\w+"|LABEL="\w+"|ENV\{\w+\}="[^"]*"|SYMLINK\+="[^"]*"|IMPORT\{builtin\}="\w+")'


def test_the_modem_rules_are_written_as_udev_reads_them() -> None:
    rules = [line for line in (HOST / "78-textback-modem.rules").read_text().splitlines() if line and line[0] != "#"]
    for rule in rules:
        assert re.fullmatch(rf"(?:(?:{MATCH}|{ACT})(?:, |$))+", rule), rule
    text = "\n".join(rules)
    assert set(re.findall(r'GOTO="(\w+)"', text)) == set(re.findall(r'LABEL="(\w+)"', text))
    assert 'ENV{ID_MM_DEVICE_IGNORE}="1"' in text


def test_the_page_is_announced_under_the_port_that_a_new_box_serves_it_at() -> None:
    port = ElementTree.parse(HOST / "avahi.service").findtext("./service/port")
    assert f"TEXTBACK_PAGE=0.0.0.0:{port}\n" in (UNITS / "textback.service").read_text()


def test_a_raspberry_pi_can_keep_the_time_of_its_watchdog() -> None:
    found = re.search(r"^RuntimeWatchdogSec=(\d+)s$", (HOST / "watchdog.conf").read_text(), re.M)
    assert found is not None
    assert int(found[1]) <= 15  # bcm2835_wdt can do no more


def test_a_machine_that_takes_minutes_to_read_the_program_is_let_finish() -> None:
    found = re.search(r"^TimeoutStartSec=(\d+)$", (UNITS / "textback.service").read_text(), re.M)
    assert found is not None
    assert int(found[1]) >= 300  # a machine emulated beside others needed 90 s of its processor
