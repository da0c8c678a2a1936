"""The words of times in English and Spanish, and how a time is worded in English: "a las 3 de la tarde" is "3pm"."""

from __future__ import annotations

import re

HOURS = {
    word: hour
    for hour, words in enumerate(
        (
            "one una",
            "two dos",
            "three tres",
            "four cuatro",
            "five cinco",
            "six seis",
            "seven siete",
            "eight ocho",
            "nine nueve",
            "ten diez",
            "eleven once",
            "twelve doce",
        ),
        1,
    )
    for word in words.split()
}
_AMOUNTS_ES = {
    "un": "one",
    "una": "one",
    "uno": "one",
    "dos": "two",
    "tres": "three",
    "cuatro": "four",
    "cinco": "five",
    "seis": "six",
    "quince": "15",
    "unos": "a few",
    "unas": "a few",
    "un par de": "a couple of",
}
_DAYS = {
    "monday": r"mon(?:d[ae]y)?s?|mondy|munday|lunes",
    "tuesday": r"tue(?:s(?:days?)?|day)?|tuseday|teusday|tuesd|martes",
    "wednesday": r"wed(?:s|nesdays?)?|wensday|wendsday|wednsday|wendesday|wednesd|miercoles|mierkoles|mierc?",
    "thursday": r"thu(?:rs?(?:days?)?)?|thrusday|thursd|thurday|thursady|jueves|juebes",
    "friday": r"fri(?:days?)?|firday|fryday|viernes|biernes|vier",
    "saturday": r"sat(?:urdays?)?|saterday|saturd|sabados?|savados?|sab",
    "sunday": r"sun(?:days?)?|domingos?|dom",
}
_MONTHS = {
    "january": r"january|enero|jan",
    "february": r"february|febuary|febrero|feb",
    "march": r"march|marzo",
    "april": r"april|abril|apr",
    "may": r"may|mayo",
    "june": r"june|junio",
    "july": r"july|julio",
    "august": r"august|agosto|aug",
    "september": r"september|septiembre|sept?",
    "october": r"october|octubre|oct",
    "november": r"november|noviembre|nov",
    "december": r"december|diciembre|dec",
}
HOLIDAYS = {
    "thanksgiving": r"thanksgiving|(?:dia de )?accion de gracias",
    "christmas": r"christmas|xmas|navidad(?:es)?",
    "new years": r"new year'?s?(?: eve| day)?|ano nuevo",
    "easter": r"easter|pascuas?|semana santa",
    "labor day": r"labor day",
    "memorial day": r"memorial day",
    "4th of july": r"(?:the )?4th of july|july 4th|fourth of july|cuatro de julio|4 de julio",
    "halloween": r"halloween",
    "mother's day": r"mother'?s day|dia de las madres",
    "father's day": r"father'?s day|dia del padre",
    "the holidays": r"the holidays|las fiestas",
}
SEASONS = {
    "spring": r"spring|primavera",
    "summer": r"summer|verano",
    "fall": r"fall|autumn|otono",
    "winter": r"winter|invierno",
}
EVENTS = {
    "work": r"work|el trabajo|trabajar|del trabajo",
    "school": r"school(?: pick ?up)?|la escuela|las clases",
    "lunch": r"lunch|comer|el almuerzo|almorzar|la comida|el lonche",
    "dinner": r"dinner|la cena|cenar",
    "supper": r"supper",
    "breakfast": r"breakfast",
    "church": r"church|mass|la iglesia|l culto|la misa|misa|culto",
    "dark": r"dark|que oscurezca|oscurecer",
    "hours": r"hours",
    "harvest": r"harvest",
    "it rains": r"it rains(?: again)?|que llueva",
    "it gets cold": r"it gets (?:too )?cold|(?:que )?(?:haga|empiece el) frio",
    "the next rain": r"(?:next|l? ?proxim[oa]) (?:rain|storm|lluvia)",
    "rainy season": r"rainy season|la temporada de lluvias?|(?:las )?lluvias",
    "hail season": r"hail season",
    "closing": r"closing|we close",
    "we open": r"we open|opening|abrir",
}


def any_of(words: dict[str, str]) -> str:
    return "|".join(words.values())


DAY = any_of(_DAYS)
MONTH = any_of(_MONTHS)
_NAME_OF = {
    name: re.compile(rf"(?:{words})\Z")
    for names in (_DAYS, _MONTHS, SEASONS, EVENTS, HOLIDAYS)
    for name, words in names.items()
}
AMOUNT = (
    r"\d{1,2}(?: ?(?:-|to|or|o|a) ?\d{1,2})?|an?|one|two|three|four|five|six|seven|eight|ten|a couple(?: of)?|couple(?: of)?"
    r"|a few|few|several|half an?|un par de|unas?|unos|dos|tres|cuatro|cinco|seis|quince"
)
UNIT = r"minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|business days?|minutos?|horas?|dias?|semanas?|mes(?:es)?"
_UNIT_OF = {"minuto": "minutes", "hora": "hours", "dia": "days", "semana": "weeks", "mes": "months", "wk": "weeks"}
HOUR = r"(?:1[0-2]|0?[1-9])"
HOUR_MINUTE = r"(?:2[0-3]|1\d|0?\d)[:h][0-5]\d"
HALF = r"(?:ish)?(?: ?[ap]\.? ?m\b\.?|[ap]\b| ?o'?clock\b| (?:de|por|en|x) la (?:manana|tarde|noche)| in the (?:morning|afternoon|evening)| at night)"
CLOCK = rf"(?:{HOUR_MINUTE}|{HOUR})(?: y media)?"
SPOKEN = "|".join(HOURS)
NOON = r"noon|midday|(?:el )?mediodia|medio dia"
END = rf"(?:(?:1[0-2]|[1-9])[0-5][05](?!\d)|{CLOCK}(?!\d)(?:{HALF})?|{NOON})"
SPOKEN_END = rf"(?:{SPOKEN})(?: thirty)?(?: o'?clock)?"


