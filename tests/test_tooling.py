"""What the tests promise of themselves: none is skipped where everything must run, and no thread is left behind."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SKIPS = {"skip", "skipif", "skipIf", "skipUnless", "SkipTest", "importorskip"}

WANTS_A_TOOL = """
from tests.tooling import need

def test_with_a_tool():
    need(False, "the tool is missing - apt install tool")
"""
SKIPS_BY_ITSELF = """
import pytest

def test_that_skips():
    pytest.skip("for no good reason")
"""
SKIPS_ITS_WHOLE_FILE = """
import pytest

pytest.importorskip("a_package_that_nobody_has")

def test_never_collected():
    pass
"""

LEAVES_A_THREAD = """
import threading

def test_that_starts_something():
    threading.Thread(target=threading.Event().wait, name="poller").start()

def test_that_is_innocent():
    pass
"""
LEAVES_A_DAEMON_AND_AN_IDLE_POOL = """
import concurrent.futures, threading

def test_that_starts_something():
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    concurrent.futures.ThreadPoolExecutor().submit(int).result()
"""


def run(folder: Path, test: str, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_one.py").write_text(test)
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.conftest",
            "-p",
            "no:cacheprovider",
            "-rs",
            folder / "test_one.py",
        ],
        cwd=folder,
        env=os.environ | {"CI": ci, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_missing_tool_skips_its_test_where_not_everything_must_run(tmp_path: Path) -> None:
    done = run(tmp_path, WANTS_A_TOOL, ci="")
    assert done.returncode == 0, done.stdout
    assert "1 skipped" in done.stdout
    assert "the tool is missing - apt install tool" in done.stdout


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (WANTS_A_TOOL, "CI=true, and the tool is missing - apt install tool"),
        (SKIPS_BY_ITSELF, "for no good reason"),
        (SKIPS_ITS_WHOLE_FILE, "could not import 'a_package_that_nobody_has'"),
    ],
)
def test_where_everything_must_run_a_test_that_cannot_fails_and_says_why(tmp_path: Path, test: str, said: str) -> None:
    done = run(tmp_path, test, ci="true")
    assert done.returncode != 0, done.stdout
    assert said in done.stdout
    assert "skipped" not in done.stdout.splitlines()[-1]


def test_a_thread_that_would_keep_the_process_alive_fails_the_run_by_name(tmp_path: Path) -> None:
    done = run(tmp_path, LEAVES_A_THREAD, ci="")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert re.search(
        r"thread 'poller', first seen in \S*test_that_starts_something, keeps the process alive", done.stdout
    )


def test_threads_that_end_with_the_process_fail_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, LEAVES_A_DAEMON_AND_AN_IDLE_POOL, ci="")
    assert done.returncode == 0, done.stdout


def test_every_test_asks_for_its_tools_in_the_same_way() -> None:
    others = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in SKIPS and path.name != "tooling.py"
    }
    assert not others, "tests.tooling.need says what is missing, and fails where everything must run"
