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
    "monday": r"mon(?:d[ae]y)?s?|mondy|munday|lunes?|lun",
    "tuesday": r"tue(?:s(?:days?)?|day)?|tuesdsay|tusday|tuseday|teusday|tuesd|martes",
    "wednesday": r"wed(?:s|nesdays?)?|we[dn]sday|wensday|wendsday|wednsday|wendesday|wednesd|miercoles|mierkoles|miercole|mierc?",
    "thursday": r"thu(?:rs?(?:days?)?)?|thrusday|thursd|thurday|thursady|thersday|thurs day|jueves|juebes|jueve",
    "friday": r"fri(?:days?)?|firday|fryday|viernes|biernes|vierne|vier",
    "saturday": r"sat(?:urdays?)?|saterday|satday|saturd|sabados?|savados?|sab",
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
    "thanksgiving": r"thanks ?givin[g']?|thansgivin'?g?|(?:dia de )?accion de gracias",
    "christmas break": r"(?:over |during )?(?:the )?(?:christmas|xmas) break",
    "christmas eve": r"christmas eve|xmas eve|(?:la )?noche ?buena",
    "christmas": r"christmas|xmas|navidad(?:es)?",
    "presidents' day weekend": r"(?:over )?presidents'? day weekend",
    "memorial day weekend": r"(?:over )?memorial day weekend",
    "labor day weekend": r"(?:over )?labor day weekend",
    "presidents' day": r"presidents'? day",
    "new years eve": r"new year'?s? eve|fin de ano",
    "new years": r"new year'?s(?: day)?",
    "new year": r"new year(?: day)?|(?:el )?ano nuevo",
    "easter": r"easter|pascuas?|semana santa",
    "labor day": r"labor day",
    "memorial day": r"memorial day",
    "4th of july": r"(?:the )?4th of july|july 4th|fourth of july|cuatro de julio|4 de julio",
    "halloween": r"halloween",
    "mother's day": r"mother'?s day|dia de las madres",
    "father's day": r"father'?s day|dia del padre",
    "the holidays": r"the holidays|(?:las )?fiestas",
    "advent": r"advent|(?:el )?adviento",
    "spring break": r"(?:over |during |in )?(?:the )?spring break|(?:en |las )?vacaciones de primavera",
    "winter break": r"(?:over |during |in )?(?:the )?winter break|(?:en |las )?vacaciones de invierno",
    "ramadan": r"ramadan",
    "palm sunday": r"palm sunday|domingo de ramos",
    "ash wednesday": r"ash wednesday|miercoles de ceniza",
    "good friday": r"good friday|viernes santo",
}
SEASONS = {
    "spring": r"spring|primavera",
    "summer": r"summer|verano",
    "fall": r"fall|autumn|otono",
    "winter": r"winter|invierno",
}
_SHORT_MONTHS = {
    "january": r"ene",
    "february": r"febr",
    "march": r"mar",
    "april": r"abr",
    "june": r"jun",
    "july": r"jul",
    "august": r"ago",
    "december": r"dic",
}  # months only beside a day: "mar 3", "15 jul"
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
} | {
    f"{tens}{between}{word}": number
    for between in (" ", "-")
    for tens, word, number in (
        ("twenty", "first", 21), ("twenty", "second", 22), ("twenty", "third", 23), ("twenty", "fourth", 24),
        ("twenty", "fifth", 25), ("twenty", "sixth", 26), ("twenty", "seventh", 27), ("twenty", "eighth", 28),
        ("twenty", "ninth", 29), ("thirty", "first", 31),
    )
} | {
    word: number
    for number, word in enumerate(
        "trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres"
        " veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve treinta".split(),
        13,
    )
} | {"thirtieth": 30, "primero": 1, "primer": 1, "primera": 1, "segundo": 2, "segunda": 2, "tercer": 3, "tercera": 3}  # fmt: skip

