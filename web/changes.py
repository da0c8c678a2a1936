"""Every change that the page makes: a form from our own page, checked, becomes one command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from web import guard
from web.troubles import wants_json

FORM_WITHIN_S = 10.0  # the rest of a form, once its head is here

Form = Mapping[str, object]
Act = Callable[[int, Form], Awaitable[None]]  # with the id in the address
Refuse = Callable[[web.Request, str, Form], Awaitable[web.StreamResponse]]
Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]


def typed(form: Form, field: str) -> str:
    """What was typed into a field; "" when there is none, or a file."""
    value = form.get(field, "")
    return value if isinstance(value, str) else ""


class Changes:
    """Makes endpoints. `tokens` are those that the pages were drawn with."""

    def __init__(self, tokens: guard.Tokens) -> None:
        self._tokens = tokens

    def endpoint(self, act: Act, said: tuple[str, str], back: str, refuse: Refuse) -> Endpoint:
        """An endpoint that does `act` when our own page asks for it.

        `said` is the key and the sentence of what was done; `back` the page that is shown then, "{id}" in it filled in;
        `refuse` draws that page with the sentence by which the command was declined.
        """
        key, sentence = said

        async def change(request: web.Request) -> web.StreamResponse:
            form = await self._form(request)
            number = int(request.match_info.get("id", "0"))
            try:
                await act(number, form)
            except ValueError as refusal:
                if wants_json(request):
                    return web.json_response({"sorry": str(refusal)}, status=409)
                return await refuse(request, str(refusal), form)
            if wants_json(request):
                return web.json_response({"said": sentence})
            raise web.HTTPSeeOther(f"{back.format(id=number)}?said={key}")

        return change

    async def _form(self, request: web.Request) -> Form:
        if not guard.from_our_own_page(request):
            raise web.HTTPForbidden(text="The click came from another web site.")
        if request.content_type != "application/x-www-form-urlencoded":
            raise web.HTTPUnsupportedMediaType(text="The box expects a plain form.")
        try:
            async with asyncio.timeout(FORM_WITHIN_S):
                form = await request.post()
        except (ValueError, LookupError) as error:  # bytes that are no text, or in an unknown character set
            raise web.HTTPBadRequest from error
        if not self._tokens.fits(request, str(form.get(guard.FIELD, ""))):
            raise web.HTTPForbidden(text="The page was drawn before the box started again, or cookies are off.")
        return form
