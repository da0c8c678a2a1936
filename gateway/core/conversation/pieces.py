"""A caller's text cut into pieces, and what a piece says by itself: a name, or a time.

The reading knows what a text says as a whole. Who answers a question, though, often answers the next one with it, in a few
words behind commas ("Garfield Heights 44125, Rigo. hoy si se puede"); what the reading has left over is looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.core.states import state_named
from gateway.core.understanding.first_names import ALSO_WORDS, FIRST_NAMES
from gateway.core.understanding.folded import Folded, fold
from gateway.core.understanding.people import PLACES, is_everyday
from gateway.core.understanding.roles import joined
from gateway.core.understanding.when import wishes

LONGEST_NAME = 4  # words
_STOP = re.compile(r"[,;:!?\n()/&]+|(?<!\b\w)\.(?=\s|$)|\s-+\s|\s(?:and|y)\s")
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
# Manners and connections around a name or a time; they say nothing by themselves.
_MANNERS = re.compile(
    r"^(?:(?:hi|hey|hello|hola|buenas|yes|yeah|yep|sure|si|sí|ok|okay|oh|sorry|perd[oó]n|disculpe|thanks?|thx|thank you|gracias|please"
    r"|pls|por favor|porfa(?:vor)?|(?:it|that)(?:['’]?s| is)|for|es|con|great|perfect|perfecto)\b[ ,:!.]*)+",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"^(?:(?:this is|i['’]?m|i am|(?:my |the |first |full )?names?(?: is|['’]s)?|(?:put (?:it )?)?(?:under|down as)|call me|ask for"
    r"|(?:mi |el )?nombre(?: es)?|a nombre de|me llamo|soy|de parte de"
    r"|se[nñ]ora?|do[nñ]a|sra?|mrs?|ms|miss|el se[nñ]or|la se[nñ]ora)\b[ :.]*)+",
    re.IGNORECASE,
)
_HERE = re.compile(r"\s+(?:here|aqu[ií])$", re.IGNORECASE)
_BEHIND_NAME = re.compile(
    r"(?:\s+(?:in|at|on|from|for|the|to|by|please|pls|thanks?|thx|thank you|en|el|la|para|gracias|por favor|porfa(?:vor)?)\b)+[ .!]*$",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:man|bro|dude|buddy|hon|honey|lots|tons|guys|amigo|jefe|bunch|kindly|ma'?am|sir|mister|friends?)(?: .*)?"
    # what people write for a word that is no name
    r"|(?:(?:nm|nvm|idk|idc|lol|lmao|tbd|none|jk|brb|huh|wtf|wth|later|omw|np|smh|imo|tbh|hbu|wyd|ttyl"
    r"|hm+|uh+|um+|nope|nah|jaja\w*|nel|nada|luego)\b ?)+"
)
_NICK = re.compile(r"^(?:big|lil|little|old|young) (?=\S)")
_ROAD = re.compile(
    r"(?:^| )(?:st|street|ave|avenue|rd|road|dr|drive|ln|lane|blvd|ct|court|hwy|pkwy|way|pl|trail"
    r"|mall|park|church|school|hotel|county|heights|hts|apts?|calle|avenida|camino|carretera)\.?$"
)
_SIGNS = " -'\"’."
_AROUND_TIME = re.compile(
    r"a|an|any|are|around|as|at|be|best|better|can|como|con|day|de|do|el|en|es|esta|estaria|favor|fine|for|free|from|get|good|gracias|great|has"
    r"|have|here|i|id|i'd|if|im|i'm|is|it|its|it's|la|las|lets|let's|like|los|maybe|me|mejor|need|needed|ok|okay|on|or|out|please|pl[sz]|por|porfa"
    r"|porfavor|posible|possible|preferably|prefer|probably|puede[ns]?|pueda[ns]?|quiero|seria|si|se|sea|some|sometime|still|sure|that|that's|thats"
    r"|the|then|there|this|time|to|u|una?|us|ustedes|usted|want|we|will|working|works?|would|yes|you|y|come"
)
_AROUND_PLACE = re.compile(
    r"(?:(?:i|im|i'm|we|were|we're|its|it's|it|the|my|house|home|place|is|in|at|on|near|area|live|located|zip|code|city|town|of|vivo|estoy"
    r"|estamos|casa|esta|en|codigo|postal|es|mi|la|el|de|zona|address|direccion)\b ?)+"
)
# Times that nobody uses of what has happened.
_AHEAD = re.compile(
    r"\b(?:whenever|any ?time|tomorrow|next|asap|no (?:rush|hurry)|flexible|soon|the following|end of|at your convenience"
    r"|(?:in|within) \w+ (?:day|week|month)s?|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|weekend|spring|summer|fall|winter)\b"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words between two stops; `[start, end)` are their places in the text."""

    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    """Words that may be a name: introduced as one, or beginning with a common first name, or neither."""

    words: str
    introduced: bool
    common: bool

    @property
    def sure(self) -> bool:
        return self.introduced or self.common


def clauses(text: Folded) -> list[Piece]:
    """The text between commas, full stops and the like, as it was sent."""
    return _between(text.sent, [(stop.start(), stop.end()) for stop in _STOP.finditer(text.sent)])


def left_over(text: Folded, known: Iterable[str | None]) -> list[Piece]:
    """The pieces that are neither a time nor one of the values already `known`, as they were sent."""
    spans = [(stop.start(), stop.end()) for stop in _STOP.finditer(text.sent)]
    spans += [(wish.start, wish.end) for wish in wishes(text)]
    spans += [(found.start(), found.end()) for found in re.finditer(r"\S*\d\S*", text.plain)]
    for value in known:
        if value is not None:
            spans += [
                (one.start(), one.end()) for one in re.finditer(rf"\b{re.escape(fold(value).plain)}\b", text.plain)
            ]
    return _between(text.sent, spans)


