"""What is wrong with a text before anybody gets it: too long, not honest, not complete.

An opener names the business, says that the call was missed and that the text is automatic, asks one question, says how
to mark an emergency and offers STOP, in one segment; it promises nothing, sells nothing and does not pose as a person.
The words to avoid are in `gateway.core.claims`; this module judges a whole template and says what to do about it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from gateway.core.alphabet import GSM7_SINGLE, UCS2_SINGLE, is_gsm7, segment_count, septets, transliterate
from gateway.core.claims import MASK, Rule, claims, fold, without_name
from gateway.core.library import ROOM_FOR_LONG_NAME
from gateway.core.questions import questions
from gateway.core.wording import EMERGENCY_WORDS, PLACEHOLDER, PLACEHOLDERS, render


class Severity(StrEnum):
    """An error keeps the text from being used; a warning is shown and left to the business."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a template: what, what to do about it, and the words in question ("" for the whole)."""

    severity: Severity
    rule: Rule
    say: str
    remedy: str
    where: str = ""


TO_CUSTOMERS: Final = frozenset({"opener", "help", "opt_out_confirmation"})
# The caller knows already who writes, and how to end it. "booked" is said where an appointment stands in the books.
IN_CONVERSATION: Final = frozenset({"question", "answer", "booked"})
_STANDS_IN_THE_BOOKS: Final = re.compile(
    r"booked|reservado|confirmed|confirmad[oa]|scheduled|agendad[oa]", re.IGNORECASE
)


def lint(
    template: str,
    business_name: str,
    language: str = "en",
    max_segments: int = 1,
    purpose: str = "opener",
    stated_minutes: int | None = None,
) -> list[Finding]:
    """Everything wrong with a template, worst first; an empty list when nothing is. Never raises.

    Length counts the business's name and the longest usual value of every other placeholder of `purpose`; it is that
    of the text as it goes out, so of its GSM 7-bit spelling where there is one. `stated_minutes` is the response time
    that the business has set: a text may state it, and no other.
    """
    if not template.strip():
        return [
            Finding(
                Severity.ERROR, Rule.EMPTY, "the text is empty", "write one, or leave it out to use the built-in text"
            )
        ]
    findings = [
        *_placeholders(template, purpose),
        *_length(template, business_name, max_segments, purpose),
        *_alphabet(template),
        *_spaces(template),
    ]
    if purpose in TO_CUSTOMERS | IN_CONVERSATION:
        findings += [
            finding
            for finding in _honesty(template, business_name, stated_minutes)
            if not (purpose == "booked" and _STANDS_IN_THE_BOOKS.fullmatch(finding.where))
        ]
        findings += _shouting(template, business_name)
        findings += _links(template)
    if purpose in TO_CUSTOMERS:
        findings += _completeness(template, business_name, language, purpose)
    elif purpose == "question":
        findings += _one_question(template, business_name)
    return sorted(findings, key=lambda finding: finding.severity is Severity.WARNING)


def repair(template: str) -> str:
    """The template with everything mended that needs no judgement: spelling, emoji, spaces, exclamation marks."""
    # Once more without the emoji: what stood on one stands on the letter before it now.
    plain = transliterate("".join(character for character in transliterate(template) if not _is_emoji(character)))
    plain = re.sub(r"\{ *(\w+) *\}", r"{\1}", plain)
    plain = re.sub(r"!(?: *!)+", "!", plain)
    plain = re.sub(r"[ \t]+", " ", plain)
    plain = re.sub(r" +([,.;:?!](?= |$))", r"\1", plain)
    return plain.strip()


# ------------------------------------------------------------------------------------------------- form


def _placeholders(template: str, purpose: str) -> Iterator[Finding]:
    known = PLACEHOLDERS.get(purpose, PLACEHOLDERS["opener"])
    for name in dict.fromkeys(PLACEHOLDER.findall(template)):
        if name not in known:
            near = get_close_matches(name, known, n=1)
            guess = f"did you mean {{{near[0]}}}?" if near else f"known are {', '.join(f'{{{k}}}' for k in known)}"
            yield Finding(Severity.ERROR, Rule.PLACEHOLDER, f"unknown placeholder {{{name}}}", guess, f"{{{name}}}")
    rest = PLACEHOLDER.sub("", template)
    if stray := re.search(r"[{}][^{}]{0,20}", rest):
        yield Finding(
            Severity.ERROR,
            Rule.PLACEHOLDER,
            "a brace that belongs to no placeholder",
            "write placeholders as {business}, and use no other braces",
            stray[0],
        )
    for foreign in re.finditer(r"\[[A-Za-z_ ]{2,30}\]|<[A-Za-z_ ]{2,30}>|%[A-Za-z_]+%|\$[A-Za-z_]+", rest):
        yield Finding(
            Severity.WARNING,
            Rule.PLACEHOLDER,
            "looks like another system's placeholder and would be sent as it stands",
            "write placeholders as {business}",
            foreign[0],
        )


