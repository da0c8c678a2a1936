"""Who asks when somebody can come hears that the office says so, once, beside the next question."""

from __future__ import annotations

import pytest

from gateway.core.conversation.answering import unsaid
from gateway.core.conversation.arrivals import asks_when
from gateway.core.conversation.asking import ask
from gateway.core.conversation.lead import Fact, Lead


@pytest.mark.parametrize(
    "words",
    [
        "when can you be here?",
        "How soon can someone come out",
        "clogged drain. whats the earliest you could get here",
        "what day can you come",
        "how long till somebody gets out here",
        "when are you available",
        "¿Cuándo pueden venir?",
        "a que hora vienen",
        "que tan pronto me pueden mandar a alguien",
        "when's somebody coming",
        "when can a tech swing by",
        "when can i get someone out here",
        "cuanto tiempo tardan en llegar",
    ],
)
def test_a_question_for_the_time_is_told(words: str) -> None:
    assert asks_when(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "when I flush it comes up",
        "call me when you can",
        "when you come bring a ladder",
        "it started when we came home",
        "what time is it",
        "when can I get a copy of the receipt",
        "what time can i come pick up the key",
        "when will my heat come back",
        "how long does it take to dry",
        "cuando pueden mandar la cotizacion",
        "a que hora puedo pasar por la llave",
        "cuanto tarda en secar",
        "cuando abro la llave sale agua fria",
        "llámeme cuando pueda",
    ],
)
def test_a_when_that_asks_nothing_is_none(words: str) -> None:
    assert not asks_when(words)


def test_it_is_said_once_and_a_price_goes_first() -> None:
    first = ask(Lead(), Fact.PLACE, "when can you come?")
    again = ask(first[0], Fact.NAME, "so when can you come?")
    price = ask(Lead(intent="price_question"), Fact.NAME, "how much, and when can you come?")
    said = [say.template for _, say in (first, again, price) if say is not None]
    assert said == ["when_ask_place", "ask_name", "price_ask_name"]


@pytest.mark.parametrize(
    ("lead", "words"), [(Lead(), "when can you come?"), (Lead(intent="price_question"), "how much?")]
)
def test_what_a_question_told_that_was_taken_back_is_told_by_the_next_one(lead: Lead, words: str) -> None:
    asked, say = ask(lead, Fact.PLACE, words)
    assert say is not None
    assert ask(unsaid(asked, say.template), Fact.PLACE, words)[1] == say
