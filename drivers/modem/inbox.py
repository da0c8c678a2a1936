"""Texts and reports from the modem into the gateway: read, commit, then delete.

Notices (+CMTI, +CDSI) are read at once; because they get lost, every store is swept at start, after sends and on a
timer. One task does all of it in order: an index that was emptied may hold another text a moment later, so nobody else
may delete. A text whose commit failed stays on the modem and is offered again. A PDU that was pushed and stored nowhere
(+CMT, +CDS) is kept in memory until it is committed. The same PDU offered twice carries the same identity.
A PDU shorter or longer than the modem announced may be one that noise has cut, or somebody else's line: its place is
emptied only when it reads the same a second time.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Callable, Sequence
from datetime import datetime

from drivers.modem.engine import Answer, AtEngine, AtTimeoutError
from drivers.modem.pdu import NotForUs, PduError, decode, is_report, sender_of
from drivers.modem.problems import NO_NOTICES, Condition, store_full
from drivers.modem.settings import Timings
from drivers.modem.urc import Stored, name_of, split_fields, tpdu_octets
from gateway.core.events import ReportReceived, SegmentReceived
from gateway.ports.clock import Clock
from gateway.ports.devices import Sink

log = logging.getLogger(__name__)

NEARLY_FULL = 0.8  # a SIM holds 10-50 texts; at 80 % a burst of parts may already be refused
SOON_S = 5.0  # sweep this long after a send, so that a queue of sends is not held up by a sweep each
NO_NOTICES_AFTER = 2  # texts in a row that only the sweep found; one notice in a while gets lost on a good port, too
MAX_DIRECT = 500  # pushed PDUs kept while the store is down
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_INCOMING = {"0", "1", "REC UNREAD", "REC READ"}  # TS 27.005 3.1 <stat>; 2 and 3 are drafts, not ours


class Inbox:
    """Reads one modem session's stores. `run` ends only by cancellation or LinkLostError."""

    def __init__(
        self,
        submit: Sink,
        clock: Clock,
        condition: Condition,
        timings: Timings,
        stamped: Callable[[datetime | None], None] = lambda _at: None,
    ) -> None:
        """`stamped` is told the service centre's stamp of what has just come."""
        self._stamped = stamped
        self._submit = submit
        self._clock = clock
        self._condition = condition
        self._timings = timings
        self._notices: list[Stored] = []
        self._direct: list[str] = []
        self._heard_of: set[tuple[str, int]] = set()  # announced places that are not emptied yet
        self._refused = False  # the store did not take the last one
        self._unannounced = 0
        self._swept = False  # in this session: what lay there before it could not be announced
        self._doubted: dict[tuple[str, int], str] = {}
        self._sweep_at = 0.0
        self._wake = asyncio.Event()
        self.counts: dict[str, int] = {}

    def notice(self, stored: Stored) -> None:
        """Something was stored: read it now."""
        self._announced()
        self._heard_of.add((stored.memory, stored.index))
        if stored not in self._notices:
            self._notices.append(stored)
        self._wake.set()

    def pushed(self, pdu: str) -> None:
        """A PDU that the modem does not keep."""
        if len(self._direct) >= MAX_DIRECT:
            self._count("pushed PDU dropped")
            return
        self._announced()
        self._direct.append(pdu)
        self._wake.set()

    def sweep_now(self) -> None:
        self._sweep_within(0.0)

    def sweep_soon(self) -> None:
        self._sweep_within(min(SOON_S, self._timings.sweep_s))

    async def run(self, engine: AtEngine, stores: tuple[str, ...]) -> None:
        """Sweep at once, then serve notices and sweep on the timer."""
        self._sweep_at = 0.0
        self._swept = False
        while True:
            self._wake.clear()
            try:
                await self._empty(engine, stores)
            except AtTimeoutError:
                self._count("time-out while reading")
                self.sweep_soon()
            wait = self._sweep_at - _tick()
            if wait > 0 and not self._notices and not self._wake.is_set():
                try:
                    async with asyncio.timeout(wait):
                        await self._wake.wait()
                except TimeoutError:
                    pass

    async def _empty(self, engine: AtEngine, stores: tuple[str, ...]) -> None:
        await self._take_pushed()
        while self._notices:
            stored = self._notices.pop(0)
            if not await self._take_notice(engine, stored):
                self._sweep_at = 0.0  # the notice lied about the place (Quectel EC25), or the text is gone already
        if _tick() >= self._sweep_at:
            self._sweep_at = _tick() + self._timings.sweep_s
            for store in stores or ("",):
                await self._sweep(engine, store)
            self._swept = True
            await self._take_pushed()

    async def _take_pushed(self) -> None:
        while self._direct:
            if not await self._commit(self._direct[0], live=True):
                self._retry_later()
                return
            self._direct.pop(0)

    async def _take_notice(self, engine: AtEngine, stored: Stored) -> bool:
        async with engine.lock:
            if stored.memory and not (await _select(engine, stored.memory)).ok:
                return False
            answer = await engine.ask(f"AT+CMGR={stored.index}", "+CMGR")
        if not answer.ok:
            return False
        read = _read_entry(answer.lines)
        if read is None or self._doubts(stored.memory, stored.index, *read):
            return False
        if await self._commit(read[0], live=True):
            await self._delete(engine, stored.memory, stored.index)
        else:
            self._retry_later()
        return True

    async def _sweep(self, engine: AtEngine, store: str) -> None:
        async with engine.lock:
            capacity = await _select(engine, store) if store else Answer((), "OK")
            if not capacity.ok:
                self._count(f"store {store} refused")
                return
            listing = await engine.ask("AT+CMGL=4", "+CMGL", timeout=self._timings.list_s)
        removed = 0
        for index, pdu, fits in _listed(listing):
            if self._doubts(store, index, pdu, fits):
                self.sweep_soon()
                continue
            if not await self._commit(pdu):
                self._retry_later()
                break
            self._count_unannounced(store, index, pdu)
            removed += await self._delete(engine, store, index)
        self._report_room(store, capacity, removed)

    def _announced(self) -> None:
        self._unannounced = 0
        self._condition.set("notices", None)

    def _count_unannounced(self, store: str, index: int, pdu: str) -> None:
        """A text that was committed, found by the sweep alone. Many in a row: this port carries no unsolicited lines."""
        if not self._swept or self._notices or (store, index) in self._heard_of or is_report(pdu):
            return
        self._unannounced += 1
        if self._unannounced >= NO_NOTICES_AFTER:
            self._count("text without notice")
            self._condition.set("notices", NO_NOTICES)

    def _doubts(self, store: str, index: int, pdu: str, fits: bool) -> bool:
        """Whether what was read there has to be read again before it is believed."""
        before = self._doubted.pop((store, index), None)
        if fits or before == pdu:
            return False
        self._doubted[store, index] = pdu
        self._count("PDU not as long as announced")
        return True

    async def _commit(self, pdu: str, *, live: bool = False) -> bool:
        event = _event(pdu, self._clock)
        if event is None:
            self._count("copy of a sent text")
            return True
        if live:
            self._stamped(event.scts if isinstance(event, SegmentReceived) else event.discharged)
        try:
            await self._submit(event)
        except Exception as error:  # whatever keeps the store from committing, the text must stay
            self._count("not committed")
            level = logging.DEBUG if self._refused else logging.WARNING  # it is offered again every few seconds
            log.log(level, "a text stays on the modem because it could not be stored: %s", error)
            self._refused = True
            return False
        if self._refused:
            self._refused = False
            log.info("texts can be stored again")
        return True

    async def _delete(self, engine: AtEngine, store: str, index: int) -> bool:
        async with engine.lock:
            if store and not (await _select(engine, store)).ok:
                return False
            answer = await engine.ask(f"AT+CMGD={index}")
        if answer.ok:
            self._heard_of.discard((store, index))
        else:
            self._count("not deleted")
            self._heard_of.add((store, index))  # it is met at every sweep, and is none that was not announced
        return answer.ok

    def _report_room(self, store: str, capacity: Answer, removed: int) -> None:
        fields = capacity.fields("+CPMS") or ()
        if len(fields) < 2 or not (fields[0].isdecimal() and fields[1].isdecimal()) or not store:
            return
        used, total = max(0, int(fields[0]) - removed), int(fields[1])
        self._condition.fact(f"store {store}", f"{used} of {total}")
        full = total > 0 and used >= NEARLY_FULL * total
        self._condition.set(f"store {store}", store_full(store, used, total) if full else None)

    def _retry_later(self) -> None:
        """What was not stored is offered again after a pause: nobody is woken, or a full disk would be tried without end."""
        self._sweep_at = min(self._sweep_at, _tick() + self._timings.store_retry_s)

    def _sweep_within(self, seconds: float) -> None:
        self._sweep_at = min(self._sweep_at, _tick() + seconds)
        self._wake.set()

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


