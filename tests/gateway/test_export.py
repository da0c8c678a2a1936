"""What `textback export` writes: everything, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import main as cli
from gateway.cli.export import KINDS, ExportError, export
from gateway.core.conversation.office import OwnQuestion
from gateway.core.sheetcells import safe_cell
from gateway.statefolder import DATABASE
from tests.gateway.box import BUSINESS, living
from tests.gateway.office import CALLER
from tests.gateway.test_leads import ASKING, READ, Office

FORMULA = '=HYPERLINK("http://evil.example","click")'


async def a_day(path: Path) -> None:
    """A missed call, a conversation with an answer to an own question, a withheld call, a text that is a formula."""
    async with living(path, ASKING, read=READ) as box:
        office = Office(box)
        await box.misses()
        await office.settles()
        for words in (
            "Hi, my furnace is making a loud noise,\ncan somebody look at it?",
            "44107",
            "Dana Whitfield",
            "1234#",
        ):
            await box.hears(words)
            await office.settles()
        await box.misses(None)
        await box.hears(FORMULA, "+12165550138")
        await box.hears("I want a person to call me", "+12165550139")
        await office.settles()
        await office.does.finish(1, "page")


def table(path: Path, what: str, business: Any = ASKING) -> list[dict[str, str]]:
    out = io.StringIO()
    export(path, what, "csv", business, out)
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def lines(path: Path, what: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    export(path, what, "jsonl", ASKING, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


async def test_a_lead_has_its_facts_its_lane_its_times_and_the_answers_to_own_questions(tmp_path: Path) -> None:
    await a_day(tmp_path / "box")
    lead, _, other = lines(tmp_path / "box", "leads")
    assert (lead["number"], lead["name"], lead["zip"], lead["lane"]) == (CALLER, "Dana Whitfield", "44107", "message")
    assert (lead["service"], lead["service_name"]) == ("heating_repair", "Heating repair")
    assert (lead["open"], lead["next_step"], other["open"]) == (False, "", True)
    assert lead["answers"] == {"Gate code": "1234#"}
    assert lead["issue"] == "Hi, my furnace is making a loud noise, can somebody look at it?"
    assert datetime.fromisoformat(lead["opened_at"]) == datetime.fromisoformat("2026-03-02T10:01:00-05:00")
    row, *_ = table(tmp_path / "box", "leads")
    assert (row["number"], row["Gate code"], row["open"], row["due"]) == ("(216) 555-0137", "1234#", "False", "")


async def test_every_call_has_its_outcome_and_sentence(tmp_path: Path) -> None:
    await a_day(tmp_path / "box")
    first, second = lines(tmp_path / "box", "calls")
    assert (first["number"], first["missed"], first["outcome"], first["say"][:9]) == (
        CALLER,
        True,
        "texted",
        "texted in",
    )
    assert (second["outcome"], second["reason"]) == ("withheld", "no_answer")
    assert [row["outcome"] for row in table(tmp_path / "box", "calls")] == ["texted", "withheld"]


async def test_texts_stand_in_order_in_both_directions_with_their_words_as_they_were(tmp_path: Path) -> None:
    await a_day(tmp_path / "box")
    texts = lines(tmp_path / "box", "texts")
    assert [text["at"] for text in texts] == sorted(text["at"] for text in texts)
    assert [(text["direction"], text["purpose"]) for text in texts[:3]] == [
        ("out", "opener"),
        ("in", ""),
        ("out", "question"),
    ]
    assert texts[1]["body"] == "Hi, my furnace is making a loud noise,\ncan somebody look at it?"
    assert FORMULA in {text["body"] for text in texts}
    assert "Hi, my furnace is making a loud noise,\ncan somebody look at it?" in {
        row["body"] for row in table(tmp_path / "box", "texts")
    }


async def test_no_cell_of_a_table_is_a_formula(tmp_path: Path) -> None:
    await a_day(tmp_path / "box")
    with sqlite3.connect(tmp_path / "box") as db:
        db.execute(
            "UPDATE leads SET name = '@SUM(A1)', place = '+1', issue = ?, answers = ?", (FORMULA, '{"-k": " =1"}')
        )
        db.execute("UPDATE calls SET caller_name = '-2+3', peer = NULL, caller = '+441632960001'")
    for what in KINDS:
        out = io.StringIO()
        export(tmp_path / "box", what, "csv", ASKING, out)
        for row in csv.reader(io.StringIO(out.getvalue(), newline="")):
            assert not [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]
    row, *_ = table(tmp_path / "box", "leads")
    assert (row["name"], row["'-k"]) == ("'@SUM(A1)", "' =1")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("\t=1", "'\t=1"),
        ("  @A1", "'  @A1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("+12165550137", "(216) 555-0137"),
        ("+1216555013", "'+1216555013"),
        ("", ""),
        ("a=1", "a=1"),
        (None, None),
        (-3, -3),
    ],
)
def test_a_cell_is_made_safe_and_a_number_stays_readable(value: str | int | None, cell: str | int | None) -> None:
    assert safe_cell(value) == cell


async def test_a_question_that_bears_the_name_of_a_column_has_a_heading_of_its_own(tmp_path: Path) -> None:
    async with living(tmp_path / "box"):
        pass
    question = OwnQuestion("stage", "Which stage?")
    business = replace(BUSINESS, conversation=replace(BUSINESS.conversation, questions=(question,)))
    for what in KINDS:
        out = io.StringIO()
        export(tmp_path / "box", what, "csv", business, out)
        heading = out.getvalue().strip().split(",")
        assert heading[0] == "id"
        assert len(heading) == len(set(heading))
    assert table(tmp_path / "box", "leads", business) == []


async def test_the_gateway_may_run_meanwhile(tmp_path: Path) -> None:
    async with living(tmp_path / "box", ASKING, read=READ) as box:
        await box.hears("Hi, our furnace makes a loud noise")
        assert [lead["number"] for lead in lines(tmp_path / "box", "leads")] == [CALLER]


def test_what_is_no_database_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="start the gateway once"):
        export(tmp_path / "none", "leads", "csv", BUSINESS, io.StringIO())
    (tmp_path / "wrong").write_text("no database" * 100)
    with pytest.raises(ExportError, match="cannot read"):
        export(tmp_path / "wrong", "leads", "csv", BUSINESS, io.StringIO())
    (tmp_path / "old").touch()
    with pytest.raises(ExportError, match="cannot read"):
        export(tmp_path / "old", "leads", "csv", BUSINESS, io.StringIO())


async def test_the_command_writes_the_books_of_its_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "gateway.yaml"
    text = (Path(__file__).parents[2] / "config/examples/miller.yaml").read_text()
    config.write_text(f"{text}\nstate: {tmp_path}\n")
    assert cli.main(["export", "leads", "--config", str(config)]) == 1
    assert "start the gateway once" in capsys.readouterr().err
    await a_day(tmp_path / DATABASE)
    assert cli.main(["export", "calls", "--format", "jsonl", "--config", str(config)]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["outcome"] == "texted"
