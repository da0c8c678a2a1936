"""A box is set up from its page: answers are kept one by one, become the configuration, and texting waits for a yes to each point."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.modem.settings import Timings
from drivers.simulator.modem import SimulatedModem
from gateway.commands.areadata import fetch_list
from gateway.core.views.setup import HOLDS, POINTS, STEPS
from gateway.settings import load
from gateway.settings.edit.first import unconfigured
from gateway.settings.ziplist import FILE as ZIP_CODES
from gateway.settings.ziplist import Place, written
from gateway.supervisor import Gateway, running
from tests.waiting import until

CELL = "+12165550190"
LINE = {"kind": "forwarded", "number": "(216) 555-0100", "sim": "(216) 555-0188"}
ANSWERS = {
    "business": {"name": "Acme Plumbing", "trade": "plumbing", "timezone": "America/New_York", "area_code": "216"},
    "line": LINE,
    "hours": {"mon_from": "08:00", "mon_to": "17:00"},
    "area": {"zips": "44102 44107", "cities": "Lakewood"},
    "people": {"owner_name": "Mike", "owner_cell": "216 555 0190", "name_1": "Dana", "cell_1": "216 555 0151"},
    "services": {"off": ""},
}


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Gateway]:
    settings = unconfigured(tmp_path / "gateway.yaml", "127.0.0.1:0", str(tmp_path / "state"))
    async with running(Gateway(settings, modem_timings=Timings(drain_s=0.05))) as gateway:
        yield gateway


async def answers_all(gateway: Gateway, port: str, but: str = "") -> None:
    for step, answers in {**ANSWERS, "modem": {"port": port}}.items():
        if step != but:
            await gateway.setup.answer(step, answers, "Otto")


async def test_answers_are_kept_as_they_come_and_nothing_is_configured_before_the_last(fresh: Gateway) -> None:
    assert fresh.setup.pending()
    await fresh.setup.answer("business", ANSWERS["business"], "Otto")
    view = await fresh.setup.view()
    assert (view.configured, view.live) == (False, False)
    assert view.answer("business", "name") == "Acme Plumbing"
    assert view.missing == ("line", "hours", "area", "people", "services", "modem")
    with pytest.raises(ValueError, match="not everything is answered"):
        await fresh.setup.install("Otto")
    assert not fresh.settings.source.exists()


@pytest.mark.parametrize(
    ("step", "answers", "says"),
    [
        ("business", {"name": "", "timezone": "America/New_York"}, "'name' is missing"),
        ("business", {"name": "Acme", "timezone": "Mars/Olympus"}, "not a time zone"),
        ("line", {"kind": "forwarded", "number": "12"}, "not a telephone number"),
        ("hours", {"mon_from": "08:00", "mon_to": "later"}, "not a window of time"),
        ("area", {"zips": "441"}, "no ZIP code"),
        ("people", {"owner_cell": "911"}, "not a telephone number"),
    ],
)
async def test_what_a_configuration_could_not_hold_is_refused_at_its_step(fresh: Gateway, step, answers, says) -> None:
    with pytest.raises(ValueError, match=says):
        await fresh.setup.answer(step, answers, "Otto")
    assert step not in (await fresh.setup.view()).answers


async def test_the_answers_become_the_configuration_and_texting_waits(fresh: Gateway, tmp_path: Path) -> None:
    async with SimulatedModem("generic", link=tmp_path / "modem") as modem:
        await answers_all(fresh, str(tmp_path / "modem"))
        await fresh.setup.install("Otto")
        assert not fresh.setup.pending()
        business = load(fresh.settings.source).business
        assert (business.name, business.trade, business.owner) == ("Acme Plumbing", "plumbing", CELL)
        assert [line.number for line in business.lines] == ["+12165550100"]
        assert [person.name for person in business.people.everybody] == ["Mike", "Dana"]
        assert [rung.who for rung in business.escalation.rungs] == [("on_call",), ("person_1",)]
        assert fresh.queries.paused() == HOLDS
        await until(lambda: any(r.component == "modem" and r.say == "The modem works." for r in fresh.board.reports()))
        with pytest.raises(ValueError, match="10 points"):
            await fresh.setup.go_live("Otto")
        await fresh.setup.answer("go-live", dict.fromkeys(POINTS, "yes"), "Otto")
        await fresh.setup.go_live("Otto")
        assert fresh.queries.paused() == ""
        assert (await fresh.setup.view()).live
        assert modem.network.sent_texts() == []


async def test_a_step_that_is_answered_again_changes_the_file_and_leaves_the_rest_of_it(
    fresh: Gateway, tmp_path: Path
) -> None:
    await answers_all(fresh, str(tmp_path / "modem"))
    await fresh.setup.install("Otto")
    file = fresh.settings.source
    file.write_text(file.read_text() + "\n# our own remark\n")
    await fresh.setup.answer("hours", {"tue_from": "09:00", "tue_to": "12:00"}, "Ann")
    assert "# our own remark" in file.read_text()
    weekly = fresh.settings.business.hours.weekly
    assert [bool(day) for day in weekly] == [False, True, False, False, False, False, False]
    with pytest.raises(ValueError, match="window of time"):
        await fresh.setup.answer("hours", {"tue_from": "nine", "tue_to": "12:00"}, "Ann")
    assert fresh.settings.business.hours.weekly == weekly


async def test_an_old_tab_of_the_set_up_takes_nothing_back_that_was_changed_since(
    fresh: Gateway, tmp_path: Path
) -> None:
    await answers_all(fresh, str(tmp_path / "modem"))
    await fresh.setup.install("Otto")
    file = fresh.settings.source
    file.write_text(file.read_text().replace("Dana", "Dana Whitfield").replace("08:00", "07:00"))
    await fresh.desk.take_in("Otto")
    await fresh.setup.answer("people", ANSWERS["people"], "Otto")  # nothing was typed anew: nothing is written
    await fresh.setup.answer("hours", {**ANSWERS["hours"], "tue_from": "09:00", "tue_to": "12:00"}, "Otto")
    assert [bool(day) for day in fresh.settings.business.hours.weekly[:3]] == [True, True, False]
    for step, answers in (
        ("people", {**ANSWERS["people"], "name_2": "Eve", "cell_2": "216 555 0152"}),
        ("hours", {"mon_from": "10:00", "mon_to": "12:00"}),
    ):
        with pytest.raises(ValueError, match="changed outside of the set-up"):
            await fresh.setup.answer(step, answers, "Otto")
    assert "07:00" in file.read_text()
    assert "Dana Whitfield" in file.read_text()


async def test_the_set_up_of_a_box_that_was_set_up_by_hand_closes_no_shop(tmp_path: Path) -> None:
    file = tmp_path / "gateway.yaml"
    file.write_text(
        "business:\n  name: Acme Plumbing\n  timezone: America/New_York\n  owner_cell: '+12165550190'\n  area_code: '216'\n"
        "lines:\n  main:\n    number: '+12165550100'\nhours:\n  mon: [08:00-17:00]\n"
        f"state: {tmp_path / 'state'}\n"
    )
    before = file.read_bytes()
    settings = load(file)
    settings = replace(settings, page=replace(settings.page, port=0))
    async with running(Gateway(settings)) as gateway:
        for step in ("hours", "people", "business", "line"):  # the forms of such a box are empty
            with pytest.raises(ValueError, match="changed outside of the set-up"):
                await gateway.setup.answer(step, {}, "Otto")
        assert (await gateway.setup.view()).live
    assert file.read_bytes() == before


async def test_the_settings_go_on_from_what_the_set_up_wrote(fresh: Gateway, tmp_path: Path) -> None:
    await answers_all(fresh, str(tmp_path / "modem"))
    await fresh.setup.install("Otto")
    assert not (await fresh.desk.standing()).changed
    await fresh.setup.answer("hours", {"tue_from": "09:00", "tue_to": "12:00"}, "Otto")
    assert not (await fresh.desk.standing()).changed


async def test_no_secret_is_kept_in_journal_or_history(fresh: Gateway) -> None:
    await fresh.setup.answer("business", ANSWERS["business"], "Otto")
    await fresh.setup.answer("line", {"kind": "asterisk", "number": "(216) 555-0100"}, "Otto")
    made = re.search("secret = (.*)", (await fresh.setup.view(step="asterisk")).paste)[1]
    await fresh.setup.answer("asterisk", {"username": "textback", "secret": "swordfish"}, "Otto")
    await fresh.setup.answer("asterisk", {"username": "watcher", "secret": ""}, "Otto")  # it was not typed again
    for table, column in (("journal", "body"), ("history", "what")):
        rows = await fresh.store.read(lambda db, t=table, c=column: db.execute(f"SELECT {c} AS it FROM {t}").fetchall())
        assert not [row["it"] for row in rows if "swordfish" in row["it"] or made in row["it"]]
    for step in STEPS:
        assert "swordfish" not in repr(await fresh.setup.view(step=step))
    assert (await fresh.setup._answers())["asterisk"]["secret"] == "swordfish"


async def test_the_first_texts_can_be_read_before_anything_is_written(fresh: Gateway) -> None:
    await fresh.setup.answer("business", ANSWERS["business"], "Otto")
    previews = (await fresh.setup.view(step="texts")).previews
    assert previews[0].body.startswith("Acme Plumbing")
    assert previews[0].segments == 1
    assert {preview.name for preview in previews} >= {"open", "after_hours"}


async def test_a_box_that_was_set_up_by_hand_is_live(tmp_path: Path) -> None:
    from tests.gateway.test_wire import CONFIG

    file = tmp_path / "gateway.yaml"
    file.write_text(CONFIG.format(ami=1, modem=tmp_path / "modem", state=tmp_path / "state"))
    settings = load(file)
    settings = replace(settings, page=replace(settings.page, port=0))
    async with running(Gateway(settings)) as gateway:
        view = await gateway.setup.view()
        assert (view.configured, view.live) == (True, True)


async def test_a_power_cut_at_any_step_leaves_the_answers_and_one_way_on(tmp_path: Path, monkeypatch) -> None:
    nothing = unconfigured(tmp_path / "gateway.yaml", "127.0.0.1:0", str(tmp_path / "state"))

    class CutError(BaseException):
        """The power goes."""

    async def cut(*_args: object) -> None:
        raise CutError

    async with running(Gateway(nothing)) as first:
        await answers_all(first, str(tmp_path / "modem"), but="services")
    async with running(Gateway(nothing)) as second:
        assert (await second.setup.view()).missing == ("services",)
        await second.setup.answer("services", {"off": ""}, "Otto")
        monkeypatch.setattr(second.desk, "write_first", cut)
        with pytest.raises(CutError):
            await second.setup.install("Otto")
        assert not nothing.source.exists()
    async with running(Gateway(nothing)) as third:
        assert (third.setup.pending(), third.queries.paused()) == (True, HOLDS)
        monkeypatch.setattr(third, "take_in", cut)
        with pytest.raises(CutError):
            await third.setup.install("Otto")
        assert nothing.source.exists()
    settings = load(nothing.source)
    async with running(Gateway(replace(settings, page=replace(settings.page, port=0)))) as fourth:
        assert (fourth.setup.pending(), fourth.queries.paused()) == (False, HOLDS)
        view = await fourth.setup.view()
        assert (view.configured, view.live, view.answer("people", "owner_name")) == (True, False, "Mike")


async def test_two_browsers_that_answer_and_install_at_once_make_one_configuration(
    fresh: Gateway, tmp_path: Path
) -> None:
    both = [
        fresh.setup.answer(step, answers, by)
        for step, answers in {**ANSWERS, "modem": {"port": str(tmp_path / "modem")}}.items()
        for by in ("Otto", "Ann")
    ]
    await asyncio.gather(*both)
    await asyncio.gather(fresh.setup.install("Otto"), fresh.setup.install("Ann"))
    assert load(fresh.settings.source).business.name == "Acme Plumbing"
    assert await fresh.desk.versions() == []  # it was written once
    await asyncio.gather(
        fresh.setup.answer("hours", {"tue_from": "09:00", "tue_to": "12:00"}, "Otto"),
        fresh.setup.answer("area", {"zips": "44107"}, "Ann"),
    )
    business = load(fresh.settings.source).business
    assert [bool(day) for day in business.hours.weekly][:2] == [False, True]
    assert fresh.settings.mark == load(fresh.settings.source).mark


@pytest.mark.parametrize(
    ("step", "answers", "says"),
    [
        ("area", {"miles": "20"}, "a circle needs both"),
        ("area", {"around": "44107"}, "a circle needs both"),
        ("people", {"owner_cell": "216 555 0190", "name_1": "Dana"}, "Dana has no cell phone yet"),
    ],
)
async def test_half_an_answer_is_not_lost_in_silence(
    fresh: Gateway, step: str, answers: dict[str, str], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        await fresh.setup.answer(step, answers, "Otto")
    assert step not in (await fresh.setup.view()).answers


async def test_a_circle_is_answered_once_the_list_of_zip_codes_lies_in_the_folder_of_this_box(fresh: Gateway) -> None:
    circle = {"miles": "20", "around": "44107"}
    with pytest.raises(ValueError, match="the list of ZIP codes"):
        await fresh.setup.answer("area", circle, "Otto")
    assert not (await fresh.setup.view()).places
    places = [
        Place("44107", 41.48, -81.8, "OH", "Cuyahoga", "Lakewood"),
        Place("44102", 41.47, -81.7, "OH", "Cuyahoga", "Cleveland"),
    ]
    (fresh.settings.state_dir / ZIP_CODES).write_text(written(places))
    await fresh.setup.answer("area", circle, "Otto")
    assert (await fresh.setup.view()).places


async def test_the_list_is_fetched_into_the_folder_or_a_sentence_says_why_not(tmp_path: Path) -> None:
    works = (
        sys.executable,
        "-c",
        "import sys, pathlib; pathlib.Path(sys.argv[3], 'list').write_text(' '.join(sys.argv[1:3]))",
    )
    await fetch_list(tmp_path, works)
    assert (tmp_path / "list").read_text() == "area-data --into"
    with pytest.raises(ValueError, match="does not reach the internet"):
        await fetch_list(tmp_path, (sys.executable, "-c", "raise SystemExit('pip: no network')"))
