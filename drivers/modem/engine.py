"""One opened serial line that speaks AT: commands out, answers and unsolicited lines in.

An engine is used once. It starts *dirty*: before the first command, and after every time-out or cancellation, it sends
ESC (a modem left in the prompt takes nothing else), CR, listens until the line is quiet and wants AT -> OK. When that
fails three times, when the port is gone, or when a PDU was handed over and no answer came, the engine is *lost*: it
closes the port, so that a late answer can never be taken for the answer to something else; its owner opens a new one.

One lock is one transaction; AT+CMGS, its prompt and the PDU are one. Lines are judged by their own beginning: the
answer that is waited for, else something unsolicited, else a line of the answer. Nothing but the PDU and Ctrl-Z follows
a prompt.
"""

from __future__ import annotations

import asyncio
import os
import re
import termios
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import serial

from drivers.modem import urc
from drivers.modem.error_words import error_number
from drivers.modem.lines import LineSplitter, Prompt, Token
from drivers.modem.settings import Timings
from gateway.ports.devices import Recorder, Unrecorded

ESC, CTRL_Z = b"\x1b", b"\x1a"
RESYNC_TRIES = 3  # a booting modem swallows the first command or two
READ_SIZE = 4096
PROBES = ("AT", "ATQ0V1")  # the second heals a modem that another program left saying numbers or nothing (V.250 6.2)
PDU_AFTER_LINES = 30  # a PDU may come behind its +CMT or +CDS after some lines of an answer: one listed text or a few
_FINAL = re.compile(r"OK|ERROR|ERROR\+.*|\+CM[ES] ERROR:.*|COMMAND NOT SUPPORT.*|TOO MANY PARAMETERS?")
_HEX = re.compile(r"[0-9A-Fa-f]{2,}")


