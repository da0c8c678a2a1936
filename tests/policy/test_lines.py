"""Which calls of a line are texted: ring times, hours, lines nobody set up, calls to the SIM itself."""

from datetime import datetime, timedelta

import pytest

from gateway.core.events import CallEnded, CallReason, CallSource, OfficeTexted, SegmentReceived
from tests.policy.shop import CALLER, MONDAY_TEN, ONE_LINE, Box, call, effects, outcomes, shop

NIGHT = "2026-03-02T20:00:00-05:00"


def missed(did: str | None, **changes: object) -> CallEnded:
    plain = CallEnded(
        key="1",
        source=CallSource.AMI,
        at=datetime.fromisoformat(MONDAY_TEN),
        caller=CALLER,
        did=did,
        missed=True,
        reason=CallReason.NO_ANSWER,
        ring_s=22.0,
    )
    return CallEnded(**{name: changes.get(name, getattr(plain, name)) for name in plain.__slots__})


@pytest.mark.parametrize(
    ("at", "source", "ring_s", "outcome"),
    [
        (MONDAY_TEN, "ami", 11.9, "short_ring"),
        (MONDAY_TEN, "ami", 12, "open"),
        (NIGHT, "ami", 5.9, "short_ring"),
        (NIGHT, "ami", 6, "after_hours"),
        (MONDAY_TEN, "modem", 0, "open"),
    ],
)
def test_the_shortest_ring_can_differ_by_hours_and_for_calls_at_the_modem(
    at: str, source: str, ring_s: float, outcome: str
) -> None:
    settings = shop(texting="{min_ring: 2 rings, min_ring_closed: 6 s, min_ring_modem: 0 s}")
    assert outcomes(settings, call(at, source=source, ring_s=ring_s)) == [outcome]


@pytest.mark.parametrize(
    ("how", "ring_s", "outcome"),
    [
        ("queue_abandon", 9, "short_ring"),
        ("ivr_abandon", 9.9, "short_ring"),
        ("queue_abandon", 10, "open"),
        ("no_answer", 2, "open"),
        ("voicemail", 2, "open"),
    ],
)
def test_a_call_given_up_in_menu_or_queue_has_a_threshold_of_its_own(how: str, ring_s: float, outcome: str) -> None:
    settings = shop(texting="{min_ring: 1 s, min_abandoned: 10 s}")
    assert outcomes(settings, call(outcome=how, ring_s=ring_s)) == [outcome]


@pytest.mark.parametrize(
    ("at", "line", "ring_s", "outcome"),
    [
        (MONDAY_TEN, "main", 7, "short_ring"),
        (MONDAY_TEN, "main", 8, "open"),
        (NIGHT, "main", 2, "short_ring"),
        (NIGHT, "main", 3, "after_hours"),
        (MONDAY_TEN, "ads", 4, "open"),
        (NIGHT, "ads", 3, "short_ring"),
    ],
)
def test_a_line_can_have_shortest_rings_of_its_own(at: str, line: str, ring_s: float, outcome: str) -> None:
    lines = '{main: {number: "+12165550100", min_ring: 8, min_ring_closed: 3}, ads: {number: "+12165550111"}}'
    assert outcomes(shop(lines, "{min_ring: 4}"), call(at, line=line, ring_s=ring_s)) == [outcome]


@pytest.mark.parametrize(
    ("when", "at", "outcome"),
    [
        ("open", "2026-03-02T16:59:49-05:00", "open"),
        ("open", "2026-03-02T16:59:50-05:00", "line_not_enabled"),  # the text would leave at closing time
        ("closed", "2026-03-02T16:59:49-05:00", "line_not_enabled"),
        ("closed", "2026-03-02T16:59:50-05:00", "after_hours"),
        ("always", "2026-03-02T16:59:50-05:00", "after_hours"),
    ],
)
def test_a_line_can_be_texted_in_opening_hours_only_or_outside_them_only(when: str, at: str, outcome: str) -> None:
    settings = shop(f'{{main: {{number: "+12165550100", text_when: {when}}}}}')
    assert outcomes(settings, call(at)) == [outcome]


def test_a_caller_outside_the_hours_of_a_line_is_to_be_rung_back() -> None:
    box = Box(shop('{main: {number: "+12165550100", text_when: closed}}'))
    box.take(missed("2165550100"))
    assert box.tasks() == [(CALLER, "line main is not texted in opening hours")]


