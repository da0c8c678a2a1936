"""Who is told of an emergency, who is on call and what is covered are read from the configuration; what cannot be is said."""

# ruff: noqa: E501 - a table of mistakes is read by its columns

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.cli.check import check
from gateway.core.conversation.office import Cover, Coverage
from gateway.core.escalation.ladder import ONE_PHONE, Rung
from gateway.core.escalation.oncall import Duty, OnCall, Rotation, Shift, Turn
from gateway.core.escalation.people import Person
from gateway.core.escalation.rules import EscalationRules
from gateway.settings import SettingsError, load, parse
from tests.settings.test_bad_configurations import E164, TODAY
from tests.settings.test_conversation import AT, PLUMBING, plumber, problems, shown_in

ZONE = ZoneInfo("America/New_York")
DANA = 'people: {dana: {phone: "+12165550191"}}\n'
LADDER = "escalation: {ladder: [{tell: [on_call, dana]}]}\n"
TURNS = "on_call: {rotation: {people: [owner, dana], from: 2026-03-02}}\n"
NAMED = PLUMBING.replace('  owner_cell: "+12165550190"', '  owner_cell: "+12165550190"\n  owner_name: Mike')
OWNERLESS = PLUMBING.replace('  owner_cell: "+12165550190"\n', "")


def agreed(more: str) -> EscalationRules:
    return plumber(more).business.escalation


def doubts(more: str, before: str = PLUMBING) -> list[str]:
    return [str(doubt) for doubt in parse(before + more, "g.yaml", today=TODAY).warnings]


def test_a_business_that_names_nobody_but_its_owner_has_him_told_three_times() -> None:
    assert agreed("") == EscalationRules()
    assert agreed("").rungs == ONE_PHONE == (Rung(("on_call",), 3, 300.0),)
    assert agreed("people:\non_call:\nescalation:\n") == EscalationRules()


def test_people_have_a_name_a_phone_and_a_language_and_may_be_rung() -> None:
    told = plumber(
        "people:\n  dana: {phone: 216-555-0191, rings: yes, language: es}\n  big_lee: {name: Lee, phone: (216) 555-0192}\n"
        "escalation: {ladder: [{tell: [owner, dana, big_lee]}]}\n"
    ).business
    assert told.escalation.people == (
        Person("dana", "Dana", "+12165550191", rings=True, language="es"),
        Person("big_lee", "Lee", "+12165550192"),
    )
    assert [person.key for person in told.people.everybody] == ["owner", "dana", "big_lee"]


def test_the_owner_has_a_name_and_a_language_and_may_be_rung() -> None:
    text = NAMED.replace("owner_name: Mike", "owner_name: Mike\n  owner_rings: yes\n  owner_language: es")
    business = parse(text, "g.yaml", today=TODAY).business
    assert business.people.everybody == (Person("owner", "Mike", "+12165550190", rings=True, language="es"),)


def test_a_rotation_shifts_and_exceptions_are_read_in_the_business_own_time() -> None:
    plan = agreed(
        DANA
        + """on_call:
  rotation: {people: [dana, owner], every: day, from: 2026-03-02, at: "17:30"}
  shifts:
    - {who: dana, days: [sat, sun], hours: "20:00-08:00"}
    - {who: [owner, dana], days: mon, hours: ["00:00-08:00", "17:00-24:00"]}
  overrides:
    - {who: owner, from: "2026-12-24 12:00", to: "2026-12-26 08:00"}
"""
    ).on_call
    assert plan == OnCall(
        Rotation(("dana", "owner"), date(2026, 3, 2), Turn.DAY, time(17, 30)),
        (
            Shift(("dana",), frozenset({5, 6}), ((time(20), time(8)),)),
            Shift(("owner", "dana"), frozenset({0}), ((time(0), time(8)), (time(17), time(0)))),
        ),
        (Duty(("owner",), datetime(2026, 12, 24, 12, tzinfo=ZONE), datetime(2026, 12, 26, 8, tzinfo=ZONE)),),
    )


