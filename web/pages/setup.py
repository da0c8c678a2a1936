"""The first set-up: step by step, each answer kept at once, up to a test call that is watched live, and the list before going live."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from gateway.core.events import HealthReport
from gateway.core.views.setup import DAYS, POINTS, STEPS, SetupView
from gateway.core.visitors import PageRole
from gateway.ports.settings import SetupDesk
from web.access import Access, Endpoint, visitor_or_none
from web.changes import Ask, Form, typed
from web.language import _, mark
from web.shell import Shell, said_by
from web.words import setupwords, wording

HOME = "/setup"
_SAID = {
    "installed": mark(
        "Your box is set up, and the modem starts: wait here until it works. Texting stays off until you go live."
    ),
    "sent": mark("The test text is on its way. What becomes of it stands below."),
    "begun": mark("The test has begun: call your number now."),
    "ended": mark("The test is over."),
    "fetched": mark("The list of ZIP codes is here. Miles can be used from now on."),
    "looked": mark("The phone system was asked. What it said stands below."),
    "live": mark("You are live: callers you miss are texted from now on."),
}
# Where a box that is live has the answers of a step.
_SETTLED = {
    "business": "/settings/business",
    "line": "/settings/business",
    "hours": "/settings/hours",
    "area": "/settings/area",
    "people": "/settings/people",
    "services": "/settings/services",
    "texts": "/settings/texts",
    "go-live": HOME,
}
# What is asked in each step.
_FIELDS = {
    "business": ("name", "trade", "timezone", "country", "area_code"),
    "line": ("kind", "number", "sim"),
    "asterisk": ("host", "port", "username", "secret"),
    "hours": tuple(f"{day}_{end}" for day in DAYS for end in ("from", "to")),
    "area": ("zips", "cities", "miles", "around"),
    "people": ("owner_name", "owner_cell", *(f"{what}_{n}" for n in (1, 2, 3) for what in ("name", "cell"))),
    "services": (),
    "texts": (),
    "modem": ("port",),
    "forwarding": ("done",),
    "others": ("looked",),
    "test-text": ("arrived",),
    "test-call": ("arrived",),
    "go-live": POINTS,
}


class SetupPages:
    """`/setup` and its steps; for owners."""

    def __init__(self, shell: Shell, desk: SetupDesk) -> None:
        self._shell = shell
        self._desk = desk

    def add(self) -> None:
        """Give the pages their addresses."""
        routes = self._shell.routes
        routes.get(HOME, self.home, Access.OWNER)
        for step in STEPS:
            routes.get(f"{HOME}/{step}", self._page(step), Access.OWNER)
            routes.post(f"{HOME}/{step}", self._answer(step), Access.OWNER)
        for step in ("modem", "test-text", "test-call"):
            routes.get(f"/fragment{HOME}/{step}", self._fragment(step), Access.OWNER)
        self._button("asterisk/look", "looked", self._look)
        self._button("area/fetch", "fetched", self._fetch)
        self._button("test-text/send", "sent", self._send)
        self._button("test-call/begin", "begun", self._begin)
        self._button("test-call/end", "ended", lambda ask: self._desk.end_trial(ask.by))
        self._button("go-live/now", "live", self._live, HOME)

    def leads_here(self) -> Callable[..., Awaitable[web.StreamResponse]]:
        """The middleware that leads an owner of a box without a configuration to its set-up."""

        @web.middleware
        async def lead(request: web.Request, handler: Endpoint) -> web.StreamResponse:
            who = visitor_or_none(request)
            if request.path == "/" and who is not None and who.role is PageRole.OWNER and self._desk.pending():
                raise web.HTTPFound(HOME)
            return await handler(request)

        return lead

    async def home(self, request: web.Request) -> web.Response:
        """`GET /setup`: how far it is, and where to go on."""
        view = await self._desk.view()
        left = [step for step in view.steps if not _done(view, step)]
        return self._shell.draw(
            request,
            "setup.html",
            said=said_by(request, _SAID),
            view=view,
            steps=view.steps,
            titles=setupwords.TITLES,
            done={step for step in view.steps if step not in left},
            first=left[0] if left else "go-live",
        )

    # ---- one step

    def _page(self, step: str) -> Endpoint:
        async def page(request: web.Request) -> web.Response:
            if (
                step in _SETTLED and (await self._desk.view()).live
            ):  # the answers of then may not be the settings of today
                raise web.HTTPFound(_SETTLED[step])
            return await self._draw(request, step, said=said_by(request, _SAID))

        return page

    def _fragment(self, step: str) -> Endpoint:
        async def fragment(request: web.Request) -> web.Response:
            return await self._draw(request, step, template=f"setup_{step.replace('-', '_')}_live.html")

        return fragment

    def _answer(self, step: str) -> Endpoint:
        """A form is kept, and the next step shown; the modem that was just started is looked at first."""

        async def post(request: web.Request) -> web.StreamResponse:
            form = await self._shell.changes.form(request)
            if step in _SETTLED and (await self._desk.view()).live:
                raise web.HTTPSeeOther(_SETTLED[step])
            who = visitor_or_none(request)
            by = who.name if who is not None else ""
            try:
                await self._desk.answer(step, _typed(step, form), by)
                if step == "modem" and self._desk.pending():
                    await self._install(by)
                    raise web.HTTPSeeOther(f"{HOME}/modem?said=installed")
            except ValueError as refusal:
                return await self._draw(request, step, form=form, sorry=str(refusal), status=409)
            raise web.HTTPSeeOther(_next(await self._desk.view(), step))

        return post

    async def _install(self, by: str) -> None:
        view = await self._desk.view()
        if view.missing:
            names = ", ".join(_(setupwords.TITLES[step]) for step in view.missing)
            raise ValueError(_("These steps are not answered yet: %(names)s") % {"names": names})
        await self._desk.install(by)

    def _button(self, path: str, said: str, act: Callable[[Ask], Awaitable[None]], back: str = "") -> None:
        step = path.partition("/")[0]

        async def refuse(request: web.Request, sorry: str, form: Form) -> web.StreamResponse:
            return await self._draw(request, step, form=form, sorry=sorry, status=409)

        back = back or f"{HOME}/{step}"
        endpoint = self._shell.changes.endpoint(act, (said, _SAID[said]), back, refuse)
        self._shell.routes.post(f"{HOME}/{path}", endpoint, Access.OWNER)

    async def _look(self, ask: Ask) -> None:
        await self._desk.answer("asterisk", _typed("asterisk", ask.form), ask.by)
        await self._desk.look()

    async def _fetch(self, ask: Ask) -> None:
        await self._desk.fetch_places()
        if not (await self._desk.view()).live:  # what was typed beside the button is kept
            await self._desk.answer("area", _typed("area", ask.form), ask.by)

    async def _send(self, ask: Ask) -> None:
        await self._shell.commands.trial_text(ask.typed("to"), ask.by)

    async def _live(self, ask: Ask) -> None:
        await self._desk.answer("go-live", _typed("go-live", ask.form), ask.by)
        await self._desk.go_live(ask.by)

    async def _begin(self, ask: Ask) -> None:
        if self._desk.pending():
            raise ValueError(_("the box has no configuration yet - answer the steps before this one first"))
        await self._desk.begin_trial(ask.typed("to"), ask.by)

    async def _draw(
        self,
        request: web.Request,
        step: str,
        *,
        template: str = "",
        form: Form | None = None,
        said: str = "",
        sorry: str = "",
        status: int = 200,
    ) -> web.Response:
        shell, now = self._shell, self._shell.clock.now()
        mark_before = shell.live.mark  # before reading: a change in between is then drawn twice, never missed
        try:
            view = await self._desk.view(step=step)
        except ValueError as refusal:  # texts that cannot be made of the answers yet
            view, sorry = await self._desk.view(), sorry or str(refusal)
        values = dict(view.answers.get(step, {}))
        if form is not None:
            values |= {name: typed(form, name) for name in form if name != "token"}
        values.pop("secret", None)
        number = view.answer("people", "owner_cell")
        steps = view.steps if step in view.steps else STEPS
        reports = [report for report in shell.data.health() if report.component == view.modem]
        return shell.draw(
            request,
            template or f"setup_{step.replace('-', '_')}.html",
            status=status,
            now=now,
            mark=mark_before,
            view=view,
            step=step,
            steps=steps,
            place=steps.index(step) + 1,
            title=_(setupwords.TITLES[step]),
            values=values,
            number=number,
            sim=_digits(view.answer("line", "sim"), view),
            dialled=_shown(view.answer("line", "number") or view.answer("line", "sim"), view),
            zones=setupwords.ZONES,
            weekdays=setupwords.WEEKDAYS,
            trade_name=setupwords.trade,
            services=setupwords.services(view),
            text_names=setupwords.TEXT_NAMES,
            reports=reports,
            looked=setupwords.looked(view.looked) if step == "asterisk" else (),
            live_steps=setupwords.live_steps(view.trial, now, self._link(view)),
            texted=setupwords.was_texted(view.trial),
            points=setupwords.points(view, await shell.data.box(now)) if step == "go-live" else (),
            back=_before(view, step),
            fragment=f"/fragment{HOME}/{step}",
            said=said,
            sorry=sorry,
        )

    def _link(self, view: SetupView) -> HealthReport | None:
        """How the phone system stands that sees the calls; None where the modem sees them."""
        return next((each for each in self._shell.data.health() if view.system and each.component == view.system), None)


def _typed(step: str, form: Form) -> Mapping[str, str]:
    answers = {name: typed(form, name).strip() for name in _FIELDS[step]}
    if step == "area":  # a line for each town; in an input only commas are at hand
        answers["cities"] = answers["cities"].replace("\r\n", "\n")
    if step == "services":
        known = typed(form, "known").split()
        answers["off"] = " ".join(key for key in known if typed(form, f"service_{key}") != "on")
    return answers


def _digits(number: str, view: SetupView) -> str:
    """A number as a forwarding code takes it."""
    digits = "".join(character for character in number if character.isdigit())
    if len(digits) == 7:
        digits = view.answer("business", "area_code") + digits
    return digits


def _shown(number: str, view: SetupView) -> str:
    """The same as people write it."""
    digits = _digits(number, view)
    return wording.number(f"+1{digits}") if len(digits) == 10 else number


def _done(view: SetupView, step: str) -> bool:
    return view.live if step == "go-live" else step in view.answers


def _next(view: SetupView, step: str) -> str:
    after = [each for each in view.steps if STEPS.index(each) > STEPS.index(step)]
    return f"{HOME}/{after[0] if after else step}"


def _before(view: SetupView, step: str) -> str:
    before = [each for each in view.steps if STEPS.index(each) < STEPS.index(step)]
    return f"{HOME}/{before[-1]}" if before else HOME