EVENTS = {
    "work": r"work|el trabajo|trabajar|del trabajo",
    "school": r"school(?: pick ?up)?|la escuela|las clases|la school",
    "class": r"class|la clase|clase",
    "practice": r"practice",
    "nap time": r"nap ?time|naps?",
    "finals": r"(?:my )?finals",
    "graduation": r"graduation|la graduacion",
    "lent": r"lent|(?:la )?cuaresma",
    "reyes": r"(?:el dia de |los )?reyes",
    "the posadas": r"(?:las )?posadas",
    "lunch": r"lunch|comer|el almuerzo|almorzar|la comida|el lonche",
    "dinner": r"dinner|la cena|cenar",
    "supper": r"supper",
    "breakfast": r"breakfast",
    "mass": r"mass|(?:la )?misa",
    "church": r"church|la iglesia|l culto|culto",
    "night": r"(?:la )?noche",
    "the baptism": r"l bautizo|bautizo",
    "the wedding": r"(?:la )?boda",
    "the party": r"(?:la )?fiesta",
    "the baby comes": r"(?:que |ke |q )?(?:llegue|nazca) (?:l |el )?(?:bebe|baby)",
    "the inspection": r"(?:la )?inspeccion",
    "the news": r"(?:las )?noticias",
    "dark": r"dark|que oscurezca|oscurecer",
    "hours": r"hours",
    "harvest": r"harvest",
    "it rains": r"it rains(?: again)?|que llueva",
    "it gets cold": r"it gets (?:too )?cold|(?:que )?(?:haga|empiece el) frio",
    "the first snow": r"(?:the )?first snow|la (?:primera )?nieve",
    "the first frost": r"(?:the )?first (?:frost|freeze)|el (?:primer )?hielo",
    "the next rain": r"(?:next|l? ?proxim[oa]) (?:rain|storm|lluvia)",
    "the rains start": r"(?:que |q |ke )?(?:empiecen|vengan|bengan|lleguen|comiencen) (?:las )?(?:aguas|lluvias)",
    "rainy season": r"rainy season|la temporada de lluvias?|(?:las )?(?:lluvias|aguas)",
    "hail season": r"hail season",
    "closing": r"closing|we close|close|el cierre|cerrar",
    "we open": r"we open|opening|open|abrir",
}


def any_of(words: dict[str, str]) -> str:
    return "|".join(words.values())


DAY = any_of(_DAYS)
MONTH = any_of(_MONTHS)
DATED_MONTH = f"{MONTH}|{any_of(_SHORT_MONTHS)}"
ORDINAL = "|".join(
    sorted((word for word in _ORDINALS if not word.startswith(("prim", "segund", "tercer"))), key=len, reverse=True)
)
_NAMES = tuple(
    (name, re.compile(rf"(?:{words})\Z"))
    for names in (_DAYS, _MONTHS, _SHORT_MONTHS, SEASONS, EVENTS, HOLIDAYS)
    for name, words in names.items()
)
AMOUNT = (
    r"\d{1,2}(?: ?(?:-|to|or|o|a) ?\d{1,2})?|an?|one|two|three|four|five|six|seven|eight|ten|a couple(?: of)?|couple(?: of)?"
    r"|a few|few|several|half an?|un par de|unas?|unos|dos|tres|cuatro|cinco|seis|quince"
)
UNIT = r"minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|business days?|minutos?|horas?|dias?|semanas?|mes(?:es)?"
_UNIT_OF = {"minuto": "minutes", "hora": "hours", "dia": "days", "semana": "weeks", "mes": "months", "wk": "weeks"}
HOUR = r"(?:1[0-2]|0?[1-9])"
HOUR_MINUTE = r"(?:2[0-3]|1\d|0?\d)[:h][0-5]\d"
HALF = r"(?:ish)?(?: ?[ap]\.? ?m\b\.?|[ap]\b| ?o'?clock\b| (?:de|por|en|x) la (?:manana|tarde|noche)| in the (?:morning|afternoon|evening)| at night)"
CLOCK = rf"(?:{HOUR_MINUTE}|{HOUR})(?: [yi] (?:media|cuarto))?"
MILITARY = r"(?:0[1-9]|1\d|2[0-3])[0-5][05](?!\d)"  # "0930", "1600": four digits
SPOKEN = "|".join(HOURS)
NOON = r"noon|midday|(?:el )?mediodia|medio dia"
END = rf"(?:{MILITARY}|(?:1[0-2]|[1-9])[0-5][05](?!\d)|{CLOCK}(?!\d)(?:{HALF})?|{NOON})"
SPOKEN_MINUTE = rf"(?:half (?:past )?|quarter (?:past|to|after|of) )?(?:{SPOKEN})(?: thirty| fifteen| forty[- ]?five| [yi] media| [yi] cuarto)?"
SPOKEN_END = rf"{SPOKEN_MINUTE}(?: o'?clock)?"


def name_of(word: str) -> str:
    """The English name of a day, month, season ... in any spelling."""
    return next((name for name, pattern in _NAMES if pattern.match(word)), word)


