"""Who may open what: each address of the page says whom it is for, and nobody else gets through.

An address cannot be added without saying so. The gate stands before every endpoint and finds out who asks; endpoints then
read `visitor(request)`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import IntEnum
from urllib.parse import quote, urlencode

from aiohttp import web

from gateway.core.visitors import PageRole, Visitor
from gateway.ports.gate import Gate
from web import guard, language
from web.language import _
from web.troubles import NotForYou, wants_json

Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]

WELCOME, SIGN_IN = "/welcome", "/sign-in"
_VISITOR: web.RequestKey[Visitor] = web.RequestKey("visitor", Visitor)
_AS_FRAGMENT = ("/fragment/", "/events")


class Access(IntEnum):
    """Whom an address is for. The higher may do what the lower may."""

    ANYBODY = 0
    OFFICE = 1
    OWNER = 2


RANK = {PageRole.OFFICE: Access.OFFICE, PageRole.OWNER: Access.OWNER}


class Routes:
    """The addresses of the page, each with whom it is for."""

    def __init__(self, app: web.Application) -> None:
        self._app = app
        self._access: dict[web.AbstractRoute, Access] = {}

    def get(self, path: str, endpoint: Endpoint, access: Access = Access.OFFICE, *, head: bool = True) -> None:
        """An address that is read."""
        resource = self._app.router.add_resource(path)
        for method in ("GET", "HEAD") if head else ("GET",):
            self._access[resource.add_route(method, endpoint)] = access

    def post(self, path: str, endpoint: Endpoint, access: Access = Access.OFFICE) -> None:
        """An address that changes something."""
        self._access[self._app.router.add_post(path, endpoint)] = access

    def all(self) -> dict[web.AbstractRoute, Access]:
        """Every address."""
        return dict(self._access)

    def access(self, route: web.AbstractRoute) -> Access:
        """Whom an address is for; one that nobody has spoken of is the owner's."""
        return self._access.get(route, Access.OWNER)


def visitor(request: web.Request) -> Visitor:
    """Who asks. Raises KeyError for an address that is for anybody."""
    return request[_VISITOR]


def visitor_or_none(request: web.Request) -> Visitor | None:
    """Who asks; None for somebody who is not signed in."""
    return request.get(_VISITOR)


def gate_of(routes: Routes, gate: Gate) -> Callable[..., Awaitable[web.StreamResponse]]:
    """The middleware that lets in whom an address is for."""

    @web.middleware
    async def let_in(request: web.Request, handler: Endpoint) -> web.StreamResponse:
        route = request.match_info.route
        language.speak(language.asked_for(request))  # who asks cannot always be looked up
        who = await gate.visitor(guard.session_of(request))
        language.speak((who.language if who else "") or language.asked_for(request))
        if who is not None:
            request[_VISITOR] = who
        if request.match_info.http_exception is not None:
            return await handler(request)  # there is no such address
        access = routes.access(route)
        if access is Access.ANYBODY:
            return await handler(request)
        if who is None:
            return await _not_signed_in(request, gate)
        if RANK[who.role] < access:
            raise NotForYou(text=_("Only an owner may do this."))
        return await handler(request)

    return let_in


async def _not_signed_in(request: web.Request, gate: Gate) -> web.StreamResponse:
    """A page leads to the signing in, and back from there; our script and a form are told."""
    if request.method not in ("GET", "HEAD") or wants_json(request) or request.path.startswith(_AS_FRAGMENT):
        raise web.HTTPUnauthorized(text=_("You are signed out. Open the page again and sign in."))
    if not await gate.exist():
        raise web.HTTPFound(WELCOME)
    there = request.path_qs
    raise web.HTTPFound(SIGN_IN if there == "/" else f"{SIGN_IN}?{urlencode({'next': there}, quote_via=quote)}")
