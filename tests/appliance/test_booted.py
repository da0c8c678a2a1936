"""The appliance on a booted Debian: installed, upgraded, taken back, cut off from power in the middle, removed.

`.venv/bin/pytest -m drill tests/appliance`, as root: over an hour. -s shows what the installer says.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.appliance.machine import SUITES, Machine, bare, bundle, can_boot, checkout, fill_caches, machine
from tests.tooling import need

pytestmark = pytest.mark.drill
CONFIG = """business: {name: Miller Heating, timezone: America/New_York}
lines: {main: {number: "+12165550100"}}
page: {host: 0.0.0.0}
"""
BAD_MIGRATION = "INSERT INTO nowhere VALUES (1);\n"
GOOD_MIGRATION = "CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;\n"
BROKEN = '\nraise RuntimeError("this version is broken")\n'
STOPS_WITHIN_S = 5.0
SETUP_STEPS = ("user", "build", "complete", "rehearse", "host", "swap", "start")
UPGRADE_STEPS = ("build", "complete", "rehearse", "stop", "keep", "trial", "swap", "start", "settled")


@pytest.fixture(scope="module", params=SUITES)
def suite(request: pytest.FixtureRequest) -> str:
    need(can_boot(), "root, debootstrap and systemd-nspawn are needed: apt install debootstrap systemd-container")
    return str(request.param)


@pytest.fixture(scope="module")
def packages(suite: str) -> Path:
    return bundle(suite)


@pytest.fixture(scope="module")
def fresh(suite: str, packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The disk of a bare machine with this version's checkout."""
    with machine(tmp_path_factory.mktemp("fresh") / "machine", bare(suite)) as box:
        (box.root / "etc" / "hostname").write_text("office-box\n")
        fill_caches(box.root, packages)
        checkout(box.root / "root" / "v1")
        yield box.root


