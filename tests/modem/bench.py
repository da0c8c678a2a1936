"""The driver on a simulated modem: a real pty between them, short time-outs, and a memory of what happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

from drivers.modem.modem import GsmModem
from drivers.modem.settings import ModemSettings, OnRing, Timings
from drivers.simulator.modem import SimulatedModem
from gateway.clock import SystemClock
from gateway.core.events import (
    CallEnded,
    CallRang,
    HealthReport,
    ReportReceived,
    SegmentReceived,
    SubmitResult,
)
from gateway.ports.devices import OutgoingSegment
from tests.waiting import until

CUSTOMER = "+12165550137"
DIALECTS = ("generic", "huawei", "quectel", "sim7600", "sim7670", "sim800", "zte")
FAST = Timings(
    command_s=1.0,
    list_s=1.0,
    probe_s=0.3,
    drain_s=0.02,
    prompt_s=0.3,
    accept_s=0.5,
    final_s=0.1,
    write_s=0.5,
    sweep_s=0.15,
    store_retry_s=0.02,
    idle_probe_s=0.1,
    supervise_s=0.2,
    registration_s=0.03,
    radio_off_after_s=60.0,
    radio_off_s=0.02,
    back_off_min_s=0.02,
    back_off_max_s=0.1,
    replug_poll_s=0.02,
    sim_busy_s=2.0,
    sim_retry_s=0.03,
    ring_silence_s=1.0,
    caller_id_s=0.45,
    late_caller_id_s=0.4,
    call_poll_s=0.65,
    call_setup_s=0.6,
    call_out_poll_s=0.1,
)


class DiskFullError(OSError):
    """What the store raises when it cannot commit."""


class Bench:
    """What the gateway saw of the modem."""

    def __init__(self, settings: ModemSettings, modem: SimulatedModem | None = None) -> None:
        if modem is not None:
            self.modem = modem
        self.events: list[object] = []
        self.health: list[HealthReport] = []
        self.refusing = 0  # how many events the store still refuses
        self.driver = GsmModem(settings, self._submit, self.health.append, SystemClock(), "boot")

    async def _submit(self, event: object) -> None:
        if self.refusing:
            self.refusing -= 1
            raise DiskFullError("no space left")
        self.events.append(event)

    @property
    def said(self) -> str:
        return self.health[-1].say if self.health else ""

    @property
    def rang(self) -> list[CallRang]:
        return [event for event in self.events if isinstance(event, CallRang)]

    @property
    def ended(self) -> list[CallEnded]:
        return [event for event in self.events if isinstance(event, CallEnded)]

    @property
    def texts(self) -> list[SegmentReceived]:
        """Segments, each identity once: the driver may offer a PDU again."""
        found = {event.identity: event for event in self.events if isinstance(event, SegmentReceived)}
        return list(found.values())

    @property
    def reports(self) -> list[ReportReceived]:
        found = {event.identity: event for event in self.events if isinstance(event, ReportReceived)}
        return list(found.values())

    async def until(self, happened: Callable[[], object], deadline_s: float = 30.0) -> None:
        await until(happened, lambda: f"health: {self.said!r}, events: {self.events}", deadline_s)

    async def send(self, body: str = "Sorry we missed you", **changes: object) -> SubmitResult:
        return await self.driver.submit(segment(body, **changes))


def segment(body: str = "Sorry we missed you", **changes: object) -> OutgoingSegment:
    whole = OutgoingSegment(
        to=CUSTOMER, body=body, ucs2=False, ref=None, number=1, total=1, validity_s=3600, want_report=True
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def settings_for(path: str, **changes: object) -> ModemSettings:
    return ModemSettings(path=path, **{"timings": FAST, "number": "+12165550100", **changes})  # type: ignore[arg-type]


@asynccontextmanager
async def served(
    settings: ModemSettings, modem: SimulatedModem | None = None, *, alone: bool = True
) -> AsyncIterator[Bench]:
    """The driver serving whatever is at its path. Checks at the end that it ran on and, when it was `alone` on the loop,
    left no task behind."""
    before = asyncio.all_tasks()
    made = Bench(settings, modem)
    running = asyncio.create_task(made.driver.run())
    try:
        yield made
        assert not running.done(), running.exception()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    left = {task for task in asyncio.all_tasks() - before if "drivers/modem" in repr(task) and not task.done()}
    assert not (alone and left), left


@asynccontextmanager
async def bench(
    modem: SimulatedModem, *, wait: bool = True, alone: bool = True, **changes: object
) -> AsyncIterator[Bench]:
    """The modem plugged in and the driver serving it."""
    async with (
        modem if not modem.plugged else nullcontext(),
        served(settings_for(modem.path, **changes), modem, alone=alone) as made,
    ):
        if wait:
            await modem.booted.wait()  # a start during the lines of power-up would be followed by another one
            await made.until(lambda: made.driver.ready)
        yield made


@asynccontextmanager
async def linked(folder: Path, modem_of: Callable[[Path], SimulatedModem]) -> AsyncIterator[Bench]:
    """A modem behind a stable link, as /dev/serial/by-id gives one."""
    async with bench(modem_of(folder / "modem")) as made:
        yield made


__all__ = ["CUSTOMER", "DIALECTS", "FAST", "Bench", "OnRing", "bench", "linked", "segment", "served", "settings_for"]