def _length(template: str, business_name: str, max_segments: int, purpose: str) -> Iterator[Finding]:
    longest = dict(PLACEHOLDERS.get(purpose, PLACEHOLDERS["opener"])) | {"business": business_name}
    body = render(template, **longest)
    needed = segment_count(body)
    if needed <= max_segments:
        return
    cost = septets(body)
    size = f"{cost} of {GSM7_SINGLE} characters" if cost is not None else f"{len(body)} of {UCS2_SINGLE} characters"
    over = (cost - GSM7_SINGLE) if cost is not None else (len(body) - UCS2_SINGLE)
    cut = f"cut at least {over} characters" if max_segments == 1 and over > 0 else "shorten it"
    if len(business_name) > ROOM_FOR_LONG_NAME:
        cut += f", or give the business a name of at most {ROOM_FOR_LONG_NAME} characters for texts"
    allowed = "one is allowed" if max_segments == 1 else f"{max_segments} are allowed"
    yield Finding(Severity.ERROR, Rule.TOO_LONG, f"needs {needed} segments ({size}), {allowed}", cut)


def _alphabet(template: str) -> Iterator[Finding]:
    odd = [c for c in dict.fromkeys(template) if not is_gsm7(c)]
    mended = [c for c in odd if is_gsm7(transliterate(c))]
    emoji = [c for c in odd if c not in mended and _is_emoji(c)]
    foreign = [c for c in odd if c not in mended and c not in emoji]
    if mended:
        yield Finding(
            Severity.WARNING,
            Rule.NOT_GSM7,
            f"{_named(mended)} would double the price of the text and is replaced",
            f"it goes out as: {transliterate(template)}",
            "".join(mended),
        )
    if emoji:
        yield Finding(
            Severity.ERROR,
            Rule.EMOJI,
            f"emoji: {_named(emoji)}; one of them cuts the room from {GSM7_SINGLE} to {UCS2_SINGLE} characters",
            f"leave it out: {repair(template)}",
            "".join(emoji),
        )
    if foreign:
        yield Finding(
            Severity.ERROR,
            Rule.NOT_GSM7,
            f"{_named(foreign)} is not in the alphabet of texts and cuts the room to {UCS2_SINGLE} characters",
            "write it with other letters",
            "".join(foreign),
        )


def _named(characters: list[str]) -> str:
    shown = characters[:5]
    names = ", ".join(
        f"{c if c.isprintable() else '?'} ({unicodedata.name(c, f'U+{ord(c):04X}').lower()})" for c in shown
    )
    return names if len(characters) <= len(shown) else f"{names} and {len(characters) - len(shown)} more"


def _is_emoji(character: str) -> bool:
    """Pictures and what belongs to them: symbols, skin tones, joiners, flags."""
    return not is_gsm7(character) and (
        unicodedata.category(character) in {"So", "Sk"}
        or character in "\u200d\ufe0e\ufe0f\u20e3"
        or ord(character) > 0x1F000
    )


def _spaces(template: str) -> Iterator[Finding]:
    if re.search(r"[ \t]{2,}", template.strip()):
        yield Finding(Severity.WARNING, Rule.SPACES, "spaces in a row", "one is enough", "  ")


# ------------------------------------------------------------------------------------------------- honesty

_ADVICE: Final[dict[Rule, tuple[str, str]]] = {
    Rule.PROMISE: (
        "promises something that the box cannot know",
        "say what happens next without a time, price or promise",
    ),
    Rule.HYPE: ("hype or made-up urgency", "say it plainly"),
    Rule.ADVERTISING: ("advertising in an answer to a call", "leave it out; an advertisement needs written consent"),
    Rule.PERSON: ("poses as a person", "write as the business: we, our office, auto-text"),
    Rule.UNKNOWN_FACT: ("says something that the box does not know", "say only that the call was missed"),
}
_DOUBT: Final[dict[Rule, tuple[str, str]]] = {
    Rule.PROMISE: ("may be read as a promise of a time", "leave the time open"),
    Rule.PERSON: ("may be read as if a person had read or written it", "say what the box does"),
}