@pytest.fixture(scope="module")
def installed(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The disk of one where this version is installed and set up, with something in its records."""
    with machine(tmp_path_factory.mktemp("installed") / "machine", fresh) as box:
        box.boot()
        must(box, "cd /root/v1 && ./install.sh")
        must(box, f"install -o textback -g textback -m 0600 /dev/stdin /etc/textback/gateway.yaml <<'E'\n{CONFIG}E")
        must(box, "systemctl restart textback && textback contacted +12165550137")
        box.switch_off()
        yield box.root


@pytest.fixture
def bare_box(fresh: Path, tmp_path: Path) -> Iterator[Machine]:
    with machine(tmp_path / "machine", fresh) as box:
        box.boot()
        yield box


@pytest.fixture
def box(installed: Path, tmp_path: Path) -> Iterator[Machine]:
    with machine(tmp_path / "machine", installed) as box:
        box.boot()
        box.wait_until(lambda: works(box), "the gateway does not start with the machine")
        yield box


def must(box: Machine, command: str) -> str:
    done = box.run(command)
    assert done.returncode == 0, done.stdout
    return done.stdout


def next_version(box: Machine, name: str = "v2", *, migration: str = "", broken: str = "") -> None:
    """A newer checkout beside the first one. `broken` is a module that raises when it is read."""
    sources = checkout(box.root / "root" / name)
    with (sources / "gateway" / "version.py").open("a") as file:
        file.write(f"\n# {name}\n")
    if migration:
        (sources / "gateway" / "storage" / "migrations" / "0999_next.sql").write_text(migration)
    if broken:
        with (sources / broken).open("a") as file:
            file.write(BROKEN)


def upgrade(box: Machine, name: str = "v2", before: str = "") -> tuple[int, str]:
    done = box.run(f"cd /root/{name} && TEXTBACK_WELL_WITHIN_S=40 {before} ./install.sh")
    return done.returncode, done.stdout


def current(box: Machine) -> str:
    return must(box, "readlink /opt/textback/current").strip()


def rows(box: Machine, query: str) -> list[tuple[object, ...]]:
    """What the records say, read from outside while the gateway writes."""
    file = box.root / "var" / "lib" / "textback" / "textback.sqlite3"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as db:
        return db.execute(query).fetchall()


def remembers(box: Machine, number: str = "+12165550137") -> bool:
    """What was told to the box is in its records."""
    return bool(rows(box, f"SELECT 1 FROM journal WHERE body LIKE '%{number}%'"))


def works(box: Machine) -> bool:
    return "<html" in box.page() and "Miller Heating" in must(box, "textback status")


def test_one_command_installs_it_a_reboot_starts_it_and_the_same_command_changes_nothing(bare_box: Machine) -> None:
    said = must(bare_box, "cd /root/v1 && ./install.sh")
    assert "http://office-box.local:8080/" in said
    assert "▄" in said
    assert "<html" in bare_box.page()
    assert "dialout" in must(bare_box, "id textback")
    assert must(bare_box, "systemctl --failed --no-legend") == ""
    before = current(bare_box)
    bare_box.reboot()
    bare_box.wait_until(bare_box.page, "the page is not there after a reboot")
    again = must(bare_box, "cd /root/v1 && ./install.sh")
    assert "Building" not in again
    assert current(bare_box) == before
    assert must(bare_box, "ls /opt/textback/releases").split() == [before.removeprefix("releases/")]


def test_it_stops_at_once_with_open_pages_and_is_started_anew_when_it_dies_or_hangs(box: Machine) -> None:
    opened = (
        "import socket, time; s = [socket.create_connection(('127.0.0.1', 8080)) for _ in range(20)]; time.sleep(60)"
    )
    must(box, f'nohup python3 -c "{opened}" >/dev/null 2>&1 & sleep 1')
    began = time.monotonic()
    must(box, "systemctl stop textback")
    assert time.monotonic() - began < STOPS_WITHIN_S
    must(box, "mkdir -p /run/systemd/system/textback.service.d")
    must(box, "printf '[Service]\\nWatchdogSec=6\\n' > /run/systemd/system/textback.service.d/soon.conf")
    must(box, "systemctl daemon-reload && systemctl start textback")
    for harm in ("KILL", "STOP"):
        before = must(box, "systemctl show -P MainPID textback")
        must(box, f"kill -{harm} {before}")
        box.wait_until(
            lambda before=before: must(box, "systemctl show -P MainPID textback") not in (before, "0\n") and works(box),
            f"it is not started anew after SIG{harm}",
        )
    assert "Watchdog timeout" in must(box, "journalctl -u textback --no-pager")


def test_the_service_may_use_serial_ports_and_its_folders_and_nothing_else(box: Machine) -> None:
    must(box, "install -g dialout -m 0660 /dev/null /var/tmp/port && install -m 0600 /dev/null /root/secret")
    seen = must(box, "P=$(systemctl show -P MainPID textback); grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/$P/status")
    assert seen.split() == ["CapEff:", "0000000000000000", "NoNewPrivs:", "1", "Seccomp:", "2"]
    run_so = "systemd-run -q --wait --pipe -p User=textback -p PrivateUsers=yes -p ProtectSystem=strict"
    assert box.run(f"{run_so} test -w /etc/passwd").returncode != 0
    assert box.run(f"{run_so} test -r /var/tmp/port").returncode == 0
    into = "nsenter -t $(systemctl show -P MainPID textback) -m"
    assert box.run(f"{into} touch /etc/here").returncode != 0
    assert box.run(f"{into} touch /opt/textback/here").returncode != 0
    assert must(box, f"{into} ls -A /root") == ""


def test_the_gateways_word_about_the_time_reaches_the_unit_that_may_set_the_clock_and_no_other_does(
    box: Machine,
) -> None:
    """No container may set the machine's clock: what is seen here is that it is tried, and what is refused before that."""
    assert must(box, "systemctl is-active textback-clock.path").strip() == "active"
    box.wait_until(lambda: answered(box), "the gateway's own question is not answered")
    assert answered(box)["done"] == "seen"
    assert "-rw-r--r-- root" in must(box, "stat -c '%A %U' /run/textback-clock/answer")
    boot = json.loads(must(box, "cat /run/textback/clock"))[
        "boot"
    ]  # a container shows another one outside of the service
    asks = f'{{"form": 1, "boot": "{boot}", "ticks": %s, "number": %d, "time": %d, "by": "network"}}'
    year = 31_536_000
    for number, time_, done in (
        (1, 1_767_225_600 + year, "failed"),
        (2, 86_400, "bad"),
        (3, 1_767_225_600 + 11 * year, "bad"),
    ):
        tick = must(box, "python3 -c 'import time; print(time.clock_gettime(time.CLOCK_BOOTTIME))'").strip()
        lay(box, asks % (tick, number, time_))
        box.wait_until(lambda number=number: answered(box)["number"] == number, f"request {number} is not answered")
        assert answered(box)["done"] == done
    lay(box, "[" * 100)
    box.wait_until(lambda: answered(box)["number"] == 0, "garbage is not answered")
    before = answered(box)["ticks"]
    must(box, "ln -sfn /etc/shadow /run/textback/clock")
    box.wait_until(lambda: answered(box)["ticks"] > before, "a link is not answered")
    assert answered(box)["done"] == "bad"
    assert "the clock is wrong and cannot be set" in must(box, "journalctl -u textback-clock --no-pager")
    assert must(box, "systemctl --failed --no-legend") == ""
    first = current(box)
    next_version(box)
    must(box, "rm -r /root/v2/systemd/textback-clock.*")  # a version that has no such units
    assert upgrade(box)[0] == 0
    assert current(box) != first
    assert box.run("systemctl is-active textback-clock.path").stdout.strip() == "inactive"
    must(box, "/opt/textback/current/install.sh back")
    assert must(box, "systemctl is-active textback-clock.path").strip() == "active"
    must(box, "systemctl disable -q --now textback-clock.path && cd /root/v1 && ./install.sh")
    assert box.run("systemctl is-active textback-clock.path").stdout.strip() == "inactive"


def answered(box: Machine) -> dict[str, Any]:
    """What the unit that may set the clock has answered last."""
    found = box.run("cat /run/textback-clock/answer").stdout
    return json.loads(found) if found.startswith("{") else {}


def lay(box: Machine, request: str) -> None:
    """A request as the gateway would write it, whoever is in its place."""
    (box.root / "root" / "request").write_text(request)
    must(
        box,
        "cd /run/textback && install -o textback -g textback -m 0644 /root/request clock.new && mv -T clock.new clock",
    )


def test_an_upgrade_takes_over_and_the_way_back_is_one_command(box: Machine) -> None:
    first = current(box)
    next_version(box, migration=GOOD_MIGRATION)
    code, said = upgrade(box)
    assert code == 0, said
    assert current(box) != first
    assert works(box)
    assert remembers(box)
    refused = box.run("/opt/textback/current/install.sh back")
    assert refused.returncode == 1
    assert "--with-old-records" in refused.stdout
    assert works(box)
    must(box, "/opt/textback/current/install.sh back --with-old-records")
    assert current(box) == first
    assert works(box)
    assert remembers(box)


def test_an_upgrade_without_a_new_schema_goes_back_with_the_records_as_they_are(box: Machine) -> None:
    first = current(box)
    next_version(box)
    assert upgrade(box)[0] == 0
    must(box, "textback contacted +12165550138")
    must(box, "/opt/textback/current/install.sh back")
    assert current(box) == first
    assert remembers(box, "+12165550138")


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"broken": "gateway/supervisor.py"}, "was not well and was taken back"),
        ({"broken": "gateway/supervisor.py", "migration": GOOD_MIGRATION}, "was not well and was taken back"),
        ({"broken": "gateway/pageserving.py"}, "was not well and was taken back"),
        ({"broken": "gateway/cli/main.py"}, "does not start - nothing was changed"),
        ({"migration": BAD_MIGRATION}, "cannot take over the records"),
    ],
    ids=["broken", "broken behind a migration", "a part is broken", "no program at all", "migration fails"],
)
def test_a_version_that_does_not_work_is_taken_back_by_itself(box: Machine, what: dict[str, str], says: str) -> None:
    first = current(box)
    next_version(box, **what)
    code, said = upgrade(box)
    assert code == 1, said
    assert says in said
    assert current(box) == first
    assert works(box)
    assert remembers(box)
    assert "PAUSED" not in must(box, "textback status")
    box.reboot()
    box.wait_until(lambda: works(box), "the old version is not there after a reboot")


