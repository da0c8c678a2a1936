"""The first set-up of a box from its page: each answer is kept at once, and when all are there they become the configuration.

Whoever has written a configuration by hand needs none of this. The file is written by the settings' desk alone; after the first
one every changed answer is spliced into the file as it stands by then. From the first file until somebody goes live, texting is
paused; test calls are texted all the same.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime
from functools import cache

from gateway.commands.areadata import fetch_list
from gateway.commands.phonesystem import PhoneSystemSide
from gateway.commands.serialports import serial_ports
from gateway.commands.settingsdesk import Desk
from gateway.core.alphabet import segment_count
from gateway.core.business import Business
from gateway.core.effects import Declined, Effect
from gateway.core.events import Event, SetupAnswered, Switched, TrialCallAsked, TrialCallEnded
from gateway.core.lint import Severity
from gateway.core.sheets import Saved
from gateway.core.views.setup import ASKED, HOLDS, MADE, POINTS, Answers, Preview, SetupView, asked_of, has_phone_system
from gateway.core.wording import office_facts, render
from gateway.ports.clock import Clock
from gateway.queries.office import Queries
from gateway.queries.trial import trial
from gateway.settings import Settings, SettingsError, parse
from gateway.settings.edit.answers import changes, sketch
from gateway.settings.edit.first import first_text
from gateway.settings.problems import Problem
from gateway.settings.texts import judged_openers
from gateway.settings.trades import load_trades
from gateway.settings.ziplist import FILE as ZIP_CODES
from gateway.storage.store import Store
from gateway.turns.office import LIVE, SETUP

# Which step answers for what stands where in the configuration; the first that fits.
_WHERE = (
    ("people", ("business.owner", "people", "escalation", "on_call", "emergencies")),
    ("business", ("business",)),
    ("modem", ("modem.port",)),
    ("asterisk", ("asterisk",)),
    ("line", ("lines", "modem")),
    ("hours", ("hours",)),
    ("area", ("area",)),
    ("services", ("services",)),
)
_PATH = re.compile(r"^[a-z_]+(?:\.[a-z_0-9]+)*: ")


class SetupDesk:
    """What the page's set-up asks of the box. Every refusal is a ValueError with a sentence."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        desk: Desk,
        phone_system: PhoneSystemSide,
        submit: Callable[[Event], Awaitable[list[Effect]]],
        store: Store,
        queries: Queries,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._desk = desk
        self._phone_system = phone_system
        self._submit_event = submit
        self._store = store
        self._queries = queries
        self._clock = clock
        self._saving = asyncio.Lock()

    def pending(self) -> bool:
        """Whether there is no configuration yet."""
        return self._settings().setup

    async def view(self, *, step: str = "") -> SetupView:
        """How far the set-up is; what only one step shows is read for that step."""
        answers = await self._answers()
        settings = self._settings()
        trade = answers.get("business", {}).get("trade") or settings.business.trade
        previews: tuple[Preview, ...] = ()
        if step == "texts":
            previews = await asyncio.to_thread(self._previews, answers)
        own = {line.number for line in settings.business.lines}
        needs_trial = step in ("", "test-call", "go-live")
        return SetupView(
            configured=not settings.setup,
            live=not settings.setup and (not answers or LIVE in answers),
            answers=_without_secrets(answers),
            trades=await asyncio.to_thread(_trades),
            services=(await asyncio.to_thread(_services)).get(trade, ()) if step in ("services", "go-live") else (),
            places=(settings.state_dir / ZIP_CODES).exists(),
            ports=await asyncio.to_thread(serial_ports) if step == "modem" else (),
            previews=previews,
            trial=await self._store.read(lambda db: trial(db, own)) if needs_trial else None,
            trial_text=(await self._queries.box(self._clock.now())).trial if step == "test-text" else None,
            modem=settings.modems[0].name if settings.modems else "",
            system=settings.asterisk[0].name if settings.asterisk else "",
            secret=bool(answers.get("asterisk", {}).get("secret")),
            paste=await self._phone_system.paste(answers) if step == "asterisk" else "",
            looked=self._phone_system.looked,
            same_machine=self._phone_system.is_here(answers),
        )

    async def answer(self, step: str, answers: Answers, by: str) -> None:
        """Keep the answers of a step; with a configuration they are taken in at once."""
        async with self._saving:
            known = await self._answers()
            if step == "asterisk":
                secret = answers.get("secret") or known.get("asterisk", {}).get("secret")
                answers = {**answers, "secret": secret or known.get(MADE, {}).get("secret", "")}
            _expect_whole(step, answers)
            merged = {**known, step: dict(answers)}
            if step in ASKED:
                await self._judge(step, known, merged, by)
            await self._note(step, answers, by)
            if step == "line" and has_phone_system(merged) and "asterisk" not in known and MADE not in known:
                await self._note(MADE, {"secret": self._phone_system.secret()}, by)

    async def install(self, by: str) -> None:
        """All is answered: write the first configuration, and go by it. Texting is paused until somebody goes live."""
        async with self._saving:
            answers = await self._answers()
            if missing := [step for step in asked_of(answers) if step not in answers]:
                raise ValueError(f"not everything is answered yet: {', '.join(missing)}")
            if not self._settings().setup:
                return
            text = await asyncio.to_thread(first_text, answers, self._settings())
            await self._parsed(text, "")
            await self._submit(Switched(self._clock.now(), "pause", HOLDS, by))
            await self._queries.load_pause()
            _expect_done(await self._desk.write_first(text, by))

    async def look(self) -> None:
        """Ask the phone system whether it lets us in. With the box's own secret in use there it is not shown again."""
        answers = await self._answers()
        if "asterisk" not in answers:
            raise ValueError("say where the phone system is first")
        await self._phone_system.look(answers["asterisk"])
        if self._phone_system.lets_in and MADE in answers:
            await self._note(MADE, {}, "the box")

    async def fetch_places(self) -> None:
        """Fetch the list of ZIP codes from the internet, for an area of so many miles."""
        await fetch_list(self._settings().state_dir)

    async def begin_trial(self, to: str, by: str) -> None:
        """Calls of that number are test calls for a quarter of an hour."""
        await self._submit(TrialCallAsked(self._clock.now(), to, by))

    async def end_trial(self, by: str) -> None:
        """No more."""
        await self._submit(TrialCallEnded(self._clock.now(), by))

    async def go_live(self, by: str) -> None:
        """Callers are texted from now on; declined while a point of the list has no yes."""
        answers = await self._answers()
        if self._settings().setup:
            raise ValueError("the box has no configuration yet - answer the steps before this one first")
        said = answers.get("go-live", {})
        if open_points := [point for point in POINTS if said.get(point) != "yes"]:
            raise ValueError(f"{len(open_points)} points of the list are not answered yet - look at each and say yes")
        await self._note(LIVE, {"by": by}, by)
        if self._queries.paused() == HOLDS:
            await self._submit(Switched(self._clock.now(), "pause", "", by))
            await self._queries.load_pause()
        await self._submit(TrialCallEnded(self._clock.now(), by))
        self._queries.touch()

    # ---- answers

    async def _answers(self) -> dict[str, dict[str, str]]:
        def read(db: sqlite3.Connection) -> dict[str, dict[str, str]]:
            rows = db.execute("SELECT name, value FROM switches WHERE name GLOB ?", (f"{SETUP}*",)).fetchall()
            return {row["name"].removeprefix(SETUP): json.loads(row["value"]) for row in rows if row["value"]}

        return await self._store.read(read)

    async def _note(self, step: str, answers: Answers, by: str) -> None:
        await self._submit(SetupAnswered(self._clock.now(), step, json.dumps(dict(answers), ensure_ascii=False), by))

    async def _submit(self, event: Event) -> None:
        for effect in await self._submit_event(event):
            if isinstance(effect, Declined):
                raise ValueError(effect.say)

    async def _judge(self, step: str, known: Mapping[str, Answers], answers: Mapping[str, Answers], by: str) -> None:
        """Refuse what the configuration could not hold; where there is one, change it. `known` was answered before."""
        if self._settings().setup:
            await self._parsed(sketch(answers, str(self._settings().state_dir)), step)
            return
        wrote = list(changes(step, known)) if step in known else []
        new = list(changes(step, answers))
        _expect_done(await self._desk.splice(new, wrote, by, f"the step {step} of the set-up"))

    # ---- the configuration

    async def _parsed(self, text: str, step: str) -> Settings:
        """The settings of a text. With a step only what is wrong with its answers is a refusal."""
        source = self._settings().source
        try:
            return await asyncio.to_thread(parse, text, str(source))
        except SettingsError as error:
            problems = [each for each in error.problems if not step or _step_of(each) == step]
            if problems:
                raise ValueError(_sentence(problems)) from error
            return self._settings()  # what is wrong is another step's business

    def _previews(self, answers: Mapping[str, Answers]) -> tuple[Preview, ...]:
        """The first texts as they will read."""
        business = self._settings().business
        if self._settings().setup:
            try:
                business = parse(
                    sketch(answers, str(self._settings().state_dir)), str(self._settings().source)
                ).business
            except SettingsError as error:
                raise ValueError(_sentence(error.problems)) from error
        return tuple(_preview(business, self._clock.now()))


