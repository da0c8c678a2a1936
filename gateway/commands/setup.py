"""The first set-up of a box from its page: each answer is kept at once, and when all are there they become the configuration.

Whoever has written a configuration by hand needs none of this. After the first file every changed answer is spliced into the
file as it stands by then. From the first file until somebody goes live, texting is paused; test calls are texted all the same.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from gateway import records
from gateway.clock import from_ms, to_ms
from gateway.commands.settingsdesk import VERSIONS
from gateway.core.alphabet import segment_count
from gateway.core.business import Business
from gateway.core.effects import Declined, Effect
from gateway.core.events import Event, SetupAnswered, Switched, TrialCallAsked, TrialCallEnded
from gateway.core.lint import Severity
from gateway.core.sheets import FirstAnswers, FirstAsterisk, FirstLine, Taken
from gateway.core.views.setup import (
    ASKED,
    DAYS,
    HOLDS,
    POINTS,
    Answers,
    Preview,
    SerialPort,
    SetupView,
    Trial,
    TrialCall,
)
from gateway.core.wording import office_facts, render
from gateway.ports.clock import Clock
from gateway.queries.office import Queries
from gateway.queries.rows import call_row, letter_row, text_row
from gateway.records import moment
from gateway.settings import Settings, SettingsError, parse
from gateway.settings.edit.data import Bare, Data, put
from gateway.settings.edit.first import first_text
from gateway.settings.edit.keeping import ConfigurationFile, NotSavedError, mark_of
from gateway.settings.edit.splice import CannotChangeError, Change, changed
from gateway.settings.problems import Problem
from gateway.settings.texts import judged_openers
from gateway.settings.trades import load_trades
from gateway.storage.store import Store
from gateway.turns import testcalls
from gateway.turns.office import LIVE, SETUP

SERIAL = Path("/dev/serial/by-id")
_PLACEHOLDERS = {
    "business": {"name": "Your business", "timezone": "America/New_York", "trade": "general"},
    "line": {"kind": "forwarded", "number": "+12125550100"},
    "hours": {},
}
# Which step answers for what stands where in the configuration; the first that fits.
_WHERE = (
    ("people", ("business.owner", "people", "escalation", "on_call", "emergencies")),
    ("business", ("business",)),
    ("modem", ("modem.port",)),
    ("line", ("lines", "modem", "asterisk")),
    ("hours", ("hours",)),
    ("area", ("area",)),
    ("services", ("services",)),
)
_ROLES = {"forwarded": "forwarded_line", "sim": "business_line", "asterisk": "text_only"}
_PATH = re.compile(r"^[a-z_]+(?:\.[a-z_0-9]+)*: ")
_SEVERAL = re.compile(r"[,;\s]+")


class SetupDesk:
    """What the page's set-up asks of the box. Every refusal is a ValueError with a sentence."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        take_in: Callable[[Settings, str, str], Awaitable[Taken]],
        submit: Callable[[Event], Awaitable[list[Effect]]],
        store: Store,
        queries: Queries,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._take_in = take_in
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
        needs_trial = step in ("", "test-call", "go-live")
        return SetupView(
            configured=not settings.setup,
            live=not settings.setup and (not answers or LIVE in answers),
            answers=answers,
            trades=await asyncio.to_thread(_trades),
            services=(await asyncio.to_thread(_services)).get(trade, ()) if step in ("services", "go-live") else (),
            ports=await asyncio.to_thread(serial_ports) if step == "modem" else (),
            previews=previews,
            trial=await self._store.read(self._trial) if needs_trial else None,
            trial_text=(await self._queries.box(self._clock.now())).trial if step == "test-text" else None,
            modem=settings.modems[0].name if settings.modems else "",
        )

    async def answer(self, step: str, answers: Answers, by: str) -> None:
        """Keep the answers of a step; with a configuration they are taken in at once."""
        async with self._saving:
            known = await self._answers()
            if step == "line" and not answers.get("secret"):  # it is not shown, so it need not be typed again
                answers = {**answers, "secret": known.get("line", {}).get("secret", "")}
            merged = {**known, step: dict(answers)}
            if step in ASKED:
                await self._judge(step, merged, by)
            await self._note(step, answers, by)

    async def install(self, by: str) -> None:
        """All is answered: write the first configuration, and go by it. Texting is paused until somebody goes live."""
        async with self._saving:
            answers = await self._answers()
            if missing := [step for step in ASKED if step not in answers]:
                raise ValueError(f"not everything is answered yet: {', '.join(missing)}")
            if not self._settings().setup:
                return
            text = await asyncio.to_thread(self._first, answers)
            settings = await self._parsed(text, "")
            await self._submit(Switched(self._clock.now(), "pause", HOLDS, by))
            await self._queries.load_pause()
            await self._save(text, "", settings, by, "the first configuration, from the set-up")

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

    async def _judge(self, step: str, answers: Mapping[str, Answers], by: str) -> None:
        """Refuse what the configuration could not hold; where there is one, change it."""
        if self._settings().setup:
            await self._parsed(_sketch(answers), step)
            return
        file = self._file()
        try:
            there = file.read()
            text = await asyncio.to_thread(lambda: changed(there.text, _changes(step, answers)))
        except (CannotChangeError, NotSavedError) as error:
            raise ValueError(str(error)) from error
        if text != there.text:
            await self._save(text, there.mark, await self._parsed(text, ""), by, f"the step {step} of the set-up")

    # ---- the configuration

    def _first(self, answers: Mapping[str, Answers]) -> str:
        answers = {**_PLACEHOLDERS, **answers}
        text = first_text(_first_answers(answers), self._settings())
        for step in ("area", "people", "services"):
            text = changed(text, _changes(step, answers))
        return text

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

    async def _save(self, text: str, mark: str, settings: Settings, by: str, say: str) -> None:
        data = text.encode()
        try:
            await asyncio.to_thread(self._file().write, data, mark, by, say, self._clock.now())
            await self._take_in(replace(settings, mark=mark_of(data)), by, say)
        except NotSavedError as error:
            raise ValueError(str(error)) from error
        except SettingsError as error:
            raise ValueError(_sentence(error.problems)) from error

    def _file(self) -> ConfigurationFile:
        settings = self._settings()
        return ConfigurationFile(settings.source, settings.state_dir / VERSIONS)

    def _previews(self, answers: Mapping[str, Answers]) -> tuple[Preview, ...]:
        """The first texts as they will read."""
        business = self._settings().business
        if self._settings().setup:
            try:
                business = parse(_sketch(answers), str(self._settings().source)).business
            except SettingsError as error:
                raise ValueError(_sentence(error.problems)) from error
        return tuple(_preview(business, self._clock.now()))

    # ---- the test call

    def _trial(self, db: sqlite3.Connection) -> Trial | None:
        row = db.execute("SELECT value, at, ends FROM switches WHERE name = ?", (testcalls.SWITCH,)).fetchone()
        last = db.execute(
            "SELECT peer FROM calls WHERE no_text = 'trial' AND started_at > 0 ORDER BY started_at DESC LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        on = bool(row["value"])
        number = row["value"] or (last["peer"] if last else "")
        since = from_ms(row["at"]) if on else from_ms(row["at"]) - testcalls.LASTS
        own = {line.number for line in self._settings().business.lines}
        rows = db.execute(
            "SELECT calls.*, '' AS known_as FROM calls WHERE started_at >= ? ORDER BY started_at DESC, id DESC LIMIT 3",
            (to_ms(since),),
        ).fetchall()
        letter = db.execute(
            "SELECT * FROM letters WHERE peer = ? AND at >= ? ORDER BY at DESC LIMIT 1", (number, to_ms(since))
        ).fetchone()
        return Trial(
            number=number,
            since=since,
            until=moment(row["ends"]) if on else None,
            calls=tuple(_trial_call(db, each, number, own) for each in rows),
            answer="" if letter is None else letter_row(letter).body,
        )


def _trial_call(db: sqlite3.Connection, row: sqlite3.Row, number: str, own: set[str]) -> TrialCall:
    text = db.execute("SELECT * FROM texts WHERE key = ?", (f"call:{row['id']}:trial",)).fetchone()
    out = 0
    if text is not None:
        states = records.segment_states(db, text["id"]).values()
        out = sum(state in ("accepted", "delivered", "undelivered") for state in states)
    return TrialCall(
        call=call_row(row, ()),
        ours=row["peer"] == number,
        hidden=row["peer"] in own,
        text=None if text is None else text_row(text),
        due=None if text is None else moment(text["due"]),
        segments_out=out,
    )


def serial_ports() -> tuple[SerialPort, ...]:
    """The serial ports under their lasting names; where there are none, those that the kernel has counted."""
    found = sorted(SERIAL.iterdir()) if SERIAL.is_dir() else []
    found = found or sorted(path for kind in ("ttyUSB*", "ttyACM*") for path in Path("/dev").glob(kind))
    return tuple(SerialPort(str(path), _device(path.name)) for path in found)


def _device(name: str) -> str:
    """`usb-HUAWEI_HUAWEI_Mobile-if00-port0` is HUAWEI HUAWEI Mobile, connection 0."""
    found = re.fullmatch(r"usb-(.+?)(?:-if(\d\d))?(?:-port\d+)?", name)
    if found is None:
        return name
    return found[1].replace("_", " ") + (f", connection {int(found[2])}" if found[2] else "")


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
def _services() -> dict[str, tuple[tuple[str, str], ...]]:
    return {trade: tuple(pack.labels.items()) for trade, pack in load_trades().items()}


def _preview(business: Business, now: datetime) -> Iterator[Preview]:
    line = business.lines[0] if business.lines else None
    for judged in judged_openers(business):
        body = render(judged.text, **office_facts(business, line, now))
        findings = tuple((each.severity is Severity.ERROR, f"{each.say} - {each.remedy}") for each in judged.findings)
        yield Preview(judged.name, body, segment_count(body), findings)


# ---- answers as a configuration


def _sketch(answers: Mapping[str, Answers]) -> str:
    """A configuration that holds the answers and no more, to be judged: the real one has a thousand lines of comments."""
    answers = {**_PLACEHOLDERS, **answers}
    data: Data = {}
    for step in ASKED:
        for change in _changes(step, answers):
            if change.value is not None:
                data = put(data, change.path, change.value)
    return _flow(data)


def _flow(data: Data) -> str:
    match data:
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)}: {_flow(value)}" for key, value in data.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, data)) + "]"
        case Bare():
            return str(data)
        case _:
            return json.dumps(data or "", ensure_ascii=False)


