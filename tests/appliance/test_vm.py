"""Power that fails in the middle of anything, on a machine whose disk forgets what was not flushed.

`.venv/bin/pytest -m vm tests/appliance`, as root: over an hour, for every instruction is emulated.
TEXTBACK_VM=trixie-amd64 chooses another Debian (bookworm-amd64 without it), bookworm-arm64 another processor.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.appliance.vm import Command, VirtualMachine
from tests.appliance.vmimage import Image
from tests.appliance.vmoffice import SET_UP, Office, check, current, offline, page, rows, status, works

pytestmark = pytest.mark.vm
SEED = 7
UNDER_WAY = (
    "SELECT count(*) FROM calls WHERE state IN ('ringing', 'waiting', 'held')"
    " UNION ALL SELECT count(*) FROM texts WHERE state IN ('queued', 'submitting')"
)


def remembers(box: VirtualMachine, number: str = "+12165550137") -> bool:
    return bool(rows(box, f"SELECT 1 FROM journal WHERE body LIKE '%{number}%'"))


def cut_in(box: VirtualMachine, command: str, words: str, after_s: float) -> None:
    """The power goes so long after a command has said this, wherever it is by then."""
    running = box.start(command)
    box.wait_said(running, words)
    time.sleep(after_s)
    print(f"cut {after_s:.1f} s behind {words!r}: {running.said[-1].strip()!r}, {running.code}")
    box.cut()


def test_the_whole_way_of_a_box_from_its_bundle_to_its_removal(blank: Image, around: Office, tmp_path: Path) -> None:
    box = VirtualMachine(blank, tmp_path / "machine", modem=around.line)
    try:
        box.boot()
        print(box.must("uname -mr; systemd-analyze | head -n 1"))
        assert box.must("ls /sys/class/net") == "lo\n"  # no network at all
        said = box.must(offline("v1"))
        assert "http://office-box.local:8080/" in said
        box.must("systemctl start stick")
        for command in SET_UP:
            box.must(command)
        box.wait_until(lambda: works(box), "it does not work when it is set up")
        _texted_back(box, around)
        print(box.must("systemctl show -P MemoryCurrent textback; systemctl show -P ExecMainStartTimestamp textback"))
        box.reboot()
        box.wait_until(lambda: works(box), "it is not there after a reboot")
        _texted_back(box, around)
        telling = around.tell(box)
        box.wait_said(telling, "taken ")
        around.call()
        time.sleep(5)
        box.cut()
        around.heard(telling)
        box.boot()
        box.wait_until(lambda: works(box), "it is not there after a power cut")
        _texted_back(box, around)
        box.wait_until(lambda: rows(box, UNDER_WAY) == [[0], [0]], "it does not come to rest")
        check(box, around)
        assert remembers(box)
        print(box.run("textback doctor").words)
        box.must("cd /root/v1 && ./install.sh uninstall --remove-data")
        assert page(box) == ""
        assert box.run("id textback").code == 1
    finally:
        box.close()


def _texted_back(box: VirtualMachine, around: Office) -> None:
    box.wait_until(lambda: "The modem works." in status(box), "the modem does not work")
    caller = around.call()
    box.wait_until(lambda: caller in around.texted(), f"who rings is not texted: {caller}")


def test_a_power_cut_here_loses_what_was_not_flushed(furnished: Image, tmp_path: Path) -> None:
    box = VirtualMachine(furnished, tmp_path / "machine")
    try:
        box.boot()
        box.must("dd if=/dev/zero bs=64k count=16 status=none | tr '\\0' x >/run/x")
        box.must("dd if=/run/x of=/dev/vdb bs=64k oflag=direct conv=fsync,notrunc status=none")
        box.must("dd if=/run/x of=/dev/vdb seek=64 bs=64k oflag=direct conv=notrunc status=none")
        box.must("echo kept >/root/kept; sync; echo lost >/root/lost")
        box.cut()
        box.boot()
        counted = "dd if=/dev/vdb skip={} bs=64k count=16 status=none | tr -d '\\0' | wc -c"
        assert box.must(counted.format(0)) == "1048576\n"
        assert box.must(counted.format(64)) == "0\n"
        assert box.must("cat /root/kept; ls /root/lost 2>&1 || true").startswith("kept\nls: ")
    finally:
        box.close()


def test_power_that_fails_in_an_installation_is_made_good_by_the_same_command(blank: Image, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    box = VirtualMachine(blank, tmp_path / "machine")
    try:
        box.boot()
        for step, within_s in (
            ("Installing Debian packages", 8.0),
            ("Building version", 30.0),
            ("Units, modem rules", 3.0),
            ("Putting version", 2.0),
            ("Starting it", 8.0),
        ):
            cut_in(box, offline("v1"), step, dice.uniform(0.0, within_s))
            box.boot()
        box.must(offline("v1"))
        assert "textback-install" not in box.must("ls /var/tmp")
        box.cut()  # what it has said is done is done
        box.boot()
        box.wait_until(lambda: "<html" in page(box), "it does not start with the machine")
        assert box.must("dpkg --audit") == ""
    finally:
        box.close()


def cuts_in(
    box: VirtualMachine, command: str, steps: tuple[tuple[str, float], ...]
) -> tuple[Command, list[VirtualMachine]]:
    """One machine for each of these steps, whose power goes so long after it; and the command, which goes on to its end."""
    dice = random.Random(SEED)
    running, cuts = box.start(command), []
    for step, within_s in steps:
        box.wait_said(running, step)
        time.sleep(after_s := dice.uniform(0.0, within_s))
        cuts.append(box.cut_now(f"cut{len(cuts)}"))
        print(f"cut {after_s:.1f} s behind {step!r}: {running.said[-1].strip()!r}, {running.code}", flush=True)
        assert running.code is None
    box.wait_ended(running)
    return running, cuts


def is_whole(box: VirtualMachine, version: str) -> None:
    """It starts by itself, with this version and its records."""
    box.boot()
    box.wait_until(lambda: works(box), "nothing works after a cut")
    assert current(box) == version
    assert remembers(box)
    assert rows(box, "PRAGMA integrity_check") == [["ok"]]
    box.must("test ! -e /opt/textback/trial")


def test_power_that_fails_in_an_upgrade_leaves_the_old_or_the_new_version_whole(virtual: VirtualMachine) -> None:
    box = virtual
    first = current(box)
    built = "grep -l '# v2' /opt/textback/releases/*/venv/lib/*/site-packages/gateway/version.py | cut -d / -f -5"
    box.must(f"rm -r $({built})")  # the others are built already
    steps = (
        ("Building version", 40.0),
        ("Trying version", 15.0),
        ("Changing from", 2.0),
        ("Keeping a copy", 4.0),
        ("Writing down", 1.0),
        ("takes over", 1.0),
        ("Starting it", 12.0),
    )
    done, cuts = cuts_in(box, offline("v2"), steps)
    assert done.code == 0, done.words
    second = current(box)
    assert second != first
    assert works(box)
    assert remembers(box)
    box.cut()
    is_whole(box, second)
    box.cut()
    for cut in cuts:
        try:
            is_whole(cut, first)
            if cut is cuts[-1]:
                cut.must(offline("v2"))
                assert current(cut) == second
                assert works(cut)
                assert remembers(cut)
                assert "textback-install" not in cut.must("ls /var/tmp")
        finally:
            cut.close()


def test_power_that_fails_while_a_bad_version_is_taken_back_leaves_the_old_one(virtual: VirtualMachine) -> None:
    box = virtual
    first = current(box)
    done, cuts = cuts_in(box, offline("v3"), tuple(("going back to", within_s) for within_s in (1.0, 6.0, 12.0)))
    assert done.code == 1
    assert "was not well and was taken back" in done.words
    assert current(box) == first
    assert works(box)
    assert remembers(box)
    box.cut()
    for cut in cuts:
        try:
            is_whole(cut, first)
        finally:
            cut.close()


def test_power_that_fails_while_calls_come_in_loses_nothing_that_was_taken(
    virtual: VirtualMachine, around: Office
) -> None:
    box = virtual
    dice = random.Random(SEED)
    with around.calling():
        for _ in range(6):
            telling = around.tell(box)
            box.wait_said(telling, "taken ")
            time.sleep(dice.uniform(2.0, 25.0))
            box.cut()
            taken = around.heard(telling)
            print(f"{taken} taken in this life, {sum(around.texted().values())} texts so far")
            box.boot()
            box.wait_until(lambda: works(box), "nothing works after a cut")
    _texted_back(box, around)
    box.wait_until(lambda: rows(box, UNDER_WAY) == [[0], [0]], "it does not come to rest")
    check(box, around)
    print(f"{len(around.taken)} taken, {len(around.called)} calls, {sum(around.texted().values())} texts")


def test_power_that_fails_in_a_removal_is_made_good_by_the_same_command(virtual: VirtualMachine) -> None:
    box = virtual
    for after_s in (0.5, 1.5):
        cut_in(box, "cd /root/v1 && ./install.sh uninstall --remove-data", "Removing Textback", after_s)
        box.boot()
    box.must("cd /root/v1 && ./install.sh uninstall --remove-data")
    assert page(box) == ""
    box.cut()  # what it has said is gone is gone
    box.boot()
    left = box.must(
        "find / -xdev -name '*textback*' -not -path '/root/*' -not -path '/var/log/*' -not -path '/var/tmp/*'"
    )
    assert left == ""
    assert box.run("id textback").code == 1


def test_what_is_removed_without_its_data_is_gone_when_that_is_said(virtual: VirtualMachine) -> None:
    box = virtual
    box.must("cd /root/v1 && ./install.sh uninstall --keep-data")
    box.cut()
    box.boot()
    assert box.run("ls -d /opt/textback /etc/systemd/system/textback.service").words.count("No such file") == 2
    assert page(box) == ""
    assert remembers(box)
