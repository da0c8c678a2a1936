"""Signing in and out, the first visit to a new box, and what everybody may set for himself."""

from __future__ import annotations

import re

from aiohttp import web

from gateway.ports.gate import SignInRefused
from web import guard, language
from web.access import SIGN_IN, WELCOME, Access, visitor, visitor_or_none
from web.changes import Form, typed
from web.language import _, mark
from web.neighbours import is_near, own_address
from web.pages.away import mine as mine_of
from web.shell import Shell, said_by
from web.troubles import wants_json

_OUR_PATH = re.compile(r"/[A-Za-z0-9][A-Za-z0-9_./?=&%+-]{0,200}")  # not "//evil.example", not "/\evil.example"
_SAID = {
    "language": mark("The page speaks English."),
    "password": mark("Your new password is set. Your other browsers are signed out."),
    "device": mark("That browser is signed out."),
}


class SigningPages:
    """`/welcome`, `/sign-in`, `/sign-out` and `/me`."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the pages their addresses."""
        routes = self._shell.routes
        routes.get(WELCOME, self.welcome, Access.ANYBODY)
        routes.post(WELCOME, self.first, Access.ANYBODY)
        routes.get(SIGN_IN, self.sign_in_page, Access.ANYBODY)
        routes.post(SIGN_IN, self.sign_in, Access.ANYBODY)
        routes.post("/sign-out", self.sign_out, Access.ANYBODY)
        routes.get("/me", self.me)
        routes.post("/me/language", self.set_language)
        routes.post("/me/password", self.set_password)
        routes.post("/me/devices/{id:[0-9]{1,18}}/end", self.end_device)

    async def welcome(self, request: web.Request) -> web.Response:
        """`GET /welcome`: who sets the box up makes himself its owner."""
        if await self._shell.gate.exist():
            raise web.HTTPFound(SIGN_IN)
        return self._shell.draw(request, "welcome.html", name="")

    async def first(self, request: web.Request) -> web.StreamResponse:
        """`POST /welcome`"""
        form = await self._shell.changes.form(request)
        name = typed(form, "name")
        try:
            _same(form)
            self._only_from_near(request)
            token = await self._shell.gate.first(name, typed(form, "password"), _browser(request))
        except ValueError as refusal:
            return self._shell.draw(request, "welcome.html", name=name, sorry=_(str(refusal)), status=409)
        return await self._signed_in(request, token, "/")

    async def sign_in_page(self, request: web.Request) -> web.Response:
        """`GET /sign-in`"""
        if not await self._shell.gate.exist():
            raise web.HTTPFound(WELCOME)
        if visitor_or_none(request) is not None:
            raise web.HTTPFound(_next(request.query.get("next", "")))
        out = _("You are signed out. Sign in to go on.") if "out" in request.query else ""
        return self._shell.draw(request, "sign_in.html", name="", next=request.query.get("next", ""), said=out)

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        """`POST /sign-in`"""
        form = await self._shell.changes.form(request)
        name, there = typed(form, "name"), typed(form, "next")
        address = request.remote or ""
        try:
            token = await self._shell.gate.sign_in(
                name, typed(form, "password"), address, _browser(request), guard.used_before(request)
            )
        except SignInRefused as refusal:
            status = 429 if refusal.wait_s else 401
            answer = self._shell.draw(
                request, "sign_in.html", name=name, next=there, sorry=_(str(refusal)), status=status
            )
            if refusal.wait_s:
                answer.headers["Retry-After"] = str(round(refusal.wait_s))
            return answer
        return await self._signed_in(request, token, _next(there))

    async def sign_out(self, request: web.Request) -> web.StreamResponse:
        """`POST /sign-out`"""
        await self._shell.changes.form(request)
        await self._shell.gate.sign_out(guard.session_of(request))
        response = web.HTTPSeeOther(SIGN_IN)
        guard.drop_session(request, response)
        raise response

    async def me(self, request: web.Request) -> web.Response:
        """`GET /me`: language, password, browsers."""
        return await self._me(request, said=said_by(request, _SAID))

    async def set_language(self, request: web.Request) -> web.StreamResponse:
        """`POST /me/language`"""
        form = await self._shell.changes.form(request)
        wanted = typed(form, "language")
        try:
            await self._shell.gate.set_language(visitor(request).id, wanted)
        except ValueError as refusal:
            return await self._me(request, sorry=_(str(refusal)), status=409)
        language.speak(wanted)
        raise web.HTTPSeeOther("/me?said=language")

    async def set_password(self, request: web.Request) -> web.StreamResponse:
        """`POST /me/password`"""
        form, me = await self._shell.changes.form(request), visitor(request)
        try:
            await self._shell.gate.confirm(me.id, typed(form, "present"))
            _same(form)
            await self._shell.gate.set_secret(me.id, typed(form, "password"), me.name, guard.session_of(request))
        except ValueError as refusal:
            return await self._me(request, sorry=_(str(refusal)), status=409)
        raise web.HTTPSeeOther("/me?said=password")

    async def end_device(self, request: web.Request) -> web.StreamResponse:
        """`POST /me/devices/{id}/end`: one of his own browsers, and no other's."""
        await self._shell.changes.form(request)
        me = visitor(request)
        await self._shell.gate.end_session(int(request.match_info["id"]), me.name, me.id)
        if wants_json(request):
            return web.json_response({"said": _(_SAID["device"])})
        raise web.HTTPSeeOther("/me?said=device")

    def _only_from_near(self, request: web.Request) -> None:
        """A new box belongs to who stands in its network, also where the page is opened to the internet."""
        if not is_near(request.remote, own_address(request)):
            raise ValueError("the first one signs in from the network of the box")

    async def _signed_in(self, request: web.Request, token: str, there: str) -> web.StreamResponse:
        response = web.HTTPSeeOther(there)
        await self._shell.gate.sign_out(guard.session_of(request))  # who was signed in here is not any more
        guard.set_session(request, response, token)
        if proof := await self._shell.gate.browser(token):
            guard.set_used_before(request, response, proof)
        raise response

    async def _me(self, request: web.Request, *, said: str = "", sorry: str = "", status: int = 200) -> web.Response:
        rows = await self._shell.gate.rows(guard.session_of(request))
        mine = next((row for row in rows if row.id == visitor(request).id), None)
        devices = mine.devices if mine is not None else ()
        absent = mine_of(await self._shell.data.gone(self._shell.clock.now()), visitor(request))
        return self._shell.draw(
            request, "me.html", devices=devices, absent=absent, said=said, sorry=sorry, status=status
        )


def _same(form: Form) -> None:
    """Raises ValueError when a new password was not typed twice alike."""
    if typed(form, "password") != typed(form, "again"):
        raise ValueError("the two passwords are not the same")


def _browser(request: web.Request) -> str:
    return request.headers.get("User-Agent", "")


def _next(there: str) -> str:
    return there if _OUR_PATH.fullmatch(there) else "/"
