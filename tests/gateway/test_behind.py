"""Somebody acts on a page that is behind: an old tab, a poor Wi-Fi, two people at one lead. No emergency is swept away by it, no
caller is written to twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from gateway import records
from gateway.core.desk.upto import TaskUpto, Upto, upto_in
from gateway.core.inbox import Sieve
from gateway.core.views.leads import Standing
from gateway.core.views.tasks import TaskRow
from tests.gateway.box import START, living
from tests.gateway.office import CALLER, OWNER
from tests.gateway.test_leads import ASKING, READ, Office

ANN, BOB = "page:Ann", "page:Bob"
FURNACE = "Hi, my furnace is making a loud noise, can somebody look at it?"
FLOOD = "water is pouring through the ceiling!!"
CEILING = "the water is coming through the kitchen ceiling now, the ceiling fell down, hurry!!"

Press = Callable[[Office, str], Awaitable[None]]


async def close(office: Office, upto: str) -> None:
    await office.does.leads.end(1, "lost", None, "", ANN, upto)


async def done(office: Office, upto: str) -> None:
    await office.does.finish(1, ANN, upto)


async def book(office: Office, upto: str) -> None:
    begins = START + timedelta(days=1)
    await office.does.leads.book(1, begins, begins + timedelta(hours=2), ANN, who="Mike", upto=upto)


async def put_off(office: Office, upto: str) -> None:
    await office.does.leads.later(1, office.box.clock.now() + timedelta(days=3), ANN, upto)


async def calm_down(office: Office, upto: str) -> None:
    await office.does.leads.correct(1, {"urgency": "none"}, ANN, upto)


async def lane(office: Office, upto: str) -> None:
    await office.does.leads.correct(1, {"lane": "book"}, ANN, upto)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with living(tmp_path / "box", ASKING, read=READ) as box:
        office = Office(box)
        await box.hears(FURNACE)
        await office.settles()
        yield office


@pytest.mark.parametrize("press", [close, done, book, put_off, calm_down, lane], ids=lambda press: press.__name__)
async def test_what_they_have_written_since_is_read_before_anything_is_settled(office: Office, press: Press) -> None:
    drawn = (await office.story()).upto
    await office.box.hears("and the hot water is out as well")
    before = (await office.story()).lead
    with pytest.raises(ValueError, match="they have written since you opened this page"):
        await press(office, drawn)
    after = (await office.story()).lead
    assert (after.next_step, after.due, after.urgency) == (before.next_step, before.due, before.urgency)
    await press(office, (await office.story()).upto)  # who has read it may


@pytest.mark.parametrize("press", [close, done, book, calm_down], ids=lambda press: press.__name__)
async def test_an_emergency_is_not_swept_away_from_a_page_that_did_not_show_it(office: Office, press: Press) -> None:
    drawn = (await office.story()).upto
    await office.box.hears(FLOOD)
    with pytest.raises(ValueError, match="emergency since you opened this page"):
        await press(office, drawn)
    story = await office.story()
    assert story.lead.standing is Standing.EMERGENCY
    assert story.emergency is not None
    assert story.emergency.state == "alerting"
    told = len(office.box.texts_to(OWNER))
    await office.box.wait(1800)
    assert len(office.box.texts_to(OWNER)) > told  # the ladder goes on


async def test_a_colleague_s_word_that_it_is_an_emergency_counts_as_news_too(office: Office) -> None:
    drawn = (await office.story()).upto
    await office.does.leads.correct(1, {"urgency": "emergency"}, BOB, drawn)
    with pytest.raises(ValueError, match="emergency since you opened this page"):
        await close(office, drawn)


async def test_who_only_writes_a_fact_in_is_not_held_up_by_news(office: Office) -> None:
    drawn = (await office.story()).upto
    await office.box.hears("are you there?")
    await office.does.leads.correct(1, {"name": "Marta"}, ANN, drawn)
    assert (await office.story()).lead.name == "Marta"


async def test_one_text_that_was_no_emergency_takes_another_emergency_away_with_it_never(tmp_path: Path) -> None:
    async with living(tmp_path / "box", ASKING, read=READ) as box:
        office = Office(box)
        await box.hears(FLOOD)
        await office.settles()
        await box.hears(CEILING)
        await office.settles()
        await office.does.leads.correct_text(1, {"urgency": "routine", "life_safety": ""}, True, ANN)
        story = await office.story()
        assert (story.lead.standing, story.lead.urgency) == (Standing.EMERGENCY, "emergency")
        await office.does.leads.correct_text(2, {"urgency": "routine", "life_safety": ""}, True, ANN)
        story = await office.story()
        assert story.lead.urgency == "routine"  # no text of it is one any more
        assert story.emergency is not None
        assert story.emergency.state == "over"


async def test_a_colleague_s_emergency_is_not_taken_back_with_a_text_that_was_read_wrongly(tmp_path: Path) -> None:
    async with living(tmp_path / "box", ASKING, read=READ) as box:
        office = Office(box)
        await box.hears(FLOOD)
        await office.does.leads.correct(1, {"urgency": "routine"}, ANN)
        await office.does.leads.correct(1, {"urgency": "emergency"}, BOB)
        await office.does.leads.correct_text(1, {"urgency": "routine"}, True, ANN)
        assert (await office.story()).lead.standing is Standing.EMERGENCY


async def test_a_job_of_another_text_is_not_closed_with_one_that_was_none(office: Office) -> None:
    await office.box.hears("and can you look at the AC too, it does not cool")
    await office.settles()
    await office.does.leads.correct_text(1, {"intent": "spam"}, True, ANN)
    assert (await office.story()).lead.next_step


# ---- written to twice


async def test_the_same_form_once_more_is_one_text_however_late(office: Office) -> None:
    drawn = (await office.story()).upto
    await office.does.write(1, "Ann here, we come at 3", ANN, "", drawn)
    await office.box.wait(
        600
    )  # the answer was lost on a poor Wi-Fi; the browser gives up at last, and she presses again
    await office.does.write(1, "Ann here, we come at 3", ANN, "", drawn)
    await office.settles()
    assert office.box.texts_to().count("Ann here, we come at 3") == 1


async def test_the_same_words_are_sent_again_by_who_has_seen_the_first(office: Office) -> None:
    for _ in range(2):
        await office.does.write(1, "Are you at home?", ANN, "", (await office.story()).upto)
        await office.settles()
        await office.box.wait(3600)
    assert office.box.texts_to().count("Are you at home?") == 2


async def test_two_who_answer_at_once_do_not_both_write_also_where_nobody_can_have_the_lead(office: Office) -> None:
    await office.does.finish(1, ANN)  # a closed lead is nobody's: who writes does not take it
    drawn = (await office.story()).upto
    await office.does.write(1, "Ann here, thank you", ANN, "", drawn)
    with pytest.raises(ValueError, match="Your text was not sent"):
        await office.does.write(1, "Bob here, thank you", BOB, "", drawn)
    await office.settles()
    assert [text for text in office.box.texts_to() if "here" in text] == ["Ann here, thank you"]
    await office.does.write(1, "Bob here, thank you", BOB, "", (await office.story()).upto)
    await office.settles()
    assert "Bob here, thank you" in office.box.texts_to()


async def test_a_text_that_did_not_leave_does_not_stand_in_the_way_of_the_next(office: Office) -> None:
    drawn = (await office.story()).upto
    office.box.modem.ready = False
    await office.does.write(1, "Ann here, we come at 3", ANN, "", drawn)
    await office.box.wait(3600)
    office.box.modem.ready = True
    await office.does.write(1, "Ann here, we come at 3", ANN, "", drawn)
    await office.settles()
    assert office.box.texts_to(CALLER).count("Ann here, we come at 3") == 1


@pytest.mark.parametrize("written", ["", "1.2", "1.2.3.4", "-1.0.0", "1.2.x", "1" * 19 + ".0.0", "1.0.0\n"])
def test_a_form_without_a_mark_is_one_of_which_nothing_is_known(written: str) -> None:
    assert upto_in(written) is None


def test_a_mark_is_read_as_it_was_written() -> None:
    assert upto_in(str(Upto(3, 0, 7))) == Upto(3, 0, 7)


async def test_a_call_back_is_not_swept_away_by_a_page_that_did_not_show_the_next_call(office: Office):
    box = office.box
    await box.store.write(lambda db: db.execute("UPDATE tasks SET closed_at = 1"))
    await box.store.write(lambda db: records.open_task(db, "call_back", CALLER, "the modem was down", START))

    async def entry() -> TaskRow:
        page = await office.queries.inbox(Sieve(), box.clock.now())
        return next(item for item in page.items if isinstance(item, TaskRow))

    drawn = await entry()
    await box.misses()
    with pytest.raises(ValueError, match="they have called again"):
        await office.does.close_task(drawn.id, ANN, drawn.upto)
    seen = await entry()
    assert seen.id == drawn.id
    await office.does.close_task(seen.id, ANN, seen.upto)
    assert await box.rows("SELECT count(*) FROM tasks WHERE kind = 'call_back' AND closed_at IS NULL") == [(0,)]


async def test_a_text_that_nobody_could_read_is_not_swept_away_with_the_one_before(office: Office):
    box = office.box
    await box.store.write(lambda db: records.open_task(db, "wrote", "+12165550144", "a text came in", START))
    newest = (await box.rows("SELECT max(id) FROM letters"))[0][0]
    task_id = (await box.rows("SELECT max(id) FROM tasks"))[0][0]
    await box.hears("and one more thing", "+12165550144")
    with pytest.raises(ValueError, match="they have written"):
        await office.does.close_task(task_id, ANN, str(TaskUpto(0, newest, 0)))


async def test_whoever_texts_a_blocked_number_is_asked_once_whether_he_means_it(office: Office):
    await office.does.mark(1, "blocked", True, ANN)
    with pytest.raises(ValueError, match="marked as blocked"):
        await office.does.write(1, "Please pay the bill", ANN, "", (await office.story()).upto)
    await office.does.write(1, "Please pay the bill", ANN, "", (await office.story()).upto, sure=True)
    assert await office.box.rows("SELECT body FROM texts WHERE purpose = 'staff'") == [("Please pay the bill",)]
