"""Where the work is: ZIP code, city and street address, as a text gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.core.states import state_named
from gateway.core.understanding.cities import CITIES, DOUBTFUL, IN_CONNECTICUT, NICKNAMES, SHORT_NICKNAMES
from gateway.core.understanding.folded import Folded, fold

_STATE_NAMES = (
    "alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|indiana|iowa"
    "|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada"
    "|new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|rhode island"
    "|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin|wyoming"
)
_POSTAL = (
    "al|ak|az|ar|ca|co|ct|de|fl|ga|hi|ia|id|il|in|ks|ky|la|ma|md|me|mi|mn|mo|ms|mt|nc|nd|ne|nh|nj|nm|nv|ny|oh|ok|or|pa|ri|sc|sd"
    "|tn|tx|ut|va|vt|wa|wi|wv|wy"
)
STATES = rf"{_POSTAL}|{_STATE_NAMES}"
STREET_WORDS = (
    "street|st|avenue|ave|av|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|place|pl|terrace|terr?|circle|cir|way|parkway|pkwy|pky"
    "|highway|hwy|trail|trl|tr|loop|cove|cv|run|pass|pike|square|sq|row|path|point|pt|ridge|crossing|xing|bend|hollow|glen|alley|aly"
    "|turnpike|trace|view|vista|walk|oval|park|freeway|fwy|expressway|plaza|heights|hts|landing|meadows?|creek|grove|hill|knoll|oaks"
)
DIRECTIONS = r"(?:north|south|east|west|northeast|northwest|southeast|southwest|ne|nw|se|sw|n|s|e|w)\.?"
_NUMBERED = r"\d{1,3}(?:st|nd|rd|th)"
_STREET_WORD = r"[a-z][a-z'.-]*"
_HOUSE = r"(?<![\d$#/.:-])(?P<house>\d{1,5}(?: ?1/2|-?[a-d](?= ))?)"
_ADDRESSES = (
    # 1423 W 117th St, 88 North Main, 4410 Pearl Rd, 12 Old Mill Creek Lane
    re.compile(rf"{_HOUSE} (?P<street>(?:{DIRECTIONS} )?(?:{_NUMBERED}|(?:{_STREET_WORD} ){{0,3}}{_STREET_WORD}) (?:{STREET_WORDS})\b\.?(?: (?:{DIRECTIONS})(?![a-z']))?)"),
    re.compile(rf"{_HOUSE} (?P<street>(?:{DIRECTIONS} )?{_NUMBERED}(?: (?:{DIRECTIONS})(?![a-z']))?)"),
    re.compile(rf"{_HOUSE} (?P<street>(?:{DIRECTIONS} )?(?:county (?:road|rd)|state (?:route|rt|road|hwy)|fm|cr|sr|us|hwy|highway|route|rt|rr|interstate|loop)[ -]?(?:highway |hwy )?\d{{1,4}}(?: {DIRECTIONS}(?![a-z']))?)"),
    re.compile(rf"{_HOUSE} (?P<street>(?:avenue|ave|avenida|calle|camino|paseo|via|rue) [a-z]+(?: [a-z]+)?)\b"),
    re.compile(r"(?:calle|avenida|camino) (?P<street2>[a-z]+(?: [a-z]+)?) (?:#|numero |no\.? )?(?P<house2>\d{1,5})\b"),
    re.compile(rf"(?:numero|#|el) (?P<house3>\d{{2,5}}) (?:de la|de|en la|en) (?:calle |avenida )?(?P<street3>[a-z]+(?: [a-z]+)? (?:{STREET_WORDS})\b|(?:calle|avenida) [a-z]+)"),
)  # fmt: skip
# a house number and a street without "St": only where the sentence says that an address comes
_BARE = re.compile(
    rf"(?:\b(?:at|address(?: is|:)?|live (?:at|on)|located at|im at|i'm at|its|it's|to|en(?: el)?|vivo en(?: el)?|direccion(?: es)?:?|domicilio(?: es)?|for|over at|house is)|,|\n|^|-|\.) ?"
    rf"{_HOUSE} (?P<street>(?:{DIRECTIONS} )?[a-z][a-z'-]{{2,}}(?: [a-z][a-z'-]{{2,}})?)(?=[,.!?\n]|$| (?:in|is|apt|unit|off|near|right|and|by|please|the|my|en|y|oh|ohio|tx|texas|ks|mo|\d{{5}}))"
)
NOT_STREETS = frozenset(
    """
    year years yr yrs old month months week weeks day days hour hours min mins minute minutes people person guys kids rooms room
    bed beds bedroom bedrooms bath baths bathroom bathrooms story stories floor floors window windows door doors car cars ton tons amp
    amps volt volts gallon gallons gal inch inches foot feet ft sq square degree degrees percent dollars bucks bucks times am pm
    unit units outlet outlets light lights fan fans panel panels zone zones toilet toilets sink sinks drain drains roof roofs
    more of in on at to for or and the a please is was since after before until til till by per small big large new ac furnace
    furnaces water heater heaters leaks pipe pipes spots holes lock locks keys key locksets deadbolts sets pieces boxes cats dogs
    anos ano semanas dias horas cuartos recamaras banos personas puertas ventanas meses minutos metros pies grados galones veces
    ext extension invoice quote job order ticket number business working different other nights guests units offices employees depto departamento dpto
    breaker breakers circuits switches smoke detectors gutters shingles squares sections slabs steps trees houses homes families tenants
    """.split()
)

_ZIP = re.compile(r"(?<![\d$#.,/-])(?P<zip>\d{5})(?:-\d{4})?(?![\d%]|[.,]\d|-\d|/)")
_NOT_ZIP_BEFORE = re.compile(
    r"(?:invoice|inv|order|job|quote|ticket|case|estimate|account|acct|claim|policy|ref(?:erence)?|confirmation|work order|wo|model|serial|po|permit|license|lic"
    r"|factura|cotizacion|orden|numero de|cuenta|presupuesto|no)\.?(?: (?:number|num|no\.?|is|was|es|de|numero|id))?:? ?#? ?$"
    r"|\$ ?$|# ?$|moved (?:here )?from(?: the)?(?: zip)? ?$|used to (?:live|be) in ?$|formerly ?$|not ?$|instead of ?$|no es(?: el)? ?$"
)
_NOT_ZIP_AFTER = re.compile(
    r" ?(?:btus?|sq(?:uare)?\b|ft\b|feet|miles?|mi\b|dollars|bucks|watts?|w\b|k\b|gal|lbs|pounds|[a-z]+(?: [a-z]+)? (?:st|street|ave|avenue|rd|road|dr|drive|ln|lane|blvd|ct|court|hwy|way|pkwy|trail|cir|pl)\b|millas|dolares|pies)"
)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names of places that a reader knows: folded spelling to the name as it is written."""

    names: dict[str, str]
    longest: int
    home: frozenset[str]  # the business's own places, folded: never doubtful
    nicknames: frozenset[str] = frozenset()  # the business's own, folded: ordinary words, many of them

    @classmethod
    def of(cls, own: Iterable[str], nicknames: Iterable[tuple[str, str]] = ()) -> Gazetteer:
        """A gazetteer of the business's own cities and nicknames, the known cities of the country beside them."""
        names: dict[str, str] = {}
        home: set[str] = set()
        for city in (*sorted(CITIES), *own):
            for spelling in _spellings(city):
                names[spelling] = city
        for city in own:
            home.update(_spellings(city))
        names.update(NICKNAMES)
        own_names = {plain_name(nickname): city for nickname, city in nicknames}
        names.update(own_names)
        return cls(names, max(name.count(" ") + 1 for name in names), frozenset(home), frozenset(own_names))

    def starts_with(self, plain: str) -> bool:
        """Whether a piece of a folded text begins with the name of a place."""
        words = re.findall(r"[a-z'.-]+", plain)[: self.longest]
        return any(plain_name(" ".join(words[:size])) in self.names for size in range(1, len(words) + 1))

    def ends_with(self, plain: str) -> bool:
        """Whether a piece of a folded text ends with the name of a place."""
        words = re.findall(r"[a-z'.-]+", plain)[-self.longest :]
        return any(plain_name(" ".join(words[at:])) in self.names for at in range(len(words)))


