"""A telephone number in a caller's text under which somebody is to be called, and whose it is.

A number that does not say what it is for counts when it is whole (area code and all) and nothing says that it is something
else: a model, an account, a price, a call that was missed, a number not to be called. Seven digits alone need more: words about
calling near them, or a text that says nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.core.numbers import NumberKind, read_number
from gateway.core.understanding.first_names import FIRST_NAMES
from gateway.core.understanding.folded import fold

_SEP: Final = r"[\s.\-·_/,]{0,3}"
# Ten digits in the usual groups, with brackets, signs and a few words between; or the last seven of them.
_AREA: Final = r"(?:\(?[2-9]\d\d\)?)"
_BETWEEN: Final = (
    r"(?:[\s.\-·_/,]{0,3}(?:(?:area code|and then|then|and|y|luego|codigo de area)[\s.,]{1,2})?[\s.\-·_/,]{0,2})"
)
_NUMBER: Final = re.compile(
    r"(?<![\w$#€£@%+.-])(?<!\d[,/:])"
    rf"(?:(?P<whole>(?:\+?1{_SEP})?(?:area code )?{_AREA}(?: area code)?{_BETWEEN}[2-9]\d\d{_BETWEEN}\d{{4}})"
    r"|(?P<short>[2-9]\d\d(?P<mark>[\s.\-·]{0,3})\d{4})(?:,? (?:with )?area code (?P<area>[2-9]\d\d))?)"
    r"(?!\w|[-/:,.]\d|@|%| ?(?:dollars|bucks|usd|pesos|btu|sq|square|gallons?|gal|feet|ft|kwh?|watts?|miles|psi)\b)"
)
_DIGITS: Final = {
    **dict(zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True)),
    **dict(zip("cero uno dos tres cuatro cinco seis siete ocho nueve".split(), "0123456789", strict=True)),
    "oh": "0",
    "o": "0",
}
_SPELT: Final = re.compile(rf"\b(?:(?:{'|'.join(_DIGITS)}|\d)[\s,.\-]+){{6,}}(?:{'|'.join(_DIGITS)}|\d)\b(?!\w)")
_CALL: Final = re.compile(
    r"\b(?:call(?!ed)\w*|ring|rings|phone|telephone|tel|ph|reach\w*|dial|try|contact\w*|number|num|nbr|no\.|cell\w*|mobile|landline"
    r"|house phone|text (?!you)\w+|use|better|instead|call ?back|llam[aeoi]\w*|marqu?[aeo]\w*|habl[aeo]\w*|comuni\w+|numero|cel|celular"
    r"|telefono|contact[ao]\w*|localiz\w*|mejor|fijo)\b"
)
# What stands before a number that is not to be called, or is none.
_NOT: Final = re.compile(
    r"\b(?:model|mod|serial|s/?n|sn|part|sku|upc|unit|invoice|inv|order|permit|policy|claim|account|acct|acc|po|ticket|case|conf\w*"
    r"|reference|ref|tracking|receipt|id|license|lic|estimate|quote|job|work order|meter|vin|modelo|serie|pieza|factura|orden|permiso"
    r"|poliza|cuenta|recibo|referencia|folio|filter|size|zip|code is|codigo es|pin|gate code|door code|fax)"
    r"(?: (?:number|no|num|numero))?(?: (?:is|es|was|says|reads|on it|ending in))?[\s:#]*$"
    r"|(?:call\w*|text\w*|voicemail|message|llamada|rang|ringing|number|numero)(?: \w+){0,3} (?:from|de parte del?|del?)(?: (?:the|this|el|a))?"
    r"(?: number| numero)?[\s:]*$"
    r"|\b(?:called|rang|dialed|dialled|(?:ya|los|les|yo|le) (?:llame|marque))(?: (?:you|u|y'all|the office|your office|back))?(?: (?:at|on|al|a))?[\s:]*$"
    r"|\b(?:your|ur|old|former|previous|wrong|su|viejo|anterior|office'?s|shop'?s)(?: \w+){0,2} (?:number|line|phone|numero|telefono)"
    r"(?: (?:was|is|era|es|at|on the \w+|used to be))?[\s:]*$"
    r"|\b(?:don'?t|do not|dont|never|stop|quit|no longer|not|isn'?t|instead of|no me|no|ya no|nunca)(?: (?:to|at|on|the|al|a|me|on my|use|using"
    r"|call|calling|text|texting|reach|dial|try|my|llam\w+|us[ea]n?|marqu?\w+|numero|number|cell|phone|old)){0,4}[\s:]*$"
    r"|\b(?:am i|is this|are you|is it|es este|texting|calling|remove|take|lose|delete|block|quit[ea]n?|borr\w+|from|desde)[\s:]*$"
)
_NOT_BEHIND: Final = re.compile(
    r"^[\s,]*(?:is|es)?[\s]*(?:(?:off|from) your (?:list|system|phone)|de su lista|was my old|is my old|is (?:disconnected|dead|broken|off|not working|wrong|no good)"
    r"|(?:doesn'?t|does not|won'?t|no longer) work|no (?:sirve|funciona|me llam)|keeps? calling|called me|just called|your number|yours\b|your office|el suyo)"
)
_CORRECTS: Final = re.compile(
    r"\b(?:sorry|oops|whoops|correction|i mean|i meant|meant|make that|actually|wait|typo|wrong number|no,? (?:it'?s|its)|not|instead|perdon"
    r"|disculpe|quise decir|me equivoque|corrijo|mejor|digo)\b|\*"
)
_FOUR: Final = re.compile(r"(?<![\d$#.-])(?P<four>\d{4})(?![\d%]|[-.,:/]\d| \w)")
_FOUR_ALONE: Final = re.compile(
    r"^\W*(?:(?:sorry|oops|whoops|correction|i mean|i meant|meant|make that|actually|wait|typo|no|its|it's|that's|thats|the|last|four|digits"
    r"|number|ends|ending|in|with|should|be|is|are|perdon|disculpe|quise|decir|digo|es|termina|en|los|ultimos|cuatro|numero|not|my|bad)\W+)*"
    r"(?P<four>\d{4})(?:\W+(?:not|no|instead of|en vez de)\W+\d{4})?(?:\W+(?:sorry|oops|my bad|perdon|disculpe|instead|not \d{4}|mejor))*\W*$"
)
_ENDS: Final = re.compile(r"\b(?:number|numero|ends|ending|termina|last four|ultimos)\b")
_FILLERS: Final = re.compile(
    r"\b(?:sorry|oops|hi|hey|ok|okay|yes|yeah|si|its|it's|is|the|my|mi|number|cell|phone|at|on|al|el|or|thanks|thank you|gracias|please"
    r"|por favor|numero|cel|celular|es|use|that|this|one|instead|mejor|i mean|correction|perdon|call|me|here|to)\b|\W"
)
_KIN: Final = {
    "wife": "wife|esposa|mujer|senora",
    "husband": "husband|hubby|esposo|marido",
    "mother": "mother|mom|mama|madre",
    "father": "father|dad|papa|padre",
    "son": "son|hijo",
    "daughter": "daughter|hija",
    "brother": "brother|hermano",
    "sister": "sister|hermana",
    "mother-in-law": "mother[ -]in[ -]law|suegra",
    "father-in-law": "father[ -]in[ -]law|suegro",
    "grandmother": "grandmother|grandma|abuela|abuelita",
    "grandfather": "grandfather|grandpa|abuelo",
    "aunt": "aunt|tia",
    "uncle": "uncle|tio",
    "cousin": "cousin|prim[oa]",
    "partner": "partner|pareja",
    "fiance": "fiancee?|prometid[oa]",
    "girlfriend": "girlfriend|novia",
    "boyfriend": "boyfriend|novio",
    "roommate": "room ?mate",
    "neighbor": "neighbou?r|vecin[oa]",
    "tenant": "tenants?|renter|inquilin[oa]",
    "landlord": "landlord|landlady|casero|casera|duen[oa]",
    "property manager": "property manager",
    "super": "super|superintendent",
    "manager": "manager|gerente|encargad[oa]",
    "assistant": "assistant|secretary|secretari[oa]|asistente",
    "boss": "boss|jef[ea]",
    "friend": "friend|buddy|amig[oa]",
    "caretaker": "caretaker|caregiver|cuidador[a]?",
    "realtor": "realtor|agent",
    "work": "work|office|job|trabajo|oficina",
    "home": "home|house|landline|casa|fijo",
    "cell": "cell|cellphone|cell phone|mobile|cel|celular|movil",
}
_WHOSE: Final = re.compile("|".join(f"(?P<k{at}>\\b(?:{words})\\b)" for at, words in enumerate(_KIN.values())))
_WHOSE_NAMES: Final = tuple(_KIN)
_PLACES: Final = frozenset({"work", "home", "cell"})
_OF_NAME: Final = re.compile(
    r"\b(?:ask for|call|reach|contact|try|speak (?:to|with)|talk to|get|with|llam[ea]n?(?:le)? a|pregunt[ea]n? por|habl[ea]n? con|contact[ea]n? a"
    rf"|{'|'.join(_KIN.values())}),? (?:is |es )?(?P<name>[a-z]+)(?: [a-z]+)?['s]*(?: (?:at|on|@|al|a|en el|cell|phone|number|cel|is|es))*[\s,:]*$"
)
_NEAR_BEFORE, _NEAR_BEHIND = 70, 32  # characters in which words say what a number is for


_TO_CALL: Final = (NumberKind.TEXTABLE, NumberKind.TOLL_FREE, NumberKind.INTERNATIONAL)


@dataclass(frozen=True, slots=True)
class Said:
    """A number as it was said: its ten or seven digits, whose it is ("" where nothing says), how plainly it is one to call."""

    digits: str
    whose: str = ""
    plain: bool = False


def numbers_said(body: str) -> list[Said]:
    """The numbers of a text under which somebody may be called, the one that is meant first."""
    body = _figures(body)
    text = fold(body)
    found: list[tuple[bool, Said]] = []
    matches = list(_NUMBER.finditer(text.plain))
    for place, match in enumerate(matches):
        since = matches[place - 1].end() if place else 0
        until = matches[place + 1].start() if place + 1 < len(matches) else len(text.plain)
        before = text.plain[max(since, match.start() - _NEAR_BEFORE) : match.start()]
        behind = text.plain[match.end() : min(until, match.end() + _NEAR_BEHIND)]
        if _NOT.search(before) or _NOT_BEHIND.search(behind):
            continue
        digits = _digits(match)
        plain = bool(_CALL.search(before) or _CALL.search(behind))
        corrects = bool(place and _CORRECTS.search(before))
        plain = plain or corrects
        alone = until - match.end() >= _NEAR_BEHIND or until == len(text.plain) or behind.lstrip().startswith("(")
        whose = _whose(text.sent, before, behind if alone else "", match.start())
        if match["short"] and not (plain or whose or _says_nothing_else(text.plain, match) or _behind_name(before)):
            continue
        found.append((corrects, Said(_mended(digits, behind), whose, plain)))
    if any(corrects for corrects, _ in found):
        found = [*reversed(found)]
    return [said for _, said in sorted(found, key=lambda one: not one[1].plain)]


def other_number(body: str, country: str, area_code: str, not_these: Sequence[str] = ()) -> tuple[str, str] | None:
    """The number to call that a text gives, as E.164, and whose it is; None when it gives none.

    `area_code` completes seven digits (that of the caller); `not_these` are his own number and the business's. Numbers that cost
    extra and such as no telephone has are none.
    """
    for said in numbers_said(body):
        number = read_number(said.digits, country, area_code)
        if number.kind in _TO_CALL and number.e164 is not None and number.e164 not in not_these:
            return number.e164, said.whose
    return None


def corrected(body: str, known: str) -> str | None:
    """The number `known` (E.164) with other last digits, where a text says only that: "sorry 0135"; else None."""
    plain = fold(body).plain
    found = _FOUR_ALONE.match(plain)
    if found is None:
        return None
    four = found["four"]
    alike = sum(one == other for one, other in zip(four, known[-4:], strict=True)) >= 2 or sorted(four) == sorted(
        known[-4:]
    )
    meant = _ENDS.search(plain) or (alike and _CORRECTS.search(plain))
    return known[:-4] + four if meant and four != known[-4:] else None


def without_numbers(body: str) -> str:
    """What a text says beside the numbers to call: the clauses with a number in them are left out."""
    clauses = re.split(r"(?<=[.,;!?\n])\s+", _figures(body))
    return " ".join(clause for clause in clauses if not _NUMBER.search(fold(clause).plain))


def is_only_a_number(body: str) -> bool:
    """Whether a text is a telephone number and hardly anything else."""
    plain = fold(_figures(body)).plain
    return any(_says_nothing_else(plain, match) for match in _NUMBER.finditer(plain))


def _figures(body: str) -> str:
    """The text with numbers that are spelt in words, digit by digit, as figures."""

    def figures(match: re.Match[str]) -> str:
        words = re.findall(r"[a-z]+|\d", match[0].lower())
        said = "".join(_DIGITS.get(word, word) for word in words)
        return said if len(said) in (7, 10) or (len(said) == 11 and said[0] == "1") else match[0]

    return re.sub(_SPELT.pattern, figures, body, flags=re.IGNORECASE)


def _digits(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match["whole"] or match["short"])
    if match["area"]:
        digits = match["area"] + digits
    return digits[1:] if len(digits) == 11 else digits


def _mended(digits: str, behind: str) -> str:
    """A number whose last four are corrected at once: "216-555-0134 sorry 0135"."""
    sign = _CORRECTS.search(behind)
    four = None if sign is None else _FOUR.search(behind, sign.end())
    if four is None or (sign is not None and sign[0] == "not"):
        return digits
    return digits[:-4] + four["four"]


def _says_nothing_else(plain: str, match: re.Match[str]) -> bool:
    rest = plain[: match.start()] + " " + plain[match.end() :]
    return len(_FILLERS.sub("", rest)) <= 2


def _behind_name(before: str) -> bool:
    """Whether a name stands right before a number: "Sam 555-0108"."""
    words = re.search(r"([a-z]+)(?: [a-z]\.?)?[,:]? $", before)
    return words is not None and words[1] in FIRST_NAMES


def _whose(sent: str, before: str, behind: str, at: int) -> str:
    """ "wife", "wife Ana", "Dana": whose the number is."""
    clause = re.split(r"[.!?;\n]\s", before)[-1]
    kin = [_WHOSE_NAMES[int(str(one.lastgroup)[1:])] for one in _WHOSE.finditer(clause)]
    people = [one for one in kin if one not in _PLACES]
    named = _OF_NAME.search(clause)
    name = ""
    if named is not None:
        start = at - len(before) + (len(before) - len(clause)) + named.start("name")
        name = sent[start : start + len(named["name"])]
        known = name.lower() in FIRST_NAMES or (
            name[:1].isupper() and name.lower() not in {word for one in _KIN for word in one.split()}
        )
        name = (
            name.capitalize() if known and not _WHOSE.fullmatch(name.lower()) and name.lower() not in _NO_NAMES else ""
        )
    if people or name:
        return " ".join(part for part in (people[-1] if people else "", name) if part)
    later = re.match(
        r"^[\s,(\-]*(?:(?:is|es|that'?s|thats|for|de|del|to|or|ask for|pregunte por|which is)\s+)?(?:(?:my|mi|our|the|his|her|la|el|su)\s+)?",
        behind,
    )
    if later is not None and (found := _WHOSE.match(behind, later.end())) is not None:
        return _WHOSE_NAMES[int(str(found.lastgroup)[1:])]
    return kin[-1] if kin else ""


_NO_NAMES: Final = frozenset(
    "dr mr mrs ms miss sr sra don dona me us him her them my our the a at on back mi me nos it you this that number cell instead anytime after before please when if is es".split()
)


def with_area_code(peer: str | None, area_code: str) -> str:
    """The area code of a caller's number in North America, else the business's."""
    return peer[2:5] if peer is not None and re.fullmatch(r"\+1\d{10}", peer) else area_code
