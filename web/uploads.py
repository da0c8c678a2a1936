"""A file that somebody hands in: of our own page, bounded, and read as it comes.

The parts of such a form come in the order of the form, so its token is looked at before the file is read.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from web import guard
from web.language import _

FILE_BYTES = 4 * 1024 * 1024  # 20,000 rows of 200 bytes
FIELD_BYTES = 4 * 1024
MOST_PARTS = 8
WITHIN_S = 60.0  # 4 MiB over a poor Wi-Fi


@dataclass(frozen=True, slots=True)
class Upload:
    """What came in: the fields of the form, and the file's bytes."""

    fields: dict[str, str]
    data: bytes

    def typed(self, field: str) -> str:
        """What was typed into a field; "" when there is none."""
        return self.fields.get(field, "")


async def upload(request: web.Request, tokens: guard.Tokens, file: str) -> Upload:
    """The form that a request carries, with the file of the field `file`. Raises an HTTP error with a sentence."""
    if not guard.from_our_own_page(request):
        raise web.HTTPForbidden(text=_("The click came from another web site."))
    if request.content_type != "multipart/form-data":
        raise web.HTTPUnsupportedMediaType(text=_("The box expects a form with a file."))
    if request.content_length is not None and request.content_length > FILE_BYTES + MOST_PARTS * FIELD_BYTES:
        raise _too_large(request)
    fields: dict[str, str] = {}
    data = b""
    try:
        async with asyncio.timeout(WITHIN_S):
            reader = await request.multipart()
            for _part in range(MOST_PARTS):
                part = await reader.next()
                if part is None:
                    break
                if not isinstance(part, BodyPartReader):
                    raise web.HTTPBadRequest
                if part.name != file:
                    fields[part.name or ""] = (await _bounded(request, part, FIELD_BYTES)).decode("utf-8", "replace")
                    continue
                if not tokens.fits(request, fields.get(guard.FIELD, "")):
                    raise _drawn_before()
                data = await _bounded(request, part, FILE_BYTES)
    except (ValueError, LookupError, AssertionError, RuntimeError) as error:  # aiohttp's words for a form that is none
        raise web.HTTPBadRequest from error
    if not tokens.fits(request, fields.get(guard.FIELD, "")):
        raise _drawn_before()
    return Upload(fields, data)


async def _bounded(request: web.Request, part: BodyPartReader, most: int) -> bytes:
    found = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        found += chunk
        if len(found) > most:
            raise _too_large(request)
    return bytes(found)


def _drawn_before() -> web.HTTPException:
    return web.HTTPForbidden(text=_("The page was drawn before the box started again, or cookies are off."))


def _too_large(request: web.Request) -> web.HTTPException:
    """The rest of it is not read: the connection ends with the answer."""
    if request.transport is not None and request.protocol is not None:
        request.protocol.close()
    text = _("A file may have at most 4 MB. Leave pictures out, or take it in parts.")
    return web.HTTPRequestEntityTooLarge(max_size=FILE_BYTES, actual_size=FILE_BYTES + 1, text=text)
