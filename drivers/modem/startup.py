"""From an opened port to a modem that takes texts and reports calls: who are you, unlock, set up."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from drivers.modem import problems
from drivers.modem.engine import Answer, AtEngine, AtTimeoutError
from drivers.modem.profiles import Profile, choose
from drivers.modem.settings import ModemSettings
from gateway.core.problem import Problem

_UNION_STORES = {"MT", "BM"}  # MT is SM and ME together, BM holds broadcasts: both would show texts twice or none
READY = {"READY", "SIM PIN2", "SIM PUK2", "PH-NET PIN2"}  # what AT+CPIN? says of a card that may be used
_CME_SIM = {10: problems.SIM_MISSING, 13: problems.SIM_FAILED, 15: problems.SIM_FAILED, 12: problems.PUK_NEEDED}
PIN_ATTEMPTS = 3  # TS 11.11
NO_CARD = frozenset({*_CME_SIM, 11})  # AT+CPIN? is refused like this where the card is missing, broken or locked


class NotUsableError(Exception):
    """The modem answers, but a person has to do something first."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.say)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Started:
    """What was found out about the modem."""

    profile: Profile
    manufacturer: str
    model: str
    stores: tuple[str, ...]  # memories to sweep; () when the modem has no AT+CPMS
    notices: bool  # stored texts are announced
    reports: bool  # delivery reports will come
    has_smsc: bool


async def start(engine: AtEngine, settings: ModemSettings, profiles: Mapping[str, Profile]) -> Started:
    """Identify, unlock and set up. Raises NotUsableError, LinkLostError, and ProfileError for an unknown override."""
    engine.watch_echo(False)
    await _try(engine, "ATE0")
    await _try(engine, "AT+CMEE=1")
    engine.watch_echo()
    manufacturer = await _identity(engine, "AT+CGMI", "+CGMI")
    model = await _identity(engine, "AT+CGMM", "+CGMM")
    profile = choose(dict(profiles), manufacturer, model, settings.profile)
    engine.dialect = profile.dialect
    await _unlock(engine, settings, profile)
    for command in profile.init:
        if command.required:
            await _insist(engine, settings, command.send)
        else:
            await _try(engine, command.send)
    notices = reports = False
    for setting in profile.cnmi:
        answer = await _try(engine, f"AT+CNMI={setting}")
        if answer is not None and answer.ok:
            notices = True
            reports = setting.split(",")[3] != "0"
            break
    smsc = await has_smsc(engine)
    stores = await _stores(engine, profile)
    return Started(profile, manufacturer, model, stores, notices, reports, smsc)


async def has_smsc(engine: AtEngine) -> bool:
    """Whether a message center is known; a modem that does not say has one."""
    answer = await _try(engine, "AT+CSCA?", "+CSCA")
    fields = answer.fields("+CSCA") if answer is not None and answer.ok else None
    return fields is None or bool(fields[0])


async def _try(engine: AtEngine, text: str, *names: str) -> Answer | None:
    try:
        return await engine.command(text, *names)
    except AtTimeoutError:
        return None


async def _insist(engine: AtEngine, settings: ModemSettings, text: str) -> None:
    """A SIM800 refuses settings while its SIM is busy: try for a while before giving up."""
    for _ in _tries(settings):
        answer = await _try(engine, text)
        if answer is not None and answer.ok:
            return
        await asyncio.sleep(settings.timings.sim_retry_s)
    raise NotUsableError(problems.SETUP_REFUSED)


def _tries(settings: ModemSettings) -> range:
    return range(max(1, round(settings.timings.sim_busy_s / max(settings.timings.sim_retry_s, 0.001))))


async def _identity(engine: AtEngine, command: str, name: str) -> str:
    answer = await _try(engine, command)
    for line in answer.lines if answer is not None else ():
        if line.startswith(name):
            return line.partition(":")[2].strip().strip('"')
        if not line.startswith(("+", "^", "*")):
            return line.strip('"')
    return ""


async def _stores(engine: AtEngine, profile: Profile) -> tuple[str, ...]:
    answer = await _try(engine, "AT+CPMS=?", "+CPMS")
    line = next(iter(answer.lines), "") if answer is not None and answer.ok else ""
    first = re.search(r"\(([^)]*)\)", line)
    offered = re.findall(r'"([A-Z]{2})"', first[1]) if first else []
    found = tuple(dict.fromkeys(store for store in offered if store not in _UNION_STORES))
    if not found and "MT" in offered:
        return ("MT",)
    return found or profile.stores


