r"""What a text costs and how it is cut: the GSM 7-bit alphabet, transliteration into it, and segments.

Sources: 3GPP TS 23.038 6.2.1 (GSM 7-bit default alphabet) and 6.2.1.1 (its extension table); 3GPP TS 23.040
9.2.3.24.1 (concatenation, at most 255 parts). A text that fits the default alphabet travels as 160 septets, or 153 in
each part of a longer one; any other text travels as UTF-16 ("UCS2"), 70 units, or 67 in each part. A character of
the extension table costs two septets (ESC and the character), an emoji outside the basic plane two UTF-16 units;
neither pair is ever cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

ESC: Final = 0x1B  # 23.038 6.2.1 note 1: the next septet is looked up in the extension table

# 23.038 6.2.1.1: the position is the septet's value. The entry at 0x1B is ESC itself and never a character of a text.
BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
# 23.038 6.2.1.1 table "extension": the septet after ESC. 0x0A is the page break; 0x0D and 0x1B are reserved.
EXTENSION: Final[dict[int, str]] = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}

GSM7_SINGLE: Final = 160  # 140 octets of user data hold 160 septets (23.040 9.2.3.16)
GSM7_PART: Final = 153  # six octets of header leave 134 octets, which hold 153 septets
UCS2_SINGLE: Final = 70  # 140 octets hold 70 UTF-16 units
UCS2_PART: Final = 67  # 134 octets hold 67 UTF-16 units
MAX_PARTS: Final = 255  # the header counts parts in one octet (23.040 9.2.3.24.1)

_SEPTETS: Final[dict[str, bytes]] = {c: bytes([v]) for v, c in enumerate(BASIC) if v != ESC} | {
    c: bytes([ESC, v]) for v, c in EXTENSION.items()
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a text as one SMS carries it: `number` of `total`, counted from 1.

    `ref` is the concatenation reference 0..255 that all segments of one text share; None when the text is one segment.
    """

    body: str
    ucs2: bool
    number: int
    total: int
    ref: int | None


def septets(text: str) -> int | None:
    """How many septets the text takes (a character of the extension table takes two); None when it is not GSM-7."""
    cost = 0
    for character in text:
        code = _SEPTETS.get(character)
        if code is None:
            return None
        cost += len(code)
    return cost


def is_gsm7(text: str) -> bool:
    """Whether every character is in the default alphabet or its extension table."""
    return all(character in _SEPTETS for character in text)


def encode_gsm7(text: str) -> bytes:
    """The text's septets, one to a byte, not packed. Raises ValueError naming the first character that does not fit."""
    try:
        return b"".join(_SEPTETS[character] for character in text)
    except KeyError as missing:
        raise ValueError(f"{missing.args[0]!r} is not in the GSM 7-bit alphabet") from None


def split(text: str, ref: int) -> tuple[Segment, ...]:
    """Cut the text into the segments to be sent, in order; an empty text is one empty segment.

    `ref` (0..255) goes into every segment of a longer text. Half a surrogate pair cannot be sent and becomes U+FFFD.
    Raises ValueError when more than 255 parts would be needed or `ref` is out of range.
    """
    if not 0 <= ref <= 255:
        raise ValueError(f"a concatenation reference is 0 to 255, not {ref}")
    text = valid_unicode(text)
    ucs2 = not is_gsm7(text)
    bodies = _cut(text, ucs2)
    if len(bodies) == 1:
        return (Segment(text, ucs2, 1, 1, None),)
    if len(bodies) > MAX_PARTS:
        raise ValueError(f"the text needs {len(bodies)} segments, a text has at most {MAX_PARTS}")
    return tuple(Segment(body, ucs2, number, len(bodies), ref) for number, body in enumerate(bodies, 1))


def segment_count(text: str) -> int:
    """How many SMS the text costs. Counts on beyond 255 (which `split` refuses)."""
    text = valid_unicode(text)
    return len(_cut(text, not is_gsm7(text)))