def as_sent(match: re.Match[str]) -> str:
    """The words themselves, abbreviations spelt out."""
    words = match.group(0)
    for short, long in (
        (r"\bu\b|\by'?all\b|\bya'?ll\b|\byou'?(?:re|ll)\b|\bur\b|\bya\b|\byou guys\b", "you"),
        (r"\bwe?k\b|\bweak\b", "week"),
        (r"\bwen\b", "when"),
        (r"\bthe (?=first|last|second|third)", ""),
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
    military = re.fullmatch(MILITARY, words) and (words[0] == "0" or int(words[:2]) > 12)
    for spoken in words.split():
        if spoken in HOURS:
            words = words.replace(spoken, str(HOURS[spoken]), 1)
    half = ""
    if re.search(r"manana|morning|\d(?:ish)? ?a(?:\.? ?m)?\b", words):
        half = "am"
    elif re.search(r"tarde|noche|afternoon|evening|night|\d(?:ish)? ?p(?:\.? ?m)?\b", words):
        half = "pm"
    if military and words[0] == "0":
        half = "am"
    quarter = re.match(r"quarter (past|after|to|of) (\d+)", words)
    if quarter:
        hour = int(quarter[2])
        said = f"{hour}:15" if quarter[1] in ("past", "after") else f"{(hour - 2) % 12 + 1}:45"
        return f"{said}{half}"
    past = re.match(r"half (?:past )?(\d+)", words)
    digits = past or re.match(r"(\d{1,2}?)(?:[:h]?(\d\d))?(?!\d)", words)
    if digits is None:
        return words
    spoken_minute = (
        "30"
        if re.search("[yi] media|thirty|^half ", words)
        else "15"
        if re.search("[yi] cuarto|fifteen", words)
        else "45"
        if "forty" in words
        else ""
    )
    hour, minute = int(digits[1]), ("" if past else digits[2]) or spoken_minute
    if not half and 13 <= hour <= 23 and minute:
        hour, half = hour - 12, "pm"
    return f"{hour}{':' + minute if minute and minute != '00' else ''}{half}"


def hours_between(match: re.Match[str]) -> str:
    words = match.group(0)
    pair = re.match(
        rf"(?P<from>between|btwn?|betwen|from|entre|de?)? ?(?:las? )?(?P<one>{END}|{SPOKEN_END}) ?(?P<to>-|to|and|&|till?|until|thru|or|a|y|o)(?: las?)? ?(?P<two>{END}|{SPOKEN_END})",
        words,
    )
    if pair is None:
        return words
    one, two = clock(pair["one"]), clock(pair["two"])
    if pair["from"] in ("between", "betwen", "btw", "btwn", "entre"):
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
    if re.search("later|earlier|despues", after):
        return f"{amount} {unit} {'earlier' if 'earlier' in after else 'later'}"
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
        (r"cada noche|todas las noches", "every night"),
        (r"cada manana|todas las mananas", "every morning"),
        (r"(?:una vez|1 vez) (?:por|a la|al) (?:semana)", "once a week"),
        (r"(?:dos|2) veces (?:por|a la|al) (?:semana)", "twice a week"),
        (r"(?:una vez|1 vez) (?:por|a la|al) mes", "once a month"),
        (r"(?:dos|2) veces (?:por|a la|al) mes", "twice a month"),
    ):
        if re.fullmatch(spanish, words):
            return english
    return words


def nth(words: str) -> str:
    """A day of the month from its name: "the 14th" for "fourteenth" or "catorce"."""
    number = _ORDINALS[words]
    ending = "th" if 10 < number < 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def days_between(match: re.Match[str]) -> str:
    """Two days of a month that belong together: "the 12th and the 15th", "between the 3rd and the 6th"."""
    one, two = (word if word[0].isdigit() else nth(word) for word in (match["pair_one"], match["pair_two"]))
    return _pair(match["pair"] or "", f"the {one}", match["pair_to"], f"the {two}")


def days_of_month(match: re.Match[str]) -> str:
    """Two days of a month that is named behind them: "30 o 31 de mayo" is "may 30 or 31"."""
    month = name_of(match["of_month"])
    return _pair(match["month_pair"], f"{month} {match['month_one']}", match["month_to"], match["month_two"])


def _pair(before: str, one: str, link: str, two: str) -> str:
    if before.startswith(("between", "entre")):
        return f"between {one} and {two}"
    said = {"o": "or", "y": "and", "&": "and", "thru": "through"}
    return f"{one} {said.get(link, link if link in ('or', 'and', 'through') else 'to')} {two}"


def nth_of(match: re.Match[str]) -> str:
    """The first, second ... week, weekend or day of a month, told in Spanish: "first week of april"."""
    which = match.group("cual")
    count = {1: "first", 2: "second", 3: "third"}[_ORDINALS[which]] if which in _ORDINALS else "last"
    part = match.group("parte")
    unit = {"semana": "week", "quincena": "half", "fin de semana": "weekend", "dias": "days"}.get(part, name_of(part))
    month = match.group("que_mes")
    told = (
        "next month"
        if re.search("entra|viene|proximo", month)
        else "the month"
        if month.endswith("mes")
        else name_of(month.split()[-1])
    )
    return f"{count} {unit} of {told}"


def part_of_month(words: str) -> str:
    for part, english in (("principio", "early"), ("mediado", "mid"), ("final", "late"), ("fin", "end of")):
        if part in words:
            return english
    return words


def bound_of(words: str) -> str:
    return "before" if words in _SAY_BEFORE else "after"


_SAY_BEFORE = frozenset({"before", "b4", "antes de", "antes d", "bfore", "befor", "prior to", "fore", "'fore"})
