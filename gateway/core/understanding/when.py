"""Wanted times in English and Spanish: spans of words that name a day, a part of a day, a clock time or a hurry.

A wish is kept as it was worded ("wednesday after 3pm", "before thanksgiving"), in English, and never turned into a date:
whoever reads the lead knows what the caller said, and the booking rules resolve it against a calendar of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from gateway.core.understanding.folded import Folded


class Kind(StrEnum):
    """What a piece of a wish is: `WHEN` stands alone, `BOUND` needs what follows, `LINK` only joins."""

    WHEN = "when"
    BOUND = "bound"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish in a text: `said` in English, and the span `[start, end)` of the words as sent."""

    said: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: Kind
    said: str
    start: int
    end: int


_NUMBERS_ES = {
    "un": "one",
    "una": "one",
    "uno": "one",
    "dos": "two",
    "tres": "three",
    "cuatro": "four",
    "cinco": "five",
    "seis": "six",
    "siete": "seven",
    "ocho": "eight",
    "nueve": "nine",
    "diez": "ten",
    "once": "eleven",
    "doce": "twelve",
    "quince": "fifteen",
    "par de": "couple",
}
_HOURS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "una": 1,
    "dos": 2,
    "tres": 3,
    "cuatro": 4,
    "cinco": 5,
    "seis": 6,
    "siete": 7,
    "ocho": 8,
    "nueve": 9,
    "diez": 10,
    "once": 11,
    "doce": 12,
}
_DAYS = {
    "monday": r"mondays?|mondy|munday|lunes",
    "tuesday": r"tuesdays?|tuseday|teusday|tues?|tuesd|martes",
    "wednesday": r"wednesdays?|wensday|wendsday|wednsday|wednesd|weds|miercoles",
    "thursday": r"thursdays?|thrusday|thursd|thurs?|thur|jueves",
    "friday": r"fridays?|firday|fri|viernes",
    "saturday": r"saturdays?|saterday|saturd|sabados?",
    "sunday": r"sundays?|domingos?",
}
_MONTHS = {
    "january": r"january|enero|jan",
    "february": r"february|febuary|febrero|feb",
    "march": r"march|marzo",
    "april": r"april|abril",
    "may": r"may|mayo",
    "june": r"june|junio",
    "july": r"july|julio",
    "august": r"august|agosto|aug",
    "september": r"september|septiembre|sept",
    "october": r"october|octubre|oct",
    "november": r"november|noviembre|nov",
    "december": r"december|diciembre|dec",
}
_HOLIDAYS = {
    "thanksgiving": r"thanksgiving|accion de gracias",
    "christmas": r"christmas|xmas|navidad(?:es)?",
    "new years": r"new year'?s?|ano nuevo",
    "easter": r"easter|pascuas?",
    "labor day": r"labor day",
    "memorial day": r"memorial day",
    "4th of july": r"(?:the )?4th of july|july 4th|fourth of july|cuatro de julio|4 de julio",
    "halloween": r"halloween",
    "mother's day": r"mother'?s day|dia de las madres",
    "the holidays": r"the holidays|las fiestas",
}
_SEASONS = {
    "spring": r"spring|primavera",
    "summer": r"summer|verano",
    "fall": r"fall|autumn|otono",
    "winter": r"winter|invierno",
}
_AMOUNT = (
    r"\d{1,2}(?: ?(?:-|to|or|o|a) ?\d{1,2})?|an?|one|two|three|four|five|six|seven|eight|ten|a couple(?: of)?|couple(?: of)?"
    r"|a few|few|several|half an?|un par de|unas?|unos|dos|tres|cuatro|cinco|seis|quince"
)
_UNIT = (
    r"minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|business days?"
    r"|minutos?|horas?|dias?|semanas?|mes(?:es)?"
)
_CLOCK = r"\d{1,2}(?::\d{2})?"
_MERIDIEM = r" ?(?:[ap]\.? ?m\b\.?|[ap]\b|o'?clock)"
_OF_DAY_ES = r" (?:de|por|en) la (?:manana|tarde|noche)"
_NOT_HOURS = (
    r"(?! ?(?:%|f\b|c\b|degrees?|deg\b|years?|yrs?|yr\b|ft\b|feet|foot|inch|in\.|sq|tons?|gal|bed|bath|room|br\b|ba\b|people|person"
    r"|kids?|windows?|doors?|story|stories|car\b|amp|volt|watts?|times|th\b|st\b|nd\b|rd\b|units?|grados|anos|cuartos|recamaras"
    r"|banos|personas|puertas|ventanas|pies|veces|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|minutos?|horas?|dias?"
    r"|semanas?|mes(?:es)?\b|[/-]?\d|[.,]\d|[a-z]{3,} (?:st|ave|rd|dr|ln|blvd|street|avenue|road|drive|lane)\b))"
)


