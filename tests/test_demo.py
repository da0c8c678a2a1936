"""The demonstration as a newcomer meets it: one command, a text on the wire, and nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DEADLINE_S = 60.0  # generous: a busy machine starts Python slowly
COMMAND = (sys.executable, "-m", "gateway.cli", "demo")


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Where the demonstration puts its temporary folder: a space is in the path, as on many desktops.

    Not pytest's own folder: a unix socket's path may have 107 bytes (unix(7)).
    """
    with tempfile.TemporaryDirectory(prefix="my files ") as folder:
        yield Path(folder)


@contextmanager
def demo(scratch: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*COMMAND, *options],
        cwd=scratch.parent,
        env=os.environ | {"TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def taken(port: int) -> Iterator[int]:
    """Somebody listens on the port (perhaps somebody else already does)."""
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            assert port
        sock.listen()
        yield port or sock.getsockname()[1]


def test_the_demo_texts_a_missed_call_on_any_free_port_when_the_usual_one_is_taken(scratch: Path) -> None:
    with taken(8080), demo(scratch, "--once") as process:
        out, err = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, err) == (0, "")
    found = re.search(r"open http://127\.0\.0\.1:(\d+)/", out)
    assert found is not None
    assert found[1] != "8080"
    assert re.search(r'on the wire to \+12165550137: "Miller Heating & Air: .+STOP to end\."', out)
    assert list(scratch.iterdir()) == []


def test_a_port_that_was_asked_for_and_is_taken_is_said_in_one_sentence(scratch: Path) -> None:
    with taken(0) as port, demo(scratch, "--port", str(port)) as process:
        out, err = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, out) == (1, "")
    assert err.splitlines()[-1].startswith("textback demo: the page has no address - ")
    assert "Traceback" not in err
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interrupted_demo_leaves_nothing_behind(scratch: Path, name: str) -> None:
    with demo(scratch) as process:
        assert process.stdout is not None
        assert any(line.startswith("Textback demo: open http://") for line in process.stdout)
        process.send_signal(getattr(signal, name))
        _, err = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, err) == (0, "")
    assert list(scratch.iterdir()) == []
