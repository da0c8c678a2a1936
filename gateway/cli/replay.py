"""`textback replay`: raw manager streams in, one call outcome per line out, by the same code as the live feed.

Streams carry no times unless the PBX has `timestampevents = yes`; without them `ring_s` is null. Calls that the stream
could not settle, and calls it did not see at all, are taken from the CDR csv where one is given.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from drivers.asterisk.calls import CallBook
from drivers.asterisk.cdr import CdrCall, read_cdr
from drivers.asterisk.contexts import DEFAULT_INBOUND
from drivers.asterisk.messages import Message, MessageParser
from gateway.core.events import CallEnded

UNTIMED = datetime.min.replace(tzinfo=UTC)  # the moment of an event in a stream without times
READ_SIZE = 64 * 1024


def run(
    traces: list[Path],
    cdr: Path | None = None,
    chunk: int | None = None,
    inbound_contexts: tuple[str, ...] = DEFAULT_INBOUND,
    out: TextIO = sys.stdout,
    err: TextIO = sys.stderr,
) -> int:
    """Print one JSON line per inbound call, in order of ending; the exit status (0 fine, 1 unreadable input, 2 bad usage).

    `chunk` feeds the bytes in pieces of that size, as a network would.
    """
    if chunk is not None and chunk < 1:
        print(f"textback replay: --chunk {chunk}: not a size - give the bytes per piece, 1 or more", file=err)
        return 2
    unseen: dict[str, CdrCall] = {}
    try:
        if cdr is not None:
            with cdr.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
                unseen = read_cdr(lines, inbound_contexts)
    except (OSError, ValueError) as error:
        print(f"textback replay: --cdr {cdr}: {_why(error)}", file=err)
        return 2 if isinstance(error, FileNotFoundError) else 1
    status = 0
    seen: list[tuple[Path, list[CallEnded]]] = []
    for trace in traces:
        ended: list[CallEnded] = []
        try:
            for call in outcomes(trace, chunk, inbound_contexts, err):
                ended.append(call)
                if cdr is None:
                    _print(_row(call, trace), out)
        except OSError as error:
            print(f"textback replay: {trace}: {_why(error)}", file=err)
            status = 2 if isinstance(error, FileNotFoundError) else 1
        seen.append((trace, ended))
    if cdr is not None:
        _print_settled(seen, unseen, out)
    return status


def outcomes(
    trace: Path, chunk: int | None, inbound_contexts: tuple[str, ...], err: TextIO = sys.stderr
) -> Iterator[CallEnded]:
    """Every inbound call of one stream as it ends; those still open at the end of the input come last. Raises OSError."""
    parser, book, now = MessageParser(), CallBook(inbound_contexts), UNTIMED
    with trace.open("rb") as stream:
        while data := stream.read(chunk or READ_SIZE):
            for message in parser.feed(data):
                now = _stamp(message) or now
                yield from (event for event in book.feed(message, now) if isinstance(event, CallEnded))
    for message in parser.feed(b"\r\n\r\n"):  # a last block that only lacks its empty line
        yield from (event for event in book.feed(message, now) if isinstance(event, CallEnded))
    parser.close()
    yield from (event for event in book.close(now) if isinstance(event, CallEnded))
    for count, what in ((parser.discarded, "damaged blocks"), (book.ignored, "events without their channel")):
        if count:
            print(f"textback replay: {trace}: {count} {what} skipped", file=err)


def _stamp(message: Message) -> datetime | None:
    """`Timestamp: 1795203014.123456` of a PBX with `timestampevents = yes`."""
    try:
        return datetime.fromtimestamp(float(message.get("Timestamp")), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _row(call: CallEnded, trace: Path) -> dict[str, object]:
    timed = call.started_at is not None and call.started_at.year > 1
    return {
        "linkedid": call.key,
        "caller": call.caller,
        "did": call.did,
        "missed": call.missed,
        "reason": str(call.reason),
        "answered_by": call.answered_by,
        "ring_s": call.ring_s if timed else None,
        "trace": str(trace),
    }


def _settled(call: CallEnded, record: CdrCall | None, trace: Path) -> dict[str, object]:
    row = _row(call, trace)
    if call.missed is None and record is not None and record.missed is not None:
        row.update(missed=record.missed, reason=str(record.reason), answered_by=record.answered_by)
    return row


def _unseen(record: CdrCall, trace: Path) -> dict[str, object]:
    return {
        "linkedid": record.linkedid,
        "caller": record.caller,
        "did": record.did,
        "missed": record.missed,
        "reason": str(record.reason),
        "answered_by": record.answered_by,
        "ring_s": None,
        "trace": str(trace),
    }


def _print_settled(seen: list[tuple[Path, list[CallEnded]]], records: dict[str, CdrCall], out: TextIO) -> None:
    """Print streams and records together: a call no stream knows stands in the stream nearest to it in time."""
    known = {call.key for _, ended in seen for call in ended}
    unseen: dict[int, list[CdrCall]] = {}
    for record in records.values():
        if record.inbound and record.linkedid not in known and seen:
            nearest = min(range(len(seen)), key=lambda i: _distance(record.linkedid, seen[i][1]))
            unseen.setdefault(nearest, []).append(record)
    for number, (trace, ended) in enumerate(seen):
        waiting = unseen.get(number, [])
        for call in ended:
            mine = records.get(call.key)
            while waiting and _ended_before(waiting[0], mine, call.key):
                _print(_unseen(waiting.pop(0), trace), out)
            _print(_settled(call, mine, trace), out)
        for record in waiting:
            _print(_unseen(record, trace), out)


def _ended_before(record: CdrCall, other: CdrCall | None, other_key: str) -> bool:
    if record.ends is not None and other is not None and other.ends is not None:
        return record.ends <= other.ends
    return _epoch(record.linkedid) < _epoch(other_key)


def _distance(linkedid: str, ended: list[CallEnded]) -> float:
    moments = [_epoch(call.key) for call in ended]
    return min((abs(_epoch(linkedid) - moment) for moment in moments), default=float("inf"))


def _epoch(linkedid: str) -> float:
    """An Asterisk Uniqueid is `[system-]seconds.serial`."""
    try:
        return float(linkedid.rpartition("-")[2].partition(".")[0])
    except ValueError:
        return 0.0


def _why(error: OSError | ValueError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _print(row: dict[str, object], out: TextIO) -> None:
    print(json.dumps(row, ensure_ascii=False), file=out, flush=True)
