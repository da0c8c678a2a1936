"""The virtual machines of the stories of test_vm and test_vm_devices: made once for both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.appliance import vmbundle
from tests.appliance.machine import ROOT, SUITES, Machine, architecture, can_boot, run
from tests.appliance.vm import VirtualMachine
from tests.appliance.vmimage import EMULATORS, Image, can_emulate, packed, prepared
from tests.appliance.vmoffice import SET_UP, Office, office, offline, works
from tests.tooling import need

SUITE, _, ARCHITECTURE = os.environ.get("TEXTBACK_VM", "bookworm-amd64").partition("-")
STICK_UNIT = """[Unit]
Description=The modem of the test
Before=textback.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/bash /usr/local/lib/modem.sh plug
[Install]
WantedBy=multi-user.target
"""
FURNISH = (offline("v1"), *SET_UP)


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """This version, a newer one with one more step of the schema, and one behind that step that does not run."""
    need(SUITE in SUITES and ARCHITECTURE in EMULATORS, f"TEXTBACK_VM={SUITE}-{ARCHITECTURE} is no machine")
    tools = "apt install debootstrap qemu-system-x86 qemu-system-arm qemu-utils qemu-user-static"
    need(can_emulate(ARCHITECTURE), f"root and qemu are needed: {tools}")
    folder = tmp_path_factory.mktemp("bundles")
    file = folder / "v1.tar"
    run(ROOT / "install.sh", "bundle", file, "--for", f"{SUITES[SUITE]}-{ARCHITECTURE}")
    return {
        "v1": file,
        "v2": vmbundle.changed(file, folder / "v2.tar", mark="v2"),
        "v3": vmbundle.changed(file, folder / "v3.tar", mark="v3", broken="gateway/supervisor.py"),
    }


def files(bundles: dict[str, Path]) -> dict[str, Path | str]:
    return {f"/root/{name}.tar": file for name, file in bundles.items()} | {
        "/etc/systemd/system/stick.service": STICK_UNIT
    }


@pytest.fixture(scope="session")
def blank(bundles: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Image:
    """A bare machine beside which the bundles lie."""
    folder = tmp_path_factory.mktemp("blank")
    root = prepared(SUITE, ARCHITECTURE, files(bundles), folder / "root")
    made = packed(root, ARCHITECTURE, folder)
    run("rm", "-rf", root)
    return made


@pytest.fixture(scope="session")
def furnished(bundles: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Image:
    """A machine where this version is installed from its bundle and set up, with something in its records, and the other versions
    are built. A container of this machine does it where it can: an emulated one takes ten times as long."""
    folder = tmp_path_factory.mktemp("furnished")
    root = prepared(SUITE, ARCHITECTURE, files(bundles), folder / "root")
    if architecture() != ARCHITECTURE or not can_boot():
        return _furnished_there(packed(root, ARCHITECTURE, folder / "bare"), folder)
    box = Machine(root)
    try:
        box.boot()
        for command in FURNISH:
            done = box.run(command)
            assert done.returncode == 0, done.stdout
        for name in ("v2", "v3"):
            stopped = offline(name).replace("./install.sh --", "TEXTBACK_STOP_AT=rehearse ./install.sh --")
            building = box.start(f"{stopped}; true")  # nsenter would stop with a command that stops
            assert building.stdout is not None
            assert any(line == "stopped at rehearse\n" for line in building.stdout)
            box.cut()
            building.stdout.close()
            building.wait(60)
            box.boot()
        box.switch_off()
        return packed(root, ARCHITECTURE, folder)
    finally:
        box.close()
        run("rm", "-rf", "--one-file-system", root)


def _furnished_there(image: Image, folder: Path) -> Image:
    box = VirtualMachine(image, folder / "machine")
    try:
        box.boot()
        for command in FURNISH:
            box.must(command)
        box.switch_off()
        return box.snapshot(folder / "snapshot")
    finally:
        box.close()


@pytest.fixture
def around() -> Iterator[Office]:
    with office() as there:
        yield there


@pytest.fixture
def virtual(furnished: Image, around: Office, tmp_path: Path) -> Iterator[VirtualMachine]:
    machine = VirtualMachine(furnished, tmp_path / "machine", modem=around.line)
    try:
        machine.boot()
        machine.wait_until(lambda: works(machine), "the gateway does not start with the machine")
        yield machine
    finally:
        machine.close()
