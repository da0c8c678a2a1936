"""A clock that leaps over the time in which nothing happens: two processes live through days in minutes.

One process leads (the office with its PBX, modem, callers), one follows (the gateway). Both read the machine's clock plus
what has been leapt. Whenever both are at rest - no byte on a wire, no thread at work, no child under way - it leaps to the
next moment for which either of them has set a timer. So every wait has its full length by that clock and passes in its
right order, while a time-out of a serial port or a socket passes only where the other side really has nothing to say:
answers are awaited in real time, however slow the machine is.

The follower asks before it leaps, and gets the leader's next moment as far as it may go; it goes there timer by timer
without asking again until something else than a timer happens. Nobody leaps while the follower starts, ends or works.

The clock of the wall (`time.time`) and the time since the machine was switched on move together, as on a machine that
waits; `Times.wall` alone is moved when somebody sets the clock. Nothing of this is known to the product: a process in
which `lead` or `follow` was called goes by it.
"""

from __future__ import annotations

import asyncio
import math
import os
import selectors
import socket
import struct
import time
from asyncio.selector_events import _SelectorSocketTransport
from collections.abc import Mapping
from typing import Any

from tests.durability.fasttimes import Times
from tests.durability.fastwork import Counted, work

_monotonic = time.monotonic
_write = os.write

REST_S = 0.0004  # real seconds without a sign, then a process is at rest: what the kernel carries is there sooner
NAP_S = 0.0001  # epoll waits whole milliseconds
_ASK = struct.Struct("=Id")  # number of the question, the next moment of who asks; an answer has the same shape


class Leaper(selectors.EpollSelector):
    """Waits like any selector, and leaps where there is nothing to wait for. Subclasses say how far."""

    def __init__(self, times: Times, wire: socket.socket | None) -> None:
        super().__init__()
        self.times = times
        self.wire: socket.socket | None = None
        if wire is not None:
            self.attach(wire)

    def attach(self, wire: socket.socket) -> None:
        wire.setblocking(False)
        self.wire = wire
        super().register(wire, selectors.EVENT_READ, None)

    def detach(self) -> None:
        if self.wire is not None:
            super().unregister(self.wire)
            self.wire.close()
            self.wire = None

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        work.stirs()
        return super().register(fileobj, events, data)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        work.stirs()
        return super().modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return super().get_map()

    def _look(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, int]]:
        """What has happened; what came over the wire between the two is heard here."""
        found = super().select(timeout)
        if self.wire is not None:
            for each in found:
                if each[0].fileobj is self.wire:
                    found.remove(each)
                    self.hear(_received(self.wire))
                    break
        if found:
            work.stirs()
        return found

    @property
    def waits_for_children(self) -> bool:
        return True

    def hear(self, data: bytes) -> None:
        raise NotImplementedError

    def leap(self, until: float) -> bool:
        """Leap to `until` or as far as may be. False when it is not the time, or somebody has to be heard first."""
        raise NotImplementedError

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            return self._look(0)
        until = math.inf if timeout is None else self.times.monotonic() + timeout
        while True:
            if found := self._look(0):
                return found
            left = REST_S - (_monotonic() - work.sign)
            if left > 0 or work.threads:
                time.sleep(NAP_S)
                wait = 0.0
            elif work.child and self.waits_for_children:
                wait = 0.005
            elif self.leap(until):
                return []
            else:
                wait = math.inf
            left = until - self.times.monotonic()
            if left <= 0:
                return []
            if wait and (found := self._look(None if min(wait, left) == math.inf else min(wait, left))):
                return found


