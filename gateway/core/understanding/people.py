"""Whom the office should ask for: the name a text gives, as it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from gateway.core.understanding.cities import CITIES
from gateway.core.understanding.first_names import ALSO_WORDS, FIRST_NAMES
from gateway.core.understanding.folded import Folded


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may be a name, a place ...: as they are told, where they stand, and what speaks for them.

    `favoured` is added to how likely they are, 0..1: the business's own places are meant more often than others.
    """

    words: str
    start: int
    end: int
    hints: tuple[str, ...]
    favoured: float = 0.0


# Words that end a name, or show that what follows "this is" or "I'm" was none.
_NO_NAME = frozenset(
    """
    a about above after again all almost already also am an and any are around as asap ask at available back bad be because been
    before being best big both but by call called calling can cant cell come coming could currently customer day did do does
    doing dont done down during emergency even every fine first for from gave get gets getting glad go going gonna good got guys
    had has have having he heard hello help her here hey hi him his home hoping house how i id if ill im in interested into is
    isnt it its ive just kind late leaving like live living located locked looking lost lot make me mi more moving my near need
    needing needs new next no not now number of off ok okay on one only or our out over owner please possible pretty probably
    que question quick re ready really regarding renting right running sad selling she should sick so some someone sorry still
    stuck such sure tenant text texting thank thanks that the their them then there these they thinking this those to today
    tomorrow too tried trying under until up upset urgent us using very wait waiting want wanted was wasnt we were what when where
    which who why will with without wondering work worried would writing wrong yes yet you your homeowner landlord manager
    neighbor wife husband mom dad son daughter friend mother father
    actually always another anyway anybody asking booked broken building business busy buying car cold concerned confirmed
    contact different due dying exactly excited following free freezing frustrated fucking furious great happy hard heading hot
    instead kinda letting low mad major maybe most much never nice nobody nothing open okay otherwise outside planning real
    remodeling replacing ridiculous safe same seeing seriously set short since stranded super supposed terrible totally unable
    unacceptable unhappy unsure urgente usually via water willing
    la el los las un una y o en para por con de del al lo le les se su sus mi mis yo tu usted ustedes nos nosotros es esta estoy
    soy son ser fue era hay tengo tiene tenemos necesito necesita quiero quisiera quiere puede pueden podria favor gracias hola
    buenas buenos dias tardes noches ayuda urgente casa cliente dueno duena vecino vecina nuevo nueva otra otro aqui ahora hoy
    manana que quien como cuando donde cual muy mas menos bien mal solo tambien ya aun todavia porque pero si no desde hasta
    sobre sin interesado interesada llamo llama llame llamen vivo vive inquilino inquilina
    thx thnx tks ty tnx attn atte atentamente regards sincerely cheers saludos respectfully saludos morning mornin afternoon evening
    mornings afternoons evenings night tonight weekdays weekends perdon sir dear mam maam madam ma'am folks yall y'all
    i'm i'd i'll i've he's she's it's that's there's here's they're we're you're don't can't won't didn't doesn't isn't wasn't what's who's
    where's let's name's we've you've they've we'd he'll she'll kind sorta gonna wanna gotta also pls plz sent hope hoping
    somos estamos andamos traigo ocupo ocupamos busco buscamos oiga oigan disculpe disculpen señorita joven fijese mire encargado
    dr's contratista enfermero duenos tengan feliz
    """.split()
)
_TITLES = frozenset(
    """
    mr mrs ms miss dr doctor prof professor rev reverend pastor father fr brother sister deacon coach chief capt captain sgt lt col officer
    judge nurse sr sra srta senor senora don dona padre hermano hermana profe ing lic arq dra familia family apellido atty chef
    """.split()
)
_PARTICLES = frozenset({"de", "la", "las", "los", "del", "van", "von", "y", "der", "di", "da", "st", "mc", "el"})
_LONGEST = 4  # words of a name, particles not counted
_KIN = r"(?:husband|wife|hubby|mom|mother|mama|dad|father|son|daughter|brother|sister|aunt|uncle|grandma|grandpa|grandmother|grandfather|grandson|niece|nephew|cousin|partner|roommate|boyfriend|girlfriend|fiance|tenant|neighbor|property manager|manager|super|assistant|boss|secretary|caretaker|esposo|esposa|marido|papa|hijo|hija|hermano|hermana|tio|tia|abuelo|abuela|abuelita|suegro|suegra|cunado|cunada|inquilin[oa]|vecin[oa]|encargad[oa]|secretaria|novi[oa])"
# What stands before a name; the name begins where the match ends.
_INTRODUCTIONS = tuple(
    re.compile(rf"\b(?:{words}),? ?(?=[a-z])")
    for words in (
        r"(?:my|the|our|her|his|contact|full) (?:(?:\w+'s|full|first|last|contact) )?names?(?: here)?(?:'?s| is|:)?|name ?[:=-]|name'?s|nombre(?: es)?:?|se llama|llamada",
        r"mi nombre es|me llamo|mi nombre|m llamo|yamo",
        r"(?:le|les|te)? ?(?:habla|abla|escribe|saluda|avla|hablo)(?: de parte de)?|de parte de|a nombre de|aqui|aki|con",
        r"soy|soi",
        r"this is|this'?s|it'?s(?: me)?(?: again)?|its(?: me)?(?: again)?|here is|again",
        r"i'?m|i am|im",
        r"ask for|asking for|asked for|contact|speak (?:to|with)|talk (?:to|with)|look for|see|reach|call|text|attn|attention|c/o|get(?: a)?hold of|poc(?: is|:)?|contact(?: is|:)|deal with",
        r"pregunt[ea]n?(?: por)?|preguntar por|llam[ae]n? a|llame(?:n|le)?(?: a)?|contact[ea]n? (?:a|con)|busquen? a|hablen? con|hablar con|comunicarse con|contacto(?: es|:)|atencion(?: a)?|marquen? a",
        rf"(?:my|our|his|her|the|mi|su|un|una|el|la) {_KIN}(?:'s name is)?(?: is| es| named| se llama|'s)?|{_KIN}",
        r"(?:he|she|shes|hes|she's|he's|her name|his name)(?: is)?",
        r"hi|hello|hey|hola|good (?:morning|afternoon|evening)|buen[oa]s (?:dias|tardes|noches)|morning|buenas",
        r"thanks|thank you|thx|thnx|ty|gracias|regards|cheers|sincerely|saludos|atte\.?|atentamente|respectfully|yours|best|love|from|signed",
        r"for|to|para|por|and|y|or|with|tell|let|owner|dueno|duena|gc is|pm|realtor|agent|manager|mgr|super|homeowner|tenant|landlord",
        r"your (?:guy|tech|man|girl|gal|lady|crew|painter|plumber|estimator|cleaner|office|technician|installer|salesman|rep|boys?)|su (?:muchach[oa]|tecnico|senor|gente|trabajador|companero)|ur guy|ur tech|tech|technician|you guys|y'?all'?s",
    )
)
_DELIMITERS = frozenset('.,;:!?\n()[]-*~/|\u2022&=+"')
_TOKEN = re.compile(r"[a-z](?:[a-z]|['-](?=[a-z]))*")


