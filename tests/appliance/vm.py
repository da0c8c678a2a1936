"""A virtual machine whose power can be cut: a kernel of its own, a disk that forgets, a USB stick, no network.

What is emulated is qemu's machine and no Raspberry Pi. It has what a container lacks: memory limits and address filters that
hold, udev, USB, a hardware watchdog, a clock that can be set.

A cut is kill -9 of qemu. Each life writes to a layer of its own (qcow2) above what was there before, and qemu keeps the table
of such a layer in memory until the machine flushes its disk. So a cut loses what the machine had not flushed: all of it where
nothing was flushed to before, and in places that are rewritten it keeps the new, in no order - as a card with a cache of its own
does. That is harder than `cache=none`, which loses only what Linux had not sent to the disk yet.
"""

from __future__ import annotations

import itertools
import json
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.appliance.machine import run
from tests.appliance.vmimage import EMULATORS, Image

BOOT_WITHIN_S = 1200.0  # under emulation, beside other work: 25 s on an idle machine
RUN_WITHIN_S = 3600.0
LOOK_EVERY_S = 3.0
SLOW = "no_timer_check systemd.default_timeout_start_sec=900"  # beside other work an emulated machine is slower than systemd expects of any
MEMORY_MIB = 1024  # a Raspberry Pi 3 has no more
STICK_MIB = 64
MACHINES = {
    "amd64": ("-M", "q35", "-cpu", "max"),
    "arm64": ("-M", "virt", "-cpu", "cortex-a72"),  # of a Raspberry Pi 4
}
CONSOLES = {"amd64": "ttyS0", "arm64": "ttyAMA0"}


