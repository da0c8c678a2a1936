"""Reading the modem's stores: nothing is deleted before it was read whole and committed."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from drivers.modem import problems
from drivers.simulator import pdu as network
from drivers.simulator.modem import SimulatedModem
from gateway.core.events import Health
from tests.modem.bench import CUSTOMER, FAST, bench, served, settings_for
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


async def test_a_card_that_lets_nothing_be_deleted_is_nearly_full_and_no_port_without_notices() -> None:
    modem = SimulatedModem()
    modem.faults.no_delete = True
    async with bench(modem) as line:
        for number in range(16):
            modem.receive(CUSTOMER, f"announced, read and not deleted: {number}", storage="SM")
        await line.until(lambda: len(line.texts) == 16)
        swept = line.driver.discards.get("not deleted", 0)
        await line.until(lambda: line.driver.discards.get("not deleted", 0) > swept + 64)  # four sweeps
        assert line.said == problems.store_full("SM", 16, 20).say
        modem.faults.no_delete = False
        await line.until(lambda: line.said == "The modem works.")
        assert len(line.texts) == 16


async def test_texts_that_nobody_announces_make_the_port_doubtful_until_one_is_announced() -> None:
    modem = SimulatedModem()
    modem.receive(CUSTOMER, "there before the start", storage="SM")
    async with bench(modem) as line:
        await line.until(lambda: line.texts)
        modem.faults.lose_urc = True
        modem.receive(CUSTOMER, "one notice may get lost")
        await line.until(lambda: len(line.texts) == 2)
        assert line.said == "The modem works."
        modem.receive(CUSTOMER, "two in a row do not")
        await line.until(lambda: len(line.texts) == 3 and line.said == problems.NO_NOTICES.say)
        assert (line.said, line.health[-1].health) == (problems.NO_NOTICES.say, Health.DEGRADED)
        assert line.driver.ready
        modem.faults.lose_urc = False
        modem.receive(CUSTOMER, "announced")
        await line.until(lambda: line.said == "The modem works.")


async def test_what_was_thrown_away_is_still_counted_after_the_session() -> None:
    modem = SimulatedModem()
    async with bench(modem) as line:
        while not (counted := line.driver.discards.get("line nobody waits for", 0)):
            modem.urc("a line nobody knows")  # while a command is answered it may be part of that answer
            await asyncio.sleep(0.01)
        modem.urc("RDY")
        await line.until(lambda: not line.driver.ready)
        await line.until(lambda: line.driver.ready)
        assert line.driver.discards["line nobody waits for"] >= counted


async def test_a_pushed_text_that_cannot_be_stored_is_offered_again_after_a_pause_and_not_without_end() -> None:
    async with ScriptedModem() as modem, served(settings_for(modem.path)) as line:
        await line.until(lambda: line.driver.ready)
        began, line.refusing = asyncio.get_running_loop().time(), 20
        modem.say(f"\r\n+CMT: ,{LENGTH}\r\n{WHOLE}\r\n".encode())
        await line.until(lambda: line.texts)
        waited = asyncio.get_running_loop().time() - began
        assert waited > 5 * FAST.store_retry_s  # it is offered in front of a sweep and behind it


async def test_a_store_that_is_down_for_long_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "drivers.modem")
    async with bench(SimulatedModem()) as line:
        line.refusing = 40
        line.modem.receive(CUSTOMER, "keep me")
        line.modem.ring(CUSTOMER, rings=1, period_s=0.05)
        await line.until(lambda: line.texts and line.ended)
        await line.until(lambda: "texts can be stored again" in caplog.text)
    said = [record.message for record in caplog.records if record.levelno == logging.WARNING]
    assert sum("a text stays on the modem" in message for message in said) == 1
    assert sum("a call waits" in message for message in said) <= 2  # it rang, and it ended
