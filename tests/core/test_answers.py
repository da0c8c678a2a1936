"""A text is read against what was asked, piece by piece; what is put right counts, and a question is no wish."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.core.conversation.answers import merged
from gateway.core.conversation.corrections import refined, time_meant, without_given_up
from gateway.core.conversation.intents import meaning
from gateway.core.conversation.lead import Fact, Facts, Lead, Stage
from gateway.core.conversation.moves import GREETING, QUESTION
from gateway.core.understanding.language import Language
from gateway.core.understanding.reader import Reading

PLAIN = Reading(Language.ENGLISH, "unclear", "none", False, None, None, None, None, None, None, None, False, ())
JOB = Facts(service="windows", issue="window cleaning")


def told(body: str, question: str | None, *asked: str, facts: Facts = JOB, **said: str) -> Facts:
    """The facts after a text of which the reading has found only `said`."""
    return merged(facts, replace(PLAIN, **said), body, question, (*asked, *([question] if question else [])))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("Hank Dunn friday", "Hank Dunn"),
        ("its crawford", "crawford"),
        ("Dave here, thanks", "Dave"),
        ("perdon 78232 no 78223", None),
        ("Actually make it Wednesday, I forgot I work Tuesday", None),
        ("no rush. whenever you can get to it", None),
        ("why do you need that", None),
        ("nm", None),
        ("idk lol", None),
        ("nvm", None),
    ],
)
def test_a_name_is_taken_from_an_answer_only_where_it_looks_like_one(body: str, name: str | None) -> None:
    assert told(body, Fact.NAME).name == name


@pytest.mark.parametrize(
    ("body", "said", "name", "time"),
    [
        (
            "Garfield Heights 44125, Rigo. hoy si se puede",
            {"city": "Garfield Heights", "zip": "44125"},
            "Rigo",
            "today",
        ),
        ("78228 Arturo", {"zip": "78228"}, "Arturo", None),
        ("Windcrest 78239, Paola", {"city": "Windcrest", "zip": "78239"}, "Paola", None),
        ("Stone Oak 78258", {"zip": "78258"}, None, None),
        ("44107. any time. no, whenever", {"zip": "44107"}, None, "anytime"),
    ],
)
def test_who_tells_where_often_tells_who_and_when_in_the_same_row(
    body: str, said: dict[str, str], name: str | None, time: str | None
) -> None:
    facts = told(body, Fact.PLACE, **said)
    assert (facts.name, facts.timeline) == (name, time)


def test_in_a_first_text_only_what_can_hardly_be_anything_else_is_taken_from_a_row() -> None:
    row = told(
        "cabinet painting, Solon 44139, Judy Blanch, april", None, zip="44139", city="Solon", intent="new_service"
    )
    assert (row.name, row.timeline) == ("Judy Blanch", "april")
    past = told("furnace died, saturday, Rheem, 44139", None, zip="44139", intent="new_service")
    assert (past.name, past.timeline) == (None, None)


def test_what_was_asked_before_may_be_answered_later() -> None:
    assert told("Toñita", Fact.TIME, Fact.NAME) == replace(JOB, name="Toñita")
    assert told("pasado mañana", None, Fact.NAME, Fact.TIME).timeline == "day after tomorrow"


@pytest.mark.parametrize("body", ["just a ballpark", "we're outside", "why do you ask"])
def test_not_every_short_text_is_a_place(body: str) -> None:
    assert told(body, Fact.PLACE).place is None


@pytest.mark.parametrize("body", ["idk yet", "have to check with my wife", "tengo que preguntar", "Brown siding"])
def test_who_puts_the_answer_off_has_named_no_time(body: str) -> None:
    assert told(body, Fact.TIME).timeline is None


@pytest.mark.parametrize("body", ["when my husband is home", "up to you", "cuando salga de la escuela"])
def test_a_time_that_no_rule_resolves_is_kept_in_the_callers_words(body: str) -> None:
    assert told(body, Fact.TIME).timeline


def test_a_name_that_is_spelt_again_keeps_its_other_part() -> None:
    before = replace(JOB, name="Kathryn Boyd")
    assert told("its Katherine with an e", None, facts=before, name="Katherine").name == "Katherine Boyd"
    assert told("no, Marta", None, facts=before, name="Marta").name == "Marta"


def test_manners_beside_a_time_are_no_place() -> None:
    facts = told("friday if possible", Fact.PLACE)
    assert (facts.place, facts.timeline) == (None, "friday")


def test_a_place_that_no_list_knows_is_kept_beside_what_else_is_told() -> None:
    assert told("near the stadium", Fact.PLACE).place == "near the stadium"
    both = told("behind the old mill, friday", Fact.PLACE)
    assert (both.place, both.timeline) == ("behind the old mill", "friday")


def test_the_time_that_is_meant_counts() -> None:
    assert time_meant("Actually make it Wednesday, I forgot I work Tuesday") == "wednesday"
    assert time_meant("sorry I mean tuesday the 10th") == "tuesday the 10"
    assert time_meant("mejor el viernes") == "friday"
    assert time_meant("friday works") is None
    assert without_given_up("thursday tuesday", "puede ser el jueves en vez del martes?") == "thursday"
    assert without_given_up("thursday friday", "thursday or friday") == "thursday friday"


def test_an_hour_goes_with_the_day_that_was_said_before_it() -> None:
    assert refined("thursday", "after 3") == "thursday after 3"
    assert refined("monday the 16 morning", "at 2") == "monday the 16 at 2"
    assert refined("thursday", "friday") == "friday"
    assert refined(None, "after 3") == "after 3"
    assert refined("thursday", "whenever") == "whenever"


@pytest.mark.parametrize(
    ("body", "intent"),
    [
        ("so someone will be here at 8 then", "status_question"),
        ("ok so im booked for monday right?", "unclear"),
        ("any news?", "unclear"),
    ],
)
def test_who_asks_whether_it_is_so_wishes_nothing(body: str, intent: str) -> None:
    lead = Lead(intent="booking_request", facts=JOB, stage=Stage.COMPLETE)
    assert meaning(lead, replace(PLAIN, intent=intent, timeline="before 8"), body) == QUESTION
    assert (
        merged(replace(JOB, timeline="monday"), replace(PLAIN, timeline="before 8"), body, None, times=False).timeline
        == "monday"
    )


@pytest.mark.parametrize("body", ["hello?", "hi there", "Hola buenas tardes", "anybody there??"])
def test_a_greeting_is_not_a_text_that_nobody_understood(body: str) -> None:
    assert meaning(Lead(), PLAIN, body) == GREETING


def test_who_names_a_line_of_the_menu_is_no_salesman_unless_he_says_so() -> None:
    salesman = replace(PLAIN, intent="vendor_or_sales", service="windows")
    assert meaning(Lead(), salesman, "window cleaning") == "new_service"
    assert meaning(Lead(), salesman, "we offer window cleaning to partners") == "vendor_or_sales"
    assert meaning(Lead(), replace(salesman, service=None), "solar deals") == "vendor_or_sales"


@pytest.mark.parametrize(
    ("intent", "job", "other"),
    [
        ("cancel_appointment", "window cleaning, friday please", "cancel the window cleaning friday"),
        ("reschedule", "window cleaning, thursday or friday", "move the window cleaning to friday"),
        ("existing_customer", "need a weekly window cleaner", "you cleaned my windows last month"),
        ("human_request", "need my windows cleaned. I live in Akron", "need windows cleaned, can I talk to a person"),
    ],
)
def test_who_names_a_job_is_taken_for_something_else_only_where_he_says_so(intent: str, job: str, other: str) -> None:
    read = replace(PLAIN, intent=intent, service="windows")
    assert meaning(Lead(), read, job) == "new_service"
    assert meaning(Lead(), read, other) == intent


def test_nobody_wants_a_person_without_a_word_of_it() -> None:
    read = replace(PLAIN, intent="human_request")
    assert meaning(Lead(), read, "en español por favor") == "unclear"
    assert meaning(Lead(), read, "have to check with my wife") == "unclear"
    assert meaning(Lead(), read, "let me talk to a person") == "human_request"


def test_a_job_that_ends_with_thanks_is_a_job() -> None:
    thanks = replace(PLAIN, intent="thanks_ack", service="windows")
    assert meaning(Lead(), thanks, "windows dirty inside and out, thanks") == "new_service"
    assert meaning(Lead(), thanks, "the windows look great, thanks") == "thanks_ack"


@pytest.mark.parametrize("intent", ["photo_only", "help", "cancel_appointment", "thanks_ack", "no", "wrong_number"])
def test_a_text_of_nothing_but_facts_is_an_answer_whatever_it_reads_like(intent: str) -> None:
    lead = Lead(asked=(Fact.NAME,), question=Fact.NAME)
    for body in ("jim here", "this is Big Mike, 44107", "friday please", "Xochitl Barrera thanks"):
        assert meaning(lead, replace(PLAIN, intent=intent), body) == "unclear"
    assert meaning(lead, replace(PLAIN, intent=intent), "thanks, we do not want that any more") == intent


def test_nobody_thanks_for_a_question_without_a_word_of_thanks() -> None:
    thanks = replace(PLAIN, intent="thanks_ack")
    assert meaning(Lead(asked=(Fact.NAME,)), thanks, "Hank Dunn friday") == "unclear"
    assert meaning(Lead(asked=(Fact.NAME,)), thanks, "ok thx") == "thanks_ack"
