"""What every page of the box shares: it is drawn for who asks, in his language, with a token for its forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from gateway.core.events import Health
from gateway.ports.clock import Clock
from gateway.ports.commands import Commands
from gateway.ports.data import PageData
from gateway.ports.gate import Gate
from web import guard, language
from web.access import Routes, visitor, visitor_or_none
from web.changes import Act, Changes, Refuse
from web.drawing import Drawing
from web.live import Live
from web.troubles import html_answer
from web.words import healthwords

Said = dict[str, str]  # key in the address -> sentence, marked for translation


@dataclass(frozen=True, slots=True)
class Shell:
    """The parts that the pages are built with."""

    data: PageData
    commands: Commands
    gate: Gate
    clock: Clock
    drawing: Drawing
    live: Live
    tokens: guard.Tokens
    changes: Changes
    routes: Routes

    def draw(self, request: web.Request, template: str, *, status: int = 200, **values: object) -> web.Response:
        """A page, or a part of one. Templates have `visitor`, `token`, `lang`, `said`, `sorry` besides `values`."""
        cookie, new = self.tokens.visitor(request)
        given: dict[str, object] = {"said": "", "sorry": "", "now": self.clock.now()}
        given.update(values)
        given.update(
            visitor=visitor_or_none(request),
            token=self.tokens.token(cookie, guard.session_of(request)),
            lang=language.spoken(),
            path=request.path,
            alarms=self._alarms(request),
        )
        html = self.drawing.render(template, given)
        if request.path.startswith("/fragment/"):  # a page that is open hears of it as well
            html += self.drawing.render("alarm.html", given)
        response = html_answer(html, status)
        if new:
            guard.set_visitor(request, response, cookie)
        return response

    def _alarms(self, request: web.Request) -> list[healthwords.Item]:
        """What does not work, for whoever is signed in."""
        if visitor_or_none(request) is None:
            return []
        return [healthwords.part(report) for report in self.data.health() if report.health is Health.DOWN]

    def button(self, path: str, said: tuple[str, str], act: Act, back: str, refuse: Refuse, **access: object) -> None:
        """An address that does `act`. `said` is key and sentence of what was done, `back` the page that is shown then."""
        self.routes.post(path, self.changes.endpoint(act, said, back, refuse), **access)  # type: ignore[arg-type]


def said_by(request: web.Request, sentences: Said) -> str:
    """The sentence that the address asks for, after something was done."""
    return language.gettext(sentences.get(request.query.get("said", ""), ""))


def who(request: web.Request) -> str:
    """Who acts, as the records call them."""
    return visitor(request).name


By = Callable[[web.Request], str]