def valid_unicode(text: str) -> str:
    """The text with surrogate pairs joined and lone surrogates replaced by U+FFFD: safe to store and to show."""
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")


def transliterate(text: str) -> str:
    """The nearest spelling in the GSM 7-bit alphabet, so that one curly quote does not double the price of a text.

    Quotes, dashes, ellipses, odd spaces and accented Latin letters are replaced (Spanish á í ó ú lose the accent;
    ñ ¿ ¡ é ü à are in the alphabet and stay), invisible and control characters are dropped. What has no near spelling
    (emoji, other scripts) is left alone; such a text travels as UCS2.
    """
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", valid_unicode(text)))
    text = _DEGREES.sub(" ", text)
    out: list[str] = []
    replaced = False
    for character in text:
        if character in _SEPTETS and character != "\f":
            out.append(character)
            replaced = False
        elif replaced and character in _VARIATION_SELECTORS:
            continue
        elif unicodedata.combining(character) and out and is_gsm7(out[-1]):
            continue  # an accent that no composed letter carries
        else:
            nearest = _nearest(character)
            replaced = nearest != character
            if unicodedata.category(character) == "No" and "/" in nearest and out and out[-1].isdigit():
                out.append(" ")  # "2½" is "2 1/2", never "21/2"
            out.append(nearest)
    return "".join(out)


# ---- how a text is cut ----


def _cut(text: str, ucs2: bool) -> list[str]:
    costs = [_utf16_units(c) for c in text] if ucs2 else [len(_SEPTETS[c]) for c in text]
    single, part = (UCS2_SINGLE, UCS2_PART) if ucs2 else (GSM7_SINGLE, GSM7_PART)
    if sum(costs) <= single:
        return [text]
    return list(_filled(text, costs, part))


def _filled(text: str, costs: list[int], room: int) -> Iterable[str]:
    start = used = 0
    for index, cost in enumerate(costs):
        if used + cost > room:
            yield text[start:index]
            start, used = index, 0
        used += cost
    yield text[start:]


def _utf16_units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1


# ---- how a character is replaced ----

_VARIATION_SELECTORS: Final = "\ufe0e\ufe0f"  # text or emoji presentation of the character before

# Soft hyphen, zero-width space and non-joiner, direction marks, word joiner, byte order mark, control characters other
# than tab, line feed, form feed and return. The zero-width joiner stays: it holds emoji together.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
    "\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
_DEGREES: Final = re.compile(r" ?°(?= ?[FCfc]\b) ?")  # "55°F" reads well as "55 F"

_NEAREST: Final[dict[str, str]] = {
    **dict.fromkeys("‘’‚‛′‵´`ʹʻʼˈ＇", "'"),
    **dict.fromkeys("“”„‟″‶«»＂", '"'),
    **dict.fromkeys("‐‑‒–—―−⁃﹣－", "-"),
    **dict.fromkeys("•‣◦∙▪●", "-"),
    **dict.fromkeys("·⋅", "."),
    **dict.fromkeys("\u2028\u2029\x85\f", "\n"),
    "\t": " ",
    "‹": "<",
    "›": ">",
    "…": "...",
    "⁄": "/",
    "÷": "/",
    "×": "x",
    "°": " deg",
    "¢": "c",
    "©": "(c)",
    "®": "(R)",
    "¦": "|",
    "→": "->",
    "←": "<-",
    "≤": "<=",
    "≥": ">=",
    "≈": "~",
    "Œ": "OE",
    "œ": "oe",
    "Ð": "D",
    "ð": "d",
    "Đ": "D",
    "đ": "d",
    "Ł": "L",
    "ł": "l",
    "Þ": "Th",
    "þ": "th",
    "ı": "i",
    "ẞ": "SS",
    "ħ": "h",
    "Ħ": "H",
}


def _nearest(character: str) -> str:
    if character in _NEAREST:
        return _NEAREST[character]
    bare = "".join(_NEAREST.get(c, c) for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return bare if bare and is_gsm7(bare) else character
