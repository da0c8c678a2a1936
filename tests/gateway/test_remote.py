"""The owner's phone as remote control: what our people text is done, said back in one text, and never confused with a caller."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gateway import records
from gateway.cli.export import export
from gateway.core.alphabet import is_gsm7, segment_count
from gateway.core.business import Business
from gateway.core.escalation.ladder import Rung
from gateway.core.escalation.people import Person
from gateway.core.escalation.rules import EscalationRules
from gateway.core.events import ContactSet, OfficeTexted, Switched, TakenOver
from gateway.core.remote.rules import RemoteRules
from gateway.settings import SettingsError
from gateway.settings.load import parse
from tests.gateway.box import ACCEPTED, BUSINESS, NO_SUCH_NUMBER, UNSURE, Box, PortModem, VirtualClock, living, reader
from tests.gateway.office import CALLER, MILLER, OWNER

DANA = "+12165550195"
STAFF = "+12165550196"
OTHER_CALLER = "+12165550138"
FLOOD = "the pipe burst and water is pouring through the ceiling, this is Tom Smith"
TEAM = replace(
    BUSINESS,
    staff=(STAFF,),
    escalation=EscalationRules(
        owner_name="Mike",
        people=(Person("dana", "Dana Reyes", DANA),),
        rungs=(Rung(("owner",), times=2), Rung(("dana",), times=2)),
    ),
)
WITH_PIN = replace(TEAM, remote=RemoteRules("4711"))
CONFIG = """
business: {name: Miller, timezone: America/New_York, owner_cell: "+12165550190", area_code: "216"}
lines: {main: {number: "+12165550100"}}
modem: {port: /dev/serial/by-id/x, number: "+12165550101"}
"""


class Team:
    """A box, and the telephones of the people around it."""

    def __init__(self, box: Box) -> None:
        self.box = box

    async def texts(self, body: str, who: str = OWNER, **more: object) -> list[str]:
        """One of our people texts; gives what came back to that telephone."""
        before = len(self.box.texts_to(who))
        await self.box.hears(body, who, **more)
        answers = self.box.texts_to(who)[before:]
        for answer in answers:
            assert is_gsm7(answer), answer
            assert segment_count(answer) == 1, answer
        return answers

    async def says(self, body: str, who: str = OWNER) -> str:
        """The one answer to a command."""
        (answer,) = await self.texts(body, who)
        return answer

    async def emergency(self, body: str = FLOOD, caller: str = CALLER) -> None:
        await self.box.misses(caller)
        await self.box.wait(30)
        await self.box.hears(body, caller)
        await self.box.wait(5)

    async def history(self, subject: str = "remote:%") -> list[str]:
        return [
            row[0] for row in await self.box.rows("SELECT what FROM history WHERE subject LIKE ? ORDER BY id", subject)
        ]

    async def everything_kept(self) -> str:
        tables = [row[0] for row in await self.box.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = []
        for table in tables:
            kept += [str(row) for row in await self.box.rows(f"SELECT * FROM {table}")]
        return "\n".join(kept)


@asynccontextmanager
async def team(
    path: Path, business: Business = TEAM, modem: PortModem | None = None, clock: VirtualClock | None = None
) -> AsyncIterator[Team]:
    async with living(path / "box", business, modem, clock, reader()) as box:
        yield Team(box)


# ---- taking an emergency


@pytest.mark.parametrize(
    "body", ["10", "ok 10", "Got it, 10!", "10 on my way", "mine", "lo tengo", "14: ok".replace("14", "10")]
)
async def test_an_emergency_is_taken_and_the_caller_hears_by_whom(tmp_path: Path, body: str) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        answer = await our.says(body)
        assert answer.startswith("10: ")
        assert "(216) 555-0137" in answer
        assert any("Mike has seen your message" in text for text in our.box.texts_to())
        await our.box.wait(3600)
        assert our.box.texts_to(DANA) == []  # nobody else is woken


async def test_a_no_takes_nothing_and_says_when_the_next_are_told(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        assert "not taken by you" in await our.says("can't take 10")
        await our.box.wait(3600)
        assert our.box.texts_to(DANA)
        assert not any("has seen" in text for text in our.box.texts_to())


async def test_a_mark_on_the_alert_does_not_take_it(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        alert = our.box.texts_to(OWNER)[0]
        assert "NOBODY HAS 10! Reply 10 to take it" in await our.says(f"Liked “{alert}”")
        assert (await our.box.rows("SELECT state FROM escalations")) == [("alerting",)]


async def test_who_is_half_asleep_reads_which_emergency_waits(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        for body in ("ten", "1 0", "what? who is this", "ya lo vi"):
            assert "10" in await our.says(body)
        assert await our.says("19") == "There is no 19, nothing done. NOBODY HAS 10!"
        assert (await our.box.rows("SELECT state FROM escalations")) == [("alerting",)]
        assert "You have it" in await our.says("sorry just woke up, got it")


async def test_the_code_of_the_last_emergency_does_not_hide_the_one_that_waits(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.says("10")
        await our.says("10 done")
        await our.emergency("sewage is coming up in the basement", OTHER_CALLER)
        assert (await our.says("10 on my way")).startswith("NOBODY HAS 11! 10 Tom Smith")
        await our.says("11")
        assert (await our.says("10 on my way")).startswith("10 Tom Smith")


async def test_two_emergencies_stay_apart(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.emergency("sewage is coming up in the basement", OTHER_CALLER)
        assert "10, 11" in await our.says("mine")
        assert "0138" in await our.says("11 mine")
        assert (await our.box.rows("SELECT code, state FROM escalations ORDER BY id")) == [
            (10, "alerting"),
            (11, "acknowledged"),
        ]
        assert "0137" in await our.says("mine")  # only one is left


async def test_thanks_for_an_answer_is_not_answered(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.says("10")
        assert await our.texts("ok thanks") == []
        assert await our.texts("👍") == []


async def test_who_takes_what_another_has_hears_who_has_it(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.box.wait(650)
        assert await our.says("10", DANA) == "10: You have it. Call (216) 555-0137."
        assert await our.says("10") == "10: Dana Reyes has it already."
        assert await our.says("10", DANA) == "10: You have it already. Call (216) 555-0137."


# ---- conversations


async def test_a_conversation_is_taken_relayed_both_ways_and_handed_back(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.box.misses()
        await our.box.wait(30)
        await our.box.hears("my furnace needs a tune-up, I'm Tom Smith")
        await our.box.wait(60)
        asked = len(our.box.texts_to())
        assert "10 Tom" in await our.says("LEADS")
        assert "yours until Tue" in await our.says("TAKE 10")
        before = len(our.box.texts_to(OWNER))
        await our.box.hears("are you there? 44107")
        await our.box.wait(120)
        assert our.box.texts_to(OWNER)[before:] == ["10 Tom Smith (216) 555-0137: are you there? 44107"]
        assert len(our.box.texts_to()) == asked  # the box is silent
        assert "your text goes to Tom Smith" in await our.says("10: Mike here. Tuesday at 9?")
        assert our.box.texts_to()[-1] == "Mike here. Tuesday at 9?"
        assert await our.says("BACK") == "10 is with the box again."
        before = len(our.box.texts_to(OWNER))
        await our.box.hears("what is your address?")
        await our.box.wait(120)
        assert our.box.texts_to(OWNER)[before:] == []


async def test_own_words_are_left_as_they_were_written(tmp_path: Path) -> None:
    words = "¿Está en casa? Llego a las 5 — código 4711, [PIN right]  ok"
    async with team(tmp_path, WITH_PIN) as our:
        await our.emergency()
        await our.says(f"TEXT 10 {words}")
        assert (await our.box.rows("SELECT body FROM texts WHERE purpose = 'staff'")) == [
            (words.replace("[PIN", "(PIN"),)
        ]


async def test_who_texts_the_caller_has_the_emergency(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.says("10: on my way, shut the main valve")
        assert our.box.texts_to()[-1] == "on my way, shut the main valve"
        await our.box.wait(3600)
        assert our.box.texts_to(DANA) == []
        assert (await our.box.rows("SELECT state, person FROM escalations")) == [("acknowledged", "owner")]


async def test_who_takes_the_conversation_has_the_emergency_and_the_caller_hears_so(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.says("TAKE 10")
        assert "Mike has seen your message" in our.box.texts_to()[-1]
        said = len(our.box.texts_to())
        await our.box.hears("412 Oak St")
        await our.box.wait(300)
        assert len(our.box.texts_to()) == said
        assert [text for text in our.box.texts_to(OWNER) if "412 Oak St" in text] == [
            "10 Tom Smith (216) 555-0137: 412 Oak St"
        ]  # once


async def test_a_relay_ends_with_the_time_of_the_takeover(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.says("TAKE 10")
        await our.box.wait(TEAM.policy.takeover_s + 60)
        before = len(our.box.texts_to(OWNER))
        await our.box.hears("hello?")
        await our.box.wait(5)
        assert not any("hello?" in text and not text.startswith("MORE") for text in our.box.texts_to(OWNER)[before:])


async def test_who_wants_no_texts_gets_none_by_this_way_either(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.box.hears("STOP")
        sent = len(our.box.texts_to())
        assert "NOT texted" in await our.says("TEXT 10 one moment please")
        assert "asked for no texts" in await our.says("TAKE 10")
        await our.box.wait(60)
        assert len(our.box.texts_to()) == sent


async def test_a_stop_in_a_taken_conversation_reaches_who_has_it(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.says("TAKE 10")
        before = len(our.box.texts_to(OWNER))
        await our.box.hears("STOP")
        (told,) = our.box.texts_to(OWNER)[before:]
        assert "wants no more texts and gets none: this conversation is over" in told
        assert told.endswith(": STOP")
        await our.box.hears("hello?")
        assert our.box.texts_to(OWNER)[before:] == [told]
        assert (await our.box.rows("SELECT * FROM relays")) == []


async def test_words_that_a_stop_has_overtaken_are_told_as_not_sent(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        our.box.modem.ready = False
        await our.box.hears("10: on my way", OWNER)
        await our.box.hears("please stop texting me")
        our.box.modem.ready = True
        await our.box.wait(60)
        assert "on my way" not in our.box.texts_to()
        assert any("your last one did NOT go out" in text for text in our.box.texts_to(OWNER))


async def test_what_the_office_notes_as_opted_out_ends_a_conversation_on_a_telephone(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.says("TAKE 10")
        await our.box.happens(ContactSet(our.box.clock.now(), CALLER, "opted_out", basis="said so on the phone"))
        assert our.box.texts_to(OWNER)[-1].endswith("call instead: said so on the phone")


async def test_words_of_which_nobody_knows_are_told_to_who_wrote_them_and_not_sent_again(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        our.box.modem.answers.extend([ACCEPTED, UNSURE])  # his answer leaves before his words
        answers = await our.texts("TEXT 10 on my way")
        assert any("nobody knows whether your text went out" in answer for answer in answers)
        await our.box.wait(3600)
        assert our.box.texts_to().count("on my way") == 1


async def test_another_one_takes_it_and_the_first_learns_so(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.says("TAKE 10")
        await our.says("TAKE 10", DANA)
        assert our.box.texts_to(OWNER)[-1] == "10: Dana Reyes has this conversation now."
        await our.box.hears("hello?")
        assert our.box.texts_to(DANA)[-1].endswith(": hello?")
        assert not our.box.texts_to(OWNER)[-1].endswith("hello?")


@pytest.mark.parametrize("how", ["text", "take"])
async def test_who_goes_on_at_the_page_has_it_then(tmp_path: Path, how: str) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.says("TAKE 10")
        now = our.box.clock.now()
        await our.box.happens(
            OfficeTexted(now, CALLER, "Ann", "ann") if how == "text" else TakenOver(now, CALLER, "ann")
        )
        before = len(our.box.texts_to(OWNER))
        await our.box.hears("thanks, that works")
        assert our.box.texts_to(OWNER)[before:] == []


async def test_words_that_did_not_go_out_are_told_to_who_wrote_them(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        our.box.modem.meanwhile = None
        our.box.modem.answers.extend([ACCEPTED, NO_SUCH_NUMBER])  # his answer leaves before his words
        answers = await our.texts("TEXT 10 on my way")
        assert any("did NOT go out" in answer for answer in answers)


async def test_a_flood_of_a_caller_does_not_flood_a_telephone(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.says("TAKE 10")
        before = len(our.box.texts_to(OWNER))
        for n in range(40):
            await our.box.hears(f"and another thing {n}")
            await our.box.wait(10)
        assert len(our.box.texts_to(OWNER)) - before == 21
        assert "office page" in our.box.texts_to(OWNER)[-1]


async def test_a_text_of_which_a_part_is_missing_is_not_sent_to_anybody(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        sent = len(our.box.texts_to())
        await our.box.hears("TEXT 10 I will be there at five, and I ", OWNER, ref=7, total=2, number=1)
        await our.box.wait(660)
        assert "part of your text is missing" in our.box.texts_to(OWNER)[-1]
        assert not any("five" in text for text in our.box.texts_to()[sent:])


async def test_the_same_text_delivered_twice_is_one_command(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.texts("TEXT 10 hello", identity="pdu-1")
        assert await our.texts("TEXT 10 hello", identity="pdu-1") == []
        assert our.box.texts_to().count("hello") == 1
        assert "already" in await our.says("TEXT 10 hello")  # sent by thumb once more
        assert our.box.texts_to().count("hello") == 1


# ---- snoozing


async def test_a_snooze_puts_the_next_step_off_and_nobody_has_it(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        alerts = len(our.box.texts_to(OWNER))
        assert "NOBODY HAS IT" in await our.says("snooze 10 20m")
        told = len(our.box.texts_to())
        await our.box.wait(19 * 60)
        assert len(our.box.texts_to(OWNER)) == alerts + 1  # the answer alone
        assert len(our.box.texts_to()) == told  # the caller is told nothing new
        await our.box.wait(3 * 60)
        assert our.box.texts_to(OWNER)[-1].startswith("AGAIN, EMERGENCY 10")


async def test_a_danger_is_not_put_off_and_nothing_for_ever(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency("I smell gas in the kitchen")
        assert "danger to people" in await our.says("snooze 10 15m")
    async with team(tmp_path / "..", clock=VirtualClock()) as our:
        await our.emergency()
        for _ in range(4):
            await our.says("snooze 10 1h")
        ((opened, due),) = await our.box.rows("SELECT opened_at, next_at FROM escalations")
        assert due - opened <= 2 * 3600 * 1000


# ---- the whole box


async def test_a_pause_is_over_by_itself_at_its_time_also_behind_a_power_cut(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with team(tmp_path, WITH_PIN, clock=clock) as our:
        assert "until 12:00 PM" in await our.says("PAUSE 2H 4711")
        await our.box.misses()
        await our.box.wait(600)
        assert our.box.texts_to() == []
        assert "PAUSED" in await our.says("STATUS")
    clock.moment = clock.moment.replace(hour=17, minute=0, second=1)
    async with team(tmp_path, WITH_PIN, clock=clock) as our:
        await our.box.wait(1)
        assert "Texting is on" in (await our.texts("STATUS", identity="after the power cut"))[0]
        await our.box.misses(OTHER_CALLER)
        await our.box.wait(60)
        assert len(our.box.texts_to(OTHER_CALLER)) == 1


async def test_a_pause_at_the_page_has_no_end_of_an_earlier_one(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.says("PAUSE 2H")
        await our.box.happens(Switched(our.box.clock.now(), "pause", "by ann", "ann"))
        await our.box.wait(3 * 3600)
        assert "PAUSED (by ann)" in await our.says("STATUS")
        assert "again" in await our.says("RESUME")
        assert "already" in await our.says("RESUME")


async def test_without_a_pin_a_pause_by_text_lasts_a_day_at_most(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        assert "until Tue 10:00 AM" in await our.says("PAUSE")
        assert "until Tue 10:00 AM" in await our.says("PAUSE 3 days")
    async with team(tmp_path / "..", WITH_PIN, clock=VirtualClock()) as our:
        assert "until you text RESUME" in await our.says("PAUSE 4711")


async def test_an_emergency_is_told_while_texting_is_paused(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.says("PAUSE 2H")
        await our.box.hears(FLOOD)
        assert our.box.texts_to(OWNER)[-1].startswith("EMERGENCY")


async def test_storm_mode_comes_and_goes(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        assert "until 4:00 PM" in await our.says("storm 6h")
        await our.box.misses()
        await our.box.wait(30)
        assert "storm" in our.box.texts_to()[0]
        await our.box.wait(7 * 3600)
        assert (await our.box.rows("SELECT value FROM switches WHERE name = 'storm'")) == [("",)]
        assert "off" in await our.says("STORM OFF")


async def test_the_list_is_told_in_pieces_that_fit(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        assert await our.says("LEADS") == "No lead is open."
        for n in range(12):
            await our.box.hears("I need my furnace repaired this week, please call", f"+1216555{110 + n:04}")
            await our.box.wait(60)
        first = await our.says("LEADS")
        assert first.endswith("MORE")
        seen: set[str] = set()
        answer = first
        for _ in range(12):
            seen |= {part.split()[0].rstrip("!") for part in answer.removeprefix("Open: ").split("; ")}
            if not answer.endswith("MORE"):
                break
            answer = await our.says("MORE")
        ((open_leads,),) = await our.box.rows(
            "SELECT count(*) FROM tasks WHERE lead_id IS NOT NULL AND closed_at IS NULL"
        )
        assert len(seen) == open_leads > 9


async def test_a_matter_is_closed_with_its_outcome_and_value_and_exported(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        assert await our.says("CLOSE 10 WON $1,250.50") == "10 Tom Smith closed: won $1,250.50."
        assert await our.says("LEADS") == "No lead is open."
        await our.box.wait(3600)
        assert our.box.texts_to(DANA) == []
        out = io.StringIO()
        export(tmp_path / "box", "leads", "jsonl", TEAM, out)
        (told,) = [json.loads(line) for line in out.getvalue().splitlines()]
        assert (told["outcome"], told["value"], told["closed_by"], told["open"]) == (
            "won",
            1250.5,
            "Mike, by text",
            False,
        )


async def test_who_was_told_of_an_emergency_learns_that_another_has_closed_it(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.box.wait(650)
        await our.says("10 done")
        assert our.box.texts_to(DANA)[-1] == "10: Mike has it. Nothing for you to do. Customer (216) 555-0137."
        assert (await our.box.rows("SELECT state FROM escalations")) == [("over",)]


async def test_closing_everything_leaves_the_emergencies_that_nobody_has(tmp_path: Path) -> None:
    async with team(tmp_path, WITH_PIN) as our:
        await our.emergency()
        await our.box.hears("I need my furnace repaired this week", OTHER_CALLER)
        await our.box.wait(60)
        assert "PIN" in await our.says("CLOSE ALL")
        assert await our.says("CLOSE ALL 4711") == "1 closed. Emergencies that stay: 10."
        assert (await our.box.rows("SELECT outcome FROM leads ORDER BY id")) == [("",), ("done",)]


async def test_who_is_on_call_is_changed_by_text(tmp_path: Path) -> None:
    async with team(tmp_path, WITH_PIN) as our:
        assert (
            await our.says("SWAP DANA UNTIL 8AM 4711") == "Dana Reyes is on call until Tue 8:00 AM. ONCALL OFF ends it."
        )
        assert our.box.texts_to(DANA) == ["Mike has put you on call until Tue 8:00 AM."]
        assert "Dana Reyes" in await our.says("ONCALL")
        now = our.box.clock.now()
        (swap,) = await our.box.store.read(lambda db: records.swaps_at(db, now))
        assert (swap.who, swap.by) == ("dana", "Mike, by text")
        assert "Mike, Dana Reyes" in await our.says("oncall bob 4711")
        await our.says("oncall off 4711")
        assert await our.box.store.read(lambda db: records.swaps_at(db, now)) == []


async def test_a_drill_is_marked_and_ends_with_its_answer(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        answers = await our.texts("DRILL")
        assert any(answer.startswith("DRILL 10, no emergency") for answer in answers)
        await our.box.wait(75)
        assert await our.says("10") == "DRILL 10: confirmed after 1 min 15 s. It worked."
        await our.box.wait(3600)
        assert our.box.texts_to(DANA) == []
        assert (await our.box.rows("SELECT count(*) FROM leads")) == [(0,)]


async def test_a_drill_that_nobody_would_be_told_of_is_none(tmp_path: Path) -> None:
    no_owner = replace(TEAM, owner=None, escalation=replace(TEAM.escalation, rungs=(Rung(("on_call",)),)))
    async with team(tmp_path, no_owner) as our:
        assert (await our.says("DRILL", DANA)).startswith("No drill: nobody's phone is set up")
        assert (await our.history())[-1].endswith("no drill: nobody's phone is on the ladder")


async def test_there_is_no_drill_while_an_emergency_waits(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        assert "10 is not over" in await our.says("DRILL")


# ---- STOP of one of our people


async def test_stop_of_our_own_ends_notices_and_not_emergencies(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        answer = await our.says("STOP")
        assert "EMERGENCIES" in answer
        assert "START" in answer
        assert await our.box.store.read(lambda db: records.wants_no_notices(db, OWNER))
        assert (await our.box.rows("SELECT * FROM contacts WHERE number = ?", OWNER)) == []
        await our.emergency()
        assert our.box.texts_to(OWNER)[-1].startswith("EMERGENCY")
        assert "again" in await our.says("START")
        assert not await our.box.store.read(lambda db: records.wants_no_notices(db, OWNER))


# ---- the PIN


async def test_the_pin_stands_in_no_record(tmp_path: Path) -> None:
    async with team(tmp_path, WITH_PIN) as our:
        for text in ("PAUSE 2H 4711", "RESUME pin 4711", "4711 storm on", "oncall dana 4711", "drill PIN: 4711"):
            assert "PIN" not in (await our.texts(text))[-1]
        await our.says("PAUSE 2H 4199")
        kept = await our.everything_kept()
        assert "4711" not in kept
        assert "4199" not in kept
        assert "2H [PIN right]" in kept


@pytest.mark.parametrize("parts", [("PAUSE 2H 47", "11"), ("PAUSE 2H", " 4711"), ("pause 2h pin ", "4711 please")])
@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
async def test_a_pin_cut_over_two_parts_stands_in_no_record(
    tmp_path: Path, parts: tuple[str, str], order: tuple[int, int]
) -> None:
    async with team(tmp_path, WITH_PIN) as our:
        raws = [part.encode("utf-16-be").hex() for part in parts]
        for number in order:
            await our.box.hears(parts[number - 1], OWNER, ref=3, total=2, number=number, raw=raws[number - 1])
        assert "No automatic texts" in our.box.texts_to(OWNER)[-1]
        kept = await our.everything_kept()
        assert "[PIN right]" in kept
        for piece in ("4711", "H 47", *raws):
            assert piece not in kept


async def test_half_a_pin_of_a_text_that_never_came_whole_switches_nothing(tmp_path: Path) -> None:
    async with team(tmp_path, WITH_PIN) as our:
        await our.box.hears("PAUSE 2H 4711 because the", OWNER, ref=3, total=2, number=1)
        await our.box.wait(660)
        assert "part of your text is missing" in our.box.texts_to(OWNER)[-1]
        assert "4711" not in await our.everything_kept()
        await our.box.hears(" storm is over 4711", OWNER, ref=3, total=2, number=2)
        assert "4711" not in await our.everything_kept()
        assert (await our.box.rows("SELECT * FROM switches WHERE name = 'pause' AND value <> ''")) == []


@pytest.mark.parametrize(("part", "number"), [("PAUSE 2H 47", 1), ("11 thanks", 2)])
async def test_half_a_pin_whose_other_half_never_comes_stands_in_no_record(
    tmp_path: Path, part: str, number: int
) -> None:
    async with team(tmp_path, WITH_PIN) as our:
        raw = part.encode("utf-16-be").hex()
        await our.box.hears(part, OWNER, ref=3, total=2, number=number, raw=raw)
        await our.box.wait(660)
        kept = await our.everything_kept()
        assert raw not in kept
        assert part not in kept
        assert part.strip("471 ") in kept


async def test_words_for_a_caller_in_two_parts_are_left_as_they_were_written(tmp_path: Path) -> None:
    async with team(tmp_path, WITH_PIN) as our:
        await our.emergency()
        await our.box.hears("TEXT 10 the code of the gate is 47", OWNER, ref=3, total=2, number=1)
        await our.box.hears("11, thank you", OWNER, ref=3, total=2, number=2)
        assert our.box.texts_to()[-1] == "the code of the gate is 4711, thank you"


async def test_commands_for_everybody_ask_for_the_pin_and_the_others_do_not(tmp_path: Path) -> None:
    async with team(tmp_path, WITH_PIN) as our:
        await our.emergency()
        for text in ("PAUSE", "STORM ON", "ONCALL DANA", "ONCALL OFF", "CLOSE ALL", "DRILL", "RESUME"):
            assert await our.says(text) == "Nothing done: this needs the PIN. Write it behind the command."
        for text in ("STATUS", "LEADS", "TAKE 10", "10: hi", "BACK 10", "10 done"):
            assert "PIN" not in await our.says(text)


async def test_a_mark_that_was_typed_is_no_pin(tmp_path: Path) -> None:
    async with team(tmp_path, WITH_PIN) as our:
        await our.texts("PAUSE 2H [PIN right]")
        assert (await our.box.rows("SELECT value FROM switches WHERE name = 'pause' AND value <> ''")) == []


async def test_wrong_pins_lock_for_an_hour_and_the_owner_is_told(tmp_path: Path) -> None:
    async with team(tmp_path, WITH_PIN) as our:
        assert "2 tries left" in await our.says("PAUSE 1111", DANA)
        assert "1 tries left" in await our.says("PAUSE 2222", DANA)
        assert "Locked until 11:00 AM" in await our.says("PAUSE 3333", DANA)
        assert "Wrong PIN again and again, from (216) 555-0195 (Dana Reyes)" in our.box.texts_to(OWNER)[-1]
        told = len(our.box.texts_to(OWNER))
        assert "Locked" in await our.says("PAUSE 4711", DANA)
        assert len(our.box.texts_to(OWNER)) == told  # one warning is enough
        await our.box.wait(3601)
        assert "No automatic texts" in await our.says("PAUSE 2H 4711", DANA)
        assert our.box.texts_to(OWNER)[-1] == "Dana Reyes by text: texting paused until 1:00 PM"


# ---- whose texts count


@pytest.mark.parametrize("sender", [CALLER, STAFF, "55501", "90190", "MIKE", "5550190", "Miller", "+12165550100"])
@pytest.mark.parametrize(
    "body", ["10", "PAUSE 2H 4711", "CLOSE 10 WON 450", "TEXT 10 hello", "TAKE 10", "ONCALL DANA 4711", "RESUME 4711"]
)
async def test_nobody_else_commands_anything(tmp_path: Path, sender: str, body: str) -> None:
    async with team(tmp_path, WITH_PIN) as our:
        await our.emergency()
        await our.box.hears(body, sender)
        await our.box.wait(5)
        assert (await our.box.rows("SELECT state FROM escalations WHERE code = 10")) == [("alerting",)]
        assert (await our.box.rows("SELECT * FROM switches WHERE name IN ('pause', 'storm') AND value <> ''")) == []
        assert (await our.box.rows("SELECT * FROM on_call_swaps")) == []
        assert (await our.box.rows("SELECT * FROM relays")) == []
        assert (await our.box.rows("SELECT * FROM texts WHERE purpose = 'staff'")) == []
        assert await our.history() == []


@pytest.mark.parametrize(
    "body", [FLOOD, "I smell gas", "URGENT", "my furnace is broken, 44107", "STOP", "who is this?"]
)
async def test_a_text_of_our_own_opens_no_lead_and_is_no_opt_out(tmp_path: Path, body: str) -> None:
    async with team(tmp_path) as our:
        await our.texts(body)
        await our.box.wait(120)
        assert (await our.box.rows("SELECT * FROM leads")) == []
        assert (await our.box.rows("SELECT * FROM escalations")) == []
        assert (await our.box.rows("SELECT * FROM tasks")) == []
        assert (await our.box.rows("SELECT * FROM contacts WHERE kind = 'opted_out'")) == []


async def test_a_number_noted_as_staff_is_no_commander(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.box.happens(ContactSet(our.box.clock.now(), OTHER_CALLER, "staff"))
        await our.emergency()
        assert await our.texts("10", OTHER_CALLER) == []
        assert (await our.box.rows("SELECT state FROM escalations")) == [("alerting",)]


async def test_what_is_not_understood_is_answered_a_few_times_only(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        answers = [await our.texts(f"close 14 {n}") for n in range(12)]
        assert [len(each) for each in answers] == [1] * 5 + [0] * 7
        assert await our.says("STATUS")  # commands are answered all the same
        await our.box.wait(3601)
        assert len(await our.texts("close 14 4")) == 1


async def test_who_takes_the_box_for_a_person_is_told_so_once_in_a_while(tmp_path: Path) -> None:
    talk = [
        "who is coming in tomorrow?",
        "blah",
        "next week works for me",
        "text me when you get there",
        "se fue la luz otra vez",
    ]
    async with team(tmp_path) as our:
        assert "nobody reads what is no command" in await our.says(talk[0])
        assert [await our.texts(body) for body in talk[1:]] == [[]] * 4
        assert "Did you mean PAUSE 2H?" in await our.says("pause 2")  # what comes near a command is answered
        await our.box.wait(12 * 3600 + 60)
        assert len(await our.texts(talk[1])) == 1


async def test_who_has_a_conversation_and_forgets_the_code_hears_that_nobody_got_it(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        await our.says("TAKE 10")
        sent = len(our.box.texts_to())
        assert "This went to nobody. Begin with 10: to write to Tom Smith" in await our.says("are you at home now")
        assert len(our.box.texts_to()) == sent


async def test_a_telephone_that_answers_by_itself_is_not_answered(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        assert (
            await our.texts("I'm driving with Do Not Disturb While Driving turned on. I'll see your message later")
            == []
        )


async def test_every_command_is_in_the_history_with_what_it_did(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        for text in ("STATUS", "10", "10: hello", "10 won 450", "99", "blah"):
            await our.texts(text)
        assert await our.history() == [
            "'STATUS': status told",
            "'10': 10 taken",
            "'10: hello': 10 texted: 'hello'",
            "'10 won 450': 10 closed: won $450",
            "'99': there is no 99",
            "'blah': not understood, nothing done",
        ]


async def test_a_spanish_command_is_answered_in_spanish(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        await our.emergency()
        assert (await our.says("lo tengo 10")).startswith("10: Ya es suyo")
        assert "abiertos" in await our.says("ESTADO")
        assert "Sin textos" in await our.says("pausa 2 horas")


async def test_answers_are_sent_again_when_in_doubt(tmp_path: Path) -> None:
    async with team(tmp_path) as our:
        our.box.modem.answers.append(UNSURE)
        await our.box.hears("STATUS", OWNER)
        await our.box.wait(60)
        assert len(our.box.texts_to(OWNER)) == 2  # at least once


# ---- settings


@pytest.mark.parametrize("pin", ["471", "123456789", "47a1", "[1, 2]"])
def test_a_pin_that_is_none_is_refused(pin: str) -> None:
    with pytest.raises(SettingsError):
        parse(f'{CONFIG}\nremote: {{pin: "{pin}"}}')


def test_a_pin_that_is_guessed_at_once_is_doubted() -> None:
    settings = parse(f'{CONFIG}\nremote: {{pin: "1111"}}')
    assert any("guessed at once" in str(doubt) for doubt in settings.warnings)
    assert "1111" not in repr(settings.business)


def test_without_the_section_no_pin_is_asked_for() -> None:
    assert not MILLER.business.remote.pin
