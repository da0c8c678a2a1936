"""Lines a modem says unasked, in the spellings of real modems."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.modem import urc
from drivers.modem.lines import MAX_LINE, LineSplitter, Prompt
from drivers.modem.urc import CallerId, CallWaiting, Dialect, GotReady, ListedCall, MissedCall, Noise, Stored, parse

PLAIN = Dialect()


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ('+CLIP: "+12165550137",145,"",,"",0', "+12165550137"),
        ('+CLIP: "12165550137",145,,,,0', "+12165550137"),
        ('+CLIP: "2165550137",129,,,,0', "2165550137"),
        ("+CLIP:2165550137,129,,,,0", "2165550137"),
        ('+CLIP: "2165550137",161,"",0,"",0', "2165550137"),
        ('+CLIP: "2165550137",128', "2165550137"),
        ('+CLIP: "911",129', "911"),
        ('+CLIP: "",128,"",0,"",1', None),
        ('+CLIP: "",128,,,,2', None),
        ('+CLIP: "",128,"",,"",3', None),
        ('+CLIP: "2165550137",129,"",,"",1', None),
        ('+CLIP: "2165550137",129,"",,"",4', None),
        ("+CLIP: ", None),
        ('+CLIP: "unavailable",128', None),
    ],
)
def test_a_caller_id_is_read_in_every_spelling(line: str, number: str | None) -> None:
    assert parse(line, None, PLAIN) == CallerId(number)


def test_the_callers_name_is_kept_with_its_commas() -> None:
    assert parse('+CLIP: "2165550137",129,"",,"Miller, Ann",0', None, PLAIN) == CallerId("2165550137", "Miller, Ann")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('+CMTI: "SM",0', Stored("SM", 0)),
        ('+CMTI:"ME", 17', Stored("ME", 17)),
        ('+CDSI: "SR",4', Stored("SR", 4)),
        ("+CMTI: ", Noise("+CMTI: ")),
        ("MISSED_CALL: 11:01AM 2165550137", MissedCall("2165550137")),
        ("MISSED_CALL: 11:01AM", MissedCall(None)),
        ('+CCWA: "2165550137",129,1', CallWaiting("2165550137")),
        ("+QIND: SMS DONE", GotReady("+QIND: SMS DONE")),
        ('+CUSD: 0,"SPRING OFFER",15', Noise('+CUSD: 0,"SPRING OFFER",15')),
    ],
)
def test_a_notice_is_read_by_its_own_beginning(line: str, value: urc.Urc) -> None:
    assert parse(line, None, PLAIN) == value


@pytest.mark.parametrize(
    "line", ["NO CARRIER", "BUSY", "^CEND:1,0,104,16", "VOICE CALL: END: 000041", "HANGUP: 1", "NO ANSWER"]
)
def test_every_way_to_say_that_a_call_is_over_is_understood(line: str) -> None:
    assert isinstance(parse(line, None, PLAIN), urc.CallOver)


def test_only_incoming_calls_that_ring_or_wait_are_listed() -> None:
    lines = (
        '+CLCC: 1,1,4,0,0,"12165550137",145',
        '+CLCC: 2,1,5,0,0,"2165550138",129,""',
        '+CLCC: 3,0,0,0,0,"2165550139",129',
        '+CLCC: 4,1,0,0,0,"2165550140",129',
    )
    assert urc.ringing_calls(lines) == (ListedCall("+12165550137", False), ListedCall("2165550138", True))


@given(st.text(max_size=60))
def test_no_line_whatsoever_stops_the_parser(text: str) -> None:
    for name in ("", "+CLIP:", "+CMTI:", "+CCWA:", "MISSED_CALL:", "+CREG:", "+CPIN:"):
        line = name + text
        parse(line, None, PLAIN)
        urc.is_unsolicited(line, PLAIN)
        urc.ringing_calls((f"+CLCC: {text}",))


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=10))
def test_lines_do_not_depend_on_where_the_bytes_were_cut(data: bytes, cuts: list[int]) -> None:
    whole, pieces = LineSplitter(), LineSplitter()
    edges = [0, *sorted(cuts), len(data)]
    found = [token for a, b in itertools.pairwise(edges) for token in pieces.feed(data[a:b])]
    assert found == whole.feed(data)


def test_a_prompt_is_seen_without_its_space_and_with_a_line_behind_it() -> None:
    assert LineSplitter().feed(b'\r\n>+CMTI: "SM",1\r\n') == [Prompt(), '+CMTI: "SM",1']
    assert LineSplitter().feed(b"\r\n>\r\n") == [Prompt()]
    assert LineSplitter().feed(b"\r\n> ") == [Prompt()]


def test_a_line_without_end_is_thrown_away_and_counted() -> None:
    splitter = LineSplitter()
    assert splitter.feed(b"\xfe" * (3 * MAX_LINE) + b"\r\nOK\r\r\n") == ["OK"]
    assert splitter.discarded == 3 * MAX_LINE
