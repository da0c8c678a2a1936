"""What holds for every test: the kinds of test there are, and that nothing is skipped where everything must run.

CI=true means that all tools are there: a skip is then a failure. Drills (hours of random days and kills) run only when
asked for with `-m drill`.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

MARKERS = {
    "live": "needs an unpacked Asterisk and SIPp: real calls on a real PBX",
    "phonesim": "needs the unpacked modem emulator, socat and a network namespace",
    "browser": "needs Chromium: the page as a person uses it",
    "drill": "a long campaign, not part of the ordinary run",
}


def pytest_configure(config: pytest.Config) -> None:
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "drill" in config.option.markexpr:
        return
    drills = [item for item in items if item.get_closest_marker("drill")]
    if drills:
        config.hook.pytest_deselected(items=drills)
        items[:] = [item for item in items if item not in drills]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI=true does not allow: {report.longrepr}"
    return report
