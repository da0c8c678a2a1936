"""What a CalDAV server is asked, and the calendars in its answer (RFC 4791, 7.8 and 9.6; RFC 4918, 13).

A document type, and with it every entity, is refused: an answer of this kind needs none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from xml.parsers import expat

_DAV, _CALDAV = "DAV:", "urn:ietf:params:xml:ns:caldav"
DEEPEST: Final = 32  # elements within each other; an answer has six
_STATUS: Final = re.compile(r"HTTP/\d(?:\.\d)? (\d{3})")


class NoAnswerError(Exception):
    """It is no answer of a CalDAV server."""


def question(begins: datetime, ends: datetime) -> bytes:
    """The body of a REPORT: every entry that has to do with these days, as it stands."""
    span = f'start="{_utc(begins)}" end="{_utc(ends)}"'
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<C:calendar-query xmlns:D="{_DAV}" xmlns:C="{_CALDAV}">'
        "<D:prop><D:getetag/><C:calendar-data/></D:prop>"
        f'<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range {span}/>'
        "</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"
    ).encode()


def calendars(answer: bytes) -> tuple[list[bytes], int]:
    """The texts of the calendars in an answer, and how many entries it names and does not give. Raises NoAnswerError."""
    reader = _Reader()
    try:
        reader.parser.Parse(answer, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # also an encoding that nobody knows
        raise NoAnswerError(str(error)) from None
    if not reader.is_multistatus:
        raise NoAnswerError("no multistatus")
    return reader.texts, reader.missing


class _Reader:
    def __init__(self) -> None:
        self.texts: list[bytes] = []
        self.missing = 0
        self.is_multistatus = False
        self._path: list[str] = []
        self._words: list[str] = []
        self._data: list[str] = []
        self._given = False  # the entry's own data came, with a good status
        self._good = True
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise ValueError("a document type")

    def _begin(self, name: str, _attributes: Mapping[str, str]) -> None:
        if not self._path:
            if name != f"{_DAV} multistatus":
                raise ValueError("no multistatus")
            self.is_multistatus = True
        self._path.append(name)
        if len(self._path) > DEEPEST:
            raise ValueError("too deep")
        self._words = []
        if name == f"{_DAV} response":
            self._given = False
        elif name == f"{_DAV} propstat":
            self._data, self._good = [], True

    def _characters(self, words: str) -> None:
        self._words.append(words)

    def _end(self, name: str) -> None:
        self._path.pop()
        words, self._words = "".join(self._words), []
        if name == f"{_CALDAV} calendar-data":
            self._data.append(words)
        elif name == f"{_DAV} status" and self._path and self._path[-1] == f"{_DAV} propstat":
            found = _STATUS.match(words.strip())
            self._good = found is not None and found[1].startswith("2")
        elif name == f"{_DAV} propstat":
            self._given |= self._good and any(each.strip() for each in self._data)
            if self._good:
                self.texts += [each.encode("utf-8") for each in self._data if each.strip()]
        elif name == f"{_DAV} response":
            self.missing += not self._given


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
