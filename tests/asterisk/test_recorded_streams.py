"""Every recorded call gets the verdict that is true, however the bytes arrive and however little the PBX tells."""

from __future__ import annotations

import io
import json
import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drivers.asterisk.calls import CallBook
from drivers.asterisk.cdr import COLUMNS
from drivers.asterisk.messages import MessageParser
from gateway.cli.replay import run
from gateway.core.events import OfficeCalled, OfficeRings
from tests.asterisk.recorded import Recording, recordings
from tests.asterisk.spoiled import SPOILED

every_recording = pytest.mark.parametrize("recording", recordings(), ids=str)


def replayed(
    tmp_path: Path, stream: bytes, chunk: int | None = None, cdr: str | None = None, strict: bool = True
) -> list[dict[str, object]]:
    trace = tmp_path / "calls.ami"
    trace.write_bytes(stream)
    records = None
    if cdr is not None:
        records = tmp_path / "Master.csv"
        records.write_text(cdr)
    out, err = io.StringIO(), io.StringIO()
    assert run([trace], records, chunk, out=out, err=err) == 0
    assert err.getvalue() == "" or not strict
    return [json.loads(line) for line in out.getvalue().splitlines()]


def verdicts(rows: list[dict[str, object]]) -> dict[object, tuple[object, ...]]:
    return {
        row["linkedid"]: tuple(row[k] for k in ("caller", "did", "missed", "reason", "answered_by")) for row in rows
    }


def truth(recording: Recording, with_cdr: bool = False) -> dict[object, tuple[object, ...]]:
    return {
        call.linkedid: (call.caller, call.did, None, "unknown", None)
        if call.cdr_only and not with_cdr
        else (call.caller, call.did, call.missed, call.reason, call.answered_by)
        for call in recording.calls
    }


def core(found: dict[object, tuple[object, ...]]) -> dict[object, tuple[object, ...]]:
    """DID, missed, answered by: what no stream may get wrong."""
    return {key: (value[1], value[2], value[4]) for key, value in found.items()}


def test_the_three_stacks_were_recorded_in_fifty_scenarios_each_and_odd_offices_on_two() -> None:
    assert len(recordings()) == 3 * 50 + 2 * 26 + 2 * 17
    assert sum(len(recording.calls) for recording in recordings()) > 190
    assert sum(len(recording.office) for recording in recordings()) == 3 * 2 + 2 * 1 + 2 * 16


def office_calls(stream: bytes, chunk: int = 65536) -> Counter[tuple[str, bool, str | None]]:
    """The office's own calls, each once it is over: number without country code, whether they spoke, from which phone."""
    book, parser, now = CallBook(), MessageParser(), datetime(2026, 3, 2, tzinfo=UTC)
    pieces = (stream[at : at + chunk] for at in range(0, len(stream), chunk))
    events = [event for piece in pieces for message in parser.feed(piece) for event in book.feed(message, now)]
    over = [event for event in events if isinstance(event, OfficeCalled) and event.over]
    rung = [event.to for event in events if isinstance(event, OfficeRings)]
    assert sorted(rung) == sorted(event.to for event in over)
    return Counter((event.to.removeprefix("+")[-10:], event.reached, event.by) for event in over)


@every_recording
def test_the_offices_own_calls_are_told_and_no_leg_of_a_caller_is_one(recording: Recording) -> None:
    truth = Counter(recording.office)
    assert office_calls(recording.stream) == truth
    assert office_calls(recording.least_privilege(), chunk=7) == truth


@every_recording
@pytest.mark.parametrize("spoiled", SPOILED)
def test_whom_the_office_reached_is_the_same_in_a_stream_told_in_another_way(
    recording: Recording, spoiled: str
) -> None:
    chance = random.Random(f"{recording}{spoiled}")
    blocks = [block for block in recording.least_privilege().split(b"\r\n\r\n") if block.strip()]
    stream = b"\r\n\r\n".join(SPOILED[spoiled](blocks, chance)) + b"\r\n\r\n"
    assert {call[:2] for call in office_calls(stream)} == {call[:2] for call in recording.office}


@pytest.mark.parametrize("recording", [one for one in recordings() if one.office and not one.loses_the_link], ids=str)
def test_a_link_lost_at_any_moment_never_makes_a_talk_of_an_attempt(recording: Recording) -> None:
    chance = random.Random(str(recording))
    blocks = [block for block in recording.least_privilege().split(b"\r\n\r\n") if block.strip()]
    again = b"Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nMessage: Authentication accepted"
    reached = {number for number, spoke, _ in recording.office if spoke}
    for _ in range(20):
        lost = chance.randrange(1, len(blocks))
        back = min(len(blocks), lost + 1 + int(chance.expovariate(1 / 8)))
        book, now = CallBook(), datetime(2026, 3, 2, tzinfo=UTC)
        stream = b"\r\n\r\n".join([*blocks[:lost], again, *blocks[back:]]) + b"\r\n\r\n"
        events = [event for message in MessageParser().feed(stream) for event in book.feed(message, now)]
        told = {event.to[-10:] for event in events if isinstance(event, OfficeCalled) and event.reached}
        assert told <= reached, f"blocks {lost} to {back} were lost"


