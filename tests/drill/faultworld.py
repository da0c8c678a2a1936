"""An office around the gateway's own process for one fault: what people see of it from outside, and what becomes of callers.

The PBX, the modem and its network are simulated and live in the test's process; the page is read over HTTP by somebody who has
signed in, `textback doctor` and `status` are the commands themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import io
import json
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from drivers.simulator.modem import SimCard, SimulatedModem, SimulatedNetwork
from drivers.simulator.pbx import SimulatedPbx
from gateway.cli import main as cli
from gateway.core.events import Health
from gateway.core.problem import Problem
from tests.durability.world import OWNER, Box, free_port
from tests.waiting import until
from web import language
from web.words import sentences
from web.words.wording import full_sentence

HURRIED_S, PLAIN_S = (
    30.0,
    240.0,
)  # for what takes moments, and for what takes a minute or two with the plain program's patience
LOOK_S = 0.1
OFFICE = "2165550100"
PEOPLE = {"name": "Olga", "password": "furnace 9 red"}
CONFIG = """
business: {{name: Miller Heating & Air, timezone: America/New_York, area_code: "216", owner_cell: "{owner}",
  extensions: ["100-299"]}}
lines: {{main: {{number: "+12165550100", quiet_hours: {quiet}}}}}
hours: {{{hours}}}
backup: {{at: "{backup}"}}
texting: {{{night}settle: {settle}, per_minute: none, per_hour: none, per_day: none}}
notifications: {{phone_trouble: instant, records_trouble: instant}}
asterisk: {{host: 127.0.0.1, port: {ami}, username: {user}, secret: {secret}}}
modem: {{port: {modem}, number: "+12165550188", role: forwarded_line, line: main{pin}}}
page: {{host: 127.0.0.1, port: {page}}}
state: {state}
"""
USUAL = {
    "quiet": "send",
    "hours": 'mon: ["08:00-17:00"]',
    "settle": "0 s",
    "user": "textback",
    "secret": "simulated",
    "pin": "",
    "night": "",
    "backup": "03:15",
}


class Program(Box):
    """The gateway: the plain program, or the one in a hurry."""

    def __init__(self, folder: Path, config: Path, clock: Path | None) -> None:
        super().__init__(folder, config)
        self.clock = clock
        self.before: tuple[str, ...] = ()  # what the program is started by

    async def start(self) -> None:
        program = ("gateway.cli",) if self.clock is None else ("tests.drill.hurried", str(self.clock))
        command = (*self.before, sys.executable, "-m", *program, "--config", str(self.config), "run")
        await self.start_as(command)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid


@dataclass(slots=True)
class Seen:
    """A page as somebody reads it."""

    status: int
    words: str

    def __contains__(self, words: str) -> bool:
        return words in self.words


class Office:
    """What can be done to the office, and seen of it."""

    def __init__(self, folder: Path, box: Program, pbx: SimulatedPbx, modem: SimulatedModem, port: int) -> None:
        self.folder, self.box, self.pbx, self.modem = folder, box, pbx, modem
        self.page_url = f"http://127.0.0.1:{port}/"
        self._port = port
        self._settings = dict(USUAL)
        self._browser = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._callers = iter(f"216555{number:04d}" for number in range(110, 188))
        self._life = 0  # where the log of this life begins
        self.wall: dict[str, Any] = {"wrong_s": 0.0, "slept_s": 0.0, "keeps": True, "boot": "first"}

    # ---- the box

    async def configure(self, **changes: str) -> None:
        """Change the configuration of the running box."""
        self.write(**changes)
        assert (await self.textback("reload"))[0] == 0

    def write(self, **changes: str) -> None:
        """Write the configuration; what is not named stays as it was."""
        self._settings |= changes
        text = CONFIG.format(
            **{
                "owner": OWNER,
                "ami": self.pbx.port,
                "modem": self.modem.path,
                "page": self._port,
                "state": self.folder / "state",
                **self._settings,
            }
        )
        self.box.config.write_text(text)
        self.box.config.chmod(0o600)

    @property
    def hurried(self) -> bool:
        """Whether this is the program in a hurry."""
        return self.box.clock is not None

    @property
    def patient_s(self) -> float:
        """How long anything may take."""
        return HURRIED_S if self.hurried else PLAIN_S

    def set_clock(self, **changes: Any) -> None:
        """What the machine's clock shows from now on (`tests.drill.hurried`)."""
        self.wall |= changes
        assert self.box.clock is not None, "the plain program goes by the real time"
        new = self.box.clock.with_suffix(".new")
        new.write_text(json.dumps(self.wall))
        new.replace(self.box.clock)

    async def begin(self, *, well: bool = True) -> None:
        """Start the box, and have somebody sign in at its page where nobody has yet."""
        self._life = len(self.box.said()) if self.box.log.exists() else 0
        await self.box.start()
        await self.until(self.page_answers, "the page answers")
        if well:
            await self.sign_in()
            await self.all_well()

    async def again(self) -> None:
        """The box is stopped and started, as at a reboot."""
        await self.box.stop()
        await self.begin(well=False)

    async def rises_again(self) -> None:
        """A box that has ended is started again, as systemd does."""
        if not self.box.alive:
            if len(self.box.ends) < self.box.kills or not self.box.ends:
                await self.box.died()
            await self.begin(well=False)

    async def close(self) -> None:
        await self._browser.close()
        if self.box.alive:
            self.box.kill()
            await self.box.died()

    # ---- what people see

    async def page_answers(self) -> bool:
        try:
            async with self._browser.get(self.page_url + "healthz") as answer:
                return answer.status in (200, 503)
        except aiohttp.ClientConnectionError:
            return False

    async def sign_in(self) -> None:
        """The first visitor makes himself the owner; later he signs in again."""
        self._browser.cookie_jar.clear()
        forms: list[tuple[str, str]] = []

        async def form_shown() -> bool:
            for path in ("welcome", "sign-in"):
                async with self._browser.get(self.page_url + path) as answer:
                    token = re.search(r'name="token" value="([^"]+)"', await answer.text())
                    if answer.url.path == f"/{path}" and token is not None:
                        forms.append((path, token[1]))
            return bool(forms)

        # The page answers a moment before the box is ready: "The box is starting".
        await self.until(form_shown, "the form of a visitor who is not signed in")
        path, token = forms[0]
        form = {**PEOPLE, "again": PEOPLE["password"], "token": token}
        headers = {"Origin": self.page_url.rstrip("/")}
        async with self._browser.post(self.page_url + path, data=form, headers=headers) as answer:
            assert answer.status == 200, await answer.text()

    async def see(self, path: str, speaks: str = "en") -> Seen:
        """What is to be read on a page."""
        async with self._browser.get(self.page_url + path, headers={"Accept-Language": speaks}) as answer:
            raw = await answer.text()
            return Seen(answer.status, re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", raw))))

    async def says(self, problem: Problem, *, banner: bool = True) -> None:
        """The health page says exactly this with its remedy, in both languages; with `banner` every other page says so at its head."""
        say, remedy = full_sentence(problem.say), full_sentence(problem.remedy)
        seen: list[Seen] = []

        async def said() -> bool:
            seen[:] = [await self.see("health")]
            return say in seen[0] and remedy in seen[0]

        await self.until(
            said, lambda: f"{say} {remedy}\n{seen[0].status if seen else ''} {seen[0].words if seen else ''}"
        )
        spanish = await self.see("health", "es")
        for words in in_spanish(problem.say), in_spanish(problem.remedy):
            assert words in spanish, f"{words}\n{spanish.words}"
        for speaks, words in (("en", say), ("es", in_spanish(problem.say))) if banner else ():
            inbox, few = await self.see("", speaks), {"en": "needs a look", "es": "necesita revisión"}[speaks]
            assert (words if problem.health is Health.DOWN else few) in inbox, inbox.words
        assert problem.say in (await self.textback("status"))[1]

    async def says_like(self, english: Sequence[str], spanish: Sequence[str]) -> None:
        """The health page has all of these words; `spanish` are those of the Spanish one."""
        for speaks, words in (("en", english), ("es", spanish)):
            seen: list[Seen] = []

            async def said(speaks: str = speaks, words: Sequence[str] = words, seen: list[Seen] = seen) -> bool:
                seen[:] = [await self.see("health", speaks)]
                return all(word in seen[0] for word in words)

            await self.until(said, lambda words=words, seen=seen: f"{words} in {seen[0].words}")  # type: ignore[misc]

    async def says_to_everybody(self, problem: Problem) -> None:
        """Whatever page is asked for says this, in both languages, also to who is not signed in: nobody can be looked up."""
        for speaks, said in (("en", lambda words: words), ("es", in_spanish)):
            for path in ("health", ""):
                page = await self.see(path, speaks)
                assert page.status == 503
                assert full_sentence(said(problem.say)) in page, page.words
                assert full_sentence(said(problem.remedy)) in page, page.words

    async def works(self, *parts: str) -> Seen:
        """These parts work, whatever else the health page has to say; that page."""

        async def up() -> bool:
            _, printed = await self.textback("status", "--json")
            health = {each["component"]: each["health"] for each in json.loads(printed)["health"]}
            return all(health.get(part) == "up" for part in parts)

        await self.until(up, f"{parts} work")
        return await self.see("health")

    def logged(self, words: str) -> bool:
        """Whether the log of this life says so."""
        return words in self.box.said()[self._life :]

    async def says_no_more(self, problem: Problem) -> None:
        """The sentence has gone from the page."""

        async def gone() -> bool:
            return full_sentence(problem.say) not in await self.see("health")

        await self.until(gone, f"no longer: {problem.say}")

    async def all_well(self) -> None:
        """The health page has nothing to complain of."""
        seen: list[Seen] = []

        async def well() -> bool:
            seen[:] = [await self.see("health")]
            return "Everything works." in seen[0]

        await self.until(well, lambda: f"all well, but {seen[0].words if seen else ''}")

    async def textback(self, *words: str) -> tuple[int, str]:
        """A command of the command line: its exit status and what it prints."""

        def run() -> tuple[int, str]:
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                code = cli.main(["--config", str(self.box.config), *words])
            return code, out.getvalue()

        return await asyncio.to_thread(run)

    async def doctor(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What `textback doctor` finds, by key and part."""
        _, printed = await self.textback("doctor", "--json")
        return {(each["key"], each.get("part", "")): each for each in json.loads(printed)["checks"]}

    async def doctor_says(self, key: str, grade: str, *words: str) -> None:
        """The doctor finds this, with a remedy."""
        found = [each for (each_key, _), each in (await self.doctor()).items() if each_key == key]
        assert any(
            each["grade"] == grade and each["remedy"] and all(word in each["say"] + each["remedy"] for word in words)
            for each in found
        ), found

    # ---- callers

    def somebody(self) -> str:
        """A caller who has not called before."""
        return next(self._callers)

    async def missed(self, caller: str = "", ring_s: float = 0.05) -> str:
        """Somebody calls the office through Asterisk and nobody answers."""
        caller = caller or self.somebody()
        await self.pbx.missed_call(caller, OFFICE, ring_s=ring_s)
        return caller

    def calls(self, caller: str) -> list[sqlite3.Row]:
        """What the books have of somebody's calls, the oldest first."""
        return self.box.rows(f"SELECT * FROM calls WHERE peer = '+1{caller}' OR caller = '+1{caller}' ORDER BY id")

    async def noted(self, caller: str, state: str = "") -> None:
        """The call is in the books, in that state."""
        await self.until(
            lambda: any(not state or row["state"] == state for row in self.calls(caller)),
            lambda: f"{caller} is {state or 'noted'}: {[dict(row) for row in self.calls(caller)]}",
        )

    def texts_to(self, number: str) -> list[str]:
        """What the network took for somebody."""
        number = number if number.startswith("+") else f"+1{number}"
        return [text.body for text in self.modem.sent_texts() if text.to == number]

    async def is_texted(self, caller: str) -> None:
        """The caller has got exactly one text, and the books say so."""
        await self.noted(caller, "texted")
        assert len(self.texts_to(caller)) == 1, self.texts_to(caller)

    async def served(self, caller: str) -> None:
        """The caller has got his one text, or is on the call-back list."""
        await self.until(
            lambda: [row["state"] for row in self.calls(caller)] in (["texted"], ["not_texted"]),
            f"{caller} has an outcome",
        )
        listed = self.box.rows(
            f"SELECT 1 FROM tasks WHERE kind = 'call_back' AND peer = '+1{caller}' AND closed_at IS NULL"
        )
        assert len(self.texts_to(caller)) == 1 or listed

    async def is_listed(self, caller: str, reason: str = "") -> None:
        """The caller got no text and is on the call-back list."""
        await self.noted(caller, "not_texted")
        assert self.texts_to(caller) == []
        assert any(not reason or row["no_text"] == reason for row in self.calls(caller)), [
            dict(row) for row in self.calls(caller)
        ]
        tasks = self.box.rows(
            f"SELECT * FROM tasks WHERE kind = 'call_back' AND peer = '+1{caller}' AND closed_at IS NULL"
        )
        assert tasks, "on no list"

    async def broke(self, part: str) -> None:
        """The part has been out of order for so long that the owner is told of it (not waited for with the plain program's patience)."""
        if self.hurried:
            await self.until(
                lambda: self.box.rows(f"SELECT 1 FROM switches WHERE name = 'trouble:{part}' AND value <> ''"),
                f"{part} is out of order",
            )

    async def owner_is_told(self, since: int, *words: str) -> None:
        """Behind the first `since` texts to him the owner got one with these words."""
        if not self.hurried:
            return
        await self.until(
            lambda: any(all(word in body for word in words) for body in self.texts_to(OWNER)[since:]),
            lambda: f"the owner is told {words}: {self.texts_to(OWNER)[since:]}",
        )

    async def forwarded(self) -> str:
        """Somebody calls the office, and the call is forwarded to the modem."""
        caller = self.somebody()
        call = self.modem.ring(f"+1{caller}")
        await self.until(lambda: call.rings > 0, "it rings")
        call.hang_up()
        return caller

    def letters(self, sender: str) -> list[str]:
        """What somebody's texts say in the books."""
        sender = f"+1{sender}" if len(sender) == 10 else sender
        return [row["body"] for row in self.box.rows(f"SELECT body FROM letters WHERE peer = '{sender}' ORDER BY id")]

    async def done(self, caller: str) -> None:
        """Somebody of the office has called back, and says so."""
        (task,) = self.box.rows(
            f"SELECT id FROM tasks WHERE kind = 'call_back' AND peer = '+1{caller}' AND closed_at IS NULL"
        )
        await self.click(f"tasks/{task['id']}/done")

    async def let_pass(self, until: datetime) -> None:
        """Time goes by until then, for the gateway's clock and for its machine."""
        now = datetime.now(UTC) + timedelta(seconds=self.wall["wrong_s"] + self.wall["slept_s"])
        self.set_clock(slept_s=self.wall["slept_s"] + max(0.0, (until - now).total_seconds()))

    async def press(self, path: str, **form: str) -> None:
        """Fill in a form of the page and send it."""
        await self._post(path, form, drawn_at=path)

    async def click(self, path: str) -> None:
        """Press a button of the page."""
        await self._post(path, {}, drawn_at="")

    async def _post(self, path: str, form: dict[str, str], drawn_at: str) -> None:
        async with self._browser.get(self.page_url + drawn_at) as answer:
            token = re.search(r'name="token" value="([^"]+)"', await answer.text())
        assert token is not None
        headers = {"Origin": self.page_url.rstrip("/")}
        async with self._browser.post(
            self.page_url + path, data={**form, "token": token[1]}, headers=headers
        ) as answer:
            assert answer.status == 200, await answer.text()

    def nothing_twice(self) -> None:
        """Nobody got the same words twice, and every call has one row and one outcome."""
        sent = Counter((text.to, text.body) for text in self.modem.sent_texts() if text.to != OWNER)
        assert not [text for text, count in sent.items() if count > 1], sent
        rows = self.box.rows("SELECT source, key, count(*) AS number FROM calls GROUP BY source, key HAVING number > 1")
        assert not rows, [dict(row) for row in rows]
        assert "Traceback" not in self.box.said(), self.box.said()[-6000:]

    async def until(self, true: Callable[[], Any], what: str | Callable[[], object]) -> None:
        """Look again and again; a box that ends by itself is a failure."""

        async def there() -> bool:
            assert self.box.alive, f"the box ended by itself\n{self.box.said()[-3000:]}"
            found = true()
            return bool(await found if asyncio.iscoroutine(found) else found)

        await until(
            there,
            lambda: f"{what() if callable(what) else what}\n{self.box.said()[-3000:]}",
            self.patient_s,
            look_s=LOOK_S,
        )


def in_spanish(words: str) -> str:
    """A sentence as the Spanish page says it; none of its parts may have stayed English."""
    language.speak("es")
    try:
        said = full_sentence(sentences.say(words))
    finally:
        language.speak("en")
    for part in re.split(r"(?<=[.;:]) ", re.sub(r"\S*/\S*", "", said)):
        assert not sentences.is_english(part), f"not in Spanish: {part!r} in {said!r}"
    return said


@asynccontextmanager
async def office(
    folder: Path, *, hurried: bool = True, sim: SimCard | None = None, dialect: str = "generic", **settings: str
) -> AsyncIterator[Office]:
    """An office with its box not yet started; whatever runs is ended with it."""
    network = SimulatedNetwork(submit_s=0.05, ring_period_s=0.6)
    folder.mkdir(exist_ok=True)
    async with (
        SimulatedPbx() as pbx,
        SimulatedModem(dialect, link=folder / "modem", network=network, sim=sim) as modem,
    ):
        box = Program(folder, folder / "gateway.yaml", folder / "clock.json" if hurried else None)
        found = Office(folder, box, pbx, modem, free_port())
        found.write(**settings)
        if hurried:
            found.set_clock()
        try:
            yield found
        finally:
            await found.close()
