"""A response time that first texts state is held against what is measured, and left out while it is not kept."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.core import wording
from gateway.core.effects import ResponseTimeJudged
from gateway.core.events import (
    BoxStarted,
    ContactSet,
    OfficeCalled,
    OfficeTexted,
    TaskClosed,
    UnsureDecided,
)
from gateway.core.hours import is_open
from tests.gateway.box import BUSINESS, UNSURE, Box, PortModem, VirtualClock, living

SAYS = "{business}: sorry we missed you. What do you need? We answer within 10 minutes. Emergency: text URGENT. STOP to end."
QUICK = replace(
    BUSINESS,
    templates={**BUSINESS.templates, "open": SAYS},
    policy=replace(BUSINESS.policy, stated_minutes=10, per_hour=0, per_day=0, per_minute=0, repeat_calls=0),
)
MORNING = datetime.fromisoformat("2026-03-02T09:00:00-05:00")
TO_DO = "SELECT kind, say FROM tasks WHERE kind = 'stated_response' AND closed_at IS NULL"
WITHDRAWN = (
    "first texts leave out your response time: of the last 5 callers {} heard from a person within 10 min;"
    " it comes back when 80 % do"
)


class Callers:
    """Numbers nobody else has; all of this is simulated."""

    def __init__(self) -> None:
        self._last = 1000

    def next(self) -> str:
        self._last += 1
        return f"+1216555{self._last}"


async def missed(box: Box, who: str) -> str:
    """Somebody misses us; the words of the text that went out."""
    await box.misses(caller=who)
    await box.wait(60)
    return box.texts_to(who)[-1]


async def callers(box: Box, callers: Callers, count: int, *, kept: bool) -> list[str]:
    """So many callers, a quarter of an hour each; the words they got."""
    words = []
    for _ in range(count):
        who = callers.next()
        words.append(await missed(box, who))
        await box.wait(200)
        if kept:
            await box.happens(OfficeCalled(box.clock.now(), who, True, "102"))
        await box.wait(660)
    return words


def says_time(words: str) -> bool:
    return "10 minutes" in words


async def test_a_time_that_is_kept_is_stated(tmp_path: Path) -> None:
    async with living(tmp_path / "box", QUICK, clock=VirtualClock(MORNING)) as box:
        assert all(says_time(words) for words in await callers(box, Callers(), 12, kept=True))
        assert await box.rows(TO_DO) == []


async def test_a_time_that_is_not_kept_is_left_out_and_the_office_hears_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with living(tmp_path / "box", QUICK, clock=VirtualClock(MORNING)) as box:
        who = Callers()
        with caplog.at_level(logging.INFO):
            assert all(says_time(words) for words in await callers(box, who, 5, kept=False))
            plain = await missed(box, who.next())
        assert not says_time(plain)
        assert plain.startswith("Miller Heating & Air: we missed your call.")
        assert await box.rows(TO_DO) == [("stated_response", WITHDRAWN.format(0))]
        assert [record.message for record in caplog.records if "response time" in record.message] == [
            WITHDRAWN.format(0)
        ]
        assert await box.rows("SELECT what FROM history WHERE subject = 'box:stated_response'") == [
            (WITHDRAWN.format(0),)
        ]
        assert await box.rows("SELECT template FROM texts WHERE purpose = 'opener' ORDER BY id DESC LIMIT 1") == [
            ("plain_open",)
        ]


async def test_it_is_stated_again_once_it_is_kept_again(tmp_path: Path) -> None:
    async with living(tmp_path / "box", QUICK, clock=VirtualClock(MORNING)) as box:
        who = Callers()
        await callers(box, who, 5, kept=False)
        words = await callers(box, who, 18, kept=True)
        assert [says_time(each) for each in words] == [False] * 16 + [True] * 2  # sixteen of twenty
        assert await box.rows(TO_DO) == []
        changes = [effect.kept for effect in box.effects if isinstance(effect, ResponseTimeJudged)]
        assert changes == [False, True]


async def test_four_of_five_are_enough_and_four_callers_say_nothing(tmp_path: Path) -> None:
    async with living(tmp_path / "four", QUICK, clock=VirtualClock(MORNING)) as box:
        who = Callers()
        await callers(box, who, 4, kept=False)
        assert says_time(await missed(box, who.next()))
    async with living(tmp_path / "five", QUICK, clock=VirtualClock(MORNING)) as box:
        who = Callers()
        await callers(box, who, 1, kept=False)
        await callers(box, who, 4, kept=True)
        assert says_time(await missed(box, who.next()))


REACHES = [
    "the office rings back",
    "they call again and are answered",
    "a text by hand",
    "the call-back is done",
    "their text is done",
]


@pytest.mark.parametrize("how", REACHES)
async def test_every_way_in_which_a_person_comes_back_counts(tmp_path: Path, how: str) -> None:
    async with living(tmp_path / "box", QUICK, clock=VirtualClock(MORNING)) as box:
        who = Callers()
        for _ in range(5):
            caller = who.next()
            await missed(box, caller)
            await box.wait(200)
            now = box.clock.now()
            match how:
                case "the office rings back":
                    await box.happens(OfficeCalled(now, caller, True, "102", over=False))
                    await box.wait(1500)  # a long talk
                    await box.happens(OfficeCalled(box.clock.now(), caller, True, "102"))
                case "they call again and are answered":
                    key = await box.rings(caller=caller)
                    await box.answered(key)
                    await box.wait(1500)
                    await box.ends_answered(key, caller=caller)
                case "a text by hand":
                    await box.happens(OfficeTexted(now, caller, "We can come tomorrow, ann here", "ann"))
                    await box.wait(60)
                case "the call-back is done":
                    await box.hears("my furnace is out", sender=caller)
                    await box.misses(caller=caller)
                    await done(box, "call_back")
                case _:
                    await box.hears("my furnace is out", sender=caller)
                    await done(box, "wrote")
            await box.wait(660)
            # the newest talk of all must not hide the one that kept the time
            await box.happens(OfficeCalled(box.clock.now(), caller, True, "102"))
        assert says_time(await missed(box, who.next()))
        assert await box.rows("SELECT count(*) FROM promises WHERE kept_at - made_at <= 600000") == [(5,)]


async def done(box: Box, kind: str) -> None:
    rows = await box.rows("SELECT id FROM tasks WHERE kind = ? AND closed_at IS NULL", kind)
    ((task,),) = rows
    await box.happens(TaskClosed(box.clock.now(), task, "ann"))


async def test_an_attempt_and_a_first_text_sent_again_are_no_answer(tmp_path: Path) -> None:
    modem = PortModem()
    async with living(tmp_path / "box", QUICK, modem=modem, clock=VirtualClock(MORNING)) as box:
        who = Callers()
        for _ in range(5):
            caller = who.next()
            modem.answers.append(UNSURE)
            await box.misses(caller=caller)
            await box.wait(60)
            ((text,),) = await box.rows("SELECT id FROM texts WHERE peer = ?", caller)
            await box.happens(UnsureDecided(box.clock.now(), text, went_out=False, by="ann"))
            await box.wait(60)
            assert len(box.texts_to(caller)) == 2
            await box.happens(OfficeCalled(box.clock.now(), caller, False, "102"))
            await box.wait(800)
        assert not says_time(await missed(box, who.next()))
        assert await box.rows(TO_DO) == [("stated_response", WITHDRAWN.format(0))]


async def test_a_to_do_that_was_dismissed_does_not_come_back(tmp_path: Path) -> None:
    clock = VirtualClock(MORNING)
    async with living(tmp_path / "box", QUICK, clock=clock) as box:
        who = Callers()
        await callers(box, who, 6, kept=False)
        await done(box, "stated_response")
        await callers(box, who, 6, kept=False)
        assert await box.rows(TO_DO) == []
    async with living(tmp_path / "box", QUICK, clock=clock) as box:
        assert not says_time(await missed(box, who.next()))
        assert await box.rows(TO_DO) == []


async def test_the_verdict_holds_while_too_few_callers_tell_otherwise(tmp_path: Path) -> None:
    clock = VirtualClock(MORNING)
    async with living(tmp_path / "box", QUICK, clock=clock) as box:
        who = Callers()
        await callers(box, who, 6, kept=False)
        clock.moment += timedelta(days=28)  # a Monday again, and nobody has called
        words = await callers(box, who, 6, kept=True)
        assert [says_time(each) for each in words] == [False] * 5 + [True]


async def test_texts_that_state_no_time_are_neither_judged_nor_touched(tmp_path: Path) -> None:
    plain = replace(QUICK, templates=BUSINESS.templates)
    async with living(tmp_path / "box", plain, clock=VirtualClock(MORNING)) as box:
        words = await callers(box, Callers(), 8, kept=False)
        assert len(set(words)) == 1
        assert await box.rows("SELECT 1 FROM promises") == []
        assert await box.rows(TO_DO) == []


async def test_shortly_before_closing_no_time_is_stated_and_none_is_judged(tmp_path: Path) -> None:
    closing = datetime.fromisoformat("2026-03-02T17:00:00-05:00")
    assert is_open(QUICK, closing - timedelta(minutes=1))
    assert not is_open(QUICK, closing)
    async with living(tmp_path / "box", QUICK, clock=VirtualClock(closing - timedelta(minutes=6))) as box:
        assert not says_time(await missed(box, Callers().next()))
        assert await box.rows("SELECT 1 FROM promises") == []
        assert await box.rows("SELECT template FROM texts") == [("plain_open",)]


async def test_who_asked_for_silence_is_not_waited_for(tmp_path: Path) -> None:
    async with living(tmp_path / "box", QUICK, clock=VirtualClock(MORNING)) as box:
        who = Callers()
        for number in range(6):
            caller = who.next()
            await missed(box, caller)
            if number % 2:
                await box.hears("STOP", sender=caller)
            else:
                await box.happens(ContactSet(box.clock.now(), caller, "vendor", basis="the office"))
            await box.wait(900)
        assert says_time(await missed(box, who.next()))


async def test_another_time_starts_with_a_clean_sheet(tmp_path: Path) -> None:
    clock = VirtualClock(MORNING)
    async with living(tmp_path / "box", QUICK, clock=clock) as box:
        who = Callers()
        await callers(box, who, 6, kept=False)
    longer = replace(
        QUICK,
        templates={**QUICK.templates, "open": SAYS.replace("10 minutes", "60 minutes")},
        policy=replace(QUICK.policy, stated_minutes=60),
    )
    async with living(tmp_path / "box", longer, clock=clock) as box:
        await box.happens(BoxStarted(clock.now()))
        assert await box.rows(TO_DO) == []
        assert "60 minutes" in await missed(box, who.next())


def test_only_the_time_that_the_business_has_set_counts_as_stated() -> None:
    assert wording.states_time(SAYS, QUICK)
    assert not wording.states_time(BUSINESS.templates.get("open", "{business}: what do you need?"), QUICK)
    assert not wording.states_time(SAYS, BUSINESS)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_plainer_words_state_no_time_in_any_situation(language: str) -> None:
    line = replace(BUSINESS.lines[0], language=language)
    for hour in (10, 23):
        at = datetime.fromisoformat(f"2026-03-02T{hour}:00:00-05:00")
        for storm_on in (False, True):
            plain = wording.plainer_opener(QUICK, line, at, storm_on)
            assert not wording.states_time(plain.body, QUICK)
            assert plain.template.endswith("_es") == (language == "es")
