"""The commands for texts: 3GPP TS 27.005, PDU mode only."""

from __future__ import annotations

from drivers.simulator.at import Answer, Form, Prompt, Query, extended, info
from drivers.simulator.state import ModemState, RefusedError
from drivers.simulator.storage import Memory, Status, Stored

BAD_PARAMETER = "+CMS ERROR: 304"  # TS 27.005 3.2.5
BAD_INDEX = "+CMS ERROR: 321"
MEMORY_FAILURE = "+CMS ERROR: 320"
WITH_CMS_ERRORS = frozenset({"+CMGS", "+CMGD", "+CMGR", "+CMGL"})


@extended("+CSCA")
def _csca(state: ModemState, query: Query) -> Answer:
    if query.form is Form.READ:
        return info(f'+CSCA: "{state.sim.smsc}",{145 if state.sim.smsc else 129}')
    if query.form is Form.SET:
        state.sim.smsc = query.args[0]
    return Answer()


@extended("+CMGF")
def _cmgf(_: ModemState, query: Query) -> Answer:
    match query.form:
        case Form.READ:
            return info("+CMGF: 0")
        case Form.TEST:
            return info("+CMGF: (0)")
        case _ if query.number(0, 0) != 0:
            raise RefusedError("+CMS ERROR: 303")  # text mode is not simulated
        case _:
            return Answer()


@extended("+CSMS")
def _csms(state: ModemState, query: Query) -> Answer:
    if query.form is Form.READ:
        return info(f"+CSMS: {state.settings.csms},1,1,1")
    if query.form is Form.TEST:
        return info("+CSMS: (0,1)")
    state.settings.csms = query.number(0)
    return info("+CSMS: 1,1,1")


@extended("+CNMI")
def _cnmi(state: ModemState, query: Query) -> Answer:
    modes = ",".join(str(mode) for mode in state.dialect.report_modes)
    match query.form:
        case Form.READ:
            return info("+CNMI: " + ",".join(str(value) for value in state.settings.cnmi))
        case Form.TEST:
            offered = "0,1,2" if 1 not in state.dialect.report_modes else modes
            return info(f"+CNMI: (0,1,2),(0,1,2,3),(0,2),({offered}),(0,1)")
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
        return info("+CNMA: (0-2)")
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
            return info("+CPMS: " + ",".join(shown))
        case Form.TEST:
            names = ",".join(f'"{name}"' for name in memories)
            return info(f"+CPMS: ({names}),({names}),({names})")
        case _:
            wanted = list(query.args)
            if any(name not in memories for name in wanted) or not 1 <= len(wanted) <= 3:
                raise RefusedError("+CMS ERROR: 302")
            settings.mems[: len(wanted)] = wanted
            counts = (f"{len(memories[name].slots)},{memories[name].capacity}" for name in settings.mems)
            return info("+CPMS: " + ",".join(counts))


@extended("+CMGL")
def _cmgl(state: ModemState, query: Query) -> Answer:
    if query.form is Form.TEST:
        return info("+CMGL: (0-4)")
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
    answer = info(f"+CMGR: {stored.status},,{stored.length}", stored.pdu)
    _mark_read(stored)
    return answer


@extended("+CMGD")
def _cmgd(state: ModemState, query: Query) -> Answer:
    memory = state.memory(0)
    if query.form is Form.TEST:
        return info(f"+CMGD: ({','.join(str(index) for index in sorted(memory.slots))}),(0-4)")
    index, flag = query.number(0), query.number(1, 0)
    if flag:
        memory.delete(flag)
        return Answer()
    if not memory.first <= index < memory.first + memory.capacity:
        raise RefusedError(BAD_INDEX)
    if state.faults.no_delete:
        raise RefusedError(MEMORY_FAILURE)
    memory.slots.pop(index, None)  # deleting an empty place is OK on most modems
    return Answer()


def _slot(memory: Memory, index: int) -> Stored:
    if index not in memory.slots:
        raise RefusedError(BAD_INDEX)
    return memory.slots[index]


def _mark_read(stored: Stored) -> None:
    if stored.status is Status.UNREAD:
        stored.status = Status.READ


@extended("+CMGS")
def _cmgs(_: ModemState, query: Query) -> Answer | Prompt:
    if query.form is Form.TEST:
        return Answer()
    return Prompt(query.number(0))
