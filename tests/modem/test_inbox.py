"""Reading the modem's stores: nothing is deleted before it was read whole and committed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from drivers.simulator import pdu as network
from tests.modem.bench import CUSTOMER, served, settings_for
from tests.modem.scripted import OK, ScriptedModem

AT = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
WHOLE = network.encode_deliver(CUSTOMER, "Water heater is leaking, please call", AT)
LENGTH = network.tpdu_length(WHOLE)
BROADCAST = "0001" + "00" * 20


class Store(ScriptedModem):
    """A modem with one text at SM 1, whose first listings are answered with `damaged`."""

    def __init__(self, damaged: list[str], announced: int = LENGTH) -> None:
        super().__init__()
        self.damaged = damaged
        self.announced = announced
        self.deleted = False
        self.replies |= {
            "AT+CMGL=4": Store.listed,
            "AT+CMGD=1": Store.emptied,
            "AT+CPMS=?": b'\r\n+CPMS: ("SM")\r\n' + OK,
        }

    def listed(self, _: str) -> bytes:
        if self.deleted:
            return OK
        pdu = self.damaged.pop(0) if self.damaged else WHOLE
        return f"\r\n+CMGL: 1,0,,{self.announced}\r\n{pdu}\r\n".encode() + OK

    def emptied(self, _: str) -> bytes:
        self.deleted = True
        return OK


@pytest.mark.parametrize(
    "damaged",
    [
        WHOLE[:30] + "\r\n" + WHOLE[30:],  # noise that reads as a line end
        WHOLE[:31] + "\r" + WHOLE[31:],
        WHOLE[:-8],
        WHOLE[:20] + "\xe9" + WHOLE[20:],
        f"+CBM: {len(BROADCAST) // 2}\r\n{BROADCAST}\r\n{WHOLE}",
        f"+CBM: {len(BROADCAST) // 2}\r\n{BROADCAST}",
        BROADCAST,
    ],
)
async def test_a_text_damaged_on_its_way_is_read_again_and_not_deleted_unread(damaged: str) -> None:
    async with Store([damaged]) as modem, served(settings_for(modem.path)) as line:
        await line.until(lambda: line.texts and modem.deleted)
        assert [text.body for text in line.texts] == ["Water heater is leaking, please call"]


async def test_a_modem_that_always_announces_a_wrong_length_is_believed_the_second_time() -> None:
    async with Store([], announced=7) as modem, served(settings_for(modem.path)) as line:
        await line.until(lambda: line.texts and modem.deleted)
        assert [text.body for text in line.texts] == ["Water heater is leaking, please call"]


async def test_a_cell_broadcast_is_not_a_text() -> None:
    async with ScriptedModem() as modem, served(settings_for(modem.path)) as line:
        await line.until(lambda: line.driver.ready)
        modem.say(f"\r\n+CBM: {len(BROADCAST) // 2}\r\n{BROADCAST}\r\n".encode())
        modem.say(f"\r\n+CMT: ,{LENGTH}\r\n{WHOLE}\r\n".encode())
        await line.until(lambda: line.texts)
        assert [text.sender for text in line.texts] == [CUSTOMER]
