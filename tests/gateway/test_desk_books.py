"""What people do with leads, on the books: no walk through years of them, no command that leaves them at odds."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.cli.export import export, export_corrections
from gateway.cli.main import main
from gateway.core import events
from gateway.core.desk.reviewing import ReviewKind
from gateway.core.desk.rules import DeskRules, OwnerRule
from gateway.core.effects import Declined
from gateway.queries.leadstory import lead_story
from gateway.queries.review import review_counts, reviews
from gateway.queries.rows import call_row, letter_row, text_row
from gateway.reading import reading_for
from gateway.training.labelled import read_all
from gateway.training.labels import LABELS
from gateway.turns import Context, take_turn
from tests.gateway.box import living
from tests.gateway.test_leads import ASKING, READ, Office
from tests.gateway.test_query_plans import BUSINESS, CALLER, MONDAY, Witness, books  # noqa: F401 - a fixture

ANN, BOB = "page:Ann", "page:Bob"
DAY = timedelta(days=1)


def test_nothing_that_people_do_walks_through_a_table(books: Witness) -> None:  # noqa: F811
    business = replace(BUSINESS, desk=DeskRules(owners=(OwnerRule(("Ann", "Bob"), then=("owner",)),)))

    def turn(event: object, after_s: float = 0.0) -> None:
        now = MONDAY + timedelta(seconds=after_s)
        done = take_turn(Context(books, business, now, read=reading_for(business)), event)  # type: ignore[arg-type]
        assert not [each for each in done if isinstance(each, Declined)]

    turn(events.SegmentReceived("pdu", MONDAY, CALLER, "Our furnace quit", scts=MONDAY))
    turn(events.LeadClaimed(MONDAY, 1, ANN), 1)
    turn(events.LeadAssigned(MONDAY, 1, "Bob", ANN, "Ann"), 2)
    turn(events.CallTried(MONDAY, False, BOB, lead_id=1), 3)
    turn(events.PutOff(MONDAY, MONDAY + DAY, BOB, lead_id=1), 4)
    turn(events.LeadNoted(MONDAY, 1, "a note", BOB), 5)
    turn(events.NoteStruck(MONDAY, 1, BOB), 6)
    turn(events.LeadCorrected(MONDAY, 1, BOB, {"zip": "44107", "urgency": "routine"}), 7)
    turn(events.TextCorrected(MONDAY, 1, BOB, {"urgency": "urgent"}), 8)
    turn(events.OfficeTexted(MONDAY, CALLER, "Bob here", BOB, "Bob"), 9)
    turn(events.CallTried(MONDAY, True, BOB, lead_id=1), 10)
    turn(events.TextClaimed(MONDAY, able=False), 3 * 86400)
    turn(events.AppointmentWritten(MONDAY, 1, MONDAY + 4 * DAY, MONDAY + 5 * DAY, BOB, who="Hank"), 3 * 86400)
    turn(events.LeadEnded(MONDAY, 1, "won", BOB, 100), 3 * 86400)
    turn(events.LeadReopened(MONDAY, 1, ANN), 3 * 86400)
    turn(events.AwaySet(MONDAY, "Ann", True, ANN), 3 * 86400)
    turn(events.TextClaimed(MONDAY, able=False), 9 * 86400)
    assert lead_story(books, business, 1, MONDAY, text_row, letter_row, call_row) is not None
    for kind in ReviewKind:
        reviews(books, kind, None, 50, settled=False)
        reviews(books, kind, 10, 50, settled=True)
    review_counts(books)
    assert not books.walks


ACTS = st.sampled_from(
    [
        *(("claim", by) for by in (ANN, BOB)),
        *(("release", by) for by in (ANN, BOB)),
        ("reached", ANN),
        ("no answer", BOB),
        ("later", ANN),
        ("book", BOB),
        *(("end", outcome) for outcome in ("won", "lost", "done", "spam")),
        ("reopen", BOB),
        *(("urgency", value) for value in ("emergency", "urgent", "routine")),
        ("service", "maintenance"),
        ("text", ANN),
        ("done", ANN),
        *(
            ("hears", words)
            for words in ("water is pouring through the ceiling!!", "thanks", "my furnace quit", "ok", "STOP", "START")
        ),
        ("wait", "3600"),
        ("wait", "90000"),
    ]
)


def happening(act: tuple[str, str], now) -> events.Event:  # type: ignore[no-untyped-def]
    match act:
        case ("claim", by):
            return events.LeadClaimed(now, 1, by, "Ann")
        case ("release", by):
            return events.LeadAssigned(now, 1, "", by, "Bob")
        case ("reached", by):
            return events.CallTried(now, True, by, lead_id=1)
        case ("no answer", by):
            return events.CallTried(now, False, by, lead_id=1)
        case ("later", by):
            return events.PutOff(now, now + DAY, by, lead_id=1)
        case ("book", by):
            return events.AppointmentWritten(now, 1, now + DAY, now + 2 * DAY, by, who="Hank")
        case ("end", outcome):
            return events.LeadEnded(now, 1, outcome, ANN)
        case ("reopen", by):
            return events.LeadReopened(now, 1, by)
        case ("urgency" | "service" as name, value):
            return events.LeadCorrected(now, 1, ANN, {name: value})
        case ("text", by):
            return events.OfficeTexted(now, CALLER, f"we write at {now}", by, "Ann")
        case _:
            return events.TaskClosed(now, 1, "Ann")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(ACTS, max_size=14))
async def test_whatever_people_do_in_whatever_order_the_books_agree(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, str]]
) -> None:
    async with living(tmp_path_factory.mktemp("walk") / "box", ASKING, read=READ) as box:
        await box.hears("my furnace makes a noise")
        for act in acts:
            kind, value = act
            if kind == "wait":
                await box.wait(float(value))
            elif kind == "hears":
                await box.hears(value)
                if (
                    "pouring" in value
                ):  # an emergency is before people's eyes, whatever they have said of the lead before
                    ((lane,),) = await box.rows("SELECT lane FROM leads ORDER BY id DESC LIMIT 1")
                    assert lane == "escalate"
            else:
                await box.happens(happening(act, box.clock.now()))
            assert await box.rows("SELECT * FROM journal WHERE kind = 'SetAside'") == []
            assert await box.rows("SELECT say FROM tasks WHERE say LIKE '%fault in this program%'") == []
            for row in await box.rows(
                "SELECT leads.id, next_step, say, leads.due, tasks.due FROM leads JOIN tasks ON tasks.lead_id = leads.id"
                " AND tasks.kind = 'wrote' AND tasks.closed_at IS NULL"
            ):
                assert row[1], row  # what is open says what is to be done
                assert row[3] == row[4], row
            several = (
                "SELECT 1 FROM tasks WHERE kind = 'wrote' AND closed_at IS NULL GROUP BY lead_id HAVING count(*) > 1"
            )
            assert await box.rows(several) == []
            if kind == "end":
                assert await box.rows("SELECT 1 FROM tasks WHERE lead_id = 1 AND closed_at IS NULL") == []
                assert await box.rows("SELECT 1 FROM escalations WHERE lead_id = 1 AND state <> 'over'") == []


async def test_what_was_put_right_is_learnt_from_and_exported(tmp_path: Path) -> None:
    async with living(tmp_path / "box", ASKING, read=READ) as box:
        office = Office(box)
        await box.hears("my furnace needs a tune up, this is Martha, in 44107")
        await box.hears("algo con el aire", sender="+12165550139")
        await office.does.leads.correct_text(
            1, {"service": "heating_repair", "urgency": "urgent", "name": "Marta"}, True, ANN
        )
        await office.does.leads.correct_text(2, {"opt_out": "yes"}, False, BOB)
        assert export_corrections(tmp_path / "box", tmp_path / "learn") == 2
        first, second = read_all(tmp_path / "learn")
        told = {name: first.labels[name] for name in LABELS if first.labels[name]}
        told.pop("intent")
        assert told == {"urgency": "urgent", "service": "heating_repair", "zip": "44107", "name": "Marta"}
        assert (second.labels["intent"], second.labels["opt_out"]) == ("opt_out", True)
        out = io.StringIO()
        export(tmp_path / "box", "leads", "jsonl", ASKING, out)
        assert {"assignee", "booked_from", "outcome"} <= set(json.loads(out.getvalue().splitlines()[0]))


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "gateway.yaml"
    config.write_text(
        "business: {name: Miller, timezone: America/New_York}\nlines: {main: {number: '+12165550100'}}\n"
        f"hours: {{mon: ['08:00-17:00']}}\nstate: {tmp_path}\nmodem: {{port: /dev/null, number: '+12165550111'}}\n"
    )
    assert main(["corrections", "--config", str(config), str(tmp_path / "learn")]) != 0
    assert "there is no" in capsys.readouterr().err