def plain_name(name: str) -> str:
    return " ".join(re.sub(r"[^a-z ]", "", fold(name).plain.replace("-", " ")).split())


def _spellings(city: str) -> set[str]:
    plain = plain_name(city)
    spellings = {plain}
    for long, short in (
        ("heights", "hts"),
        ("heights", "hgts"),
        ("park", "pk"),
        ("north", "n"),
        ("south", "s"),
        ("east", "e"),
        ("west", "w"),
        ("fort", "ft"),
        ("saint", "st"),
        ("township", "twp"),
        ("mount", "mt"),
        ("springs", "spgs"),
    ):
        if re.search(rf"\b{long}\b", plain):
            spellings.add(re.sub(rf"\b{long}\b", short, plain))
    if plain.startswith("st "):
        spellings.add("saint" + plain[2:])
    return spellings


def zip_code(text: Folded) -> str | None:
    """The five digits of the place's ZIP code; the last one wins when a text corrects itself."""
    found = [match.group("zip") for match in _ZIP.finditer(text.plain) if zip_is_likely(text, match)]
    return found[-1] if found else None


def zip_is_likely(text: Folded, match: re.Match[str]) -> bool:
    """Whether nothing beside five digits says that they are no ZIP code."""
    before, after = text.plain[max(0, match.start() - 40) : match.start()], text.plain[match.end() :]
    return not (_NOT_ZIP_BEFORE.search(before) or _NOT_ZIP_AFTER.match(after))


def street_address(text: Folded) -> str | None:
    """House number and street as written; the last one wins when a text corrects itself."""
    found: list[tuple[int, str]] = []
    for pattern in _ADDRESSES:
        for match in pattern.finditer(text.plain):
            span = _span(match)
            if span and not any(start <= match.start() < start + len(words) for start, words in found):
                words = (
                    text.sent[span[0] : span[1]]
                    if span[2] is None
                    else f"{text.sent[span[0] : span[1]]} {text.sent[span[2] : span[3]]}"
                )
                if plausible(match):
                    found.append((match.start(), words))
    if not found:
        for match in _BARE.finditer(text.plain):
            if plausible(match):
                found.append((match.start("house"), text.sent[match.start("house") : match.end("street")]))
    return " ".join(max(found)[1].strip(" .,").split()) if found else None


