"""The machine: disk, memory, power, heat, clock. Reads /proc and /sys below `root`; nothing is changed but a probe file.

Under-voltage, throttling, heat and the wear of a memory card were never seen on a real Pi here: the values are read as the kernel's
and Raspberry Pi's documentation describe them, and tests give them in files.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from gateway.core.checkup import Finding, Grade

COMMAND_S = 5.0  # systemctl and vcgencmd answer in milliseconds
LITTLE_ROOM, NO_ROOM = (
    500_000_000,
    50_000_000,
)  # bytes: an upgrade wants some hundred million, a day of records one or two
SLOW_SYNC_S, BAD_SYNC_S = 0.25, 2.0  # a good card takes 5 to 30 ms; a text waits for two or three of them
SYNCS, SYNC_BYTES = 5, 4096
LITTLE_MEMORY = 60_000_000  # bytes: the gateway itself has about as much
HOT_C = 80.0  # a Pi slows itself down from 80 degrees on (raspberrypi.com/documentation, frequency management)
LOST_AT_RESTART = {"tmpfs", "ramfs"}
LAYERED = {"overlay", "overlayfs", "aufs"}  # raspi-config's read-only root
# vcgencmd get_throttled (raspberrypi.com/documentation/computers/os.html)
_NOW_LOW, _NOW_SLOW, _WAS_LOW, _WAS_SLOW = 0x1, 0x2 | 0x4 | 0x8, 0x10000, 0x20000 | 0x40000 | 0x80000

Run = Callable[[Sequence[str]], str | None]


def run(command: Sequence[str]) -> str | None:
    """What a program prints; None where there is none, or it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_S, check=False)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout if done.returncode == 0 else None


@dataclass(frozen=True, slots=True)
class Machine:
    """Where to look. `synchronised` is the kernel's word for its clock, `not_before` a moment that has certainly passed;
    `told`: `now` is what the mobile network tells."""

    state_dir: Path
    now: datetime
    not_before: datetime
    synchronised: Callable[[], bool]
    root: Path = Path("/")
    told: bool = False
    run: Run = run
    sync: Callable[[Path], float] = field(default=lambda folder: sync_time(folder))

    def read(self, path: str) -> str:
        """A small file below `root`; "" where there is none."""
        try:
            return (self.root / path.lstrip("/")).read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return ""


def look(machine: Machine) -> tuple[Finding, ...]:
    """Everything about the machine. Takes up to some seconds on a bad disk: not for the event loop."""
    return (
        _room(machine),
        *_disk(machine),
        _memory(machine),
        _power(machine),
        *_heat(machine),
        _clock(machine),
    )


def sync_time(folder: Path) -> float:
    """Seconds that a small write takes to be safe, the middle one of some. Raises OSError."""
    probe = folder / f".doctor-{os.getpid()}"
    taken = []
    try:
        with probe.open("wb", buffering=0) as file:
            for _ in range(SYNCS):
                begun = time.monotonic()
                file.write(os.urandom(SYNC_BYTES))
                os.fdatasync(file.fileno())
                taken.append(time.monotonic() - begun)
    finally:
        probe.unlink(missing_ok=True)
    return statistics.median(taken)


def _room(machine: Machine) -> Finding:
    key, title = "disk_room", "Room on the disk"
    try:
        usage, files = shutil.disk_usage(machine.state_dir), os.statvfs(machine.state_dir)
    except OSError as error:
        return Finding(
            key,
            title,
            Grade.FAIL,
            f"The state folder {machine.state_dir} cannot be looked at: {error.strerror}.",
            "Start the gateway once, or look whether state in the settings names the right folder.",
        )
    free = f"{usage.free / 1e6:.0f} MB"
    if usage.free < NO_ROOM or (files.f_files and files.f_favail < 100):
        say = f"The disk is full: {free} are left."
        return Finding(key, title, Grade.FAIL, say, "Delete files on the box (“df -h” shows which disk is full).")
    if usage.free < LITTLE_ROOM:
        say = f"The disk is nearly full: {free} are left."
        return Finding(key, title, Grade.WARN, say, "Delete files on the box, or put in a larger card.")
    return Finding(key, title, Grade.PASS, f"{usage.free / 1e9:.1f} GB are left on the disk.")


def _disk(machine: Machine) -> Iterator[Finding]:
    kind, device, options = _mounted(machine)
    key, title = "disk_kind", "Disk"
    if "ro" in options:
        yield Finding(
            key,
            title,
            Grade.FAIL,
            "The disk cannot be written to.",
            "A memory card that turns read-only is usually worn out: put in a new one.",
        )
    elif kind in LOST_AT_RESTART | LAYERED:
        yield Finding(
            key,
            title,
            Grade.FAIL if kind in LOST_AT_RESTART else Grade.WARN,
            f"The state folder is on a disk that forgets ({kind}): calls, leads and who asked for no texts may be gone after a restart.",
            "Switch the read-only file system off (sudo raspi-config, Performance), or put state in the settings on a disk of its own.",
        )
    else:
        yield Finding(
            key, title, Grade.PASS, f"The state folder is on a disk that keeps what is written ({kind or 'unknown'})."
        )
    yield _health(machine, device)
    yield _sync(machine)


def _mounted(machine: Machine) -> tuple[str, str, tuple[str, ...]]:
    """File system, device and options of the state folder, by the longest mount point above it."""
    best: tuple[str, str, tuple[str, ...]] = ("", "", ())
    longest = -1
    folder = machine.state_dir.resolve()
    for line in machine.read("/proc/mounts").splitlines():
        fields = line.split()
        if len(fields) < 4:
            continue
        point = Path(fields[1].replace("\\040", " "))
        if (folder == point or point in folder.parents) and len(point.parts) >= longest:
            longest, best = len(point.parts), (fields[2], fields[0], tuple(fields[3].split(",")))
    return best