def name_in(piece: Piece, *, asked: bool, placed: bool = False) -> Name | None:
    """The name of which a piece consists.

    `asked`: the caller was just asked for it, so that small letters are enough. `placed`: the text says beside it where it
    is, so that a first name which is a town too is meant as a name.
    """
    bare = _without_manners(piece.words)
    words = _HERE.sub("", _NAMED.sub("", bare))
    introduced = words != bare
    words = _without_manners(words)
    parts = words.split()
    if not 0 < len(parts) <= LONGEST_NAME or not all(_WORD.fullmatch(part) for part in parts):
        return None
    if not introduced and lone_state(words) is not None:
        return None
    plain = fold(words).plain
    firsts = {word for word in re.findall(r"[a-z]+(?:'[a-z]+)?", plain) if is_first_name(word)}
    others = [word for word in _NICK.sub("", plain).split() if word not in firsts]
    if _ROAD.search(plain) or _NOBODY.fullmatch(plain) or any(is_everyday(word) for word in others):
        return None
    if not firsts and says_nothing(plain):
        return None
    first = plain.split()[0]
    certain = first in firsts and first not in ALSO_WORDS and (plain not in PLACES or placed)
    capital = all(part[:1].isupper() for part in parts)
    introduced = introduced and (asked or capital or certain)
    found = Name(words, introduced=introduced, common=certain)
    if asked or introduced:
        return found
    capital = capital and not words.isupper() and (plain not in PLACES or certain)
    return found if capital or (certain and len(parts) <= 2) else None


_ALSO_TIMES = frozenset({"may", "mayo", "eve", "abril", "jan"})  # names as rare as they are months and evenings


def lone_name(body: str) -> str | None:
    """The name that a text answering the question for one consists of, None where it says anything else: "Tom" and "May"
    are no times then, "Ana Friday" is a name and a time."""
    name = name_in(Piece(body.strip(), 0, len(body)), asked=True)
    if name is None:
        return None
    first = fold(name.words).plain.split()[0]
    text = fold(body)
    times = {text.plain[wish.start : wish.end].strip() for wish in wishes(text)}
    return name.words if times <= {first} and (is_first_name(first) or first in _ALSO_TIMES) else None


def only_facts(text: Folded, known: Iterable[str | None], *, asked: bool) -> bool:
    """Whether a text consists of places, numbers, times and a name, and says nothing else. `asked`: for the name."""
    rest = left_over(text, known)
    names = [name_in(piece, asked=asked, placed=True) for piece in rest]
    plain = [fold(_without_manners(piece.words)).plain for piece in rest]
    if any(
        name is None and not (says_nothing(words) or _AROUND_PLACE.fullmatch(words))
        for name, words in zip(names, plain, strict=True)
    ):
        return False
    return (
        any(names)
        or any(one in text.plain for one in (fold(value).plain for value in known if value))
        or bool(wishes(text))
    )


def _without_manners(words: str) -> str:
    return _BEHIND_NAME.sub("", _MANNERS.sub("", words.strip(_SIGNS) + " ").strip(_SIGNS)).strip(_SIGNS)


def is_first_name(word: str) -> bool:
    """Whether a folded word is a common first name."""
    return word in FIRST_NAMES


def time_in(piece: Piece) -> str | None:
    """The wanted time of which a piece consists, in English; None where it says something else beside it."""
    text = fold(piece.words)
    found = wishes(text)
    if not found:
        return None
    rest = "".join(
        " " if any(one.start <= at < one.end for one in found) else char for at, char in enumerate(text.plain)
    )
    return joined([one.worded() for one in found]) if says_nothing(rest) else None


_NO_WORDS = frozenset({"ks", "tx", "ny", "nj", "fl", "az", "nv", "tn", "ky", "wv", "nc"})
_WORDS_TOO = frozenset({"hi", "me", "in", "or", "ok"})  # in capitals too


def lone_state(words: str) -> str | None:
    """The state, as postal letters, that is all the words say: "KS", "ohio". "Georgia" is a name as well, and none."""
    bare = words.strip(" .,!")
    plain = bare.lower()
    if plain in FIRST_NAMES or plain in _WORDS_TOO or says_nothing(plain):
        return None
    if len(bare) == len("OH") and not bare.isupper() and plain not in _NO_WORDS:
        return None  # "nm" is never mind, and Mo and Al are people
    return state_named(bare)


def introduces(plain: str) -> bool:
    """Whether folded words only lead to a name: "my name is"."""
    return not _NAMED.sub("", plain + " ").strip()


def says_nothing(plain: str) -> bool:
    """Whether folded words only go around a time: "if possible", "would work"."""
    return all(_AROUND_TIME.fullmatch(word) for word in re.findall(r"[a-z0-9']+", plain))


def lies_ahead(time: str) -> bool:
    """Whether a time can only be one that is wanted, and not when something happened."""
    return _AHEAD.search(time) is not None


def _between(sent: str, spans: list[tuple[int, int]]) -> list[Piece]:
    found: list[Piece] = []
    at = 0
    for start, end in [*sorted(spans), (len(sent), len(sent))]:
        words = sent[at:start]
        if words.strip(_SIGNS) and start > at:
            lead = len(words) - len(words.lstrip())
            found.append(Piece(words.strip(), at + lead, at + len(words.rstrip())))
        at = max(at, end)
    return found
