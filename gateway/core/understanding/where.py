"""What in a text may be the ZIP code and the city of the work, and what speaks for each; `streets` has the street addresses.

Nothing is decided here: a number of five digits may be a house, an order or a ZIP code, and "Waterbury Ct" a street or a
city in Connecticut. `roles` weighs the candidates; the plain rules of `places` are one voice among the hints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.core.understanding.cities import DOUBTFUL
from gateway.core.understanding.first_names import ALSO_WORDS, FIRST_NAMES
from gateway.core.understanding.folded import Folded
from gateway.core.understanding.people import Candidate, is_everyday
from gateway.core.understanding.places import (
    DIRECTIONS,
    STATES,
    STREET_WORDS,
    Gazetteer,
    city_score,
    plain_name,
    street_follows,
    zip_is_likely,
)
from gateway.core.understanding.street_words import Sort, sort_of, stop_after, stop_before

_ZIP = re.compile(r"(?<![\d$.,/-])\d{5}(?:-\d{4})?(?![\d%]|[.,]\d|-\d|/)")
_MOST = 40  # candidates of one kind; nobody names more
_LONGEST_UNKNOWN = 3
_BEFORE_ZIP = 60  # characters before a ZIP code in which its state and its street stand
_STATE_LAST = re.compile(rf"(?:{STATES})[., ]*$")
_ADDRESS_LAST = re.compile(r"\d+ [a-z0-9 .]{3,40}[ ,]*$")
_STATE_OR_ZIP_NEXT = re.compile(rf"\.?,? ?(?:(?:{STATES})\b|\d{{5}}\b)")
_LOCATED = re.compile(r"\b(?:in|near|outside|past|by|from|to|en|desde|para|de|at|of|around|hasta|cover|serve) $")


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
            f"stops {stop_before(text, match.start())} {stop_after(text, match.end())}",
        ]
        words = re.findall(r"[a-z0-9']+|[^\sa-z0-9]", after)[:4]
        sorts = [sort_of(word, word) for word in words]
        hints.append(f"next {' '.join(sorts[:2])}")
        if Sort.STREET in sorts[1:4] and Sort.STOP not in sorts[: sorts.index(Sort.STREET)]:
            hints.append("street follows")
        if places.starts_with(after.lstrip(" ,")):
            hints.append("city follows")
        if places.ends_with(text.plain[max(0, match.start() - 40) : match.start()].rstrip(" ,")):
            hints.append("city before")
        before = text.plain[max(0, match.start() - _BEFORE_ZIP) : match.start()]
        if _STATE_LAST.search(before):
            hints.append("state before")
        if _ADDRESS_LAST.search(before):
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


def town_behind(text: Folded, code: Candidate, places: Gazetteer) -> str | None:
    """The town of the business's own list that alone stands behind a ZIP code, with a name perhaps: "66204 Shawnee, Bea"."""
    found = _BEHIND_ZIP.match(text.plain, code.end) if not text.plain[: code.start].strip(" ,.-") else None
    plain = plain_name(found[1]) if found else ""
    return places.names[plain] if plain in places.home else None


_BEHIND_ZIP = re.compile(r"[ ,-]+([a-z][a-z.' -]{2,30}?)[ .!]*(?=,|\n|$)")
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
    before, after = stop_before(text, start), stop_after(text, end)
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
    located = _LOCATED.search(text.plain[max(0, words[at].start() - 9) : words[at].start()])
    capital = sent[:1].isupper() and not text.sent.isupper()
    if len(first) < 4 or is_everyday(first) or first in FIRST_NAMES or not (located or capital):
        return
    for size in range(1, min(_LONGEST_UNKNOWN, len(words) - at) + 1):
        start, end = words[at].start(), words[at + size - 1].end()
        between = text.plain[start:end]
        if size > 1 and (re.search(r"[,;\n!?]|\. ", between) or is_everyday(words[at + size - 1].group())):
            return
        followed = _STATE_OR_ZIP_NEXT.match(text.plain[end : end + 20])
        closed = stop_after(text, end) not in ("word", "number")
        if not (followed or closed) or not (
            located or (capital and stop_before(text, start) not in ("word", "number"))
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
