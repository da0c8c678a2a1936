"""`textback simulate`: events in, everything the box would do out, on a virtual clock, through the real turns.

No hardware and no file: a database in memory, a network that takes every text at once unless an event says otherwise.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TextIO

from gateway import records
from gateway.cli.effectlines import iso, told
from gateway.cli.jsonlines import BadLine, moment, parsed, switch, when, word
from gateway.cli.officelines import appointment_in
from gateway.clock import from_ms
from gateway.core.effects import Declined, Effect, RingPhone, SendSegment
from gateway.core.events import (
    Acknowledged,
    AlreadyContacted,
    CallEnded,
    CallReason,
    CallSource,
    ContactSet,
    ErrorClass,
    Event,
    HandedBack,
    OfficeCalled,
    OfficeTexted,
    ReportReceived,
    RingClaimed,
    RingOutcome,
    RingSettled,
    SegmentReceived,
    SegmentSettled,
    SubmitResult,
    SubmitVerdict,
    Switched,
    TextClaimed,
)
from gateway.core.numbers import read_number
from gateway.core.policy import ContactKind
from gateway.core.understanding.reader import Reading
from gateway.reading import reading_for
from gateway.settings import Settings
from gateway.settings.values import RingVia
from gateway.storage.store import open_memory, transact
from gateway.turns import Context, breaker, take_turn
from gateway.turns.agenda import next_wake

_OUTCOMES: dict[str, tuple[bool | None, CallReason]] = {
    "no_answer": (True, CallReason.NO_ANSWER),
    "busy": (True, CallReason.BUSY),
    "voicemail": (True, CallReason.VOICEMAIL),
    "queue_abandon": (True, CallReason.ABANDONED_IN_QUEUE),
    "ivr_abandon": (True, CallReason.ABANDONED_IN_IVR),
    "answered": (False, CallReason.ANSWERED),
    "answered_elsewhere": (False, CallReason.ANSWERED),
    "unknown": (None, CallReason.UNKNOWN),
}


A_MOMENT = timedelta(seconds=1)  # a ring that a text of an emergency goes before
_PHONES = {
    "nobody": RingOutcome.RANG,
    "key": RingOutcome.ACCEPTED,
    "voicemail": RingOutcome.ANSWERED,
    "busy": RingOutcome.BUSY,
}


class Simulation:
    """One box that has never seen anything, on a virtual clock."""

    def __init__(self, settings: Settings, out: TextIO, read: Callable[[str], Reading] | None = None) -> None:
        self._settings = settings
        self._read = read
        self._business = settings.business
        self._out = out
        self._db: sqlite3.Connection = open_memory()
        self._now = datetime.min
        self._numbers: dict[int, int] = {}  # call id -> N
        self._seen: dict[tuple[str, str], datetime] = {}  # (source, linkedid) -> end of the call last seen under it
        self._modem = "up"
        self._phones = RingOutcome.RANG  # what comes of ringing one of our people's telephones
        self._refs = 0

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    def feed(self, line: dict[str, Any], call: int = 0) -> None:
        """Advance the clock to the event, then apply it. `call` is the number of a call. Raises BadLine."""
        at = when(line)
        first = self._now == datetime.min
        self.advance(at)
        if first:
            for contact in self._settings.contacts:
                self._turn(ContactSet(at, contact.number, contact.kind.value, name=contact.name, basis="configuration"))
        kind = line.get("event")
        match kind:
            case "call":
                self._call(line, call)
            case "text":
                self._text(line, at)
            case "office_call":
                self._turn(
                    OfficeCalled(
                        at, word(line, "to"), switch(line, "reached"), str(line["by"]) if "by" in line else None
                    )
                )
            case "office_text":
                self._turn(OfficeTexted(at, word(line, "to"), word(line, "body"), str(line.get("by", "office"))))
            case "hand_back":
                self._turn(HandedBack(at, word(line, "to"), str(line.get("by", "office"))))
            case "contacted":
                self._turn(AlreadyContacted(at, word(line, "to"), str(line.get("by", "another system"))))
            case "contact":
                kind_word = word(line, "kind")
                if kind_word not in set(ContactKind):
                    raise BadLine(f"unknown kind of contact {kind_word!r} - one of {', '.join(ContactKind)}")
                self._turn(ContactSet(at, word(line, "number"), kind_word, basis="the office"))
            case "report":
                self._report(line, at)
            case "modem":
                self._modem = word(line, "state")
                if self._modem not in ("up", "down", "refusing"):
                    raise BadLine(f"unknown modem state {self._modem!r} - up, down or refusing")
            case "phones":
                answer = word(line, "answer")
                if answer not in _PHONES:
                    raise BadLine(f"unknown answer {answer!r} - one of {', '.join(_PHONES)}")
                self._phones = _PHONES[answer]
            case "storm":
                self._turn(Switched(at, "storm", "on" if switch(line, "on") else "", "owner"))
            case "ack":
                lead = line.get("lead")
                if lead is not None and (isinstance(lead, bool) or not isinstance(lead, int)):
                    raise BadLine(f"lead is no number: {lead!r}")
                self._turn(Acknowledged(at, str(line.get("by", "office")), lead_id=lead))
            case "appointment":
                for effect in self._turn(appointment_in(line, at)):
                    if isinstance(effect, Declined):
                        said = {"at": iso(self._now, self._business.zone), "effect": "declined", "say": effect.say}
                        self._write(said)
            case "wait":
                pass
            case _:
                raise BadLine(f"unknown event {kind!r}")
        self._drain()

    def advance(self, to: datetime) -> None:
        """Let everything happen that falls due up to and including `to`."""
        while (due := self._next_due()) is not None and due <= to:
            self._now = max(self._now, due)
            self._drain()
        self._now = max(self._now, to) if self._now != datetime.min else to

    def finish(self) -> None:
        """Run the openers that are still in their settle time; no other timer."""
        while True:
            row = self._db.execute(
                "SELECT min(t.due) AS due FROM texts t JOIN calls c ON c.id = t.call_id"
                " WHERE t.state = 'queued' AND t.purpose = 'opener' AND c.state = 'waiting' AND t.tries = 0 AND t.waits <> ?",
                (breaker.WAITS,),
            ).fetchone()
            if row["due"] is None or from_ms(row["due"]) <= self._now:
                return
            self.advance(from_ms(row["due"]))

    def _next_due(self) -> datetime | None:
        if self._now == datetime.min:
            return None
        ring = records.next_ring_at(self._db) if self._rings() else None
        wakes = (next_wake(self._db, self._now), ring and max(ring, self._now + A_MOMENT))
        return min((wake for wake in wakes if wake is not None), default=None)

    def _call(self, line: dict[str, Any], number: int) -> None:
        outcome = word(line, "outcome")
        if outcome not in _OUTCOMES:
            raise BadLine(f"unknown outcome {outcome!r} - one of {', '.join(_OUTCOMES)}")
        source = str(line.get("source", "ami"))
        if source not in set(CallSource):
            raise BadLine(f"unknown source {source!r} - ami or modem")
        ring_s = line.get("ring_s")
        if ring_s is not None and (isinstance(ring_s, bool) or not isinstance(ring_s, int | float) or not ring_s >= 0):
            raise BadLine(f"ring_s is no number of seconds: {ring_s!r}")
        caller = line.get("caller")
        if caller is not None and not isinstance(caller, str):
            raise BadLine("caller is not a string")
        missed, reason = _OUTCOMES[outcome]
        at = moment(line, "at")
        key = str(line.get("linkedid") or f"call {number}")
        if (before := self._seen.get((source, key))) is not None:
            if abs((at - before).total_seconds()) <= self._business.policy.duplicate_s:
                self._say_seen_twice(number, caller)
                return
            key = f"{key}, call {number}"
        self._seen[source, key] = at
        self._numbers[self._upcoming_id()] = number
        self._turn(
            CallEnded(
                key=key,
                source=CallSource(source),
                at=at,
                caller=caller,
                did=word(line, "line"),
                missed=missed,
                reason=reason,
                answered_by=line.get("answered_by"),
                ring_s=None if ring_s is None else float(ring_s),
            )
        )

    def _say_seen_twice(self, number: int, caller: str | None) -> None:
        """The box drops an event that it knows without a word; here each call of the input has its outcome."""
        peer = read_number(caller, self._business.country, self._business.area_code).e164
        line = {
            "at": iso(self._now, self._business.zone),
            "effect": "no_text",
            "call": number,
            "caller": peer or caller or "",
        }
        self._write(line | {"reason": "duplicate", "say": "the same call, seen twice", "notify_owner": False})

    def _upcoming_id(self) -> int:
        row = self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM calls").fetchone()
        return int(row[0])

    def _text(self, line: dict[str, Any], at: datetime) -> None:
        sender, body = word(line, "from"), word(line, "body")
        count = self._db.execute("SELECT count(*) FROM inbound").fetchone()[0]
        self._turn(SegmentReceived(identity=f"simulated-{count}", at=at, sender=sender, body=body))

    def _report(self, line: dict[str, Any], at: datetime) -> None:
        to = read_number(word(line, "to"), self._business.country, self._business.area_code).e164
        row = self._db.execute(
            "SELECT s.ref FROM segments s JOIN texts t ON t.id = s.text_id WHERE t.peer = ? AND s.ref IS NOT NULL"
            " ORDER BY s.at DESC, s.text_id DESC LIMIT 1",
            (to,),
        ).fetchone()
        status = {"delivered": 0x00, "failed": 0x41}.get(word(line, "status"))
        if status is None:
            raise BadLine(f"unknown status {line['status']!r} - delivered or failed")
        ref = 0 if row is None else row["ref"]  # a report about nothing is for the box to see through
        self._turn(ReportReceived(f"report-{at.isoformat()}", at, ref, to or word(line, "to"), status))

    def _drain(self) -> None:
        """What the sender does, with the simulated network at the other end."""
        while True:
            effects = self._turn(TextClaimed(self._now, able=self._modem != "down"))
            wish = next((e for e in effects if isinstance(e, SendSegment)), None)
            if wish is None:
                break
            while wish is not None:
                effects = self._turn(SegmentSettled(self._now, wish.text_id, wish.number, wish.total, self._network()))
                wish = next((e for e in effects if isinstance(e, SendSegment)), None)

        if self._ring():
            self._drain()

    def _rings(self) -> bool:
        """Whether there is something that can ring a telephone now."""
        via = self._settings.ringing.via
        return via is RingVia.ASTERISK or (via is RingVia.MODEM and self._modem != "down")

    def _ring(self) -> bool:
        """What the ringing service does, where telephones are rung at all; whether any was."""
        able, shares, rung = self._rings(), self._settings.ringing.via is RingVia.MODEM, False
        while (due := records.next_ring_at(self._db)) is not None and due <= self._now:
            effects = self._turn(RingClaimed(self._now, able=able, shares=shares))
            wish = next((effect for effect in effects if isinstance(effect, RingPhone)), None)
            if wish is None:
                break
            outcome = self._phones
            if outcome is RingOutcome.ACCEPTED and shares:
                outcome = RingOutcome.ANSWERED  # the modem hears no key
            self._turn(RingSettled(self._now, wish.alert_id, outcome, outcome.value))
            line = {"at": iso(self._now, self._business.zone), "effect": "ring", "to": wish.to, "code": wish.code}
            self._write(line | {"outcome": outcome.value})
            rung = True
        return rung

    def _network(self) -> SubmitResult:
        if self._modem == "refusing":
            return SubmitResult(SubmitVerdict.REJECTED, code=38, error=ErrorClass.TEMPORARY)
        self._refs = (self._refs + 1) % 256
        return SubmitResult(SubmitVerdict.ACCEPTED, ref=self._refs)

    def _turn(self, event: Event) -> list[Effect]:
        effects = transact(
            self._db, lambda db: take_turn(Context(db, self._business, self._now, read=self._read), event)
        )
        for effect in effects:
            if (line := told(effect, self._numbers, self._business.zone)) is not None:
                self._write(line)
        return effects

    def _write(self, line: dict[str, Any]) -> None:
        self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._out.flush()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the input: its number in the file, its event, and which call of its scenario it is (0: none)."""

    number: int
    event: dict[str, Any]
    call: int


