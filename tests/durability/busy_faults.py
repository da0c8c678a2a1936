"""What goes wrong in an office within some days, one thing of a kind at a time, whenever chance has it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

from drivers.simulator.faults import Fate
from tests.durability.busy_office import Office

EVERY_S = 1500.0  # between two faults of the whole office, on the average
UP_WITHIN_S = 120.0  # by the clock, of which a start takes two or three
CMS = (38, 41, 42, 47, 27, 29, 500, 512, 515, 331, 332, 21)
REINSTALLED_S = 600.0  # until somebody has entered the users again

Fault = Callable[[], Awaitable[None]]


class Faults:
    """`live` makes them until `until_h`, and every one of them is over when it returns.

    `kills` says whether the gateway may be killed now: growth shows in a long life only.
    """

    def __init__(self, office: Office, kills: Callable[[], bool]) -> None:
        self.office = office
        self.random = random.Random(f"faults {office.seed}")  # of its own: what it does hangs on nobody else
        self.kills = kills
        self.modem_faults: dict[str, Fault] = {
            "modem unplugged": self._unplugged,
            "modem hung": lambda: self._switch("hang", 60, 900),
            "modem deaf": lambda: self._switch("deaf", 60, 600),
            "+CMS ERROR": self._cms_errors,
            "no answer after the text, taken": lambda: self._once("silent_after_body", Fate.TAKEN),
            "no answer after the text, not taken": lambda: self._once("silent_after_body", Fate.NOT_TAKEN),
            "power cut at the modem, text taken": lambda: self._once("power_cut", Fate.TAKEN),
            "power cut at the modem, text not taken": lambda: self._once("power_cut", Fate.NOT_TAKEN),
            "answer after 35 s": lambda: self._counted("late_cmgs", 2),
            "no prompt": lambda: self._counted("no_prompt", 2),
            "late prompt": lambda: self._counted("late_prompt", 2),
            "no network": lambda: self._switch("network_lost", 120, 2400),
            "registration denied": lambda: self._switch("registration_denied", 120, 900),
            "SIM storage full": lambda: self._switch("storage_full", 300, 1800),
            "SIM busy": lambda: self._counted("cme_busy", 3),
            "garbage on the line": self._garbage,
            "reports twice": lambda: self._counted("duplicate_report", 5),
            "reports late or none": self._reports,
        }
        self.pbx_faults: dict[str, Fault] = {
            "AMI dropped": self._dropped,
            "AMI silent": self._frozen,
            "Asterisk down": self._down,
            "Asterisk restarted": self._restarted,
            "Asterisk reinstalled": self._reinstalled,
        }
        self.box_faults: dict[str, Fault] = {
            "killed": lambda: self._killed(1),
            "killed as it starts": lambda: self._killed(2),
            "stopped and started": self._stopped,
        }
        self.other: dict[str, dict[str, Fault]] = {
            "disk": {"disk full": self._disk_full},
            "clock": {"clock set wrong": self._clock_wrong, "no time from the internet": self._untold},
            "page": {"page clients that vanish": self._vanishing},
        }
        self._busy: set[str] = set()
        self._off_s = 700.0  # the longest that the box is off

    async def live(self, until_h: float) -> None:
        office, chance = self.office, self.random
        self._off_s = max(700.0, until_h * 100)
        groups = {"modem": self.modem_faults, "pbx": self.pbx_faults, "box": self.box_faults, **self.other}
        weights = {"modem": 9, "pbx": 4, "box": 8, "disk": 0.7, "clock": 1.5, "page": 0.7}
        running: set[asyncio.Task[None]] = set()
        while office.hours() < until_h:
            await asyncio.sleep(chance.expovariate(1 / EVERY_S))
            free = [name for name in groups if name not in self._busy and (name != "box" or self.kills())]
            if office.hours() >= until_h or not free:
                continue
            group = chance.choices(free, [weights[name] for name in free])[0]
            name = chance.choice(list(groups[group]))
            if name == "disk full" and office.disk is None:
                office.truth.untried.add(name)
                continue
            office.truth.faults[name] += 1
            task = asyncio.ensure_future(self._struck(group, name, groups[group][name]))
            running.add(task)
            task.add_done_callback(running.discard)
        for task in list(running):
            await task

    async def _struck(self, group: str, name: str, fault: Fault) -> None:
        self._busy.add(group)
        office = self.office
        with (office.box.folder / "faults").open("a") as told:
            told.write(f"{office.local():%a %H:%M:%S} {name} begins\n")
        try:
            await fault()
        except Exception as error:
            office.failures.append(error)
        finally:
            self._busy.discard(group)
        with (office.box.folder / "faults").open("a") as told:
            told.write(f"{office.local():%a %H:%M:%S} {name} is over\n")

    def _some(self, least: float, most: float) -> float:
        return self.random.uniform(least, most)

    # ---- the modem

    async def _unplugged(self) -> None:
        self.office.modem.unplug()
        await asyncio.sleep(self._some(10, 1200))
        await self._plug()

    async def _plug(self) -> None:
        if not self.office.modem.plugged:
            await self.office.modem.start()

    async def _switch(self, name: str, least: float, most: float) -> None:
        self.office.modem.change_faults({name: True})
        await asyncio.sleep(self._some(least, most))
        self.office.modem.change_faults({name: False})

    async def _counted(self, name: str, times: int) -> None:
        self.office.modem.change_faults({name: times})
        await asyncio.sleep(self._some(300, 1200))
        self.office.modem.change_faults({name: False})

    async def _once(self, name: str, fate: Fate) -> None:
        faults = self.office.modem.faults
        setattr(faults, name, fate)
        await asyncio.sleep(self._some(300, 1200))
        setattr(faults, name, Fate.NONE)
        await self._plug()

    async def _cms_errors(self) -> None:
        chance, errors = self.random, self.office.modem.faults.cms_errors
        errors.extend(chance.choice(CMS) for _ in range(chance.randint(1, 4)))
        await asyncio.sleep(self._some(300, 900))
        errors.clear()

    async def _garbage(self) -> None:
        self.office.modem.change_faults({"noise": 0.2, "noise_inside": 0.03, "urc_in_answer": 0.1})
        await asyncio.sleep(self._some(120, 900))
        self.office.modem.change_faults({"noise": False, "noise_inside": False, "urc_in_answer": False})

    async def _reports(self) -> None:
        modem = self.office.modem
        modem.auto_report = self.random.choice((False, 900.0, 5400.0))
        await asyncio.sleep(self._some(600, 3600))
        modem.auto_report = 4.0

    # ---- the phone system

    async def _dropped(self) -> None:
        self.office.pbx.drop()

    async def _frozen(self) -> None:
        self.office.pbx.frozen = True
        await asyncio.sleep(self._some(20, 600))
        self.office.pbx.frozen = False

    async def _down(self) -> None:
        pbx = self.office.pbx
        await pbx.stop()
        await asyncio.sleep(self._some(20, 1800))
        await pbx.start()

    async def _restarted(self) -> None:
        self.office.pbx.began += 1
        await self.office.pbx.restart()

    async def _reinstalled(self) -> None:
        pbx = self.office.pbx
        pbx.began += 1
        await pbx.restart()
        await pbx.stop()
        await asyncio.sleep(self._some(300, 1800))
        pbx.installed_anew()
        secret, pbx.secret = pbx.secret, "not entered yet"
        await pbx.start()
        await asyncio.sleep(REINSTALLED_S)
        pbx.secret = secret

    # ---- the box

    async def _killed(self, times: int) -> None:
        box = self.office.box
        async with self.office.obstructed("killed"):
            for left in range(times, 0, -1):
                box.kill()
                await box.died()
                await asyncio.sleep(self.random.choice((1.0, 5.0, self._some(30, 600), self._some(600, self._off_s))))
                await box.start()
                if left > 1:
                    await asyncio.sleep(self._some(0.3, 4.0))
            await self._up()

    async def _stopped(self) -> None:
        async with self.office.obstructed("stopped"):
            await self.office.box.stop()
            await asyncio.sleep(self._some(2, 300))
            await self.office.box.start()
            await self._up()

    async def _up(self) -> None:
        """The page answers again."""
        office = self.office
        await office.until(office.answers, lambda: "a page after a start\n" + office.box.said()[-2000:], UP_WITHIN_S)

    # ---- what is around it

    async def _disk_full(self) -> None:
        office = self.office
        assert office.disk is not None
        ballast = office.disk / "holiday-pictures"
        async with office.obstructed("disk full"):
            for size in (65_536, 512):
                with ballast.open("ab", buffering=0) as file, suppress(OSError):
                    while file.write(b"x" * size):
                        pass
            await asyncio.sleep(self._some(60, 1200))
            ballast.unlink()

    async def _clock_wrong(self) -> None:
        times, chance = self.office.times, self.random
        by = chance.choice((-1, 1)) * chance.choice((self._some(20, 600), self._some(600, 10_800)))
        times.told, times.wall = False, times.wall + by
        await asyncio.sleep(self._some(30, 900))
        times.wall, times.told = times.wall - by, True

    async def _untold(self) -> None:
        self.office.times.told = False
        await asyncio.sleep(self._some(600, 7200))
        self.office.times.told = True

    async def _vanishing(self) -> None:
        """Tabs that are closed, cables that are pulled, and something that connects and says nothing."""
        for _ in range(self.random.randint(3, 25)):
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.office.box.page)
                asks = self.random.choice(("GET /events", "GET /", "GET /calls", ""))
                head = f"{asks} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.office.cookie}\r\n\r\n"
                writer.write(head[: self.random.choice((len(head), 7, 0))].encode())
                await asyncio.sleep(self._some(0.01, 30))
                writer.transport.abort()