def _any(words: dict[str, str]) -> str:
    return "|".join(words.values())


_DAY = _any(_DAYS)
_MONTH = _any(_MONTHS)
_PIECES: tuple[tuple[str, Kind, str], ...] = (
    # a hurry, or none
    ("no rush", Kind.WHEN, r"no (?:big |real |huge |particular |great )?(?:rush|hurry)|not in (?:a|any) (?:big |huge )?(?:rush|hurry)"
     r"|(?:there(?:'|)?s |its |it's )?not urgent|no (?:hay |tengo |me corre |corre )?(?:prisa|apuro)|sin (?:prisa|apuro)|no (?:me |nos )?(?:urge|es urgente)"
     r"|(?:cuando|qndo|cdo) (?:usted(?:es)? )?(?:pueda[ns]?|tenga[n]? (?:tiempo|chance))|not (?:in )?an? emergency no rush"),
    ("whenever", Kind.WHEN, r"when ?ever (?:you(?:'re| are)? (?:can|get (?:a chance|around to it)|have (?:time|an opening|availability)|free|available)|works(?: for you)?|is good|its? convenient|u can)"
     r"|when ?ever|cuando sea|(?:at )?your (?:earliest )?convenience"),
    ("anytime", Kind.WHEN, r"any ?time|a cualquier hora|cualquier hora|todo el dia|all day"),
    ("any day", Kind.WHEN, r"any ?day|cualquier dia|cualquiera de esos dias"),
    ("flexible", Kind.WHEN, r"flexible"),
    ("asap", Kind.WHEN, r"a\.?s\.?a\.?p\b\.?|as soon as (?:possible|you can|u can|humanly possible)|(?:as )?quick(?:ly)? as possible|the sooner the better|soonest|right away|right now"
     r"|immediately|inmediatamente|de inmediato|lo (?:antes|mas pronto|mas rapido) posible|(?:lo mas|tan) pronto (?:que|como) (?:se )?pueda[ns]?|cuanto antes|ahora mismo|ahorita(?: mismo)?|ya mismo|enseguida|de urgencia"
     r"|(?:your |the )?(?:first|next|earliest) (?:available|opening|appointment|slot)"),
    ("soon", Kind.WHEN, r"(?:pretty |fairly |real )?soon|pronto|sooner than later|sooner rather than later"),
    # days
    ("day after tomorrow", Kind.WHEN, r"(?:the )?day after (?:tomorrow|tmrw)|pasado manana"),
    ("tomorrow", Kind.WHEN, r"tomorrows?|tomorow|tommorow|tommorrow|tomorro|tmrw|tmmrw|tmw|tmr|2morrow|2moro|2mrw|(?<!la )(?<!esta )manana(?= (?:por|en|a|temprano|despues|antes|o|si|mismo|al)\b)|(?<!la )(?<!esta )(?<!de )manana"),
    ("today", Kind.WHEN, r"to ?day|2day|hoy(?: mismo)?|same day|el mismo dia"),
    ("tonight", Kind.WHEN, r"to ?nite|tonight|2nite|esta noche"),
    ("this morning", Kind.WHEN, r"this (?:morning|am)|esta manana"),
    ("this afternoon", Kind.WHEN, r"this (?:afternoon|aft)|esta tarde"),
    ("this evening", Kind.WHEN, r"this evening"),
    ("this weekend", Kind.WHEN, r"this (?:coming )?(?:weekend|wknd|wkend)|este fin de semana|el fin de semana"),
    ("next weekend", Kind.WHEN, r"(?:next|nxt) (?:weekend|wknd)|(?:el )?(?:proximo|siguiente) fin de semana"),
    ("weekend", Kind.WHEN, r"(?:the |on )?weekends?|wknds?|(?:los )?fines? de semana"),
    ("weekday", Kind.WHEN, r"(?:on )?week ?days?|entre semana|during the week"),
    ("early next week", Kind.WHEN, r"early (?:next|nxt) (?:week|wk)|a principios de la (?:proxima semana|semana que viene)"),
    ("next week", Kind.WHEN, r"(?:the )?(?:next|nxt|following) (?:week|wk)|la (?:proxima semana|semana (?:que viene|entrante|proxima))|(?:la )?otra semana|proxima semana"),
    ("end of the week", Kind.WHEN, r"(?:the )?end of (?:the|this) (?:week|wk)|fin(?:al(?:es)?)? de (?:la |esta )?semana(?= )|eow"),
    ("later this week", Kind.WHEN, r"later (?:this|in the) week"),
    ("this week", Kind.WHEN, r"this (?:week|wk)|esta (?:misma )?semana"),
    ("next month", Kind.WHEN, r"(?:the )?(?:next|nxt) month|(?:el )?(?:proximo mes|mes que viene|mes entrante)"),
    ("end of the month", Kind.WHEN, r"(?:the )?end of (?:the |this )?month|(?:a )?fin(?:al(?:es)?)? de(?:l)? mes|eom"),
    ("this month", Kind.WHEN, r"this month|este mes"),
    ("next year", Kind.WHEN, r"next year|(?:el )?(?:proximo ano|ano que viene)"),
    ("end of the year", Kind.WHEN, r"(?:the )?end of (?:the |this )?year|fin de ano"),
    ("end of day", Kind.WHEN, r"(?:the )?end of (?:the )?(?:business )?day|eod"),
    *(
        (f"next {day}", Kind.WHEN, rf"(?:next|nxt) (?:{words})|(?:el )?proximo (?:{words})|(?:{words}) que viene|(?:el )?(?:{words}) proximo")
        for day, words in _DAYS.items()
    ),
    *((day, Kind.WHEN, rf"(?:this (?:coming )?|coming |este |el |los )?(?:{words})") for day, words in _DAYS.items()),
    ("saturday", Kind.WHEN, r"(?<=on )sat|(?<=this )sat|(?<=next )sat|(?<=by )sat|(?<=or )sat|(?<=fri[ /-])sat|sat(?= (?:morning|afternoon|am|at|after|before|or|works|\d))"),
    ("sunday", Kind.WHEN, r"(?<=on )sun|(?<=this )sun|(?<=sat )sun|(?<=or )sun|sun(?= (?:morning|afternoon|at|after|works))"),
    ("monday", Kind.WHEN, r"mon(?= |$|[.,!?/-])"),
    ("wednesday", Kind.WHEN, r"wed(?= |$|[.,!?/-])"),
    *((holiday, Kind.WHEN, words) for holiday, words in _HOLIDAYS.items()),
    # dates
    ("{0}", Kind.WHEN, r"(?:the )?week of (?:the )?(?:\w+ )?\d{1,2}(?:st|nd|rd|th)?"),
    ("{month} {d}", Kind.WHEN, rf"(?P<month>{_MONTH})\.? (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:\d])"),
    ("{month2} {d2}", Kind.WHEN, rf"(?:el )?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)? (?:of |de )(?P<month2>{_MONTH})"),
    ("{date}", Kind.WHEN, r"(?<![\d/])(?P<date>(?:1[0-2]|0?[1-9])/(?:[12]\d|3[01]|0?[1-9]))(?:/\d{2,4})?(?![\d/])"),
    ("the {d3}", Kind.WHEN, r"(?:the|el dia|on the) (?P<d3>\d{1,2}(?:st|nd|rd|th))|el dia (?P<d4>\d{1,2})"),
    ("{mid} {month3}", Kind.WHEN, rf"(?P<mid>early|mid|late|beginning of|end of|middle of|a (?:principios|mediados|finales) de)[ -](?P<month3>{_MONTH})"),
    ("{in_month}", Kind.WHEN, rf"(?<=in )(?P<in_month>{_MONTH})|(?<=by )(?P<in_month2>{_MONTH})|(?<=before )(?P<in_month3>{_MONTH})|(?<=until )(?P<in_month4>{_MONTH})|(?<=en )(?P<in_month5>{_MONTH})|(?<=next )(?P<in_month6>{_MONTH})|(?<=or )(?P<in_month7>{_MONTH})"),
    *(
        (season, Kind.WHEN, rf"(?<=in the )(?:{words})|(?<=this )(?:{words})|(?<=next )(?:{words})|(?<=before )(?:the )?(?:{words})|(?<=by )(?:{words})|(?<=en )(?:la |el )?(?:{words})|(?<=antes de )(?:la |l )?(?:{words})|(?<=antes del )(?:{words})|(?<=la )(?:{words})|(?<=el )(?:{words})|(?<=until )(?:{words})")
        for season, words in _SEASONS.items()
    ),
    # spans from now
    ("in {n} {unit}", Kind.WHEN, rf"(?:in|within|en|dentro de)(?: about| like| unos| the next)? (?P<n>{_AMOUNT}) ?(?P<unit>{_UNIT})\b(?! ago)"),
    ("next {n2} {unit2}", Kind.WHEN, rf"(?:(?:in|within|over|for) )?(?:the |los |las )?(?:next|coming|proxim[oa]s) (?P<n2>{_AMOUNT}) (?P<unit2>{_UNIT})"),
    ("{n3} {unit3} from now", Kind.WHEN, rf"(?P<n3>{_AMOUNT}) (?P<unit3>{_UNIT}) from (?:now|today)"),
    # parts of a day
    ("first thing", Kind.WHEN, r"first thing(?: in the (?=morning))?|a primera hora"),
    ("early morning", Kind.WHEN, r"early (?:in the )?morning|temprano (?:por|en|de) la manana"),
    ("late morning", Kind.WHEN, r"late morning"),
    ("late afternoon", Kind.WHEN, r"late (?:in the )?afternoon"),
    ("early afternoon", Kind.WHEN, r"early (?:in the )?afternoon"),
    ("after work", Kind.WHEN, r"after (?:i get (?:off|home|out)(?: of| from)?(?: work)?|i'?m off|work(?:ing hours)?)|despues del trabajo|(?:cuando )?salgo del trabajo"),
    ("after school", Kind.WHEN, r"after school(?: pick ?up)?|despues de la escuela"),
    ("during business hours", Kind.WHEN, r"(?:during )?(?:business|office|working) hours"),
    ("during lunch", Kind.WHEN, r"(?:at|during|on|over) (?:my )?lunch(?: ?time| break| hour)?|a la hora d(?:el almuerzo|e comida)"),
    ("noon", Kind.WHEN, r"noon|midday|(?:al )?medio ?dia"),
    ("midnight", Kind.WHEN, r"midnight|medianoche"),
    ("morning", Kind.WHEN, r"(?:(?:in|during|por|en|de|x) )?(?:the |la )?mornings?\b|(?:por|en|de|x|a) las? mananas?|mid ?morning|(?<=day )am\b|(?<=tomorrow )am\b"),
    ("afternoon", Kind.WHEN, r"(?:(?:in|during) )?(?:the )?(?:afternoons?|aft(?:ern)?)\b|(?:por|en|de|x|a) las? tardes?|(?<=day )pm\b|(?<=tomorrow )pm\b"),
    ("evening", Kind.WHEN, r"(?:(?:in|during) )?(?:the )?(?:evenings?|eve)\b|(?:por|en|de|x|a) las? noches?"),
    ("night", Kind.WHEN, r"(?:at )?nights?|nite"),
    ("early", Kind.WHEN, r"early|temprano|earlier"),
    ("later", Kind.WHEN, r"later(?: (?:in the|on))?(?: day)?|mas tarde"),
    # clock times
    ("{range}", Kind.WHEN, rf"(?P<range>(?:between |from |entre (?:las? )?|de (?:las? )?)?{_CLOCK}(?:{_MERIDIEM})? ?(?:-|to|and|til+|until|thru|or|y|a|o)(?: las?)? ?{_CLOCK}(?:{_MERIDIEM}|{_OF_DAY_ES})){_NOT_HOURS}"),
    ("{range2}", Kind.WHEN, rf"(?P<range2>(?:between |from |entre (?:las? )?|de las? ){_CLOCK} ?(?:-|to|and|til+|until|thru|y|a)(?: las?)? ?{_CLOCK}){_NOT_HOURS}"),
    ("{range3}", Kind.WHEN, rf"(?<![\d/$#-])(?P<range3>(?:1[0-2]|[1-9])(?::\d\d)? ?- ?(?:1[0-2]|[1-9])(?::\d\d)?)(?![\d/-]){_NOT_HOURS}"),
    ("{clock}", Kind.WHEN, rf"(?:(?:a|at) (?:las? )?|las? )?(?<![\d:/$])(?P<clock>{_CLOCK}(?:ish)?(?:{_MERIDIEM}|{_OF_DAY_ES}))"),
    ("{clock2}", Kind.WHEN, r"(?:a las? |at |las? )?(?<![\d:/$])(?P<clock2>\d{1,2}:[0-5]\d)(?![:\d])"),
    ("{clock3}", Kind.WHEN, rf"(?:a las?|at|around|about|@|como a las?|tipo) (?P<clock3>(?:1[0-2]|[1-9])(?:ish)?)\b{_NOT_HOURS}"),
    ("{clock4}", Kind.WHEN, rf"(?<=after )(?P<clock4>(?:1[0-2]|[1-9])(?:ish)?)\b{_NOT_HOURS}|(?<=before )(?P<clock5>1[0-2]|[1-9])\b{_NOT_HOURS}|(?<=by )(?P<clock6>1[0-2]|[1-9])\b{_NOT_HOURS}|(?<=until )(?P<clock7>1[0-2]|[1-9])\b{_NOT_HOURS}|(?<=till )(?P<clock8>1[0-2]|[1-9])\b{_NOT_HOURS}|(?<=las )(?P<clock9>1[0-2]|[1-9])\b{_NOT_HOURS}|(?<=past )(?P<clocka>1[0-2]|[1-9])\b{_NOT_HOURS}|(?<=til )(?P<clockb>1[0-2]|[1-9])\b{_NOT_HOURS}"),
    ("{spoken}", Kind.WHEN, r"(?:at|after|before|by|around|about|till?|until|las?) (?P<spoken>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)(?: (?P<spoken_min>thirty|fifteen|forty five|y media))?(?: o'?clock)?(?P<spoken_ap> ?[ap]\.?m\.?| (?:de|por|en) la (?:manana|tarde|noche)| in the (?:morning|afternoon|evening))?\b" + _NOT_HOURS),
    # bounds
    ("after", Kind.BOUND, r"(?:any ?time )?(?:after|past)|despues de(?:l| las?)?|a partir de(?:l| las?)?"),
    ("before", Kind.BOUND, r"before|b4|prior to|antes de(?:l| las?)?"),
    ("by", Kind.BOUND, r"(?:by|no later than|until|till?)|para (?:el|la|las)?|hasta (?:el|la|las)?"),
    ("starting", Kind.BOUND, r"starting|beginning|empezando"),
    ("except", Kind.BOUND, r"except|but not|just not|not(?= (?:on )?(?:mon|tue|wed|thu|fri|sat|sun))|menos|excepto|other than"),
    ("around", Kind.LINK, r"around|about|like|circa|como|tipo|alrededor de"),
    ("or", Kind.LINK, r"or|and|/|&|-|,|to|o|y|u"),
    ("", Kind.LINK, r"on|in|the|at|of|for|some ?time|somewhere|maybe|best|works?|is|are|good|fine|great|ok|okay|would|be|preferably|preferred|ideally|if possible|if u can|if you can|possible|please|either|anything|el|la|los|las|por|en|de|del|a|este|esta|mejor|bien|si se puede|si es posible|seria|tal vez|quiza|also|though|only|even|better|earlier"),
)  # fmt: skip


