"""The business of the walks up the ladder: who is told, in which order, and whose telephones ring."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from gateway.core.escalation.ladder import Rung
from gateway.core.escalation.oncall import Duty, OnCall, Rotation, Turn
from gateway.core.escalation.people import ON_CALL, OWNER, Person
from gateway.core.escalation.rules import EscalationRules
from gateway.core.remote.rules import RemoteRules
from tests.gateway.box import BUSINESS
from tests.gateway.office import OWNER as MIKE

DANA, LEE, DESK = "+12165550151", "+12165550153", "+12165550152"
TEXTED = {MIKE: "Mike", DANA: "Dana", LEE: "Lee"}
PHONES = {**TEXTED, DESK: "the desk"}
CALLERS = ("+12165550137", "+12165550138", "+12165550139")
STRANGERS = (DESK, "+12165550199", "MIKE", "Mike", "55501", "90190", "+34655550190", "5550190", "+12165550100")
PIN = "4711"
BEGINS = datetime(2026, 3, 2, 15, tzinfo=UTC)
SHOP = replace(
    BUSINESS,
    remote=RemoteRules(PIN),
    escalation=EscalationRules(
        owner_name="Mike",
        owner_rings=True,
        people=(
            Person("dana", "Dana", DANA, rings=True),
            Person("lee", "Lee", LEE),
            Person("desk", "the desk", DESK, rings=True, texts=False),
        ),
        rungs=(Rung((ON_CALL,), times=2), Rung(("dana",)), Rung(("dana", "lee", "desk"), times=2, every_s=600.0)),
        on_call=OnCall(
            rotation=Rotation((OWNER, "lee"), date(2026, 2, 23), Turn.DAY),
            overrides=(Duty(("dana", "lee"), BEGINS + timedelta(hours=20), BEGINS + timedelta(hours=30)),),
        ),
    ),
)
