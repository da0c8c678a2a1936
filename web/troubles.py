"""Errors of the page as the visitor sees them: a page with a remedy, or a sentence for our own script."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from aiohttp import web

from gateway.core.events import Health, HealthReport
from gateway.ports.data import PageData
from web.language import _, mark
from web.words import sentences

log = logging.getLogger(__name__)

_TROUBLES = {
    400: (mark("This form was not understood"), mark("Go back to the page and try once more.")),
    401: (mark("You are signed out"), mark("Open the page again and sign in.")),
    403: (mark("This click was not accepted"), mark("Go back to the page, reload it and try once more.")),
    404: (mark("There is no such page"), mark("Go back to the first page.")),
    405: (mark("That does not work here"), mark("Go back to the first page.")),
    413: (mark("That was too much at once"), mark("Go back to the page and try once more.")),
    415: (mark("This form was not understood"), mark("Go back to the page and try once more.")),
    500: (
        mark("The page could not be drawn"),
        mark(
            "Try again in a minute. Calls and texts are handled by another part of the box and are not lost by this. "
            "If it stays, run “textback status” on the box."
        ),
    ),
}


class NotForYou(web.HTTPForbidden):
    """The address is for people with another role."""


class Drawn(Protocol):
    """What draws the page of a trouble."""

    def trouble(self, request: web.Request, title: str, sentence: str, remedy: str) -> str: ...


_Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]


def html_answer(html: str, status: int = 200) -> web.Response:
    """A page, compressed."""
    response = web.Response(text=html, content_type="text/html", status=status)
    # A response that mixes secrets with a stranger's words may be guessed from its compressed size only by somebody
    # who can make the victim's browser ask; the SameSite cookie gives such a request a token of its own.
    response.enable_compression()
    return response


def wants_json(request: web.Request) -> bool:
    """Whether our own script asks."""
    return request.headers.get("Accept", "").startswith("application/json")


def as_pages(drawing: Drawn, data: PageData) -> Callable[..., Awaitable[web.StreamResponse]]:
    """Every error as a page with a remedy, or as JSON for our script."""

    def sorry(request: web.Request, status: int, title: str, why: str, remedy: str) -> web.Response:
        if wants_json(request):
            return web.json_response({"sorry": f"{_(title)}. {why} {_(remedy)}".replace("  ", " ")}, status=status)
        return html_answer(drawing.trouble(request, _(title), why, _(remedy)), status)

    @web.middleware
    async def draw(request: web.Request, handler: _Endpoint) -> web.StreamResponse:
        refused = False
        try:
            return await handler(request)
        except web.HTTPMisdirectedRequest:
            raise
        except web.HTTPException as error:
            if error.status not in _TROUBLES:
                raise
            status, why, headers = error.status, error.text or "", error.headers
            refused = isinstance(error, NotForYou)
        except TimeoutError:
            status, why, headers = 408, _("The form did not arrive in time."), None
        except Exception:
            if (down := _records_are_down(data)) is not None:
                return sorry(
                    request,
                    503,
                    mark("The records cannot be used"),
                    sentences.say(down.say),
                    sentences.say(down.remedy),
                )
            if any(each.component == "store" and each.health is Health.STARTING for each in data.health()):
                return sorry(request, 503, mark("The box is starting"), "", mark("Open the page again in a minute."))
            log.exception("page: %s %s failed", request.method, _place(request))
            status, why, headers = 500, "", None
        title, remedy = _TROUBLES.get(
            status, (mark("That took too long"), mark("Go back to the page and try once more."))
        )
        if refused:
            title, remedy = mark("This is not for you"), mark("Ask an owner of this box, or sign in as one.")
        if why.startswith(str(status)):
            why = ""  # aiohttp's own "404: Not Found"
        response = sorry(request, status, title, why, remedy)
        if headers is not None and "Allow" in headers:
            response.headers["Allow"] = headers["Allow"]
        return response

    return draw


def _place(request: web.Request) -> str:
    """What was asked for, as it may stand in a log: the address of a calendar is the key to it."""
    return "/feeds/..." if request.path.startswith("/feeds/") else request.path


def _records_are_down(data: PageData) -> HealthReport | None:
    """Why nothing can be read or written at the moment, when that is known."""
    return next((r for r in data.health() if r.component == "store" and r.health is Health.DOWN), None)
