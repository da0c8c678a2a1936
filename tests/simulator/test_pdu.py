"""The simulator's own SMS codec against python-gsmmodem's, and against octets written down by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from gsmmodem.pdu import decodeSmsPdu, encodeSmsSubmitPdu
from hypothesis import given
from hypothesis import strategies as st

from drivers.simulator import pdu

AT = datetime(2026, 11, 21, 9, 30, 15, tzinfo=timezone(timedelta(hours=-5)))
BASIC = st.text(
    alphabet=[char for char in pdu.BASIC if char not in "\x1b§`@"] + list("€[]{}~^|\\"), min_size=1, max_size=400
)
BMP = st.text(alphabet=st.characters(max_codepoint=0xD7FF, exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200)


@given(BASIC)
def test_what_python_gsmmodem_encodes_in_gsm7_is_read_back_letter_by_letter(body: str) -> None:
    segments = encodeSmsSubmitPdu("+12165550137", body, reference=0, requestStatusReport=False)
    read = [pdu.decode_submit(str(segment), segment.tpduLength) for segment in segments]
    assert "".join(part.body for part in read) == body
    assert {part.to for part in read} == {"+12165550137"}
    assert not any(part.ucs2 for part in read)


@given(BMP)
def test_what_python_gsmmodem_encodes_in_ucs2_is_read_back_letter_by_letter(body: str) -> None:
    body = "Ł" + body
    segments = encodeSmsSubmitPdu("+12165550137", body, reference=0, requestStatusReport=False)
    assert "".join(pdu.decode_submit(str(segment), segment.tpduLength).body for segment in segments) == body


@given(BMP)
def test_python_gsmmodem_reads_the_ucs2_texts_of_the_simulated_network(body: str) -> None:
    for part in pdu.split("Ł" + body):
        read = decodeSmsPdu(pdu.encode_deliver("+12165550137", part, AT, ucs2=True))
        assert (read["text"], read["number"], read["time"]) == (part, "+12165550137", AT)


@given(BASIC)
def test_python_gsmmodem_reads_the_gsm7_texts_of_the_simulated_network(body: str) -> None:
    parts = pdu.split(body)
    for number, part in enumerate(parts, 1):
        concat = pdu.Concat(7, len(parts), number) if len(parts) > 1 else None
        assert decodeSmsPdu(pdu.encode_deliver("+12165550137", part, AT, concat=concat))["text"] == part


def test_a_submit_written_by_hand_is_read_field_by_field() -> None:
    read = pdu.decode_submit("0031000B912161550531F70000A705E8329BFD06", 19)
    assert (read.to, read.body, read.validity_s, read.wants_report) == ("+12165550137", "hello", 86_400, True)


@pytest.mark.parametrize(
    ("octet", "seconds"),
    [("00", 300), ("8F", 43_200), ("90", 45_000), ("A7", 86_400), ("A8", 172_800), ("C5", 3_024_000)],
)
def test_relative_validity_is_read_in_seconds(octet: str, seconds: int) -> None:
    assert pdu.decode_submit(f"0011000B912161550531F70000{octet}05E8329BFD06").validity_s == seconds


def test_a_status_report_is_read_by_python_gsmmodem() -> None:
    read = decodeSmsPdu(pdu.encode_report(200, "+12165550137", AT, AT + timedelta(seconds=3), 0x46))
    assert (read["reference"], read["number"], read["status"]) == (200, "+12165550137", 0x46)
    assert read["discharge"] == AT + timedelta(seconds=3)


def test_alphanumeric_and_national_senders_keep_their_kind() -> None:
    assert decodeSmsPdu(pdu.encode_deliver("AT&T Msg", "hi", AT))["number"] == "AT&T Msg"
    assert pdu.encode_deliver("2165550137", "hi", AT, smsc="").startswith("00040A81125655107300")


def test_a_reference_of_sixteen_bits_is_encoded_and_shortens_the_parts() -> None:
    parts = pdu.split("a" * 161, ref16=True)
    assert [len(part) for part in parts] == [152, 9]
    hex_text = pdu.encode_deliver("+12165550137", parts[0], AT, concat=pdu.Concat(0x1234, 2, 1), ref16=True)
    assert "0608041234" in hex_text
    assert pdu.tpdu_length(hex_text) == 12 + 7 + 140


def test_a_handset_may_cut_an_emoji_in_two() -> None:
    body = "a" * 66 + "\U0001f525" + "b" * 20
    whole, torn = pdu.split(body), pdu.split(body, cut_pairs=True)
    assert [len(part.encode("utf-16-be", "surrogatepass")) for part in whole] == [132, 44]
    assert [len(part.encode("utf-16-be", "surrogatepass")) for part in torn] == [134, 42]


@pytest.mark.parametrize(
    "bad",
    ["", "00", "zz", "0031000B912161550531F70000A705E8329BFD", "0031000B912161550531F70000A707E8329BFD0600", "0004"],
)
def test_a_damaged_submit_is_refused_and_never_guessed(bad: str) -> None:
    with pytest.raises(pdu.PduError):
        pdu.decode_submit(bad)


@given(st.binary(max_size=60))
def test_any_octets_are_a_submit_or_an_error(octets: bytes) -> None:
    try:
        pdu.decode_submit(octets.hex())
    except pdu.PduError:
        return


def test_the_network_clock_is_in_utc() -> None:
    assert pdu.now().tzinfo is UTC
