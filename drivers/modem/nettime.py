"""The time as the mobile network tells it: asked of the modem, and taken from the stamps on texts that have just come.

+CCLK (3GPP TS 27.007 8.15) shows the modem's clock, which the network sets where AT+CTZU (8.40) or the vendor's own switch
allows it: local time, and behind it the zone in quarters of an hour. Huawei's ^NWTIME, Quectel's +QLTS=2 and Telit's #CCLK show
the same. A modem that was told nothing shows 1980, 1990 or 2004. A zone that is missing, or is +00, may be UTC or the local
time: both are told, and who listens decides. Sources: ModemManager's Huawei tests, the vendors' manuals.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from drivers.modem.engine import AtEngine
from drivers.modem.urc import name_of
from gateway.ports.devices import TimeSink, TimeTold

TOLD_SINCE = 2026  # an earlier year is what a modem shows that was told nothing
ASK_EVERY_S = 3600.0  # a modem's clock drifts by a second or two a day
LIVE_AFTER_S = (
    120.0  # what waited for the modem in the network comes in the first minute; later ones have come straight
)
_NEWS = ("+CTZV", "+CTZE", "*PSUTTZ", "+NITZ", "#NITZ", "^NWTIME", "^TIME", "+QNITZ", "+CTZDST")
_MOMENT = re.compile(
    r"(\d{2}|\d{4})/(\d{1,2})/(\d{1,2}),\s?(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?\s*\"?,?\"?([+-]\d{1,3})?"
)


def is_news(line: str) -> bool:
    """The network has just told the modem the time or the zone."""
    return name_of(line) in _NEWS


def read_time(part: str, line: str) -> TimeTold | None:
    """A line that shows a time; None where it shows none, or one that no network can have told."""
    found = _MOMENT.search(line)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(each) for each in found.groups()[:6])
    if len(found[1]) == 2:
        year += 1900 if year >= 70 else 2000
    try:
        wall = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    if year < TOLD_SINCE:
        return None
    quarters = int(found[7] or 0)
    if quarters and abs(quarters) <= 56:  # TS 23.040 9.2.3.11; zones reach from -12 to +14 hours
        return TimeTold(part, ((wall - timedelta(minutes=15 * quarters)).replace(tzinfo=UTC),))
    return TimeTold(part, (wall.replace(tzinfo=UTC),), wall=wall)


class NetworkTime:
    """One modem's part in it. Without `tell` nothing is asked."""

    def __init__(self, part: str, tell: TimeSink | None) -> None:
        self._part = part
        self._tell = tell
        self._asked_at: float | None = None
        self._registered_at: float | None = None
        self._set_up = False
        self.told = ""  # what the modem showed last, as it came

    def begins(self) -> None:
        """A new session: settings may be gone."""
        self._asked_at = self._registered_at = None
        self._set_up = False

    def again(self) -> None:
        """The network has told something new."""
        self._asked_at = None

    async def registered(self, engine: AtEngine, set_up: Sequence[str], ask: Sequence[str]) -> None:
        """The modem is registered; asks for the time when it is due. `ask` are tried until one shows a time with its zone."""
        now = asyncio.get_running_loop().time()
        if self._registered_at is None:
            self._registered_at = now
        if self._tell is None or (self._asked_at is not None and now - self._asked_at < ASK_EVERY_S):
            return
        if not self._set_up:
            for command in set_up:
                await engine.command(command)
            self._set_up = True
        best: TimeTold | None = None
        for command in ask:
            answer = await engine.command(command, _answers(command))
            for line in answer.lines if answer.ok else ():
                told = read_time(self._part, line)
                if told is not None and (best is None or (best.wall and not told.wall)):
                    best, self.told = told, line
            if best is not None and best.wall is None:
                break
        if best is not None:
            self._asked_at = now
            self._tell(best)

    def lost(self) -> None:
        """The modem is not registered: what waits for it will come late."""
        self._registered_at = None

    def stamped(self, at: datetime | None) -> None:
        """A text or a report has just been announced that the service centre stamped with `at`."""
        since = self._registered_at
        if self._tell is None or at is None or since is None:
            return
        if asyncio.get_running_loop().time() - since >= LIVE_AFTER_S:
            self._tell(TimeTold(self._part, (at.astimezone(UTC),), stamp=True))


def _answers(command: str) -> str:
    return command.removeprefix("AT").split("=")[0].split("?")[0]