def _tick() -> float:
    return asyncio.get_running_loop().time()


async def _select(engine: AtEngine, store: str) -> Answer:
    """Make `store` the one that is read and deleted from; the answer says how full it is."""
    return await engine.ask(f'AT+CPMS="{store}"', "+CPMS")


def _listed(answer: Answer) -> list[tuple[int, str, bool]]:
    """(index, PDU, whether it is as long as announced) of the incoming entries, whatever lines stand between."""
    found: list[tuple[int, str, bool]] = []
    entry: list[str] = []
    for line in (*answer.lines, "+CMGL:"):
        if name_of(line) != "+CMGL":
            entry.append(line)
            continue
        fields = split_fields(entry[0]) if entry else ()
        if len(fields) > 1 and fields[0].isdecimal() and fields[1] in _INCOMING and (read := _read_entry(entry)):
            found.append((int(fields[0]), *read))
        entry = [line]
    return found


def _read_entry(lines: Sequence[str]) -> tuple[str, bool] | None:
    """The PDU among the lines behind a +CMGR or +CMGL, and whether it is as long as the last field there says.

    None without a PDU, and when several lines could be it and none fits.
    """
    candidates = [line for line in lines if _HEX.fullmatch(line)]
    announced = next((split_fields(line)[-1] for line in lines if name_of(line) in {"+CMGL", "+CMGR"}), "")
    if not announced.isdecimal():  # a modem that does not say how long
        return (candidates[0], True) if len(candidates) == 1 else None
    fitting = [line for line in candidates if tpdu_octets(line) == int(announced)]
    if fitting:
        return fitting[0], True
    return (candidates[0], False) if len(candidates) == 1 else None


def _event(pdu: str, clock: Clock) -> SegmentReceived | ReportReceived | None:
    """None for a copy of a text that was sent. A PDU that cannot be read must not be met again at every sweep."""
    try:
        return decode(pdu, clock.now())
    except NotForUs:
        return None
    except (PduError, ValueError, LookupError) as error:
        log.warning("a text cannot be read and is kept as it came: %s", error)
        digest = hashlib.sha256(pdu.upper().encode()).hexdigest()
        return SegmentReceived(f"undecodable:{digest}", clock.now(), sender_of(pdu), "", raw=pdu, kind="undecodable")