class LinkLostError(Exception):
    """The line to the modem is closed for good; `reason` says why."""

    def __init__(self, reason: str, unplugged: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.unplugged = unplugged


class AtTimeoutError(Exception):
    """No final answer in time. The engine resynchronises before the next command."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Lines of an answer and its final result."""

    lines: tuple[str, ...]
    final: str

    @property
    def ok(self) -> bool:
        return self.final == "OK"

    @property
    def code(self) -> int | None:
        """Number of a +CMS or +CME ERROR, also when it was said in words."""
        return error_number(self.final)

    def fields(self, name: str) -> tuple[str, ...] | None:
        """Fields of the last line called `name`; the last, because an unsolicited one may have come before."""
        for line in reversed(self.lines):
            if urc.name_of(line) == name:
                return urc.split_fields(line)
        return None


class HandOver(StrEnum):
    """How far a PDU got."""

    LOST_BEFORE = "lost before"  # port gone before Ctrl-Z was written
    NO_PROMPT = "no prompt"
    REFUSED = "refused"  # an error instead of the prompt
    ANSWERED = "answered"  # a final result after the PDU
    REFERENCE_ONLY = "reference only"  # +CMGS: <ref> and then nothing
    SILENT = "silent"  # Ctrl-Z was written, then nothing
    LOST_AFTER = "lost after"


@dataclass(frozen=True, slots=True)
class Handed:
    """Outcome of `AtEngine.hand_over`."""

    how: HandOver
    answer: Answer


class _State(StrEnum):
    IDLE = "idle"
    ANSWER = "answer"  # a command waits for its final result
    PROMPT = "prompt"  # AT+CMGS waits for its prompt
    BODY = "body"  # the PDU was written
    DRAIN = "drain"  # resynchronising


@dataclass(slots=True)
class _Pending:
    command: str
    names: frozenset[str]
    lines: list[str]
    final: asyncio.Future[str]
    prompt: asyncio.Future[None]
    reference: asyncio.Event
    finals: frozenset[str] = frozenset()


class AtEngine:
    """See the module's text. Make it with `AtEngine.open`; everything runs on the current event loop."""

    def __init__(
        self, port: serial.Serial, timings: Timings, on_urc: Callable[[str, str | None], None], recorder: Recorder
    ) -> None:
        self._port = port
        self._fd: int = port.fileno()
        self._timings = timings
        self._on_urc = on_urc
        self._recorder = recorder
        self._loop = asyncio.get_running_loop()
        self._splitter = LineSplitter()
        self._state = _State.IDLE
        self._pending: _Pending | None = None
        self._two_line: str | None = None
        self._two_line_age = 0
        self._echoed = False  # the last command came back
        self._echo_is_off = False
        self._dirty = True
        self._loss: LinkLostError | None = None
        self.lock = asyncio.Lock()
        self.lost = asyncio.Event()
        self.dialect = urc.Dialect()
        self.last_line_at = self._loop.time()
        self.discards: dict[str, int] = {}
        self._loop.add_reader(self._fd, self._read)

    @classmethod
    def open(
        cls,
        path: str,
        baud: int,
        rtscts: bool,
        timings: Timings,
        on_urc: Callable[[str, str | None], None],
        recorder: Recorder | None = None,
    ) -> AtEngine:
        """Open the port for this process alone. Raises OSError (with errno) when that cannot be done."""
        try:
            port = serial.Serial(path, baud, timeout=0, write_timeout=0, exclusive=True, rtscts=rtscts)
        except termios.error as error:  # the device vanished while it was being set up
            raise OSError(*error.args) from error
        return cls(port, timings, on_urc, recorder or Unrecorded())

    @property
    def loss(self) -> LinkLostError | None:
        """Why the engine can no longer be used; None while it can."""
        return self._loss

    def close(self, reason: str, unplugged: bool = False) -> None:
        """Throw the engine away: whoever waits gets LinkLostError. Harmless when repeated."""
        if self._loss is not None:
            return
        self._loss = LinkLostError(reason, unplugged)
        self._loop.remove_reader(self._fd)
        self._loop.remove_writer(self._fd)
        try:
            self._port.reset_output_buffer()  # closing a serial line waits up to 30 s for bytes nobody takes
            self._port.close()
        except (OSError, termios.error):
            self._count("close failed")
        if self._pending is not None:
            _fail(self._pending.final, self._loss)
            _fail(self._pending.prompt, self._loss)
            self._pending.reference.set()
        self.lost.set()

    async def command(self, text: str, *names: str, timeout: float | None = None) -> Answer:
        """One command as a transaction of its own. Raises AtTimeoutError, LinkLostError."""
        async with self.lock:
            return await self.ask(text, *names, timeout=timeout)

    async def ask(
        self, text: str, *names: str, timeout: float | None = None, finals: frozenset[str] = frozenset()
    ) -> Answer:
        """One command inside a transaction (the caller holds `lock`). `names` open the lines of its answer; `finals` are lines
        that end it beside OK and the errors."""
        self._check()
        if self._dirty:
            await self._resync()
        return await self._exchange(text, names, self._timings.command_s if timeout is None else timeout, finals)

    def watch_echo(self, watch: bool = True) -> None:
        """From now on an echo tells of a restart, unless the last command still had one.

        A board on a UART that restarts after a dip of its supply may say nothing, and would name no caller any more.
        """
        self._echo_is_off = watch and not self._echoed

    async def shout(self, text: str) -> None:
        """A command to a modem that does not answer; nobody waits for what it says. Raises LinkLostError."""
        async with self.lock:
            self._dirty = True
            await self._write(ESC + b"\r" + text.encode("ascii") + b"\r")

    async def hand_over(
        self, pdu: str, length: int, about_to_write: Callable[[], Awaitable[None]] | None = None
    ) -> Handed:
        """AT+CMGS with its prompt and its PDU. `about_to_write` is awaited before the first byte leaves.

        Raises ValueError when `pdu` is not plain hexadecimal; never for anything the modem or the line does.
        Cancelled after Ctrl-Z, the engine is lost; cancelled before, the prompt is left by ESC.
        """
        if not _HEX.fullmatch(pdu) or len(pdu) % 2:
            raise ValueError("a PDU is hexadecimal octets only")
        async with self.lock:
            try:
                self._check()
                if self._dirty:
                    await self._resync()
            except (LinkLostError, AtTimeoutError) as error:
                return Handed(HandOver.LOST_BEFORE, Answer((), str(error)))
            if about_to_write is not None:
                await about_to_write()
            if self._loss is not None:
                return Handed(HandOver.LOST_BEFORE, Answer((), self._loss.reason))
            return await self._hand_over(pdu, length)

    async def _hand_over(self, pdu: str, length: int) -> Handed:
        pending = self._begin(f"AT+CMGS={length}", ("+CMGS",), _State.PROMPT)
        written = False
        try:
            await self._write(f"AT+CMGS={length}\r".encode())
            either: set[asyncio.Future[Any]] = {pending.prompt, pending.final}
            await asyncio.wait(either, timeout=self._timings.prompt_s, return_when=asyncio.FIRST_COMPLETED)
            if not pending.prompt.done():
                if pending.final.done():
                    return Handed(HandOver.REFUSED, self._answer(pending))
                self._escape()
                return Handed(HandOver.NO_PROMPT, Answer(tuple(pending.lines), "no prompt"))
            pending.prompt.result()
            if pending.final.done():  # an error in the same breath as the prompt: the modem does not wait for a PDU
                self._escape()
                return Handed(HandOver.REFUSED, self._answer(pending))
            self._state = _State.BODY
            await self._write(pdu.encode() + CTRL_Z)
            written = True
            return await self._verdict(pending)
        except LinkLostError as lost:
            return Handed(HandOver.LOST_AFTER if written else HandOver.LOST_BEFORE, Answer((), lost.reason))
        except asyncio.CancelledError:
            if self._state is _State.BODY:
                self.close("cancelled after the PDU was handed over")
            else:
                self._escape()
            raise
        finally:
            self._end(pending)

    async def _verdict(self, pending: _Pending) -> Handed:
        await asyncio.wait({pending.final}, timeout=self._timings.accept_s)
        if not pending.final.done() and pending.reference.is_set():
            await asyncio.wait({pending.final}, timeout=self._timings.final_s)
        if pending.final.done() and pending.final.exception() is None:
            return Handed(HandOver.ANSWERED, self._answer(pending))
        lines = tuple(pending.lines)
        if pending.final.done():
            reason = self._loss.reason if self._loss else "lost"
            how = HandOver.REFERENCE_ONLY if lines else HandOver.LOST_AFTER
            return Handed(how, Answer(lines, reason))
        self.close("no answer after the PDU was handed over")
        return Handed(HandOver.REFERENCE_ONLY if lines else HandOver.SILENT, Answer(lines, "silence"))

    async def _exchange(
        self, text: str, names: tuple[str, ...], timeout: float, finals: frozenset[str] = frozenset()
    ) -> Answer:
        pending = self._begin(text, names, _State.ANSWER)
        pending.finals = finals
        try:
            await self._write(text.encode("ascii") + b"\r")
            async with asyncio.timeout(timeout):
                await pending.final
            return self._answer(pending)
        except TimeoutError:
            self._dirty = True
            silence = f"no answer to {text.split('=')[0]} in {timeout:g} s"
            self._recorder.keep(silence)
            raise AtTimeoutError(silence) from None
        except asyncio.CancelledError:
            self._dirty = True
            raise
        finally:
            self._end(pending)

    async def _resync(self) -> None:
        for attempt in range(RESYNC_TRIES):
            self._state = _State.DRAIN
            try:
                await self._write(ESC + b"\r")
                await self._quiet()
            finally:
                self._state = _State.IDLE
            try:
                self._dirty = False
                probe = PROBES[attempt % len(PROBES)]
                if (await self._exchange(probe, (), self._timings.probe_s)).ok and not self._dirty:
                    return
            except AtTimeoutError:
                continue
        self.close("the modem does not answer AT")
        self._check()

    async def _quiet(self) -> None:
        """Until no line came for `drain_s`, at most four times as long: some modems are never quiet."""
        give_up = self._loop.time() + 4 * self._timings.drain_s
        begun = self._loop.time()
        while (now := self._loop.time()) < give_up:
            wait = max(begun, self.last_line_at) + self._timings.drain_s - now
            if wait <= 0:
                break
            await asyncio.sleep(min(wait, give_up - now))
        self._check()

    def _begin(self, command: str, names: tuple[str, ...], state: _State) -> _Pending:
        self._pending = _Pending(
            command, frozenset(names), [], self._loop.create_future(), self._loop.create_future(), asyncio.Event()
        )
        self._state = state
        self._echoed = False
        return self._pending

    def _end(self, pending: _Pending) -> None:
        for future in (pending.final, pending.prompt):
            if future.done() and not future.cancelled():
                future.exception()  # seen: nobody needs to be told again
            else:
                future.cancel()
        if self._pending is pending:
            self._pending = None
            self._state = _State.IDLE

    def _answer(self, pending: _Pending) -> Answer:
        return Answer(tuple(pending.lines), pending.final.result())

    def _check(self) -> None:
        if self._loss is not None:
            raise LinkLostError(self._loss.reason, self._loss.unplugged)

    def _count(self, what: str) -> None:
        self.discards[what] = self.discards.get(what, 0) + 1

    async def _write(self, data: bytes) -> None:
        """All of `data`, or LinkLostError: a modem that takes no bytes is as good as gone."""
        self._recorder.note(">", data.decode("ascii", "replace"))
        left = memoryview(data)
        deadline = self._loop.time() + self._timings.write_s
        while True:
            self._check()
            try:
                left = left[os.write(self._fd, left) :]
            except BlockingIOError:
                pass
            except OSError as error:
                self.close(f"the port is gone ({error.strerror})", unplugged=True)
                continue
            if not left:
                return
            ready = asyncio.Event()
            self._loop.add_writer(self._fd, ready.set)
            try:
                async with asyncio.timeout_at(deadline):
                    await ready.wait()
            except TimeoutError:
                self.close("the modem takes no bytes")
            finally:
                if self._loss is None:
                    self._loop.remove_writer(self._fd)

    def _escape(self) -> None:
        """Leave the prompt now, as far as the port takes a byte; the resynchronisation makes sure."""
        self._dirty = True
        if self._loss is None:
            try:
                os.write(self._fd, ESC)
            except BlockingIOError:
                self._count("ESC not written")
            except OSError as error:
                self.close(f"the port is gone ({error.strerror})", unplugged=True)

    def _read(self) -> None:
        try:
            data = os.read(self._fd, READ_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            self.close(f"the port is gone ({error.strerror})", unplugged=True)
            return
        if not data:
            self.close("the port is gone (hang-up)", unplugged=True)
            return
        for token in self._splitter.feed(data):
            self._take(token)
        if self._splitter.discarded:
            self.discards["bytes of endless lines"] = self._splitter.discarded

    def _take(self, token: Token) -> None:
        self.last_line_at = self._loop.time()
        if isinstance(token, Prompt):
            self._recorder.note("<", "> ")
            self._prompted()
            return
        self._recorder.note("<", token)
        if self._two_line is not None:
            if self._belongs(token, self._two_line):
                announced, self._two_line = self._two_line, None
                self._on_urc(announced, token)
                return
            self._two_line_age += 1
            if self._two_line_age > PDU_AFTER_LINES:
                self._two_line = None
                self._count("announcement without PDU")
        self._route(token)

    def _belongs(self, token: str, announcement: str) -> bool:
        """Whether `token` is the announced PDU: as long as announced, or, while no command is answered, the next line."""
        if not _HEX.fullmatch(token) or len(token) % 2:
            return False
        length = urc.split_fields(announcement)[-1]
        if length.isdecimal() and urc.tpdu_octets(token) == int(length):
            return True
        return self._pending is None and self._two_line_age == 0

    def _prompted(self) -> None:
        if self._state is _State.PROMPT and self._pending is not None:
            if not self._pending.prompt.done():
                self._pending.prompt.set_result(None)
        elif self._state is not _State.BODY:
            self._count("late prompt")
            self._escape()

    def _route(self, line: str) -> None:
        pending = self._pending
        if pending is not None and urc.name_of(line) in pending.names:
            pending.lines.append(line)
            pending.reference.set()
        elif pending is not None and line in pending.finals and not pending.final.done():
            pending.final.set_result(line)
        elif urc.is_unsolicited(line, self.dialect):
            if urc.carries_next_line(line):
                if self._two_line is not None:
                    self._count("announcement without PDU")
                self._two_line, self._two_line_age = line, 0
            else:
                self._on_urc(line, None)
        elif pending is None:
            self._count("late answer" if _FINAL.fullmatch(line) else "line nobody waits for")
        elif _FINAL.fullmatch(line):
            if self._state is _State.PROMPT and line == "OK":
                self._count("late answer")  # AT+CMGS is never answered by OK before its prompt
            elif not pending.final.done():
                pending.final.set_result(line)
        elif line == pending.command:
            self._echoed = True
            if self._echo_is_off:
                self.close("the modem has restarted without saying so: its echo is on again")
        elif line.upper().startswith("AT") or self._state in {_State.PROMPT, _State.BODY}:
            self._count("echo or noise")  # neither prompt nor PDU has free lines in its answer
        else:
            pending.lines.append(line)


def _fail(future: asyncio.Future[str] | asyncio.Future[None], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
