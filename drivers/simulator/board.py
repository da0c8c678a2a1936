"""The modem as a device: power, bytes in and out of the pty, one AT command at a time, AT+CMGS, status lines.

What the world does to it (calls, texts, reports) is in `modem`.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from drivers.simulator import command_line, commands, pdu
from drivers.simulator.at import Answer, Prompt
from drivers.simulator.calls import CallState, SimulatedCall
from drivers.simulator.dialects import DIALECTS
from drivers.simulator.faults import Fate, Faults, Wire
from drivers.simulator.line import PtyLine
from drivers.simulator.network import SentText, SimulatedNetwork
from drivers.simulator.state import ModemState, RefusedError, SimCard

CTRL_Z = 0x1A
ESC = 0x1B
PDU_LENGTH_ERROR = 304  # TS 27.005 3.2.5: invalid PDU mode parameter
SMSC_UNKNOWN = 330  # the same place: SMSC address unknown
NUMERIC = {"OK": "0", "NO CARRIER": "3", "ERROR": "4"}  # V.250 5.7.1, the results of ATV0


class ModemBoard:
    """The device side of `SimulatedModem`; the hooks at the end are where the world comes in."""

    def __init__(
        self,
        dialect: str = "generic",
        *,
        link: Path | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
        network: SimulatedNetwork | None = None,
        faults: Faults | None = None,
        latency_s: float = 0.0,
        wire: Wire = Wire.WHOLE,
        sim: SimCard | None = None,
    ) -> None:
        """`latency_s` passes between a command and its answer; `loop` defaults to the one that runs `start`."""
        if dialect not in DIALECTS:
            raise ValueError(f"unknown dialect {dialect!r}; known: {', '.join(DIALECTS)}")
        self.dialect = DIALECTS[dialect]
        self.network = network or SimulatedNetwork()
        self.faults = faults or Faults()
        self.sim = sim or SimCard()
        self.state = ModemState(self.dialect, self.network, self.faults, self.sim)
        self.latency_s = latency_s
        self.commands: list[tuple[float, str]] = []  # (monotonic seconds, command line)
        self.damaged_bodies: list[str] = []  # AT+CMGS bodies that were no PDU of the announced length
        self.dialled_calls: list[SimulatedCall] = []
        self.booted = asyncio.Event()  # the lines a modem says after power-up have all been said
        self.waits_for_network = False  # a PDU is on its way: after Ctrl-Z, before +CMGS
        self.on_command: list[Callable[[str], None]] = []
        self.on_prompt: list[Callable[[], None]] = []  # told right behind each "> " of AT+CMGS
        self.on_dial: list[Callable[[SimulatedCall], None]] = []
        self.on_call_over: list[Callable[[SimulatedCall], None]] = []
        self._loop = loop
        self._line = PtyLine(self._received, link, wire, self.faults.random)
        self._jobs: asyncio.Queue[str] = asyncio.Queue()
        self._typed = bytearray()
        self._body: bytearray | None = None
        self._body_done: asyncio.Future[bytes | None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._world: set[asyncio.Task[None]] = set()
        self._announced = -1

    # ---- power

    @property
    def path(self) -> str:
        """What the program should open."""
        return self._line.path

    @property
    def device(self) -> str:
        """The present /dev/pts name."""
        return self._line.device

    @property
    def plugged(self) -> bool:
        return self._line.plugged

    async def start(self) -> str:
        """Plug in and power up; returns `path`."""
        self._loop = self._loop or asyncio.get_running_loop()
        path = self._line.plug()
        self.state.power_up()
        self._typed.clear()
        self._jobs = asyncio.Queue()
        self._spawn(self._serve())
        self.booted.clear()
        self._spawn(self._boot())
        if self.dialect.noise_every_s:
            self._spawn(self._chatter())
        if self.dialect.flood:
            self._spawn(self._flood())
        self._announced = self.state.registration
        self._deliver_waiting()
        return path

    async def stop(self) -> None:
        """Unplug for good and end every task."""
        self.unplug()
        doomed = [*self._tasks, *self._world]
        for task in doomed:
            task.cancel()
        for task in doomed:
            with suppress(asyncio.CancelledError):
                await task

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def unplug(self) -> None:
        """Pull the plug: the line hangs up, settings are forgotten, calls are lost. Memories stay."""
        self._line.unplug()
        for task in self._tasks:
            task.cancel()
        self._body = self._body_done = None
        for call in list(self.state.calls):
            call.finish(CallState.UNREACHABLE)

    async def replug(self) -> str:
        """Plug in again: same link, another /dev/pts."""
        self.unplug()
        return await self.start()

    def forget(self) -> None:
        """Restart inside, as after a dip of the supply on a UART: nothing is unplugged, nothing said, all settings gone."""
        self.state.settings = type(self.state.settings)()

    def reenumerate(self, after_s: float = 0.0) -> None:
        """Disappear and come back by itself, as after a USB reset."""
        self.unplug()
        self._spawn_world(self._come_back(after_s))

    async def _come_back(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await self.start()

    async def _reset(self) -> None:
        await asyncio.sleep(self.dialect.reset_s)  # the program reads the OK first
        self.reenumerate(self.dialect.reset_s)

    def pull_sim(self, *, said: bool = False) -> None:
        """The card leaves its slot while the modem runs. `said`: the modem tells; many sticks do not, they only lose the network."""
        self.sim.present = False
        self.sim.unlocked = False
        if said:
            self.urc("+CPIN: NOT INSERTED")
        self._registration_changed()

    def put_sim(self) -> None:
        """The card is put in again; the network is found by itself where no PIN is asked for."""
        self.sim.present = True
        self._registration_changed()

    # ---- faults thrown while it runs

    def change_faults(self, changes: Mapping[str, object] | None = None, **more: object) -> None:
        """Throw switches of `Faults` by name; a change of registration is announced by +CREG."""
        self.faults.change({**(changes or {}), **more})
        self._registration_changed()

    def _registration_changed(self) -> None:
        if self.state.registration == self._announced:
            return
        self._announced = self.state.registration
        for name, mode in self.state.settings.creg.items():
            if mode:
                self.urc(f"{name}: {commands.registration_fields(self.state, name)}")
        if self.state.settings.ctzr and self.state.reachable and self.network.nitz:
            self.urc(f"+CTZV: {self.network.utc_offset_quarters:+03d}")
        self._deliver_waiting()

    # ---- bytes to the program

    def urc(self, *lines: str, glued: bool = False) -> None:
        """Write unsolicited lines now, whatever else goes on. `glued`: no blank line between them."""
        faults = self.faults
        if not self.plugged or faults.strikes("lose_urc"):
            return
        if faults.urcs_elsewhere and not self.state.settings.urc_port:
            return
        eol = self.dialect.eol
        if glued:
            self._put(eol + eol.join(lines) + eol)
        else:
            self._put("".join(f"{eol}{line}{eol}" for line in lines))

    def raw(self, data: bytes) -> None:
        """Write any bytes."""
        if not self.faults.deaf:
            self._line.write(data)

    def _put(self, text: str) -> None:
        data = text.encode("latin-1", "replace")
        faults = self.faults
        if faults.strikes("noise_inside"):
            middle = len(data) // 2
            data = data[:middle] + self._noise() + data[middle:]
        if faults.strikes("noise"):
            data = self._noise() + data
        self.raw(data)

    def _noise(self) -> bytes:
        return bytes(self.faults.random.choices(self.faults.noise_bytes, k=self.faults.random.randint(1, 4)))

    def _answer(self, lines: tuple[str, ...], final: str) -> None:
        eol = self.dialect.eol
        if self.faults.strikes("urc_in_answer"):
            self.urc(self.faults.urc_line)
        if lines:
            self._put(eol + eol.join(lines) + eol)
            if self.faults.strikes("urc_in_answer"):
                self.urc(self.faults.urc_line)
        settings = self.state.settings
        if settings.quiet:
            return
        self._put(f"{eol}{final}{eol}" if settings.verbose else NUMERIC.get(final, final) + "\r")

    # ---- bytes from the program

    def _received(self, data: bytes) -> None:
        if self.faults.deaf:
            return
        if self.state.settings.echo:
            self.raw(data.replace(b"\x1b", b"").replace(b"\x1a", b""))
        for octet in data:
            if self._body is not None:
                self._take_body(octet)
            elif octet == 0x0D:
                line = self._typed.decode("latin-1")
                self._typed.clear()
                place = line.upper().find("AT")
                if place >= 0:  # V.250 5.2.1: everything before "AT" is ignored
                    self._jobs.put_nowait(line[place:])
            elif octet not in {0x0A, ESC, CTRL_Z}:
                self._typed.append(octet)

    def _take_body(self, octet: int) -> None:
        assert self._body is not None
        if octet not in {CTRL_Z, ESC}:
            self._body.append(octet)
            return
        body, done = bytes(self._body), self._body_done
        self._body = self._body_done = None
        if done and not done.done():
            done.set_result(body if octet == CTRL_Z else None)

    async def _serve(self) -> None:
        while True:
            line = await self._jobs.get()
            self.commands.append((time.monotonic(), line))
            for tell in self.on_command:
                tell(line)
            if self.latency_s or self.faults.answer_delay_s:
                await asyncio.sleep(self.latency_s + self.faults.answer_delay_s)
            if self.faults.hang or self.faults.deaf:
                continue
            await self._run(line)

    async def _run(self, line: str) -> None:
        try:
            result = command_line.run(self.state, line)
        except RefusedError as refusal:
            self._answer((), refusal.final)
            return
        if isinstance(result, Prompt):
            await self._send(result.length)
            return
        if not (result.dial and self.faults.ok_when_connected):
            self._answer(result.lines, result.final)
        self._after(line, result)

    def _after(self, line: str, result: Answer) -> None:
        if result.dial:
            kind = 145 if result.dial.startswith("+") else 129
            call = SimulatedCall(result.dial, kind, CallState.DIALLING, self._call_over)
            self.state.calls.append(call)
            self.dialled_calls.append(call)
            for tell in self.on_dial:
                tell(call)
            self._dialled(call)
        if result.registration_changed:
            self._registration_changed()
        if result.reset:
            self._spawn_world(self._reset())
        upper = line.upper()
        if upper == "ATA" and result.final == "OK":
            self.urc(*self.dialect.begun)
        if "+CUSD=1," in upper and result.final == "OK":
            self.urc('+CUSD: 0,"Balance: 12.34. SPRING OFFER: caf\xe9",15')
        if "+CMGD" in upper or "+CPMS" in upper or "+CPIN" in upper:
            self._deliver_waiting()

    # ---- AT+CMGS

    async def _send(self, length: int) -> None:
        faults = self.faults
        if not self.state.reachable:
            self._answer((), f"+CMS ERROR: {faults.network_lost_code}")
            return
        if faults.strikes("late_prompt"):
            await asyncio.sleep(faults.late_prompt_s)
        self._body_done = self._loop_now().create_future()
        typed_ahead = "".join(line + "\r" for line in self._drain_jobs()).encode("latin-1") + bytes(self._typed)
        self._typed.clear()
        self._body = bytearray(typed_ahead)
        if not faults.strikes("no_prompt"):
            self._put(self.dialect.prompt)
            for tell in self.on_prompt:
                tell()
            if faults.strikes("urc_behind_prompt"):
                self.urc(faults.urc_line)
        body = await self._body_done
        if body is None:
            self._answer((), self.dialect.answers_esc)
            return
        await self._submit(body.decode("latin-1"), length)

    def _drain_jobs(self) -> list[str]:
        lines = []
        while not self._jobs.empty():
            lines.append(self._jobs.get_nowait())
        return lines

    async def _submit(self, body: str, length: int) -> None:
        faults = self.faults
        hex_text = body.strip("\r\n")
        try:
            submit = pdu.decode_submit(hex_text, length)
        except pdu.PduError:
            self.damaged_bodies.append(body)
            self._answer((), f"+CMS ERROR: {PDU_LENGTH_ERROR}")
            return
        if (fate := faults.take_fate("power_cut")) is not Fate.NONE:
            if fate is Fate.TAKEN:
                self._taken(hex_text, submit)
            self._loop_now().call_soon(self.unplug)
            await asyncio.sleep(0)
            return
        if (fate := faults.take_fate("silent_after_body")) is not Fate.NONE:
            if fate is Fate.TAKEN:
                self._taken(hex_text, submit)
            return
        if self.network.submit_s:
            self.waits_for_network = True
            try:
                await asyncio.sleep(self.network.submit_s)
            finally:
                self.waits_for_network = False
        code = faults.next_cms_error() or (0 if self.sim.smsc else SMSC_UNKNOWN)
        if code or not self.state.reachable:
            self._answer((), f"+CMS ERROR: {code or faults.network_lost_code}")
            return
        text = self._taken(hex_text, submit)
        if faults.strikes("late_cmgs"):
            await asyncio.sleep(faults.late_cmgs_s)
        self._answer((self.dialect.cmgs.format(ref=text.ref),), "OK")

    def _taken(self, hex_text: str, submit: pdu.Submit) -> SentText:
        text = self.network.take(hex_text, submit)
        self._was_taken(text)
        return text

    # ---- chatter

    async def _boot(self) -> None:
        if self.dialect.boot_garbage:
            self.raw(self.dialect.boot_garbage)
        passed = 0.0
        for after_s, line in self.dialect.boot:
            await asyncio.sleep(after_s - passed)
            passed = after_s
            self.urc(line)
        self.booted.set()

    async def _chatter(self) -> None:
        for line in itertools.cycle(self.dialect.noise):
            await asyncio.sleep(self.dialect.noise_every_s)
            if self.state.settings.status_lines:
                self.urc(line)

    async def _flood(self) -> None:
        while self.state.flooding:
            self.urc(self.dialect.flood)
            await asyncio.sleep(self.dialect.flood_every_s)

    # ---- tasks

    def _loop_now(self) -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        """Run until unplugged."""
        task = self._loop_now().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _spawn_world(self, work: Coroutine[object, object, None]) -> None:
        """Run until stopped, whether the modem is plugged in or not."""
        task = self._loop_now().create_task(work)
        self._world.add(task)
        task.add_done_callback(self._world.discard)

    # ---- where the world comes in

    def _deliver_waiting(self) -> None:
        """Power, network or room in a memory came back."""

    def _call_over(self, call: SimulatedCall) -> None:
        """A call at this modem has ended."""

    def _dialled(self, call: SimulatedCall) -> None:
        """The modem calls somebody."""

    def _was_taken(self, text: SentText) -> None:
        """The network took a text."""
