"""AT commands (3GPP TS 27.007, TS 27.005, ITU-T V.250) as functions of the modem's state.

`run` takes one command line without its CR and gives an `Answer`, a `Prompt` (AT+CMGS waits for a body) or raises
`RefusedError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

from drivers.simulator.calls import CallState
from drivers.simulator.state import ModemState, RefusedError, SimState
from drivers.simulator.storage import Memory, Status, Stored

IMEI = "490154203237518"
SMS_PARAMETER = RefusedError("+CMS ERROR: 304")
BAD_INDEX = 321
MEMORY_FAILURE = 320


@dataclass(frozen=True, slots=True)
class Answer:
    """Information lines, the final line, and what else the modem does."""

    lines: tuple[str, ...] = ()
    final: str = "OK"
    reset: bool = False  # power cycle after the answer
    registration_changed: bool = False
    dial: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """AT+CMGS: the body is expected, `length` octets without the service centre address."""

    length: int


class Form(StrEnum):
    RUN = "run"
    READ = "read"  # ?
    TEST = "test"  # =?
    SET = "set"


@dataclass(frozen=True, slots=True)
class Query:
    name: str
    form: Form
    args: tuple[str, ...] = ()

    def number(self, place: int, default: int | None = None) -> int:
        """Argument `place` as a number; a missing one is `default`, anything else is a ValueError."""
        if place >= len(self.args) or self.args[place] == "":
            if default is None:
                raise ValueError(f"{self.name}: argument {place} missing")
            return default
        return int(self.args[place])


Handler = Callable[[ModemState, Query], Answer | Prompt]
_EXTENDED: dict[str, Handler] = {}
_NAME = re.compile(r"[+^*#$][A-Z0-9]+")
_BASIC = re.compile(r"(&?[A-Z])(\d*)(?:=(\d+))?")
_PARTS = re.compile(r'(?:[^;"]|"[^"]*")+')
_ARGS = re.compile(r'"([^"]*)"|([^,]*)')
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
    handler = _EXTENDED.get(name)
    if handler is None or name in state.dialect.refused:
        raise RefusedError(state.dialect.unknown)
    if name not in _NO_SIM_NEEDED:
        if state.faults.strikes("cme_busy"):
            code = state.faults.busy_code
            raise RefusedError(f"+CMS ERROR: {code}") if code > 255 else state.cme(code)
        state.need_sim()
    tail = part[len(name) :].strip()
    try:
        return handler(state, _query(name, tail))
    except (ValueError, KeyError) as error:
        sms = name.startswith(("+CM", "+CNM", "+CPMS"))
        raise SMS_PARAMETER if sms and name in {"+CMGS", "+CMGD", "+CMGR"} else state.cme(50) from error


def _query(name: str, tail: str) -> Query:
    if not tail:
        return Query(name, Form.RUN)
    if tail == "?":
        return Query(name, Form.READ)
    if tail == "=?":
        return Query(name, Form.TEST)
    if not tail.startswith("="):
        raise ValueError(tail)
    args = tuple(quoted or plain.strip() for quoted, plain in _split_args(tail[1:]))
    return Query(name, Form.SET, args)


def _split_args(text: str) -> list[tuple[str, str]]:
    args: list[tuple[str, str]] = []
    place = 0
    while True:
        found = _ARGS.match(text, place)
        assert found is not None  # the pattern takes the empty string
        args.append((found.group(1) or "", found.group(2) or ""))
        place = found.end()
        if place >= len(text):
            return args
        if text[place] != ",":
            raise ValueError(text)
        place += 1


def _basic(state: ModemState, part: str) -> Answer:
    upper = part.upper()
    if upper.startswith("D"):
        state.need_sim()
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
        case "V" | "Q" | "S" | "X" | "&W" | "&D" | "&C" | "&K" | "L" | "M":
            pass
        case _:
            raise RefusedError(state.dialect.unknown)
    return Answer()


def hang_up(state: ModemState) -> None:
    """ATH and AT+CHUP: end the active call, reject one that rings."""
    for call in list(state.calls):
        if call.open and call.state is not CallState.WAITING:
            talked = call.answered_at is not None or not call.incoming
            call.finish(CallState.FINISHED if talked else CallState.REJECTED)


def extended(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler under its command names."""

    def register(handler: Handler) -> Handler:
        for name in names:
            _EXTENDED[name] = handler
        return handler

    return register


def _info(*lines: str) -> Answer:
    return Answer(lines)


@extended("+CGMI", "+GMI")
def _maker(state: ModemState, _: Query) -> Answer:
    return _info(state.dialect.maker)


