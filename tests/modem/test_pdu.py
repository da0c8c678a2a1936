"""Every SMS a telephone or network can make is read as it was written, and every segment goes out as the standard says."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.modem.pdu import (
    NotForUs,
    PduError,
    decode,
    decode_deliver,
    decode_report,
    encode_submit,
    sender_of,
    validity,
)
from gateway.core.alphabet import split
from gateway.core.assembly import MISSING_PART, join_parts
from gateway.core.events import ReportReceived, SegmentReceived
from gateway.ports.devices import OutgoingSegment
from tests.modem import reference_pdu as network

AT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
CALLER = network.digits("12165550137")
GSM7 = sorted(network.CODES.keys() | network.BEHIND_ESC.keys())
gsm7 = st.text(st.sampled_from(GSM7), max_size=80)
unicode_texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30)


def text_of(septets: list[int], elements: bytes = b"", **fields: int) -> SegmentReceived:
    data = network.gsm7_user_data(septets, elements)
    return decode_deliver(network.deliver(CALLER, data, header=bool(elements), **fields), AT)


def ucs2(octets: bytes, elements: bytes = b"", dcs: int = 0x08) -> SegmentReceived:
    data = network.octet_user_data(octets, elements)
    return decode_deliver(network.deliver(CALLER, data, dcs=dcs, header=bool(elements)), AT)


# ---- out ----


def outgoing(
    body: str, *, to: str = "+12165550137", validity_s: int = 3600, report: bool = True
) -> list[OutgoingSegment]:
    return [OutgoingSegment(to, s.body, s.ucs2, s.ref, s.number, s.total, validity_s, report) for s in split(body, 200)]


@given(st.one_of(st.text(st.sampled_from(GSM7), max_size=700), st.text(st.sampled_from("añáé—😀👍🏽"), max_size=200)))
def test_the_network_reads_what_was_sent(body: str) -> None:
    segments = outgoing(body)
    read = ""
    for segment in segments:
        pdu, length = encode_submit(segment)
        sent = network.submit(pdu)
        read += sent.text
        assert (sent.to, sent.kind, sent.dcs) == ("12165550137", 0x91, 8 if segment.ucs2 else 0)
        assert (sent.octets, sent.smsc, sent.pid, sent.rejects_duplicates) == (length, "00", 0, False)
        if len(segments) > 1:
            assert sent.elements == network.concatenation(200, len(segments), segment.number)
        else:
            assert sent.elements == b""
    assert read == body


def test_a_full_segment_fills_the_140_octets() -> None:
    for body in ("x" * 160, "x" * 161, "á" * 70, "á" * 71):
        pdu, length = encode_submit(outgoing(body)[0])
        assert len(pdu) == 2 * (length + 1)
        assert length == 14 + 140


def test_a_report_is_asked_for_only_when_wanted() -> None:
    assert network.submit(encode_submit(outgoing("x")[0])[0]).wants_report
    assert not network.submit(encode_submit(outgoing("x", report=False)[0])[0]).wants_report


@pytest.mark.parametrize(("to", "kind"), [("+442079460123", 0x91), ("72727", 0x81), ("2165550137", 0x81)])
def test_only_a_number_with_a_plus_is_international(to: str, kind: int) -> None:
    sent = network.submit(encode_submit(outgoing("x", to=to)[0])[0])
    assert (sent.to, sent.kind) == (to.removeprefix("+"), kind)


def test_star_and_hash_can_be_dialled() -> None:
    assert network.submit(encode_submit(outgoing("x", to="*100#")[0])[0]).to == "A100B"


def test_a_service_centre_and_a_reference_can_be_given() -> None:
    pdu, length = encode_submit(outgoing("x")[0], smsc="+12165550199", mr=77)
    assert pdu.startswith("07912161550591F9")
    assert network.submit(pdu).mr == 77
    assert length == len(pdu) // 2 - 8


@pytest.mark.parametrize(
    ("seconds", "octet"),
    [
        (0, 0),
        (299, 0),
        (300, 0),
        (599, 0),
        (600, 1),
        (3600, 11),
        (14_400, 47),
        (43_200, 143),
        (45_000, 144),
        (86_400, 167),
        (100_000, 167),
        (172_800, 168),
        (2_592_000, 196),
        (3_023_999, 196),
        (3_024_000, 197),
        (10**9, 255),
    ],
)
def test_a_text_never_lives_longer_than_asked(seconds: int, octet: int) -> None:
    assert validity(seconds) == octet
    assert network.submit(encode_submit(outgoing("x", validity_s=seconds)[0])[0]).validity == octet


@pytest.mark.parametrize(
    ("segment", "why"),
    [
        (OutgoingSegment("(216) 555-0137", "x", False, None, 1, 1, 3600, True), "not a telephone number"),
        (OutgoingSegment("", "x", False, None, 1, 1, 3600, True), "not a telephone number"),
        (OutgoingSegment("+" + "1" * 21, "x", False, None, 1, 1, 3600, True), "not a telephone number"),
        (OutgoingSegment("+12165550137", "á", False, None, 1, 1, 3600, True), "not in the GSM 7-bit alphabet"),
        (OutgoingSegment("+12165550137", "\ud83d", True, None, 1, 1, 3600, True), "half of a surrogate pair"),
        (OutgoingSegment("+12165550137", "x" * 161, False, None, 1, 1, 3600, True), "141 octets"),
        (OutgoingSegment("+12165550137", "😀" * 36, True, None, 1, 1, 3600, True), "144 octets"),
        (OutgoingSegment("+12165550137", "x", False, None, 1, 2, 3600, True), "cannot be told"),
        (OutgoingSegment("+12165550137", "x", False, 256, 1, 2, 3600, True), "cannot be told"),
        (OutgoingSegment("+12165550137", "x", False, 1, 3, 2, 3600, True), "cannot be told"),
    ],
)
def test_a_segment_that_cannot_be_sent_is_refused_with_a_sentence(segment: OutgoingSegment, why: str) -> None:
    with pytest.raises(PduError, match=why):
        encode_submit(segment)


# ---- in: the alphabets ----


@given(gsm7, st.sampled_from(["", "8", "16"]))
def test_a_gsm7_text_is_read_whatever_header_it_has(body: str, header: str) -> None:
    elements = network.concatenation(777 if header == "16" else 77, 3, 2, header == "16") if header else b""
    read = text_of(network.septets_of(body), elements)
    assert (read.body, read.kind, read.sender, read.at) == (body, "text", "+12165550137", AT)
    assert (read.ref, read.total, read.number) == ((777 if header == "16" else 77, 3, 2) if header else (None,) * 3)


@pytest.mark.parametrize("length", range(1, 18))
def test_a_final_at_sign_is_kept_at_every_length(length: int) -> None:
    body = "x" * (length - 1) + "@"
    assert text_of(network.septets_of(body)).body == body
    assert text_of(network.septets_of(body), network.concatenation(1, 2, 1)).body == body


@given(unicode_texts)
def test_a_ucs2_text_is_read_with_its_emoji(body: str) -> None:
    assert ucs2(body.encode("utf-16-be")).body == body


@given(st.binary(max_size=140))
def test_no_ucs2_octets_can_put_half_an_emoji_into_a_text(octets: bytes) -> None:
    ucs2(octets).body.encode("utf-8")


def test_half_an_emoji_in_a_single_text_is_the_replacement_character() -> None:
    assert ucs2(b"\x00A\xd8\x3d").body == "A\ufffd"
    assert ucs2(b"\xde\x00\x00A\x00").body == "\ufffdA\ufffd"


def test_section_sign_and_not_a_backtick_is_read() -> None:
    assert text_of([0x5F]).body == "§"


@pytest.mark.parametrize(
    ("septets", "body"),
    [([0x1B, 0x61], "a"), ([0x41, 0x1B, 0x1B, 0x42], "A B"), ([0x41, 0x1B], "A"), ([0x1B], ""), ([0x1B, 0x0A], "\f")],
)
def test_an_escape_that_nobody_knows_loses_no_character(septets: list[int], body: str) -> None:
    assert text_of(septets).body == body


@given(st.text(st.sampled_from("aÁÍÓÚáíóúç€ñ¿"), max_size=60))
def test_spanish_accents_come_by_the_spanish_table(body: str) -> None:
    assert text_of(network.septets_of(body, behind=network.SPANISH_BEHIND_ESC), b"\x24\x01\x02").body == body


@given(st.text(st.sampled_from(sorted(network.PORTUGUESE_BEHIND_ESC)), max_size=60))
def test_portuguese_letters_come_by_the_portuguese_table(body: str) -> None:
    septets = [code for c in body for code in (0x1B, network.PORTUGUESE_BEHIND_ESC[c])]
    assert text_of(septets, b"\x24\x01\x03").body == body


@given(st.text(st.sampled_from(sorted(network.TURKISH_CODES.keys() | network.TURKISH_BEHIND_ESC.keys())), max_size=60))
def test_turkish_letters_come_by_both_turkish_tables(body: str) -> None:
    septets = network.septets_of(body, network.TURKISH_CODES, network.TURKISH_BEHIND_ESC)
    assert text_of(septets, b"\x24\x01\x01\x25\x01\x01").body == body


def test_the_portuguese_locking_table_replaces_the_alphabet() -> None:
    body = text_of([*range(0x1B), *range(0x1C, 0x80)], b"\x25\x01\x03").body
    assert body.startswith('@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|ÂâÊÉ !"#º%')
    assert body.endswith("?ÍABCDEFGHIJKLMNOPQRSTUVWXYZÃÕÚÜ§~abcdefghijklmnopqrstuvwxyzãõ`üà")


def test_a_language_nobody_knows_falls_back_to_the_default_alphabet() -> None:
    assert text_of(network.septets_of("Hi [€]"), b"\x24\x01\x2a\x25\x01\x2a").body == "Hi [€]"


# ---- in: data coding ----


@pytest.mark.parametrize("dcs", [0x00, 0x10, 0x11, 0x40, 0x0C, 0x80, 0xB0, 0xF0, 0xF3])
def test_every_coding_that_means_the_default_alphabet_is_a_text(dcs: int) -> None:
    read = text_of(network.septets_of("Hello @"), dcs=dcs)
    assert (read.kind, read.body) == ("text", "Hello @")


@pytest.mark.parametrize("dcs", [0x08, 0x18, 0x19, 0x48])
def test_every_coding_that_means_ucs2_is_a_text(dcs: int) -> None:
    read = ucs2("mañana 😀".encode("utf-16-be"), dcs=dcs)
    assert (read.kind, read.body) == ("text", "mañana 😀")


@pytest.mark.parametrize("dcs", [0xC0, 0xC8, 0xD0, 0xD8])
def test_a_voicemail_indication_is_not_a_customers_text(dcs: int) -> None:
    read = text_of(network.septets_of("2 new"), dcs=dcs)
    assert (read.kind, read.body) == ("voicemail_notice", "2 new")


def test_a_voicemail_indication_in_ucs2_is_read() -> None:
    read = ucs2("buzón".encode("utf-16-be"), dcs=0xE8)
    assert (read.kind, read.body) == ("voicemail_notice", "buzón")


@pytest.mark.parametrize("element", [b"\x01\x02\x80\x02", b"\x23\x03\x00\x00\x02"])
def test_a_voicemail_indication_may_be_in_the_header(element: bytes) -> None:
    assert text_of(network.septets_of("2 new"), element).kind == "voicemail_notice"


@pytest.mark.parametrize("dcs", [0x04, 0x14, 0xF4, 0xF6])
def test_data_is_binary_and_kept_whole(dcs: int) -> None:
    read = ucs2(b"\x02zone 4\x00\xff", dcs=dcs)
    assert (read.kind, read.raw, read.body) == ("binary", b"\x02zone 4\x00\xff".hex(), "zone 4ÿ")


def test_a_text_to_an_application_is_binary() -> None:
    read = text_of(network.septets_of("//VVM"), b"\x05\x04\x15\x7b\x00\x00")
    assert (read.kind, read.body) == ("binary", "//VVM")


def test_a_silent_probe_of_the_network_is_not_a_text() -> None:
    assert text_of([], pid=0x40).kind == "binary"


def test_a_compressed_text_is_kept_although_it_cannot_be_read() -> None:
    read = ucs2(b"\x12\x34", dcs=0x20)
    assert (read.kind, read.body, read.raw) == ("undecodable", "", "1234")


# ---- in: pictures ----

NOTICE = (
    b"\x01\x06\x22application/vnd.wap.mms-message\x00\xaf\x84"
    b"\x8c\x82\x98T1234\x00\x8d\x92\x89\x19\x80+12165550142/TYPE=PLMN\x00\x8a\x80\x83http://mms.example/1\x00"
)
SHORT_NOTICE = b"\x01\x06\x03\xbe\xaf\x84\x8c\x82\x98T1\x00\x8d\x90\x89\x1b\x80\x18\xea+12165550142/TYPE=PLMN\x00"
PUSH_PORT = b"\x05\x04\x0b\x84\x23\xf0"


@pytest.mark.parametrize("notice", [NOTICE, SHORT_NOTICE])
def test_a_picture_is_announced_by_the_one_who_sent_it(notice: bytes) -> None:
    read = ucs2(notice, PUSH_PORT, dcs=0x04)
    assert (read.kind, read.sender, read.body, read.total) == ("mms_notice", "+12165550142", "", None)


def test_a_picture_whose_sender_hides_is_announced_by_the_service() -> None:
    read = ucs2(
        SHORT_NOTICE.replace(b"\x89\x1b\x80\x18\xea+12165550142/TYPE=PLMN\x00", b"\x89\x01\x81"), PUSH_PORT, 0xF5
    )
    assert (read.kind, read.sender) == ("mms_notice", "+12165550137")


def test_a_picture_announced_in_two_parts_is_announced_once() -> None:
    first = ucs2(NOTICE[:100], PUSH_PORT + network.concatenation(5, 2, 1), dcs=0x04)
    second = ucs2(NOTICE[100:], PUSH_PORT + network.concatenation(5, 2, 2), dcs=0x04)
    assert (first.kind, first.sender, second.kind) == ("mms_notice", "+12165550142", "binary")


def test_another_push_is_not_a_picture() -> None:
    assert ucs2(b"\x01\x06\x01\xaehello", PUSH_PORT, dcs=0x04).kind == "binary"


# ---- in: who and when ----


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        (network.digits("12165550137", 0x91), "+12165550137"),
        (network.digits("2165550137", 0xA1), "2165550137"),
        (network.digits("72727", 0x81), "72727"),
        (network.digits("72727", 0xC9), "72727"),
        (network.digits("AB1", 0x81), "*#1"),
        (b"\x00\x91", ""),
    ]
    + [
        (network.letters(name), name)
        for name in ("A", "VERIZON", "T-Mobile", "Millers", "ABCDEFGHIJK", "Ü€", "24 Hours")
    ]
    # A name of digits is nobody's telephone.
    + [(network.letters(name), f"{name} (name)") for name in ("2165550190", "12165550190", "216-5550190", "5550190")],
)
def test_the_sender_is_read_in_every_form(address: bytes, sender: str) -> None:
    assert decode_deliver(network.deliver(address, network.gsm7_user_data([])), AT).sender == sender


@pytest.mark.parametrize(
    ("stamp", "when"),
    [
        ("62111241038069", datetime(2026, 11, 21, 18, 30, 8, tzinfo=UTC)),
        ("6211124103800A", datetime(2026, 11, 21, 19, 30, 8, tzinfo=UTC)),
        ("62111241038002", datetime(2026, 11, 21, 9, 30, 8, tzinfo=UTC)),
        ("62111241038000", datetime(2026, 11, 21, 14, 30, 8, tzinfo=UTC)),
        ("00000000000000", None),
        ("FFFFFFFFFFFFFF", None),
        ("62311241038000", None),  # month 13
        ("621112410380F0", None),
    ],
)
def test_a_time_stamp_is_utc_or_nothing(stamp: str, when: datetime | None) -> None:
    pdu = network.deliver(CALLER, network.gsm7_user_data([]), stamp=bytes.fromhex(stamp))
    assert decode_deliver(pdu, AT).scts == when


def test_the_same_octets_are_the_same_segment_and_any_other_are_not() -> None:
    hello, bye = network.septets_of("hello"), network.septets_of("bye")
    one, stamp = network.concatenation(9, 2, 1), bytes.fromhex("62111241039000")
    pdus = [
        network.deliver(CALLER, network.gsm7_user_data(hello)),
        network.deliver(CALLER, network.gsm7_user_data(bye)),
        network.deliver(CALLER, network.gsm7_user_data(hello), stamp=stamp),
        network.deliver(network.digits("12165550138"), network.gsm7_user_data(hello)),
        network.deliver(CALLER, network.gsm7_user_data(hello, one), header=True),
        network.deliver(CALLER, network.gsm7_user_data(hello, network.concatenation(10, 2, 1)), header=True),
    ]
    identities = [decode_deliver(pdu, AT).identity for pdu in pdus]
    assert len(set(identities)) == len(pdus)
    assert [decode_deliver(pdu.lower(), datetime(2027, 1, 1, tzinfo=UTC)).identity for pdu in pdus] == identities


# ---- in: reports, copies and rubbish ----


def test_a_delivery_report_says_what_became_of_which_text() -> None:
    read = decode(network.report(77, CALLER, bytes.fromhex("6211124103800A"), 0x46), AT)
    assert isinstance(read, ReportReceived)
    assert (read.ref, read.to, read.status, read.at) == (77, "+12165550137", 0x46, AT)
    assert read.discharged == datetime(2026, 11, 21, 19, 30, 8, tzinfo=UTC)
    assert decode_report(network.report(77, CALLER, bytes(7), 0), AT).discharged is None


def test_the_reports_of_two_texts_are_two_reports() -> None:
    stamp = bytes.fromhex("6211124103800A")
    pdus = [
        network.report(77, CALLER, stamp, 0),
        network.report(78, CALLER, stamp, 0),
        network.report(77, CALLER, stamp, 48),
    ]
    assert len({decode_report(pdu, AT).identity for pdu in pdus}) == 3


def test_a_text_and_a_report_are_told_apart() -> None:
    pdu = network.deliver(CALLER, network.gsm7_user_data(network.septets_of("hi")))
    assert isinstance(decode(pdu, AT), SegmentReceived)
    reserved = network.deliver(CALLER, network.gsm7_user_data(network.septets_of("hi")), mti=3)
    read = decode(reserved, AT)
    assert isinstance(read, SegmentReceived)
    assert read.body == "hi"


def test_a_copy_of_a_sent_text_is_not_for_us() -> None:
    with pytest.raises(NotForUs, match="copy of a text that was sent"):
        decode(encode_submit(outgoing("x")[0])[0], AT)


@pytest.mark.parametrize("cut", range(2, 80, 2))
def test_a_pdu_that_is_cut_short_is_an_error_and_not_a_shorter_text(cut: int) -> None:
    whole = network.deliver(CALLER, network.gsm7_user_data(network.septets_of("x" * 40)))
    with pytest.raises(PduError, match="cut short"):
        decode(whole[:-cut], AT)
    report = network.report(77, CALLER, bytes(7), 0)
    if cut < len(report):
        with pytest.raises(PduError, match="cut short"):
            decode_report(report[:-cut], AT)


@pytest.mark.parametrize("pdu", ["", "0", "zz", "00", "OK", "+CMT: 24", "😀", "07912161", "FF"])
def test_what_is_no_pdu_is_refused_with_a_sentence(pdu: str) -> None:
    with pytest.raises(PduError, match="PDU"):
        decode(pdu, AT)


@pytest.mark.parametrize("data", [b"\x05\x00\x03", b"\xff", b""])
def test_a_header_longer_than_its_text_is_refused(data: bytes) -> None:
    with pytest.raises(PduError, match="header is longer"):
        decode(network.deliver(CALLER, (len(data), data), dcs=0x08, header=True), AT)


@pytest.mark.parametrize(
    "element", [b"\x00\x03\x01\x00\x01", b"\x00\x03\x01\x02\x03", b"\x00\x02\x01\x02", b"\x00\x09\x01"]
)
def test_a_concatenation_that_makes_no_sense_is_passed_over(element: bytes) -> None:
    read = text_of(network.septets_of("hello"), element)
    assert (read.body, read.ref, read.total, read.number) == ("hello", None, None, None)


@given(st.binary(max_size=180))
def test_no_octets_raise_anything_but_a_pdu_error(octets: bytes) -> None:
    try:
        read = decode(octets.hex(), AT)
    except PduError:
        return
    if isinstance(read, SegmentReceived):
        (read.body + read.sender).encode("utf-8")


@given(st.sampled_from([0x00, 0x01, 0x04, 0x08, 0x24, 0xC8, 0xE0, 0xF5]), st.booleans(), st.binary(max_size=140))
def test_no_user_data_raises_anything_but_a_pdu_error(dcs: int, header: bool, octets: bytes) -> None:
    try:
        read = decode_deliver(network.deliver(CALLER, (len(octets), octets), dcs=dcs, header=header), AT)
    except PduError:
        return
    join_parts([read]).encode("utf-8")


@given(st.text(max_size=60))
def test_no_line_raises_anything_but_a_pdu_error(line: str) -> None:
    with pytest.raises(PduError):
        decode("Z" + line, AT)


# ---- longer texts ----


def parts_of(body: str, room: int, wide: bool) -> list[SegmentReceived]:
    """The text cut every `room` UTF-16 units, as some telephones do, emoji or not."""
    octets = body.encode("utf-16-be")
    cuts = [octets[i : i + 2 * room] for i in range(0, len(octets), 2 * room)]
    return [ucs2(cut, network.concatenation(3, len(cuts), n, wide)) for n, cut in enumerate(cuts, 1)]


@given(st.text(st.sampled_from("aé😀👍🏽"), min_size=1, max_size=60), st.integers(3, 60), st.booleans(), st.randoms())
def test_a_text_cut_through_its_emoji_is_whole_again_in_any_order(
    body: str, room: int, wide: bool, random: object
) -> None:
    parts = parts_of(body, room, wide)
    random.shuffle(parts)  # type: ignore[attr-defined]
    assert join_parts(parts + parts[:1]) == body
    assert all(c < "\ud800" or c > "\udfff" for part in parts for c in part.body)


@given(st.text(st.sampled_from("ab€[]{}@"), min_size=2, max_size=120), st.integers(2, 40))
def test_a_text_cut_through_an_escape_is_whole_again(body: str, room: int) -> None:
    septets = network.septets_of(body)
    cuts = [septets[i : i + room] for i in range(0, len(septets), room)]
    parts = [text_of(cut, network.concatenation(3, len(cuts), n)) for n, cut in enumerate(cuts, 1)]
    assert join_parts(parts) == body


def test_a_part_that_never_came_leaves_a_mark() -> None:
    parts = parts_of("one two three four", 6, False)
    assert join_parts([parts[0], parts[2]]) == f"one tw{MISSING_PART}e four"
    assert join_parts(parts[1:]) == f"{MISSING_PART}o three four"
    assert join_parts(parts[:1]) == f"one tw{MISSING_PART}"


def test_a_single_text_is_its_own_whole() -> None:
    assert join_parts([text_of(network.septets_of(" hi "))]) == " hi "
    assert join_parts([]) == ""


def test_the_library_is_imported_without_a_warning() -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", "import drivers.modem.pdu"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_who_sent_a_text_that_cannot_be_read_to_its_end_is_still_known() -> None:
    whole = network.deliver(CALLER, network.gsm7_user_data(network.septets_of("My furnace is out")))
    assert sender_of(whole[:-10]) == "+12165550137"
    assert sender_of(whole[:24]) == ""
    assert sender_of("zz") == ""
