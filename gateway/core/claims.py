"""What a text of ours must never say, in English and in Spanish: the vocabulary of the lint.

Patterns are read on text folded to lower-case ASCII letters, one character for one (`fold`), so accents and capitals do
not matter and a hit's place is its place in the template. A denial shortly before a hit makes it harmless: "we cannot
promise a time", "no podemos dar precios por texto".

The rules behind it: no price, no time and no arrival is promised, nobody is told that a person has read or is coming,
a reply to a call advertises nothing (47 CFR 64.1200(f)(13), PECR: a service text that promotes is marketing), and the
box does not pose as a person (California B&P 17941).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MASK: Final = "\xa4"  # stands for the business's name, whatever words the name is made of


class Rule(StrEnum):
    """What a finding is about."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_GSM7 = "not_gsm7"
    EMOJI = "emoji"
    PLACEHOLDER = "placeholder"
    BUSINESS_NAME = "business_name"
    STOP = "stop"
    SEVERAL_QUESTIONS = "several_questions"
    NO_QUESTION = "no_question"
    QUESTION = "question"
    MISSED_CALL = "missed_call"
    AUTOMATIC = "automatic"
    EMERGENCY = "emergency"
    PROMISE = "promise"
    HYPE = "hype"
    SHOUTING = "shouting"
    ADVERTISING = "advertising"
    PERSON = "person"
    UNKNOWN_FACT = "unknown_fact"
    LINK = "link"
    SPACES = "spaces"


@dataclass(frozen=True, slots=True)
class Claim:
    """A wording found in a text: what rule it breaks, where, and whether it is only doubtful."""

    rule: Rule
    start: int
    end: int
    doubtful: bool = False


def fold(text: str) -> str:
    """Lower-case letters without accents and straight quotes, the same length as `text`."""
    return "".join(_fold_one(character) for character in text)


def without_name(text: str, business_name: str) -> str:
    """The text with the business's name and its placeholder masked, every character in its place."""
    name = fold(business_name.strip())
    masked = re.sub(r"\{business\}", lambda found: MASK * len(found[0]), text)
    if not name:
        return masked
    places = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", fold(masked))
    for place in places:
        masked = masked[: place.start()] + MASK * (place.end() - place.start()) + masked[place.end() :]
    return masked


def claims(folded: str, stated_minutes: int | None = None) -> Iterator[Claim]:
    """Every forbidden or doubtful wording in a folded text, by rule and place; overlapping hits of a rule count once.

    `stated_minutes` is the response time the business has agreed to: saying just that is no finding.
    """
    for rule, doubtful, patterns in _VOCABULARY:
        reached = 0
        for found in patterns.finditer(folded):
            if found.start() < reached or _is_denied(folded, found.start()):
                continue
            if rule is Rule.PROMISE and _is_stated(found[0], stated_minutes):
                continue
            reached = found.end()
            yield Claim(rule, found.start(), found.end(), doubtful)


def _fold_one(character: str) -> str:
    if character in "‘’‛`´":
        return "'"
    if character in "“”„":
        return '"'
    bare = unicodedata.normalize("NFKD", character)[0]
    low = bare.lower()
    return low if len(low) == 1 else character


# A denial counts up to four words ahead of the hit, within the same clause.
_DENIAL: Final = re.compile(
    r"\b(?:not|cannot|never|without|unable|isn't|aren't|won't|can't(?! wait)|don't(?! worry| hesitate)|"
    r"doesn't|didn't|wouldn't|"
    r"couldn't|nothing|nobody|none|no(?! problem| worries| matter| doubt| se preocupe)|nada|nadie|nunca|"
    r"jamas|sin|ni|tampoco)\b(?:\W+[\w'{}]+){0,4}\W*$"
)
# "If you smell gas, leave right away": haste asked of the caller for his life's sake.
_SAFETY: Final = re.compile(
    r"\b(?:leave|get out|go outside|evacuate|call 911|salga\w*|llame al 911)\b|\bif there is$|\bif in$"
)
_CLAUSE: Final = re.compile(r"[.!?;:,\n]")


def _is_denied(folded: str, start: int) -> bool:
    clause = _CLAUSE.split(folded[:start])[-1]
    return _DENIAL.search(clause) is not None or _SAFETY.search(clause) is not None