def _compiled() -> re.Pattern[str]:
    alternatives = "|".join(f"(?P<p{i}>{pattern})" for i, (_, _, pattern) in enumerate(_PIECES))
    return re.compile(rf"(?<![\w'])(?:{alternatives})(?![\w'])|(?P<word>[\w']+)|(?P<stop>[^\s\w])")


_MASTER = _compiled()
_MONTH_OF = {word: month for month, words in _MONTHS.items() for word in words.split("|")}
_UNIT_OF = {
    "minuto": "minutes",
    "hora": "hours",
    "dia": "days",
    "semana": "weeks",
    "mes": "months",
    "min": "minutes",
    "hr": "hours",
    "wk": "weeks",
}


def wishes(text: Folded) -> list[Wish]:
    """Every span of a text that names a time, in order. Whether it is wanted, past or about a call is for others to say."""
    found: list[Wish] = []
    run: list[_Piece] = []

    def close() -> None:
        while run and run[-1].kind is not Kind.WHEN:
            run.pop()
        while run and run[0].kind is Kind.LINK:
            run.pop(0)
        if any(piece.kind is Kind.WHEN for piece in run):
            said = " ".join(piece.said for piece in run if piece.said)
            found.append(Wish(_tidy(said), run[0].start, run[-1].end))
        run.clear()

    for match in _MASTER.finditer(text.plain):
        piece = _piece(match)
        if piece is None:
            close()
            continue
        run.append(piece)
        if len(run) > 3 and all(one.kind is Kind.LINK for one in run[-4:]):
            close()
    close()
    return found