def _health(machine: Machine, device: str) -> Finding:
    key, title = "disk_health", "Health of the disk"
    name = device.rpartition("/")[2]
    remedy = "Copy the state folder to another disk, then put in a new memory card or disk."
    errors = machine.read(f"/sys/fs/ext4/{name}/errors_count") if name else ""
    if errors.isdecimal() and int(errors):
        say = f"The kernel has met {errors} errors on the disk {name}."
        return Finding(key, title, Grade.FAIL, say, remedy)
    card = name.split("p")[0] if name.startswith("mmcblk") else ""
    life = machine.read(f"/sys/block/{card}/device/life_time").split() if card else []
    worn = max(
        (int(each, 16) for each in life if each.startswith("0x")), default=0
    )  # JEDEC: steps of 10 % used, 0 unknown
    if worn >= 9:
        say = f"The memory card has used up {min(100, worn * 10)} % of its life."
        return Finding(key, title, Grade.WARN, say, remedy)
    if not errors and not worn:
        return Finding(key, title, Grade.SKIPPED, "This disk does not tell how it is.")
    return Finding(key, title, Grade.PASS, "The kernel has met no error on the disk.")


def _sync(machine: Machine) -> Finding:
    key, title = "disk_sync", "Speed of the disk"
    try:
        seconds = machine.sync(machine.state_dir)
    except PermissionError:
        say = "Whoever runs this may not write into the state folder."
        return Finding(key, title, Grade.SKIPPED, say, "Run it with sudo, or as the gateway's user.")
    except OSError as error:
        return Finding(
            key,
            title,
            Grade.FAIL,
            f"Nothing can be written into the state folder: {error.strerror}.",
            "Look whether the disk is full or mounted read-only, and who owns the state folder.",
        )
    took = f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
    if seconds >= SLOW_SYNC_S:
        say = f"The disk takes {took} to make a small write safe; each call waits for some of them."
        grade = Grade.FAIL if seconds >= BAD_SYNC_S else Grade.WARN
        return Finding(key, title, grade, say, "Put in a faster memory card (class A1 or better), or a disk.")
    return Finding(key, title, Grade.PASS, f"The disk takes {took} to make a small write safe.")


def _memory(machine: Machine) -> Finding:
    key, title = "memory", "Memory"
    figures = {
        line.split(":")[0]: int(line.split()[1]) * 1024
        for line in machine.read("/proc/meminfo").splitlines()
        if len(line.split()) > 1 and line.split()[1].isdecimal()
    }
    available = figures.get("MemAvailable")
    if available is None:
        return Finding(key, title, Grade.SKIPPED, "How much memory is free cannot be read here.")
    say = f"{available / 1e6:.0f} MB of memory are free."
    if available < LITTLE_MEMORY:
        remedy = "Stop other programs on the box, or start it again; if this comes back, use a box with more memory."
        return Finding(key, title, Grade.WARN, f"Memory is nearly used up: {say}", remedy)
    return Finding(key, title, Grade.PASS, say)


def _power(machine: Machine) -> Finding:
    key, title = "power", "Power supply"
    said = machine.run(("vcgencmd", "get_throttled")) or ""
    bits = said.strip().rpartition("=")[2] or machine.read("/sys/devices/platform/soc/soc:firmware/get_throttled")
    try:
        flags = int(bits, 16)
    except ValueError:
        say = "This machine does not tell how its power supply is (a Raspberry Pi does)."
        return Finding(key, title, Grade.SKIPPED, say)
    remedy = "Use the power supply made for this Pi, a short cable, and a powered USB hub for the modem."
    if flags & _NOW_LOW:
        say = "The power supply is too weak at this moment: the modem and the disk may fail."
        return Finding(key, title, Grade.FAIL, say, remedy)
    if flags & _WAS_LOW:
        say = "The power supply was too weak at some time since the box was switched on."
        return Finding(key, title, Grade.WARN, say, remedy)
    if flags & (_NOW_SLOW | _WAS_SLOW):
        say = "The box has slowed itself down because it was too hot."
        return Finding(key, title, Grade.WARN, say, "Let air get to it, or give it a heat sink.")
    return Finding(key, title, Grade.PASS, "The power supply has been strong enough since the box was switched on.")


def _heat(machine: Machine) -> Iterator[Finding]:
    said = machine.read("/sys/class/thermal/thermal_zone0/temp")
    with suppress(ValueError):
        degrees = int(said) / 1000
        if degrees >= HOT_C:
            say = f"The box is hot: {degrees:.0f} degrees Celsius."
            yield Finding("heat", "Heat", Grade.WARN, say, "Let air get to it, or give it a heat sink.")
        else:
            yield Finding("heat", "Heat", Grade.PASS, f"The box has {degrees:.0f} degrees Celsius.")


def _clock(machine: Machine) -> Finding:
    key, title = "clock", "Clock"
    shown = f"{machine.now:%Y-%m-%d %H:%M}"
    remedy = "Connect the box to the internet for a minute, or set the clock: sudo timedatectl set-time 'YEAR-MONTH-DAY HOUR:MINUTE'."
    if machine.now < machine.not_before:
        return Finding(key, title, Grade.FAIL, f"The clock shows {shown}, which has passed already.", remedy)
    if machine.told:
        return Finding(key, title, Grade.PASS, f"The box goes by {shown}, as the mobile network tells it.")
    if not machine.synchronised():
        say = f"The clock shows {shown}, and nobody has set it by the internet since the box was switched on."
        return Finding(key, title, Grade.WARN, say, remedy)
    return Finding(key, title, Grade.PASS, f"The clock shows {shown}, and it is kept right by the internet.")
