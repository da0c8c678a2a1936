"""The serial port of a modem from outside: its name, whether it is there, who may open it and who has."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gateway.core.checkup import Finding, Grade
from gateway.settings import ModemConfig

# Programs that take any serial modem they find, and how to be rid of them (peers' issues; brltty is not verified).
GRABBERS = {"ModemManager": "sudo systemctl disable --now ModemManager", "brltty": "sudo apt remove brltty"}
_STABLE = ("/dev/serial/by-id/", "/dev/serial/by-path/")
_UNSTABLE = ("/dev/ttyUSB", "/dev/ttyACM")


def look(modem: ModemConfig, ours: int | None, root: Path = Path("/")) -> Iterator[Finding]:
    """Findings about a modem's port. `ours` is the process that may have it open; `root` holds /proc."""
    yield _name(modem)
    yield _there(modem)
    yield _held(modem, ours, root)
    yield _grabbers(modem, root)


def _name(modem: ModemConfig) -> Finding:
    key, title = "port_name", "Name of the port"
    if modem.port.startswith(_UNSTABLE):
        names = sorted(str(link) for link in _links() if _real(str(link)) == modem.port)
        better = f" It is {names[0]} now." if names else ""
        return Finding(
            key,
            title,
            Grade.WARN,
            f"{modem.port} may be another device after a restart: such numbers move.",
            f"Write the name under /dev/serial/by-id into the settings as modem: port.{better}",
            modem.name,
        )
    say = (
        f"{modem.port} stays the same after a restart."
        if modem.port.startswith(_STABLE)
        else f"The port is {modem.port}."
    )
    return Finding(key, title, Grade.PASS, say, part=modem.name)


def _links() -> list[Path]:
    with suppress(OSError):
        return list(Path("/dev/serial/by-id").iterdir())
    return []


def _real(port: str) -> str:
    return os.path.realpath(port)


def _there(modem: ModemConfig) -> Finding:
    key, title = "port", "Port"
    if not Path(modem.port).exists():
        return Finding(
            key,
            title,
            Grade.FAIL,
            f"The modem is not there: no {modem.port}.",
            "Plug the modem in; check its USB cable and power." + _others(),
            modem.name,
        )
    if not os.access(modem.port, os.R_OK | os.W_OK):
        return Finding(
            key,
            title,
            Grade.FAIL,
            f"Whoever runs this may not open {modem.port}.",
            "Run it with sudo; the gateway's own user belongs into the group dialout (sudo usermod -aG dialout USER).",
            modem.name,
        )
    return Finding(key, title, Grade.PASS, "The port is there and may be opened.", part=modem.name)


def _others() -> str:
    names = sorted(link.name for link in _links())[:3]
    return f" Ports that are there: {', '.join(names)}." if names else ""


def _held(modem: ModemConfig, ours: int | None, root: Path) -> Finding:
    key, title = "port_held", "Who uses the port"
    holders, blind = _holders(_real(modem.port), root)
    strangers = {pid: name for pid, name in holders.items() if pid not in (ours, os.getpid())}
    if strangers:
        who = ", ".join(sorted({f"{name} (process {pid})" for pid, name in strangers.items()}))
        cure = next((cure for grabber, cure in GRABBERS.items() if grabber in strangers.values()), "stop that program")
        return Finding(
            key,
            title,
            Grade.FAIL,
            f"Another program has opened the port: {who}. It takes the modem's words away.",
            f"Stop it: {cure}."
            if cure != "stop that program"
            else "Stop that program, and keep it from starting again.",
            modem.name,
        )
    if blind and os.geteuid() != 0:
        say = "Programs of other users cannot be seen, so it is not known whether one has opened the port."
        return Finding(key, title, Grade.SKIPPED, say, "Run “sudo textback doctor” to see them.", modem.name)
    return Finding(key, title, Grade.PASS, "No other program has opened the port.", part=modem.name)


def _holders(device: str, root: Path) -> tuple[dict[int, str], bool]:
    """Processes that have a device open, by number; and whether some could not be looked at."""
    found: dict[int, str] = {}
    blind = False
    try:
        wanted = Path(device).stat()
    except OSError:
        return found, blind
    for process in _processes(root):
        try:
            links = list((process / "fd").iterdir())
        except PermissionError:
            blind = True
            continue
        except OSError:
            continue
        for link in links:
            with suppress(OSError):
                if str(link.readlink()) == device and os.path.samestat(link.stat(), wanted):  # no other box's /dev
                    found[int(process.name)] = _comm(process)
                    break
    return found, blind


def _processes(root: Path) -> list[Path]:
    try:
        return [each for each in (root / "proc").iterdir() if each.name.isdecimal()]
    except OSError:
        return []


def _comm(process: Path) -> str:
    try:
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "a program"


def _grabbers(modem: ModemConfig, root: Path) -> Finding:
    key, title = "port_grabbers", "Programs that take modems"
    running = {_comm(process) for process in _processes(root)}
    found = [name for name in GRABBERS if name in running]
    if not found:
        say = "Neither ModemManager nor brltty runs."
        return Finding(key, title, Grade.PASS, say, part=modem.name)
    rule = any((root / "etc/udev/rules.d").glob("*textback*")) if (root / "etc/udev/rules.d").is_dir() else False
    if rule and found == ["ModemManager"]:
        say = "ModemManager runs, and a rule of ours tells it to leave the modem alone."
        return Finding(key, title, Grade.PASS, say, part=modem.name)
    return Finding(
        key,
        title,
        Grade.WARN,
        f"{' and '.join(found)} runs on the box: it may take the modem at any moment.",
        f"Switch it off: {'; '.join(GRABBERS[name] for name in found)}.",
        modem.name,
    )
