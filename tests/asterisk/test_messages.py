"""The parser takes whatever a socket can deliver: it never raises, loses nothing good and counts what is bad."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.asterisk.messages import MAX_BLOCK, MessageParser
from tests.asterisk.blocks import block
from tests.asterisk.recorded import recordings

BANNER = b"Asterisk Call Manager/11.0.0\r\n"


def test_the_greeting_is_told_apart_from_the_answer_glued_to_it() -> None:
    banner, answer = MessageParser().feed(BANNER + b"Response: Success\r\nActionID: 1\r\n\r\n")
    assert banner.banner == "Asterisk Call Manager/11.0.0"
    assert answer.get("ActionID") == "1"


def test_a_new_greeting_in_the_middle_of_a_block_discards_the_half_block() -> None:
    parser = MessageParser()
    banner, answer = parser.feed(b"Event: Hangup\r\nUniq" + BANNER + b"Response: Success\r\n\r\n")
    assert (banner.banner != "", answer.get("Response"), parser.discarded) == (True, "Success", 1)


def test_a_header_that_repeats_keeps_every_value() -> None:
    (message,) = MessageParser().feed(b"Event: X\r\nChanVariable: a=1\r\nChanVariable: b=2\r\nEmpty:\r\n\r\n")
    assert message.all("ChanVariable") == ("a=1", "b=2")
    assert message.headers["empty"] == ("",)


@pytest.mark.parametrize("spelled", [str.lower, str.upper, str.swapcase])
def test_the_letter_case_of_header_names_does_not_matter(spelled: Callable[[str], str]) -> None:
    (banner, message) = MessageParser(frozenset({"Hangup"})).feed(
        f"Asterisk Call Manager/5.0.3\r\n{spelled('Event')}: Hangup\r\n{spelled('CallerIDName')}: O\\'Nunez\r\n\r\n".encode()
    )
    assert banner.banner == "Asterisk Call Manager/5.0.3"
    assert (message.event, message.get("CallerIDName")) == ("Hangup", "O'Nunez")


def test_a_recording_with_bare_line_feeds_is_read_like_any_other() -> None:
    stream = BANNER + b"Response: Success\r\n\r\nEvent: Hangup\r\nUniqueid: 1.1\r\nCallerIDName: Jos\xe9\r\n\r\n"
    assert MessageParser().feed(stream.replace(b"\r\n", b"\n")) == MessageParser().feed(stream)


def test_escapes_in_names_are_undone_and_elsewhere_left_alone() -> None:
    (message,) = MessageParser().feed(
        rb"""CallerIDName: O\'Nunez \"Al\" \\ \q
AppData: a\nb""".replace(b"\n", b"\r\n")
        + b"\r\n\r\n"
    )
    assert message.get("CallerIDName") == r"""O'Nunez "Al" \ \q"""
    assert message.get("AppData") == r"a\nb"


def test_bytes_that_are_not_utf8_are_read_as_latin1_and_good_lines_keep_their_letters() -> None:
    (message,) = MessageParser().feed(b"CallerIDName: Mu\xf1oz\r\nOther: \xc3\xb1\r\n\r\n")
    assert (message.get("CallerIDName"), message.get("Other")) == ("Muñoz", "ñ")


def test_a_list_closed_the_short_way_does_not_swallow_the_next_event() -> None:
    first, second = MessageParser().feed(b"Event: CoreShowChannelMapComplete\r\n\nEvent: Hangup\r\nUniqueid: 1\r\n\r\n")
    assert (first.event, second.event) == ("CoreShowChannelMapComplete", "Hangup")


def test_a_block_without_end_is_discarded_and_the_next_one_is_read() -> None:
    parser = MessageParser()
    for _ in range(MAX_BLOCK // 65536 + 20):
        assert parser.feed(b"x" * 65536) == []
    assert parser.feed(b"\r\n\r\n") == []
    assert parser.discarded == 1
    assert [message.event for message in parser.feed(b"Event: Hangup\r\n\r\n")] == ["Hangup"]


def test_unwanted_events_and_variables_are_dropped_and_answers_never() -> None:
    parser = MessageParser(frozenset({"Hangup", "VarSet"}), frozenset({"BLACKLISTED"}))
    stream = block("Newexten", Uniqueid="1") + block("VarSet", Variable="X") + block("VarSet", Variable="BLACKLISTED")
    read = parser.feed((stream + block("Hangup", Uniqueid="1") + "Response: Success\r\n\r\n").encode())
    assert [message.event for message in read] == ["VarSet", "Hangup", ""]
    assert parser.skipped == 2


def test_half_a_block_is_forgotten_when_the_link_ends() -> None:
    parser = MessageParser()
    parser.feed(b"Event: Hangup\r\nUniqueid: 1")
    parser.close()
    assert parser.discarded == 1
    assert [message.event for message in parser.feed(b"Event: Newstate\r\n\r\n")] == ["Newstate"]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60))
def test_how_tcp_cuts_the_stream_changes_nothing(cuts: list[int]) -> None:
    stream = recordings()[0].stream[:6000] + "Event: X\r\nCallerIDName: Müñoz 😀\r\n\r\n".encode()
    whole, pieces, position = MessageParser().feed(stream), [], 0
    parser = MessageParser()
    while position < len(stream):
        for cut in cuts:
            pieces += parser.feed(stream[position : position + cut])
            position += cut
    assert pieces == whole


@given(
    st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([b"\r\n\r\n", b"\r\n\n", b"Event: ", BANNER, b": "])))
)
def test_no_bytes_make_the_parser_raise(pieces: list[bytes]) -> None:
    parser = MessageParser()
    for piece in pieces:
        parser.feed(piece)
    parser.close()
    good = parser.feed(b"Event: Hangup\r\nUniqueid: 1\r\n\r\n")
    assert [message.event for message in good] == ["Hangup"]