def test_a_rotation_hands_over_at_eight_on_mondays_where_it_begins_on_one() -> None:
    assert agreed(DANA + TURNS).on_call.rotation == Rotation(("owner", "dana"), date(2026, 3, 2), Turn.WEEK, time(8))


def test_the_ladder_names_who_is_told_how_often_and_how_long_is_waited() -> None:
    ladder = "escalation: {ladder: [{tell: on_call, times: 2, every: 90 s}, {tell: [dana, owner]}]}\n"
    assert agreed(DANA + TURNS + ladder).rungs == (
        Rung(("on_call",), 2, 90.0),
        Rung(("dana", "owner"), 1, 300.0),
    )
    assert agreed(DANA + "escalation: {ladder: {tell: [owner, dana]}}\n").rungs == (Rung(("owner", "dana"), 1, 300.0),)


def test_what_is_covered_may_differ_by_service_and_on_holidays() -> None:
    told = plumber(
        "emergencies: {covered: always, holidays: no, instead: 'You can try (216) 555-0177.', instead_es: 'Llame al (216) 555-0177.',"
        " services: {toilet: open, water_heater: {holidays: yes}}}\n"
    ).business.conversation.emergencies
    assert told.coverage(None) == told.coverage("drain") == Coverage(Cover.ALWAYS, holidays=False)
    assert told.coverage("toilet") == Coverage(Cover.OPEN, holidays=False)
    assert told.coverage("water_heater") == Coverage(Cover.ALWAYS, holidays=True)
    assert told.covered_now(False)
    assert not told.covered_now(False, is_holiday=True)
    assert told.covered_now(False, is_holiday=True, service="water_heater")
    assert not told.covered_now(False, service="toilet")
    assert told.covered_now(True, service="toilet")


