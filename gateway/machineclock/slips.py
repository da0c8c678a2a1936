"""The two slips of paper that pass between the gateway and the unit that may set the machine's clock, and how the unit judges.

The gateway may not set the clock (`ProtectClock` of its unit), nor even ask the kernel about it. It writes a request into its
folder under /run; `textback-clock.path` sees that and starts `gateway.machineclock.setting`, as root with the right to set
the clock and no other. That one believes nothing it is handed: the request may have been written by a program that has been
broken into. Its answer, which only root can write, says what it did, and whether the kernel calls its clock synchronised.

A moment is handed over with the reading of the machine's own counter at which it was true, so that a late read is still right.
Pure: no clock, no disk.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from gateway.core.timesources import NOT_BEFORE_S, Witness

FORM = 1
MOST_BYTES = 1024  # a request has some 200
NOT_AFTER_S = NOT_BEFORE_S + 10 * 366 * 86_400.0  # ten years without a new version: a wrong century is likelier
LATE_S = 600.0  # a request is read within a second; one that lay about belongs to another moment
STEP_S = 5.0  # what a network tells trembles by a second or two
APART_S = 600.0  # between two settings
MOST_A_DAY = 6  # two witnesses that disagree must not pull the clock to and fro
DAY_S = 86_400.0
TELLERS = (Witness.NETWORK, Witness.TEXTS)  # whoever else is believed has set the clock already


class BadSlip(ValueError):
    """A slip that is not to be used; the words say why."""


class Done(StrEnum):
    """What became of a request."""

    SEEN = "seen"  # it held no time: the gateway only wants to know whether the clock is synchronised
    SET = "set"
    RIGHT = "right"  # the clock showed that time already
    KEPT = "kept"  # a time service keeps the clock
    OFTEN = "often"  # it was set not long ago
    BAD = "bad"  # the request is not to be used
    FAILED = "failed"  # the kernel refuses


@dataclass(frozen=True, slots=True)
class Request:
    """At `ticks` (seconds since the start `boot` of the machine) it was `time` (seconds since 1970), says `by`. `time` None: only
    the question whether the clock is synchronised. `number` tells one request from the next."""

    boot: str
    ticks: float
    number: int
    time: float | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """The clock was set at `ticks` to `time`, by as many seconds as `step` says (positive: forward), on the word of `by`."""

    ticks: float
    time: float
    step: float
    by: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the unit says: of the start `boot`, at `ticks`, to request `number`. `settings` are those of the last day, oldest first."""

    boot: str
    ticks: float
    number: int
    done: Done
    synchronised: bool
    why: str = ""
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """The machine at the moment of judging: which start, its counter, its clock, and whether a time service keeps that."""

    boot: str
    ticks: float
    time: float
    synchronised: bool


def judge(request: Request, shown: Shown, settings: tuple[Setting, ...] = ()) -> Answer:
    """What is to be done about a request. `settings` are the earlier ones since this start. With SET the clock is to be set to
    the time of the last of the answer's settings, true at its ticks."""
    settings = tuple(each for each in settings if 0 <= shown.ticks - each.ticks <= DAY_S)
    answer = Answer(shown.boot, shown.ticks, request.number, Done.SEEN, shown.synchronised, "", settings)
    if request.boot != shown.boot or not shown.boot:
        return replace(answer, done=Done.BAD, why="it was written before the machine was switched on")
    if not 0 <= shown.ticks - request.ticks <= LATE_S:
        return replace(answer, done=Done.BAD, why="it is not from now")
    if request.time is None:
        return answer
    if request.by not in TELLERS:
        return replace(answer, done=Done.BAD, why="nobody is named who told that time")
    time = request.time + (shown.ticks - request.ticks)
    if not NOT_BEFORE_S <= time <= NOT_AFTER_S:
        return replace(answer, done=Done.BAD, why="that time cannot be now")
    if shown.synchronised:
        return replace(answer, done=Done.KEPT)
    step = time - shown.time
    if abs(step) <= STEP_S:
        return replace(answer, done=Done.RIGHT)
    if settings and (shown.ticks - settings[-1].ticks < APART_S or len(settings) >= MOST_A_DAY):
        return replace(answer, done=Done.OFTEN)
    return replace(answer, done=Done.SET, settings=(*settings, Setting(shown.ticks, time, step, request.by)))


# ---- as bytes


def write_request(request: Request) -> bytes:
    """A request as the unit reads it."""
    held = {"form": FORM, "boot": request.boot, "ticks": request.ticks, "number": request.number}
    if request.time is not None:
        held |= {"time": request.time, "by": request.by}
    return json.dumps(held).encode() + b"\n"


def read_request(text: bytes) -> Request:
    """A request out of bytes that anybody may have written. Raises BadSlip."""
    held = _read(text)
    time = None if "time" not in held else _number(held, "time")
    return Request(
        _word(held, "boot"), _number(held, "ticks"), int(_number(held, "number")), time, _word(held, "by", "")
    )


def write_answer(answer: Answer) -> bytes:
    """An answer as the gateway reads it."""
    held = {
        "form": FORM,
        "boot": answer.boot,
        "ticks": answer.ticks,
        "number": answer.number,
        "done": answer.done.value,
        "synchronised": answer.synchronised,
        "why": answer.why,
        "settings": [[each.ticks, each.time, each.step, each.by] for each in answer.settings],
    }
    return json.dumps(held).encode() + b"\n"


def read_answer(text: bytes) -> Answer:
    """An answer out of its bytes. Raises BadSlip."""
    held: Mapping[str, Any] = _read(text)
    try:
        settings = tuple(
            Setting(float(ticks), float(time), float(step), str(by)) for ticks, time, step, by in held["settings"]
        )
        done = Done(_word(held, "done"))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadSlip("it is not in the form of an answer") from error
    if not all(math.isfinite(value) for each in settings for value in (each.ticks, each.time, each.step)):
        raise BadSlip("it is not in the form of an answer")
    return Answer(
        _word(held, "boot"),
        _number(held, "ticks"),
        int(_number(held, "number")),
        done,
        held.get("synchronised") is True,
        _word(held, "why", ""),
        settings,
    )


def _read(text: bytes) -> Mapping[str, object]:
    if len(text) > MOST_BYTES:
        raise BadSlip("it is too long")
    try:
        held = json.loads(text.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise BadSlip("it cannot be read") from error
    if not isinstance(held, dict) or held.get("form") != FORM:
        raise BadSlip("it is not in the form of this version")
    return held


def _number(held: Mapping[str, object], name: str) -> float:
    value = held.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadSlip(f"its {name} is no number")
    try:
        number = float(value)
    except OverflowError as error:
        raise BadSlip(f"its {name} is no number") from error
    if not math.isfinite(number):
        raise BadSlip(f"its {name} is no number")
    return number


def _word(held: Mapping[str, object], name: str, instead: str | None = None) -> str:
    value = held.get(name, instead)
    if not isinstance(value, str):
        raise BadSlip(f"its {name} is no word")
    return value
