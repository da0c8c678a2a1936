"""Every change that the page makes: a form from our own page, checked, becomes one command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from gateway.core.visitors import Visitor
from web import guard
from web.access import visitor
from web.language import _
from web.troubles import wants_json
from web.words import sentences

FORM_WITHIN_S = 10.0  # the rest of a form, once its head is here

Form = Mapping[str, object]
Refuse = Callable[[web.Request, str, Form], Awaitable[web.StreamResponse]]
Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asks the box to do: `id` stands in the address (0 where none does), `form` is what was typed."""

    id: int
    form: Form
    visitor: Visitor

    @property
    def by(self) -> str:
        """Who asks, as the records call them."""
        return self.visitor.name

    def typed(self, field: str) -> str:
        """What was typed into a field; "" when there is none."""
        return typed(self.form, field)


Act = Callable[[Ask], Awaitable[None]]


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

        `said` is the key and the sentence of what was done (see `web.language.mark`); `back` the page that
        is shown then, "{id}" in it filled in;
        `refuse` draws that page with the sentence by which the command was declined.
        """
        key, sentence = said

        async def change(request: web.Request) -> web.StreamResponse:
            form = await self.form(request)
            number = int(request.match_info.get("id", "0"))
            try:
                await act(Ask(number, form, visitor(request)))
            except ValueError as refusal:
                if wants_json(request):
                    return web.json_response({"sorry": sentences.say(str(refusal))}, status=409)
                return await refuse(request, str(refusal), form)
            if wants_json(request):
                return web.json_response({"said": _(sentence)})
            raise web.HTTPSeeOther(f"{back.format(id=number)}?said={key}")

        return change

    async def form(self, request: web.Request) -> Form:
        """The form that a request carries, when one of our own pages made it. Raises an HTTP error with a sentence."""
        if not guard.from_our_own_page(request):
            raise web.HTTPForbidden(text=_("The click came from another web site."))
        if (
            request.content_type != "application/x-www-form-urlencoded"
            or (request.charset or "utf-8").lower() != "utf-8"
        ):
            raise web.HTTPUnsupportedMediaType(text=_("The box expects a plain form."))
        try:
            async with asyncio.timeout(FORM_WITHIN_S):
                form = await request.post()
        except (ValueError, LookupError) as error:  # bytes that are no text, or in an unknown character set
            raise web.HTTPBadRequest from error
        if not self._tokens.fits(request, str(form.get(guard.FIELD, ""))):
            raise web.HTTPForbidden(text=_("The page was drawn before the box started again, or cookies are off."))
        return form