# What is added to a good configuration, and the only problem that this makes.
BAD: list[tuple[str, str, str]] = [
    ("people: [dana]", "people", "a list stands where a section should - write 'dana:' with name and phone below it"),
    ("people: {dana: {name: Dana}}", "people.dana", "'phone' is missing - write 'phone: \"+12165550193\"', with your own value"),
    ("people: {dana: {phone: 555}}", "people.dana.phone", f"'555' is not a telephone number - {E164}"),
    ("people: {dana: '216-555-0191'}", "people.dana", "'216-555-0191' stands where a section should - write 'name:' and 'phone:' below it"),
    ("people: {dana: {phone: '+12165550191', ring: yes}}", "people.dana", "unknown option 'ring' - did you mean 'rings'?"),
    ("people: {Dana: {phone: '+12165550191'}}", "people", "'Dana' cannot be the name of a person - use small letters, digits and _, beginning with a letter"),
    ("people: {owner: {phone: '+12165550191'}}", "people.owner", "'owner' means the person behind owner_cell - choose another name for the entry"),
    ("people: {on_call: {phone: '+12165550191'}}", "people.on_call", "'on_call' means whoever is on call - choose another name for the entry"),
    ("people: {dana: {phone: '+12165550190'}}", "people.dana.phone", "this is the phone of the owner as well - remove the entry, and write 'owner' where the owner is meant"),
    ("people: {dana: {phone: '+12165550191'}, lee: {phone: 216-555-0191}}", "people.lee.phone", "this is the phone of 'dana' as well - make one entry of the two"),
    ("people: {dana: {phone: '+12165550191'}, lee: {name: Dana, phone: 216-555-0192}}", "people.lee", "'Dana' is the name of 'dana' as well - give each a name of their own"),
    ("people: {dana: {phone: '+12165550100'}}", "people.dana.phone", "this is the number of line 'main', which callers dial - write the person's own cell phone"),
    ("people: {dana: {phone: '+12165550188'}}", "people.dana.phone", "this is the SIM's number - write the person's own cell phone"),
    ("people: {dana: {phone: '+18005550199'}}", "people.dana.phone", "(800) 555-0199 cannot get texts - write a cell phone"),
    ("on_call: {rotation: {people: [owner, dan], from: 2026-03-02}}", "on_call.rotation.people", "there is nobody called 'dan' under 'people:' - did you mean 'dana'?"),
    ("on_call: {rotation: {people: [owner, dana]}}", "on_call.rotation", "'from' is missing - write 'from: 2026-03-02', with your own value"),
    ("on_call: {rotation: {people: [owner, dana], from: Monday}}", "on_call.rotation.from", "'Monday' is not a date - write year-month-day, such as 2026-12-25"),
    ("on_call: {rotation: {people: [owner, dana], from: 2026-03-02, every: month}}", "on_call.rotation.every", "'month' is not known - use one of: day, week"),
    ("on_call: {rotation: {people: [owner, dana], from: 2026-03-02, at: 8 am}}", "on_call.rotation.at", "'8 am' is not a time of day - write hours and minutes of a 24-hour clock, such as '21:30'"),
    ("on_call: {rotation: [owner, dana]}", "on_call.rotation", "a list stands where a section should - write {people: [owner, dana], from: 2026-03-02}"),
    ("on_call: {shifts: [{who: dna, days: [sat], hours: '20:00-08:00'}]}", "on_call.shifts[1].who", "there is nobody called 'dna' under 'people:' - did you mean 'dana'?"),
    ("on_call: {shifts: [{who: dana, days: [saturday], hours: '20:00-08:00'}]}", "on_call.shifts[1].days", "'saturday' is not known - use one of: mon, tue, wed, thu, fri, sat, sun"),
    ("on_call: {shifts: [{who: dana, days: [sat], hours: nights}]}", "on_call.shifts[1].hours", "'nights' is not a window of time - write hours such as '17:00-08:00', on a 24-hour clock"),
    ("on_call: {shifts: [dana]}", "on_call.shifts[1]", "'dana' stands where a section should - write {who: dana, days: [sat], hours: \"20:00-08:00\"}"),
    ("on_call: {shifts: dana}", "on_call.shifts", "a list is needed here - write [{who: dana, days: [sat], hours: \"20:00-08:00\"}]"),
    ("on_call: {overrides: [{who: dana, from: '2026-12-24 12:00', to: '2026-12-24 08:00'}]}", "on_call.overrides[1]", "it is over before it begins - swap the times"),
    ("on_call: {overrides: [{who: kim, from: '2026-12-24 12:00', to: '2026-12-25 08:00'}]}", "on_call.overrides[1].who", "there is nobody called 'kim' under 'people:' - use one of: owner, dana"),
    ("on_call: {overrides: [{who: [], from: '2026-12-24 12:00', to: '2026-12-25 08:00'}]}", "on_call.overrides[1].who", "nothing stands in this list - write [owner, dana]"),
    ("on_call: {overrides: [{who: dana, from: Christmas, to: '2026-12-25 08:00'}]}", "on_call.overrides[1].from", "'Christmas' is not a date and time - write a date and time such as '2026-01-26 06:00'"),
    ("escalation: {ladder: []}", "escalation.ladder", "nobody is on the ladder - write '- {tell: [on_call, owner], times: 2, every: 5 min}' below it, or remove the section"),
    ("escalation: {ladder: [{tell: []}, {tell: dana}]}", "escalation.ladder[1].tell", "nothing stands in this list - write [on_call, dana]"),
    ("escalation: {ladder: [{tell: [dena]}, {tell: dana}]}", "escalation.ladder[1].tell", "there is nobody called 'dena' under 'people:' - did you mean 'dana'?"),
    ("escalation: {ladder: [{tell: dana}, {times: 2}]}", "escalation.ladder[2]", "'tell' is missing - write 'tell: [on_call, dana]', with your own value"),
    ("escalation: {ladder: [{tell: dana, times: 9}]}", "escalation.ladder[1].times", "9 is too large - write a whole number from 1 to 6"),
    ("escalation: {ladder: [{tell: dana, every: 10 s}]}", "escalation.ladder[1].every", "'10 s' is too short - write at least 1 min"),
    ("escalation: {ladder: [dana]}", "escalation.ladder[1]", "'dana' stands where a section should - write '- {tell: [on_call, owner], times: 2, every: 5 min}'"),
    ("escalation: {leader: [{tell: dana}]}", "escalation", "unknown option 'leader' - did you mean 'ladder'?"),
    ("emergencies: {services: {pool_heater: open}}", "emergencies.services", "'pool_heater' is not on your menu - did you mean 'water_heater'?"),
    ("emergencies: {services: {toilet: sometimes}}", "emergencies.services.toilet", "'sometimes' is not known - use one of: always, open, never"),
    ("emergencies: {services: {toilet: {cover: open}}}", "emergencies.services.toilet", "unknown option 'cover' - did you mean 'covered'?"),
    ("emergencies: {services: {toilet: {holidays: perhaps}}}", "emergencies.services.toilet.holidays", "'perhaps' is neither yes nor no - write yes or no"),
    ("emergencies: {holidays: never}", "emergencies.holidays", "'never' is neither yes nor no - write yes or no"),
]  # fmt: skip