@extended("+CGMM", "+GMM")
def _model(state: ModemState, _: Query) -> Answer:
    return _info(state.dialect.model)


@extended("+CGMR", "+GMR")
def _revision(state: ModemState, _: Query) -> Answer:
    return _info(state.dialect.revision)


@extended("+CGSN", "+GSN")
def _imei(_: ModemState, __: Query) -> Answer:
    return _info(IMEI)


@extended("+CIMI")
def _imsi(state: ModemState, _: Query) -> Answer:
    return _info(state.sim.imsi)


@extended("+CNUM")
def _own_number(state: ModemState, _: Query) -> Answer:
    return _info(f'+CNUM: "","{state.network.number}",145')


@extended("+CMEE")
def _cmee(state: ModemState, query: Query) -> Answer:
    match query.form:
        case Form.READ:
            return _info(f"+CMEE: {state.settings.cmee}")
        case Form.TEST:
            return _info("+CMEE: (0-2)")
        case _:
            state.settings.cmee = min(2, query.number(0, 0))
            return Answer()


@extended("+CPIN")
def _cpin(state: ModemState, query: Query) -> Answer:
    sim = state.sim
    if query.form is Form.READ:
        if state.faults.strikes("cme_busy"):
            raise state.cme(state.faults.busy_code)
        if sim.state not in {SimState.PIN, SimState.PUK}:
            state.need_sim()
        return _info(f"+CPIN: {sim.state}")
    match sim.state:
        case SimState.PIN:
            right = sim.enter_pin(query.args[0])
        case SimState.PUK if len(query.args) == 2:
            right = sim.enter_puk(query.args[0], query.args[1])
        case SimState.PUK:
            raise state.cme(12)
        case SimState.ABSENT:
            raise state.cme(10)
        case SimState.READY:
            raise state.cme(3)
    if not right:
        raise state.cme(12 if sim.state is SimState.PUK else 16)
    return Answer(registration_changed=True)


@extended("+CFUN")
def _cfun(state: ModemState, query: Query) -> Answer:
    if query.form is Form.READ:
        return _info(f"+CFUN: {state.settings.radio}")
    if query.form is Form.TEST:
        return _info("+CFUN: (0,1,4),(0,1)")
    state.settings.radio = query.number(0)
    return Answer(reset=query.number(1, 0) == 1, registration_changed=True)


@extended("+CREG", "+CGREG", "+CEREG")
def _creg(state: ModemState, query: Query) -> Answer:
    if query.form is Form.TEST:
        return _info(f"{query.name}: (0-2)")
    if query.form is Form.SET:
        state.settings.creg[query.name] = query.number(0)
        return Answer()
    return _info(f"{query.name}: {state.settings.creg[query.name]},{registration_fields(state, query.name)}")


def registration_fields(state: ModemState, name: str) -> str:
    """<stat>, with place and access technology when n is 2."""
    stat = state.registration
    if state.settings.creg[name] == 2 and state.reachable:
        return f'{stat},"1A2B","01C3D4E",{7 if state.dialect.lte else 2}'
    return str(stat)


@extended("+COPS")
def _cops(state: ModemState, query: Query) -> Answer:
    if query.form is Form.READ:
        technology = 7 if state.dialect.lte else 2
        return _info(f'+COPS: 0,0,"{state.network.operator}",{technology}' if state.reachable else "+COPS: 0")
    return Answer()


@extended("+CSQ")
def _csq(state: ModemState, _: Query) -> Answer:
    return _info(f"+CSQ: {state.network.signal if state.reachable else 99},99")


@extended("+CSCA")
def _csca(_: ModemState, query: Query) -> Answer:
    return _info('+CSCA: "+12165550199",145') if query.form is Form.READ else Answer()


@extended("+CSCS")
def _cscs(state: ModemState, query: Query) -> Answer:
    match query.form:
        case Form.READ:
            return _info(f'+CSCS: "{state.settings.charset}"')
        case Form.TEST:
            return _info('+CSCS: ("GSM","IRA","UCS2")')
        case _:
            if query.args[0].upper() not in {"GSM", "IRA", "UCS2"}:
                raise ValueError(query.args[0])
            state.settings.charset = query.args[0].upper()
            return Answer()


@extended("+CMGF")
def _cmgf(_: ModemState, query: Query) -> Answer:
    match query.form:
        case Form.READ:
            return _info("+CMGF: 0")
        case Form.TEST:
            return _info("+CMGF: (0)")
        case _ if query.number(0, 0) != 0:
            raise RefusedError("+CMS ERROR: 303")  # text mode is not simulated
        case _:
            return Answer()