@every_recording
def test_calls_of_the_office_print_nothing(recording: Recording, tmp_path: Path) -> None:
    numbers = {number for number, _, _ in recording.office}
    callers = {call.linkedid for call in recording.calls}
    rows = replayed(tmp_path, recording.stream)
    assert {row["linkedid"] for row in rows} == callers
    assert not numbers & {str(row["did"])[-10:] for row in rows}


@every_recording
def test_every_recorded_call_gets_its_true_outcome(recording: Recording, tmp_path: Path) -> None:
    rows = replayed(tmp_path, recording.stream)
    assert verdicts(rows) == truth(recording)
    assert len(rows) == len(recording.calls), "each call exactly once"


@every_recording
def test_pieces_of_seven_bytes_change_nothing(recording: Recording, tmp_path: Path) -> None:
    assert verdicts(replayed(tmp_path, recording.least_privilege(), chunk=7)) == verdicts(
        replayed(tmp_path, recording.least_privilege())
    )


@every_recording
def test_least_privilege_gives_the_same_verdict_did_and_person(recording: Recording, tmp_path: Path) -> None:
    assert core(verdicts(replayed(tmp_path, recording.least_privilege()))) == core(truth(recording))


@every_recording
@pytest.mark.parametrize("spoiled", SPOILED)
def test_a_stream_told_in_another_way_gives_the_same_verdict(
    recording: Recording, spoiled: str, tmp_path: Path
) -> None:
    """Doubled, reordered and missing events, foreign headers, another letter case: what was said is the same."""
    chance = random.Random(f"{recording}{spoiled}")
    blocks = [block for block in recording.least_privilege().split(b"\r\n\r\n") if block.strip()]
    stream = b"\r\n\r\n".join(SPOILED[spoiled](blocks, chance)) + b"\r\n\r\n"
    assert core(verdicts(replayed(tmp_path, stream, chunk=chance.randint(1, 64)))) == core(truth(recording))


@pytest.mark.parametrize("recording", [one for one in recordings() if not one.loses_the_link], ids=str)
def test_a_link_lost_at_any_moment_makes_a_verdict_unknown_but_never_wrong(
    recording: Recording, tmp_path: Path
) -> None:
    """No list tells afterwards how things stand; a call that began while nobody listened is not told at all."""
    chance = random.Random(str(recording))
    blocks = [block for block in recording.least_privilege().split(b"\r\n\r\n") if block.strip()]
    again = b"Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nMessage: Authentication accepted"
    true = truth(recording)
    for _ in range(5):
        lost = chance.randrange(1, len(blocks))
        back = min(len(blocks), lost + 1 + int(chance.expovariate(1 / 8)))
        rows = replayed(tmp_path, b"\r\n\r\n".join([*blocks[:lost], again, *blocks[back:]]) + b"\r\n\r\n", strict=False)
        for key, told in verdicts(rows).items():
            assert told[2] in (None, true[key][2]), f"blocks {lost} to {back} were lost"
        assert len(rows) == len(verdicts(rows)), "no call is told twice"


@every_recording
def test_call_records_settle_what_the_stream_could_not(recording: Recording, tmp_path: Path) -> None:
    cdr = "\n".join((",".join(COLUMNS), *recording.cdr)) + "\n"
    assert verdicts(replayed(tmp_path, recording.stream, cdr=cdr)) == truth(recording, with_cdr=True)


@every_recording
def test_a_call_wholly_inside_a_gap_is_taken_from_the_call_records(recording: Recording, tmp_path: Path) -> None:
    """A call that is never recorded in the CDR (nothing could ring, the PBX was killed) stays unseen; all others are found."""
    login = recording.stream[: recording.stream.find(b"\r\n\r\n") + 4]
    rows = verdicts(replayed(tmp_path, login + login, cdr="\n".join(recording.cdr)))
    expected = truth(recording, with_cdr=True)
    assert set(rows) <= set(expected)
    in_records = {call.linkedid for call in recording.calls if any(call.linkedid in line for line in recording.cdr)}
    assert set(rows) == in_records
    for key, row in rows.items():
        assert row[2] == expected[key][2] or recording.name == "restart_midring"
