"""A caller ID in any spelling is one number, or a reason why it is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.numbers import Number, NumberKind, is_foreign, masked, read_number, spoken

US = frozenset({"US"})


def read(raw: str | None) -> Number:
    return read_number(raw, "US", "216")


@pytest.mark.parametrize(
    "raw",
    [
        "+12165550137",
        "12165550137",
        "2165550137",
        "5550137",
        "555-0137",
        "(216) 555-0137",
        "216.555.0137",
        "1-216-555-0137",
        "+1 (216) 555‑0137",
        "+1/216/555 0137",
        "\u202a+1\u00a0216\u00a0555\u00a00137\u202c",
        "＋１２１６５５５０１３７",
        "0012165550137",
        "01112165550137",
        '"Miller, Bob" <2165550137>',
        '"Miller <Bob>" <+12165550137>',
        "Bob <(216) 555-0137>",
        '"Bob" 2165550137',
        '"2165550137"',
        '"Unknown" <2165550137>',
        '"Unavailable" <12165550137>',
        "<2165550137>",
        "sip:2165550137@10.0.0.1",
        "sip:+12165550137@trunk.example.com:5060;transport=udp",
        "sips:%2B12165550137;npdi=yes@trunk.example.com",
        '"Bob" <sip:+12165550137;cpc=ordinary@10.0.0.1>;tag=as5c7',
        "sip:2165550137:secret@10.0.0.1",
        "SIP:12165550137",
        "tel:+1-216-555-0137",
        "tel:2165550137;phone-context=+1",
        "tel:5550137;phone-context=example.com",
        "2165550137@10.0.0.1",
        " 2165550137\r\n",
    ],
)
def test_every_spelling_of_a_number_is_the_same_number(raw: str) -> None:
    number = read(raw)
    assert (number.e164, number.kind, number.region) == ("+12165550137", NumberKind.TEXTABLE, "US")


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "  ",
        "anonymous",
        "Anonymous",
        "ANONYMOUS",
        "private",
        "Private Number",
        "unavailable",
        "Restricted",
        "unknown",
        "<unknown>",
        "<Unknown>",
        "withheld",
        "blocked",
        "Out Of Area",
        "No Caller ID",
        "Not Available",
        "0",
        "0000",
        "0000000",
        "0000000000",
        "+0",
        "00000000000000",
        "-",
        "--",
        "<>",
        '""',
        "P",
        "O",
        "n/a",
        "none",
        '"Anonymous" <anonymous>',
        '"Anonymous" <sip:anonymous@anonymous.invalid>',
        "sip:anonymous@anonymous.invalid",
        '"Anonymous" <>',
        "sip:2165550137@anonymous.invalid",
        '"Anonymous" <2165550137>',
        '"Bob" <unknown>',
        "Caller ID Blocked",
        "unknown caller",
        "número oculto",
        "Privado",
        "sip:@10.0.0.1",
        "asterisk",
        "anonymous@host",
    ],
)
def test_a_withheld_number_is_withheld_whatever_word_the_trunk_uses(raw: str | None) -> None:
    number = read(raw)
    assert (number.e164, number.kind) == (None, NumberKind.WITHHELD)


@pytest.mark.parametrize(
    "raw",
    [
        "1",
        "12",
        "911",
        "411",
        "102",
        "1234",
        "21655501371",
        "216555013",
        "121655501371",
        "+1216555013",
        "0165550137",
        "1165550137",
        "+10165550137",
        "2160550137",
        "2161550137",
        "2169110137",
        "9115550137",
        "1550137",
        "2995550137",
        "3705550137",
        "9605550137",
        "0550137",
        "+121655501370",
        "2165550137123",
        "1" * 16,
        "+" + "4" * 20,
        "MILLER",
        "1800FLOWERS",
        "216555O137",
        "abc",
        "*67",
        "#31#",
        "++12165550137",
        "12165550137+",
        "+",
        "٢١٦٥٥٥٠١٣٧",
        "sip:bob@10.0.0.1",
        "+999123456789",
        "+2165550137",
        "x" * 10000,
        "1" * 10000,
        "😀",
        "�",
    ],
)
def test_a_number_that_cannot_exist_is_invalid(raw: str) -> None:
    number = read(raw)
    assert (number.e164, number.kind) == (None, NumberKind.INVALID)


@pytest.mark.parametrize("raw", ["22395", "72727", "888222", '"Alerts" <72727>', "sip:72727@10.0.0.1"])
def test_five_and_six_digits_are_a_short_code(raw: str) -> None:
    number = read(raw)
    assert (number.e164, number.kind) == (None, NumberKind.SHORT_CODE)
    assert number.digits in raw


@pytest.mark.parametrize("raw", ["102", "sip:102@pbx", '"Front desk" <102>', "1-0-2"])
def test_an_extension_can_be_told_by_its_digits(raw: str) -> None:
    assert read(raw).digits == "102"


@pytest.mark.parametrize("raw", ["9005550137", "+19005550137", "2169760137", "9760137"])
def test_numbers_that_cost_the_caller_money_are_premium(raw: str) -> None:
    assert read(raw).kind is NumberKind.PREMIUM


@pytest.mark.parametrize("area", ["800", "833", "844", "855", "866", "877", "888", "822", "880", "889"])
def test_toll_free_numbers_are_told_by_their_area_code(area: str) -> None:
    assert read(f"{area}5550137").kind is NumberKind.TOLL_FREE


@pytest.mark.parametrize(
    ("area", "region"), [("787", "PR"), ("939", "PR"), ("340", "VI"), ("671", "GU"), ("670", "MP")]
)
def test_the_territories_are_the_united_states(area: str, region: str) -> None:
    number = read(f"{area}5550137")
    assert (number.kind, number.region) == (NumberKind.TEXTABLE, region)
    assert not is_foreign(number, US)


@pytest.mark.parametrize(
    ("area", "region"),
    [
        ("416", "CA"),
        ("273", "CA"),
        ("604", "CA"),
        ("942", "CA"),
        ("876", "JM"),
        ("658", "JM"),
        ("809", "DO"),
        ("829", "DO"),
        ("849", "DO"),
        ("242", "BS"),
        ("246", "BB"),
        ("284", "VG"),
        ("473", "GD"),
        ("649", "TC"),
        ("868", "TT"),
    ],
)
def test_canada_and_the_caribbean_are_foreign_although_they_look_like_home(area: str, region: str) -> None:
    number = read(f"1{area}5550137")
    assert (number.e164, number.kind, number.region) == (f"+1{area}5550137", NumberKind.INTERNATIONAL, region)
    assert is_foreign(number, US)
    assert not is_foreign(number, frozenset({"US", region}))


@pytest.mark.parametrize(
    "raw",
    [
        "+442079460123",
        "011442079460123",
        "00442079460123",
        "442079460123",
        "tel:2079460123;phone-context=+44",
        "tel:02079460123;phone-context=+44",
        "+44 (20) 7946 0123",
    ],
)
def test_a_foreign_number_is_told_however_it_is_dialled(raw: str) -> None:
    number = read(raw)
    assert (number.e164, number.kind, number.region) == ("+442079460123", NumberKind.INTERNATIONAL, "GB")
    assert is_foreign(number, US)


@pytest.mark.parametrize("raw", ["+525512345678", "+4915112345678", "+919812345678", "+8613812345678"])
def test_numbers_of_other_countries_are_international(raw: str) -> None:
    assert (read(raw).e164, read(raw).kind) == (raw, NumberKind.INTERNATIONAL)


def test_a_business_elsewhere_reads_its_own_national_numbers() -> None:
    number = read_number("020 7946 0123", "GB", "")
    assert (number.e164, number.kind, number.region) == ("+442079460123", NumberKind.TEXTABLE, "GB")
    assert read_number("+12165550137", "GB", "").kind is NumberKind.INTERNATIONAL
    assert read_number("416 555 0137", "CA", "416").kind is NumberKind.TEXTABLE
    assert read_number("216 555 0137", "CA", "416").kind is NumberKind.INTERNATIONAL
    assert read_number("216 555 0137", "PR", "787").kind is NumberKind.TEXTABLE


def test_seven_digits_without_a_home_area_code_are_no_number() -> None:
    assert read_number("5550137", "US", "").kind is NumberKind.INVALID


@pytest.mark.parametrize("raw", [None, "911", "72727", "MILLER"])
def test_what_is_no_number_is_not_called_foreign(raw: str | None) -> None:
    assert not is_foreign(read(raw), US)


@given(st.integers(2, 9), st.integers(0, 8), st.integers(0, 9), st.integers(100, 199))
def test_fictional_numbers_of_every_area_code_that_can_exist_are_read(a: int, b: int, c: int, line: int) -> None:
    area = f"{a}{b}{c}"
    number = read(f"{area}5550{line}")
    if area[1:] == "11" or area[:2] in ("37", "96"):
        assert number.kind is NumberKind.INVALID
    else:
        assert number.e164 == f"+1{area}5550{line}"


@given(st.text(), st.sampled_from(["US", "us", "CA", "GB", "DE", "XX", ""]), st.sampled_from(["216", "", "abc"]))
def test_no_string_can_make_the_reader_fail(raw: str, country: str, area_code: str) -> None:
    number = read_number(raw, country, area_code)
    assert (number.e164 is None) == (number.kind in {NumberKind.WITHHELD, NumberKind.INVALID, NumberKind.SHORT_CODE})
    masked(raw)
    spoken(raw)


@given(st.text('+0123456789;@:<>"-() sipteln', max_size=40))
def test_number_like_strings_give_a_number_or_a_reason(raw: str) -> None:
    number = read_number(raw, "US", "216")
    if number.e164 is not None:
        assert number.e164.startswith("+")
        assert 8 <= len(number.e164) <= 16
        assert read(number.e164).e164 == number.e164


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+12165550137", "+1216***0137"),
        ("2165550137", "216***0137"),
        ("5550137", "***0137"),
        ("+442079460123", "+4420***0123"),
        ("72727", "72727"),
        ("VERIZON", "VE***"),
        ('"Bob" <2165550137>', "***"),
        ("", "withheld"),
        (None, "withheld"),
    ],
)
def test_logs_never_show_a_whole_number(number: str | None, shown: str) -> None:
    assert masked(number) == shown


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+12165550137", "(216) 555-0137"),
        ("+442079460123", "+44 20 7946 0123"),
        ("+9991234567", "+9991234567"),
        ("72727", "72727"),
        ("VERIZON", "VERIZON"),
        (None, "withheld number"),
    ],
)
def test_people_read_numbers_the_way_they_write_them(number: str | None, words: str) -> None:
    assert spoken(number) == words
