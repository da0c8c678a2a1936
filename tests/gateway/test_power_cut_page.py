"""The power fails at every commit, and just behind the antenna, of what people do on the page. Whoever saw no answer presses the
same form again: everything is done, nothing twice, and nobody is texted twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from gateway.commands.office import OfficeCommands
from gateway.health import HealthBoard
from gateway.queries.office import Queries
from tests.gateway.box import START, Box
from tests.gateway.office import CALLER
from tests.gateway.test_ladder import FLOOD
from tests.gateway.test_power_cut_people import Life, Step, at_every_point, hears, passes

ANN = "page:Ann"
FURNACE = "Hi, my furnace is making a loud noise, can somebody look at it?"
TOMORROW = START + timedelta(days=1)
KEPT = {
    "leads": "SELECT stage, lane, urgency, outcome, value_cents, closed_by, name, assignee, tries FROM leads",
    "notes": "SELECT by, body FROM notes",
    "tasks": "SELECT kind, peer, closed_at IS NULL FROM tasks WHERE kind <> 'unsure_text'",
    "contacts": "SELECT number, kind FROM contacts ORDER BY number, kind",
    "escalations": "SELECT kind, state, by FROM escalations",
    "appointments": "SELECT state, begins, who, revision FROM appointments",
    "staff": "SELECT peer, body FROM texts WHERE purpose = 'staff'",
    "corrections": "SELECT letter_id FROM corrections",
}

Press = Callable[[OfficeCommands, str], Awaitable[None]]


def presses(press: Press) -> Step:
    """A form of the page of the first lead: it is drawn once, and sent until an answer comes."""
    drawn: dict[Path, str] = {}

    async def step(box: Box, life: Life) -> None:
        queries = Queries(box.store, box.dispatcher, HealthBoard())
        again = life.path in drawn
        if not again:
            story = await queries.lead(1, box.clock.now())
            assert story is not None
            drawn[life.path] = story.upto
        try:
            await press(OfficeCommands(box.dispatcher, queries, box.clock), drawn[life.path])
        except ValueError:
            if not again:  # that it is done already may be said to who presses once more
                raise
        await box.sender.drain()

    return step


def same_everywhere(lives: list[Life]) -> None:
    calm, *cut = [{name: life.rows(sql) for name, sql in KEPT.items()} for life in lives]
    for kept, life in zip(cut, lives[1:], strict=True):
        assert kept == calm, life.path.name
        told = Counter(life.texts(CALLER))
        assert not {body for body, times in told.items() if times > 1}, life.path.name


async def test_a_lead_that_is_worked_on_the_page(tmp_path: Path) -> None:
    story = [
        presses(lambda does, _upto: does.leads.claim(1, "", ANN)),
        presses(lambda does, _upto: does.leads.note(1, "has a dog", ANN)),
        presses(lambda does, _upto: does.leads.called(1, False, ANN)),
        presses(lambda does, upto: does.write(1, "Ann here, we come at 3", ANN, "Ann", upto)),
        presses(lambda does, upto: does.leads.correct(1, {"name": "Marta", "urgency": "urgent"}, ANN, upto)),
        presses(lambda does, _upto: does.mark(1, "customer", True, ANN, "since 2019")),
        presses(lambda does, upto: does.leads.later(1, TOMORROW, ANN, upto)),
        passes(120),
        presses(lambda does, upto: does.write(1, "See you tomorrow", ANN, "Ann", upto)),
        presses(
            lambda does, upto: does.leads.book(1, TOMORROW, TOMORROW + timedelta(hours=2), ANN, who="Hank", upto=upto)
        ),
        presses(lambda does, upto: does.leads.end(1, "won", 45_000, "", ANN, upto)),
    ]
    lives = await at_every_point(tmp_path, [hears(FURNACE, CALLER), passes(60)], story, least=20)
    same_everywhere(lives)
    for life in lives:  # what a person wrote is on the air, or somebody is asked what became of it
        left = set(life.texts(CALLER))
        asked = life.rows("SELECT count(*) FROM tasks WHERE kind = 'unsure_text'")[0][0]
        assert {"Ann here, we come at 3", "See you tomorrow"} <= left or asked


async def test_an_emergency_that_is_taken_and_closed_on_the_page(tmp_path: Path) -> None:
    story = [
        presses(lambda does, _upto: does.have_it(1, ANN)),
        presses(lambda does, upto: does.write(1, "Ann here: shut the main valve", ANN, "Ann", upto)),
        presses(lambda does, _upto: does.leads.called(1, True, ANN)),
        presses(lambda does, upto: does.finish(1, ANN, upto)),
    ]
    same_everywhere(await at_every_point(tmp_path, [hears(FLOOD, CALLER), passes(20)], story))