def run(settings: Settings, lines: Iterable[str], out: TextIO) -> None:
    """Play a whole input, scenario by scenario. Raises BadLine with the line's number in its message."""
    read = reading_for(settings.business)
    scenario: list[_Line] = []
    calls = 0
    for number, event in parsed(lines):
        if event.get("event") == "scenario":
            _play(settings, scenario, out, read)
            scenario, calls = [], 0
            out.write(json.dumps(event, ensure_ascii=False) + "\n")
            out.flush()
            continue
        calls += event.get("event") == "call"
        scenario.append(_Line(number, event, calls if event.get("event") == "call" else 0))
    _play(settings, scenario, out, read)


def _play(settings: Settings, scenario: list[_Line], out: TextIO, read: Callable[[str], Reading] | None) -> None:
    """One scenario, its events in the order in which the box learns of them."""
    known_at: dict[int, datetime] = {}
    for line in scenario:
        with _numbered(line):
            known_at[line.number] = when(line.event)
    box = Simulation(settings, out, read)
    try:
        for line in sorted(scenario, key=lambda line: known_at[line.number]):
            with _numbered(line):
                box.feed(line.event, line.call)
        box.finish()
    finally:
        box.close()


@contextmanager
def _numbered(line: _Line) -> Iterator[None]:
    try:
        yield
    except BadLine as error:
        raise BadLine(f"line {line.number}: {error}") from None
