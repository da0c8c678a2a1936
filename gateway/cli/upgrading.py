"""What the installer asks of a version: `python -m gateway.cli.upgrading STEP`, run as the gateway's own user.

It is no command for people: install.sh calls it, and systemd/recover.sh after a power cut. Exit status 0, or 1 with a sentence.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from gateway import control
from gateway.settings import PageConfig, SettingsError, load
from gateway.settings.devices import STATE
from gateway.settings.edit.first import unconfigured
from gateway.settings.load import state_folder
from gateway.statefolder import DATABASE, SOCKET
from gateway.storage.schema import StoreDown
from gateway.storage.trial import keep, put_back, rehearse

UNIT = "textback.service"
RESTARTS_AT_MOST = 3  # a program that ends so often right after its start does not come up
LOOK_EVERY_S = 0.5
PAGE_WITHIN_S = 10.0
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")
QR_BORDER = 2  # modules; the standard wants 4, and every camera takes 2 on a dark terminal


def main(argv: Sequence[str] | None = None) -> int:
    """One step; what is printed is for the installer's next one or for the person before it."""
    parser = argparse.ArgumentParser(prog="upgrading", description="Steps of an upgrade.")
    parser.add_argument("step", choices=("state", "database", "rehearse", "keep", "put-back", "healthy", "address"))
    parser.add_argument("--config", type=Path, default=Path("/etc/textback/gateway.yaml"))
    parser.add_argument("--copy", type=Path, help="the copy of the database, or where to make it")
    parser.add_argument("--within", type=float, default=60.0, help="seconds")
    options = parser.parse_args(argv)
    try:
        return _step(options)
    except (StoreDown, OSError, control.NotRunning, control.Refused) as error:
        print(error, file=sys.stderr)
    except SettingsError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
    return 1


def _step(options: argparse.Namespace) -> int:
    state = state_of(options.config)
    database = state / DATABASE
    match options.step:
        case "state":
            print(state)
        case "database":
            print(database if database.exists() else "")
        case "rehearse":
            tried = rehearse(database, options.copy)
            print(f"{tried.before} {tried.after}")
        case "keep":
            keep(database, options.copy)
        case "put-back":
            certain = put_back(options.copy, database, datetime.now(UTC))
            print("the records are those from before the upgrade" + ("" if certain else "; texting is paused"))
        case "healthy":
            print(healthy(state / SOCKET, options.within))
        case "address":
            print(told(_page(options.config)))
    return 0


def state_of(config: Path) -> Path:
    """The state folder of a configuration; the usual one where there is none yet. Raises SettingsError."""
    return state_folder(config) if config.exists() else Path(STATE.default)


def _page(config: Path) -> PageConfig:
    return (load(config) if config.exists() else unconfigured(config, os.environ.get("TEXTBACK_PAGE", ""))).page


def healthy(door: Path, within_s: float) -> str:
    """Wait until the gateway answers at its side door and its page opens; gives the page's address. Raises NotRunning."""
    end, why = time.monotonic() + within_s, "it does not answer"
    while time.monotonic() < end:
        if ended := _has_ended():
            raise control.NotRunning(f"the gateway is not well: {ended}")
        try:
            page = str(asyncio.run(control.ask(door, {"do": "status"}))["page"])
            if not page:
                why = "its page is not open"
            elif not (why := _page_trouble(page)):
                return page
        except (control.NotRunning, control.Refused, KeyError, json.JSONDecodeError) as error:
            why = str(error)
        time.sleep(LOOK_EVERY_S)
    raise control.NotRunning(f"after {within_s:g} s the gateway is not well: {why}")


def _has_ended() -> str:
    """Why there is nothing to wait for any more, by systemd's account; "" while it may still come up, or without systemd."""
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        ask = ["systemctl", "show", "--property=ActiveState,NRestarts", UNIT]
        said = subprocess.run(ask, capture_output=True, text=True, timeout=10, check=True).stdout
        known = dict(line.split("=", 1) for line in said.split())
        if known.get("ActiveState") == "failed":
            return "it has ended"
        if int(known.get("NRestarts", 0)) >= RESTARTS_AT_MOST:
            return f"it has ended and was started anew {known['NRestarts']} times"
    return ""


def _page_trouble(url: str) -> str:
    """Why the page does not open, "" when it does: whatever it answers but a fault of its own will do."""
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE  # our own certificate, for other names
    try:
        with urllib.request.urlopen(url, timeout=PAGE_WITHIN_S, context=trust):
            return ""
    except urllib.error.HTTPError as error:
        return "" if error.code < 500 else f"its page answers {error.code}"
    except (OSError, ValueError) as error:
        return f"its page does not open ({getattr(error, 'reason', error)})"


def told(page: PageConfig) -> str:
    """The page's addresses in words, and the first one as a QR code where other devices can open it."""
    addresses = reachable(page)
    lines = [f"  {address}" for address in addresses]
    if page.host in _THIS_MACHINE:
        return "\n".join(
            [*lines, "  (on this machine only: 'page: host: 0.0.0.0' in the configuration opens it to the office)"]
        )
    return "\n".join([*lines, "", qr(addresses[0])])


def reachable(page: PageConfig) -> list[str]:
    """How the page can be opened: by the box's address in its network and by its name, or where it is bound to."""
    names = [f"[{page.host}]" if ":" in page.host else page.host]
    if page.host in ("0.0.0.0", "::", ""):
        names = [*filter(None, [_own_address()]), f"{socket.gethostname().partition('.')[0]}.local"]
    return [f"{'https' if page.tls_certificate else 'http'}://{name}:{page.port}/" for name in names]


def _own_address() -> str:
    """The address by which this machine speaks to others; "" without a network. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737: an address of nobody
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def qr(text: str) -> str:
    """A QR code in half blocks, dark on light whatever the terminal's colours; "" where the library is missing."""
    try:
        import segno
    except ImportError:
        return ""
    rows = [list(row) for row in segno.make(text, micro=False).matrix_iter(border=QR_BORDER)]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    blocks = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
    lines = (
        "".join(blocks[bool(upper), bool(lower)] for upper, lower in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    )
    return "\n".join(f"  \033[97;40m{line}\033[0m" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
