"""`textback simulate`: events in, everything the box would do out, on a virtual clock, through the real turns.

No hardware and no file: a database in memory, a network that takes every text at once unless an event says otherwise.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, TextIO

from gateway.clock import from_ms
from gateway.core.effects import CallNotTexted, Effect, OptOutChanged, SendSegment, TextSent
from gateway.core.events import (
    CallEnded,
    CallReason,
    CallSource,
    ContactSet,
    ErrorClass,
    Event,
    OfficeCalled,
    OfficeTexted,
    ReportReceived,
    SegmentReceived,
    SegmentSettled,
    SubmitResult,
    SubmitVerdict,
    Switched,
    TextClaimed,
)
from gateway.core.numbers import read_number
from gateway.core.outbound import Purpose
from gateway.core.policy import ContactKind
from gateway.settings import Settings
from gateway.store import open_memory, transact
from gateway.turns import Context, take_turn
from gateway.turns.inbound import next_flush
from gateway.turns.outbox import next_wake

_OUTCOMES: dict[str, tuple[bool, CallReason]] = {
    "no_answer": (True, CallReason.NO_ANSWER),
    "busy": (True, CallReason.BUSY),
    "voicemail": (True, CallReason.VOICEMAIL),
    "queue_abandon": (True, CallReason.ABANDONED_IN_QUEUE),
    "ivr_abandon": (True, CallReason.ABANDONED_IN_IVR),
    "answered": (False, CallReason.ANSWERED),
    "answered_elsewhere": (False, CallReason.ANSWERED),
}


class BadLine(ValueError):
    """A line of the input that cannot be used; the message names the line and what is wrong."""


class Simulation:
    """One box that has never seen anything, on a virtual clock."""

    def __init__(self, settings: Settings, out: TextIO) -> None:
        self._settings = settings
        self._business = settings.business
        self._out = out
        self._db: sqlite3.Connection = open_memory()
        self._now = datetime.min
        self._calls = 0
        self._numbers: dict[int, int] = {}  # call id -> N
        self._modem = "up"
        self._refs = 0

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    def feed(self, line: dict[str, Any]) -> None:
        """Advance the clock to the event, then apply it. Raises BadLine."""
        at = _moment(line, "processed_at") if line.get("processed_at") else _moment(line, "at")
        first = self._now == datetime.min
        self.advance(at)
        if first:
            for contact in self._settings.contacts:
                self._turn(ContactSet(at, contact.number, contact.kind.value, name=contact.name, basis="configuration"))
        kind = line.get("event")
        match kind:
            case "call":
                self._call(line)
            case "text":
                self._text(line, at)
            case "office_call":
                self._turn(OfficeCalled(at, _word(line, "to"), bool(line.get("reached"))))
            case "office_text":
                self._turn(OfficeTexted(at, _word(line, "to"), _word(line, "body"), str(line.get("by", "office"))))
            case "contact":
                kind_word = _word(line, "kind")
                if kind_word not in set(ContactKind):
                    raise BadLine(f"unknown kind of contact {kind_word!r} - one of {', '.join(ContactKind)}")
                self._turn(ContactSet(at, _word(line, "number"), kind_word, basis="the office"))
            case "report":
                self._report(line, at)
            case "modem":
                self._modem = _word(line, "state")
                if self._modem not in ("up", "down", "refusing"):
                    raise BadLine(f"unknown modem state {self._modem!r} - up, down or refusing")
            case "storm":
                self._turn(Switched(at, "storm", "on" if line.get("on") else "", "owner"))
            case "ack" | "wait":
                pass
            case _:
                raise BadLine(f"unknown event {kind!r}")
        self._drain()

    def advance(self, to: datetime) -> None:
        """Let everything happen that falls due up to and including `to`."""
        while (due := self._next_due()) is not None and due <= to:
            self._now = due
            self._drain()
        self._now = max(self._now, to) if self._now != datetime.min else to

    def finish(self) -> None:
        """Run the openers that are still in their settle time; no other timer."""
        while True:
            row = self._db.execute(
                "SELECT min(t.due) AS due FROM texts t JOIN calls c ON c.id = t.call_id"
                " WHERE t.state = 'queued' AND t.purpose = 'opener' AND c.state = 'waiting' AND t.tries = 0"
            ).fetchone()
            if row["due"] is None or from_ms(row["due"]) <= self._now:
                return
            self.advance(from_ms(row["due"]))

    def _next_due(self) -> datetime | None:
        if self._now == datetime.min:
            return None
        moments = [m for m in (next_wake(self._db, self._now), next_flush(self._db)) if m is not None]
        return min(moments, default=None)

    def _call(self, line: dict[str, Any]) -> None:
        outcome = _word(line, "outcome")
        if outcome not in _OUTCOMES:
            raise BadLine(f"unknown outcome {outcome!r} - one of {', '.join(_OUTCOMES)}")
        source = str(line.get("source", "ami"))
        if source not in set(CallSource):
            raise BadLine(f"unknown source {source!r} - ami or modem")
        ring_s = line.get("ring_s")
        if ring_s is not None and not isinstance(ring_s, int | float):
            raise BadLine("ring_s is not a number")
        caller = line.get("caller")
        if caller is not None and not isinstance(caller, str):
            raise BadLine("caller is not a string")
        missed, reason = _OUTCOMES[outcome]
        self._calls += 1
        self._numbers[self._upcoming_id()] = self._calls
        key = str(line.get("linkedid") or f"{self._calls}")
        self._turn(
            CallEnded(
                key=key,
                source=CallSource(source),
                at=_moment(line, "at"),
                caller=caller,
                did=_word(line, "line"),
                missed=missed,
                reason=reason,
                answered_by=line.get("answered_by"),
                ring_s=None if ring_s is None else float(ring_s),
            )
        )

    def _upcoming_id(self) -> int:
        row = self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM calls").fetchone()
        return int(row[0])

    def _text(self, line: dict[str, Any], at: datetime) -> None:
        sender, body = _word(line, "from"), _word(line, "body")
        count = self._db.execute("SELECT count(*) FROM inbound").fetchone()[0]
        self._turn(SegmentReceived(identity=f"simulated-{count}", at=at, sender=sender, body=body))

    def _report(self, line: dict[str, Any], at: datetime) -> None:
        to = read_number(_word(line, "to"), self._business.country, self._business.area_code).e164
        row = self._db.execute(
            "SELECT s.ref FROM segments s JOIN texts t ON t.id = s.text_id WHERE t.peer = ? AND s.ref IS NOT NULL"
            " ORDER BY s.at DESC, s.text_id DESC LIMIT 1",
            (to,),
        ).fetchone()
        if row is None or to is None:
            raise BadLine(f"no text to {line.get('to')} that a report could be about")
        status = {"delivered": 0x00, "failed": 0x41}.get(_word(line, "status"))
        if status is None:
            raise BadLine("status is delivered or failed")
        self._turn(ReportReceived(f"report-{at.isoformat()}", at, row["ref"], to, status))

    def _drain(self) -> None:
        """What the sender does, with the simulated network at the other end."""
        while True:
            effects = self._turn(TextClaimed(self._now, able=self._modem != "down"))
            wish = next((e for e in effects if isinstance(e, SendSegment)), None)
            if wish is None:
                return
            while wish is not None:
                effects = self._turn(SegmentSettled(self._now, wish.text_id, wish.number, wish.total, self._network()))
                wish = next((e for e in effects if isinstance(e, SendSegment)), None)

    def _network(self) -> SubmitResult:
        if self._modem == "refusing":
            return SubmitResult(SubmitVerdict.REJECTED, code=38, error=ErrorClass.TEMPORARY)
        self._refs = (self._refs + 1) % 256
        return SubmitResult(SubmitVerdict.ACCEPTED, ref=self._refs)

    def _turn(self, event: Event) -> list[Effect]:
        effects = transact(self._db, lambda db: take_turn(Context(db, self._business, self._now), event))
        for effect in effects:
            if (line := self._told(effect)) is not None:
                self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
                self._out.flush()
        return effects

    def _told(self, effect: Effect) -> dict[str, Any] | None:
        match effect:
            case TextSent(purpose=Purpose.STAFF):
                return None  # typed by a person: an input, not what the box does
            case TextSent():
                line: dict[str, Any] = {
                    "at": self._iso(effect.at),
                    "effect": "text",
                    "to": effect.to,
                    "body": effect.body,
                    "purpose": effect.purpose,
                    "template": effect.template,
                    "segments": effect.segments,
                    "lead": None,
                }
                if effect.purpose == "opener" and effect.call_id is not None:
                    line |= {"call": self._numbers[effect.call_id], "notify_owner": effect.notify_owner}
                return line
            case CallNotTexted():
                return {
                    "at": self._iso(effect.at),
                    "effect": "no_text",
                    "call": self._numbers[effect.call_id],
                    "caller": effect.caller,
                    "reason": effect.reason,
                    "say": effect.say,
                    "notify_owner": effect.notify_owner,
                }
            case OptOutChanged():
                return {"at": self._iso(effect.at), "effect": "opt_out", "peer": effect.peer, "state": effect.state}
            case _:
                return None

    def _iso(self, at: datetime) -> str:
        return at.astimezone(self._business.zone).isoformat(timespec="seconds")


def run(settings: Settings, lines: Iterable[str], out: TextIO) -> None:
    """Play a whole input. Raises BadLine with the line's number in its message."""
    box = Simulation(settings, out)
    try:
        for number, line in _parsed(lines):
            try:
                if line.get("event") == "scenario":
                    box.finish()
                    box.close()
                    box = Simulation(settings, out)
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")
                else:
                    box.feed(line)
            except BadLine as error:
                raise BadLine(f"line {number}: {error}") from None
        box.finish()
    finally:
        box.close()


def _parsed(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except ValueError as error:
            raise BadLine(f"line {number}: not JSON: {error}") from None
        if not isinstance(line, dict):
            raise BadLine(f"line {number}: not a JSON object")
        yield number, line


def _moment(line: dict[str, Any], name: str) -> datetime:
    try:
        at = datetime.fromisoformat(str(line[name]))
    except KeyError:
        raise BadLine(f"{name} is missing") from None
    except ValueError:
        raise BadLine(f"{name} is no ISO 8601 time: {line[name]!r}") from None
    if at.tzinfo is None:
        raise BadLine(f"{name} has no offset: {line[name]!r} - write it as 2026-03-02T10:00:00-05:00")
    return at


def _word(line: dict[str, Any], name: str) -> str:
    value = line.get(name)
    if not isinstance(value, str):
        raise BadLine(f"{name} is missing" if value is None else f"{name} is not a string")
    return value
