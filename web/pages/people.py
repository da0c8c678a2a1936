"""Who may use the page: an owner lets people in and out, and sees the browsers that are signed in."""

from __future__ import annotations

from aiohttp import web

from web import guard
from web.access import Access
from web.changes import Ask, Form, typed
from web.language import mark
from web.shell import Shell, said_by

_SAID = {
    "added": mark("Done: tell this person the name and the password."),
    "password": mark("The new password is set. Every browser of this person is signed out."),
    "role": mark("Done: the role is changed."),
    "person": mark("Done: it is noted who this is."),
    "out": mark("Done: every browser of this person is signed out."),
    "device": mark("That browser is signed out."),
    "removed": mark("Done: this person may not use the page any more."),
}
_HOME = "/people"


class PeoplePage:
    """The endpoints of `/people`."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the page its addresses."""
        shell, someone = self._shell, "/people/{id:[0-9]{1,18}}"
        shell.routes.get(_HOME, self.page, Access.OWNER)
        for path, key, act in (
            ("/people/add", "added", self._add),
            (f"{someone}/password", "password", self._password),
            (f"{someone}/role", "role", self._role),
            (f"{someone}/person", "person", self._person),
            (f"{someone}/sign-out", "out", self._sign_out),
            (f"{someone}/remove", "removed", self._remove),
            ("/people/browsers/{id:[0-9]{1,18}}/end", "device", self._device),
        ):
            shell.button(path, (key, _SAID[key]), act, _HOME, self._refuse, access=Access.OWNER)

    async def page(self, request: web.Request) -> web.Response:
        """`GET /people`"""
        return await self._draw(request, said=said_by(request, _SAID))

    async def _add(self, ask: Ask) -> None:
        _same(ask)
        await self._shell.gate.add(
            ask.typed("name"), ask.typed("role"), ask.typed("password"), ask.by, ask.typed("person")
        )

    async def _password(self, ask: Ask) -> None:
        if ask.id == ask.visitor.id:
            raise ValueError("your own password is changed under your name, where your present one is asked for")
        _same(ask)
        await self._shell.gate.set_secret(ask.id, ask.typed("password"), ask.by)

    async def _role(self, ask: Ask) -> None:
        await self._shell.gate.set_role(ask.id, ask.typed("role"), ask.by)

    async def _person(self, ask: Ask) -> None:
        await self._shell.gate.set_person(ask.id, ask.typed("person"), ask.by)

    async def _sign_out(self, ask: Ask) -> None:
        await self._shell.gate.end_sessions(ask.id, ask.by)

    async def _device(self, ask: Ask) -> None:
        await self._shell.gate.end_session(ask.id, ask.by)

    async def _remove(self, ask: Ask) -> None:
        await self._shell.gate.remove(ask.id, ask.by)

    async def _refuse(self, request: web.Request, sorry: str, form: Form) -> web.Response:
        adding = request.path.endswith("/add")
        return await self._draw(request, sorry=sorry, name=typed(form, "name") if adding else "", status=409)

    async def _draw(
        self, request: web.Request, *, said: str = "", sorry: str = "", name: str = "", status: int = 200
    ) -> web.Response:
        gate = self._shell.gate
        return self._shell.draw(
            request,
            "people.html",
            rows=await gate.rows(guard.session_of(request)),
            people=gate.people(),
            name=name,
            said=said,
            sorry=sorry,
            status=status,
        )


def _same(ask: Ask) -> None:
    """Raises ValueError when a new password was not typed twice alike."""
    if ask.typed("password") != ask.typed("again"):
        raise ValueError("the two passwords are not the same")
