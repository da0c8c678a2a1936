"""A GSM modem that is not there: a real pty, real bytes, AT commands, calls, texts, and faults on demand.

The program under test opens `path` with pyserial. The world is driven from this side: `ring`, `receive`, `report`,
`unplug`. Everything runs on one asyncio loop; `thread.SimulatedModemThread` and `python -m drivers.simulator` give it a
loop of its own.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from drivers.simulator import commands, pdu
from drivers.simulator.calls import CallState, SimulatedCall
from drivers.simulator.commands import Answer, Prompt
from drivers.simulator.dialects import DIALECTS, Dialect
from drivers.simulator.faults import Fate, Faults, Wire
from drivers.simulator.line import PtyLine
from drivers.simulator.network import JoinedText, SentText, SimulatedNetwork
from drivers.simulator.state import ModemState, RefusedError, SimCard

__all__ = [
    "DIALECTS",
    "CallState",
    "Dialect",
    "Fate",
    "Faults",
    "JoinedText",
    "SentText",
    "SimCard",
    "SimulatedCall",
    "SimulatedModem",
    "SimulatedNetwork",
    "Wire",
]

CTRL_Z = 0x1A
ESC = 0x1B
CLIP_GAP_S = 0.0  # +CLIP in the same burst as RING
PDU_LENGTH_ERROR = 304  # TS 27.005 3.2.5: invalid PDU mode parameter


class SimulatedModem:
    """One modem with one SIM. Use `start` and `stop`, or `async with`."""

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
        self.auto_report: bool | float = False  # True: report delivery at once; a number: after so many seconds
        self.commands: list[tuple[float, str]] = []  # (monotonic seconds, command line)
        self.damaged_bodies: list[str] = []  # AT+CMGS bodies that were no PDU of the announced length
        self.dialled_calls: list[SimulatedCall] = []
        self.on_command: list[Callable[[str], None]] = []
        self.on_dial: list[Callable[[SimulatedCall], None]] = []
        self.on_call_over: list[Callable[[SimulatedCall], None]] = []
        self._loop = loop
        self._line = PtyLine(self._received, link, wire, self.faults.random)
        self._waiting: deque[tuple[str, str, bool]] = deque()  # texts the network could not deliver yet
        self._jobs: asyncio.Queue[str] = asyncio.Queue()
        self._typed = bytearray()
        self._body: bytearray | None = None
        self._body_done: asyncio.Future[bytes | None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._world: set[asyncio.Task[None]] = set()
        self._concat_refs = itertools.count(1)
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
        if self.dialect.boot or self.dialect.boot_garbage:
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

    async def __aenter__(self) -> SimulatedModem:
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

    # ---- what the network took

    @property
    def sent(self) -> list[SentText]:
        return self.network.sent

    def sent_texts(self) -> list[JoinedText]:
        return self.network.sent_texts()

    @property
    def cmgs_count(self) -> int:
        """How many AT+CMGS commands arrived, whatever became of them."""
        return sum(1 for _, line in self.commands if line.upper().startswith("AT+CMGS="))

    # ---- the world rings

    def ring(
        self,
        caller: str | None,
        *,
        ton: int | None = None,
        rings: int | None = None,
        clip_gap_s: float = CLIP_GAP_S,
        clip_first: bool = False,
        period_s: float | None = None,
    ) -> SimulatedCall:
        """Call the modem. `caller` None is withheld; a leading "+" means type 145, else 129 unless `ton` says.

        Rings every `period_s` (default: the network's) until `hang_up`, or for `rings` periods and then gives up.
        """
        kind = ton if ton is not None else (145 if caller and caller.startswith("+") else 129)
        busy = self.state.open_call() is not None
        call = SimulatedCall(caller, kind, CallState.WAITING if busy else CallState.RINGING, self._call_over)
        if not self.plugged or not self.state.reachable:
            call.finish(CallState.UNREACHABLE)
            return call
        self.state.calls.append(call)
        if busy:
            if self.state.settings.ccwa:
                self.urc(f'+CCWA: "{caller or ""}",{kind if caller else 128},1')
        else:
            period = self.network.ring_period_s if period_s is None else period_s
            self._spawn_world(self._ring(call, rings, period, clip_gap_s, clip_first))
        return call

    async def _ring(
        self, call: SimulatedCall, rings: int | None, period_s: float, clip_gap_s: float, clip_first: bool
    ) -> None:
        while call.open and call.state is CallState.RINGING:
            if rings is not None and call.rings >= rings:
                call.hang_up()
                return
            call.rings += 1
            ring = "+CRING: VOICE" if self.state.settings.cring else "RING"
            lines = [ring, *([self._clip(call)] if self.state.settings.clip else [])]
            if clip_first:
                lines.reverse()
            if clip_gap_s and len(lines) == 2:
                self.urc(lines[0])
                await asyncio.sleep(clip_gap_s)
                if call.open:
                    self.urc(lines[1])
            else:
                self.urc(*lines)
            with suppress(TimeoutError):
                await asyncio.wait_for(call.ended.wait(), max(0.0, period_s - clip_gap_s))

    def _clip(self, call: SimulatedCall) -> str:
        if not call.number:
            return self.dialect.clip_withheld
        number = call.number if self.dialect.clip_plus else call.number.removeprefix("+")
        return self.dialect.clip.format(number=number, ton=call.ton, validity=0)

    def _call_over(self, call: SimulatedCall) -> None:
        for tell in self.on_call_over:
            tell(call)
        if call not in self.state.calls:
            return
        self.state.calls.remove(call)
        if call.state is CallState.MISSED:
            self.state.note_missed(call.number, call.ton)
        if not self.plugged or call.state is CallState.UNREACHABLE:
            return
        if call.state is CallState.MISSED and self.faults.strikes("silent_hangup"):
            return
        if call.state is CallState.REJECTED:
            return  # the answer to AT+CHUP says it
        form = self.dialect.missed if call.state is CallState.MISSED else self.dialect.ended
        clock = datetime.now().strftime("%I:%M%p")
        words = {"number": call.number or "", "clock": clock, "seconds": call.talk_seconds}
        self.urc(*(line.format(**words) for line in form))

    # ---- the world writes

    def receive(
        self,
        sender: str,
        body: str,
        *,
        scts: datetime | None = None,
        parts_out_of_order: bool = False,
        ref16: bool = False,
        ref: int | None = None,
        storage: str | None = None,
        direct: bool = False,
        ton: int | None = None,
        cut_pairs: bool = False,
        dcs: int | None = None,
    ) -> list[str]:
        """A text arrives for the SIM; returns its PDUs in the order of arrival.

        Stored in `storage` (default: what AT+CPMS chose) or, with `direct` or AT+CNMI mt=2, routed to the program.
        """
        at = scts or pdu.now()
        wide = not pdu.fits_gsm7(body)
        parts = pdu.split(body, ref16=ref16, cut_pairs=cut_pairs)
        reference = ref if ref is not None else next(self._concat_refs)
        pdus = []
        for number, part in enumerate(parts, 1):
            concat = pdu.Concat(reference, len(parts), number) if len(parts) > 1 else None
            pdus.append(pdu.encode_deliver(sender, part, at, ton=ton, concat=concat, ref16=ref16, ucs2=wide, dcs=dcs))
        if parts_out_of_order:
            pdus.reverse()
        for hex_text in pdus:
            self.receive_pdu(hex_text, storage=storage, direct=direct)
        return pdus

    def receive_pdu(self, hex_text: str, *, storage: str | None = None, direct: bool = False) -> None:
        """An SMS-DELIVER of your own making arrives. The network keeps it while the modem is gone or full."""
        self._waiting.append((hex_text, storage or "", direct))
        self._deliver_waiting()

    @property
    def undelivered(self) -> int:
        """Texts the network still holds for the modem."""
        return len(self._waiting)

    def _deliver_waiting(self) -> None:
        while self._waiting and self.plugged and self.state.reachable:
            hex_text, storage, direct = self._waiting[0]
            mode = self.state.settings.cnmi[1]
            if direct or mode == 2:
                self._waiting.popleft()
                self.state.unacknowledged += 1
                self._urc_with_pdu(f"+CMT: ,{pdu.tpdu_length(hex_text)}", hex_text)
                continue
            memory = self.state.memories[storage] if storage else self.state.memory(2)
            if memory.full or self.faults.storage_full:
                if self.dialect.memory_full:
                    self.urc(self.dialect.memory_full)
                return
            self._waiting.popleft()
            index = memory.put(hex_text)
            if mode == 1:
                self.urc(f'+CMTI: "{memory.name}",{index}')

    # ---- the world reports

    def report(self, ref: int, status: int = 0) -> None:
        """A delivery report for the newest text with reference `ref` arrives (TP-ST `status`, TS 23.040 9.2.3.15)."""
        text = self.network.find(ref)
        if text is None:
            raise ValueError(f"no text with reference {ref} was sent")
        self._arrive_report(text, status)
        if self.faults.strikes("duplicate_report"):
            self._arrive_report(text, status)

    def _arrive_report(self, text: SentText, status: int) -> None:
        hex_text = pdu.encode_report(text.ref, text.to, text.when, max(pdu.now(), text.when), status)
        match self.state.settings.cnmi[3]:
            case 1:
                self.state.unacknowledged += 1
                self._urc_with_pdu(f"+CDS: {pdu.tpdu_length(hex_text)}", hex_text)
            case 2:
                memory = self.state.memories.get("SR") or self.state.memories["SM"]
                if memory.full:
                    return
                index = memory.put(hex_text)
                self.urc('+CDSI: "SM",0' if self.dialect.cdsi_lies else f'+CDSI: "{memory.name}",{index}')
            case _:
                pass  # reports are off: the modem throws them away

    def _urc_with_pdu(self, line: str, hex_text: str) -> None:
        if not self.faults.split_cds_s:
            self.urc(line, hex_text, glued=True)
            return
        self.urc(line)
        self._loop_now().call_later(self.faults.split_cds_s, lambda: self._put(hex_text + self.dialect.eol))

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
        self._put(f"{eol}{final}{eol}")

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
            result = commands.run(self.state, line)
        except RefusedError as refusal:
            self._answer((), refusal.final)
            return
        if isinstance(result, Prompt):
            await self._send(result.length)
            return
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
            await asyncio.sleep(self.network.submit_s)
        code = faults.next_cms_error()
        if code or not self.state.reachable:
            self._answer((), f"+CMS ERROR: {code or faults.network_lost_code}")
            return
        text = self._taken(hex_text, submit)
        if faults.strikes("late_cmgs"):
            await asyncio.sleep(faults.late_cmgs_s)
        self._answer((f"+CMGS: {text.ref}",), "OK")

    def _taken(self, hex_text: str, submit: pdu.Submit) -> SentText:
        text = self.network.take(hex_text, submit)
        if text.wants_report and self.auto_report is not False:
            delay = 0.0 if self.auto_report is True else float(self.auto_report)
            self._spawn_world(self._report_later(text, delay))
        return text

    async def _report_later(self, text: SentText, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        self._arrive_report(text, 0)
        if self.faults.strikes("duplicate_report"):
            self._arrive_report(text, 0)

    # ---- chatter

    async def _boot(self) -> None:
        if self.dialect.boot_garbage:
            self.raw(self.dialect.boot_garbage)
        passed = 0.0
        for after_s, line in self.dialect.boot:
            await asyncio.sleep(after_s - passed)
            passed = after_s
            self.urc(line)

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


def hours_ago(hours: float) -> datetime:
    """A service centre time stamp in the past, for texts that arrive late."""
    return pdu.now() - timedelta(hours=hours)
