"""What a text costs, how it is cut and how it is spelled in the GSM 7-bit alphabet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.alphabet import (
    BASIC,
    EXTENSION,
    encode_gsm7,
    is_gsm7,
    segment_count,
    septets,
    split,
    transliterate,
    valid_unicode,
)

GSM7_CHARACTERS = sorted((set(BASIC) - {"\x1b"}) | set(EXTENSION.values()))
gsm7_texts = st.text(st.sampled_from(GSM7_CHARACTERS), max_size=700)
any_texts = st.text(st.characters(exclude_categories=()), max_size=400)
emoji_texts = st.text(st.sampled_from("a😀👍🏽ñé—\u200d"), min_size=1, max_size=300)


def test_the_alphabet_has_128_places_and_ten_extensions() -> None:
    assert len(BASIC) == 128
    assert len(EXTENSION) == 10


@pytest.mark.parametrize(
    ("character", "septet"),
    [
        ("@", 0x00),
        ("£", 0x01),
        ("Ç", 0x09),
        ("Δ", 0x10),
        ("É", 0x1F),
        (" ", 0x20),
        ("¤", 0x24),
        ("A", 0x41),
        ("¡", 0x40),
        ("Ö", 0x5C),
        ("Ñ", 0x5D),
        ("§", 0x5F),
        ("¿", 0x60),
        ("z", 0x7A),
        ("ä", 0x7B),
        ("à", 0x7F),
    ],
)
def test_characters_stand_where_the_standard_puts_them(character: str, septet: int) -> None:
    assert encode_gsm7(character) == bytes([septet])


@pytest.mark.parametrize(("character", "septet"), [("€", 0x65), ("[", 0x3C), ("|", 0x40), ("\\", 0x2F), ("\f", 0x0A)])
def test_an_extension_character_costs_an_escape_as_well(character: str, septet: int) -> None:
    assert encode_gsm7(character) == bytes([0x1B, septet])
    assert septets(character) == 2


@pytest.mark.parametrize("character", ["`", "ç", "á", "í", "ó", "ú", "’", "—", "ÿ", "\x1b", "\t", "😀"])
def test_what_the_alphabet_lacks_is_said_not_guessed(character: str) -> None:
    assert septets(f"a{character}") is None
    assert not is_gsm7(character)
    with pytest.raises(ValueError, match="not in the GSM 7-bit alphabet"):
        encode_gsm7(character)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 152, 2),
        ("€" * 153, 3),  # 76 pairs to a part: one septet of each part stays empty
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("á" * 134, 2),
        ("á" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),
        ("😀" * 67, 3),  # 33 pairs to a part: one unit of each part stays empty
    ],
)
def test_a_text_costs_as_many_segments_as_the_standard_says(text: str, count: int) -> None:
    assert segment_count(text) == count
    assert len(split(text, 7)) == count


def test_one_segment_has_no_reference_and_more_share_one() -> None:
    (single,) = split("Hello", 9)
    assert (single.body, single.ucs2, single.number, single.total, single.ref) == ("Hello", False, 1, 1, None)
    first, second = split("x" * 200, 9)
    assert (first.number, first.total, first.ref) == (1, 2, 9)
    assert (second.number, second.total, second.ref) == (2, 2, 9)


def test_more_parts_than_the_header_can_count_are_refused_with_a_sentence() -> None:
    assert len(split("x" * 153 * 255, 0)) == 255
    with pytest.raises(ValueError, match="256 segments"):
        split("x" * (153 * 255 + 1), 0)


@pytest.mark.parametrize("ref", [-1, 256])
def test_a_reference_that_does_not_fit_an_octet_is_refused(ref: int) -> None:
    with pytest.raises(ValueError, match="0 to 255"):
        split("x", ref)


@given(gsm7_texts)
def test_a_gsm7_text_is_cut_without_loss_and_no_part_is_too_long(text: str) -> None:
    segments = split(text, 1)
    assert "".join(s.body for s in segments) == text
    room = 160 if len(segments) == 1 else 153
    assert all((septets(s.body) or 0) <= room and not s.ucs2 for s in segments)
    assert all((septets(s.body) or 0) >= room - 1 for s in segments[:-1])


@given(emoji_texts)
def test_an_emoji_is_never_cut_in_two(text: str) -> None:
    segments = split(text, 1)
    assert "".join(s.body for s in segments) == text
    for segment in segments:
        units = len(segment.body.encode("utf-16-be")) // 2  # raises on half a pair
        assert not segment.ucs2 or units <= (70 if len(segments) == 1 else 67)


@given(any_texts)
def test_any_string_can_be_counted_cut_and_spelled(text: str) -> None:
    assert "".join(s.body for s in split(text, 255)) == valid_unicode(text)
    assert segment_count(text) == len(split(text, 0))
    valid_unicode(text).encode("utf-8")
    transliterate(text).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("Sorry we missed you — how can we help?", "Sorry we missed you - how can we help?"),
        ("“It’s ‘hot’…”", "\"It's 'hot'...\""),
        ("9\u00a0am\u202f–\u20095\tpm", "9 am - 5 pm"),
        ("¿Qué pasó, señor? Ahí está el último güero à Çö", "¿Qué paso, señor? Ahi esta el ultimo güero à Çö"),
        ("Ángel Íñigo Óscar Úrsula", "Angel Iñigo Oscar Ursula"),
        ("o\u0301 n\u0303 q\u0303", "o ñ q"),
        ("garçon, œuvre, Łódź, straße, ÿ", "garcon, oeuvre, Lodz, straße, y"),
        ("it is 52°F inside, 11 °C", "it is 52 F inside, 11 C"),
        ("turn it 90°", "turn it 90 deg"),
        ("2½ tons, ½ off, 12 ft²", "2 1/2 tons, 1/2 off, 12 ft2"),
        ("`code` 5′ 10″ ×2", "'code' 5' 10\" x2"),
        ("• one\u2028• two", "- one\n- two"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen", "zerowidth softhyphen"),
        ("Trane™ ©️ 2026®", "TraneTM (c) 2026(R)"),
        ("page\fbreak", "page\nbreak"),
    ],
)
def test_a_text_is_spelled_with_the_nearest_characters(text: str, spelled: str) -> None:
    assert transliterate(text) == spelled
    assert is_gsm7(transliterate(text))


@pytest.mark.parametrize("text", ["👍🏽", "👨‍👩‍👧", "☎️", "1️⃣", "Привет", "你好"])
def test_what_has_no_near_spelling_is_left_alone(text: str) -> None:
    assert transliterate(text) == text


@given(gsm7_texts.filter(lambda t: "\f" not in t))
def test_a_text_already_in_the_alphabet_is_not_touched(text: str) -> None:
    assert transliterate(text) == text


@given(any_texts)
def test_spelling_twice_changes_nothing_more(text: str) -> None:
    once = transliterate(text)
    assert transliterate(once) == once


def test_half_an_emoji_becomes_the_replacement_character() -> None:
    assert valid_unicode("a\ud83d") == "a\ufffd"
    assert valid_unicode("\ud83d\ude00") == "😀"