def _honesty(template: str, business_name: str, stated_minutes: int | None) -> Iterator[Finding]:
    folded = without_name(fold(template), business_name)
    quoted = [found.span() for found in re.finditer(r'"[^"]*"', folded)]
    for claim in claims(folded, stated_minutes):
        if claim.rule is Rule.PERSON and any(begin < claim.start < end for begin, end in quoted):
            continue  # words for the customer to send: reply "call me"
        say, remedy = (_DOUBT if claim.doubtful else _ADVICE).get(claim.rule, _ADVICE[claim.rule])
        severity = Severity.WARNING if claim.doubtful else Severity.ERROR
        yield Finding(severity, claim.rule, say, remedy, template[claim.start : claim.end])
    named = without_name(template, business_name)
    for pattern in _NAMES_A_PERSON:
        for found in pattern.finditer(named):
            if not _NO_FIRST_NAMES.fullmatch(found["name"]):
                yield Finding(Severity.ERROR, Rule.PERSON, *_ADVICE[Rule.PERSON], found[0].strip())


_NAME = r"(?P<name>[A-Z][a-zñáéíóú]+)"
_NAMES_A_PERSON: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:[Tt]his is|[Ii]t's|[Ii]t is) {_NAME}\b(?! (?:Auto|Text))",
        rf"(?:^|[.!?,:\n] ?|\b[Hh](?:i|ello|ey),? ){_NAME} (?:here|speaking)\b",
        rf"\b(?:[Aa]qu[ií]|[Hh]abla|[Ss]oy|[Ll]e (?:habla|saluda|escribe|atiende)) {_NAME}\b",
        r"(?:[-~–—]|\b(?:[Tt]hanks|[Tt]hank you|[Rr]egards|[Ss]incerely|[Cc]heers|[Ss]aludos|[Aa]tentamente|[Gg]racias),)"
        rf" *{_NAME}[.!]?\s*$",
    )
)
# Capitalised words that stand where a first name could, and are none.
_NO_FIRST_NAMES: Final = re.compile(
    r"Auto|Automated|Automatic|Text|Reply|Office|Click|Write|Answer|Send|Nobody|Someone|Not|Our|"
    r"The|Your|Thanks|Gracias|Stop|Start|Type|Please|Estamos|Perdimos|Puede|Escriba|Responda|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Christmas|Thanksgiving|Respond|"
    r"Urgent|Emergency|We"
)


_KEYWORDS: Final = re.compile(
    r"STOP|START|HELP|INFO|URGENT|URGENTE|ALTO|BAJA|AYUDA|UNSUBSCRIBE|QUIT|CANCEL|EMERGENCY|"
    r"EMERGENCIA|HVAC|GFCI"
)
_ASKED_FOR: Final = re.compile(
    r"(?:\b(?:reply|text|send|type|write|escriba|responda|envie|mande|ponga)|[\"']) *[\"']?$", re.IGNORECASE
)
LONGEST_ABBREVIATION: Final = 3  # AC, ZIP, USA; longer capitals are shouted


def _shouting(template: str, business_name: str) -> Iterator[Finding]:
    text = PLACEHOLDER.sub(lambda found: MASK * len(found[0]), without_name(template, business_name))
    loud: list[str] = []
    for word in re.finditer(r"\b[A-ZÁÉÍÓÚÑÜ]{2,}\b", text):
        known = _KEYWORDS.fullmatch(word[0]) or _ASKED_FOR.search(text[: word.start()])
        if not known and (len(word[0]) > LONGEST_ABBREVIATION or word[0] in {"NOW", "YES", "YA", "ACT", "OFF"}):
            loud.append(word[0])
    if loud:
        severity = Severity.ERROR if len(loud) > 1 else Severity.WARNING
        yield Finding(severity, Rule.SHOUTING, "words in capitals are shouted", "use small letters", " ".join(loud))
    if template.count("!") > 1 and "!!" not in template.replace(" ", ""):
        yield Finding(Severity.WARNING, Rule.SHOUTING, "more than one exclamation mark", "a full stop will do", "!")


