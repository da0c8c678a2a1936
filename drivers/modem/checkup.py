"""A look at a modem that runs: SIM, network, texts, calls, each with the remedy. Reads only, beside choosing the store it counts.

Which modems have no voice: SIM7000 and SIM7670G by the word of a maker of boards with them (Xinyuan-LilyGO/LilyGO-T-SIM7000G#192,
LilyGo-Modem-Series#441), Sierra's EM cards by their users (danielewood/sierra-wireless-modems#14); the others are of the same kinds
(NB-IoT and LTE-M modules, data sticks). None was tried here, and that a modem has voice only a call tells.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from drivers.modem import problems
from drivers.modem.engine import Answer, AtEngine, AtTimeoutError, LinkLostError
from drivers.modem.settings import ModemSettings
from drivers.modem.startup import Started
from gateway.core.checkup import Finding, Grade, found
from gateway.core.problem import Problem

BUSY_S = 10.0  # a text in hand may take the network a minute; whoever asks does not wait so long
ASK_S = 5.0  # plain commands answer in well under a second, AT+CPMS in 5 s on a SIM800
WEAK_DBM = -105  # below it texts begin to fail (the page calls it "very weak")
FULL_SHARE = 0.8  # a store that is so full is nearly deaf
NO_VOICE = (
    *("SIM7000", "SIM7020", "SIM7022", "SIM7070", "SIM7080", "SIM7090", "SIM7670G"),  # LTE-M and NB-IoT
    *("BC26", "BC66", "BC68", "BC95", "BG77", "BG95", "SARA-N2", "SARA-N3", "SARA-R4", "SARA-R5"),
    *("MF823", "MF833", "EM7455", "MC7455", "EM7511", "RM500", "RM502", "RM520"),  # data sticks and cards
)
_TITLES = {
    "texts": "Texts",
    "voice": "Ringing phones",
    "power": "Power of the modem",
    "sim": "SIM card",
    "notices": "Announcements",
}
_KEYS = {"texts": "texts", "voice": "ringing", "power": "modem_power", "sim": "sim"}
_REGISTERED, _ROAMING = {"1", "5", "6", "7"}, {"5", "7"}


class _Looker:
    """Asks one question after the other inside one transaction."""

    def __init__(self, engine: AtEngine) -> None:
        self._engine = engine

    async def ask(self, text: str, *names: str) -> Answer | None:
        """The answer; None for one that was refused or did not come."""
        try:
            answer = await self._engine.ask(text, *names, timeout=ASK_S)
        except AtTimeoutError:
            return None
        return answer if answer.ok else None

    async def fields(self, text: str, name: str) -> tuple[str, ...]:
        answer = await self.ask(text, name)
        return (answer.fields(name) or ()) if answer is not None else ()


async def look(
    engine: AtEngine, settings: ModemSettings, started: Started, met: Mapping[str, Problem], *, rang: bool = False
) -> tuple[Finding, ...]:
    """What a modem that was started says. `met`: what its driver knows to be wrong, by aspect; `rang`: a call has rung at it since.

    Raises LinkLostError when it is lost meanwhile.
    """
    try:
        async with asyncio.timeout(BUSY_S):
            await engine.lock.acquire()
    except TimeoutError:
        say = "The modem is busy with a text, so it was not asked."
        return (Finding("modem", "Modem", Grade.SKIPPED, say, "Check again in a minute.", settings.name),)
    try:
        looker = _Looker(engine)
        return (
            await _model(looker, settings, started),
            *await _sim(looker, settings),
            await _network(looker, settings),
            await _signal(looker, settings),
            await _message_center(looker, settings, met),
            *await _stores(looker, settings, started),
            await _own_number(looker, settings),
            await _notices(looker, settings, started),
            await _voice(looker, settings, started, rang),
            *(found(_KEYS.get(key, key), _TITLES[key], met[key], settings.name) for key in _TITLES if key in met),
        )
    finally:
        engine.lock.release()


def unusable(settings: ModemSettings, met: Mapping[str, Problem]) -> tuple[Finding, ...]:
    """A modem that cannot be asked: why, as its driver knows it."""
    if not met:
        say = "The modem is just being started, so it was not asked."
        return (Finding("modem", "Modem", Grade.SKIPPED, say, "Check again in a minute.", settings.name),)
    return tuple(found(_KEYS.get(key, "modem"), _TITLES.get(key, "Modem"), met[key], settings.name) for key in met)


async def _model(looker: _Looker, settings: ModemSettings, started: Started) -> Finding:
    answer = await looker.ask("AT+CGMR")
    lines = (
        [line.partition(":")[2].strip() if line.startswith("+CGMR") else line for line in answer.lines]
        if answer
        else []
    )
    firmware = next((line for line in lines if line and not line.startswith(("+", "^", "*"))), "")
    name = (
        " ".join(part for part in (started.manufacturer, started.model) if part) or "a modem that does not say its name"
    )
    say = f"It answers: {name}, firmware {firmware or 'not known'}, treated as {started.profile.name}."
    return Finding("modem", "Modem", Grade.PASS, say, part=settings.name)


async def _sim(looker: _Looker, settings: ModemSettings) -> list[Finding]:
    state = (await looker.fields("AT+CPIN?", "+CPIN") or ("",))[0]
    if state != "READY":
        say = f"The SIM card is not ready: the modem says “{state or 'nothing'}”."
        return [Finding("sim", "SIM card", Grade.FAIL, say, problems.SIM_BUSY.remedy, settings.name)]
    sim = Finding("sim", "SIM card", Grade.PASS, "The SIM card is there and unlocked.", part=settings.name)
    lock = (await looker.fields('AT+CLCK="SC",2', "+CLCK") or ("",))[0]
    if lock == "1" and settings.pin is None:
        return [
            sim,
            Finding(
                "pin",
                "SIM's PIN",
                Grade.WARN,
                "The SIM card has a PIN, and none is in the settings: after a power cut the SIM stays locked.",
                "Write the PIN into the settings as modem: pin, or switch the PIN off in a phone.",
                settings.name,
            ),
        ]
    words = {"0": "The SIM card asks for no PIN.", "1": "The SIM card has a PIN, and it is in the settings."}
    grade = Grade.PASS if lock in words else Grade.SKIPPED
    say = words.get(lock, "The modem does not say whether the SIM card has a PIN.")
    return [sim, Finding("pin", "SIM's PIN", grade, say, part=settings.name)]


async def _network(looker: _Looker, settings: ModemSettings) -> Finding:
    status = _status(await looker.fields("AT+CREG?", "+CREG"))
    if status not in _REGISTERED:
        packet = _status(await looker.fields("AT+CEREG?", "+CEREG"))
        status = packet if packet in _REGISTERED else status
    if status not in _REGISTERED:
        problem = {"3": problems.DENIED, "2": problems.SEARCHING}.get(status, problems.NO_NETWORK)
        return found("network", "Mobile network", problem, settings.name)
    fields = await looker.fields("AT+COPS?", "+COPS")
    operator = fields[2] if len(fields) > 2 and fields[2] else "an operator that does not say its name"
    if status in _ROAMING:
        return Finding(
            "network",
            "Mobile network",
            Grade.WARN,
            f"The SIM card is roaming in the network of {operator}: texts may cost more, or be refused.",
            "Ask the carrier whether the SIM may roam; check the antenna if its own network should be heard here.",
            settings.name,
        )
    return Finding("network", "Mobile network", Grade.PASS, f"Registered with {operator}.", part=settings.name)


def _status(fields: tuple[str, ...]) -> str:
    """<stat> of +CREG?: the second field, or the only one (as `drivers.modem.supervision` reads it)."""
    fields = fields or ("",)
    return fields[1] if len(fields) > 1 and len(fields[1]) == 1 else fields[0]


async def _signal(looker: _Looker, settings: ModemSettings) -> Finding:
    level = (await looker.fields("AT+CSQ", "+CSQ") or ("",))[0]
    if not level.isdecimal() or int(level) > 31:  # TS 27.007 8.5: 99 not known
        say = "The modem does not say how strong the signal is."
        return Finding("signal", "Signal", Grade.SKIPPED, say, part=settings.name)
    dbm = 2 * int(level) - 113
    if dbm < WEAK_DBM:
        say = f"The signal is very weak ({dbm} dBm), so texts may wait or fail."
        return Finding("signal", "Signal", Grade.WARN, say, problems.NO_SIGNAL.remedy, settings.name)
    return Finding("signal", "Signal", Grade.PASS, f"The signal is strong enough ({dbm} dBm).", part=settings.name)


async def _message_center(looker: _Looker, settings: ModemSettings, met: Mapping[str, Problem]) -> Finding:
    answer = await looker.ask("AT+CSCA?", "+CSCA")
    fields = answer.fields("+CSCA") if answer is not None else None
    if fields is None:
        say = "The modem does not say which message center it uses."
        return Finding("smsc", "Message center", Grade.SKIPPED, say, part=settings.name)
    if not fields[0]:
        return found("smsc", "Message center", met.get("smsc", problems.NO_SMSC), settings.name)
    return Finding("smsc", "Message center", Grade.PASS, "The SIM card knows its message center.", part=settings.name)


async def _stores(looker: _Looker, settings: ModemSettings, started: Started) -> list[Finding]:
    said = []
    for store in started.stores:
        fields = await looker.fields(f'AT+CPMS="{store}"', "+CPMS")
        if len(fields) < 2 or not (fields[0].isdecimal() and fields[1].isdecimal()):
            continue
        used, total = int(fields[0]), int(fields[1])
        if total and used >= FULL_SHARE * total:
            return [found("storage", "Room for texts", problems.store_full(store, used, total), settings.name)]
        said.append(f"{store} {used} of {total}")
    if not said:
        say = "The modem does not say how many texts it holds."
        return [Finding("storage", "Room for texts", Grade.SKIPPED, say, part=settings.name)]
    say = f"There is room for texts: {', '.join(said)} in use."
    return [Finding("storage", "Room for texts", Grade.PASS, say, part=settings.name)]


async def _own_number(looker: _Looker, settings: ModemSettings) -> Finding:
    fields = await looker.fields("AT+CNUM", "+CNUM")
    on_sim = re.sub(r"\D", "", fields[1]) if len(fields) > 1 else ""
    written = re.sub(r"\D", "", settings.number or "")
    key, title = "own_number", "Own number"
    if not written:
        return Finding(
            key,
            title,
            Grade.WARN,
            "The settings do not say which number the SIM card has, so calls and texts of its own are not known as such.",
            "Write the SIM's number into the settings as modem: number.",
            settings.name,
        )
    if on_sim and on_sim[-7:] != written[-7:]:
        return Finding(
            key,
            title,
            Grade.WARN,
            f"The SIM card says that its number ends in {on_sim[-4:]}; in the settings it ends in {written[-4:]}.",
            "Call your cell from the SIM, or ask the carrier, and correct modem: number. Many SIMs hold an old number.",
            settings.name,
        )
    say = f"The number ending in {written[-4:]} is in the settings" + (
        ", and the SIM card says the same." if on_sim else "; the SIM card does not tell its own."
    )
    return Finding(key, title, Grade.PASS, say, part=settings.name)


async def _notices(looker: _Looker, settings: ModemSettings, started: Started) -> Finding:
    key, title = "notices", "Announcements"
    if started.profile.name == "quectel":
        fields = await looker.fields('AT+QURCCFG="urcport"', "+QURCCFG")
        if len(fields) > 1 and fields[1] != "usbat":
            return Finding(
                key,
                title,
                Grade.FAIL,
                f"The modem announces calls and texts on another of its ports ({fields[1]}).",
                "Write that port of the modem as modem: port, or start the gateway again: it sets the port at each start.",
                settings.name,
            )
    fields = await looker.fields("AT+CNMI?", "+CNMI")
    mode = fields[1] if len(fields) > 1 else ""
    if not started.notices or mode == "0":
        return Finding(
            key,
            title,
            Grade.WARN,
            "The modem does not announce texts; they are looked for every minute instead.",
            "Try another port of the same modem as modem: port in the settings.",
            settings.name,
        )
    reports = "" if started.reports else " It tells nothing of delivery."
    say = f"Texts and calls are announced on this port.{reports}"
    return Finding(key, title, Grade.PASS, say, part=settings.name)


async def _voice(looker: _Looker, settings: ModemSettings, started: Started, rang: bool) -> Finding:
    key, title = "voice", "Calls at the modem"
    if rang:
        return Finding(key, title, Grade.PASS, "A call has rung at the modem since it was started.", part=settings.name)
    lacks = next((model for model in NO_VOICE if model in started.model.upper()), None)
    classes = await looker.ask("AT+FCLASS=?", "+FCLASS")
    told = " ".join(classes.lines) if classes is not None else ""
    voiceless = bool(told) and "8" not in re.findall(r"\d+", told)  # V.250 6.1.3, TS 27.007: 8 is voice
    if lacks or (voiceless and started.model):
        return Finding(
            key,
            title,
            Grade.WARN,
            "This kind of modem has no voice, as far as it is known: it sends texts, but no call rings at it.",
            "That is fine beside Asterisk. For calls at the SIM, or telephones rung by it, use a modem with voice.",
            settings.name,
        )
    say = "Whether a call rings at this modem is not known yet: none has since it was started."
    return Finding(
        key, title, Grade.SKIPPED, say, "Run “textback doctor --ring” and call the SIM's number.", settings.name
    )


__all__ = ["LinkLostError", "look", "unusable"]