def _is_stated(words: str, stated_minutes: int | None) -> bool:
    number = re.search(r"([0-9]+) ?(?:-| )?(min|h)", words)
    if stated_minutes is None or number is None:
        return False
    return int(number[1]) * (60 if number[2] == "h" else 1) == stated_minutes


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_WORKER = (
    r"(?:technician|tech|plumber|electrician|roofer|painter|locksmith|cleaner|installer|crew|team|truck|van|pro|"
    r"specialist|expert|guy|someone|somebody|help|driver|agent|representative|rep|dispatcher|tecnico|"
    r"plomero|electricista|cerrajero|techador|pintor|"
    r"equipo|alguien|ayuda|especialista|camion|camioneta)s?"
)
_SUBJECT_WILL = (
    rf"(?:(?:we|they|he|she|{_WORKER}) (?:will|shall|can|are going to|is going to)|"
    r"(?:we|they|he|she)'(?:ll|re going to))"
)
_DO = (
    r"(?:call|text|ring|phone|reply|respond|answer|get back|contact|reach|follow up|come|fix|see|visit|"
    r"be (?:there|out|"
    r"over|with you)|arrive|send|help|return|have)"
)
_WHEN = (
    r"(?:today|tonight|tomorrow|this (?:morning|afternoon|evening)|in the (?:morning|afternoon|evening)|"
    r"first thing|by (?:noon|morning|evening)|(?:on |next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:at|by|before|around|after) [0-9]{1,2}(?::[0-9]{2})? ?(?:[ap]\.?m\b|o'?clock)|\{next_opening\}|"
    r"the same day|next business day|next (?:morning|day))"
)
_CUANDO = (
    r"(?:hoy|esta (?:tarde|noche|manana)|manana|por la manana|el (?:proximo )?(?:lunes|martes|miercoles|"
    r"jueves|viernes|"
    r"sabado|domingo)|antes de las? [0-9]|a las? [0-9]{1,2}|\{next_opening\})"
)
_VAMOS = (
    r"(?:le|les|lo|la|te) (?:llamar\w*|llamamos|contactar\w*|contactamos|responder\w*|respondemos|atender\w*|"
    r"atendemos|visitar\w*|visitamos|escribir\w*|enviar\w*)|(?:llamaremos|iremos|llegaremos|estaremos|visitaremos|"
    r"responderemos|contactaremos|comunicaremos|devolveremos|vamos a (?:ir|llamar\w*|llegar|arreglar\w*))"
)
_SPAN = (
    r"(?:[0-9]+(?: ?(?:-|to|or|a|o) ?[0-9]+)?|an?|one|two|ten|"
    r"fifteen|thirty|a few|few|half an|un|una|dos|diez|quince|treinta|media|pocos|unos)"
)
_UNIT = r"(?:min(?:ute|uto)?s?|h(?:ou)?rs?|h|horas?|days?|dias?|seconds?|segundos?|moments?|momentos?)\b"