@pytest.mark.parametrize(("section", "where", "problem"), BAD, ids=[f"{where}: {what[:40]}" for _, where, what in BAD])
def test_what_cannot_be_is_refused_with_its_line(section: str, where: str, problem: str) -> None:
    with_dana = "" if section.startswith("people") else DANA
    line = AT + with_dana.count("\n")
    assert problems(with_dana + section + "\n") == [f"g.yaml:{line}: {where}: {problem}"]


def test_who_stands_on_the_ladder_without_a_phone_is_said() -> None:
    with pytest.raises(SettingsError) as caught:
        parse(OWNERLESS + DANA + "escalation: {ladder: [{tell: [owner, dana]}]}\n", "g.yaml", today=TODAY)
    assert [str(problem) for problem in caught.value.problems] == [
        f"g.yaml:{AT}: escalation.ladder[1].tell: the owner has no phone - write 'owner_cell:' below 'business:'"
    ]


NO_OWNER = "g.yaml:1: business.owner_cell: nobody is told of missed calls that cannot wait - write owner_cell with a cell phone"
NOT_ON_CALL = "'on_call' is the owner as long as nobody is on call - write 'on_call:' with who is on call, or 'owner' in its place"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (DANA, [f"{AT}: people.dana: is never told of an emergency - name them on a rung of 'ladder:', or under 'on_call:'"]),
        (DANA + LADDER, [f"{AT + 1}: escalation.ladder: {NOT_ON_CALL}"]),
        (DANA + TURNS, []),
        (DANA + TURNS + LADDER, []),
        (DANA + TURNS + "escalation: {ladder: [{tell: [owner]}, {tell: [dana]}]}\n", [f"{AT + 2}: escalation.ladder: nobody asks who is on call: 'on_call' stands on no rung - write on_call on the first rung"]),
        (DANA + "on_call: {rotation: {people: [dana], from: 2026-03-02}}\n", [f"{AT + 1}: on_call.rotation.people: nobody takes turns with them - add the others"]),
        (DANA + "on_call: {rotation: {people: [owner, dana], from: 2026-03-09}}\n", [f"{AT + 1}: on_call.rotation.from: until 2026-03-09 nobody takes turns, and the owner is told - write the day on which the present turn began"]),
        (DANA + "on_call: {shifts: [{who: dana, days: [mon, tue, wed, thu, fri, sat, sun], hours: '17:00-17:00'}]}\n", []),
        (DANA + "on_call: {shifts: [{who: dana, days: [mon, tue, wed, thu], hours: '17:00-08:00'}]}\n", [f"{AT + 1}: on_call.shifts: nobody is on call from fri 08:00 to mon 17:00 (and at other times), and the owner is told in their place - add a shift or a rotation, or leave it if you mean it"]),
        (DANA + "on_call: {shifts: [{who: dana, days: [mon, tue, wed, thu, fri], hours: '08:00-08:00'}]}\n", [f"{AT + 1}: on_call.shifts: nobody is on call from sat 08:00 to mon 08:00, and the owner is told in their place - add a shift or a rotation, or leave it if you mean it"]),
        (DANA + "on_call: {overrides: [{who: dana, from: '2026-12-24 12:00', to: '2026-12-26 08:00'}, {who: owner, from: '2026-12-25 12:00', to: '2026-12-25 18:00'}]}\n", [f"{AT + 1}: on_call.overrides[2]: lies over another one: who is written last is on call - part the times"]),
        (DANA + TURNS + "escalation: {ladder: [{tell: on_call, times: 6, every: 15 min}, {tell: dana}]}\n", [f"{AT + 2}: escalation.ladder: the last ones are told after 90 min - write fewer times, or shorter ones"]),
        (DANA + TURNS + "contacts: [{number: '+12165550191', kind: vip}]\n", [f"{AT}: people.dana.phone: stands under 'contacts:' as vip - remove it there: your people's phones are never texted as callers"]),
        (DANA + TURNS + "contacts: [{number: '+12165550191', kind: staff}]\n", []),
        (f"people: {{dana: {{name: {'D' * 51}, phone: '+12165550191'}}}}\n" + TURNS, [f"{AT}: people.dana.name: is long for a text - write at most 50 characters"]),
        ("emergencies: {services: {toilet: always}}\n", [f"{AT}: emergencies.services.toilet: is covered as all the others - remove it, or write what is different"]),
        ("emergencies: {services: {toilet: open}}\n", [f"{AT}: emergencies.services: a caller with an emergency learns only that nobody is on call - write 'instead:' with what the caller should do"]),
        ("emergencies: {holidays: no}\n", [f"{AT}: emergencies.holidays: a caller with an emergency learns only that nobody is on call - write 'instead:' with what the caller should do"]),
    ],
)  # fmt: skip
def test_what_is_probably_not_meant_is_doubted(more: str, expected: list[str]) -> None:
    assert doubts(more) == [f"g.yaml:{doubt}" for doubt in expected]