class Command:
    """One command that runs in the machine. `said` grows while it runs, `code` is None until it has ended."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.code: int | None = None

    @property
    def words(self) -> str:
        return "".join(self.said)


class VirtualMachine:
    """One machine on a disk of its own. It is told what to do by words, as at a root shell."""

    def __init__(self, image: Image, folder: Path, *, modem: str = "") -> None:
        """`modem` is the serial line of this machine (a pty) to which the stick of inside/modem.sh leads."""
        self.image, self.folder, self.modem = image, folder, modem
        folder.mkdir(parents=True, exist_ok=True)
        self.console = folder / "console"
        self._layers = itertools.count()
        self._disk = image.disk
        self.stick = folder / "stick.qcow2"
        run("qemu-img", "create", "-q", "-f", "qcow2", self.stick, f"{STICK_MIB}M")
        self._qemu: subprocess.Popen[bytes] | None = None
        self._port: socket.socket | None = None
        self._commands: dict[int, Command] = {}
        self._numbers = itertools.count(1)
        self._news = threading.Condition()

    # ---- power

    def boot(self, *, rtc: str = "utc", watchdog: bool = False) -> None:
        """Switch on and wait until systemd has done what it does at a start. `rtc` is the clock's: utc or 1970-01-01T00:00:00.

        With a `watchdog` it is a machine with a hardware watchdog (of its own, not of its kernel's), which resets one that hangs.
        """
        assert self._qemu is None
        disk = self._new_layer()
        door = self.folder / "agent"
        door.unlink(missing_ok=True)
        words = [
            EMULATORS[self.image.architecture], *MACHINES[self.image.architecture],
            "-accel", "tcg,thread=multi,tb-size=512", "-smp", "2", "-m", str(MEMORY_MIB),
            "-nodefaults", "-display", "none", "-nic", "none", "-rtc", f"base={rtc}",
            "-serial", f"file:{self.console}", "-no-reboot",
            "-kernel", str(self.image.kernel), "-initrd", str(self.image.initrd),
            "-append", f"root=/dev/vda console={CONSOLES[self.image.architecture]} quiet {SLOW}",
            *self._drive("disk", disk), *self._drive("stick", self.stick),
            "-device", "virtio-serial-pci",
            "-chardev", f"socket,id=agent,path={door},server=on,wait=off", "-device", "virtserialport,chardev=agent,name=agent",
        ]  # fmt: skip
        if watchdog:
            words += ["-device", "i6300esb", "-action", "watchdog=reset"]
        if self.modem:
            line = f"serial,id=modem,path={self.modem}"
            words += ["-chardev", line, "-device", "virtserialport,chardev=modem,name=modem"]
        with (self.folder / "qemu").open("ab") as log:
            self._qemu = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._wait(lambda: self._connected(door), "qemu does not start", 30.0)
        first = self._commands[0] = Command()
        threading.Thread(target=self._listen, args=(self._port,), daemon=True).start()
        self._wait(lambda: "here" in first.said, "the machine does not come up")
        self.run("systemctl is-system-running --wait", BOOT_WITHIN_S)

    @staticmethod
    def _drive(name: str, path: Path) -> list[str]:
        drive = f"file={path},format=qcow2,if=none,id={name},cache=writeback"
        return ["-drive", drive, "-device", f"virtio-blk-pci,drive={name}"]

    def _new_layer(self) -> Path:
        layer = self.folder / f"layer{next(self._layers)}.qcow2"
        shape = "raw" if self._disk == self.image.disk else "qcow2"
        run("qemu-img", "create", "-q", "-f", "qcow2", "-F", shape, "-b", self._disk, layer)
        self._disk = layer
        return layer

    def _connected(self, door: Path) -> bool:
        self._must_live()
        port = socket.socket(socket.AF_UNIX)
        try:
            port.connect(str(door))
        except OSError:
            port.close()
            return False
        self._port = port
        return True

    def cut(self) -> None:
        """Power cut: nothing in it runs another instruction, and what was not flushed is gone."""
        if self._qemu is None:
            return
        self._qemu.kill()
        self._gone()

    def cut_now(self, name: str) -> VirtualMachine:
        """The machine that there would be if the power went now, still off; this one goes on. It needs this one's layers below its
        own, and the same modem: boot it when this one is off, and before this one is closed."""
        assert self._qemu is not None
        folder = self.folder / name
        self._qemu.send_signal(signal.SIGSTOP)
        try:
            left = VirtualMachine(self.image, folder, modem=self.modem)
            left._disk = folder / "left.qcow2"
            run("cp", "--sparse=always", self._disk, left._disk)
            run("cp", "--sparse=always", self.stick, left.stick)
        finally:
            self._qemu.send_signal(signal.SIGCONT)
        return left

    def switch_off(self) -> None:
        """In order."""
        assert self._qemu is not None
        self.start("systemctl poweroff")
        self._qemu.wait(BOOT_WITHIN_S)
        self._gone()

    def reboot(self) -> None:
        """Switched off in order, and on again."""
        self.switch_off()
        self.boot()

    def ends(self, within_s: float) -> bool:
        """Whether the machine ends by itself: it resets itself, which is an end here (-no-reboot)."""
        assert self._qemu is not None
        with suppress(subprocess.TimeoutExpired):
            self._qemu.wait(within_s)
            self._gone()
            return True
        return False

    def _gone(self) -> None:
        assert self._qemu is not None
        self._qemu.wait(30)
        self._qemu = None
        if self._port is not None:
            with suppress(OSError):
                self._port.shutdown(socket.SHUT_RDWR)
            self._port.close()
            self._port = None
        with self._news:
            self._commands.clear()
            self._news.notify_all()

    def snapshot(self, to: Path) -> Image:
        """The disk as it is now, for machines to come. It has to be switched off."""
        assert self._qemu is None
        disk = to / "disk.raw"
        to.mkdir(parents=True)
        run("qemu-img", "convert", "-O", "raw", self._disk, disk)
        return Image(disk, self.image.kernel, self.image.initrd, self.image.architecture)

    def close(self) -> None:
        """Off, and all its layers gone; the console's words stay."""
        self.cut()
        for layer in self.folder.glob("*.qcow2"):
            layer.unlink()

    # ---- words

    def start(self, words: str) -> Command:
        """A shell command in it, as root, and go on while it runs; its errors are among its words."""
        return self._ask({"do": words})

    def _ask(self, wish: dict[str, Any]) -> Command:
        assert self._port is not None
        command = Command()
        with self._news:
            number = next(self._numbers)
            self._commands[number] = command
        self._port.sendall(json.dumps(wish | {"id": number}).encode() + b"\n")
        return command

    def look(self, what: str, **more: object) -> Any:
        """What the machine's own looker says (inside/agent.py: page, door, rows). Raises LookupError with its words."""
        command = self._ask({"look": what, **more})
        self._wait(lambda: command.code is not None, f"it takes too long: {what}")
        if command.code:
            raise LookupError(command.words)
        return json.loads(command.words)

    def run(self, words: str, within_s: float = RUN_WITHIN_S) -> Command:
        """The same, until it has ended."""
        command = self.start(words)
        self._wait(lambda: command.code is not None, f"it takes too long: {words}", within_s)
        return command

    def wait_ended(self, command: Command, within_s: float = RUN_WITHIN_S) -> None:
        """Wait for a command that runs to end, whatever it comes to."""
        self._wait(lambda: command.code is not None, f"it takes too long: {command.words}", within_s)

    def must(self, words: str, within_s: float = RUN_WITHIN_S) -> str:
        """What a command says that has to work."""
        done = self.run(words, within_s)
        assert done.code == 0, f"{words}: {done.code}\n{done.words}"
        return done.words

    def wait_until(self, true: Callable[[], object], why: str, within_s: float = BOOT_WITHIN_S) -> None:
        """Wait for something that the machine does; looked at now and then, for looking costs it time."""
        end = time.monotonic() + within_s
        while not true():
            assert time.monotonic() < end, f"{why} (see {self.console})"
            time.sleep(LOOK_EVERY_S)

    def wait_said(self, command: Command, words: str, within_s: float = RUN_WITHIN_S) -> None:
        """Wait for a command that runs to say this."""
        self._wait(lambda: words in command.words or command.code is not None, f"not said: {words}", within_s)
        assert words in command.words, f"it ended before it said {words!r}:\n{command.words}"

    def _wait(self, true: Callable[[], object], why: str, within_s: float = BOOT_WITHIN_S) -> None:
        end = time.monotonic() + within_s
        with self._news:
            while not true():
                self._must_live()
                assert time.monotonic() < end, f"{why} (see {self.console})"
                self._news.wait(0.2)

    def _must_live(self) -> None:
        assert self._qemu is not None
        assert self._qemu.poll() is None, f"qemu ended, see {self.folder}"

    def _listen(self, port: socket.socket) -> None:
        with suppress(OSError), port.makefile("rb") as lines:
            for line in lines:
                try:
                    told = json.loads(line)
                except ValueError:
                    continue  # cut in the middle
                with self._news:
                    command = self._commands.get(told["id"])
                    if command is not None and "rc" in told:
                        command.code = told["rc"]
                    elif command is not None:
                        command.said.append(told["line"])
                    self._news.notify_all()