class Follower(Leaper):
    """Asks the leader, and goes as far as it was told."""

    def __init__(self, times: Times, wire: socket.socket) -> None:
        super().__init__(times, wire)
        self._asked = 0
        self._asked_at = -math.inf  # whatever stirred since makes the question and its answer void
        self._may: float | None = None  # as far as the answer goes; None: there is none

    def hear(self, data: bytes) -> None:
        if not data:
            os._exit(9)  # the leader is gone
        for number, until in _ASK.iter_unpack(data):
            if number == self._asked:
                self._may = until

    def leap(self, until: float) -> bool:
        void = work.sign > self._asked_at
        if self._may is None or void:
            if void:
                self._ask(until)
            return False
        if until <= self._may:
            self.times.leap(until)
            return True
        self.times.leap(self._may)
        self._ask(until)  # it is the leader's turn
        return False

    def _ask(self, until: float) -> None:
        assert self.wire is not None
        self._asked = (self._asked + 1) & 0xFFFFFFFF
        self._may, self._asked_at = None, _monotonic()
        self.wire.send(_ASK.pack(self._asked, until))


class Leader(Leaper):
    """Answers when it is at rest itself; leaps by itself while nobody follows."""

    def __init__(self, times: Times) -> None:
        super().__init__(times, None)
        self._question: tuple[int, float] | None = None

    @property
    def waits_for_children(self) -> bool:
        return self.wire is None  # the one that follows starts, or ends

    def attach(self, wire: socket.socket) -> None:
        self._question = None
        super().attach(wire)

    def hear(self, data: bytes) -> None:
        if not data:
            self.detach()
            self._question = None
            return
        *_, self._question = _ASK.iter_unpack(data)

    def leap(self, until: float) -> bool:
        if self.wire is None:
            if until < math.inf:
                self.times.leap(until)
                return True
            return False
        if self._question is not None:
            number, _ = self._question
            self._question = None
            try:
                self.wire.send(_ASK.pack(number, until))
            except OSError:
                self.detach()
        return False


class _Loop(asyncio.SelectorEventLoop):
    """Goes by the leaping clock."""

    def __init__(self, times: Times, selector: Leaper) -> None:
        super().__init__(selector)
        self._times = times

    def time(self) -> float:
        return self._times.monotonic()

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> asyncio.Future[Any]:
        job: asyncio.Future[Any] = super().run_in_executor(executor, func, *args)
        work.begins(job)
        return job

    async def shutdown_default_executor(self) -> None:
        ends = self.create_future()
        work.begins(ends)  # a thread of its own waits for the others
        try:
            await super().shutdown_default_executor()
        finally:
            ends.set_result(None)

    async def _make_subprocess_transport(self, *args: Any, **kwargs: Any) -> Any:
        child = await super()._make_subprocess_transport(*args, **kwargs)  # type: ignore[misc]
        work.children.append(child)
        return child


def lead(times: Times) -> tuple[asyncio.AbstractEventLoop, Leader]:
    """This process goes by `times` and decides when both leap."""
    _go_by(times)
    selector = Leader(times)
    return _Loop(times, selector), selector


def follow(times: Times, wire: socket.socket) -> None:
    """This process goes by `times`, on every loop that it makes."""
    _go_by(times)

    class Policy(asyncio.DefaultEventLoopPolicy):
        def new_event_loop(self) -> asyncio.AbstractEventLoop:
            return _Loop(times, Follower(times, wire.dup()))

    asyncio.set_event_loop_policy(Policy())


def _received(wire: socket.socket) -> bytes:
    """All that has come, b"" at its end."""
    data = b""
    while True:
        try:
            more = wire.recv(4096)
        except BlockingIOError:
            return data
        except OSError:
            more = b""
        data += more
        if not more or not len(data) % _ASK.size:
            return data


def _go_by(times: Times) -> None:
    import aiosqlite.core

    time.monotonic, time.time, time.clock_gettime = times.monotonic, times.time, times.boottime  # type: ignore[assignment]
    aiosqlite.core.SimpleQueue = Counted  # type: ignore[misc, assignment]

    def write(fd: int, data: Any) -> int:
        work.stirs()
        return _write(fd, data)

    os.write = write

    send = _SelectorSocketTransport.write

    def stirring(self: _SelectorSocketTransport, data: Any) -> None:
        work.stirs()
        send(self, data)

    _SelectorSocketTransport.write = stirring  # type: ignore[method-assign]
