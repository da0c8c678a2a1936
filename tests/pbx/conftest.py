"""The bench as a fixture: one day of calls is played while the tests of it are asked one by one."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.pbx.asterisk import Stack
from tests.pbx.bench import Bench
from tests.pbx.scenarios import Scenario
from tests.pbx.tenant import GatewayTenant
from tests.tooling import need

# Offices at once. A call is mostly waiting, and other tests run beside them.
LANES = {Stack.PJSIP_22: 4, Stack.PJSIP_16: 2, Stack.CHAN_SIP_16: 2}


@pytest.fixture(scope="session")
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Plays what the collected tests ask for, and nothing else."""
    wanted: dict[Stack, list[Scenario]] = {stack: [] for stack in Stack}
    for item in request.session.items:
        values = getattr(getattr(item, "callspec", None), "params", {})
        stack, scenario = values.get("stack"), values.get("scenario")
        if (
            isinstance(stack, Stack)
            and isinstance(scenario, Scenario)
            and not stack.missing
            and scenario not in wanted[stack]
        ):
            wanted[stack].append(scenario)
    playing = Bench(wanted, LANES, tmp_path_factory.mktemp("pbx"), GatewayTenant)
    playing.start()
    yield playing
    playing.join(120)


@pytest.fixture(autouse=True)
def _unpacked(request: pytest.FixtureRequest) -> None:
    stack = getattr(request.node, "callspec", None) and request.node.callspec.params.get("stack")
    if isinstance(stack, Stack):
        need(not stack.missing, f"{', '.join(stack.missing)} not here - ./install.sh test gets what is missing")


def pytest_report_header() -> str:
    here = [str(stack) for stack in Stack if not stack.missing]
    return f"live PBX: {', '.join(here) or 'none'} (process {os.getpid()})"
