"""What `textback send-test` and `textback drill` print while they watch, and how they end."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest

from gateway import control
from gateway.cli import trials

SENT = [
    {"state": "queued", "say": "waits for the modem"},
    {"state": "queued", "say": "waits for the modem"},
    {"state": "accepted", "say": "taken by the network"},
    {"state": "delivered", "say": "on the phone"},
]


def step(state: str, *told: tuple[str, str], by: str = "") -> dict[str, Any]:
    names = ("Mike", "Dana")
    return {
        "code": 14,
        "state": state,
        "by": by,
        "told": [
            {"name": name, "channel": channel, "state": "accepted", "say": say}
            for name, (channel, say) in zip(names, told, strict=False)
        ],
    }


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "LOOK_EVERY_S", 0.0)


class Gateway:
    """Stands where the running gateway stands: says one thing after the other, the last one again and again."""

    def __init__(self, *says: dict[str, Any]) -> None:
        self.asked: list[dict[str, Any]] = []
        self._says = list(says)

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(request)
        if request["do"] in ("send-test", "drill"):
            return {"key": "k"}
        return self._says.pop(0) if len(self._says) > 1 else self._says[0]


async def test_a_test_text_is_told_once_for_each_state_until_it_is_there(tmp_path: Path) -> None:
    gateway, out = Gateway(*SENT), io.StringIO()
    async with control.serve(tmp_path / "s", gateway.answer):
        assert await trials.send_test(tmp_path / "s", "+12165550137", out)
    assert out.getvalue().splitlines() == [
        "queued: waits for the modem",
        "accepted: taken by the network",
        "delivered: on the phone",
    ]
    assert gateway.asked[0] == {"do": "send-test", "to": "+12165550137"}


@pytest.mark.parametrize(
    ("state", "went_out", "ends"),
    [
        ("failed", False, "failed: so"),
        ("accepted", True, "accepted by the network; no delivery report came (not every carrier sends one)"),
        ("queued", False, "still waiting for the modem - see textback status"),
    ],
)
async def test_a_test_text_whose_fate_stays_open_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str, went_out: bool, ends: str
) -> None:
    monkeypatch.setattr(trials, "TEST_WAIT_S", 0.2)
    monkeypatch.setattr(trials, "REPORT_WAIT_S", 0.0)
    gateway, out = Gateway({"state": state, "say": "so"}), io.StringIO()
    async with control.serve(tmp_path / "s", gateway.answer):
        assert await trials.send_test(tmp_path / "s", "+12165550137", out) is went_out
    assert out.getvalue().splitlines()[-1] == ends


async def test_a_drill_tells_each_step_and_who_has_confirmed(tmp_path: Path) -> None:
    gateway = Gateway(
        step("alerting"),
        step("alerting", ("text", "")),
        step("alerting", ("text", "delivered"), ("call", "rings")),
        step("acknowledged", ("text", "delivered"), ("call", "rings"), by="Dana"),
    )
    out = io.StringIO()
    async with control.serve(tmp_path / "s", gateway.answer):
        assert await trials.drill(tmp_path / "s", out)
    head, *steps = out.getvalue().splitlines()
    assert head == "Drill 14. Whoever gets it replies 14; Ctrl-C stops watching, not the drill."
    assert [re.sub(r"^ *[\d.]+ s  ", "", line) for line in steps] == [
        "Mike, text: accepted",
        "Mike, text: delivered",
        "Dana, call: rings",
        "Dana has confirmed. It worked.",
    ]


async def test_a_drill_that_nobody_confirms_has_failed(tmp_path: Path) -> None:
    out = io.StringIO()
    async with control.serve(tmp_path / "s", Gateway(step("exhausted", ("text", ""))).answer):
        assert not await trials.drill(tmp_path / "s", out)
    assert out.getvalue().endswith("everybody was told, and nobody has confirmed\n")


async def test_without_a_running_gateway_nothing_is_tried(tmp_path: Path) -> None:
    with pytest.raises(control.NotRunning):
        await trials.drill(tmp_path / "s", io.StringIO())