@extended("+CSMS")
def _csms(state: ModemState, query: Query) -> Answer:
    if query.form is Form.READ:
        return _info(f"+CSMS: {state.settings.csms},1,1,1")
    if query.form is Form.TEST:
        return _info("+CSMS: (0,1)")
    state.settings.csms = query.number(0)
    return _info("+CSMS: 1,1,1")


@extended("+CNMI")
def _cnmi(state: ModemState, query: Query) -> Answer:
    modes = ",".join(str(mode) for mode in state.dialect.report_modes)
    match query.form:
        case Form.READ:
            return _info("+CNMI: " + ",".join(str(value) for value in state.settings.cnmi))
        case Form.TEST:
            offered = "0,1,2" if 1 not in state.dialect.report_modes else modes
            return _info(f"+CNMI: (0,1,2),(0,1,2,3),(0,2),({offered}),(0,1)")
        case _:
            values = [query.number(place, 0) for place in range(5)]
            limits = ((0, 1, 2, 3), (0, 1, 2, 3), (0, 2), state.dialect.report_modes, (0, 1))
            if any(value not in limit for value, limit in zip(values, limits, strict=True)):
                raise RefusedError("+CMS ERROR: 303")
            state.settings.cnmi = (values[0], values[1], values[2], values[3], values[4])
            return Answer()


@extended("+CNMA")
def _cnma(state: ModemState, query: Query) -> Answer:
    if query.form is Form.TEST:
        return _info("+CNMA: (0-2)")
    if state.settings.csms == 0 or state.unacknowledged == 0:
        raise RefusedError("+CMS ERROR: 340")
    state.unacknowledged -= 1
    return Answer()


@extended("+CPMS")
def _cpms(state: ModemState, query: Query) -> Answer:
    settings, memories = state.settings, state.memories
    match query.form:
        case Form.READ:
            state.flooding = False  # what stops a ZTE's +ZUSIMR (ModemManager plugins/zte)
            shown = (f'"{name}",{len(memories[name].slots)},{memories[name].capacity}' for name in settings.mems)
            return _info("+CPMS: " + ",".join(shown))
        case Form.TEST:
            names = ",".join(f'"{name}"' for name in memories)
            return _info(f"+CPMS: ({names}),({names}),({names})")
        case _:
            wanted = list(query.args)
            if any(name not in memories for name in wanted) or not 1 <= len(wanted) <= 3:
                raise RefusedError("+CMS ERROR: 302")
            settings.mems[: len(wanted)] = wanted
            counts = (f"{len(memories[name].slots)},{memories[name].capacity}" for name in settings.mems)
            return _info("+CPMS: " + ",".join(counts))


@extended("+CMGL")
def _cmgl(state: ModemState, query: Query) -> Answer:
    if query.form is Form.TEST:
        return _info("+CMGL: (0-4)")
    wanted = int(query.args[0]) if query.form is Form.SET else 0
    if wanted not in range(5):
        raise ValueError("stat")
    lines: list[str] = []
    for index, stored in sorted(state.memory(0).slots.items()):
        if wanted == 4 or stored.status == wanted:
            lines += (f"+CMGL: {index},{stored.status},,{stored.length}", stored.pdu)
            _mark_read(stored)
    return Answer(tuple(lines))


@extended("+CMGR")
def _cmgr(state: ModemState, query: Query) -> Answer:
    stored = _slot(state.memory(0), query.number(0))
    answer = _info(f"+CMGR: {stored.status},,{stored.length}", stored.pdu)
    _mark_read(stored)
    return answer


@extended("+CMGD")
def _cmgd(state: ModemState, query: Query) -> Answer:
    memory = state.memory(0)
    if query.form is Form.TEST:
        return _info(f"+CMGD: ({','.join(str(index) for index in sorted(memory.slots))}),(0-4)")
    index, flag = query.number(0), query.number(1, 0)
    if flag:
        memory.delete(flag)
        return Answer()
    if not memory.first <= index < memory.first + memory.capacity:
        raise RefusedError(f"+CMS ERROR: {BAD_INDEX}")
    memory.slots.pop(index, None)  # deleting an empty place is OK on most modems
    return Answer()


def _slot(memory: Memory, index: int) -> Stored:
    if index not in memory.slots:
        raise RefusedError(f"+CMS ERROR: {BAD_INDEX}")
    return memory.slots[index]


def _mark_read(stored: Stored) -> None:
    if stored.status is Status.UNREAD:
        stored.status = Status.READ


@extended("+CMGS")
def _cmgs(_: ModemState, query: Query) -> Answer | Prompt:
    if query.form is Form.TEST:
        return Answer()
    return Prompt(query.number(0))


