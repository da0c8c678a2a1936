"""Own first texts for weekends and VIPs."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import datetime

from gateway.cli.simulate import run
from tests.gateway.office import MILLER, Event, at, call, wait

WEEKEND = (
    "{business}: closed for the weekend, we missed your call. What isn't working? Emergency: text URGENT. STOP to end."
)
VIP = "{business}: sorry we missed you. What do you need? The office looks first. Emergency: text URGENT. STOP to end."
SATURDAY_EVENING = datetime.fromisoformat("2026-03-07T19:00:00-05:00")
SATURDAY_TEN = datetime.fromisoformat("2026-03-07T10:00:00-05:00")
FRIDAY_EVENING = datetime.fromisoformat("2026-03-06T19:00:00-05:00")


def openers(templates: dict[str, str], *events: Event) -> list[dict[str, str]]:
    business = replace(MILLER.business, templates=dict(MILLER.business.templates) | templates)
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
