"""One story told on every dialect and with every arrival of the bytes, all at the same time.

A stage is a driver and a modem on a pty of their own. All stages live on one loop, so that what a story has to wait for is
waited for once and not fifteen times; stages are kept from story to story, as a modem is kept from day to day.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from drivers.simulator.dialects import Dialect
from drivers.simulator.modem import Faults, SimulatedModem, Wire
from gateway.core.assembly import join_parts
from gateway.core.events import CallEnded, CallRang, ReportReceived, SegmentReceived, SubmitResult
from tests.modem.bench import FAST, Bench, bench

DIALECTS = ("huawei", "quectel", "sim7600", "sim800", "zte")
ARRIVALS = {"whole": Wire.WHOLE, "byte by byte": Wire.BYTES, "cut at random": Wire.RANDOM}
STORY_S = 30.0  # a story takes a second; a loaded machine some more
TIMINGS = replace(
    FAST,  # fifteen modems share a processor, and a byte takes a millisecond where bytes come one by one
    command_s=1.5,
    list_s=3.0,
    probe_s=0.5,
    prompt_s=0.6,
    accept_s=3.0,
    final_s=0.3,
    sweep_s=0.7,
    idle_probe_s=1.0,
    supervise_s=2.0,
    sim_busy_s=3.0,
)

Story = Callable[["Stage"], Awaitable[None]]


@dataclass
class Stage:
    """One driver on one modem. What happened is what happened since the story began."""

    line: Bench
    dialect: Dialect  # as the modem was made
    exits: AsyncExitStack
    began: int = 0
    place: int = 0
    cnmi: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    @property
    def modem(self) -> SimulatedModem:
        return self.line.modem

    @property
    def caller(self) -> str:
        """Each story has callers of its own."""
        return self.number(0)

    def number(self, other: int) -> str:
        return f"+1216555{100 + (3 * self.place + other) % 100:04d}"

    @property
    def events(self) -> list[object]:
        return self.line.events[self.began :]

    @property
    def ended(self) -> list[str | None]:
        return [event.caller for event in self.events if isinstance(event, CallEnded)]

    @property
    def rang(self) -> list[str | None]:
        return [event.caller for event in self.events if isinstance(event, CallRang)]

    @property
    def segments(self) -> list[SegmentReceived]:
        """Each once: a PDU may be offered again."""
        return list({e.identity: e for e in self.events if isinstance(e, SegmentReceived)}.values())

    @property
    def bodies(self) -> list[str]:
        return [segment.body for segment in self.segments]

    @property
    def joined(self) -> str:
        return join_parts(self.segments)

    @property
    def reports(self) -> list[ReportReceived]:
        return list({e.identity: e for e in self.events if isinstance(e, ReportReceived)}.values())

    async def until(self, happened: Callable[[], object]) -> None:
        await self.line.until(happened, STORY_S)

    async def send(self, body: str = "Sorry we missed you", **changes: object) -> SubmitResult:
        return await self.line.send(body, **{"to": self.caller, **changes})

    async def ready(self) -> None:
        """Started, and the modem is not about to say that it has started."""
        await self.modem.booted.wait()
        await self.until(lambda: self.line.driver.ready)

    async def stays_usable(self) -> None:
        """Sends, receives and sees a call: whatever happened before has spoilt nothing."""
        modem, caller, other = self.modem, self.caller, self.number(2)
        await self.ready()
        sent = len(modem.sent)
        while (result := await self.send("still here")).verdict == "not_taken":
            await self.until(lambda: self.line.driver.ready)  # it asks for the network once more after each start
        assert (result.verdict, result.ref) == ("accepted", modem.sent[-1].ref)
        assert len(modem.sent) == sent + 1
        modem.receive(caller, "are you still there?")
        await self.until(lambda: "are you still there?" in self.bodies)
        before = len(self.ended)
        modem.ring(other, rings=1, period_s=0.1)
        await self.until(lambda: len(self.ended) > before)
        assert self.ended[before:] == [other]

    async def clear(self) -> None:
        """Nothing of this story reaches into the next one."""
        self.modem.dialect = self.modem.state.dialect = self.dialect
        self.modem.faults.__init__(seed=1)  # type: ignore[misc]
        self.modem.network.submit_s = 0.0
        self.modem.auto_report = False
        self.line.refusing = 0
        await self.ready()
        self.modem.state.settings.cnmi = self.cnmi
        for call in list(self.modem.state.calls):
            call.hang_up()
        rung = {e.key for e in self.line.events if isinstance(e, CallRang)}
        await self.until(lambda: rung <= {e.key for e in self.line.events if isinstance(e, CallEnded)})
        await self.until(lambda: not any(memory.slots for memory in self.modem.state.memories.values()))


class Matrix:
    """All stages, and what became of each story on each of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stages: dict[tuple[str, str], Stage] = {}
        self._outcomes: dict[Story, dict[tuple[str, str], BaseException | None]] = {}
        self._made = 0

    async def play(self, story: Story) -> None:
        """Tell the story on all stages at once, the first time it is asked for."""
        if story in self._outcomes:
            return
        places = [(dialect, arrival) for dialect in DIALECTS for arrival in ARRIVALS]
        outcomes = await asyncio.gather(*(self._tell(story, *place) for place in places), return_exceptions=True)
        self._outcomes[story] = dict(zip(places, outcomes, strict=True))

    def verdict(self, story: Story, dialect: str, arrival: str) -> None:
        """Raises what the story raised there."""
        outcome = self._outcomes[story][dialect, arrival]
        if outcome is not None:
            raise outcome

    async def close(self) -> None:
        await asyncio.gather(*(stage.exits.aclose() for stage in self._stages.values()))

    async def _tell(self, story: Story, dialect: str, arrival: str) -> None:
        stage = self._stages.get((dialect, arrival)) or await self._stage(dialect, arrival)
        stage.cnmi = stage.modem.state.settings.cnmi
        stage.began, stage.place = len(stage.line.events), len(self._outcomes)
        try:
            async with asyncio.timeout(STORY_S):
                await story(stage)
                await stage.clear()
        except BaseException as error:
            error.add_note(
                f"{dialect}, {arrival}: health {stage.line.said!r}; {stage.events}; {stage.modem.commands[-8:]}"
            )
            self._stages.pop((dialect, arrival), None)
            await stage.exits.aclose()
            raise

    async def _stage(self, dialect: str, arrival: str) -> Stage:
        self._made += 1
        link = self._folder / f"modem-{self._made}"
        exits = AsyncExitStack()
        modem = SimulatedModem(dialect, wire=ARRIVALS[arrival], link=link, faults=Faults())
        line = await exits.enter_async_context(bench(modem, alone=False, timings=TIMINGS))
        stage = self._stages[dialect, arrival] = Stage(line, modem.dialect, exits)
        await stage.ready()
        return stage
