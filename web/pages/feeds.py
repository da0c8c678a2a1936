"""The appointments in people's own calendar programs: the calendars themselves, and who makes their addresses.

A calendar program cannot sign in: who knows an address reads what stands there, and nothing else of the page.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
from collections.abc import Sequence

from aiohttp import web

from gateway.core.booking.icaltext import calendar_text
from gateway.core.views.feeds import Feed, Published
from gateway.ports.feeds import FeedDesk, TooManyTries
from web import language
from web.access import Access
from web.changes import Ask, Form
from web.language import _, mark
from web.shell import Shell, said_by
from web.words import feedwords, wording

HOME = "/calendar/feeds"
_SAID = {
    "made": mark("The address is made. Write it into the calendar program."),
    "renewed": mark("There is another address now. The old one does not work any more."),
    "ended": mark("The address does not work any more."),
}


class FeedPages:
    """The endpoints of `/feeds`, `/calendar/feeds` and `/leads/{id}/appointment.ics`."""

    def __init__(self, shell: Shell, desk: FeedDesk) -> None:
        self._shell = shell
        self._desk = desk

    def add(self) -> None:
        """Give the pages their addresses."""
        shell = self._shell
        shell.routes.get(r"/feeds/{secret:[A-Za-z0-9_-]{1,100}}/{file:[^/]{1,100}}", self.feed, Access.ANYBODY)
        shell.routes.get("/leads/{id:[0-9]{1,18}}/appointment.ics", self.appointment)
        shell.routes.get(HOME, self.page)
        for verb, key, act in (
            ("make", "made", self._make),
            ("renew", "renewed", self._renew),
            ("end", "ended", self._end),
        ):
            shell.button(f"{HOME}/{verb}", (key, _SAID[key]), act, HOME, self._refuse, access=Access.OWNER)

    async def feed(self, request: web.Request) -> web.StreamResponse:
        """`GET /feeds/{secret}/{crew}.ics`: a calendar, for whoever knows its address."""
        try:
            feed = await self._desk.enter(request.match_info["secret"], request.remote or "")
        except TooManyTries as refusal:
            wait = {"Retry-After": str(max(1, round(refusal.wait_s)))}
            words = _("Too many wrong addresses were tried. Wait a quarter of an hour.") + "\n"
            return web.Response(status=429, text=words, headers=wait)
        if feed is None or request.match_info["file"] != feed.file:
            raise web.HTTPNotFound
        language.speak(feed.language)
        found = await self._desk.published(feed.crew)
        installation, page = await self._desk.installation(), _page(request)
        label = next((row.label for row in await self._desk.rows() if row.crew == feed.crew), feed.crew)
        text = await asyncio.to_thread(
            self._text, found, installation, page, label
        )  # years of an office take a Pi a while
        return _answer(request, text, f'inline; filename="{feed.file}"', kept="private, no-cache")

    async def appointment(self, request: web.Request) -> web.StreamResponse:
        """`GET /leads/{id}/appointment.ics`: the last appointment of a lead, as a file."""
        one = await self._desk.published_of(int(request.match_info["id"]))
        if one is None:
            raise web.HTTPNotFound
        text = self._text([one], await self._desk.installation(), _page(request))
        return _answer(request, text, f'attachment; filename="appointment-{one.number}.ics"', kept="no-store")

    async def page(self, request: web.Request) -> web.Response:
        """`GET /calendar/feeds`: the addresses."""
        return await self._draw(request, said=said_by(request, _SAID))

    async def _make(self, ask: Ask) -> None:
        await self._desk.make(ask.typed("crew"), language.spoken(), ask.by)

    async def _renew(self, ask: Ask) -> None:
        await self._desk.renew(ask.typed("crew"), language.spoken(), ask.by)

    async def _end(self, ask: Ask) -> None:
        await self._desk.end(ask.typed("crew"), ask.by)

    async def _refuse(self, request: web.Request, sorry: str, form: Form) -> web.Response:
        del form
        return await self._draw(request, sorry=sorry, status=409)

    async def _draw(self, request: web.Request, *, said: str = "", sorry: str = "", status: int = 200) -> web.Response:
        page = _page(request)
        return self._shell.draw(
            request,
            "feeds.html",
            rows=await self._desk.rows(),
            address=lambda feed: _address(page, feed),
            here_only=_is_this_machine(request),
            secure=request.secure,
            said=said,
            sorry=sorry,
            status=status,
        )

    def _text(self, found: Sequence[Published], installation: str, page: str, label: str = "") -> bytes:
        drawing = self._shell.drawing
        name = f"{drawing.business}: {wording.name(label)}" if label else drawing.business
        happenings = (feedwords.happening(one, installation, page) for one in found)
        return calendar_text(name, drawing.zone.key or "UTC", happenings)


def _answer(request: web.Request, text: bytes, disposition: str, kept: str) -> web.Response:
    """The calendar, or 304 where the program has these very bytes (RFC 9110, 13.1.2)."""
    tag = hashlib.sha256(text).hexdigest()[:32]
    headers = {"ETag": f'"{tag}"', "Cache-Control": kept}
    if any(known.value == tag for known in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    headers["Content-Disposition"] = disposition
    return web.Response(body=text, content_type="text/calendar", charset="utf-8", headers=headers)


def _page(request: web.Request) -> str:
    """Where the page was asked: the name in the request is one of ours (`web.guard.Names`)."""
    return f"{request.scheme}://{request.host}"


def _address(page: str, feed: Feed) -> str:
    return f"{page}/feeds/{feed.secret}/{feed.file}"


def _is_this_machine(request: web.Request) -> bool:
    """Whether the page was opened by a name that leads every other machine to itself."""
    name = request.url.host or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
