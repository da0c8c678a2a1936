"""A command line as ITU-T V.250 has it: several commands in one, the basic ones (ATE0, ATH) among them.

`run` takes one line without its CR and gives an `Answer`, a `Prompt` (AT+CMGS waits for a body) or raises `RefusedError`.
"""

from __future__ import annotations

import re

from drivers.simulator import sms_commands
from drivers.simulator.at import Answer, Prompt, known, read_query
from drivers.simulator.calls import CallState
from drivers.simulator.commands import IMEI, hang_up
from drivers.simulator.state import ModemState, RefusedError

_NAME = re.compile(r"[+^*#$][A-Z0-9]+")
_BASIC = re.compile(r"(&?[A-Z])(\d*)(?:=(\d+))?")
_PARTS = re.compile(r'(?:[^;"]|"[^"]*")+')
_NO_SIM_NEEDED = frozenset(
    {
        "+CMEE",
        "+CPIN",
        "+CFUN",
        "+CGMI",
        "+CGMM",
        "+CGMR",
        "+CGSN",
        "+GMI",
        "+GMM",
        "+GMR",
        "+GSN",
        "+CSQ",
        "+CREG",
        "+CGREG",
        "+CEREG",
        "+IPR",
        "+IFC",
        "^CURC",
        "^PORTSEL",
        "+QURCCFG",
        "+CCLK",
        "+CTZU",
        "+CTZR",
        "+CLCC",
        "+CHUP",
    }
)


def run(state: ModemState, line: str) -> Answer | Prompt:
    """One command line, "AT" included, already found at its start."""
    rest = line[2:].strip()
    lines: tuple[str, ...] = ()
    last = Answer()
    for part in _PARTS.findall(rest):
        result = _one(state, part.strip())
        if isinstance(result, Prompt):
            return result
        lines += result.lines
        last = result
        if last.final != "OK":
            break
    return Answer(lines, last.final, last.reset, last.registration_changed, last.dial)


def _one(state: ModemState, part: str) -> Answer | Prompt:
    found = _NAME.match(part.upper())
    if not found:
        return _basic(state, part)
    name = found.group()
    handler = known(name)
    if handler is None or name in state.dialect.refused:
        raise RefusedError(state.dialect.unknown)
    if name not in _NO_SIM_NEEDED:
        if state.faults.strikes("cme_busy"):
            code = state.faults.busy_code
            raise RefusedError(f"+CMS ERROR: {code}") if code > 255 else state.cme(code)
        state.need_sim()
    tail = part[len(name) :].strip()
    try:
        return handler(state, read_query(name, tail))
    except (ValueError, LookupError) as error:
        sms = name in sms_commands.WITH_CMS_ERRORS
        raise RefusedError(sms_commands.BAD_PARAMETER) if sms else state.cme(50) from error


def _basic(state: ModemState, part: str) -> Answer:
    upper = part.upper()
    if upper.startswith("D"):
        state.need_sim()
        if state.faults.no_voice:
            raise state.cme(4)
        if not state.reachable:
            return Answer(final="NO CARRIER")
        number = part[1:].strip().rstrip(";")
        state.dialled.append(number)
        return Answer(dial=number)
    place = 0
    answer = Answer()
    while place < len(upper):
        found = _BASIC.match(upper, place)
        if not found:
            raise RefusedError(state.dialect.unknown)
        place = found.end()
        answer = _letter(state, found.group(1), found.group(2))
    return answer


def _letter(state: ModemState, letter: str, digits: str) -> Answer:
    settings = state.settings
    match letter:
        case "E":
            if not state.faults.echo_stuck:
                settings.echo = digits == "1"
        case "Z" | "&F":
            echo = settings.echo
            radio = settings.radio
            state.settings = type(settings)()
            state.settings.radio = radio
            state.settings.echo = True if not state.faults.echo_stuck else echo
        case "I":
            dialect = state.dialect
            words = (
                f"Manufacturer: {dialect.maker}",
                f"Model: {dialect.model}",
                f"Revision: {dialect.revision}",
                f"IMEI: {IMEI}",
            )
            return Answer(words)
        case "H":
            hang_up(state)
        case "A":
            call = next((call for call in state.calls if call.open and call.state is CallState.RINGING), None)
            if call is None:
                return Answer(final="NO CARRIER")
            call.pick_up()
        case "V":
            settings.verbose = digits == "1"
        case "Q":
            settings.quiet = digits == "1"
        case "S" | "X" | "&W" | "&D" | "&C" | "&K" | "L" | "M":
            pass
        case _:
            raise RefusedError(state.dialect.unknown)
    return Answer()
