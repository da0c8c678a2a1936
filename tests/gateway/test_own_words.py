"""Own first texts for weekends and VIPs, and a stated response time that is only said while it is kept."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import datetime, timedelta

from gateway.simulate import run
from tests.gateway.office import MILLER, Event, at, call, wait

WEEKEND = (
    "{business}: closed for the weekend, we missed your call. What isn't working? Emergency: text URGENT. STOP to end."
)
VIP = "{business}: sorry we missed you. What do you need? The office looks first. Emergency: text URGENT. STOP to end."
QUICK = "{business}: sorry we missed your call. What do you need? We answer within 10 minutes. Emergency: text URGENT. STOP to end."
SATURDAY_EVENING = datetime.fromisoformat("2026-03-07T19:00:00-05:00")
SATURDAY_TEN = datetime.fromisoformat("2026-03-07T10:00:00-05:00")
FRIDAY_EVENING = datetime.fromisoformat("2026-03-06T19:00:00-05:00")
NUMBERS = [
    f"+1216555{number:04}" for number in range(1000, 1030)
]  # never dialled: the clock and the network are simulated


def openers(templates: dict[str, str], *events: Event, minutes: int | None = None) -> list[dict[str, str]]:
    business = replace(
        MILLER.business,
        templates=dict(MILLER.business.templates) | templates,
        policy=replace(MILLER.business.policy, stated_minutes=minutes),
    )
    out = io.StringIO()
    run(replace(MILLER, business=business), [json.dumps(event) for event in events], out)
    effects = [json.loads(line) for line in out.getvalue().splitlines()]
    return [effect for effect in effects if effect.get("purpose") == "opener"]


def test_a_closed_weekend_has_its_own_words_where_the_business_wrote_some() -> None:
    def name(moment: datetime, templates: dict[str, str]) -> str:
        return openers(templates, call(base=moment), wait(60, moment))[0]["template"]

    assert name(SATURDAY_EVENING, {"weekend": WEEKEND}) == "weekend"
    assert name(SATURDAY_EVENING, {}) == "after_hours"
    assert name(SATURDAY_TEN, {"weekend": WEEKEND}) == "open"
    assert name(FRIDAY_EVENING, {"weekend": WEEKEND}) == "after_hours"


def test_a_vip_gets_the_words_for_vips() -> None:
    vip = {"at": at(-10), "event": "contact", "number": call()["caller"], "kind": "vip"}
    assert openers({"vip": VIP}, vip, call(), wait(60))[0]["template"] == "vip"
    assert openers({"vip": VIP}, call(), wait(60))[0]["template"] == "open"


def missed_by_six(answered_after_s: float | None) -> list[Event]:
    """Six callers, a quarter of an hour apart; the office reaches each after some time, or never."""
    events: list[Event] = []
    for place, number in enumerate(NUMBERS[:6]):
        begins = place * 900.0
        events.append(call(begins, caller=number))
        if answered_after_s is not None:
            events.append({"at": at(begins + answered_after_s), "event": "office_call", "to": number, "reached": True})
    return events


def body_of_the_next(events: list[Event]) -> str:
    later = call(6 * 900 + 700, caller=NUMBERS[9])
    return openers({"open": QUICK}, *events, later, wait(6 * 900 + 800), minutes=10)[-1]["body"]


def test_a_response_time_that_is_kept_is_said() -> None:
    assert "within 10 minutes" in body_of_the_next(missed_by_six(300))


def test_a_response_time_that_is_not_kept_is_left_out_until_it_is_kept_again() -> None:
    slow = missed_by_six(None)
    body = body_of_the_next(slow)
    assert "10 minutes" not in body
    assert body.startswith("Miller Heating & Air")
    tomorrow = timedelta(days=1).total_seconds()
    quick = [
        event
        for place, number in enumerate(NUMBERS[10:25])
        for event in (
            call(tomorrow + place * 900, caller=number),
            {"at": at(tomorrow + place * 900 + 200), "event": "office_call", "to": number, "reached": True},
        )
    ]
    last = call(tomorrow + 15 * 900 + 700, caller=NUMBERS[28])
    events = [*slow, *quick, last, wait(tomorrow + 16 * 900)]
    assert "within 10 minutes" in openers({"open": QUICK}, *events, minutes=10)[-1]["body"]


def test_a_text_that_states_no_time_is_not_touched() -> None:
    plain = openers({}, *missed_by_six(None), call(7 * 900, caller=NUMBERS[9]), wait(8 * 900), minutes=10)
    assert {effect["body"] for effect in plain} == {plain[0]["body"]}
