"""Search over everything that was said."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from aiohttp import web

from gateway.core.finding import TYPED_AT_MOST, Wanted, marked, wanted_in
from web.pages import leadplace
from web.shell import Shell
from web.words import wording

SNIPPET = 220  # characters of a passage: three lines of a telephone
_LEAD_IN = 60  # of it in front of the first word that was looked for
Pieces = list[tuple[str, bool]]


class SearchPage:
    """The endpoint of `/search`."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the page its address."""
        self._shell.routes.get("/search", self.page)

    async def page(self, request: web.Request) -> web.Response:
        """`GET /search?q=`"""
        typed, before = request.query.get("q", "")[:TYPED_AT_MOST], request.query.get("before", "")
        now, wanted = self._shell.clock.now(), wanted_in(typed)
        number = int(before) if before.isdecimal() and len(before) < 19 else None
        found = await self._shell.data.find(typed, now, number)
        more = f"/search?{urlencode({'q': typed, 'before': found.before})}" if found.before is not None else ""
        return self._shell.draw(
            request,
            "search.html",
            now=now,
            typed=wording.showable(typed, TYPED_AT_MOST),
            wanted=wanted,
            found=found,
            more=more,
            before=number,
            pieces=_shown(wanted),
            there=leadplace.passage,
        )


def _shown(wanted: tuple[Wanted, ...]) -> Callable[[str], Pieces]:
    """Cuts words to what has room, around the first that was looked for, with all of those marked."""

    def pieces(text: str) -> Pieces:
        found = marked(" ".join(wording.showable(text, wording.BODY_LENGTH).split()), wanted)
        start = 0
        for piece, hit in found:
            if hit:
                break
            start += len(piece)
        cut = max(0, start - _LEAD_IN) if sum(len(piece) for piece, _ in found) > SNIPPET else 0
        return _part(found, cut, SNIPPET)

    return pieces


def _part(found: Pieces, begin: int, length: int) -> Pieces:
    """So many characters from `begin` on; what was cut is made visible."""
    kept: Pieces = [("…", False)] if begin else []
    place = 0
    for piece, hit in found:
        part = piece[max(0, begin - place) : max(0, begin + length - place)]
        place += len(piece)
        if part:
            kept.append((part, hit))
    return [*kept, ("…", False)] if place > begin + length else kept