def test_a_configuration_that_the_new_version_cannot_use_is_named_and_nothing_is_changed(box: Machine) -> None:
    first = current(box)
    must(box, "echo 'pag: {port: 1}' >> /etc/textback/gateway.yaml")
    next_version(box)
    code, said = upgrade(box)
    assert code == 1
    assert "/etc/textback/gateway.yaml:4: unknown" in said
    assert current(box) == first
    assert "<html" in box.page()


def test_a_power_cut_in_the_middle_of_an_installation_is_made_good_by_the_same_command(bare_box: Machine) -> None:
    for step in SETUP_STEPS:
        cut_at(bare_box, "v1", step)
        bare_box.boot()
    must(bare_box, "cd /root/v1 && ./install.sh")
    assert "<html" in bare_box.page()


def test_a_power_cut_while_debian_packages_were_installed_is_made_good_too(bare_box: Machine) -> None:
    must(bare_box, "dpkg --unpack /var/cache/apt/archives/openssl_*.deb && : >/var/lib/dpkg/updates/0001")
    must(bare_box, "cd /root/v1 && ./install.sh")
    assert must(bare_box, "dpkg --audit") == ""
    assert "<html" in bare_box.page()


def test_a_power_cut_in_the_middle_of_an_upgrade_leaves_the_old_or_the_new_version_whole(box: Machine) -> None:
    first = current(box)
    next_version(box, migration=GOOD_MIGRATION)
    for step in UPGRADE_STEPS:
        cut_at(box, "v2", step)
        box.boot()
        box.wait_until(lambda: works(box), f"nothing works after a cut at {step}")
        assert current(box) == first, step
        assert remembers(box), step
        assert must(box, "ls /opt/textback/trial 2>&1 || true").endswith("No such file or directory\n")
    code, said = upgrade(box)
    assert code == 0, said
    assert works(box)


