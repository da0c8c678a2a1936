"""AT commands of 3GPP TS 27.007 and of the vendors as functions of the modem's state; those for texts are in `sms_commands`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from drivers.simulator.at import Answer, Form, Query, extended, info
from drivers.simulator.calls import CallState
from drivers.simulator.state import ModemState, SimState

IMEI = "490154203237518"


def hang_up(state: ModemState) -> None:
    """ATH and AT+CHUP: end the active call, reject one that rings."""
    for call in list(state.calls):
        if call.open and call.state is not CallState.WAITING:
            talked = call.answered_at is not None or not call.incoming
            call.finish(CallState.FINISHED if talked else CallState.REJECTED)


@extended("+CGMI", "+GMI")
def _maker(state: ModemState, _: Query) -> Answer:
    return info(state.dialect.maker)


@extended("+CGMM", "+GMM")
def _model(state: ModemState, _: Query) -> Answer:
    return info(state.dialect.model)


@extended("+CGMR", "+GMR")
def _revision(state: ModemState, _: Query) -> Answer:
    return info(state.dialect.revision)


@extended("+CGSN", "+GSN")
def _imei(_: ModemState, __: Query) -> Answer:
    return info(IMEI)


@extended("+CIMI")
def _imsi(state: ModemState, _: Query) -> Answer:
    return info(state.sim.imsi)


@extended("+CNUM")
def _own_number(state: ModemState, _: Query) -> Answer:
    return info(f'+CNUM: "","{state.network.number}",145')


@extended("+CMEE")
def _cmee(state: ModemState, query: Query) -> Answer:
    match query.form:
        case Form.READ:
            return info(f"+CMEE: {state.settings.cmee}")
        case Form.TEST:
            return info("+CMEE: (0-2)")
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
        return info(f"+CPIN: {sim.state}")
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


@extended("+CLCK")
def _clck(state: ModemState, query: Query) -> Answer:
    if query.form is not Form.SET or query.args[0] != "SC" or query.number(1) != 2:
        raise state.cme(3)
    return info(f"+CLCK: {int(state.sim.pin is not None)}")


@extended("+FCLASS")
def _fclass(state: ModemState, query: Query) -> Answer:
    return info("+FCLASS: 0,1" if state.faults.no_voice else "+FCLASS: 0,1,8") if query.form is Form.TEST else Answer()


@extended("+CFUN")
def _cfun(state: ModemState, query: Query) -> Answer:
    if query.form is Form.READ:
        return info(f"+CFUN: {state.settings.radio}")
    if query.form is Form.TEST:
        return info("+CFUN: (0,1,4),(0,1)")
    state.settings.radio = query.number(0)
    return Answer(reset=query.number(1, 0) == 1, registration_changed=True)


@extended("+CREG", "+CGREG", "+CEREG")
def _creg(state: ModemState, query: Query) -> Answer:
    if query.form is Form.TEST:
        return info(f"{query.name}: (0-2)")
    if query.form is Form.SET:
        state.settings.creg[query.name] = query.number(0)
        return Answer()
    return info(f"{query.name}: {state.settings.creg[query.name]},{registration_fields(state, query.name)}")


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
        return info(f'+COPS: 0,0,"{state.network.operator}",{technology}' if state.reachable else "+COPS: 0")
    return Answer()


@extended("+CSQ")
def _csq(state: ModemState, _: Query) -> Answer:
    return info(f"+CSQ: {state.network.signal if state.reachable else 99},99")


@extended("+CSCS")
def _cscs(state: ModemState, query: Query) -> Answer:
    match query.form:
        case Form.READ:
            return info(f'+CSCS: "{state.settings.charset}"')
        case Form.TEST:
            return info('+CSCS: ("GSM","IRA","UCS2")')
        case _:
            if query.args[0].upper() not in {"GSM", "IRA", "UCS2"}:
                raise ValueError(query.args[0])
            state.settings.charset = query.args[0].upper()
            return Answer()


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
            return info(f"{query.name}: {int(getattr(state.settings, setting))}{tail}")
        case Form.TEST:
            return info(f"{query.name}: (0,1)")
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


def _told(state: ModemState) -> datetime | None:
    """The local time that the network has told; None while it has told none."""
    if not (state.network.nitz and state.reachable):
        return None
    told = state.network.clock() + timedelta(seconds=state.clock_shift_s)
    if state.network.wrong_year:
        told = told.replace(year=state.network.wrong_year, day=min(told.day, 28))
    return told.astimezone(timezone(timedelta(minutes=15 * state.network.utc_offset_quarters)))


def _zone(state: ModemState) -> str:
    return "" if state.network.no_zone else f"{state.network.utc_offset_quarters:+03d}"


@extended("+CCLK")
def _cclk(state: ModemState, query: Query) -> Answer:
    if query.form is Form.SET:
        return Answer()
    local = _told(state)
    if local is None:
        return info('+CCLK: "04/01/01,00:00:27+00"')  # after power loss (Multi-Tech, Thales)
    if state.dialect.clock_in_utc:
        local = local.astimezone(UTC)
    return info(f'+CCLK: "{local:%y/%m/%d,%H:%M:%S}{_zone(state)}"')


@extended("#CCLK")
def _telit_clock(state: ModemState, _: Query) -> Answer:
    local = _told(state)
    if "#CCLK" not in state.dialect.own_clock or local is None:
        raise state.cme(100)
    return info(f'#CCLK: "{local:%y/%m/%d,%H:%M:%S}{_zone(state)},0"')


@extended("^NWTIME")
def _huawei_time(state: ModemState, _: Query) -> Answer:
    local = _told(state)
    if "^NWTIME" not in state.dialect.own_clock:
        raise state.cme(100)
    if local is None:
        return info("^NWTIME: 90/01/06,00:00:00+00,00")
    return info(f"^NWTIME: {local:%y/%m/%d,%H:%M:%S}{_zone(state)},00")


@extended("+QLTS")
def _quectel_time(state: ModemState, query: Query) -> Answer:
    local = _told(state)
    if "+QLTS" not in state.dialect.own_clock:
        raise state.cme(100)
    if local is None:
        return info('+QLTS: ""')
    if query.number(0, 0) == 1:
        local = local.astimezone(UTC)
    return info(f'+QLTS: "{local:%Y/%m/%d,%H:%M:%S}{_zone(state)},0"')


@extended("+CTZR")
def _ctzr(state: ModemState, query: Query) -> Answer:
    if query.form is Form.READ:
        return info(f"+CTZR: {state.settings.ctzr}")
    state.settings.ctzr = query.number(0)
    return Answer()


@extended("+CPBS")
def _cpbs(state: ModemState, query: Query) -> Answer:
    match query.form:
        case Form.READ:
            used = len(state.missed) if state.settings.phonebook == "MC" else 0
            return info(f'+CPBS: "{state.settings.phonebook}",{used},10')
        case Form.TEST:
            return info('+CPBS: ("SM","MC","DC","ME")')
        case _:
            if query.args[0] not in {"SM", "MC", "DC", "ME"}:
                raise state.cme(22)
            state.settings.phonebook = query.args[0]
            return Answer()


@extended("+CPBR")
def _cpbr(state: ModemState, query: Query) -> Answer:
    if query.form is Form.TEST:
        return info("+CPBR: (1-10),40,14")
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
        return info(f'+QURCCFG: "urcport","{state.settings.urc_port or "usbmodem"}"')
    state.settings.urc_port = query.args[1]
    return Answer()


@extended("^CURC")
def _curc(state: ModemState, query: Query) -> Answer:
    if query.form is Form.READ:
        return info(f"^CURC: {int(state.settings.status_lines)}")
    state.settings.status_lines = query.number(0) != 0
    return Answer()


@extended(
    "+CTZU",
    "+CLTS",
    "+CMMS",
    "+CVHU",
    "+CSSN",
    "+COLP",
    "+CSDH",
    "+IPR",
    "+IFC",
    "+CSAS",
    "+CLIR",
    "+CCFC",
    "^PORTSEL",
    "+QCFG",
)
def _accepted(_: ModemState, __: Query) -> Answer:
    """Taken and without effect here."""
    return Answer()