@extended("+CLIP")
def _clip(state: ModemState, query: Query) -> Answer:
    return _switch(state, query, "clip", ",1")


@extended("+CRC")
def _crc(state: ModemState, query: Query) -> Answer:
    return _switch(state, query, "cring", "")


@extended("+CCWA")
def _ccwa(state: ModemState, query: Query) -> Answer:
    return _switch(state, query, "ccwa", "")


def _switch(state: ModemState, query: Query, setting: str, tail: str) -> Answer:
    match query.form:
        case Form.READ:
            return _info(f"{query.name}: {int(getattr(state.settings, setting))}{tail}")
        case Form.TEST:
            return _info(f"{query.name}: (0,1)")
        case _:
            setattr(state.settings, setting, query.number(0, 0) == 1)
            return Answer()


@extended("+CLCC")
def _clcc(state: ModemState, query: Query) -> Answer:
    if query.form is not Form.RUN:
        return Answer()
    lines = []
    for place, call in enumerate((call for call in state.calls if call.open), 1):
        number = call.number or ""
        alpha = ',""' if state.dialect.clcc_alpha else ""
        direction = 1 if call.incoming else 0
        lines.append(f'+CLCC: {place},{direction},{call.clcc_stat},0,0,"{number}",{call.ton if number else 128}{alpha}')
    return Answer(tuple(lines))


@extended("+CHUP")
def _chup(state: ModemState, _: Query) -> Answer:
    hang_up(state)
    return Answer()


@extended("+CCLK")
def _cclk(state: ModemState, query: Query) -> Answer:
    if query.form is Form.SET:
        return Answer()
    if not (state.network.nitz and state.reachable):
        return _info('+CCLK: "04/01/01,00:00:27+00"')  # after power loss (Multi-Tech, Thales)
    quarters = state.network.utc_offset_quarters
    local = datetime.now(UTC) + timedelta(seconds=state.clock_shift_s)
    local = local.astimezone(timezone(timedelta(minutes=15 * quarters)))
    return _info(f'+CCLK: "{local:%y/%m/%d,%H:%M:%S}{quarters:+03d}"')


@extended("+CTZR")
def _ctzr(state: ModemState, query: Query) -> Answer:
    if query.form is Form.READ:
        return _info(f"+CTZR: {state.settings.ctzr}")
    state.settings.ctzr = query.number(0)
    return Answer()


@extended("+CPBS")
def _cpbs(state: ModemState, query: Query) -> Answer:
    match query.form:
        case Form.READ:
            used = len(state.missed) if state.settings.phonebook == "MC" else 0
            return _info(f'+CPBS: "{state.settings.phonebook}",{used},10')
        case Form.TEST:
            return _info('+CPBS: ("SM","MC","DC","ME")')
        case _:
            if query.args[0] not in {"SM", "MC", "DC", "ME"}:
                raise state.cme(22)
            state.settings.phonebook = query.args[0]
            return Answer()


@extended("+CPBR")
def _cpbr(state: ModemState, query: Query) -> Answer:
    if query.form is Form.TEST:
        return _info("+CPBR: (1-10),40,14")
    first, last = query.number(0), query.number(1, query.number(0))
    entries = state.missed if state.settings.phonebook == "MC" else []
    chosen = [(place, entry) for place, entry in enumerate(entries, 1) if first <= place <= last]
    return Answer(tuple(f'+CPBR: {place},"{number}",{ton},""' for place, (number, ton) in chosen))


@extended("+CUSD")
def _cusd(state: ModemState, query: Query) -> Answer:
    if query.form is Form.SET and len(query.args) > 1 and not state.reachable:
        raise state.cme(30)
    return Answer()


@extended("+QURCCFG")
def _qurccfg(state: ModemState, query: Query) -> Answer:
    if query.args[:1] != ("urcport",):
        raise state.cme(50)
    if len(query.args) == 1:
        return _info(f'+QURCCFG: "urcport","{state.settings.urc_port or "usbmodem"}"')
    state.settings.urc_port = query.args[1]
    return Answer()


@extended("^CURC")
def _curc(state: ModemState, query: Query) -> Answer:
    if query.form is Form.READ:
        return _info(f"^CURC: {int(state.settings.status_lines)}")
    state.settings.status_lines = query.number(0) != 0
    return Answer()


@extended(
    "+CTZU", "+CMMS", "+CVHU", "+CSSN", "+COLP", "+CSDH", "+IPR", "+IFC", "+CSAS", "+CLIR", "+CCFC", "^PORTSEL", "+QCFG"
)
def _accepted(_: ModemState, __: Query) -> Answer:
    """Taken and without effect here."""
    return Answer()
