"""The calls: every one with what became of it, and the texts that belong to none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from aiohttp import web

from gateway.core.callsieve import CallKind, CallSieve, CallsPage
from gateway.core.views.calls import CallRow, TextRow, Today
from web.changes import Form
from web.language import mark
from web.shell import Shell, said_by

TEXTS_LOOK_BACK = timedelta(hours=48)  # last night's answers still matter in the morning
_CURSOR = re.compile(r"[0-9]{1,18}(_[0-9]{1,18})?")
_SAID = {"contacted": mark("Noted: already contacted. No text goes out.")}
KINDS = {
    CallKind.ALL: mark("All"),
    CallKind.MISSED: mark("Missed"),
    CallKind.TEXTED: mark("Texted"),
    CallKind.NOT_TEXTED: mark("Not texted"),
    CallKind.ANSWERED: mark("Answered"),
}


@dataclass(frozen=True, slots=True)
class CallsSight:
    """Everything the page shows. `days` are the calls by the day on which they came in."""

    mark: str
    today: Today
    page: CallsPage
    sieve: CallSieve
    after: str
    days: tuple[tuple[date, tuple[CallRow, ...]], ...]
    texts: tuple[TextRow, ...]
    present: date

    def link(self, **changes: str) -> str:
        """The address of the page with something else chosen."""
        sieve = self.sieve
        day = "" if sieve.day is None else sieve.day.isoformat()
        chosen = {"kind": sieve.kind.value, "line": sieve.line, "day": day, "who": sieve.who, **changes}
        query = urlencode({key: value for key, value in chosen.items() if value})
        return f"/calls?{query}" if query else "/calls"


def asked(query: Mapping[str, str], present: date) -> CallSieve:
    """The sieve of an address; whatever is not known passes everything."""
    kind, day = query.get("kind", ""), query.get("day", "")
    try:
        chosen = {"today": present, "yesterday": present - timedelta(days=1)}.get(day) or date.fromisoformat(day)
    except ValueError:
        chosen = None
    if chosen is not None and not 2000 <= chosen.year < 2100:
        chosen = None
    return CallSieve(
        kind=CallKind(kind) if kind in tuple(CallKind) else CallKind.ALL,
        line=query.get("line", "")[:80],
        day=chosen,
        who=query.get("who", "")[:20],
    )


class CallsPages:
    """The endpoints of `/calls`."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the page its addresses."""
        self._shell.routes.get("/calls", self.page)
        self._shell.routes.get("/fragment/calls", self.fragment)
        commands = self._shell.commands
        self._shell.button(
            "/calls/{id:[0-9]{1,18}}/contacted",
            ("contacted", _SAID["contacted"]),
            lambda ask: commands.contacted(ask.id, ask.by),
            "/calls",
            self._refuse,
        )

    async def page(self, request: web.Request) -> web.Response:
        """`GET /calls`"""
        return await self._draw(request, "calls.html", said=said_by(request, _SAID))

    async def fragment(self, request: web.Request) -> web.Response:
        """`GET /fragment/calls`: the parts of the page that change."""
        return await self._draw(request, "calls_fragment.html")

    async def _refuse(self, request: web.Request, sorry: str, _form: Form) -> web.Response:
        return await self._draw(request, "calls.html", sorry=sorry, status=409)

    async def _draw(
        self, request: web.Request, template: str, *, said: str = "", sorry: str = "", status: int = 200
    ) -> web.Response:
        shell, now = self._shell, self._shell.clock.now()
        mark_before = shell.live.mark  # before reading: a change in between is then drawn twice, never missed
        midnight = shell.drawing.midnight(now)
        sieve, after = asked(request.query, midnight.date()), request.query.get("after", "")
        if not _CURSOR.fullmatch(after):
            after = ""
        page = await shell.data.calls_page(sieve, after)
        plain = replace(sieve, day=None) == CallSieve() and not after

        def day_of(call: CallRow) -> date:
            return call.started_at.astimezone(midnight.tzinfo).date()

        sight = CallsSight(
            mark=mark_before,
            today=await shell.data.today(now),
            page=page,
            sieve=sieve,
            after=after,
            days=tuple((day, tuple(calls)) for day, calls in groupby(page.calls, day_of)),
            texts=tuple(await shell.data.lone_texts(_since(sieve, now, midnight))) if plain else (),
            present=midnight.date(),
        )
        return shell.draw(
            request,
            template,
            status=status,
            said=said,
            sorry=sorry,
            now=now,
            sight=sight,
            kinds=KINDS,
            plain=plain,
            fragment=f"/fragment{sight.link(after=after)}",
            noon=lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=midnight.tzinfo),
        )


def _since(sieve: CallSieve, now: datetime, midnight: datetime) -> datetime:
    return midnight if sieve.day == midnight.date() else now - TEXTS_LOOK_BACK
