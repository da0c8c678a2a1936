"""The log as journald likes it: one line for each event, its weight in front, and nothing in it that belongs to people."""

from __future__ import annotations

import logging
import os
import re
import sys
import traceback
from collections.abc import Iterable
from typing import TextIO

from gateway.doctor.masks import Words, numbers

# Libraries that tell at level debug what they are given: statements with their values, requests, frames.
TALKATIVE = ("aiosqlite", "aiohttp", "asyncio", "panoramisk", "gsmmodem", "phonenumbers", "charset_normalizer")
FRAMES = 6  # of an error, the innermost ones
MESSAGE_LENGTH = 200  # of what an error says of itself
# sd-daemon(3): the weight of a line by syslog's numbers
_WEIGHT = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
_BREAK = re.compile(r"\s*[\r\n\x0b\x0c\x85\u2028\u2029]+\s*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")

_hidden = Words()


def hide(secrets: Iterable[str]) -> None:
    """From now on these words are in no line of the log."""
    global _hidden
    _hidden = Words(secrets)


class OneLine(logging.Formatter):
    """`weights`: each line begins with its weight, as journald takes it from standard error."""

    def __init__(self, *, weights: bool) -> None:
        super().__init__()
        self._weights = weights

    def format(self, record: logging.LogRecord) -> str:
        """The event as one line, masked."""
        said = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            said = f"{said} | {_told(record.exc_info[1])}"
        said = _CONTROL.sub("?", _BREAK.sub(" | ", said.strip()))
        line = f"{record.levelname} {record.name}: {numbers(_hidden(said))}"
        return f"<{_WEIGHT.get(record.levelno, 6)}>{line}" if self._weights else line


def _told(error: BaseException) -> str:
    """An error in one line: what it is, and where, the innermost place last."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames)
    cause = f" from {_told(error.__cause__)}" if error.__cause__ is not None else ""
    return f"{type(error).__name__}: {str(error)[:MESSAGE_LENGTH]} ({places}){cause}"


def start(level: str, stream: TextIO | None = None) -> None:
    """Log to standard error; what libraries say only from warnings up."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(OneLine(weights="JOURNAL_STREAM" in os.environ))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
