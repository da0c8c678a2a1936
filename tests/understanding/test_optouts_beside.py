"""A plain wish for no more texts counts beside words that are none, and what only sounds like one does not."""

from __future__ import annotations

import pytest

from gateway.reading import load_reader
from gateway.settings.trades import load_trades

READER = load_reader(load_trades())


@pytest.mark.parametrize(
    "text",
    [
        "text me not again",
        "leave me a voicemail from now on, no texts",
        "dont text me during work or any other time",
        "never got your text and stop texting me",
        "never got a text and dont want one, take me off",
        "only text me never",
        "no more texts after today",
        "no more texts until i die",
        "I told you stop",
        "I said stop yesterday and you texted again",
        "you said reply stop. stop",
        "it says reply stop so stop",
        "texts are fine for others but not me, stop",
        "messages are good for nothing, stop sending them",
        "text me back again and i sue",
        "just text me off your list",
        "i prefer texts from my wife only. stop texting",
        "i dont prefer texts",
        "no texts btw",
        "stop off with these texts",
        "take me off your estimate list and dont text",
        "stop service texts",
        "stop payment reminders by text",
        "unsubscribe me from the warranty texts",
        "dont text my husband, dont text me either",
        "stop sending me bills by text and stop texting",
        "she doesnt text and neither do i, stop",
        "este numero no recibe mensajes, quitenme",
        "no recibi nada y ya no me escriban",
        "no me llego nada y ya no manden mensajes",
        "no me manden mas a este numero",
        "borra mi cuenta y no me escribas",
        "mensaje por favor no",
        "escribanme nunca",
        "please dont ever text me back",
        "I want no texts, remove the appointment and my number",
        "cancel my appointment and take me off your list",
        "lose my number if you have any decency",
        "please keep me on your list of people not to text",
        "i would like the texts to stop",
    ],
)
def test_a_plain_opt_out_is_heard_beside_words_that_are_none(text: str) -> None:
    assert READER.read(text, "general").opt_out


@pytest.mark.parametrize(
    "text",
    [
        "my tenant doesnt text, call her",
        "please remove me from tomorrow's schedule",
        "leave us be till friday then come",
        "forget my last message, it's the 14th",
        "no more drips, thanks",
        "not getting your texts, try my email",
        "dont contact my landlord, contact me",
        "stop charging my card",
        "unsubscribe me from autopay",
        "i dont want to hear any noise from the unit",
        "nobody has texted me",
        "why did you stop texting me about the job",
        "stop valve is stuck",
        "I write before no more text. Mistake! Text again please",
        "I told you all to stop texting us, that was for the furnace folks! Please keep us on your list!",
        "text me, not my wife",
        "no me escriban antes de las 8",
        "dejen de mandar al muchacho nuevo",
        "i dont text much but yes come monday",
        "no texts between 10 and 6 please",
        "i told them STOP like 5 times and they kept painting",
    ],
)
def test_what_only_sounds_like_an_opt_out_is_none(text: str) -> None:
    assert not READER.read(text, "general").opt_out
