"""The gateway's side: asks the unit that may set the machine's clock, and reads what it answers.

Asked for a setting as soon as another witness than the clock is believed; else only whether a time service keeps the clock,
often after the machine's start, when that changes, and seldom later. Without the folder under /run that systemd makes for
the service (a demo, a test, another init) nothing is asked, and the gateway goes by its own reckoning alone.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from gateway.clockwatch import ClockWatch
from gateway.core.events import SystemClockSet
from gateway.core.timesources import Witness
from gateway.machineclock.setting import ANSWER, REQUEST, lay, take
from gateway.machineclock.slips import STEP_S, Answer, BadSlip, Done, Request, read_answer, write_request
from gateway.machinetime import boot_id, ticks
from gateway.storage.schema import StoreDown

log = logging.getLogger(__name__)

LOOK_S = 5.0
AGAIN_S = 600.0  # the same is asked again: the unit refuses what comes too soon
SOON_S = 60.0  # a time service has the time within minutes of the machine's start
SOON_FOR_S = 900.0
KEPT_S = 3600.0
ROOT = 0


def folder() -> Path | None:
    """The folder under /run that systemd has made for this service."""
    named = os.environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    return Path(named) if named else None


class ClockAsking:
    """`submit` takes the event of a clock that was set; `place` is the folder for requests, None: nobody is asked."""

    def __init__(
        self,
        watch: ClockWatch,
        submit: Callable[[SystemClockSet], Awaitable[object]],
        place: Path | None,
    ) -> None:
        self._watch = watch
        self._submit = submit
        self._request = None if place is None else place / REQUEST.name
        self._boot = boot_id()
        self._asked: Request | None = None
        self._seen: Answer | None = None
        self._failed = ""

    def synchronised(self) -> bool:
        """The unit has said since the machine's start that a time service keeps the clock."""
        return self._seen is not None and self._seen.synchronised

    async def run(self) -> None:
        """Ask and listen until cancelled."""
        while True:
            if self._request is not None:
                await self._listen()
                self._ask(self._request)
            await asyncio.sleep(LOOK_S)

    def _ask(self, place: Path) -> None:
        now = ticks()
        wish = self._watch.wish()
        before = self._asked
        if before is not None and now - before.ticks < self._pause(wish, before, now):
            return
        number = max(round(now * 10), 1 if before is None else before.number + 1)
        time, by = (None, "") if wish is None else (wish[0] + now, wish[1].value)
        self._asked = Request(self._boot, now, number, time, by)
        try:
            lay(place, write_request(self._asked))
            self._failed = ""
        except OSError as error:
            if str(error) != self._failed:
                self._failed = str(error)
                log.warning("the machine's clock cannot be asked about: %s", error)

    def _pause(self, wish: tuple[float, Witness] | None, before: Request, now: float) -> float:
        if wish is not None:
            asked = None if before.time is None else before.time - before.ticks
            return LOOK_S if asked is None or abs(asked - wish[0]) > STEP_S else AGAIN_S
        if self.synchronised():
            return KEPT_S
        return SOON_S if now < SOON_FOR_S else AGAIN_S

    async def _listen(self) -> None:
        try:
            text = await asyncio.to_thread(take, ANSWER, ROOT)
            answer = None if text is None else read_answer(text)
        except (BadSlip, OSError) as error:
            log.debug("the answer about the machine's clock: %s", error)
            return
        if answer is None or answer.boot != self._boot or answer == self._seen:
            return
        mine = self._asked is not None and answer.number == self._asked.number
        if mine and answer.done is Done.SET:
            done = answer.settings[-1]
            try:
                await self._submit(SystemClockSet(datetime.fromtimestamp(done.time, UTC), done.by, done.step))
            except StoreDown as error:
                log.debug("a clock that was set waits to be noted: %s", error)
                return
        self._seen = answer
        self._watch.told_of(answer.settings[-1] if answer.settings else None, _trouble(answer) if mine else "")


def _trouble(answer: Answer) -> str:
    match answer.done:
        case Done.OFTEN:
            return "often"
        case Done.FAILED | Done.BAD:
            log.warning("the machine's clock could not be set: %s", answer.why)
            return "failed"
        case _:
            return ""
