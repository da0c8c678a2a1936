"""`textback doctor`: everything that can be wrong with a box, looked at, each with what to do about it.

While the gateway runs, it is asked for its devices at its side door: their ports are its own. While it does not, they are opened here,
by the same driver, and the gateway cannot start meanwhile. The machine around them is looked at here in either case.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from drivers.asterisk.checkup import judge
from drivers.asterisk.examine import examine
from drivers.asterisk.settings import Timings as AsteriskTimings
from drivers.modem.examine import Examination
from drivers.modem.settings import Timings
from gateway import control
from gateway.clockwatch import kernel_synchronised
from gateway.core.checkup import Checkup, Finding, Grade, as_data, read_findings
from gateway.core.numbers import masked
from gateway.doctor import bundle
from gateway.doctor.alone import DOCTOR_LOCK, LOCK, Taken, hold
from gateway.doctor.desk import Surroundings, around
from gateway.hardware import asterisk_settings, check_ringing, modem_settings, ringing_login
from gateway.settings import ModemConfig, Settings
from gateway.statefolder import SOCKET
from gateway.version import VERSION

ANSWER_S = 90.0  # the gateway asks its devices side by side, half a minute each at most
RING_S = 120.0  # for a person to take up a phone and dial
TEXT_S = 120.0  # a text to oneself takes 5 to 20 s
LOOK_EVERY_S = 0.5
MARKS = {Grade.PASS: "pass", Grade.WARN: "WARN", Grade.FAIL: "FAIL", Grade.SKIPPED: "skip"}

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    json: bool = False
    ring: bool = False
    text: bool = False


def doctor(settings: Settings, wanted: Wanted, out: TextIO, err: TextIO) -> bool:
    """Look at everything and print it; whether nothing has failed. What a person has to do meanwhile goes to `err`."""

    def say(line: str) -> None:
        print(line, file=err, flush=True)

    try:
        with hold(settings.state_dir, DOCTOR_LOCK):
            checkup = asyncio.run(check(settings, wanted, say))
    except Taken:
        say("textback doctor: another doctor is at work on this box - wait until it has ended")
        return False
    if wanted.json:
        print(json.dumps(data_of(checkup)), file=out)
    else:
        for line in lines_of(checkup):
            print(line, file=out)
    return checkup.worst is not Grade.FAIL


def support_bundle(settings: Settings, path: Path, out: TextIO, err: TextIO) -> bool:
    """Write a support bundle; whether that was possible."""
    now = datetime.now(UTC)
    try:
        with hold(settings.state_dir, DOCTOR_LOCK):
            checkup = asyncio.run(check(settings, Wanted(), lambda _line: None))
            try:
                status = asyncio.run(control.ask(settings.state_dir / SOCKET, {"do": "status"}))
            except (control.NotRunning, control.Refused):
                status = None
    except Taken:
        print("textback support-bundle: a doctor is at work on this box - wait until it has ended", file=err)
        return False
    try:
        config = settings.source.read_text(encoding="utf-8", errors="replace")
        bundle.write(path, bundle.collect(settings, config, data_of(checkup), status, now), now)
    except OSError as error:
        print(f"textback support-bundle: {path}: {error.strerror} - choose another place", file=err)
        return False
    print(
        f"{path}: {path.stat().st_size // 1024 + 1} kB, without secrets, names, numbers or texts. Look into it, then send it.",
        file=out,
    )
    return True


async def check(
    settings: Settings,
    wanted: Wanted,
    say: Say,
    timings: Timings | None = None,
    asterisk_timings: AsteriskTimings | None = None,
) -> Checkup:
    """All findings."""
    socket = settings.state_dir / SOCKET
    page, live, ours = "", False, None
    told: timedelta | None = None  # by how much the mobile network's time is ahead of the machine's clock
    try:
        answer = await control.ask(socket, {"do": "doctor"}, patience_s=ANSWER_S)
        findings, page, ours, live = list(read_findings(answer["findings"])), answer["page"], answer["pid"], True
        if answer.get("told"):
            told = datetime.fromisoformat(answer["told"]) - datetime.now(UTC)
        findings += await _tried_live(settings, wanted, socket, say)
    except control.Refused as refused:
        findings = [
            _gateway(
                Grade.FAIL,
                f"The gateway does not answer: {refused}.",
                "Start it again: sudo systemctl restart textback.",
            )
        ]
    except control.NotRunning as silent:
        try:
            with hold(settings.state_dir, LOCK):
                alone = _Alone(settings, timings or Timings(), asterisk_timings or AsteriskTimings())
                findings = [*alone.gateway(), *await alone.findings(wanted, say)]
        except Taken:
            findings = [
                _gateway(
                    Grade.FAIL,
                    f"The gateway holds its state folder, but does not answer, so the devices were not asked: {silent}.",
                    "Try again in a minute; if this stays, start it again: sudo systemctl restart textback.",
                )
            ]
    now = datetime.now(UTC) + (told or timedelta())
    where = Surroundings(settings, now, page, kernel_synchronised, ours, told=told is not None)
    findings += await asyncio.to_thread(around, where)
    return Checkup(datetime.now(UTC), tuple(findings), live, by="the command line")


def data_of(checkup: Checkup) -> dict[str, object]:
    """A check for `--json`."""
    return {
        "at": checkup.at.isoformat(timespec="seconds"),
        "version": VERSION,
        "running": checkup.live,
        "worst": checkup.worst.value,
        "checks": [as_data(finding) for finding in checkup.findings],
    }


def lines_of(checkup: Checkup) -> list[str]:
    """A check for a person: everything in the order in which it was looked at, and what it comes down to."""
    lines = []
    for finding in checkup.findings:
        head = f"{finding.part}: {finding.title}" if finding.part else finding.title
        lines.append(f"{MARKS[finding.grade]}  {head}: {finding.say}")
        if finding.remedy:
            lines.append(f"      what to do: {finding.remedy}")
    counts = ", ".join(f"{checkup.count(grade)} {grade}" for grade in Grade if checkup.count(grade))
    return [*lines, "", f"{counts}."]


def _gateway(grade: Grade, say: str, remedy: str = "") -> Finding:
    return Finding("gateway", "Gateway", grade, say, remedy)


class _Alone:
    """The devices, while no gateway runs that holds them."""

    def __init__(self, settings: Settings, timings: Timings, asterisk_timings: AsteriskTimings) -> None:
        self._settings = settings
        self._timings = timings
        self._asterisk_timings = asterisk_timings

    def gateway(self) -> list[Finding]:
        if not self._settings.state_dir.is_dir():
            say = f"The gateway has never run: there is no folder {self._settings.state_dir}."
            return [_gateway(Grade.FAIL, say, "Start it: sudo systemctl start textback.")]
        if not os.access(self._settings.state_dir, os.R_OK | os.X_OK):
            say = "Whoever runs this may not speak to the gateway."
            return [_gateway(Grade.FAIL, say, "Run it with sudo, or as the gateway's user.")]
        say = "The gateway does not run: no call is seen and nobody is texted."
        return [
            _gateway(
                Grade.FAIL, say, "Start it: sudo systemctl start textback. “journalctl -u textback” says why it ended."
            )
        ]

    async def findings(self, wanted: Wanted, say: Say) -> list[Finding]:
        found: list[Finding] = []
        if not os.access(self._settings.state_dir, os.R_OK | os.X_OK) and self._settings.state_dir.is_dir():
            return found  # the gateway may be running behind that door: its ports are left alone
        for modem in self._settings.modems:
            found += await self._modem(modem, wanted, say)
        for config in self._settings.asterisk:
            login = asterisk_settings(config, self._asterisk_timings)
            found += judge(login, await examine(login))
        if (ringing := ringing_login(self._settings, self._asterisk_timings)) is not None:
            found += await check_ringing(ringing)
        return found

    async def _modem(self, config: ModemConfig, wanted: Wanted, say: Say) -> list[Finding]:
        examination = Examination(modem_settings(config, self._settings, self._timings))
        try:
            found = list(await examination.findings())
            if wanted.ring:
                say(f"Call the number of the SIM in {config.name} now, and let it ring. Waiting {RING_S:.0f} s ...")
                rang, caller = await examination.ring(RING_S)
                found.append(ring_finding(rang, caller, config.name))
            if wanted.text:
                say_it = "A text to itself goes through the gateway, which does not run."
                found.append(
                    Finding("round_trip", "Text to itself", Grade.SKIPPED, say_it, "Start the gateway.", config.name)
                )
            return found
        finally:
            examination.close()


def ring_finding(rang: bool, caller: str | None, part: str) -> Finding:
    """What came of a call that somebody was asked to make."""
    title = "Test call"
    if not rang:
        return Finding(
            "ring",
            title,
            Grade.FAIL,
            "No call came in while it was waited for.",
            "If you did call: the SIM's plan may have no voice, or none in this modem (VoLTE); ask the carrier, or use another modem."
            " With a forwarded line, look at the forwarding. With Asterisk, look at inbound_contexts in the settings.",
            part,
        )
    say = (
        f"A call came in, from {masked(caller)}." if caller else "A call came in; its number was withheld or not told."
    )
    grade, remedy = (Grade.PASS, "") if caller else (Grade.WARN, "Call once more with your number shown.")
    return Finding("ring", title, grade, say, remedy, part)


async def _tried_live(settings: Settings, wanted: Wanted, socket: Path, say: Say) -> list[Finding]:
    """The tests in which a person or the network takes part, on the running gateway."""
    found = []
    if wanted.ring:
        found.append(await _ring_live(socket, say))
    if wanted.text:
        for modem in settings.modems:
            found.append(await _round_trip(modem, socket, say))
    return found


async def _ring_live(socket: Path, say: Say) -> Finding:
    before = (await control.ask(socket, {"do": "heard"}))["call"]
    say(f"Call your number now, and let it ring. The caller will be texted like any other. Waiting {RING_S:.0f} s ...")

    async def came() -> bool:
        return bool((await control.ask(socket, {"do": "heard"}))["call"] > before)

    if not await _within(RING_S, came):
        return ring_finding(False, None, "")
    return Finding("ring", "Test call", Grade.PASS, "A call came in; what became of it is on the page “Calls”.")


async def _round_trip(modem: ModemConfig, socket: Path, say: Say) -> Finding:
    key, title, part = "round_trip", "Text to itself", modem.name
    if modem.number is None:
        say_it = "The settings do not say which number the SIM has."
        return Finding(
            key, title, Grade.SKIPPED, say_it, "Write the SIM's number into the settings as modem: number.", part
        )
    before = (await control.ask(socket, {"do": "heard", "from": modem.number}))["letter"]
    try:
        sent = await control.ask(socket, {"do": "send-test", "to": modem.number})
    except control.Refused as refused:
        return Finding(key, title, Grade.FAIL, f"The test text was not sent: {refused}.", "Look at what it says.", part)
    say(f"A text to the SIM's own number {masked(modem.number)} is on its way. Waiting {TEXT_S:.0f} s ...")

    async def came() -> bool:
        return bool((await control.ask(socket, {"do": "heard", "from": modem.number}))["letter"] > before)

    if await _within(TEXT_S, came):
        return Finding(key, title, Grade.PASS, "A text to the SIM's own number went out and came back.", part=part)
    state = await control.ask(socket, {"do": "text", "key": sent["key"]})
    return Finding(
        key,
        title,
        Grade.FAIL,
        f"A text to the SIM's own number did not come back; the last word on it: {state['say'] or state['state']}.",
        "Check modem: number in the settings, the SIM's credit, and with the carrier whether texting is switched on.",
        part,
    )


async def _within(seconds: float, happened: Callable[[], Awaitable[bool]]) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not await happened():  # noqa: ASYNC110 - it happens in another process
                await asyncio.sleep(LOOK_EVERY_S)
            return True
    return False