def _span(match: re.Match[str]) -> tuple[int, int, int | None, int] | None:
    groups = match.groupdict()
    for end in ("2", "3"):
        if groups.get(f"house{end}"):
            return (
                match.start(f"house{end}"),
                match.end(f"house{end}"),
                match.start(f"street{end}"),
                match.end(f"street{end}"),
            )
    return match.start("house"), match.end("street"), None, 0


def plausible(match: re.Match[str]) -> bool:
    """Whether the words after a number can be a street: "3 ton ac", "200 amp panel" and "2 bedrooms" are none."""
    street = next((match.group(name) for name in ("street", "street2", "street3") if match.groupdict().get(name)), "")
    words = street.split()
    first = words[0].strip(".") if words else ""
    if first in NOT_STREETS:
        return False
    return not any(
        word in ("i", "my", "the", "we", "you", "your", "need", "needs", "have", "is", "are", "was", "mi", "el")
        for word in words[:-1]
    )


_CONNECTICUT = re.compile(r",? ct\b")


def street_follows(text: Folded, start: int, end: int, known: str) -> bool:
    """Whether the name of a place is the name of a street here: "Denver Ave", but not "Waterbury CT"."""
    after = text.plain[end : end + 14]
    if (
        known in IN_CONNECTICUT
        and _CONNECTICUT.match(after)
        and not re.search(r"\d (?:[nsew]\.? )?$", text.plain[:start])
    ):
        return False
    return bool(re.match(rf"\.? (?:{STREET_WORDS})\b", after))


_STREET_BEHIND = re.compile(
    rf"\.? (?:(?P<street>{STREET_WORDS})\b|county|state|clinic|browns|guardians|chiefs|royals|spurs|indians|cavs|mall|airport|hospital|university)"
)


def city_score(text: Folded, start: int, end: int, plain: str, known: str, places: Gazetteer) -> int:
    """How surely a name is meant as the place of the work: 0 not at all, 3 beyond doubt."""
    before, after = text.plain[max(0, start - 30) : start], text.plain[end : end + 30]
    in_state = known in IN_CONNECTICUT and _CONNECTICUT.match(after)
    street = None if in_state else _STREET_BEHIND.match(after)
    if street and not (street["street"] and after[street.end() :].startswith(f" {plain}")):
        return 0
    if re.search(r"(?:moved from|from the|used to live in|originally from) ?$", before):
        return 0
    if re.search(r"(?<!\d)\d{1,5} (?:[nsew]\.? )?$", before) and not re.match(r",", after):
        return 0  # a street of that name
    located = bool(
        re.search(
            rf"(?:\b(?:in|at|from|near|to|of|around|outside|serve|service|cover|out in|over in|en|de|a|para|hasta|cerca de)|,|{STREET_WORDS}\.?,?) (?:downtown |west |east |north |south |the )?$",
            before,
        )
    )
    followed = bool(re.match(rf",? (?:{STATES})\b|,? \d{{5}}\b|[.,!?]|$| area", after))
    stateside = bool(re.match(rf",? ?(?:{STATES})\b(?! the)|,? \d{{5}}\b", after))
    sent = text.sent[start:end]
    if plain in SHORT_NICKNAMES and not located and not stateside and not sent.isupper():
        return 0
    if plain in places.nicknames:
        return 3 if located or stateside or sent != sent.lower() else 0
    if plain in places.home and known not in DOUBTFUL and plain not in SHORT_NICKNAMES:
        return 3
    if stateside:
        return 3
    if known in DOUBTFUL:
        if located and (sent[:1].isupper() or plain in places.home or followed):
            return 2
        return 1 if plain in places.home and (followed or sent[:1].isupper()) else 0
    return 2 if located or followed or sent[:1].isupper() else 1


# Postal letters that are words as well, in English or Spanish.
_WORDS_TOO = frozenset("al co de hi id in la ma me mo ok or pa".split())
_STATE = re.compile(rf"\.?(?P<comma>,)? ?(?P<state>{_STATE_NAMES}|{_POSTAL})\b(?P<end> ?(?:[.,;!?]|\d{{5}}\b|$))?")


def state_behind(text: Folded, at: int) -> str | None:
    """The state that stands at a place of the text, as postal letters.

    What may be a word is none: "lakewood or parma", "berea ok thanks", also in a text that is all capitals.
    """
    found = _STATE.match(text.plain, at)
    if found is None:
        return None
    sent = text.sent[found.start("state") : found.end("state")]
    if len(sent) > len("OH") or (sent.isupper() and not text.sent.isupper()):
        return state_named(sent)
    doubtful = found["state"] in _WORDS_TOO and found["comma"] is None
    return None if doubtful or found["end"] is None or found["state"] == "ok" else state_named(sent)
