"""What in a text may be the street address of the work, and what speaks for each: a house number with a street beside it.

Nothing is decided here; `roles` weighs the candidates, and the plain rules of `places` are one voice among the hints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.core.understanding.folded import Folded
from gateway.core.understanding.people import Candidate
from gateway.core.understanding.places import Gazetteer, plain_name
from gateway.core.understanding.places import street_address as plain_address
from gateway.core.understanding.street_words import Sort, Token, stop_after, stop_before, token_of

_TOKEN = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*|[^\sa-z0-9]|\n")
_HOUSE = re.compile(r"\d{1,5}(?:-?[a-d])?|\d{1,4}-\d{1,2}")
_YEAR = re.compile(r"19[4-9]\d|20[0-3]\d|[5-9]\d")
_LONGEST_STREET = 5  # words
_MOST = 16  # candidates; nobody names more


def addresses(text: Folded, places: Gazetteer) -> list[Candidate]:
    """Every house number with a street behind it (or, as in Spanish, before it)."""
    ruled = plain_address(text)
    tokens = [token_of(text, match) for match in _TOKEN.finditer(text.plain)]
    found: list[Candidate] = []
    for at, token in enumerate(tokens):
        if len(found) > _MOST:
            break
        if not _HOUSE.fullmatch(token.plain) or not _may_be_house(text, token):
            continue
        found += _behind(text, tokens, at, places, ruled)
        found += _turned(text, tokens, at)
    return found


def _may_be_house(text: Folded, token: Token) -> bool:
    before, after = text.plain[max(0, token.start - 1) : token.start], text.plain[token.end : token.end + 1]
    return (
        not (before and before in "$/.:-'")
        and not (after and after in "%/:'\"")
        and not (after == "-" and text.plain[token.end + 1 : token.end + 2].isdigit())
    )


def _behind(text: Folded, tokens: list[Token], at: int, places: Gazetteer, ruled: str | None) -> Iterator[Candidate]:
    sorts: list[Sort] = []
    of = _of(tokens, at)
    for size in range(1, _LONGEST_STREET + 1):
        last = at + of + size
        if last >= len(tokens):
            return
        token = tokens[last]
        if (
            token.plain == "."
            and sorts
            and sorts[-1] in (Sort.DIRECTION, Sort.STREET)
            and last + 1 < len(tokens)
            and text.plain[token.end : token.end + 1] == " "
        ):
            sorts.append(Sort.STOP)
            continue
        if token.sort is Sort.STOP:
            return
        if token.sort in (Sort.EVERYDAY, Sort.NO_STREET) and not _inside_street(text, tokens, last, begun=bool(sorts)):
            return
        if token.sort is Sort.NUMBER and len(token.plain) > 4:
            return
        sorts.append(token.sort)
        if token.sort is Sort.EVERYDAY or "\n" in text.sent[tokens[at].start : token.end]:
            continue
        start, end = tokens[at].start, token.end
        following = tokens[last + 1] if last + 1 < len(tokens) else None
        shape = " ".join(sorts)
        words = " ".join(text.sent[start:end].split())
        if of:
            words = f"{tokens[at].plain} {' '.join(text.sent[tokens[at + of + 1].start : end].split())}"
        after = "end" if following is None else str(following.sort)
        hints = [
            f"shape {shape}",
            f"shape {shape} then {after}",
            f"then {after}",
            f"ends {sorts[-1]} then {after}",
            f"digits {len(tokens[at].plain)}",
            f"year {bool(_YEAR.fullmatch(tokens[at].plain))}",
            f"stops {stop_before(text, start)} {stop_after(text, end)}",
            f"last word {token.plain}",
            f"first word {tokens[at + 1].plain}",
            f"of {of}",
            f"capital {text.sent[tokens[at + of + 1].start].isupper()}",
        ]
        if ruled is not None and ruled == words.strip(" .,"):
            hints.append("by rule")
        if following is not None and places.starts_with(text.plain[following.start : following.start + 30]):
            hints.append("city follows")
        if any(places.names.get(plain_name(text.plain[one.start : end])) for one in tokens[at + of + 2 : last + 1]):
            hints.append("ends in a city")
        if re.match(r"\.?,? (?:#|apt|unit|suite|ste|apto|depto)", text.plain[end : end + 9]):
            hints.append("unit follows")
        if re.match(r"\.?,? ?\d{5}\b", text.plain[end : end + 9]):
            hints.append("ZIP follows")
        yield Candidate(words, start, end, tuple(hints))


def _of(tokens: list[Token], at: int) -> int:
    """How many words stand between a house number and its street in "218 de Ceralvo", "2207 de la calle Fulton"."""
    count = 0
    for place, words in enumerate((("de",), ("la", "el", "los", "las"), ("calle",))):
        token = tokens[at + count + 1] if at + count + 1 < len(tokens) else None
        if token is not None and token.plain in words:
            count += 1
        elif place == 0:
            return 0
    return count


def _inside_street(text: Folded, tokens: list[Token], at: int, *, begun: bool) -> bool:
    """Whether an everyday word belongs to a street all the same: "1300 Water Street", "2846 de la Mersington"."""
    token = tokens[at]
    if token.plain in _INSIDE and begun:
        return True
    street_follows = any(one.sort is Sort.STREET for one in tokens[at + 1 : at + 3])
    capital = text.sent[token.start].isupper() and not text.sent.isupper()
    return street_follows or (capital and token.sort is Sort.EVERYDAY and begun)


_INSIDE = frozenset({"de", "la", "las", "los", "el", "del", "of", "the", "y"})


def _turned(text: Folded, tokens: list[Token], at: int) -> Iterator[Candidate]:
    """ "Nogalitos 2820", "Grandview Rd, 2846", "calle 27 numero 1204": the number behind the street."""
    last = at - 1
    while last >= 0 and tokens[last].plain in ("#", ",", "numero", "num", "no", "."):
        last -= 1
    if at - last > 3:
        return
    for size in range(1, 4):
        first = last - size + 1
        if (
            first < 0
            or tokens[first].sort in (Sort.STOP, Sort.EVERYDAY)
            or "\n" in text.sent[tokens[first].start : tokens[at].end]
        ):
            return
        if tokens[first].sort is Sort.NO_STREET:
            return
        street = tokens[first : last + 1]
        if (
            not any(one.sort in (Sort.CALLED, Sort.STREET) for one in street)
            and not text.sent[street[0].start].isupper()
        ):
            continue
        written = text.sent[street[0].start : street[-1].end]
        called = street[0].sort is Sort.CALLED and len(street) > 1
        if called and street[0].plain in ("av", "ave", "avenida"):
            written = f"{text.sent[street[1].start : street[-1].end]} Ave"
        before = tokens[first - 1].plain if first else ""
        hints = (
            "turned",
            f"turned {' '.join(one.sort for one in street)}",
            f"turned after {before}",
            f"turned between {tokens[last + 1].plain if last + 1 < at else 'nothing'}",
            f"turned then {stop_after(text, tokens[at].end)}",
            f"turned called {called or street[-1].sort is Sort.STREET}",
            f"turned digits {len(tokens[at].plain)}",
        )
        yield Candidate(f"{tokens[at].plain} {written}", street[0].start, tokens[at].end, hints)
        if called and street[0].plain in ("calle", "c"):
            short = text.sent[street[1].start : street[-1].end]
            yield Candidate(f"{tokens[at].plain} {short}", street[1].start, tokens[at].end, (*hints, "turned short"))


def corrected(text: Folded, address: Candidate) -> str:
    """The address with the house number that the rest of the text puts right: "1255 Parkside Lane, no, 1265"."""
    house = re.match(r"\d+", address.words)
    if house is None:
        return address.words
    right = _RIGHT_BEHIND.match(text.plain, address.end) or _RIGHT_BEFORE.search(text.plain[: address.start])
    if right is None or len(right["house"]) != len(house.group()) or right["house"] == house.group():
        return address.words
    return right["house"] + address.words[house.end() :]


_RIGHT_BEHIND = re.compile(
    r"[ .,;:-]*(?:\(?(?:no wait|wait no|wait|oops|sorry|rather|i mean|i meant|make that|correction|mejor dicho|digo|perdon|no)\b[ ,.:-]*(?:rather |its |it's |is |es |i beg your pardon,? |perdon,? |sorry,? )?)+(?P<house>\d{1,5})(?=[ .,!?)]|$)"
)
_RIGHT_BEFORE = re.compile(r"(?<![\d-])(?P<house>\d{2,5}),? (?:not|no|y no) (?:el )?$")
