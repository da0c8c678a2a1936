"""A calendar from an address: an .ics file by GET, a CalDAV calendar by REPORT; bounded in time and size, no further than its host."""

from __future__ import annotations

import asyncio
import base64
import errno
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import aiohttp
from yarl import URL

from drivers.calendars import multistatus, problems
from drivers.calendars.settings import CalendarSource, Kind, Limits
from gateway.ports.calendars import Wanted

MOST_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_NO_REPORT: Final = frozenset(
    {400, 403, 404, 405, 409, 415, 501}
)  # of what is no CalDAV calendar: an .ics file may be there
_XML: Final = {"Content-Type": "application/xml; charset=utf-8", "Depth": "1"}


@dataclass(frozen=True, slots=True)
class Validators:
    """By what an unchanged file is told (RFC 9110, 8.8)."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """`kind` as what it is understood: an .ics file (url) or a server's answer (caldav). `body` None: it is as it was."""

    kind: Kind
    body: bytes | None
    validators: Validators = Validators()


async def fetch(source: CalendarSource, wanted: Wanted, known: Validators) -> Fetched:
    """What is at the address. Raises UnreadableError."""
    signed = base64.b64encode(f"{source.user}:{source.password}".encode()).decode()  # RFC 7617
    headers = {"Authorization": f"Basic {signed}"} if source.user else {}
    try:
        async with (
            asyncio.timeout(source.limits.answer_s),
            aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False) as session,
        ):
            visit = _Visit(session, source)
            if source.kind is Kind.CALDAV:
                return await visit.caldav(wanted)
            return await visit.ics(known)
    except TimeoutError:
        raise problems.too_slow() from None
    except (aiohttp.ClientConnectorCertificateError, ssl.SSLError):
        raise problems.not_trusted() from None
    except aiohttp.ClientPayloadError:
        raise problems.cut_off() from None
    except aiohttp.ClientConnectorError as error:
        if error.errno in (errno.EPERM, errno.EACCES):
            raise problems.not_allowed() from None
        raise problems.no_answer(error.strerror or "no connection") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:  # ValueError: headers and addresses that are none
        raise problems.no_answer(type(error).__name__) from None


class _Visit:
    def __init__(self, session: aiohttp.ClientSession, source: CalendarSource) -> None:
        self._session = session
        self._source = source

    async def ics(self, known: Validators) -> Fetched:
        asked = {"If-None-Match": known.etag} if known.etag else {}
        if known.modified and not known.etag:
            asked = {"If-Modified-Since": known.modified}
        status, headers, body = await self._ask("GET", asked)
        if status == 304:
            return Fetched(Kind.URL, None, known)
        self._must_be_good(status, headers)
        return Fetched(Kind.URL, body, Validators(headers.get("ETag", ""), headers.get("Last-Modified", "")))

    async def caldav(self, wanted: Wanted) -> Fetched:
        question = multistatus.question(wanted.begins, wanted.ends)
        status, headers, body = await self._ask("REPORT", _XML, question)
        if status == 207:
            return Fetched(Kind.CALDAV, body)
        if status in _NO_REPORT:  # a server that gives a whole calendar as one file does so by GET
            other, _, text = await self._ask("GET", {})
            if other == 200 and text.lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
                return Fetched(Kind.URL, text)
        self._must_be_good(status, headers)
        raise problems.no_caldav()

    def _must_be_good(self, status: int, headers: Mapping[str, str]) -> None:
        if status == 200:
            return
        if status in (401, 403):
            wants = headers.get("WWW-Authenticate", "").casefold()
            digest = status == 401 and "digest" in wants and "basic" not in wants
            raise problems.refused(signed_in=bool(self._source.user), digest=digest)
        if status in (404, 410):
            raise problems.missing()
        if self._source.kind is Kind.CALDAV and status in _NO_REPORT:
            raise problems.no_caldav()
        raise problems.answered(status)

    async def _ask(
        self, method: str, headers: dict[str, str], data: bytes | None = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body; what is beyond the limit is not read."""
        at = URL(self._source.where, encoded=True)
        for _ in range(MOST_REDIRECTS + 1):
            async with self._session.request(method, at, headers=headers, data=data, allow_redirects=False) as answer:
                if answer.status not in _REDIRECTS:
                    return answer.status, answer.headers, await _body(answer, self._source.limits)
                at = _further(at, answer.headers.get("Location", ""))
        raise problems.answered(answer.status)


def _further(at: URL, location: str) -> URL:
    """Where a server sends us, if it is the same one; a password goes nowhere else, and not from https to http."""
    there = at.join(URL(location))
    same = (there.scheme, there.host, there.port) == (at.scheme, at.host, at.port)
    safer = at.scheme == "http" and there.scheme == "https" and there.host == at.host and there.port == 443
    if not (same or (safer and at.port == 80)):
        raise problems.elsewhere((there.host or "nowhere")[:80])
    return there


async def _body(answer: aiohttp.ClientResponse, limits: Limits) -> bytes:
    read, size = [], 0
    async for chunk in answer.content.iter_chunked(64 * 1024):
        size += len(chunk)
        if size > limits.most_bytes:
            answer.close()
            raise problems.too_big(limits.most_bytes)
        read.append(chunk)
    return b"".join(read)
