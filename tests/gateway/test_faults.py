"""A fault of this program: what met it is set aside in sight of people, and the next caller is served."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.core.effects import Declined, Effect, SetAside
from gateway.core.events import CallEnded, CallReason, CallSource, Event, OfficeTexted
from gateway.records import TextRecord
from gateway.turns import Context, calls, letters, outbox, reports, verdicts
from tests.gateway.box import MAIN, living
from tests.gateway.office import CALLER, OWNER

OTHER = "+12165550141"
OPEN_TASKS = "SELECT kind, peer FROM tasks WHERE closed_at IS NULL ORDER BY id"


class Fault(RuntimeError):
    """Something nobody thought of."""


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()


def breaks(monkeypatch: pytest.MonkeyPatch, module: object, name: str, error: type[Exception] = Fault) -> None:
    """The function does its work and then fails: whatever it wrote must be undone."""
    works = getattr(module, name)

    def fails(*args: object, **more: object) -> object:
        works(*args, **more)
        raise error("a fault")

    monkeypatch.setattr(module, name, fails)


@pytest.mark.parametrize("error", [Fault, StopIteration, KeyError, UnicodeError, RecursionError, AssertionError])
async def test_a_call_that_cannot_be_taken_in_is_on_the_call_back_list(
    tmp_path: Path, broken: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    async with living(tmp_path / "box") as box:
        key = await box.rings()
        breaks(broken, calls, "_decide", error)
        async with asyncio.timeout(30):
            await box.misses(key=key)
            await box.misses(OTHER)
        assert await box.rows("SELECT state, no_text FROM calls") == [("not_texted", "unknown_outcome")] * 2
        assert await box.rows("SELECT kind FROM tasks") == [("call_back",)] * 2
        assert await box.rows("SELECT count(*) FROM texts") == [(0,)]  # nothing of the failed turn is left
        assert [type(e) for e in box.effects].count(SetAside) == 2
        asides = await box.rows("SELECT body FROM journal WHERE kind = 'aside:CallEnded' ORDER BY id")
        assert [json.loads(body)["caller"] for (body,) in asides] == [CALLER, OTHER]
        broken.undo()
        await box.misses("+12165550142")
        await box.wait(30)
        assert len(box.texts_to("+12165550142")) == 1


async def test_a_text_that_cannot_be_taken_in_is_kept_and_shown_once(
    tmp_path: Path, broken: pytest.MonkeyPatch
) -> None:
    async with living(tmp_path / "box") as box:
        breaks(broken, letters, "read")
        for _ in range(2):
            await box.hears("my boiler leaks", identity="pdu")
        assert await box.rows("SELECT body FROM letters") == [("my boiler leaks",)]
        assert await box.rows(OPEN_TASKS) == [("wrote", CALLER)]


@pytest.mark.parametrize("body", ["\ud800 half a character", "a\x00b", "\u202e backwards", "😀" * 4000, "x" * 65536])
@pytest.mark.parametrize("flag", ["", "URGENT "])
async def test_no_text_is_too_odd_to_be_kept(tmp_path: Path, body: str, flag: str) -> None:
    async with living(tmp_path / "box") as box:
        await box.hears(flag + body)
        kept = await box.rows("SELECT body FROM letters")
        assert len(kept) == 1
        assert len(kept[0][0]) == len(flag + body)
        assert ("wrote", CALLER) in await box.rows(OPEN_TASKS)
        await box.wait(30)
        if "\ud800" not in body:
            assert len(box.texts_to(OWNER)) == (1 if flag else 0)


@pytest.mark.parametrize("caller", ["\ud800", "a\x00b", "\u202e+12165550137", "😀", "+1216555\x000137"])
async def test_no_caller_is_too_odd_to_be_listed(tmp_path: Path, caller: str) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses(caller)
        await box.wait(60)
        assert await box.rows("SELECT count(*) FROM calls WHERE state IN ('texted', 'not_texted')") == [(1,)]


async def test_a_verdict_that_cannot_be_taken_in_leaves_the_text_in_doubt_and_the_queue_moving(
    tmp_path: Path, broken: pytest.MonkeyPatch
) -> None:
    async with living(tmp_path / "box") as box:
        breaks(broken, verdicts, "after_submit")
        await box.misses()
        async with asyncio.timeout(30):
            await box.wait(30)
        assert await box.rows("SELECT state FROM calls") == [("unsure",)]
        assert await box.rows(OPEN_TASKS) == [("unsure_text", CALLER)]
        broken.undo()
        await box.misses(OTHER)
        await box.misses()
        await box.wait(30)
        assert (len(box.texts_to()), len(box.texts_to(OTHER))) == (1, 1)


async def test_a_text_that_cannot_be_prepared_does_not_hold_up_the_others(
    tmp_path: Path, broken: pytest.MonkeyPatch
) -> None:
    async with living(tmp_path / "box") as box:
        leaves = outbox._opener_leaves

        def fails_for_one(ctx: Context, text: TextRecord) -> object:
            if text.peer == CALLER:
                raise Fault("a fault")
            return leaves(ctx, text)

        broken.setattr(outbox, "_opener_leaves", fails_for_one)
        await box.misses()
        await box.misses(OTHER)
        await box.wait(30)
        assert len(box.texts_to(OTHER)) == 1
        assert await box.rows("SELECT no_text FROM calls WHERE id = 1") == [("send_failed",)]
        assert await box.rows(OPEN_TASKS) == [("call_back", CALLER)]


async def test_what_a_person_asked_for_in_vain_is_answered(tmp_path: Path, broken: pytest.MonkeyPatch) -> None:
    async with living(tmp_path / "box") as box:
        breaks(broken, calls, "withdraw")
        await box.misses()
        effects = await box.happens(OfficeTexted(box.clock.now(), CALLER, "Ann here", "ann"))
        assert any(isinstance(effect, Declined) for effect in effects)
        await box.wait(60)
        assert len(box.texts_to()) == 1  # the opener; Ann knows that hers did not go


async def test_a_report_that_cannot_be_taken_in_harms_nothing(tmp_path: Path, broken: pytest.MonkeyPatch) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses()
        await box.wait(30)
        breaks(broken, reports, "sum_up")
        await box.reported(box.modem.refs[0])
        assert await box.rows("SELECT state FROM texts") == [("accepted",)]
        assert [type(e) for e in box.effects].count(SetAside) == 1


async def test_a_listener_that_fails_does_not_make_the_driver_offer_the_event_again(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        heard: list[Event] = []

        def fails(_event: Event, _effects: list[Effect]) -> None:
            raise Fault

        box.dispatcher.listen(fails)
        box.dispatcher.listen(lambda event, _effects: heard.append(event))
        await box.misses()
        assert any(isinstance(event, CallEnded) for event in heard)


async def test_a_driver_that_is_cut_off_in_the_middle_does_not_hide_what_was_committed(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        heard: list[Event] = []
        committed = asyncio.Event()

        def hears(event: Event, _effects: list[Effect]) -> None:
            heard.append(event)
            committed.set()

        box.dispatcher.listen(hears)
        event = CallEnded("k", CallSource.AMI, box.clock.now(), CALLER, MAIN, True, CallReason.NO_ANSWER)
        driver = asyncio.create_task(box.dispatcher.submit(event))
        await asyncio.sleep(0)
        driver.cancel()
        with pytest.raises(asyncio.CancelledError):
            await driver
        async with asyncio.timeout(30):
            await committed.wait()
        assert heard == [event]
        assert await box.rows("SELECT state FROM calls") == [("waiting",)]