def test_hours_that_are_not_covered_need_nobody_on_call() -> None:
    by_day = "on_call: {shifts: [{who: dana, days: [mon], hours: '07:00-18:00'}]}\n"  # the office opens on Mondays only
    advice = "instead: 'Call (216) 555-0177.', instead_es: 'Llame al (216) 555-0177.'"
    assert len(doubts(DANA + by_day)) == 1
    assert doubts(DANA + by_day + f"emergencies: {{covered: open, {advice}}}\n") == []
    assert doubts(DANA + by_day + f"emergencies: {{covered: never, {advice}}}\n") == []
    assert len(doubts(DANA + by_day + f"emergencies: {{covered: open, {advice}, services: {{toilet: always}}}}\n")) == 1


def test_without_an_owner_it_is_said_what_is_missing() -> None:
    assert doubts("", OWNERLESS) == [NO_OWNER.replace("missed calls that cannot wait", "urgent things")]
    nobody = f"g.yaml:{AT - 1}: escalation.ladder: nobody is told of an emergency - write 'ladder:' with who is told"
    assert doubts(DANA, OWNERLESS) == [NO_OWNER, nobody]
    assert doubts(DANA + "escalation: {ladder: [{tell: dana}]}\n", OWNERLESS) == [NO_OWNER]
    given = '  area_code: "216"\n  owner_name: Mike\n  owner_rings: yes\n  owner_language: es'
    named = OWNERLESS.replace('  area_code: "216"', given)
    assert [doubt.partition(": ")[2] for doubt in doubts("", named)][1:] == [
        "business.owner_name: the owner has no phone - write owner_cell with a cell phone",
        "business.owner_rings: the owner has no phone - write owner_cell with a cell phone",
        "business.owner_language: the owner has no phone - write owner_cell with a cell phone",
    ]


def test_a_phone_that_stands_under_staff_as_well_is_doubted() -> None:
    text = PLUMBING.replace('  area_code: "216"', '  area_code: "216"\n  staff: ["+12165550191"]')
    assert doubts(DANA + TURNS, text) == [
        f"g.yaml:{AT + 1}: people.dana.phone: stands under 'staff:' as well - remove it there: this entry is enough"
    ]


