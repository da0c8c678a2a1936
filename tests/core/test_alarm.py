"""What our people read of an emergency: one segment, and every word of it is of use on a lock screen."""

from __future__ import annotations

import pytest

from gateway.core.alphabet import segment_count
from gateway.core.conversation.alarm import alarm_text, exhausted_text, taken_text
from gateway.core.conversation.lead import Facts, Lead

PEER = "+12165550137"
KEN = Lead(facts=Facts(name="Ken", street_address="15210 Detroit Ave", city="Lakewood"))


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        ("water everywhere", "water everywhere. Reply 14 if you have it."),
        ("water everywhere!!", "water everywhere!! Reply 14 if you have it."),
        ("   ", "(216) 555-0137: Reply 14 if you have it."),
        ("\U0001f525" * 3, "Reply 14 if you have it."),
        ("se inunda el baño " * 30, "... Reply 14 if you have it."),
    ],
)
def test_the_callers_words_end_before_ours_begin(words: str, ends: str) -> None:
    for told in (alarm_text(Lead(), PEER, words, code=14), exhausted_text(14, PEER, words)):
        assert told.endswith(ends)
        assert segment_count(told) == 1


def test_what_the_caller_adds_is_not_told_twice() -> None:
    told = alarm_text(KEN, PEER, "15210 Detroit Ave Lakewood, Ken here", code=14, more=True)
    assert told == "MORE 14: (216) 555-0137: 15210 Detroit Ave Lakewood, Ken here"
    long = "we have shut everything off and the water is still running down the wall, " * 2 + "15210 Detroit Ave, Ken"
    assert "15210 Detroit Ave" in alarm_text(KEN, PEER, long, code=14, more=True)  # the end of long words is cut
    told = alarm_text(KEN, PEER, "it is the weekend, please", code=14, more=True)
    assert told == "MORE 14: (216) 555-0137 Ken, 15210 Detroit Ave, Lakewood: it is the weekend, please"


def test_who_was_told_learns_that_he_may_sleep_on() -> None:
    assert taken_text(14, "Pat", PEER) == "14: Pat has it. Nothing for you to do. Customer (216) 555-0137."