def _piece(match: re.Match[str]) -> _Piece | None:
    group = match.lastgroup  # the outermost: it closes last
    if group is None or group in ("word", "stop"):
        return None
    said, kind, _ = _PIECES[int(group[1:])]
    return _Piece(kind, _spoken(said, match), match.start(), match.end())


def _spoken(said: str, match: re.Match[str]) -> str:
    """The English words of a piece that depends on what was matched."""
    if "{" not in said:
        return said
    if said == "{0}":
        return match.group(0)
    groups = {
        name: value
        for name, value in match.groupdict().items()
        if value is not None and not re.fullmatch(r"p\d+", name)
    }
    if "spoken" in groups:
        return _spoken_hour(match.group(0), groups)
    for name in [name for name in groups if name.startswith(("range", "clock"))]:
        return _clock(groups[name])
    for name in [name for name in groups if name.startswith("in_month")]:
        return _MONTH_OF.get(groups[name], groups[name])
    for number in ("", "2", "3"):
        if f"n{number}" in groups:
            amount = _amount(groups[f"n{number}"])
            return said.replace(f"{{n{number}}}", amount).replace(
                f"{{unit{number}}}", _unit(groups[f"unit{number}"], amount)
            )
        if f"month{number}" in groups:
            groups[f"month{number}"] = _MONTH_OF.get(groups[f"month{number}"], groups[f"month{number}"])
    if "mid" in groups:
        groups["mid"] = {"a principios de": "early", "a mediados de": "mid", "a finales de": "late"}.get(
            groups["mid"], groups["mid"]
        )
    if "d4" in groups:
        return f"the {groups['d4']}"
    return said.format(**groups)


