"""Delivery reports, early, late, twice, for the wrong text: the page never says more than the network did."""

from __future__ import annotations

from pathlib import Path

from gateway.core.events import ReportReceived
from gateway.ports.devices import OutgoingSegment
from tests.gateway.box import ACCEPTED, BUSY, NO_SUCH_NUMBER, THREE_PARTS, UNSURE, Box, living

DELIVERED, STILL_TRYING, NOT_REACHED = 0x00, 0x30, 0x46
STATE = "SELECT state FROM texts WHERE purpose = 'opener' ORDER BY id"


def reporting(box: Box, *statuses: int) -> None:
    """Each segment's report comes in while the next one is with the modem."""
    due = list(statuses)

    async def meanwhile(segment: OutgoingSegment) -> None:
        if segment.number > 1 and due:
            await box.dispatcher.submit(
                ReportReceived(box.key(), box.clock.now(), box.modem.refs[segment.number - 2], segment.to, due.pop(0))
            )

    box.modem.meanwhile = meanwhile


async def test_a_part_that_is_reported_before_the_next_one_leaves_is_not_sent_again(tmp_path: Path) -> None:
    async with living(tmp_path / "box", THREE_PARTS) as box:
        reporting(box, DELIVERED, DELIVERED)
        await box.misses()
        await box.wait(20)
        assert [segment.number for segment in box.modem.air] == [1, 2, 3]
        assert await box.rows(STATE) == [("accepted",)]
        await box.reported(box.modem.refs[2])
        assert await box.rows(STATE) == [("delivered",)]


async def test_a_part_that_is_lost_while_the_next_one_leaves_shows_as_not_delivered(tmp_path: Path) -> None:
    async with living(tmp_path / "box", THREE_PARTS) as box:
        reporting(box, NOT_REACHED, DELIVERED)
        await box.misses()
        await box.wait(20)
        assert [segment.number for segment in box.modem.air] == [1, 2, 3]
        assert await box.rows(STATE) == [("undelivered",)]
        assert await box.rows("SELECT state FROM calls") == [("texted",)]
        assert await box.rows("SELECT kind FROM tasks") == [("call_back",)]


async def test_a_report_that_overtakes_the_modems_answer_counts(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:

        async def at_once(segment: OutgoingSegment) -> None:
            await box.dispatcher.submit(
                ReportReceived("r1", box.clock.now(), box.modem.refs[-1], segment.to, DELIVERED)
            )

        box.modem.meanwhile = at_once
        await box.misses()
        await box.wait(20)
        assert await box.rows(STATE) == [("delivered",)]


async def test_a_report_that_comes_before_the_modem_fails_to_answer_settles_the_text(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:

        async def at_once(segment: OutgoingSegment) -> None:
            await box.dispatcher.submit(ReportReceived("r1", box.clock.now(), 9, segment.to, DELIVERED))

        box.modem.meanwhile = at_once
        box.modem.answers.append(UNSURE)
        await box.misses()
        await box.wait(20)
        assert await box.rows(STATE) == [("delivered",)]
        assert await box.rows("SELECT state FROM calls") == [("texted",)]
        assert await box.rows("SELECT 1 FROM tasks WHERE closed_at IS NULL") == []


async def test_a_report_told_twice_does_not_settle_another_unsure_text(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses()
        await box.wait(20)
        ref = box.modem.refs[0]
        await box.reported(ref, identity="same")
        await box.wait(13 * 3600)
        box.modem.answers.append(UNSURE)
        await box.misses()
        await box.wait(20)
        await box.reported(ref, identity="same")
        assert await box.rows(STATE) == [("delivered",), ("unconfirmed",)]
        await box.reported(ref, identity="the service centre says it twice")
        assert await box.rows(STATE) == [("delivered",), ("unconfirmed",)]


async def test_an_unsure_text_of_several_parts_is_not_settled_by_the_report_of_one(tmp_path: Path) -> None:
    async with living(tmp_path / "box", THREE_PARTS) as box:
        box.modem.answers.extend([ACCEPTED, UNSURE])
        await box.misses()
        await box.wait(20)
        assert [segment.number for segment in box.modem.air] == [1, 2]
        await box.reported(box.modem.refs[0])
        await box.reported(box.modem.refs[1])
        assert await box.rows(STATE) == [("unconfirmed",)]  # the third part never left


async def test_references_that_come_round_again_settle_the_newest_text_first_and_lose_none(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses()
        await box.wait(13 * 3600)
        box.modem.next_ref = box.modem.refs[0]
        await box.misses()
        await box.wait(20)
        assert box.modem.refs[0] == box.modem.refs[1]
        await box.reported(box.modem.refs[0], identity="one")
        assert await box.rows(STATE) == [("accepted",), ("delivered",)]
        await box.reported(box.modem.refs[0], identity="two")
        assert await box.rows(STATE) == [("delivered",), ("delivered",)]


async def test_a_report_for_a_text_that_the_network_refused_changes_nothing(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        box.modem.answers.append(NO_SUCH_NUMBER)
        await box.misses()
        await box.wait(20)
        await box.reported(77)
        assert await box.rows(STATE) == [("failed",)]
        assert await box.rows("SELECT no_text FROM calls") == [("send_failed",)]


async def test_delivered_after_not_delivered_and_still_trying_change_nothing(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses()
        await box.wait(20)
        await box.reported(box.modem.refs[0], STILL_TRYING)
        assert await box.rows(STATE) == [("accepted",)]
        await box.reported(box.modem.refs[0], NOT_REACHED)
        await box.reported(box.modem.refs[0], DELIVERED)
        assert await box.rows(STATE) == [("undelivered",)]


async def test_a_text_that_is_out_in_part_keeps_its_words_and_starts_the_cooldown(tmp_path: Path) -> None:
    async with living(tmp_path / "box", THREE_PARTS) as box:
        box.clock.moment = box.clock.moment.replace(hour=21, minute=59, second=40)  # 16:59:40 in the office
        box.modem.answers.extend([ACCEPTED, BUSY])
        await box.misses()
        await box.wait(120)
        assert [segment.number for segment in box.modem.air] == [1, 2, 3]
        assert "".join(segment.body for segment in box.modem.air).count("word") == 80
