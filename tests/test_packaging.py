"""The wheel: everything the product needs is in it, and it works where there is no checkout."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("gateway", "drivers", "web")
DEADLINE_S = 120.0  # generous: building asks the package index for setuptools
CALL = (
    '{"at": "2026-03-02T15:00:00-05:00", "event": "call", "caller": "+12165550137", "line": "main", "ring_s": 22,'
    ' "outcome": "no_answer", "source": "ami"}\n'
)


def run(*words: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(words, capture_output=True, text=True, timeout=DEADLINE_S, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return done  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: building leaves folders beside the sources."""
    copy = tmp_path_factory.mktemp("copy")
    for name in (*SOURCES, "config"):
        shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", copy / "dist", copy)
    (built,) = (copy / "dist").glob("textback-*.whl")
    return built


@pytest.fixture(scope="module")
def textback(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from the wheel in an environment that knows no checkout."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, symlinks=True)
    python = home / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel)
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
    # Other people's packages are lent from here. The checkout is not: a .pth file inside a lent folder is not read.
    (Path(site) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    assert run(python, "-c", "import gateway; print(gateway.__file__)", cwd=home).stdout.startswith(str(home))
    return home / "bin" / "textback"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory that is no checkout."""
    monkeypatch.chdir(tmp_path)
    for name in ("TEXTBACK_CONFIG", "PYTHONPATH", "NOTIFY_SOCKET"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_every_file_of_the_product_is_in_the_wheel_and_nothing_else(wheel: Path) -> None:
    wanted = {
        str(path.relative_to(ROOT)) for folder in SOURCES for path in _files(ROOT / folder) if path.suffix != ".md"
    } | {f"gateway/{path.relative_to(ROOT)}" for path in _files(ROOT / "config")}
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == wanted
    assert {
        "gateway/storage/migrations/0001_first.sql",
        "gateway/config/modems/generic.yaml",
        "web/static/page.js",
    } <= packed


def _files(folder: Path) -> Iterator[Path]:
    """Regular files; links (gateway/config) are not followed."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink() and path.name != "__pycache__":
            yield from _files(path)
        elif path.is_file():
            yield path


def test_an_installed_wheel_checks_the_example_configuration(textback: Path, elsewhere: Path) -> None:
    missing = subprocess.run([textback, "check"], capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert missing.returncode == 2
    example = Path(missing.stderr.partition("copy ")[2].partition(" there and change it")[0])
    shutil.copy(example, elsewhere / "my.yaml")
    checked = run(textback, "check", "--config", "my.yaml")
    assert checked.stdout.startswith("my.yaml: Miller Heating & Air, 1 of 1 lines texted")


def test_an_installed_wheel_simulates(textback: Path, elsewhere: Path) -> None:
    shutil.copy(ROOT / "config/examples/miller.yaml", elsewhere)
    lines = run(textback, "simulate", "--config", "miller.yaml", input=CALL).stdout.splitlines()
    (text,) = [effect for effect in map(json.loads, lines) if effect["effect"] == "text"]
    assert (text["to"], text["purpose"], text["template"]) == ("+12165550137", "opener", "open")


def test_an_installed_wheel_shows_the_demo(textback: Path, elsewhere: Path) -> None:
    out = run(textback, "demo", "--once", cwd=elsewhere).stdout
    assert 'on the wire to +12165550137: "Miller Heating & Air' in out


def test_an_installed_gateway_tells_systemd_and_answers_to_its_configured_name(textback: Path, elsewhere: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (elsewhere / "box.yaml").write_text(
        "business: {name: Miller, timezone: America/New_York}\n"
        "lines: {main: {number: '+12165550100'}}\n"
        f"modem: {{port: {elsewhere}/no-modem}}\n"
        f"page: {{port: {port}, names: [calls.miller.example]}}\n"
        f"state: {elsewhere}/state\n"
    )
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind("notify")
        settings = os.environ | {"NOTIFY_SOCKET": str(elsewhere / "notify")}
        command = [textback, "run", "--config", "box.yaml"]
        with subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert _heard(ear, process) == "READY=1"
                assert _status(port, "calls.miller.example") == 200
                assert _status(port, "calls.other.example") == 421
                said = run(textback, "status", "--config", "box.yaml").stdout
                assert said.startswith("Miller - Textback ")
                process.send_signal(signal.SIGTERM)
                assert _heard(ear, process) == "STOPPING=1"
                assert process.wait(DEADLINE_S) == 0
            finally:
                process.kill()


def _heard(ear: socket.socket, process: subprocess.Popen[str]) -> str:
    """What systemd hears next, beside that it takes a while; a gateway that ends without a word fails with what it wrote."""
    end = os.pidfd_open(process.pid)
    try:
        while ear in (ready := select.select([ear, end], [], [], DEADLINE_S)[0]):
            if not (word := ear.recv(100).decode()).startswith("EXTEND_TIMEOUT_USEC="):
                return word
    finally:
        os.close(end)
    assert ready, "nothing was heard in time"
    process.kill()
    raise AssertionError(process.communicate()[1])


def _status(port: int, name: str) -> int:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_S)) as page:
        page.request("GET", "/help/", headers={"Host": name, "Connection": "close"})
        with page.getresponse() as answer:
            return answer.status