# ---- what is shown

WHOLE = """people:
  dana: {phone: "+12165550191", rings: yes}
  office: {name: the office, phone: 216-555-0193}
on_call:
  rotation: {people: [owner, dana], from: 2026-03-02}
escalation:
  ladder:
    - {tell: on_call, times: 2, every: 5 min}
    - {tell: dana}
    - {tell: office}
"""


def checked(tmp_path: Path, text: str, at: str) -> list[str]:
    path, out = tmp_path / "gateway.yaml", io.StringIO()
    path.write_text(text)
    now = datetime.fromisoformat(at).replace(tzinfo=ZONE).astimezone(UTC)
    assert check(path, out, io.StringIO(), today=TODAY, now=now) == 0
    return out.getvalue().splitlines()


def test_check_says_who_is_on_call_now_and_next_and_the_ladder_with_its_times(tmp_path: Path) -> None:
    lines = checked(tmp_path, NAMED + WHOLE, "2026-03-04T10:00")
    at = lines.index("On call now: Mike")
    assert lines[at + 1 : at + 3] == [
        "  from Mon 2026-03-09 08:00 on: Dana",
        "Told of an emergency that comes now: 0 min Mike, 5 min Mike again, 10 min Dana (rung as well), 15 min the office;"
        " after 20 min nobody is left to tell",
    ]
    lines = checked(tmp_path, NAMED + WHOLE, "2026-03-10T10:00")
    at = lines.index("On call now: Dana")
    assert "0 min Dana (rung as well), 5 min Dana again (rung as well), 10 min Dana again" in lines[at + 2]


def test_check_says_so_where_nobody_is_on_call_or_nobody_is_told(tmp_path: Path) -> None:
    lines = checked(tmp_path, NAMED + WHOLE, "2026-03-01T10:00")
    assert "On call now: nobody (the owner is told)" in lines
    lines = checked(tmp_path, PLUMBING, "2026-03-04T10:00")
    assert not [line for line in lines if line.startswith("On call now")]
    assert "Told of an emergency that comes now: 0 min the owner, 5 min the owner again, 10 min the owner again; after 15 min nobody is left to tell" in lines  # fmt: skip
    assert "Told of an emergency: nobody" in checked(tmp_path, OWNERLESS, "2026-03-04T10:00")


def test_check_says_what_is_covered_for_which_work(tmp_path: Path) -> None:
    more = "emergencies: {holidays: no, instead: 'Call (216) 555-0177.', services: {toilet: open, water_heater: {holidays: yes}}}\n"
    lines = checked(tmp_path, PLUMBING + more, "2026-03-04T10:00")
    at = lines.index("On call for emergencies: always, not on holidays")
    assert lines[at + 1 : at + 3] == ["  toilet: open, not on holidays", "  water_heater: always"]


def test_what_the_manual_shows_of_emergencies_is_right() -> None:
    shown = shown_in("emergencies")
    assert len(shown) == 4
    text = NAMED.replace("  owner_name: Mike\n", "").replace("  trade: plumbing", "  trade: hvac")
    text = text.replace('  owner_cell: "+12165550190"\n', "".join(shown[0].splitlines(True)[1:]).split("people:")[0])
    people = "people:" + shown[0].split("people:")[1]
    settings = parse(text + people + "".join(shown[1:]), "g.yaml", today=date(2026, 3, 10))
    # what rings the phones has a page of its own
    assert [str(doubt) for doubt in settings.warnings if not doubt.what.startswith("ringing: ")] == []
    rules = settings.business.escalation
    assert {person.key for person in rules.people} == set(rules.on_call.everybody) - {"owner"} | {"office"}
    assert len(rules.rungs) == 3


def test_the_example_businesses_have_their_owner_told_as_before() -> None:
    for path in sorted((Path(__file__).parents[2] / "config" / "examples").glob("*.yaml")):
        assert load(path, today=TODAY).business.escalation == EscalationRules(), path
        assert not re.search("^(?:people|on_call|escalation):", path.read_text(), re.MULTILINE)
