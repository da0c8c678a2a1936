"""ofono-phonesim: a modem emulator written by other people, behind a terminal.

It listens on every interface, so it gets a network namespace of its own; socat carries its line out through a unix socket
and on to a pty, which the driver opens like any serial port. Every run has a state of its own.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from tests.pbx.asterisk import CACHE, Unpacked

UNPACKED = CACHE / "phonesim"
TOOLS = ("socat", "unshare", "ip")
START_S = 30.0
PORT = 12345

INSIDE = """
ip link set lo up
"$@" & emulator=$!
trap 'kill $emulator' EXIT
until (exec 3<>/dev/tcp/127.0.0.1/%(port)d) 2>/dev/null; do kill -0 $emulator || exit 1; read -rt 0.05 <> <(:) || :; done
socat "UNIX-LISTEN:%(socket)s,fork,unlink-early" TCP:127.0.0.1:%(port)d
"""


def missing() -> list[str]:
    """What the emulator needs and this machine lacks."""
    tools = [tool for tool in TOOLS if shutil.which(tool) is None]
    return tools if (UNPACKED / "ok").exists() else ["phonesim", *tools]


def shipped_rules() -> str:
    return (UNPACKED / "root/usr/share/ofono-phonesim/default.xml").read_text()


class Emulator:
    """One modem at `path`, answering by `rules` (its XML). Use start() and stop()."""

    def __init__(self, scratch: Path, rules: str) -> None:
        self.path = scratch / "modem"
        self._scratch = scratch
        self._socket = scratch / "line"
        self._rules = scratch / "rules.xml"
        self._rules.write_text(rules)
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        root = UNPACKED / "root"
        unpacked = Unpacked(root)
        plugins = next(path for path in root.rglob("plugins") if path.is_dir() and "qt" in str(path).lower())
        env = dict(
            os.environ, QT_QPA_PLATFORM="offscreen", QT_PLUGIN_PATH=str(plugins), XDG_RUNTIME_DIR=str(self._scratch)
        )
        program = [str(unpacked.loader), "--library-path", unpacked.libraries, str(root / "usr/bin/ofono-phonesim")]
        inside = INSIDE % {"port": PORT, "socket": self._socket}
        own_network = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
        emulate = [*own_network, "bash", "-c", inside, "phonesim", *program, "-p", str(PORT), str(self._rules)]
        self._spawn(emulate, env)
        self._until(self._socket)
        self.join()

    def stop(self) -> None:
        for process in reversed(self._running):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(10)

    def join(self) -> None:
        """Plug the line in: a new terminal under the same name, and a new state of the emulator.

        Tried again for a second: the socket has its name a moment before anybody listens at it.
        """
        line = f"UNIX-CONNECT:{self._socket},retry=20,interval=0.05"
        self._spawn(["socat", f"PTY,link={self.path},raw,echo=0", line], dict(os.environ))
        self._until(self.path)

    def cut(self) -> None:
        """Pull the plug."""
        line = self._running.pop()
        os.killpg(line.pid, signal.SIGTERM)
        line.wait(10)
        self.path.unlink(missing_ok=True)

    def _spawn(self, command: list[str], env: dict[str, str]) -> None:
        with (self._scratch / "emulator.log").open("ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, start_new_session=True
            )
        self._running.append(process)

    def _until(self, made: Path) -> None:
        end = time.monotonic() + START_S
        while not made.exists():
            if any(process.poll() is not None for process in self._running) or time.monotonic() > end:
                self.stop()
                raise RuntimeError("phonesim did not start: " + (self._scratch / "emulator.log").read_text()[-2000:])
            time.sleep(0.02)