def _first_answers(answers: Mapping[str, Answers]) -> FirstAnswers:
    business, line, people = answers["business"], answers["line"], answers.get("people", {})
    kind = line.get("kind", "forwarded")
    return FirstAnswers(
        business=business.get("name", ""),
        timezone=business.get("timezone", ""),
        trade=business.get("trade", "general"),
        country=business.get("country", "") or "US",
        area_code=business.get("area_code", ""),
        owner_name=people.get("owner_name", ""),
        owner_cell=people.get("owner_cell", ""),
        lines=(FirstLine(_line_number(line)),),
        hours={day: _windows(answers["hours"], day) for day in DAYS},
        zips=_several(answers.get("area", {}).get("zips", "")),
        cities=_cities(answers.get("area", {})),
        modem_port=answers.get("modem", {}).get("port", ""),
        modem_number=line.get("sim", ""),
        modem_role=_ROLES.get(kind, "text_only"),
        asterisk=_asterisk(line) if kind == "asterisk" else None,
    )


def _changes(step: str, answers: Mapping[str, Answers]) -> Iterator[Change]:
    """What the answers of one step say in a configuration that is there."""
    said = answers.get(step, {})
    match step:
        case "business":
            for name in ("name", "timezone", "trade"):
                if said.get(name):
                    yield Change(("business", name), said[name])
            yield Change(("business", "area_code"), said.get("area_code") or None)
            if said.get("country"):
                yield Change(("business", "country"), said["country"])
        case "line":
            yield Change(("lines", "main", "number"), _line_number(said))
            if answers.get("modem", {}).get("port"):
                yield Change(("modem", "number"), said.get("sim") or None)
                yield Change(("modem", "role"), _ROLES.get(said.get("kind", ""), "text_only"))
            if said.get("kind") == "asterisk":
                asterisk = _asterisk(said)
                yield Change(("asterisk", "host"), asterisk.host)
                yield Change(("asterisk", "port"), Bare(asterisk.port))
                yield Change(("asterisk", "username"), asterisk.username)
                yield Change(("asterisk", "secret"), asterisk.secret)
            else:
                yield Change(("asterisk",), None)
        case "hours":
            for day in DAYS:
                windows: list[Data] = list(_windows(said, day))
                yield Change(("hours", day), windows)
        case "area":
            zips: list[Data] = list(_several(said.get("zips", "")))
            cities: list[Data] = list(_cities(said))
            yield Change(("area", "zips"), zips or None)
            yield Change(("area", "cities"), cities or None)
            if said.get("miles") and said.get("around"):
                yield Change(("area", "radius"), {"miles": Bare(said["miles"]), "around": said["around"]})
        case "people":
            yield Change(("business", "owner_cell"), said.get("owner_cell") or None)
            yield Change(("business", "owner_name"), said.get("owner_name") or None)
            people: dict[str, Data] = {
                f"person_{number}": {
                    "name": said.get(f"name_{number}") or f"Person {number}",
                    "phone": said[f"cell_{number}"],
                }
                for number in (1, 2, 3)
                if said.get(f"cell_{number}")
            }
            if people:
                rungs: list[Data] = [
                    {"tell": ["on_call"], "times": Bare("2"), "every": "5 min"},
                    {"tell": list(people), "times": Bare("2"), "every": "5 min"},
                ]
                yield Change(("people",), people)
                yield Change(("escalation", "ladder"), rungs)
        case "services":
            off = set(said.get("off", "").split())
            services: dict[str, Data] = {key: {"off": Bare("yes")} for key in sorted(off)}
            yield Change(("services",), services or None)
        case "modem":
            if said.get("port"):
                line = answers.get("line", {})
                yield Change(("modem", "port"), said["port"])
                yield Change(("modem", "number"), line.get("sim") or None)
                yield Change(("modem", "role"), _ROLES.get(line.get("kind", ""), "text_only"))
        case _:
            return


def _line_number(line: Answers) -> str:
    return line.get("number", "") or (line.get("sim", "") if line.get("kind") == "sim" else "")


def _asterisk(line: Answers) -> FirstAsterisk:
    return FirstAsterisk(
        username=line.get("username", ""),
        secret=line.get("secret", ""),
        host=line.get("host", "") or "127.0.0.1",
        port=line.get("port", "") or "5038",
    )


def _windows(hours: Answers, day: str) -> tuple[str, ...]:
    begins, ends = hours.get(f"{day}_from", ""), hours.get(f"{day}_to", "")
    return (f"{begins}-{ends}",) if begins or ends else ()


def _several(written: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in _SEVERAL.split(written.strip()) if part))


def _cities(area: Answers) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for part in re.split(r"[;\n]", area.get("cities", "")) if (each := part.strip())))
