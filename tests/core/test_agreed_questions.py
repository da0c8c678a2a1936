"""What the box asks is what the business has agreed to: in its order, its own questions last, nothing twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.core.conversation.answering import answer
from gateway.core.conversation.answers import OWN_LENGTH
from gateway.core.conversation.emergencies import after_alert
from gateway.core.conversation.hearing import hear
from gateway.core.conversation.lead import Alert, Fact, Facts, Lane, Lead, Stage, Urgency
from gateway.core.conversation.moves import Answer
from gateway.core.conversation.office import ConversationRules, OwnQuestion, Service, ServiceArea
from gateway.core.understanding.language import Language
from gateway.core.understanding.reader import Reading

HOME = OwnQuestion("home", "Is it a house or an apartment?", needed=True)
AGE = OwnQuestion("age", "How old is it?", services=frozenset({"toilet"}))
GATE = OwnQuestion("gate", "Is there a gate code?", lanes=frozenset({Lane.ESCALATE}))
RULES = ConversationRules(
    services={
        "toilet": Service("toilet", "Toilet", bookable=True),
        "leak": Service("leak", "Leak"),
        "lockout": Service("lockout", "Locked out", urgent_escalates=True),
    },
    area=ServiceArea.of(["44107"], ["Lakewood"]),
    booking_needs=(Fact.NAME, Fact.SERVICE, Fact.PLACE, Fact.TIME),
    questions=(HOME, AGE, GATE),
)


def reading(**said: object) -> Reading:
    plain = Reading(
        Language.ENGLISH, "new_service", "routine", False, None, None, None, None, None, None, None, False, ()
    )
    return replace(plain, **said)  # type: ignore[arg-type]


def talk(*texts: tuple[str, Reading], rules: ConversationRules = RULES) -> list[Answer]:
    """The box's answers, each text answered before the next one; the owner's alert reaches him at once."""
    lead, moves = Lead(), []
    for body, read in texts:
        heard = hear(lead, read, body, rules)
        told = after_alert(heard.lead, Alert.TOLD, rules, covered=True) if heard.alarm else None
        moves.append(told or answer(heard.lead, rules))
        lead = moves[-1].lead
    return moves


def asked(moves: list[Answer]) -> list[str]:
    return [move.say.template for move in moves if move.say is not None]


def test_the_usual_facts_are_asked_in_the_businesss_order_then_its_own_questions() -> None:
    moves = talk(
        ("toilet is broken", reading(service="toilet")),
        ("Dave Miller", reading(intent="unclear", name="Dave Miller")),
        ("44107", reading(intent="unclear", zip="44107")),
        ("friday", reading(intent="unclear", timeline="friday")),
        ("House", reading(intent="unclear")),
        ("no idea", reading(intent="no")),
    )
    assert asked(moves) == ["ask_name", "ask_place", "ask_time", "ask_home", "ask_age", "requested"]
    lead = moves[-1].lead
    assert (lead.lane, lead.stage) == (Lane.BOOK, Stage.COMPLETE)
    assert lead.facts.own == (("home", "House"), ("age", "no idea"))
    assert (lead.facts.answer("home"), lead.facts.answer("gate")) == ("House", None)


def test_a_question_that_is_not_answered_is_not_asked_again_and_keeps_the_lead_from_the_calendar() -> None:
    known = reading(service="toilet", zip="44107", name="Dave", timeline="friday")
    moves = talk(
        ("toilet, 44107, Dave, friday", known),
        ("why do you ask?", reading(intent="unclear")),
        ("10 years", reading(intent="unclear")),
    )
    assert asked(moves)[:2] == ["ask_home", "ask_age"]
    assert "ask_home" not in asked(moves)[1:]
    assert (moves[-1].lead.lane, moves[-1].lead.why) == (Lane.MESSAGE, "not known yet: home")


def test_a_question_about_another_service_or_lane_is_not_asked() -> None:
    moves = talk(
        ("a leak in 44107, Dave", reading(service="leak", zip="44107", name="Dave")),
        ("house", reading(intent="unclear")),
    )
    assert asked(moves) == ["ask_home", "noted"]
    assert moves[-1].lead.lane is Lane.MESSAGE


def test_an_emergency_asks_what_its_lane_names() -> None:
    flood = reading(service="leak", urgency="emergency", street_address="12 Oak St")
    move = talk(("water everywhere at 12 Oak St", flood))[0]
    assert (move.lead.alert, asked([move])) == (Alert.TOLD, ["alert_sent_ask_gate"])


def test_an_own_answer_is_kept_to_a_length() -> None:
    known = reading(service="leak", zip="44107", name="Dave")
    lead = talk(("leak", known), ("x" * 1000, reading(intent="unclear")))[-1].lead
    assert lead.facts.answer("home") == "x" * OWN_LENGTH


@pytest.mark.parametrize(
    ("service", "zip_code", "lane"),
    [("lockout", "44107", Lane.ESCALATE), ("lockout", "10001", Lane.MESSAGE), ("leak", "44107", Lane.MESSAGE)],
)
def test_an_urgent_job_is_told_at_once_only_where_the_business_says_so(service: str, zip_code: str, lane: Lane) -> None:
    move = talk(("now please", reading(service=service, zip=zip_code, urgency="urgent")))[0]
    assert move.lead.urgency is Urgency.URGENT
    assert (move.lead.lane, move.lead.alert is Alert.TOLD) == (lane, lane is Lane.ESCALATE)


def test_a_caller_is_answered_in_a_language_that_the_box_may_use() -> None:
    spanish = reading(lang=Language.SPANISH, service="leak")
    body = "tengo una fuga de agua en la cocina"
    assert talk((body, spanish))[0].lead.language == "es"
    assert talk((body, spanish), rules=replace(RULES, languages=("en",)))[0].lead.language == "en"


def test_another_place_takes_the_state_with_it() -> None:
    first = reading(service="leak", city="Independence", state="OH")
    lead = talk(("leak in Independence OH", first), ("i mean Lakewood", reading(city="Lakewood")))[-1].lead
    assert (lead.facts.city, lead.facts.state) == ("Lakewood", None)
    lead = talk(("leak in Independence OH", first), ("a big leak", reading()))[-1].lead
    assert (lead.facts.city, lead.facts.state) == ("Independence", "OH")
    assert Facts().state is None