@pytest.mark.parametrize("left", ["", "old=0.0.1-gone-py311\nnew=0.0.2-gone-py311\nkept=\n"])
def test_a_note_of_what_to_go_back_to_that_leads_nowhere_leaves_what_runs(box: Machine, left: str) -> None:
    first = current(box)
    must(box, f"printf '{left}' >/opt/textback/trial && sync")
    box.cut()
    box.boot()
    box.wait_until(lambda: works(box), "nothing works after a cut")
    assert current(box) == first
    assert remembers(box)
    must(box, "test ! -e /opt/textback/trial")


def cut_at(box: Machine, name: str, step: str) -> None:
    """The power goes at the beginning of a step of an installation."""
    running = box.start(f"cd /root/{name} && TEXTBACK_STOP_AT={step} ./install.sh 2>&1")
    assert running.stdout is not None
    said = []
    for line in running.stdout:
        said.append(line)
        if line.startswith("stopped at "):
            break
    else:
        raise AssertionError("".join(said))
    box.cut()
    running.stdout.close()
    running.wait(20)


def test_it_is_removed_with_or_without_its_data(box: Machine) -> None:
    must(box, "cd /root/v1 && ./install.sh uninstall")
    assert box.page() == ""
    assert must(box, "ls /opt /etc/systemd/system").find("textback") < 0
    must(box, "cd /root/v1 && ./install.sh")
    assert works(box)
    assert remembers(box)
    must(box, "cd /root/v1 && ./install.sh uninstall --remove-data")
    left = must(
        box, "find / -xdev -name '*textback*' -not -path '/root/*' -not -path '/wheels/*' -not -path '/var/log/*'"
    )
    assert left == ""
    assert box.run("id textback").returncode == 1


def test_a_machine_without_internet_is_served_from_a_bundle(suite: str, packages: Path, tmp_path: Path) -> None:
    with machine(tmp_path / "machine", bare(suite)) as box:
        shutil.copy(packages, box.root / "root" / "textback.tar")
        box.boot()
        must(box, "mkdir -p /var/tmp/textback-install.cut/bundle")  # what a power cut in the middle of this leaves
        must(box, "cd /root && tar xf textback.tar ./install.sh ./systemd && ./install.sh --offline textback.tar")
        assert "<html" in box.page()
        assert "textback-install" not in must(box, "ls /var/tmp")
        damaged = box.run("cd /root && head -c 30000000 textback.tar > half.tar && ./install.sh --offline half.tar")
        assert damaged.returncode == 1
        assert "copy it again" in damaged.stdout
