"""Whatever a program writes, the simulated modem answers or refuses: no command line is too odd for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.simulator import command_line
from drivers.simulator.at import Prompt
from drivers.simulator.dialects import DIALECTS
from drivers.simulator.faults import Faults
from drivers.simulator.network import SimulatedNetwork
from drivers.simulator.state import ModemState, RefusedError, SimCard

NAMES = st.sampled_from(
    [
        "+CMEE",
        "+CPIN",
        "+CFUN",
        "+CREG",
        "+COPS",
        "+CSQ",
        "+CSCA",
        "+CSCS",
        "+CMGF",
        "+CSMS",
        "+CNMI",
        "+CNMA",
        "+CPMS",
        "+CMGL",
        "+CMGR",
        "+CMGD",
        "+CMGS",
        "+CLIP",
        "+CRC",
        "+CCWA",
        "+CLCC",
        "+CHUP",
        "+CCLK",
        "+CTZR",
        "+CPBS",
        "+CPBR",
        "+CUSD",
        "+QURCCFG",
        "^CURC",
        "+NOSUCH",
        "E",
        "Z",
        "I",
        "H",
        "A",
        "D",
        "&F",
    ]
)
TAILS = st.one_of(
    st.sampled_from(["", "?", "=?", "=", "=1", "=0,4", '="SM","ME"', "=4", "=-1", "=99999", '="', "=1,1"]),
    st.text(alphabet='=?,";0123456789SMEabc+', max_size=20),
)


def modem(dialect: str = "generic") -> ModemState:
    return ModemState(DIALECTS[dialect], SimulatedNetwork(), Faults(), SimCard())


def reply(state: ModemState, line: str) -> str:
    """The final line, "> " for a prompt."""
    try:
        result = command_line.run(state, line)
    except RefusedError as refusal:
        return refusal.final
    return "> " if isinstance(result, Prompt) else result.final


@given(st.lists(st.tuples(NAMES, TAILS), min_size=1, max_size=6), st.sampled_from(sorted(DIALECTS)))
def test_any_command_line_is_answered_or_refused(lines: list[tuple[str, str]], dialect: str) -> None:
    state = modem(dialect)
    for name, tail in lines:
        assert reply(state, f"AT{name}{tail}")


@pytest.mark.parametrize(("cmee", "said"), [(0, "ERROR"), (1, "+CME ERROR: 11"), (2, "+CME ERROR: SIM PIN required")])
def test_a_locked_card_is_said_as_verbosely_as_asked_for(cmee: int, said: str) -> None:
    state = modem()
    state.sim.pin = "1234"
    command_line.run(state, f"AT+CMEE={cmee}")
    with pytest.raises(RefusedError, match=f"^{said.replace('+', '.')}$"):
        command_line.run(state, "AT+CPMS?")
