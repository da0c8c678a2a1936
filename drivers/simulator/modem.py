"""A GSM modem that is not there: a real pty, real bytes, AT commands, calls, texts, and faults on demand.

The program under test opens `path` with pyserial. The world is driven from this side: `ring`, `receive`, `report`,
`unplug`. Everything runs on one asyncio loop; `thread.SimulatedModemThread` and `python -m drivers.simulator` give it a
loop of its own.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from drivers.simulator import pdu
from drivers.simulator.board import ModemBoard
from drivers.simulator.calls import Answering, CallState, SimulatedCall
from drivers.simulator.dialects import DIALECTS, Dialect
from drivers.simulator.faults import Fate, Faults, Wire
from drivers.simulator.network import JoinedText, SentText, SimulatedNetwork
from drivers.simulator.state import SimCard

__all__ = [
    "DIALECTS",
    "Answering",
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

CLIP_GAP_S = 0.0  # +CLIP in the same burst as RING


class SimulatedModem(ModemBoard):
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
        super().__init__(
            dialect, link=link, loop=loop, network=network, faults=faults, latency_s=latency_s, wire=wire, sim=sim
        )
        self.auto_report: bool | float = False  # True: report delivery at once; a number: after so many seconds
        self._waiting: deque[tuple[str, str, bool]] = deque()  # texts the network could not deliver yet
        self._concat_refs = itertools.count(1)

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
        form = {
            CallState.MISSED: self.dialect.missed,
            CallState.BUSY: self.dialect.busy,
            CallState.NOT_ANSWERED: self.dialect.not_answered,
            CallState.REFUSED: self.dialect.refused_call,
        }.get(call.state, self.dialect.ended)
        clock = datetime.now().strftime("%I:%M%p")
        words = {"number": call.number or "", "clock": clock, "seconds": call.talk_seconds}
        self.urc(*(line.format(**words) for line in form))

    # ---- the modem rings somebody

    def _dialled(self, call: SimulatedCall) -> None:
        fate = self.network.answers.get(call.number or "", Answering.STAYS)
        if fate is not Answering.STAYS:
            self._spawn_world(self._called(call, fate))

    async def _called(self, call: SimulatedCall, fate: Answering) -> None:
        """The other end of a call out, until somebody hangs up."""

        async def over_within(seconds: float) -> bool:
            with suppress(TimeoutError):
                await asyncio.wait_for(call.ended.wait(), seconds)
            return not call.open

        def tell(lines: tuple[str, ...]) -> None:
            if lines:
                self.urc(*lines)

        tell(self.dialect.dialled)
        if await over_within(self.network.setup_s):
            return
        match fate:
            case Answering.BUSY:
                call.finish(CallState.BUSY)
                return
            case Answering.REFUSED:
                call.finish(CallState.REFUSED)
                return
            case _:
                call.state = CallState.ALERTING
                tell(self.dialect.alerting)
        if fate is Answering.RINGS or await over_within(self.network.answer_s):
            return
        match fate:
            case Answering.DECLINED:
                call.finish(CallState.FINISHED)
            case Answering.NOT_ANSWERED:
                call.finish(CallState.NOT_ANSWERED)
            case _:
                call.pick_up()
                tell(self.dialect.connected)
                if self.faults.ok_when_connected:
                    self._answer((), "OK")

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
        at = scts or self.network.clock()
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
        self._arrive_reports(text, status)

    def _arrive_reports(self, text: SentText, status: int) -> None:
        """One report; where the network gives it twice, the same one again."""
        hex_text = pdu.encode_report(text.ref, text.to, text.when, max(self.network.clock(), text.when), status)
        self._arrive_report(hex_text)
        if self.faults.strikes("duplicate_report"):
            self._arrive_report(hex_text)

    def _arrive_report(self, hex_text: str) -> None:
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

    def _was_taken(self, text: SentText) -> None:
        if text.wants_report and self.auto_report is not False:
            delay = 0.0 if self.auto_report is True else float(self.auto_report)
            self._spawn_world(self._report_later(text, delay))

    async def _report_later(self, text: SentText, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        self._arrive_reports(text, 0)
