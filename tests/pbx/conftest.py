"""The bench as a fixture: one day of calls is played while the tests of it are asked one by one."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.pbx.asterisk import Stack
from tests.pbx.bench import Bench
from tests.pbx.scenarios import Scenario
from tests.pbx.tenant import GatewayTenant

# Offices at once. A call is mostly waiting: ten offices keep two cores about half busy.
LANES = {Stack.PJSIP_22: 6, Stack.PJSIP_16: 2, Stack.CHAN_SIP_16: 2}


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
            and stack.is_here
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
    if isinstance(stack, Stack) and not stack.is_here:
        pytest.skip(
            f"Asterisk {stack.version} or SIPp is not here: tests/tools/fetch-emulator.sh asterisk{stack.version}"
        )


def pytest_report_header() -> str:
    here = [str(stack) for stack in Stack if stack.is_here]
    return f"live PBX: {', '.join(here) or 'none'} (process {os.getpid()})"
