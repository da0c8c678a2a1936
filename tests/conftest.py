"""What holds for every test: the kinds there are, that none is skipped where everything must run, that no thread is left.

CI=true means that all tools are there: a skip is then a failure. Drills (hours of random days and kills) and virtual
machines run only when asked for with `-m drill` and `-m vm`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator

import pytest

from tests.leftovers import Leftovers
from tests.tooling import everything_must_run

MARKERS = {
    "live": "needs an unpacked Asterisk and SIPp: real calls on a real PBX",
    "phonesim": "needs the unpacked modem emulator, socat and a network namespace",
    "browser": "needs Chromium: the page as a person uses it",
    "drill": "a long campaign, not part of the ordinary run",
    "vm": "a virtual machine whose every instruction is emulated: hours, run by itself before a release",
}
ASKED_FOR = ("drill", "vm")  # run only with -m drill, -m vm
LEFT = pytest.StashKey[list[str]]()
leftovers = Leftovers()


def pytest_configure(config: pytest.Config) -> None:
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kinds = [kind for kind in ASKED_FOR if kind not in config.option.markexpr]
    left_out = [item for item in items if any(map(item.get_closest_marker, kinds))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _allowed_here(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        _allowed_here(report)
    return report


def _allowed_here(skipped: pytest.TestReport | pytest.CollectReport) -> None:
    """A skip by other means than `tests.tooling.need` becomes a failure too."""
    if everything_must_run():
        skipped.outcome = "failed"
        skipped.longrepr = f"{skipped.nodeid} was skipped, which CI=true does not allow: {skipped.longrepr}"


def pytest_runtest_logfinish(nodeid: str) -> None:
    leftovers.look(nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A thread that would keep the process alive makes the run a failed one."""
    session.config.stash[LEFT] = leftovers.names()
    if session.config.stash[LEFT]:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for left in terminalreporter.config.stash.get(LEFT, []):
        terminalreporter.section("a thread was left behind", red=True)
        terminalreporter.line(left)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End in spite of it: nobody would read the name of a thread while the run hangs."""
    if config.stash.get(LEFT, []):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(pytest.ExitCode.TESTS_FAILED)