def _without_secrets(answers: Mapping[str, Answers]) -> dict[str, Answers]:
    return {
        step: {name: value for name, value in said.items() if name != "secret"}
        for step, said in answers.items()
        if step != MADE
    }


def _expect_whole(step: str, said: Answers) -> None:
    """Refuse half an answer, of which the configuration would hold nothing."""
    if step == "area" and bool(said.get("miles")) != bool(said.get("around")):
        raise ValueError("a circle needs both: how many miles, and around which ZIP code")
    if step == "people":
        for who, cell in (
            ("owner_name", "owner_cell"),
            *((f"name_{number}", f"cell_{number}") for number in (1, 2, 3)),
        ):
            if said.get(who) and not said.get(cell):
                raise ValueError(f"{said[who]} has no cell phone yet - write its number, or leave the name out")


def _expect_done(saved: Saved) -> None:
    if saved.problems:
        raise ValueError("; ".join(f"{each.say} - {each.remedy}" for each in saved.problems[:3]))


def _sentence(problems: list[Problem]) -> str:
    """Without the places in the file: the page shows the fields."""
    return "; ".join(f"{_PATH.sub('', each.what)} - {each.remedy}" for each in problems[:3])


def _step_of(problem: Problem) -> str:
    path = problem.what.partition(":")[0]
    return next((step for step, starts in _WHERE if path.startswith(starts)), "")


@cache
def _trades() -> tuple[tuple[str, str], ...]:
    named = ((trade, trade.replace("_", " ").capitalize()) for trade in load_trades())
    return tuple((trade, {"Hvac": "Heating and air conditioning"}.get(name, name)) for trade, name in named)


@cache
def _services() -> dict[str, tuple[tuple[str, str, str], ...]]:
    return {
        trade: tuple((key, label, pack.labels_es.get(key) or label) for key, label in pack.labels.items())
        for trade, pack in load_trades().items()
    }


def _preview(business: Business, now: datetime) -> Iterator[Preview]:
    line = business.lines[0] if business.lines else None
    for judged in judged_openers(business):
        body = render(judged.text, **office_facts(business, line, now))
        findings = tuple((each.severity is Severity.ERROR, f"{each.say} - {each.remedy}") for each in judged.findings)
        yield Preview(judged.name, body, segment_count(body), findings)
