"""Another number to call back: a fact of the lead for whoever calls, and nothing else."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.export import export
from gateway.core.alphabet import segment_count
from tests.gateway.box import BUSINESS, Box, living, reader
from tests.gateway.office import CALLER, OWNER

WIFE = "+12165550134"
JOB = "hi my AC needs a tune up"
FLOOD = "the basement is flooding and I cannot stop it"


async def known(box: Box) -> tuple[Any, ...]:
    (row,) = await box.rows("SELECT callback_number, callback_whose FROM leads")
    return row


async def step(box: Box) -> str:
    ((say,),) = await box.rows("SELECT say FROM tasks WHERE closed_at IS NULL AND kind = 'wrote'")
    return str(say)


async def test_whom_to_call_stands_in_the_task_and_is_never_texted(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(JOB)
        await box.wait(60)
        await box.hears("44107. please call my wife at 216-555-0134")
        await box.wait(3 * 86400)
        assert await known(box) == (WIFE, "wife")
        assert (await step(box)).endswith("call (216) 555-0134 (wife)")
        assert box.texts_to(WIFE) == []
        assert await box.rows("SELECT peer FROM texts WHERE peer = ?", WIFE) == []


async def test_seven_digits_are_of_the_callers_own_area(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("my furnace is making noise, my cell is 555-0199 use that", sender="+13305550137")
        assert await known(box) == ("+13305550199", "cell")


@pytest.mark.parametrize(("mends", "right"), [("sorry 0135", "+12165550135"), ("i mean 440-555-0135", "+14405550135")])
async def test_a_correction_takes_the_place_of_the_number(tmp_path: Path, mends: str, right: str) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("my furnace is making noise, call my wife at 216-555-0134")
        await box.wait(5)
        await box.hears(mends)
        await box.wait(60)
        assert (await known(box))[0] == right


@pytest.mark.parametrize("own", [CALLER, *(line.number for line in BUSINESS.lines), *BUSINESS.sims, OWNER])
async def test_the_callers_own_number_and_the_businesss_are_none(tmp_path: Path, own: str) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(f"my furnace is making noise, call {own[2:5]}-{own[5:8]}-{own[8:]}")
        assert await known(box) == (None, None)


async def test_a_number_abroad_is_left_in_the_thread(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("call me at 876-555-0134")
        assert await known(box) == (None, None)


async def test_a_bare_number_is_no_answer_to_where(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("my furnace is making noise")
        await box.wait(60)
        await box.hears("216-555-0134")
        await box.wait(60)
        assert await box.rows("SELECT place, street_address, zip, name FROM leads") == [(None, None, None, None)]
        assert (await known(box))[0] == WIFE


async def test_who_is_opted_out_or_a_lead_is_only_a_number_here(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("STOP", sender=WIFE)
        await box.hears("my furnace is making noise, call my wife at 216-555-0134")
        await box.wait(60)
        assert (await box.rows("SELECT callback_number FROM leads WHERE peer = ?", CALLER)) == [(WIFE,)]
        assert (await box.rows("SELECT kind FROM contacts WHERE number = ?", WIFE)) == [("opted_out",)]
        assert len(box.texts_to(WIFE)) == 1  # the confirmation of their own STOP


async def test_the_owners_alert_names_the_number_to_call_and_stays_one_segment(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(f"{FLOOD}, call my wife at 216-555-0134")
        await box.wait(60)
        alert = box.texts_to(OWNER)[0]
        assert alert.startswith(f"EMERGENCY 10: call (216) 555-0134 (wife), from ({CALLER[2:5]}) ")
        assert "basement is flooding" in alert
        assert segment_count(alert) == 1


@pytest.mark.parametrize("trouble", ["pipe burst, water everywhere", "I smell gas in the kitchen", FLOOD])
async def test_whom_to_call_does_not_hide_an_emergency(tmp_path: Path, trouble: str) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(f"{trouble}, call my wife at 216-555-0134")
        await box.wait(60)
        assert "call (216) 555-0134 (wife)" in box.texts_to(OWNER)[0]


async def test_the_number_is_exported(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("my furnace is making noise, call my wife at 216-555-0134")
    out = io.StringIO()
    export(tmp_path / "box", "leads", "jsonl", BUSINESS, out)
    lead = json.loads(out.getvalue())
    assert (lead["callback_number"], lead["callback_whose"]) == (WIFE, "wife")
