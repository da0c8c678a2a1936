"""Offices at work: an Asterisk, its telephones and two watchers; and several offices side by side to save time.

A scenario's clock starts when its first channel appears, so that a busy machine cannot let an act come before its call.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.pbx.ami import Session, Wire
from tests.pbx.asterisk import Asterisk, Stack, free_network
from tests.pbx.phones import Caller, Phones
from tests.pbx.scenarios import Act, Manages, Scenario
from tests.pbx.sip import Behaviour, Rings

FIRST_CHANNEL_S = 15.0
SCENARIO_S = 90.0  # the longest takes some 15 s on an idle machine
RESYNC = ("Status", "CoreShowChannels")
GATEWAY = ("gateway", "gateway-secret")
BENCH = ("bench", "bench-secret")


@dataclass(frozen=True, slots=True)
class Play:
    """What was seen of one scenario. `narrow` is what the gateway's own manager user was told, `wide` every class; both are
    the bytes of one or more connections. `troubles` are reasons to distrust the play itself."""

    scenario: Scenario
    narrow: bytes
    wide: bytes
    troubles: tuple[str, ...] = ()


class Tenant(Protocol):
    """A gateway that lives with an office for as long as the office does."""

    async def start(self, ami: tuple[str, int], scratch: Path) -> None: ...

    async def renew(self) -> None: ...

    async def connected(self) -> None: ...

    async def stop(self) -> None: ...

    @property
    def texted(self) -> Counter[str]: ...

    @property
    def said(self) -> dict[str, str]: ...


@dataclass(slots=True)
class Office:
    """One PBX with its phones; plays one scenario at a time."""

    asterisk: Asterisk
    scratch: Path
    tenant: Tenant | None = None
    _phones: Phones = field(init=False)
    _wire: Wire = field(init=False)

    def __post_init__(self) -> None:
        self._phones = Phones(self.asterisk.network, self.scratch)
        self._wire = Wire(self.asterisk.ami)

    async def open(self) -> None:
        self.asterisk.configure()
        await self.asterisk.start()
        await self._wire.start()
        if self.tenant is not None:
            await self.tenant.start(self._wire.address, self.scratch)

    async def close(self) -> None:
        if self.tenant is not None:
            await self.tenant.stop()
        await self._wire.stop()
        await self.asterisk.stop()

    async def play(self, scenario: Scenario) -> Play:
        if self.tenant is None or not scenario.breaks_the_link:
            return await self._play(scenario)
        # its pauses between attempts grow while links keep breaking: every such story begins and ends with a fresh start
        await self.tenant.renew()
        play = await self._play(scenario)
        await self.tenant.connected()
        await self.tenant.renew()
        return play

    async def _play(self, scenario: Scenario) -> Play:
        wide = Session(self.asterisk.ami, *BENCH)
        narrow = Session(self.asterisk.ami, *GATEWAY, on_login=RESYNC)
        troubles: list[str] = []
        try:
            async with asyncio.timeout(SCENARIO_S):
                await wide.start()
                await narrow.start()
                await self._stage(scenario, wide)
                await self._perform(scenario, wide, narrow, troubles)
                await wide.quiet()
                await narrow.quiet()
        except TimeoutError:
            left = {"wide": sorted(wide.open_channels), "narrow": sorted(narrow.open_channels)}
            troubles.append(f"not over after {SCENARIO_S} s; open channels: {left}")
            if wide.up.is_set():
                wide.action(Action="Hangup", Channel="/.*/")  # the next story begins in an empty office
        finally:
            await self._phones.stop()
            if wide.up.is_set():
                for key in scenario.database:
                    wide.action(Action="DBDel", Family=key.split("/")[0], Key=key.split("/")[1])
            await wide.stop()
            await narrow.stop()
            self._wire.mend()
            if not self.asterisk.is_running:
                await self.asterisk.start()
        return Play(scenario, bytes(narrow.heard), bytes(wide.heard), tuple(troubles))

    async def _stage(self, scenario: Scenario, wide: Session) -> None:
        for key, value in scenario.database.items():
            wide.action(Action="DBPut", Family=key.split("/")[0], Key=key.split("/")[1], Val=value)
        usual: dict[str, Behaviour] = {number: Rings() for number in ("201", "202", "203")}
        for number, behaviour in (usual | scenario.phones).items():
            await self._phones.place(number, behaviour)

    async def _perform(self, scenario: Scenario, wide: Session, narrow: Session, troubles: list[str]) -> None:
        async def call(index: int, caller: Caller) -> None:
            sipp = await self._phones.dial(caller, index)
            code = await sipp.process.wait()
            if code != 0 and not scenario.rough:
                said = sipp.errors.read_text(errors="replace")[-2000:] if sipp.errors.exists() else ""
                troubles.append(f"caller {index} ended with {code}: {said}")

        first = [index for index, caller in enumerate(scenario.callers) if caller.at_s == 0.0]
        async with asyncio.TaskGroup() as going:
            for index in first:
                going.create_task(call(index, scenario.callers[index]))
            for at_s, act in scenario.acts:
                if at_s == 0.0:
                    self._at_once(act, wide)
            async with asyncio.timeout(FIRST_CHANNEL_S):
                await wide.has_seen_a_channel.wait()
            began = asyncio.get_running_loop().time()
            for index, caller in enumerate(scenario.callers):
                if index not in first:
                    going.create_task(self._later(began + caller.at_s, call(index, caller)))
            for at_s, act in scenario.acts:
                if at_s > 0.0:
                    going.create_task(self._later(began + at_s, self._befall(act, wide, narrow)))

    async def _later(self, when: float, what: object) -> None:
        await asyncio.sleep(max(0.0, when - asyncio.get_running_loop().time()))
        await what  # type: ignore[misc]

    @property
    def _technology(self) -> str:
        return "SIP" if self.asterisk.stack is Stack.CHAN_SIP_16 else "PJSIP"

    def _manage(self, act: Manages, wide: Session) -> None:
        names = {"TECH": self._technology, **wide.newest}
        filled = {name: re.sub(r"\{(\w+)\}", lambda word: names[word[1]], value) for name, value in act.fields}
        wide.action(Action=act.action, **filled)

    def _at_once(self, act: Act | Manages, wide: Session) -> None:
        """Calls that the manager port starts."""
        technology = self._technology
        match act:
            case Manages():
                self._manage(act, wide)
            case Act.CLICK_TO_CALL:
                to = {"Context": "click-to-call", "Exten": "17205550195", "Priority": "1"}
                wide.action(Action="Originate", Channel=f"{technology}/201", Timeout="6000", Async="true", **to)
            case Act.DIALLER:
                trunk = "SIP/trunk/17205550196" if technology == "SIP" else "PJSIP/17205550196@trunk"
                to = {"Context": "from-trunk", "Exten": "3035550104", "Priority": "1"}
                wide.action(Action="Originate", Channel=trunk, Timeout="2500", Async="true", **to)
            case _:
                raise AssertionError(f"{act} does not start a call")

    async def _befall(self, act: Act | Manages, wide: Session, narrow: Session) -> None:
        match act:
            case Manages():
                self._manage(act, wide)
            case Act.NEW_GATEWAY:
                if self.tenant is not None:
                    await self.tenant.renew()
            case Act.RELOAD:
                await self.asterisk.cli("core reload")
            case Act.CUT:
                narrow.cut()
                self._wire.cut()
            case Act.MEND:
                narrow.mend()
                self._wire.mend()
            case Act.KILL:
                await self.asterisk.kill()
            case Act.RESTART:
                await self.asterisk.cli("core restart now")
            case Act.START:
                # it cannot start itself again under a loader that is not the system's
                await self.asterisk.ended(within_s=3.0)
                await self.asterisk.start()
            case Act.DEAF_201:
                await self._phones.place("201", Rings())
            case _:
                raise AssertionError(f"{act} starts a call: it comes at 0.0")


class Bench(threading.Thread):
    """Plays every scenario of every stack, several offices at a time, in a thread of its own; tests fetch the plays."""

    def __init__(
        self,
        wanted: Mapping[Stack, Sequence[Scenario]],
        lanes: Mapping[Stack, int],
        scratch: Path,
        tenant: Callable[[], Tenant],
    ) -> None:
        super().__init__(name="bench", daemon=True)
        self._wanted = wanted
        self._lanes = lanes
        self._scratch = scratch
        self._tenant = tenant
        self._texted: dict[Stack, Future[Counter[str]]] = {stack: Future() for stack in wanted}
        self._said: dict[Stack, Future[dict[str, str]]] = {stack: Future() for stack in wanted}
        self._plays: dict[tuple[Stack, str], Future[Play]] = {
            (stack, scenario.name): Future() for stack, scenarios in wanted.items() for scenario in scenarios
        }

    def play(self, stack: Stack, scenario: Scenario, within_s: float = 600.0) -> Play:
        """The finished play; waits for it."""
        return self._plays[stack, scenario.name].result(within_s)

    def texted(self, stack: Stack, within_s: float = 600.0) -> Counter[str]:
        """How many texts each number got from this stack's offices in all; waits for their end."""
        return self._texted[stack].result(within_s)

    def said(self, stack: Stack, within_s: float = 600.0) -> dict[str, str]:
        """The page's sentence of each number's last call at this stack's offices; waits for their end."""
        return self._said[stack].result(within_s)

    def run(self) -> None:
        asyncio.run(self._all())

    async def _all(self) -> None:
        await asyncio.gather(*(self._stack(stack) for stack in self._wanted if self._wanted[stack]))

    async def _stack(self, stack: Stack) -> None:
        waiting = sorted(self._wanted[stack], key=lambda scenario: scenario.lasts_s)  # the longest is dealt first
        lanes = min(self._lanes[stack], len(waiting))
        texted: Counter[str] = Counter()
        said: dict[str, str] = {}
        try:
            for tenant in await asyncio.gather(*(self._lane(stack, lane, waiting) for lane in range(lanes))):
                texted += tenant.texted
                said |= tenant.said
        except Exception as error:
            self._texted[stack].set_exception(error)
            self._said[stack].set_exception(error)
        else:
            self._texted[stack].set_result(texted)
            self._said[stack].set_result(said)

    async def _lane(self, stack: Stack, lane: int, waiting: list[Scenario]) -> Tenant:
        scratch = self._scratch / f"{stack}-{lane}"
        scratch.mkdir(parents=True)
        tenant = self._tenant()
        office = Office(Asterisk(stack, free_network(stack, lane), scratch), scratch, tenant)
        try:
            await office.open()
            while waiting:
                scenario = waiting.pop()
                done = self._plays[stack, scenario.name]
                try:
                    done.set_result(await office.play(scenario))
                except Exception as error:
                    done.set_exception(error)
        except Exception as error:
            while waiting:
                self._plays[stack, waiting.pop().name].set_exception(error)
        finally:
            await office.close()
        return tenant
