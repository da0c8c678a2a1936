"""What a machine's own kernel has to grant or refuse: USB sticks that come and go, ModemManager, limits, watchdog, clock.

As test_vm: `.venv/bin/pytest -m vm tests/appliance/test_vm_devices.py`, as root.
"""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.appliance.vm import VirtualMachine
from tests.appliance.vmoffice import STICK, Office, offline, page, rows, status, works

pytestmark = pytest.mark.vm
LOOKS_AFTER_S = 45.0  # ModemManager sends its first words 4 s after a stick is there; emulated, it takes longer
GROUP = "/sys/fs/cgroup/system.slice/textback.service/cgroup.procs"
RULE = "/etc/udev/rules.d/78-textback-modem.rules"


def heard(box: VirtualMachine) -> int:
    """How many bytes programs have said to the stick."""
    return int(box.must("stat -c %s /run/words-heard"))


def findings(box: VirtualMachine) -> dict[str, dict[str, Any]]:
    said = box.run("textback doctor --json").words
    return {each["key"]: each for each in json.loads(said[said.index("{") :])["checks"]}


def texts_back(box: VirtualMachine, around: Office) -> None:
    box.wait_until(lambda: "The modem works." in status(box), "the modem does not work")
    caller = around.call()
    box.wait_until(lambda: caller in around.texted(), f"who rings is not texted: {caller}")


def test_a_stick_that_is_pulled_and_comes_back_under_another_number_is_found(
    virtual: VirtualMachine, around: Office
) -> None:
    box = virtual
    texts_back(box, around)
    before = box.must(f"readlink -f {STICK}; readlink -f /dev/textback/HUAWEI_HUAWEI_Mobile_867000000000019-if00")
    assert before == "/dev/ttyACM0\n/dev/ttyACM0\n"
    box.start("exec 3<>/dev/ttyACM0; sleep 10000")  # somebody holds the old one, so its number is not free
    box.must("until ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q 'ttyACM0'; do sleep 1; done")
    box.must("bash /usr/local/lib/modem.sh unplug")
    box.wait_until(lambda: "modem is not there" in status(box), "nobody says that it is gone")
    box.must("bash /usr/local/lib/modem.sh plug")
    box.wait_until(lambda: box.run(f"test -e {STICK}").code == 0, "the stick does not come back")
    after = box.must(f"readlink -f {STICK}; readlink -f /dev/textback/HUAWEI_HUAWEI_Mobile_867000000000019-if00")
    assert "ttyACM0" not in after
    texts_back(box, around)
    assert "modem is not there" not in status(box)


def test_modem_manager_says_nothing_to_a_stick_of_ours_and_is_named_where_it_takes_one(
    virtual: VirtualMachine, around: Office
) -> None:
    box = virtual
    box.must("systemctl stop textback")
    box.must("DEBIAN_FRONTEND=noninteractive dpkg -i /debs/*.deb && systemctl restart ModemManager")
    box.must("bash /usr/local/lib/modem.sh unplug; sleep 1; bash /usr/local/lib/modem.sh plug")
    box.wait_until(lambda: "No modems" in box.run("mmcli -L").words, "ModemManager does not answer")
    before = heard(box)
    time.sleep(LOOKS_AFTER_S)
    assert heard(box) == before, box.run("tail -c 200 /run/words-heard | cat -A").words
    assert "No modems were found" in box.must("mmcli -L")
    box.must("systemctl start textback")
    box.wait_until(lambda: works(box), "the gateway does not start beside ModemManager")
    texts_back(box, around)
    assert findings(box)["port_grabbers"]["say"] == (
        "ModemManager runs, and a rule of ours tells it to leave the modem alone."
    )
    # The other way round: without the rule it takes the port, and a person is told.
    box.must("systemctl stop textback")
    box.must(f"rm {RULE} && udevadm control --reload && systemctl restart ModemManager")
    before = heard(box)
    box.must("bash /usr/local/lib/modem.sh unplug; sleep 1; bash /usr/local/lib/modem.sh plug")
    box.wait_until(lambda: heard(box) > before, "ModemManager leaves a stick alone that nobody has told it to")
    box.must("systemctl start textback")
    box.wait_until(lambda: works(box), "the gateway does not start beside ModemManager")
    found = findings(box)["port_grabbers"]
    print(found, findings(box).get("port_held"), box.must("textback status"))
    assert found["say"] == "ModemManager runs on the box: it may take the modem at any moment."
    assert "systemctl disable --now ModemManager" in found["remedy"]


def test_a_stick_for_backups_that_is_mounted_later_can_be_written(virtual: VirtualMachine) -> None:
    box = virtual
    box.must("mkfs.ext4 -q /dev/vdb && mkdir -p /media/usb && mount /dev/vdb /media/usb && chown textback /media/usb")
    as_it = (
        "nsenter -t $(systemctl show -P MainPID textback) -m setpriv --reuid textback --regid textback --clear-groups"
    )
    box.must(f"{as_it} sh -c 'echo kept >/media/usb/here'")
    assert box.must("cat /media/usb/here") == "kept\n"
    assert box.run(f"{as_it} sh -c 'echo no >/usr/local/here'").code != 0
    box.must("umount /media/usb")  # nothing of the service keeps it


def test_a_leak_ends_at_its_limit_and_the_gateway_starts_anew(virtual: VirtualMachine) -> None:
    box = virtual
    before = box.must("systemctl show -P MainPID textback")
    leak = "x = []\nwhile True:\n    x.append(bytearray(b'x' * 1000000))"
    box.start(f'echo $$ >{GROUP} && echo -200 >/proc/self/oom_score_adj && exec python3 -c "{leak}"')
    box.wait_until(
        lambda: box.must("systemctl show -P MainPID textback") not in (before, "0\n") and works(box),
        "it is not started anew",
    )
    assert "oom-kill" in box.must("journalctl -u textback --no-pager")


def test_a_machine_that_hangs_is_reset_by_its_watchdog(virtual: VirtualMachine) -> None:
    box = virtual
    box.switch_off()
    box.boot(watchdog=True)
    # An emulated machine beside other work is not back at its watchdog within our 10 s.
    slow = "mkdir -p /etc/systemd/system.conf.d && printf '[Manager]\\nRuntimeWatchdogSec=2min\\n' >/etc/systemd/system.conf.d/99-slow.conf"
    box.must(slow)
    box.must(offline("v1"))  # where none was before, the same command takes it into use
    print(box.must("journalctl -b --no-pager -o cat | grep -i 'using hardware watchdog'"))
    box.must("sync")
    box.start("echo 0 >/proc/sys/kernel/panic; echo c >/proc/sysrq-trigger")  # a kernel that stands
    assert box.ends(300), "the machine hangs"
    box.boot(watchdog=True)
    box.wait_until(lambda: works(box), "the gateway does not come back")


def test_a_clock_that_was_lost_comes_right_by_the_mobile_network(virtual: VirtualMachine, around: Office) -> None:
    box = virtual
    box.switch_off()
    box.boot(rtc="1970-01-01T00:00:00")
    box.wait_until(lambda: works(box), "the gateway does not start without a clock")
    box.wait_until(lambda: abs(float(box.must("date +%s")) - time.time()) < 60, "the machine's clock stays wrong")
    texts_back(box, around)
    assert rows(box, "PRAGMA integrity_check") == [["ok"]]
    assert "<html" in page(box)