class Sort(StrEnum):
    """What a word is when a name is looked for."""

    FIRST = "first"
    ALSO = "also"  # a first name and an everyday word
    TITLE = "title"
    PARTICLE = "particle"
    LETTER = "letter"
    EVERYDAY = "everyday"
    CAPITAL = "capital"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    sort: Sort
    plain: str


def candidates(text: Folded) -> list[Candidate]:
    """Every span that may be a name, in order: first names, capitalised words, what follows an introduction, and what
    stands alone between two stops."""
    shouted = text.sent.isupper()
    words = [_word(text, match, shouted=shouted) for match in _TOKEN.finditer(text.plain)]
    introduced = _introduced(text)
    found: list[Candidate] = []
    for at, word in enumerate(words):
        alone = _opens(text, word)
        named = introduced.get(word.start, ())
        if at and words[at - 1].sort is Sort.TITLE:
            named = (*named, "title", *introduced.get(words[at - 1].start, ()))
        if not _may_begin(word, named, alone=alone) or (at and _carries_on(text, words, at)):
            continue
        found += _from(text, words, at, named)
        if len(found) > _MOST:
            break
    return found


_MOST = 60  # spans of one text that are weighed; a long text says its name early or is none that a person wrote


def _word(text: Folded, match: re.Match[str], *, shouted: bool) -> _Word:
    plain = match.group()
    sent = text.sent[match.start() : match.end()]
    capital = sent[:1].isupper() and not shouted
    if plain in _TITLES:
        sort = Sort.TITLE
    elif len(plain) == 1:
        sort = Sort.LETTER
    elif plain in ALSO_WORDS:
        sort = Sort.ALSO
    elif plain in FIRST_NAMES:
        sort = Sort.FIRST
    elif plain in _PARTICLES and not capital:
        sort = Sort.PARTICLE
    elif plain in _NO_NAME:
        sort = Sort.EVERYDAY
    else:
        sort = Sort.CAPITAL if capital else Sort.OTHER
    return _Word(match.start(), match.end(), sort, plain)


def _introduced(text: Folded) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for number, pattern in enumerate(_INTRODUCTIONS):
        for match in pattern.finditer(text.plain):
            found[match.end()] = (*found.get(match.end(), ()), str(number))
    return found


def _opens(text: Folded, word: _Word) -> bool:
    """Whether a word is the first behind a stop or of the text."""
    before = text.plain[: word.start].rstrip(" ")
    return (
        not before or before[-1] in _DELIMITERS or text.sent[max(0, word.start - 1)] == "\n" or not before[-1].isalnum()
    )


def _closes(text: Folded, end: int) -> bool:
    """Whether nothing of the sentence follows: a stop, a number, the end."""
    after = text.plain[end:].lstrip(" ")
    return not after or after[0] in _DELIMITERS or not after[0].isalpha() or text.sent[end : end + 1] == "\n"


