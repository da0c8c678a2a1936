"""A test call: whoever sets the box up sees his own call texted, as often as he tries, and nothing of it is left behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gateway.core.effects import Declined
from gateway.core.events import ContactSet, Switched, TrialCallAsked, TrialCallEnded
from gateway.core.views.setup import HOLDS
from gateway.health import HealthBoard
from gateway.queries.office import Queries
from tests.gateway.box import BUSINESS, MAIN, NO_SUCH_NUMBER, UNSURE, Box, living, reader
from tests.gateway.office import CALLER, OWNER

MINUTE = 60.0


async def begins(box: Box, number: str) -> list[str]:
    effects = await box.happens(TrialCallAsked(box.clock.now(), number, "Otto"))
    return [effect.say for effect in effects if isinstance(effect, Declined)]


async def outcomes(box: Box) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in await box.rows("SELECT state, no_text, say FROM calls ORDER BY id")]


async def test_the_owners_own_call_is_texted_with_the_words_of_a_caller(tmp_path: Path) -> None:
    async with living(tmp_path / "box", BUSINESS, read=reader()) as box:
        await box.misses(OWNER)
        await box.wait(MINUTE)
        assert box.texts_to(OWNER) == []
        assert await begins(box, OWNER) == []
        await box.misses(OWNER)
        await box.wait(MINUTE)
        await box.misses(CALLER)
        await box.wait(MINUTE)
        assert box.texts_to(OWNER) == box.texts_to(CALLER) != []
        assert (await outcomes(box))[1] == ("not_texted", "trial", "test call: texted in 15 s")


async def test_it_passes_never_twice_a_pause_and_the_trial_week_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async with living(tmp_path / "box", BUSINESS, read=reader()) as box:
        for name in ("pause", "shadow"):
            await box.happens(Switched(box.clock.now(), name, "by Otto", "Otto"))
        assert await begins(box, CALLER) == []
        for _ in range(3):
            await box.misses(CALLER)
            await box.wait(MINUTE)
        await box.hears("testing, does this arrive?")
        await box.wait(MINUTE)
        assert len(box.texts_to(CALLER)) == 3
        for table in ("leads", "tasks", "promises", "escalations", "notices"):
            assert await box.rows(f"SELECT count(*) FROM {table}") == [(0,)], table
        queries = Queries(box.store, box.dispatcher, HealthBoard())
        today = await queries.today(box.clock.now())
        assert (today.missed, today.texted, today.not_texted, today.waiting) == (0, 0, 0, 0)
        for name in ("pause", "shadow"):
            await box.happens(Switched(box.clock.now(), name, "", "Otto"))
        await box.happens(TrialCallEnded(box.clock.now(), "Otto"))
        await box.misses(CALLER)
        await box.wait(MINUTE)
        assert (await outcomes(box))[-1][0] == "texted"  # no cooldown, no open conversation was left


async def test_it_is_over_after_a_quarter_of_an_hour(tmp_path: Path) -> None:
    async with living(tmp_path / "box", BUSINESS, read=reader()) as box:
        await begins(box, OWNER)
        await box.wait(16 * MINUTE)
        await box.misses(OWNER)
        await box.wait(MINUTE)
        assert box.texts_to(OWNER) == []
        assert (await outcomes(box))[-1][1] == "own_number"


async def test_what_a_caller_would_not_be_texted_for_is_told_in_the_same_words(tmp_path: Path) -> None:
    line = replace(BUSINESS.lines[0], text_back=False)
    async with living(tmp_path / "box", replace(BUSINESS, lines=(line,)), read=reader()) as box:
        await begins(box, OWNER)
        await box.misses(OWNER)
        await box.wait(MINUTE)
        assert box.texts_to(OWNER) == []
        say = f"test call: a caller would not be texted: line {line.name} is not texted"
        assert (await outcomes(box))[-1] == ("not_texted", "trial", say)


async def test_two_boxes_that_ring_each_other_come_to_an_end(tmp_path: Path) -> None:
    async with living(tmp_path / "box", BUSINESS, read=reader()) as box:
        await begins(box, CALLER)
        for _ in range(8):
            await box.misses(CALLER)
            await box.wait(MINUTE)
        assert len(box.texts_to(CALLER)) == 5
        assert "5 test texts are enough" in (await outcomes(box))[-1][2]


async def test_an_emergency_and_a_stop_from_the_test_phone_are_heard_all_the_same(tmp_path: Path) -> None:
    async with living(tmp_path / "box", BUSINESS, read=reader()) as box:
        await begins(box, CALLER)
        await box.hears("there is a gas smell in my basement, help")
        assert await box.rows("SELECT count(*) FROM escalations") == [(1,)]
        await box.hears("STOP")
        assert await box.rows("SELECT count(*) FROM contacts WHERE kind = 'opted_out'") == [(1,)]
        await box.misses(CALLER)
        sent = len(box.texts_to(CALLER))
        await box.wait(MINUTE)
        assert len(box.texts_to(CALLER)) == sent


async def test_a_text_that_fails_or_is_in_doubt_is_told_on_the_call_and_is_nobodys_task(tmp_path: Path) -> None:
    async with living(tmp_path / "box", BUSINESS, read=reader()) as box:
        await begins(box, CALLER)
        box.modem.answers.extend([NO_SUCH_NUMBER, UNSURE])
        for _ in range(2):
            await box.misses(CALLER)
            await box.wait(MINUTE)
        says = [say for _, _, say in await outcomes(box)]
        assert says[0].startswith("test call: not texted: ")
        assert says[1] == "test call: not sure whether it was texted"
        assert await box.rows("SELECT count(*) FROM tasks") == [(0,)]


async def test_what_cannot_be_tried_is_declined_with_a_reason(tmp_path: Path) -> None:
    async with living(tmp_path / "box", BUSINESS, read=reader()) as box:
        assert "area code" in (await begins(box, "call me"))[0]
        assert "area code" in (await begins(box, "911"))[0]
        assert "number of the box itself" in (await begins(box, MAIN))[0]
        await box.happens(ContactSet(box.clock.now(), CALLER, "opted_out", basis="said so"))
        assert "START" in (await begins(box, CALLER))[0]


async def test_the_number_of_a_customer_who_waits_is_no_test_phone_and_his_call_stays_on_the_list(
    tmp_path: Path,
) -> None:
    async with living(tmp_path / "box", BUSINESS, read=reader()) as box:
        await box.hears("my furnace is out, please call me")
        await box.wait(MINUTE)
        assert "waits for an answer" in (await begins(box, CALLER))[0]
        await box.misses()
        await box.wait(MINUTE)
        assert [no_text for _state, no_text, _say in await outcomes(box)] != ["trial"]
        await box.happens(Switched(box.clock.now(), "pause", HOLDS, "Otto"))  # before going live only the office calls
        assert await begins(box, CALLER) == []