def _amount(words: str) -> str:
    words = {"unos": "a few", "unas": "a few", "un par de": "a couple of"}.get(words, words)
    return _NUMBERS_ES.get(words, words)


def _unit(word: str, amount: str) -> str:
    for short, unit in _UNIT_OF.items():
        if word.startswith(short) and word not in ("minutes", "minute"):
            return unit[:-1] if amount in ("a", "an", "one", "1") else unit
    return word


def _clock(words: str) -> str:
    words = re.sub(r"^(?:between|entre(?: las?)?) ", "between ", words)
    words = re.sub(r"^(?:from|de(?: las?)?) ", "from ", words)
    words = re.sub(r" (?:a|y)(?: las?)? ?(?=\d)", "-" if not words.startswith("between") else " and ", words)
    words = re.sub(r" ?(?:de|por|en) la manana", "am", words)
    words = re.sub(r" ?(?:de|por|en) la (?:tarde|noche)", "pm", words)
    words = re.sub(r"(\d)(?:ish)? ?([ap])\.? ?m?\.?(?![a-z])", r"\1\2m", words)
    words = re.sub(r"(\d)ish", r"\1", words)
    return re.sub(r" ?o'?clock", ":00", words) if ":" not in words else re.sub(r" ?o'?clock", "", words)


def _spoken_hour(words: str, groups: dict[str, str]) -> str:
    hour = _HOURS[groups["spoken"]]
    minutes = {"thirty": ":30", "y media": ":30", "fifteen": ":15", "forty five": ":45"}.get(
        groups.get("spoken_min", ""), ""
    )
    half = groups.get("spoken_ap", "")
    meridiem = "am" if re.search(r"a\.?m|manana|morning", half) else "pm" if half else ""
    bound = words.split(" ", 1)[0]
    bound = {"till": "by", "til": "by", "until": "by", "around": "", "about": "", "la": "", "las": "", "at": ""}.get(
        bound, bound
    )
    clock = f"{hour}{minutes}{meridiem}"
    return f"{bound} {clock}" if bound else (clock if meridiem or minutes else f"at {clock}")


def _tidy(said: str) -> str:
    said = re.sub(r"\b(or )+(?=or\b)", "", said)
    said = re.sub(r"\s+", " ", said).strip(" ,-")
    return re.sub(r"^(?:or|around) ", "", said)
