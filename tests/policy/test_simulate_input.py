"""`textback simulate` and its input: a bad line is named with its number, and good input in any spelling is taken."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.main import main

ROOT = Path(__file__).parents[2]
MILLER = ROOT / "config" / "examples" / "miller.yaml"
CALL: dict[str, Any] = {
    "at": "2026-03-02T10:00:00-05:00",
    "event": "call",
    "caller": "+12165550137",
    "line": "main",
    "ring_s": 22,
    "outcome": "no_answer",
    "source": "ami",
}


def simulate(path: Path, data: bytes, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    path.write_bytes(data)
    status = main(["simulate", "--config", str(MILLER), str(path)])
    told = capsys.readouterr()
    return status, told.out, told.err


def with_changes(**changes: Any) -> bytes:
    return json.dumps({name: value for name, value in (CALL | changes).items() if value != "-"}).encode()


BAD = [
    (b"{", "not JSON"),
    (b"[1]", "not a JSON object"),
    (b'"call"', "not a JSON object"),
    (b"NaN", "not a JSON object"),
    (with_changes(at="-"), "at is missing"),
    (with_changes(at=None), "at is missing"),
    (with_changes(at="yesterday"), "at is no ISO 8601 time: 'yesterday'"),
    (with_changes(at="2026-03-02T10:00:00"), "at has no offset"),
    (with_changes(at="0001-01-01T00:00:00+14:00"), "at is out of reach"),
    (with_changes(at="9999-12-31T23:59:59-12:00"), "at is out of reach"),
    (with_changes(processed_at="soon"), "processed_at is no ISO 8601 time"),
    (with_changes(event="-"), "unknown event None"),
    (with_changes(event="cal"), "unknown event 'cal'"),
    (with_changes(event="appointment", do="confirm"), "lead is missing"),
    (with_changes(event="appointment", do="confirm", lead="1"), "lead is no number: '1'"),
    (with_changes(event="appointment", lead=1), "do is missing"),
    (with_changes(event="appointment", lead=1, do="book"), "unknown do 'book' - one of confirm, others, cancel, move"),
    (with_changes(event="appointment", lead=1, do="move"), "begins is missing"),
    (with_changes(event="appointment", lead=1, do="move", begins="tue"), "begins is no ISO 8601 time: 'tue'"),
    (with_changes(outcome="-"), "outcome is missing"),
    (with_changes(outcome="missed"), "unknown outcome 'missed' - one of no_answer, busy"),
    (with_changes(outcome=3), "outcome is not a string"),
    (with_changes(source="sip"), "unknown source 'sip'"),
    (with_changes(line="-"), "line is missing"),
    (with_changes(caller=2165550137), "caller is not a string"),
    (with_changes(ring_s="22"), "ring_s is no number of seconds: '22'"),
    (with_changes(ring_s=True), "ring_s is no number of seconds: True"),
    (with_changes(ring_s=-1), "ring_s is no number of seconds: -1"),
    (with_changes(ring_s=float("nan")), "ring_s is no number of seconds: nan"),
    (with_changes(event="contact", number="+12165550137", kind="friend"), "unknown kind of contact 'friend'"),
    (with_changes(event="contact", number=None, kind="vendor"), "number is missing"),
    (with_changes(event="office_call", to="+12165550137", reached="yes"), "reached is true or false, not 'yes'"),
    (with_changes(event="storm", on=1), "on is true or false, not 1"),
    (with_changes(event="modem", state="off"), "unknown modem state 'off'"),
    (with_changes(event="report", to="+12165550137", status="lost"), "unknown status 'lost'"),
    (with_changes(event="text", body="hello"), "from is missing"),
    (with_changes(event="text", **{"from": "+12165550137"}, body="\ud83d"), "half a character"),
]


@pytest.mark.parametrize(("line", "said"), BAD, ids=[said for _, said in BAD])
def test_a_bad_line_is_named_with_its_number(
    line: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, told = simulate(tmp_path / "events.jsonl", with_changes() + b"\n\n" + line + b"\n", capsys)
    assert status == 2
    assert told.startswith(f"textback simulate: line 3: {said}"), told
    assert told.count("\n") == 1


def test_input_that_is_no_text_is_refused_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, told = simulate(tmp_path / "events.jsonl", with_changes() + b"\n\xff\xfe\n", capsys)
    assert (status, told) == (2, "textback simulate: the input is not UTF-8 text - save it as UTF-8\n")


def test_a_missing_file_is_refused_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--config", str(MILLER), str(tmp_path / "none")]) == 2
    assert "No such file" in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"", b"\n\n", b'{"event": "scenario", "id": "a"}\n'])
def test_nothing_in_is_nothing_out(data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = simulate(tmp_path / "events.jsonl", data, capsys)
    assert status == 0
    assert "effect" not in out


def test_windows_line_ends_a_byte_order_mark_and_a_missing_last_line_end_are_fine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = b"\xef\xbb\xbf" + with_changes() + b"\r\n" + with_changes(caller="+12165550138")
    status, out, _ = simulate(tmp_path / "events.jsonl", data, capsys)
    assert (status, out.count('"opener"')) == (0, 2)


def test_scenarios_are_echoed_and_know_nothing_of_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = json.dumps({"event": "scenario", "id": "again", "note": "kept"}).encode()
    data = b"\n".join([with_changes(), scenario, with_changes(), scenario, with_changes(caller="")])
    status, out, _ = simulate(tmp_path / "events.jsonl", data, capsys)
    lines = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [line.get("id") or line.get("template") or line.get("reason") for line in lines] == [
        *("open", "again", "open", "again", "withheld")
    ]
    assert lines[1] == {"event": "scenario", "id": "again", "note": "kept"}
    assert [line["call"] for line in lines if "call" in line] == [1, 1, 1]


def test_a_time_may_be_written_in_any_offset_and_comes_out_in_the_shops(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = simulate(tmp_path / "events.jsonl", with_changes(at="2026-03-02T15:00:00Z"), capsys)
    assert json.loads(out)["at"] == "2026-03-02T10:00:15-05:00"


def test_events_come_from_standard_input_too() -> None:
    command = [sys.executable, "-m", "gateway.cli", "--config", str(MILLER), "simulate"]
    done = subprocess.run(command, cwd=ROOT, input=with_changes(), capture_output=True, timeout=60, check=True)
    assert json.loads(done.stdout)["purpose"] == "opener"
    assert done.stderr == b""
