"""Who is away: everybody says it of himself, an owner of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from gateway.core.views.box import Absent, Gone
from gateway.core.visitors import PageRole, Visitor
from web.access import visitor
from web.changes import Ask, Form, typed
from web.language import gettext, mark
from web.pages import leadforms
from web.shell import Shell, said_by

_HOME = "/away"
_MORNING = time(8)
_SAID = {
    "away": mark("Noted. It ends by itself at that time."),
    "back": mark("Noted: back now."),
}


@dataclass(frozen=True, slots=True)
class Person:
    """One of the business on this page. `mine`: who is looking; `may`: who is looking may say it of him."""

    name: str
    also: tuple[str, ...]
    absent: Absent | None
    mine: bool
    may: bool


def mine(gone: Gone, who: Visitor) -> Absent | None:
    """The absence of who is signed in."""
    names = next((names for key, names in gone.everybody if _is(key, names, who)), ())
    return next((absent for absent in gone.absent if absent.names == names), None)


def persons(gone: Gone, who: Visitor) -> list[Person]:
    """Everybody, who is looking first, then who is away."""
    absent = {each.names: each for each in gone.absent}
    found = []
    for key, names in gone.everybody:
        own = _is(key, names, who)
        found.append(Person(names[0], names[1:], absent.get(names), own, own or who.role is PageRole.OWNER))
    return sorted(found, key=lambda person: (not person.mine, person.absent is None))


def until(choice: str, own: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The end of an absence, as the form asks for it: a morning, or a time of one's own. Raises ValueError with a sentence."""
    today = now.astimezone(zone).date()
    if own.strip():
        return leadforms.moment(own, zone)
    days = {"tomorrow": 1, "monday": 7 - today.weekday(), "week": 7, "weeks": 14}.get(choice)
    if days is None:
        return leadforms.moment(own, zone)
    return leadforms.moment(f"{datetime.combine(today + timedelta(days=days), _MORNING):%Y-%m-%dT%H:%M}", zone)


class AwayPage:
    """The endpoints of `/away`."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the page its addresses."""
        self._shell.routes.get(_HOME, self.page)
        for path, key, act in ((f"{_HOME}/set", "away", self._set), (f"{_HOME}/back", "back", self._back)):
            self._shell.button(path, (key, _SAID[key]), act, _HOME, self._refuse)

    async def page(self, request: web.Request) -> web.Response:
        """`GET /away`"""
        return await self._draw(request, said=said_by(request, _SAID))

    async def _set(self, ask: Ask) -> None:
        shell = self._shell
        name = await self._named(ask)
        end = until(ask.typed("when"), ask.typed("until"), shell.clock.now(), shell.drawing.zone)
        await shell.commands.leads.set_away(name, True, ask.by, end)

    async def _back(self, ask: Ask) -> None:
        await self._shell.commands.leads.set_away(await self._named(ask), False, ask.by)

    async def _named(self, ask: Ask) -> str:
        gone = await self._shell.data.gone(self._shell.clock.now())
        person = next((each for each in persons(gone, ask.visitor) if each.name == ask.typed("name")), None)
        if person is None:
            raise ValueError("there is nobody of this name")
        if not person.may:
            raise ValueError("only an owner says that of somebody else")
        return person.name

    async def _refuse(self, request: web.Request, sorry: str, form: Form) -> web.Response:
        return await self._draw(request, sorry=gettext(sorry), tried=typed(form, "name"), status=409)

    async def _draw(
        self, request: web.Request, *, said: str = "", sorry: str = "", tried: str = "", status: int = 200
    ) -> web.Response:
        gone = await self._shell.data.gone(self._shell.clock.now())
        return self._shell.draw(
            request,
            "away.html",
            gone=gone,
            persons=persons(gone, visitor(request)),
            tried=tried,
            said=said,
            sorry=sorry,
            status=status,
        )


def _is(key: str, names: tuple[str, ...], who: Visitor) -> bool:
    if who.person and who.person == key:
        return True
    return who.name.casefold() in {name.casefold() for name in names}
