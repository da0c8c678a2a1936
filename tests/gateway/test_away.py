"""Somebody is away: new leads, promised calls and alerts go to those who are there, no emergency is left with nobody for that,
and it is over by itself."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from gateway import records
from gateway.cli.check import escalation
from gateway.core.business import Business
from gateway.core.conversation.callwindows import standing
from gateway.core.desk.absence import Absence, away_at, everybody
from gateway.core.desk.rules import DeskRules, OwnerRule
from gateway.core.escalation.ladder import ONE_PHONE, Rung
from gateway.core.escalation.oncall import OnCall, Rotation, Turn
from gateway.core.escalation.people import ON_CALL, OWNER, Person
from gateway.core.escalation.rules import EscalationRules
from gateway.core.events import ClockJumped
from gateway.core.remote.rules import RemoteRules
from gateway.queries.absent import gone
from gateway.turns import Context, away, ladder
from tests.gateway.box import BUSINESS, START, Box, VirtualClock, living, reader
from tests.gateway.calls_back import office as with_rota
from tests.gateway.office import CALLER
from tests.gateway.office import OWNER as MIKE
from tests.gateway.test_leads import ASKING, READ, Office

DANA, LEE = "+12165550151", "+12165550152"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
FLOOD = "the pipe burst and water is pouring through the ceiling, 1423 Elm Ave 44107"
FURNACE = "Hi, my furnace is making a loud noise, can somebody look at it?"
FRIDAY = START + timedelta(days=4)


def shop(*rungs: Rung, on_call: OnCall | None = None, base: Business = BUSINESS, **more: object) -> Business:
    rules = EscalationRules(
        owner_name="Mike",
        people=(Person("dana", "Dana", DANA), Person("lee", "Lee", LEE, language="es")),
        rungs=rungs or (Rung((OWNER,), times=2), Rung(("dana",)), Rung(("lee",))),
        on_call=on_call or OnCall(),
    )
    return replace(base, escalation=rules, **more)  # type: ignore[arg-type]


def alerts(box: Box) -> dict[str, int]:
    """How many alarms each of our people has been sent."""
    found = (("mike", MIKE), ("dana", DANA), ("lee", LEE))
    marks = ("EMERGENCY", "AGAIN, EMERGENCY", "EMERGENCIA", "OTRA VEZ, EMERGENCIA", "DE NUEVO")
    return {name: sum(text.startswith(marks) for text in box.texts_to(phone)) for name, phone in found}


async def goes(box: Box, name: str, until: datetime | None = FRIDAY, by: str = "Olga") -> None:
    await Office(box).does.leads.set_away(name, True, by, until)


async def comes(box: Box, name: str, by: str = "Olga") -> None:
    await Office(box).does.leads.set_away(name, False, by)


async def history(box: Box) -> list[str]:
    rows = await box.rows("SELECT what FROM history WHERE subject LIKE 'box:away:%' ORDER BY id")
    return [row[0] for row in rows]


# ---- leads


async def test_new_leads_go_to_those_who_are_there_and_to_him_again_when_his_time_is_over(tmp_path: Path) -> None:
    business = replace(shop(base=ASKING), desk=DeskRules(owners=(OwnerRule(("Ann", "Dana")),)))
    clock = VirtualClock()
    async with living(tmp_path / "box", business, clock=clock, read=READ) as box:
        await goes(box, "dana")
        for number in range(3):
            await box.hears(FURNACE, sender=f"+1216555014{number}")
        assert {lead.assignee for lead in await Office(box).leads()} == {"Ann"}
        story = await Office(box).story(1)
        assert story.away == (("Dana", FRIDAY),)
    async with living(tmp_path / "box", business, clock=clock, read=READ) as box:  # after a power cut
        await box.hears(FURNACE, sender="+12165550143")
        await box.hears(FURNACE, sender="+12165550144")
        assert {lead.assignee for lead in await Office(box).leads()} == {"Ann"}
        await box.wait(4 * DAY)
        for number in range(5, 9):
            await box.hears(FURNACE, sender=f"+1216555014{number}")
        assert {lead.assignee for lead in await Office(box).leads()} == {"Ann", "Dana"}
        assert await history(box) == [
            "Olga: Dana is away until Fri Mar 6, 10:00 AM",
            "Dana is back: the time is over",
        ]


async def test_one_person_is_away_under_all_his_names(tmp_path: Path) -> None:
    business = replace(shop(base=ASKING), desk=DeskRules(owners=(OwnerRule(("Dani", "Ann")),)))
    async with living(tmp_path / "box", business, read=READ) as box:

        def signs_in(db: sqlite3.Connection) -> None:
            records.set_login_person(db, records.add_login(db, "Dani", "office", "x", START), "dana")

        await box.store.write(signs_in)
        await goes(box, "DANI", by="Dani")
        state = await box.store.read(lambda db: gone(db, business, START))
        (absent,) = state.absent
        assert (absent.key, absent.names, absent.by) == ("dana", ("Dana", "Dani"), "Dani")
        await box.hears(FURNACE)
        await box.hears(FURNACE, sender="+12165550138")
        assert {lead.assignee for lead in await Office(box).leads()} == {"Ann"}
        await comes(box, "Dana")
        assert not (await box.store.read(lambda db: gone(db, business, START))).absent
        assert await history(box) == ["Dani: away until Fri Mar 6, 10:00 AM", "Olga: Dana is back"]


async def test_who_is_told_of_a_late_lead_is_somebody_who_is_there(tmp_path: Path) -> None:
    rules = DeskRules(owners=(OwnerRule(("Ann",), then=("dana", "lee")),), tell_next=("owner",))
    business = replace(shop(base=ASKING), desk=rules)
    for number, (gone_away, told) in enumerate(
        ((("Dana",), {"lee"}), (("Dana", "Lee"), {"mike"}), (("Dana", "Lee", "Mike"), {"dana", "lee"}))
    ):
        async with living(tmp_path / f"box{number}", business, read=READ) as box:
            for name in gone_away:
                await goes(box, name)
            await box.hears(FURNACE)
            await box.wait(5 * HOUR)
            found = (("mike", MIKE), ("dana", DANA), ("lee", LEE))
            late = {name for name, phone in found if any("2:00 PM" in text for text in box.texts_to(phone))}
            assert late == told, gone_away


async def test_no_call_is_offered_of_who_is_away_until_he_is_back() -> None:
    business = with_rota()
    who = business.conversation.call_back.rota[0].name
    known = everybody(business, ())
    until = START + timedelta(days=2)
    found = away_at(known, [Absence(who, START, until, "Olga")], START)
    before, now = standing(business, START), standing(business, START, away=found)
    assert {window for window in before if window.who != who or window.begins >= until} == set(now)
    assert len(now) < len(before)


# ---- emergencies


@pytest.mark.parametrize(
    ("who", "ladder", "expected"),
    [
        # within 12 minutes; the ladder is the owner twice, Dana, Lee
        (("Mike",), (), {"mike": 1, "dana": 1, "lee": 1}),  # Dana, Lee, and then he
        (("Mike", "Dana"), (), {"mike": 1, "dana": 1, "lee": 1}),  # Lee at once, then those who were passed over
        (("Mike", "Dana", "Lee"), (), {"mike": 2, "dana": 1, "lee": 0}),  # all of them: as if nobody was
        (("Mike",), ONE_PHONE, {"mike": 3, "dana": 0, "lee": 0}),
        (("Lee",), (Rung(("lee", "dana"), times=3),), {"mike": 0, "dana": 3, "lee": 0}),
    ],
)
async def test_the_ladder_passes_over_who_is_away_while_it_has_somebody_else(
    tmp_path: Path, who: tuple[str, ...], ladder: tuple[Rung, ...], expected: dict[str, int]
) -> None:
    async with living(tmp_path / "box", shop(*ladder), read=reader()) as box:
        for name in who:
            await goes(box, name)
        await box.hears(FLOOD)
        await box.wait(12 * MINUTE)
        assert alerts(box) == expected


async def test_before_nobody_has_it_those_who_are_away_are_told(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with living(tmp_path / "box", shop(), clock=clock, read=reader()) as box:
        await goes(box, "Mike")
        await goes(box, "Lee")
        await box.hears(FLOOD)
        await box.wait(4 * MINUTE)
        assert alerts(box) == {"mike": 0, "dana": 1, "lee": 0}
    async with living(tmp_path / "box", shop(), clock=clock, read=reader()) as box:  # the power fails meanwhile
        await box.wait(3 * MINUTE)
        assert [len(box.texts_to(phone)) for phone in (DANA, MIKE, LEE)] == [0, 1, 1]
        (escalation,) = await box.store.read(records.open_escalations)
        assert escalation.state == "alerting"
        notes = await box.rows("SELECT what FROM history WHERE subject = 'escalation:1' ORDER BY id")
        assert ("not told before, now that nobody has it: Mike, Lee",) in notes
        await box.hears(str(escalation.code), MIKE, identity="behind the power cut")
        (state,) = await box.rows("SELECT state, person FROM escalations")
        assert state == ("acknowledged", "owner")


async def test_when_nobody_answers_everybody_was_told_exactly_once_more_than_planned_and_then_it_ends(
    tmp_path: Path,
) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await goes(box, "Dana")
        await box.hears(FLOOD)
        await box.wait(60 * MINUTE)
        assert alerts(box) == {"mike": 2, "dana": 1, "lee": 1}
        assert (await box.rows("SELECT state FROM escalations")) == [("exhausted",)]


async def test_who_is_on_call_and_away_has_the_owner_in_his_place(tmp_path: Path) -> None:
    plan = OnCall(Rotation(("dana", "lee"), date(2026, 2, 23), Turn.DAY, time(8)))
    rungs = (Rung((ON_CALL,), times=2), Rung(("dana",)))
    business = shop(*rungs, on_call=plan)
    async with living(tmp_path / "box", business, read=reader()) as box:
        on_call = await box.store.read(lambda db: ladder.on_call_now(Context(db, business, START)))
        assert on_call == ("lee",)
        await goes(box, "Lee")
        await box.hears(FLOOD)
        await box.wait(MINUTE)
        assert alerts(box) == {"mike": 1, "dana": 0, "lee": 0}
        await box.hears("ONCALL", MIKE)
        assert box.texts_to(MIKE)[-1] == "On call: Mike."


async def test_who_is_put_on_call_by_text_while_he_is_away_is_told(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(Rung((ON_CALL,), times=2)), read=reader()) as box:
        await goes(box, "Dana")
        await box.wait(HOUR)
        await box.hears("ONCALL DANA", MIKE)
        await box.hears(FLOOD)
        await box.wait(MINUTE)
        assert alerts(box) == {"mike": 0, "dana": 1, "lee": 0}


async def test_a_box_that_does_not_know_the_time_passes_over_nobody(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop()) as box:
        await goes(box, "Dana")
        for sane, keys in ((True, {"dana"}), (False, set())):
            found = await box.store.read(
                lambda db, sane=sane: away.passed_over(Context(db, shop(), START, clock_sane=sane))  # type: ignore[misc]
            )
            assert found == keys


# ---- its end


async def test_a_clock_that_jumps_ends_nothing_for_good_and_puts_nothing_off(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop()) as box:

        async def who() -> list[tuple[str, datetime | None]]:
            state = await box.store.read(lambda db: gone(db, shop(), box.clock.now()))
            return [(absent.name, absent.until) for absent in state.absent]

        await goes(box, "Dana")
        box.clock.moment += timedelta(days=400)  # a year ahead, for a minute
        await box.wait(MINUTE)
        assert await who() == []
        box.clock.moment -= timedelta(days=400)
        assert await who() == [("Dana", FRIDAY)]
        await comes(box, "Dana")
        box.clock.moment += timedelta(days=400)  # what is said by a clock that is ahead ends by the right one
        await goes(box, "Dana", box.clock.now() + timedelta(days=2))
        box.clock.moment -= timedelta(days=400)
        await box.happens(ClockJumped(box.clock.now(), -400 * DAY, box.clock.now() - timedelta(hours=1)))
        assert [until < box.clock.now() + timedelta(days=2, minutes=2) for _, until in await who() if until] == [True]


async def test_the_box_wakes_at_the_end_and_not_again_and_again(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop()) as box:
        await goes(box, "Dana", START + timedelta(hours=2))
        assert await box.store.read(records.next_switch) == START + timedelta(hours=2)
        await box.wait(2 * HOUR)
        assert await box.store.read(records.next_switch) is None
        assert (await history(box))[-1] == "Dana is back: the time is over"


@pytest.mark.parametrize(
    ("name", "until", "sorry"),
    [
        ("Eve", FRIDAY, "there is nobody of this name"),
        ("Dana", START - timedelta(hours=1), "this time has passed, or is too far off: choose one within a year"),
        ("Dana", START + timedelta(days=400), "this time has passed, or is too far off: choose one within a year"),
    ],
)
async def test_what_cannot_be_is_declined(tmp_path: Path, name: str, until: datetime, sorry: str) -> None:
    async with living(tmp_path / "box", shop()) as box:
        with pytest.raises(ValueError, match=sorry):
            await goes(box, name, until)
        assert await history(box) == []


async def test_the_health_page_says_beforehand_what_is_left(tmp_path: Path) -> None:
    business = replace(shop(base=with_rota()), desk=DeskRules(owners=(OwnerRule(("Dana",)), OwnerRule(("Lee", "Ann")))))
    async with living(tmp_path / "box", business) as box:
        await goes(box, "Dana")
        state = await Office(box).queries.box(START)
        assert (state.gone.nobody_told, state.gone.rules, state.told.passed_over) == (False, (1,), ("Dana",))
        assert [person.name for step in state.told.steps for person in step.people][-1] == "Dana"
        for name in ("Mike", "Lee"):
            await goes(box, name)
        state = await Office(box).queries.box(START)
        assert (state.gone.nobody_told, state.told.passed_over) == (True, ())
        assert [person.name for step in state.told.steps for person in step.people] == ["Mike", "Mike", "Dana", "Lee"]


def test_check_says_who_is_away() -> None:
    lines = list(escalation(shop(), START, (), frozenset({"dana"})))
    assert "Away: Dana (told of an emergency when nobody else has it)" in lines
    assert lines[-1].index("Lee") < lines[-1].index("Dana")


# ---- by text


async def said(box: Box, body: str, who: str = MIKE) -> str:
    before = len(box.texts_to(who))
    await box.hears(body, who)
    (answer,) = box.texts_to(who)[before:]
    return answer


async def test_away_and_back_by_text(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop()) as box:
        assert await said(box, "AWAY FRI") == (
            "Mike is away until Fri 8:00 AM: no new leads, emergencies last. AWAY OFF ends it."
        )
        assert await said(box, "BACK") == "Mike is back: leads and emergencies come again."
        assert await said(box, "away off") == "Mike is not away."
        assert await said(box, "AWAY DANA 2 DAYS") == (
            "Dana is away until Wed 10:00 AM: no new leads, emergencies last. AWAY OFF ends it."
        )
        assert box.texts_to(DANA) == [
            "Mike has put you down as away until Wed 10:00 AM: no new leads, emergencies last. AWAY OFF: you are back."
        ]
        assert await said(box, "AWAY MIKE FRI", DANA) == (
            "Nothing done: only the owner says that of somebody else. AWAY FRI is you yourself."
        )
        assert await said(box, "ausente hasta el viernes", LEE) == (
            "Lee: ausente hasta vie 8:00 AM, sin clientes nuevos, emergencias al final. AUSENTE OFF lo quita."
        )
        assert await said(box, "AWAY") == (
            "Mike is away until Tue 8:00 AM. NOBODY IS LEFT for emergencies: all of you are told all the same. AWAY OFF ends it."
        )
        assert await said(box, "ya volví", LEE) == "Lee ya regreso: llegan otra vez clientes y emergencias."


async def test_away_by_text_asks_for_the_pin_and_back_does_not(tmp_path: Path) -> None:
    async with living(tmp_path / "box", replace(shop(), remote=RemoteRules("4711"))) as box:
        assert "needs the PIN" in await said(box, "AWAY FRI")
        assert (await said(box, "AWAY FRI 4711")).startswith("Mike is away until Fri 8:00 AM")
        assert "4711" not in str(await box.rows("SELECT body FROM journal"))
        assert await said(box, "I'm back") == "Mike is back: leads and emergencies come again."


async def test_a_lone_back_that_could_mean_two_things_does_nothing(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(base=ASKING), read=READ) as box:
        await box.hears(FURNACE, CALLER)
        await box.hears("LEADS", MIKE)
        code = box.texts_to(MIKE)[-1].partition(" ")[2][:2]
        await box.hears(f"TAKE {code}", MIKE)
        await box.hears("AWAY FRI", MIKE)
        assert await said(box, "BACK") == (
            f"Nothing done: BACK {code} hands the conversation back, AWAY OFF says that you are back."
        )
        assert (await said(box, f"BACK {code}")).startswith(f"{code} is with the box")
        assert (await said(box, "BACK")).startswith("Mike is back")
