"""Reads situations.txt: situations in, events for `textback simulate` and the outcome they must have out."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Event = dict[str, Any]

CALLER = "+12165550137"
FIRST_DAY = "2026-03-02"
ANY_TIME = "any"
_TIMED = re.compile(r"(?:(\d{4}-\d\d-\d\d) )?(\d\d:\d\d:\d\d)(?: (.*))?")


@dataclass
class Situation:
    """One situation: its sentence, the events, and the lines that must come out (calls of a range stand one by one)."""

    says: str
    line: int
    events: list[Event] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)


def read_situations(path: Path, zone: ZoneInfo) -> list[Situation]:
    """Every situation of the file, in order."""
    found: list[Situation] = []
    family = ""
    day = FIRST_DAY
    for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not text.strip() or text.startswith("#"):
            continue
        if text.startswith("== "):
            family = text[3:]
        elif not text.startswith(" "):
            day = FIRST_DAY
            found.append(Situation(f"{family}: {text}", number))
            if " => " in text:
                _in_short(found[-1], text, zone)
        elif text.startswith("  > "):
            day = _expect(found[-1], text[4:], day)
        else:
            day = _happens(found[-1], text.strip(), day, zone)
    return found


def _at(day: str, clock: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone).isoformat()


def _in_short(situation: Situation, text: str, zone: ZoneInfo) -> None:
    """`vendor,blocked: from=... line=... => reason told`"""
    given, outcome = text.split(" => ")
    if found := re.match(r"([a-z_,]+):(?: |$)", given):
        given = given[found.end() :]
        words = dict(word.split("=", 1) for word in shlex.split(given))
        situation.events += [_contact(kind, words.get("from", CALLER), zone) for kind in found[1].split(",")]
    event = _call("10:00:00", FIRST_DAY, shlex.split(given), zone)
    situation.events.append(event)
    known = event.get("processed_at", event["at"])
    word, *told = outcome.split()
    template = word.startswith("open") and word != "opted_out"
    clock = max(known[11:19], "10:00:15") if template else known[11:19]
    if told:
        situation.expected.append(f"{FIRST_DAY} {known[11:19]} notice")
    situation.expected.append(
        " ".join([FIRST_DAY, clock, "text" if template else "no_text", "1", word, *told]),
    )
    if told and not template:
        situation.expected.reverse()


def _contact(kind: str, number: str, zone: ZoneInfo) -> Event:
    return {"at": _at(FIRST_DAY, "09:00:00", zone), "event": "contact", "number": number, "kind": kind}


def _expect(situation: Situation, text: str, day: str) -> str:
    if bulk := re.fullmatch(r"(\d+)-(\d+) (text \w+)", text):
        kind, template = bulk[3].split()
        for n in range(int(bulk[1]), int(bulk[2]) + 1):
            situation.expected.append(f"{ANY_TIME} {kind} {n} {template}")
        return day
    if text.startswith(f"{ANY_TIME} "):
        situation.expected.append(text)
        return day
    timed = _TIMED.fullmatch(text)
    assert timed is not None, text
    day = timed[1] or day
    situation.expected.append(f"{day} {timed[2]} {timed[3]}")
    return day


def _happens(situation: Situation, text: str, day: str, zone: ZoneInfo) -> str:
    timed = _TIMED.fullmatch(text)
    assert timed is not None, text
    day, clock = timed[1] or day, timed[2]
    at = _at(day, clock, zone)
    event, *words = shlex.split(timed[3])
    match event:
        case "call":
            situation.events.append(_call(clock, day, words, zone))
        case "calls":
            count, every = int(words[0]), int(words[1].removeprefix("every="))
            base = datetime.fromisoformat(at).timestamp()
            for n in range(count):
                moment = datetime.fromtimestamp(base + n * every, zone).isoformat()
                situation.events.append(_call(clock, day, [f"from=+1216555{1000 + n}"], zone) | {"at": moment})
        case "text":
            sender = words.pop(0)[5:] if words[0].startswith("from=") else CALLER
            situation.events.append({"at": at, "event": "text", "from": sender, "body": words[0]})
        case "reached" | "tried":
            to = words[0] if words else CALLER
            situation.events.append({"at": at, "event": "office_call", "to": to, "reached": event == "reached"})
        case "typed":
            situation.events.append({"at": at, "event": "office_text", "to": CALLER, "body": words[0], "by": "ann"})
        case "contact":
            situation.events.append({"at": at, "event": "contact", "number": CALLER, "kind": words[0]})
        case "report":
            situation.events.append({"at": at, "event": "report", "to": CALLER, "status": words[0]})
        case "modem":
            situation.events.append({"at": at, "event": "modem", "state": words[0]})
        case "contacted":
            situation.events.append({"at": at, "event": "contacted", "to": CALLER, "by": "the answering service"})
        case "storm":
            situation.events.append({"at": at, "event": "storm", "on": words[0] == "on"})
        case "wait":
            situation.events.append({"at": at, "event": "wait"})
        case _:
            raise AssertionError(text)
    return day


def _call(clock: str, day: str, words: list[str], zone: ZoneInfo) -> Event:
    event: Event = {
        "at": _at(day, clock, zone),
        "event": "call",
        "caller": CALLER,
        "line": "main",
        "ring_s": 22,
        "outcome": "no_answer",
        "source": "ami",
    }
    for name, value in (word.split("=", 1) for word in words):
        match name:
            case "from":
                event["caller"] = None if value == "null" else value
            case "line":
                event["line"] = value
            case "ring":
                event["ring_s"] = None if value == "none" else float(value)
            case "end":
                event["outcome"] = value
            case "by":
                event["source"] = value
            case "known":
                event["processed_at"] = _at(day, value, zone)
            case "id":
                event["linkedid"] = value
            case _:
                raise AssertionError(name)
    return event


def told(effect: Event) -> str | None:
    """An effect as situations.txt writes it; None for what it does not speak of."""
    moment = f"{effect.get('at', '')[:10]} {effect.get('at', '')[11:19]}"
    tail = " told" if effect.get("notify_owner") else ""
    match effect:
        case {"effect": "text", "purpose": "opener"}:
            return f"{moment} text {effect['call']} {effect['template']}{tail}"
        case {"effect": "no_text"}:
            return f"{moment} no_text {effect['call']} {effect['reason']}{tail}"
        case {"effect": "text", "purpose": "owner_notice"}:
            return f"{moment} notice"
        case _:
            return None


def like(expected: list[str], got: list[str]) -> bool:
    """The same lines in the same order; `any` stands for every time."""
    if len(expected) != len(got):
        return False
    pairs = zip(expected, got, strict=True)
    return all(g.split(" ", 2)[2] == e[len(ANY_TIME) + 1 :] if e.startswith(ANY_TIME) else e == g for e, g in pairs)