_SHORTENERS: Final = (
    r"bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|v\.gd|buff\.ly|rebrand\.ly|cutt\.ly|rb\.gy|"
    r"shorturl\.at|tiny\.cc|bl\.ink|lnkd\.in|t\.ly|s\.id|short\.io|adf\.ly|soo\.gd|clck\.ru|"
    r"bitly\.com|linktr\.ee|qr\.ae|mcaf\.ee|tr\.im|x\.co|dlvr\.it|fb\.me|youtu\.be|wa\.me"
)
_SHORTENED: Final = re.compile(rf"(?<![\w.-])(?:{_SHORTENERS})(?![\w-])(?:/\S*)?", re.IGNORECASE)
_LINK: Final = re.compile(
    r"https?://\S+|\bwww\.\S+|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|net|org|io|us|biz|info|app|me|link|page|co)\b(?:/\S*)?",
    re.IGNORECASE,
)


def _links(template: str) -> Iterator[Finding]:
    shortened = [found.span() for found in _SHORTENED.finditer(template)]
    for begin, end in shortened:
        yield Finding(
            Severity.ERROR,
            Rule.LINK,
            "a shortened link hides where it leads, and carriers filter texts with one",
            "leave it out, or write the business's own address",
            template[begin:end],
        )
    for found in _LINK.finditer(template):
        if not any(found.start() < end and begin < found.end() for begin, end in shortened):
            yield Finding(
                Severity.WARNING,
                Rule.LINK,
                "carriers filter texts with links more often",
                "leave it out of the first text",
                found[0],
            )


# ------------------------------------------------------------------------------------------------- completeness

_STOP: Final = re.compile(
    r"(?<![\w-])(?:STOP|ALTO|BAJA|UNSUBSCRIBE)(?![\w-])|\b(?:[Rr]eply|[Tt]ext|[Ss]end) [\"']?[Ss]top\b"
)
_MISSED: Final = re.compile(
    r"\bmiss(?:ed|ing)? (?:your|the|a|you)|\bmissed call|"
    r"\b(?:couldn't|could not|can't|cannot|didn't|unable to|not able to) "
    r"(?:get to|answer|take|pick up|reach)|\byour call\b|\byou (?:just )?called|\bfor calling|"
    r"\bperdi(?:mos|o)? (?:su|tu|la|una) llamada|\bllamada perdida|\bcontestar|\batender|\bsu llamada|\btu llamada|"
    r"\bllamo\b|\bllamar\b"
)
_AUTOMATIC: Final = re.compile(
    r"\bauto\b|\bauto-?(?:text|repl|respon|respuesta|mensaje)|\bautomat|\bcontestador|\b(?:ro)?bot\b|\bvirtual"
)
_EMERGENCY: Final = re.compile(r"emergenc|\burgen|\burge\b|\b911\b|\bdanger|\bpeligro")


def _completeness(template: str, business_name: str, language: str, purpose: str) -> Iterator[Finding]:
    folded = fold(template)
    if MASK not in without_name(template, business_name):
        yield Finding(Severity.ERROR, Rule.BUSINESS_NAME, "does not say who is writing", "begin with {business}:")
    if purpose == "opt_out_confirmation":
        if "?" in template:
            yield Finding(
                Severity.ERROR,
                Rule.QUESTION,
                "asks something of a person who wants no texts",
                "leave the question out",
                "?",
            )
        return
    if not _STOP.search(template):
        stop = "end with: STOP para salir." if language == "es" else "end with: Reply STOP to opt out."
        yield Finding(Severity.ERROR, Rule.STOP, "does not say how to stop the texts", stop)
    if purpose != "opener":
        return
    yield from _one_question(template, business_name)
    word = EMERGENCY_WORDS["es" if language == "es" else "en"]
    for rule, pattern, say, remedy in (
        (Rule.MISSED_CALL, _MISSED, "does not say that a call was missed", "say that you missed their call"),
        (Rule.AUTOMATIC, _AUTOMATIC, "does not say that it is an automatic text", "add the word auto-text"),
        (Rule.EMERGENCY, _EMERGENCY, "does not say how to mark an emergency", f"add: Emergency: text {word}."),
    ):
        if not pattern.search(folded):
            yield Finding(Severity.WARNING, rule, say, remedy)


def _one_question(template: str, business_name: str) -> Iterator[Finding]:
    asked = questions(template, business_name)
    if len(asked) > 1:
        yield Finding(
            Severity.ERROR,
            Rule.SEVERAL_QUESTIONS,
            f"asks {len(asked)} things at once; people answer one",
            "ask one question, the others follow in the conversation",
            " | ".join(asked),
        )
    elif not asked:
        yield Finding(
            Severity.WARNING, Rule.NO_QUESTION, "asks nothing, so few people will answer", "ask what is needed"
        )
