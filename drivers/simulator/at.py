"""The language of AT commands (ITU-T V.250, 3GPP TS 27.007): how a command is read and what an answer is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from drivers.simulator.state import ModemState


@dataclass(frozen=True, slots=True)
class Answer:
    """Information lines, the final line, and what else the modem does."""

    lines: tuple[str, ...] = ()
    final: str = "OK"
    reset: bool = False  # power cycle after the answer
    registration_changed: bool = False
    dial: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """AT+CMGS: the body is expected, `length` octets without the service centre address."""

    length: int


class Form(StrEnum):
    """How a command is asked."""

    RUN = "run"
    READ = "read"  # ?
    TEST = "test"  # =?
    SET = "set"


@dataclass(frozen=True, slots=True)
class Query:
    """One extended command with its arguments, quotes removed."""

    name: str
    form: Form
    args: tuple[str, ...] = ()

    def number(self, place: int, default: int | None = None) -> int:
        """Argument `place` as a number; a missing one is `default`, anything else is a ValueError."""
        if place >= len(self.args) or self.args[place] == "":
            if default is None:
                raise ValueError(f"{self.name}: argument {place} missing")
            return default
        return int(self.args[place])


Handler = Callable[[ModemState, Query], Answer | Prompt]

_HANDLERS: dict[str, Handler] = {}
_ARGS = re.compile(r'"([^"]*)"|([^,]*)')


def extended(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler under its command names."""

    def register(handler: Handler) -> Handler:
        for name in names:
            _HANDLERS[name] = handler
        return handler

    return register


def info(*lines: str) -> Answer:
    return Answer(lines)


def known(name: str) -> Handler | None:
    """The handler registered for a command."""
    return _HANDLERS.get(name)


def read_query(name: str, tail: str) -> Query:
    if not tail:
        return Query(name, Form.RUN)
    if tail == "?":
        return Query(name, Form.READ)
    if tail == "=?":
        return Query(name, Form.TEST)
    if not tail.startswith("="):
        raise ValueError(tail)
    args = tuple(quoted or plain.strip() for quoted, plain in _split_args(tail[1:]))
    return Query(name, Form.SET, args)


def _split_args(text: str) -> list[tuple[str, str]]:
    args: list[tuple[str, str]] = []
    place = 0
    while True:
        found = _ARGS.match(text, place)
        assert found is not None  # the pattern takes the empty string
        args.append((found.group(1) or "", found.group(2) or ""))
        place = found.end()
        if place >= len(text):
            return args
        if text[place] != ",":
            raise ValueError(text)
        place += 1
