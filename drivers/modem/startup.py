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
_READY = {"READY", "SIM PIN2", "SIM PUK2", "PH-NET PIN2"}
_CME_SIM = {10: problems.SIM_MISSING, 13: problems.SIM_FAILED, 15: problems.SIM_FAILED, 12: problems.PUK_NEEDED}


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
    smsc = await _try(engine, "AT+CSCA?", "+CSCA")
    fields = smsc.fields("+CSCA") if smsc is not None and smsc.ok else None
    stores = await _stores(engine, profile)
    return Started(profile, manufacturer, model, stores, notices, reports, has_smsc=fields is None or bool(fields[0]))


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
        if state in _READY:
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
    if memory.says("refused"):
        raise NotUsableError(problems.PIN_REFUSED)
    if left is not None and left <= 1:
        raise NotUsableError(problems.PIN_LAST_TRY)
    if memory.says("trying") and left is None:
        raise NotUsableError(problems.PIN_UNSURE)
    try:
        memory.write("trying")
    except OSError as error:
        raise NotUsableError(problems.PIN_NOT_NOTED) from error
    answer = await _try(engine, f'AT+CPIN="{settings.pin}"')
    if answer is None:
        return  # the state is asked again; a second try needs a known number of attempts
    if answer.ok or answer.code in {14, 515}:  # 14, 515: busy, the PIN was not looked at
        memory.forget()
    else:
        memory.write("refused")
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
    """Remembers across restarts what happened to a PIN: a SIM locks itself after three wrong ones."""

    _in_memory: dict[str, str] = {}

    def __init__(self, settings: ModemSettings) -> None:
        self._digest = hashlib.sha256(f"{settings.name}:{settings.pin}".encode()).hexdigest()
        self._path: Path | None = settings.state_dir / f"{settings.name}.pin" if settings.state_dir else None

    def says(self, what: str) -> bool:
        return self._read() == f"{what} {self._digest}"

    def write(self, what: str) -> None:
        """Raises OSError when it cannot be made durable: then the PIN must not be tried."""
        text = f"{what} {self._digest}"
        if self._path is None:
            self._in_memory[self._digest] = text
            return
        new = self._path.with_suffix(".new")
        with new.open("w", encoding="ascii") as file:
            new.chmod(0o600)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)

    def forget(self) -> None:
        if self._path is None:
            self._in_memory.pop(self._digest, None)
        else:
            self._path.unlink(missing_ok=True)

    def _read(self) -> str:
        if self._path is None:
            return self._in_memory.get(self._digest, "")
        try:
            return self._path.read_text(encoding="ascii")
        except FileNotFoundError:
            return ""
