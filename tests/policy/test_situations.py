"""Some four hundred situations, each with the outcome that the shop's rules give it, through the real command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.settings import load
from tests.policy.script import Situation, like, read_situations, told

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "config" / "examples"
MILLER = EXAMPLES / "miller.yaml"
SITUATIONS = read_situations(Path(__file__).with_name("situations.txt"), load(MILLER).business.zone)


def script(situations: list[Situation]) -> str:
    """All situations as one input, each a box that has never seen anything."""
    lines: list[str] = []
    for n, situation in enumerate(situations):
        lines.append(json.dumps({"event": "scenario", "id": str(n)}))
        lines += [json.dumps(event) for event in situation.events]
    return "\n".join(lines) + "\n"


def by_scenario(output: str) -> dict[str, list[str]]:
    """What came out of each scenario, in the words of situations.txt."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for text in output.splitlines():
        effect = json.loads(text)
        if effect.get("event") == "scenario":
            current = found[effect["id"]] = []
        elif (line := told(effect)) is not None:
            current.append(line)
    return found


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    path = tmp_path_factory.mktemp("situations") / "events.jsonl"
    path.write_text(script(SITUATIONS), encoding="utf-8")
    command = [sys.executable, "-m", "gateway.cli", "simulate", "--config", str(MILLER), str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return by_scenario(done.stdout)


@pytest.mark.parametrize("n", range(len(SITUATIONS)), ids=[s.says for s in SITUATIONS])
def test_the_box_does_what_the_rules_of_the_shop_say(n: int, played: dict[str, list[str]]) -> None:
    situation = SITUATIONS[n]
    got = played[str(n)]
    assert like(situation.expected, got), f"situations.txt:{situation.line}: {situation.expected} but {got}"


def test_the_situations_are_many_and_different() -> None:
    assert len(SITUATIONS) > 350
    assert len({s.says for s in SITUATIONS}) == len(SITUATIONS)