def test_a_caller_who_rings_the_number_our_texts_come_from_is_to_be_rung_back() -> None:
    box = Box(shop())
    box.take(missed("+12165550188"))
    assert box.tasks() == [(CALLER, "rang the number our texts come from")]


def test_a_caller_on_a_number_that_nobody_set_up_is_to_be_rung_back() -> None:
    box = Box(shop())
    box.take(missed("2165550177"))
    assert box.tasks() == [(CALLER, "came in on a number that is not set up here")]
    assert box.says() == ["came in on a number that is not set up here, on the call-back list"]


def test_a_caller_whom_somebody_answered_on_a_number_that_nobody_set_up_is_on_no_list_and_not_said_to_be() -> None:
    box = Box(shop())
    box.take(missed("2165550177", missed=False, reason=CallReason.ANSWERED, answered_by="101"))
    assert box.tasks() == []
    assert box.says() == ["came in on a number that is not set up here"]


def test_a_forwarding_that_hides_the_callers_is_named() -> None:
    box = Box(shop())
    box.take(missed("+12165550100", source=CallSource.MODEM, caller="2165550100"))
    assert box.says() == ["shows our own line as the caller: the forwarding hides who rang"]


def test_a_ring_is_never_said_to_be_as_long_as_would_have_been_enough() -> None:
    box = Box(shop(texting="{min_ring: 4 s}"))
    box.take(missed("+12165550100", ring_s=3.9))
    assert box.says() == ["rang only 3 s"]


def test_a_missed_call_on_a_line_that_is_never_texted_is_nobodys_task() -> None:
    box = Box(shop('{main: {number: "+12165550100"}, fax: {number: "+12165550144", text_back: no}}'))
    box.take(missed("+12165550144"))
    assert box.tasks() == []


def test_an_analogue_trunk_that_names_no_number_rings_on_the_only_line() -> None:
    box = Box(shop(ONE_LINE))
    box.take(missed(None))
    assert box.says() == ["will be texted in 10 s"]


def test_without_a_number_and_with_two_lines_nobody_is_texted_in_the_name_of_the_wrong_one() -> None:
    box = Box(shop('{main: {number: "+12165550100"}, ads: {number: "+12165550111"}}'))
    box.take(missed(None))
    assert box.tasks() == [(CALLER, "came in on a number that is not set up here")]


def test_a_missed_caller_with_whom_somebody_is_writing_is_to_be_rung_back() -> None:
    box = Box(shop())
    rang_at = datetime.fromisoformat(MONDAY_TEN)
    box.take(OfficeTexted(rang_at - timedelta(hours=1), CALLER, "Ann here", "ann"))
    box.take(missed("+12165550100"))
    assert box.tasks() == [(CALLER, "the office is writing with this caller")]


def test_a_missed_caller_who_is_in_conversation_by_text_is_to_be_rung_back() -> None:
    box = Box(shop())
    rang_at = datetime.fromisoformat(MONDAY_TEN)
    box.take(SegmentReceived("1", rang_at - timedelta(hours=1), CALLER, "no heat since last night"))
    box.take(missed("+12165550100"))
    assert box.tasks()[-1] == (CALLER, "already in conversation by text")


def test_the_owner_is_not_asked_to_call_back_a_withheld_number() -> None:
    settings = shop('{main: {number: "+12165550100", always_notify_owner: yes}}')
    (notice,) = [e["body"] for e in effects(settings, call(caller="anonymous")) if e.get("purpose") == "owner_notice"]
    assert notice == "Textback: missed call on main from a withheld number, Mon 10:00 AM. It cannot be called back."


def told(*callers: str) -> list[bool]:
    """Whether the owner was told of each of these missed calls on the on-call line, a minute apart."""
    settings = shop('{main: {number: "+12165550100", always_notify_owner: yes}}')
    calls = [call(f"2026-03-02T10:{minute:02}:00-05:00", caller=caller) for minute, caller in enumerate(callers)]
    done = sorted((e for e in effects(settings, *calls) if "call" in e), key=lambda e: int(e["call"]))
    return [e["notify_owner"] for e in done]


def test_the_owner_is_told_of_every_person_on_the_on_call_line_however_many_there_are() -> None:
    assert told(*(f"+1216555{1000 + n}" for n in range(40))) == [True] * 40


def test_the_owner_is_not_told_for_ever_of_one_caller_who_rings_every_minute() -> None:
    assert told(*[CALLER] * 15) == [True] * 12 + [False] * 3