_PROMISE = _any(
    rf"\b{_WORKER}\b[^.!?]{{0,40}}\b(?:on (?:the|our|their|his|her|its) way|en route|headed|heading|coming|"
    rf"dispatched|"
    r"will (?:be (?:there|out|with you)|arrive|come|visit))",
    r"\bon (?:the|our|my|its|their) way\b",
    r"\ben route\b|\bbe right (?:there|over|with you)\b|\bright with you\b",
    rf"\b{_SUBJECT_WILL} (?:be (?:there|right|out|over)|arrive|come (?:out|over|by|to you)|fix|solve|repair|"
    r"take care of|have (?:it|you|this|that|your)|get (?:it|this|you|that|your \w+) (?:fixed|done|running|working|"
    r"repaired|sorted))\b",
    rf"\b(?:sending|we(?:'ll| will)? send|we(?:'ve| have)? sent|dispatch(?:ing|ed)?)\b[^.!?]{{0,20}}\b{_WORKER}\b",
    rf"\b(?:within|in|under|in under|in less than|in the next|"
    rf"inside) (?:the )?(?:next )?{_SPAN}[ -]?{_UNIT}",
    r"\bwithin the (?:hour|day)\b|\b(?:in|within) (?:minutes|moments|seconds)\b",
    rf"\b(?:en|dentro de|en menos de|antes de|en unos|en los proximos) {_SPAN} ?{_UNIT}",
    rf"\b{_SPAN}[ -]?{_UNIT} away\b|\ba {_SPAN} ?{_UNIT} de distancia\b",
    rf"\bexpect (?:us|it|them|a (?:call|text|reply|visit)|(?:the|our|your) \w+)\b[^.!?]{{0,20}}?(?<!\w){_WHEN}",
    rf"\b{_WORKER}\b (?:\w+ )?arrives?\b",
    rf"\b[0-9]+[ -]?{_UNIT}[ -](?:response|arrival|service|guarantee)",
    rf"\b{_SUBJECT_WILL}(?: \w+)? {_DO}\b[^.!?]{{0,50}}?(?<!\w){_WHEN}",
    rf"\b(?:{_VAMOS})\b[^.!?]{{0,40}}?(?<!\w){_CUANDO}",
    r"\b(?:call|text|phone|get|ring)(?:ing)? (?:you )?(?:right|straight) back\b|\bright back\b|\bright away\b|"
    r"\bimmediate(?:ly)?\b(?! danger)|\binstant(?:ly)?\b|\bstraight away\b|\bsame[- ]day\b",
    r"\bde inmediato\b|\binmediatamente\b|\benseguida\b|\bahora mismo\b|\bhoy mismo\b|\bmismo dia\b|\bal instante\b",
    r"\ben camino\b|\bva(?:n|mos)? para alla\b|\bsaliendo para\b|\bya va(?:n|mos)?\b",
    rf"\b{_WORKER}\b[^.!?]{{0,30}}\b(?:llegara|llega|ira|saldra|va a (?:llegar|ir)|viene)\b|\bllegaremos\b|"
    r"\bestaremos (?:ahi|alli|alla)\b",
    rf"\b(?:enviamos|enviaremos|mandamos|mandaremos|enviando|mandando|enviado|mandado)\b[^.!?]{{0,20}}\b{_WORKER}\b",
    r"\b(?:lo|la|le) (?:arreglamos|arreglaremos|reparamos|repararemos|resolvemos|resolveremos|solucion\w+)\b",
    r"\b(?:confirmed|booked|scheduled)\b|\ball set\b|\byou're on the (?:schedule|calendar)\b|\breserved\b",
    r"\bconfirmad[oa]s?\b|\bagendad[oa]s?\b|\bprogramad[oa]s?\b|\breservad[oa]s?\b",
    r"\bguarante\w*|\bwe promise\b|\bpromised?\b|\b100 ?%|\bassured?\b|\brest assured\b|\bcount on us\b",
    r"\bgarantiz\w*|\bgarantias?\b|\bprometemos\b|\bprometido\b|\ble aseguramos\b|\bcuente con nosotros\b",
    r"\$ ?[0-9]|\b[0-9]+ (?:dollars|bucks|dolares|usd)\b|\b(?:price|cost|fee|rate)s? (?:is|are|start|from|of|begin)|"
    r"\b(?:starting|starts) at\b|\bas low as\b|\bflat[- ]rate\b|\bfixed price\b|\bprecios? (?:fijos?|desde|es|de)\b|"
    r"\bcuesta\b|\bdesde solo\b",
)
_PROMISE_DOUBTFUL = _any(
    r"\bshortly\b|\bmomentarily\b|\bsoon\b|\basap\b|\bin a (?:moment|bit|jiffy|sec)\b|\bquickly\b|\bpromptly\b",
    r"\bpronto\b|\ben breve\b|\ben un momento\b|\blo antes posible\b|\bcuanto antes\b|\brapidamente\b",
    r"\b24/7\b|\b24 (?:hours|horas)\b|\baround the clock\b",
)
_HYPE = _any(
    r"\bact (?:now|fast|today)\b|\bdo(?:n't| not) (?:wait|miss|delay)\b(?! (?:inside|near|in the|there|with))|"
    r"\bhurry\b|\blimited[- ]time\b|"
    r"\blast chance\b|"
    r"\b(?:today|now) only\b|\bonly today\b|\bwhile (?:they|supplies|spots|slots) last\b|\bbefore it'?s too late\b|"
    r"\bcall now\b|\b(?:spots|slots|openings|appointments) (?:are )?(?:filling|limited|going|left)\b|"
    r"\bonly (?:a few|[0-9]+) (?:\w+ )?(?:spots?|slots?|openings?|appointments?|left|days?|hours?)\b|"
    r"\bfinal notice\b|"
    r"\bexpires?\b|\brespond now\b|\breply now\b|\btime is running out\b|\bimmediate action\b|\burgent offer\b|"
    r"\bor (?:lose|you'?ll lose|miss out)\b|\bwon't believe\b",
    r"\bamazing\b|\bincredible\b|\bawesome\b|\bunbeatable\b|\bbest in\b|"
    r"\bthe best\b(?! (?:time|way|number|phone|day|address|place|hour|part))|#1\b|\bnumber one\b|"
    r"\b(?:top|highest|best)[- ]rated\b|\b(?:5|five)[- ]stars?\b|\bworld[- ]class\b|\baward[- ]winning\b|\bpremier\b|"
    r"\blightning[- ]fast\b|\b(?:super|ultra|insanely) \w+|\bfastest\b|\bfantastic\b|\bthrilled\b|\bexcited\b|"
    r"\bgot you covered\b|\bmost trusted\b|\btrusted by\b|\bexperts? in\b|\bunmatched\b|\bwow\b",
    r"\bactue (?:ya|ahora)\b|\bno (?:espere|lo deje|se lo pierda|pierda)\w*\b|\bapur\w+se\b|\bdese prisa\b|"
    r"\b(?:de)?prisa\b|\bultim[oa]s? (?:oportunidad|dias?|lugares|cupos|horas?)\b|\btiempo limitado\b|"
    r"\bsolo (?:por )?hoy\b|\bllame (?:ya|ahora)\b|\bresponda (?:ya|ahora)\b|\bcupos? limitados?\b|"
    r"\bantes (?:de )?que sea (?:muy |demasiado )?tarde\b",
    r"\bincreibles?\b|"
    r"\b(?:el|la|los|las) mejor(?:es)?\b(?! (?:hora|dia|numero|momento|telefono|manera|forma|lugar))|"
    r"\bnumero uno\b|\binigualables?\b|\b(?:5|cinco) estrellas\b|"
    r"\bfantastic[oa]s?\b|\bmaravillos[oa]s?\b|\blider(?:es)? en\b|\bsuper rapid\w+",
    r"![ ]*!",
)
_ADVERTISING = _any(
    r"\b(?:special|great|exclusive|limited|new) (?:offer|price|rate|deal)s?\b|\bour offers?\b|\boffers?\b(?! to)|"
    r"\bwe(?: also)? offer\b|\bdiscount\w*|\b[0-9]+ ?% ?(?:off|discount|descuento)?|\bpercent off\b|\bcoupons?\b|"
    r"\b(?:use|with|usa|use el|con el) (?:promo )?(?:code|codigo)\b|\bour (?:\w+ )?specials?\b|"
    r"\bpromo(?:s|tion|tions|tional| code)?\b|\b(?:on|for|big|summer|winter|spring|fall|our) sale\b|"
    r"\bsale (?:ends|price|now)\b|"
    r"\bdeals?\b(?! with)|\$ ?[0-9]+ off\b",
    r"(?<!feel )(?<!toll )(?<!toll-)(?<!hands-)(?<!smoke-)(?<!are )(?<!is )(?<!be )\bfree\b(?! to\b)(?!-)|"
    r"\bno[- ]charge\b|\bcomplimentary\b|"
    r"\bno obligation\b|\bat no cost\b",
    r"\b(?:best|low|lowest|great|lower|competitive) (?:price|rate)s?\b|\baffordable\b|\bcheap\w*|\bfinancing\b|"
    r"\bsave (?:up|big|money|\$|on|now|today|[0-9])|\bsavings\b|"
    r"\brebates?\b|\bgift cards?\b|\brefer (?:a|your) friends?\b|\bleave (?:us )?a review\b|\breview us\b|"
    r"\b(?:follow|like) us\b|\bvisit (?:our|us)\b|\bcheck out our\b|\bbook (?:now|online|today)\b|\border now\b|"
    r"\bask (?:us )?about\b|\bwe also\b|\bnew customers? (?:get|save|special|receive)|\bsign up\b|"
    r"\bmembership\b|\bbuy (?:now|today|one)\b",
    r"\bofertas?\b|\bofrecemos\b|\bdescuentos?\b|\bpromocion\w*|\bcupon(?:es)?\b|\brebajas?\b|\bgratis\b|"
    r"\bgratuit\w+|"
    r"\bahorr(?:e|a|o|os|ar)\b|\bfinanciamiento\b|\bsin (?:costo|cargo|compromiso)\b|"
    r"\b(?:mejor|mejores|bajo|bajos|buen|buenos) precios?\b|\bprecios? (?:bajo|especial|economico)\w*|"
    r"\beconomic[oa]s?\b|"
    r"\bbarat[oa]s?\b|\bvisite (?:nuestr|www)\w*|\bsiganos\b|\bresena\b|\bpregunte por\b|"
    r"\breserve (?:ya|ahora|hoy)\b|"
    r"\btambien hacemos\b",
)
_PERSON = _any(
    r"(?<![\w'./-])i(?:'(?:m|ll|ve|d))?(?![\w'/-])(?! (?:am |was )?an? (?:auto|bot|virtual|machine))",
    r"\b(?:my name|my (?:schedule|calendar|truck|team|crew|cell|phone|office|boss|apologies))\b|"
    r"\b(?:call|text|reach|reply to|tell|give|send|let|contact|ask for|with|from|to) me\b|\bmyself\b|\bit'?s me\b",
    r"\breal (?:person|human)\b|\b(?:live|actual) (?:person|human|agent|operator)\b|\bi'm human\b|"
    r"(?:\bnot|n't) an? (?:ro)?bot\b|"
    r"\bnot a (?:machine|computer)\b|\bnot automated\b",
    r"\bme llamo\b|\bmi nombre\b|\bhabla con\b|"
    r"\ble (?:habla|saluda|escribe|atiende)\b(?! (?:de )?\xa4| (?:el|la) (?:sistema|contestador|oficina))|"
    r"\bsoy\b"
    r"(?! (?:un|el|una|la) (?:auto|bot|asistente auto|asistente virtual|sistema|contestador|mensaje))|"
    r"\byo\b|\bestoy\b|\bestaba (?:ocupad[oa]|manejando|con|en)\b|"
    r"\bmi (?:equipo|numero|celular|telefono|agenda|camion)\b|\bno pude\b|\bdejeme\b|\bllameme\b|\bescribame\b|"
    r"\bme comunico\b|\bpuedo\b|\btengo\b|\bvoy a\b|\b(?:le|te|lo) (?:llamo|llamare|contacto|contactare|atiendo|"
    r"atendere|ayudo|ayudare|escribo|escribire|respondo|respondere|marco|marcare)\b|\bpersona real\b|"
    r"\bno soy un (?:ro)?bot\b",
)
_PERSON_DOUBTFUL = _any(
    r"\bhuman(?:s|o|os)?\b", r"(?<!\bno )\b(?:a|una) person(?:a)? (?:will|reads?|has|leera|lee|ha)\b"
)
_UNKNOWN_FACT = _any(
    r"\b(?:on|with) (?:another|the other) (?:call|line|customer|client|job|caller)\b|\bon the other line\b|"
    r"\bhelping (?:another|other) customers?\b|\bout on (?:a|another) (?:job|call)\b|"
    r"\bon a (?:ladder|roof|job|jobsite)\b|"
    r"\bstepped (?:away|out)\b|\bin a meeting\b|\bdriving\b|\btied up\b|"
    r"\bwe (?:just )?(?:called|tried to (?:reach|call)|tried calling) you\b",
    r"\bcon otro cliente\b|\botros? clientes?\b|\ben otra llamada\b|\ben una reunion\b|\bmanejando\b|"
    r"\ben la otra linea\b|"
    r"\bfuera de la oficina\b",
)

_VOCABULARY: Final[tuple[tuple[Rule, bool, re.Pattern[str]], ...]] = (
    (Rule.PROMISE, False, _PROMISE),
    (Rule.PROMISE, True, _PROMISE_DOUBTFUL),
    (Rule.HYPE, False, _HYPE),
    (Rule.ADVERTISING, False, _ADVERTISING),
    (Rule.PERSON, False, _PERSON),
    (Rule.PERSON, True, _PERSON_DOUBTFUL),
    (Rule.UNKNOWN_FACT, True, _UNKNOWN_FACT),
)