def name_of(word: str) -> str:
    """The English name of a day, month, season ... in any spelling."""
    return next((name for name, pattern in _NAME_OF.items() if pattern.match(word)), word)


def as_sent(match: re.Match[str]) -> str:
    """The words themselves, abbreviations spelt out."""
    words = match.group(0)
    for short, long in (
        (r"\bu\b|\by'?all\b|\bya'?ll\b|\byou'?(?:re|ll)\b|\bur\b|\bya\b|\byou guys\b", "you"),
        (r"\bwk\b", "week"),
    ):
        words = re.sub(short, long, words)
    return words


def no_hurry(match: re.Match[str]) -> str:
    words = match.group(0)
    for said in ("urgent", "hurry"):
        if said in words:
            return words if words.startswith("not in") else f"{'not' if said == 'urgent' else 'no'} {said}"
    return "no rush"


def clock(words: str) -> str:
    """One clock time as digits and am or pm: "5:30", "3pm", "noon"."""
    words = words.strip()
    if re.fullmatch(NOON, words):
        return "noon"
    for spoken in words.split():
        if spoken in HOURS:
            words = words.replace(spoken, str(HOURS[spoken]), 1)
    half = ""
    if re.search(r"manana|morning|\d(?:ish)? ?a(?:\.? ?m)?\b", words):
        half = "am"
    elif re.search(r"tarde|noche|afternoon|evening|night|\d(?:ish)? ?p(?:\.? ?m)?\b", words):
        half = "pm"
    digits = re.match(r"(\d{1,2}?)(?:[:h]?(\d\d))?(?!\d)", words)
    if digits is None:
        return words
    hour, minute = int(digits[1]), digits[2] or ("30" if re.search("y media|thirty", words) else "")
    if not half and 13 <= hour <= 23 and minute:
        hour, half = hour - 12, "pm"
    return f"{hour}{':' + minute if minute and minute != '00' else ''}{half}"


def hours_between(match: re.Match[str]) -> str:
    words = match.group(0)
    pair = re.match(
        rf"(?P<from>between|btw|from|entre|de?)? ?(?:las? )?(?P<one>{END}|{SPOKEN_END}) ?(?P<to>-|to|and|&|till?|until|thru|or|a|y|o)(?: las?)? ?(?P<two>{END}|{SPOKEN_END})",
        words,
    )
    if pair is None:
        return words
    one, two = clock(pair["one"]), clock(pair["two"])
    if pair["from"] in ("between", "btw", "entre"):
        return f"between {one} and {two}"
    return f"{one} {'or' if pair['to'] in ('or', 'o') else 'to'} {two}"


def group(match: re.Match[str], name: str) -> str:
    return match.group(name) or ""


def span(match: re.Match[str]) -> str:
    """ "in 3 weeks", "the next two weeks", "2 weeks from saturday"."""
    found = re.search(rf"(?P<n>{AMOUNT}) ?(?P<unit>{UNIT})\b", match.group(0))
    if found is None:
        return match.group(0)
    amount = _AMOUNTS_ES.get(found["n"], found["n"])
    unit = next((long for short, long in _UNIT_OF.items() if found["unit"].startswith(short)), found["unit"])
    if amount in ("a", "an", "one", "1"):
        unit = unit.removesuffix("s")
    before, after = match.group(0)[: found.start()], match.group(0)[found.end() :]
    if re.search(r"next|coming|proxim", before):
        return f"next {amount} {unit}"
    if re.search("from", after):
        last = after.split()[-1]
        return f"{amount} {unit} from {name_of(last)}"
    return f"{'within' if 'within' in before else 'in'} {amount} {unit}"


def every(match: re.Match[str]) -> str:
    words = match.group(0)
    if found := re.search(r"cada (\w+) semanas?|every (\w+) w(?:ee)?ks?", words):
        count = found[1] or found[2]
        return f"every {_AMOUNTS_ES.get(count, count)} weeks" if count != "other" else "every other week"
    for spanish, english in (
        (r"cada (?:15|quince) dias", "every 15 days"),
        (r"cada semana|semanal(?:mente)?|por semana|todas las semanas", "every week"),
        (r"cada mes|mensual(?:mente)?", "every month"),
        (r"cada quincena|quincenal(?:mente)?", "every two weeks"),
        (r"cada dia|todos los dias|diario", "every day"),
        (r"(?:una vez|1 vez) (?:por|a la|al) (?:semana)", "once a week"),
        (r"(?:dos|2) veces (?:por|a la|al) (?:semana)", "twice a week"),
        (r"(?:una vez|1 vez) (?:por|a la|al) mes", "once a month"),
        (r"(?:dos|2) veces (?:por|a la|al) mes", "twice a month"),
    ):
        if re.fullmatch(spanish, words):
            return english
    return words


def part_of_month(words: str) -> str:
    for part, english in (("principio", "early"), ("mediado", "mid"), ("final", "late"), ("fin", "end of")):
        if part in words:
            return english
    return words


def bound_of(words: str) -> str:
    return "before" if words in ("before", "b4", "antes de") else "after"
