"""What in a text may be the ZIP code, the city and the street address of the work, and what speaks for each.

Nothing is decided here: a number of five digits may be a house, an order or a ZIP code, and "Waterbury Ct" a street or a
city in Connecticut. `roles` weighs the candidates; the plain rules of `places` are one voice among the hints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gateway.core.understanding.cities import DOUBTFUL
from gateway.core.understanding.first_names import ALSO_WORDS, FIRST_NAMES
from gateway.core.understanding.folded import Folded
from gateway.core.understanding.people import Candidate, is_everyday
from gateway.core.understanding.places import (
    DIRECTIONS,
    NOT_STREETS,
    STATES,
    STREET_WORDS,
    Gazetteer,
    city_score,
    plain_name,
    street_follows,
    zip_is_likely,
)
from gateway.core.understanding.places import street_address as plain_address

_ZIP = re.compile(r"(?<![\d$.,/-])\d{5}(?:-\d{4})?(?![\d%]|[.,]\d|-\d|/)")
_TOKEN = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*|[^\sa-z0-9]|\n")
_HOUSE = re.compile(r"\d{1,5}(?:-?[a-d])?|\d{1,4}-\d{1,2}")
_YEAR = re.compile(r"19[4-9]\d|20[0-3]\d|[5-9]\d")
_LONGEST_STREET = 5  # words
_MOST = 40  # candidates of one kind; nobody names more
_LONGEST_UNKNOWN = 3
_CALLED = re.compile(r"calle|avenida|av|ave|avenue|camino|paseo|c")


class Sort(StrEnum):
    """What a word is when a street is looked for."""

    DIRECTION = "direction"
    ORDINAL = "ordinal"
    NUMBER = "number"
    STREET = "street"
    CALLED = "called"  # "calle", "avenida": stands before the name
    NAME = "name"
    EVERYDAY = "everyday"
    NO_STREET = "no street"
    CAPITAL = "capital"
    OTHER = "other"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    plain: str
    sort: Sort


def zips(text: Folded, places: Gazetteer) -> list[Candidate]:
    """Every number of five digits that may be a ZIP code."""
    found: list[Candidate] = []
    matches = list(_ZIP.finditer(text.plain))[:_MOST]
    for place, match in enumerate(matches):
        after = text.plain[match.end() : match.end() + 40]
        hints = [
            f"likely {zip_is_likely(text, match)}",
            f"place {place == 0} {place == len(matches) - 1}",
            f"count {min(len(matches), 3)}",
            f"stops {_stop_before(text, match.start())} {_stop_after(text, match.end())}",
        ]
        words = re.findall(r"[a-z0-9']+|[^\sa-z0-9]", after)[:4]
        sorts = [_sort(word, word) for word in words]
        hints.append(f"next {' '.join(sorts[:2])}")
        if Sort.STREET in sorts[1:4] and Sort.STOP not in sorts[: sorts.index(Sort.STREET)]:
            hints.append("street follows")
        if places.starts_with(after.lstrip(" ,")):
            hints.append("city follows")
        if places.ends_with(text.plain[max(0, match.start() - 40) : match.start()].rstrip(" ,")):
            hints.append("city before")
        if re.search(rf"(?:{STATES})[., ]*$", text.plain[: match.start()]):
            hints.append("state before")
        if re.search(r"\d+ [a-z0-9 .]{3,40}[ ,]*$", text.plain[: match.start()]):
            hints.append("address before")
        found.append(Candidate(match.group()[:5], match.start(), match.end(), tuple(hints)))
    return found


def cities(text: Folded, places: Gazetteer) -> list[Candidate]:
    """Every known place that a text names, and words that stand where a place stands."""
    words = list(re.finditer(r"[a-z]+(?:[.'-][a-z]+)*\.?", text.plain))[:400]
    plain = [_LETTERS.sub("", word.group().replace("-", " ")) for word in words]
    found: list[Candidate] = []
    at = 0
    while at < len(words) and len(found) < _MOST:
        size = _known(text, words, plain, at, places)
        if size:
            found += _city(text, words, at, size, places)
            at += size
        else:
            found += _unknown(text, words, at)
            at += 1
    count = min(sum("known" in one.hints for one in found), 4)
    return [
        Candidate(
            one.words,
            one.start,
            one.end,
            (*one.hints, f"known {count}", f"first {place == 0}", f"last {place == len(found) - 1}"),
            one.favoured,
        )
        for place, one in enumerate(found)
    ]


_LETTERS = re.compile(r"[^a-z ]")
_BREAK = re.compile(r"[,;\n!?]|(?<!\b[nsew])(?<!\bst)(?<!\bft)(?<!\bmt)\. ")


def _known(text: Folded, words: list[re.Match[str]], plain: list[str], at: int, places: Gazetteer) -> int:
    """How many words from here are the name of a known place; 0 for none."""
    for size in range(min(places.longest, len(words) - at), 0, -1):
        if " ".join(plain[at : at + size]) in places.names:
            between = text.plain[words[at].start() : words[at + size - 1].end()]
            if not _BREAK.search(between.rstrip(".")):
                return size
    return 0


def _city(text: Folded, words: list[re.Match[str]], at: int, size: int, places: Gazetteer) -> Iterator[Candidate]:
    start, end = words[at].start(), words[at + size - 1].end()
    plain = plain_name(text.plain[start:end])
    name = places.names[plain]
    score = city_score(text, start, end, plain, name, places)
    if plain in places.nicknames and not score:
        return  # an ordinary word here
    hints = ["known", f"score {city_score(text, start, end, plain, name, _NOBODYS)}", f"words {size}"]
    hints.append("doubtful" if name in DOUBTFUL else "certain")
    if plain in FIRST_NAMES or plain in ALSO_WORDS:
        hints.append("first name")
    hints += _standing(text, start, end, name)
    yield Candidate(name, start, end, tuple(hints), favoured=_favoured(plain, score, places))


_NOBODYS = Gazetteer({}, 1, frozenset())  # what is learnt holds for any business
_BEYOND_DOUBT = 3


def _favoured(plain: str, score: int, places: Gazetteer) -> float:
    """What a place of the business's own list is ahead of any other: its nicknames are known to nobody else."""
    if score < _BEYOND_DOUBT:
        return 0.0
    return 0.7 if plain in places.nicknames else 0.35 if plain in places.home else 0.0