def _may_begin(word: _Word, named: tuple[str, ...], *, alone: bool) -> bool:
    match word.sort:
        case Sort.FIRST | Sort.CAPITAL:
            return True
        case Sort.ALSO | Sort.OTHER:
            return alone or bool(named)
        case Sort.LETTER:
            return alone
        case Sort.TITLE | Sort.PARTICLE | Sort.EVERYDAY:
            return False


def _carries_on(text: Folded, words: list[_Word], at: int) -> bool:
    """Whether a word only continues a name that has begun: the second of "Marta Ruiz"."""
    before = words[at - 1]
    if text.plain[before.end : words[at].start] != " " or text.sent[before.end] == "\n":
        return False
    return (
        before.sort in (Sort.FIRST, Sort.CAPITAL)
        and words[at].sort in (Sort.CAPITAL, Sort.OTHER)
        and before.plain not in _SALUTING
    )


_SALUTING = frozenset({"hi", "hey", "hello", "hola"})


def _from(text: Folded, words: list[_Word], at: int, named: tuple[str, ...]) -> list[Candidate]:
    """The spans that begin with a word: one word of a name, two, three ..."""
    found: list[Candidate] = []
    sorts: list[Sort] = []
    last = at
    while len(found) < _LONGEST and last < len(words):
        word = words[last]
        if last > at:
            between = text.plain[words[last - 1].end : word.start]
            follows = between == " " or (between == ". " and words[last - 1].sort is Sort.LETTER) or between == "."
            if not follows or "\n" in text.sent[words[last - 1].end : word.start]:
                break
        if word.sort in (Sort.EVERYDAY, Sort.TITLE) and last > at:
            break
        sorts.append(word.sort)
        last += 1
        if word.sort is Sort.PARTICLE:
            if last - at > _LONGEST:
                break
            continue
        if last - 1 == at and word.sort is Sort.LETTER:
            continue
        if word.sort is Sort.LETTER and not (text.sent[word.start].isupper() or _closes(text, word.end)):
            break
        found.append(_candidate(text, words, at, last, sorts, named))
    return found


def _candidate(
    text: Folded, words: list[_Word], at: int, last: int, sorts: list[Sort], named: tuple[str, ...]
) -> Candidate:
    start, end = words[at].start, words[last - 1].end
    hints = [f"introduced {number}" for number in named] or ["not introduced"]
    shape = " ".join(str(sort) for sort in sorts)
    opens, closes = _opens(text, words[at]), _closes(text, end)
    hints.append(f"sorts {shape}")
    hints.append(f"between {opens} {closes} {shape}")
    before = words[at - 1] if at and text.plain[words[at - 1].end : start].strip(" .") == "" else None
    after = words[last] if last < len(words) and text.plain[end : words[last].start] == " " else None
    hints.append(f"before {before.sort if before else 'stop'}")
    hints.append(f"after {after.sort if after else 'stop'}")
    if before and before.sort is Sort.TITLE:
        hints.append("title")
    left = text.plain[:start].rstrip()
    right = text.plain[end:].lstrip()
    hints.append(
        f"stops {left[-1:] if not left[-1:].isalnum() else 'a' if left[-1:].isalpha() else '0'} {right[:1] if not right[:1].isalnum() else 'a' if right[:1].isalpha() else '0'}"
    )
    plain = " ".join(word.plain for word in words[at:last])
    if plain in PLACES:
        hints += ["place", f"place {opens} {closes}"]
    elif any(word.plain in PLACES for word in words[at:last]) or (after and f"{plain} {after.plain}" in PLACES):
        hints.append("part of a place")
    if re.match(rf" (?:{_ROADS})\b", text.plain[end : end + 12]) or re.search(rf" (?:{_ROADS})$", " " + plain):
        hints.append("road")
    if re.search(r"\d (?:[nsew]\.? )?$", text.plain[:start]):
        hints.append("after a number")
    if re.match(r",? (?:\d{5}\b|oh|tx|ks|mo|ohio|texas|kansas|missouri)", text.plain[end : end + 12]):
        hints.append("before a ZIP or state")
    hints.append("last sentence" if not re.search(r"[.!?]\s*\w", text.plain[end:]) else "not last sentence")
    return Candidate(text.sent[start:end], start, end, tuple(hints))


_ROADS = "st|street|ave|avenue|rd|road|dr|drive|ln|lane|blvd|ct|court|hwy|pkwy|way|pl|trail|mall|park|church|school|hotel|dental|county|heights|hts"


def _place_names() -> frozenset[str]:
    plain = (re.sub(r"[^a-z ]", "", city.lower().replace("-", " ")) for city in CITIES)
    return frozenset(name for city in plain for name in (city, city.replace("heights", "hts")))


PLACES = _place_names()


def is_everyday(word: str) -> bool:
    """Whether a folded word is one that is part of no name."""
    return word in _NO_NAME
