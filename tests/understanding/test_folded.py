"""A folded text has small letters without accents, each at the place of the one that was sent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.core.understanding.folded import fold


def test_accents_capitals_and_curly_marks_go_and_every_letter_stays_at_its_place() -> None:
    folded = fold("¿Qué pasó?\tDon\u2019t \u2014 ÑANDÚ `x`")
    assert folded.plain == "¿que paso? don't - nandu 'x'"
    assert len(folded.plain) == len(folded.sent)


@given(st.text(st.characters(max_codepoint=127)))
def test_a_text_of_plain_letters_is_folded_like_one_with_an_accent_behind_it(text: str) -> None:
    assert fold(text).plain == fold(f"{text}é").plain[:-1]


@given(st.text())
def test_whatever_is_sent_one_character_stays_one(text: str) -> None:
    folded = fold(text)
    assert len(folded.plain) == len(folded.sent)