def _standing(text: Folded, start: int, end: int, name: str) -> list[str]:
    """How a place stands in its sentence."""
    sent = text.sent[start:end]
    case = "upper" if sent.isupper() else "capital" if sent[:1].isupper() else "lower"
    before, after = _stop_before(text, start), _stop_after(text, end)
    hints = [case, f"stops {before} {after}", f"stops {before} {after} {case}"]
    rest = text.plain[end : end + 24]
    if re.match(rf",? ?(?:{STATES})\b", rest):
        hints.append("state follows")
    if re.match(r",? \d{5}\b", rest):
        hints.append("ZIP follows")
    if street_follows(text, start, end, name):
        hints.append("street follows")
    if re.search(r"\d[a-z]? (?:[nsew]\.? )?$", text.plain[:start]):
        hints.append("number before")
    if re.search(
        rf"\d{{1,5}} [^,;!?\n]{{2,30}} (?:{STREET_WORDS})\.?,? ?(?:{DIRECTIONS})?$",
        text.plain[max(0, start - 60) : start].rstrip(" ,"),
    ):
        hints.append("address before")
    if re.search(r"\d{5},? ?$", text.plain[max(0, start - 8) : start]):
        hints.append("ZIP before")
    hints.append("last sentence" if not re.search(r"[.!?]\s*\w", text.plain[end:]) else "more sentences")
    return hints


def _unknown(text: Folded, words: list[re.Match[str]], at: int) -> Iterator[Candidate]:
    """Words that no list knows, behind "in" or before a state: "in Bratenahl", "Adkins 78101", "... . Concan"."""
    first = words[at].group().strip(".")
    sent = text.sent[words[at].start() : words[at].end()]
    located = re.search(
        r"\b(?:in|near|outside|past|by|from|to|en|desde|para|de|at|of|around|hasta|cover|serve) $",
        text.plain[max(0, words[at].start() - 9) : words[at].start()],
    )
    capital = sent[:1].isupper() and not text.sent.isupper()
    if len(first) < 4 or is_everyday(first) or first in FIRST_NAMES or not (located or capital):
        return
    for size in range(1, min(_LONGEST_UNKNOWN, len(words) - at) + 1):
        start, end = words[at].start(), words[at + size - 1].end()
        between = text.plain[start:end]
        if size > 1 and (re.search(r"[,;\n!?]|\. ", between) or is_everyday(words[at + size - 1].group())):
            return
        followed = re.match(rf"\.?,? ?(?:(?:{STATES})\b|\d{{5}}\b)", text.plain[end : end + 20])
        closed = _stop_after(text, end) not in ("word", "number")
        if not (followed or closed) or not (
            located or (capital and _stop_before(text, start) not in ("word", "number"))
        ):
            continue
        name = " ".join(
            word if word[:1].isupper() else word.title() for word in text.sent[start:end].strip(".").split()
        )
        hints = [
            "unknown",
            f"unknown {size}",
            "located" if located else "not located",
            *_standing(text, start, end, name),
        ]
        yield Candidate(name, start, end, tuple(hints))