async def _unlock(engine: AtEngine, settings: ModemSettings, profile: Profile) -> None:
    problem = problems.SIM_BUSY
    for _ in _tries(settings):
        answer = await _try(engine, "AT+CPIN?", "+CPIN")
        state = (answer.fields("+CPIN") or ("",))[0].upper() if answer is not None else ""
        if state in READY:
            return
        if state == "SIM PIN" or (answer is not None and answer.code == 11):
            await _enter_pin(engine, settings, profile)
            problem = problems.SIM_BUSY
        elif "PUK" in state or (answer is not None and answer.code == 12):
            raise NotUsableError(problems.PUK_NEEDED)
        elif answer is not None and answer.code in _CME_SIM:
            problem = _CME_SIM[answer.code]
            if answer.code == 10:
                raise NotUsableError(problem)
        elif state == "NOT INSERTED":
            raise NotUsableError(problems.SIM_MISSING)
        await asyncio.sleep(settings.timings.sim_retry_s)
    raise NotUsableError(problem)


async def _enter_pin(engine: AtEngine, settings: ModemSettings, profile: Profile) -> None:
    """Try the PIN once in its life, and never the last attempt. The try is written down before it is made."""
    if settings.pin is None:
        raise NotUsableError(problems.PIN_NEEDED)
    memory = PinMemory(settings)
    left = await _attempts_left(engine, profile)
    if memory.refused:
        raise NotUsableError(problems.PIN_REFUSED)
    if memory.trying and left is not None and left < memory.left:  # cut off before the answer was read: it was a no
        memory.note_refused()
        raise NotUsableError(problems.PIN_REFUSED)
    if left is not None and left <= 1:
        raise NotUsableError(problems.PIN_LAST_TRY)
    if memory.trying and left is None:
        raise NotUsableError(problems.PIN_UNSURE)
    try:
        memory.note_trying(left)
    except OSError as error:
        raise NotUsableError(problems.PIN_NOT_NOTED) from error
    answer = await _try(engine, f'AT+CPIN="{settings.pin}"')
    if answer is None:
        return  # the state is asked again; a second try needs a known number of attempts
    if answer.ok or answer.code in {14, 515}:  # 14, 515: busy, the PIN was not looked at
        memory.forget()
    else:
        memory.note_refused()
        raise NotUsableError(problems.PIN_REFUSED)


async def _attempts_left(engine: AtEngine, profile: Profile) -> int | None:
    """First number of the answer to the vendor's question for PIN attempts; None when it is not answered."""
    command = profile.pin_attempts
    if not command:
        return None
    name = command.removeprefix("AT").split("=")[0].split("?")[0]
    answer = await _try(engine, command, name)
    if answer is None or not answer.ok:
        return None
    numbers = (int(field) for field in answer.fields(name) or () if field.isdecimal())
    return next(numbers, None)


class PinMemory:
    """Remembers across restarts what happened to the PINs of a modem: a SIM locks itself after three wrong ones.

    `left` is how many attempts the card had before the one that was being made; where it did not say, all of them.
    """

    _in_memory: dict[str, str] = {}

    def __init__(self, settings: ModemSettings) -> None:
        self._digest = hashlib.sha256(f"{settings.name}:{settings.pin}".encode()).hexdigest()
        self._path: Path | None = settings.state_dir / f"{settings.name}.pin" if settings.state_dir else None
        self._name = settings.name
        self._lines = [line.split() for line in self._read().splitlines()]

    @property
    def refused(self) -> bool:
        """This PIN was refused once, whatever was tried since."""
        return ["refused", self._digest] in self._lines

    @property
    def trying(self) -> bool:
        """This PIN was being tried when the box stopped, or the modem fell silent."""
        return any(line[:2] == ["trying", self._digest] for line in self._lines)

    @property
    def left(self) -> int:
        """Of the attempt that was being made."""
        counts = [line[2] for line in self._lines if line[:1] == ["trying"] and len(line) > 2]
        return int(counts[-1]) if counts and counts[-1].isdecimal() else PIN_ATTEMPTS

    def note_trying(self, left: int | None) -> None:
        """Raises OSError when it cannot be made durable: then the PIN must not be tried."""
        self._write(["trying", self._digest, *([] if left is None else [str(left)])])

    def note_refused(self) -> None:
        """Raises OSError."""
        self._write(["refused", self._digest])

    def forget(self) -> None:
        """A PIN was right."""
        self._lines = []
        if self._path is None:
            self._in_memory.pop(self._name, None)
        else:
            self._path.unlink(missing_ok=True)

    def _write(self, line: list[str]) -> None:
        self._lines = [each for each in self._lines if each[:1] == ["refused"]] + [line]
        text = "".join(" ".join(each) + "\n" for each in self._lines)
        if self._path is None:
            self._in_memory[self._name] = text
            return
        new = self._path.with_suffix(".new")
        with new.open("w", encoding="ascii") as file:
            new.chmod(0o600)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)

    def _read(self) -> str:
        if self._path is None:
            return self._in_memory.get(self._name, "")
        try:
            return self._path.read_text(encoding="ascii")
        except FileNotFoundError:
            return ""