def addresses(text: Folded, places: Gazetteer) -> list[Candidate]:
    """Every house number with a street behind it (or, as in Spanish, before it)."""
    ruled = plain_address(text)
    tokens = [_token(text, match) for match in _TOKEN.finditer(text.plain)]
    found: list[Candidate] = []
    for at, token in enumerate(tokens):
        if len(found) > _MOST:
            break
        if not _HOUSE.fullmatch(token.plain) or not _may_be_house(text, token):
            continue
        found += _behind(text, tokens, at, places, ruled)
        found += _turned(text, tokens, at)
    return found


def _may_be_house(text: Folded, token: _Token) -> bool:
    before, after = text.plain[max(0, token.start - 1) : token.start], text.plain[token.end : token.end + 1]
    return (
        not (before and before in "$/.:-'")
        and not (after and after in "%/:'\"")
        and not (after == "-" and text.plain[token.end + 1 : token.end + 2].isdigit())
    )


def _behind(text: Folded, tokens: list[_Token], at: int, places: Gazetteer, ruled: str | None) -> Iterator[Candidate]:
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
            f"stops {_stop_before(text, start)} {_stop_after(text, end)}",
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


def _of(tokens: list[_Token], at: int) -> int:
    """How many words stand between a house number and its street in "218 de Ceralvo", "2207 de la calle Fulton"."""
    count = 0
    for place, words in enumerate((("de",), ("la", "el", "los", "las"), ("calle",))):
        token = tokens[at + count + 1] if at + count + 1 < len(tokens) else None
        if token is not None and token.plain in words:
            count += 1
        elif place == 0:
            return 0
    return count


def _inside_street(text: Folded, tokens: list[_Token], at: int, *, begun: bool) -> bool:
    """Whether an everyday word belongs to a street all the same: "1300 Water Street", "2846 de la Mersington"."""
    token = tokens[at]
    if token.plain in _INSIDE and begun:
        return True
    street_follows = any(one.sort is Sort.STREET for one in tokens[at + 1 : at + 3])
    capital = text.sent[token.start].isupper() and not text.sent.isupper()
    return street_follows or (capital and token.sort is Sort.EVERYDAY and begun)


_INSIDE = frozenset({"de", "la", "las", "los", "el", "del", "of", "the", "y"})


def _turned(text: Folded, tokens: list[_Token], at: int) -> Iterator[Candidate]:
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
            f"turned then {_stop_after(text, tokens[at].end)}",
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


def _token(text: Folded, match: re.Match[str]) -> _Token:
    word = match.group()
    return _Token(match.start(), match.end(), word, _sort(word, text.sent[match.start() : match.end()]))


_STREET = re.compile(rf"(?:{STREET_WORDS})\Z")
_DIRECTION = re.compile(rf"(?:{DIRECTIONS})\Z")
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)\Z")
_WAYS = frozenset({"county", "state", "fm", "cr", "sr", "us", "route", "rt", "rr", "interstate", "ih", "i"})


def _sort(word: str, sent: str) -> Sort:
    if not word[:1].isalnum():
        return Sort.STOP
    if _DIRECTION.match(word):
        return Sort.DIRECTION
    if _ORDINAL.match(word):
        return Sort.ORDINAL
    if word.isdigit():
        return Sort.NUMBER
    if _STREET.match(word) or word in _WAYS:
        return Sort.STREET
    if _CALLED.fullmatch(word):
        return Sort.CALLED
    if word in NOT_STREETS:
        return Sort.NO_STREET
    if is_everyday(word):
        return Sort.EVERYDAY
    if word in FIRST_NAMES:
        return Sort.NAME
    return Sort.CAPITAL if sent[:1].isupper() else Sort.OTHER


def _stop_before(text: Folded, start: int) -> str:
    before = text.sent[:start].rstrip(" ")[-1:]
    return (
        "start"
        if not before
        else "line"
        if before == "\n"
        else "word"
        if before.isalpha()
        else "number"
        if before.isdigit()
        else before
    )


def _stop_after(text: Folded, end: int) -> str:
    after = text.sent[end:].lstrip(" ")[:1]
    return (
        "end"
        if not after
        else "line"
        if after == "\n"
        else "word"
        if after.isalpha()
        else "number"
        if after.isdigit()
        else after
    )
