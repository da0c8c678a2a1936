"""Wanted times in English and Spanish: spans of words that name a day, a part of a day, a clock time or a hurry.

A wish is kept as it was worded ("wednesday after 3pm", "before thanksgiving"), in English, and never turned into a date:
whoever reads the lead knows what the caller said, and the booking rules resolve it against a calendar of their own.
Every wish found here is one small piece: "tue or wed afternoon" are three. Which of them are wanted, and for what, is
decided in `roles`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from gateway.core.understanding.folded import Folded


class Kind(StrEnum):
    """What a piece is: `WHEN` stands alone, `BOUND` needs what follows, `LINK` may stand between, `NUMBER` is an hour
    or a day of the month where the piece before it says so, `HALF` is "am" behind a day."""

    WHEN = "when"
    BOUND = "bound"
    LINK = "link"
    NUMBER = "number"
    HALF = "half"


class Wording(StrEnum):
    """How a wish is passed on: with its bound, without, or with the bound that the sentence gives it ("we close on the
    14th", "asleep until 2, call then")."""

    AS_SAID = "as said"
    BARE = "bare"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Wish:
    """One time in a text, in English: `bound` ("after") may be empty; `[start, end)` are the words as sent."""

    said: str
    bound: str
    start: int
    end: int

    def worded(self, wording: Wording = Wording.AS_SAID) -> str:
        """The words to pass on."""
        match wording:
            case Wording.AS_SAID:
                bound = self.bound
            case Wording.BARE:
                bound = ""
            case _:
                bound = str(wording)
        return f"{bound} {self.said.removeprefix('at ')}" if bound else self.said


_HOURS = {
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
_HOLIDAYS = {
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
_SEASONS = {
    "spring": r"spring|primavera",
    "summer": r"summer|verano",
    "fall": r"fall|autumn|otono",
    "winter": r"winter|invierno",
}
_EVENTS = {
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


def _any(words: dict[str, str]) -> str:
    return "|".join(words.values())


_DAY = _any(_DAYS)
_MONTH = _any(_MONTHS)
_NAME_OF = {
    name: re.compile(rf"(?:{words})\Z")
    for names in (_DAYS, _MONTHS, _SEASONS, _EVENTS, _HOLIDAYS)
    for name, words in names.items()
}
_AMOUNT = (
    r"\d{1,2}(?: ?(?:-|to|or|o|a) ?\d{1,2})?|an?|one|two|three|four|five|six|seven|eight|ten|a couple(?: of)?|couple(?: of)?"
    r"|a few|few|several|half an?|un par de|unas?|unos|dos|tres|cuatro|cinco|seis|quince"
)
_UNIT = r"minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|business days?|minutos?|horas?|dias?|semanas?|mes(?:es)?"
_UNIT_OF = {"minuto": "minutes", "hora": "hours", "dia": "days", "semana": "weeks", "mes": "months", "wk": "weeks"}
_HOUR = r"(?:1[0-2]|0?[1-9])"
_HOUR_MINUTE = r"(?:2[0-3]|1\d|0?\d)[:h][0-5]\d"
_HALF = r"(?:ish)?(?: ?[ap]\.? ?m\b\.?|[ap]\b| ?o'?clock\b| (?:de|por|en|x) la (?:manana|tarde|noche)| in the (?:morning|afternoon|evening)| at night)"
_CLOCK = rf"(?:{_HOUR_MINUTE}|{_HOUR})(?: y media)?"
_SPOKEN = "|".join(_HOURS)
_NOON = r"noon|midday|(?:el )?mediodia|medio dia"
_END = rf"(?:(?:1[0-2]|[1-9])[0-5][05](?!\d)|{_CLOCK}(?!\d)(?:{_HALF})?|{_NOON})"
_SPOKEN_END = rf"(?:{_SPOKEN})(?: thirty)?(?: o'?clock)?"
_NO_CLOCK = (
    r"(?! ?(?:%|f\b|c\b|degrees?|deg\b|years?|yrs?|yr\b|y/?o\b|ft\b|feet|foot|'|\"|inch|in\.|sq|tons?|gal|bed|bd|bath|ba\b|room|br\b|people"
    r"|person|kids?|of (?:em|them|us|the)|windows?|doors?|story|stories|cars?\b|bay|amp|volt|watts?|x\b|times|th\b|st\b|nd\b|rd\b|units?|grados|anos"
    r"|cuartos|recamaras|banos|personas|puertas|ventanas|pies|veces|pisos|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|minutos?"
    r"|horas?|dias?|semanas?|mes(?:es)?\b|[/-]?\d|[.,]\d|[nsew]\.? [a-z\d]|(?:[a-z\d]{2,} ){1,3}(?:st|ave|rd|dr|ln|blvd|ct|pl|street|avenue|road|drive|lane)\b))"
)
_FREE = r"(?:can|could|want|like|get (?:a (?:chance|sec(?:ond)?|min(?:ute)?|moment|free minute)|around to it|time)|have (?:time|an? (?:opening|chance|sec|minute))|got time|are free|'?re free|are able|available|free)"
_BETWEEN_DAYS = r" ?(?:-|thru|through) ?"


def _name(word: str) -> str:
    """The English name of a day, month, season ... in any spelling."""
    return next((name for name, pattern in _NAME_OF.items() if pattern.match(word)), word)


def _as_sent(match: re.Match[str]) -> str:
    """The words themselves, abbreviations spelt out."""
    words = match.group(0)
    for short, long in (
        (r"\bu\b|\by'?all\b|\bya'?ll\b|\byou'?(?:re|ll)\b|\bur\b|\bya\b|\byou guys\b", "you"),
        (r"\bwk\b", "week"),
    ):
        words = re.sub(short, long, words)
    return words


def _no_hurry(match: re.Match[str]) -> str:
    words = match.group(0)
    for said in ("urgent", "hurry"):
        if said in words:
            return words if words.startswith("not in") else f"{'not' if said == 'urgent' else 'no'} {said}"
    return "no rush"


def _clock(words: str) -> str:
    """One clock time as digits and am or pm: "5:30", "3pm", "noon"."""
    words = words.strip()
    if re.fullmatch(_NOON, words):
        return "noon"
    for spoken in words.split():
        if spoken in _HOURS:
            words = words.replace(spoken, str(_HOURS[spoken]), 1)
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


def _range(match: re.Match[str]) -> str:
    words = match.group(0)
    pair = re.match(
        rf"(?P<from>between|btw|from|entre|de?)? ?(?:las? )?(?P<one>{_END}|{_SPOKEN_END}) ?(?P<to>-|to|and|&|till?|until|thru|or|a|y|o)(?: las?)? ?(?P<two>{_END}|{_SPOKEN_END})",
        words,
    )
    if pair is None:
        return words
    one, two = _clock(pair["one"]), _clock(pair["two"])
    if pair["from"] in ("between", "btw", "entre"):
        return f"between {one} and {two}"
    return f"{one} {'or' if pair['to'] in ('or', 'o') else 'to'} {two}"


def _said(match: re.Match[str], name: str) -> str:
    return match.group(name) or ""


def _span(match: re.Match[str]) -> str:
    """ "in 3 weeks", "the next two weeks", "2 weeks from saturday"."""
    found = re.search(rf"(?P<n>{_AMOUNT}) ?(?P<unit>{_UNIT})\b", match.group(0))
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
        return f"{amount} {unit} from {_name(last)}"
    return f"{'within' if 'within' in before else 'in'} {amount} {unit}"


def _every(match: re.Match[str]) -> str:
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


_Say = str | Callable[[re.Match[str]], str]
_PIECES: tuple[tuple[_Say, Kind, str], ...] = (
    # a hurry, or none
    (_no_hurry, Kind.WHEN, r"no (?:big |real |huge |particular |great |terrible |mad )?(?:rush|hurry)|not in (?:a|any) (?:big |huge |great )?(?:rush|hurry)"
     r"|(?:(?:it'?s|its) )?(?:not|nothing|isn'?t|aint) (?:that |super |at all |an? )?urgent|no (?:hay |tengo |me corre |corre |es )?(?:ninguna )?(?:prisa|apuro)|sin (?:prisas?|apuros?)|no (?:me |nos )?(?:urge|es urgente)"),
    ("whenever you can", Kind.WHEN, r"(?:cuando|qndo|cdo|kuando) (?:usted(?:es)? |uds? )?(?:buenamente )?(?:pueda[ns]?|se pueda)"),
    ("whenever you have time", Kind.WHEN, r"(?:cuando|qndo|cdo|kuando) (?:usted(?:es)? |uds? )?tenga[n]? (?:tiempo|chance|espacio|un rato|hueco|lugar)"),
    (_as_sent, Kind.WHEN, rf"when ?ever (?:(?:you(?:'re| are|'ve|'ll| guys| folks)?|u|ya|y'?all|ya'?ll) {_FREE}|works(?: best)?(?: for (?:you|u|y'?all))?|is (?:good|convenient|easiest)|it'?s convenient|it suits)"
     rf"|when (?:(?:you(?:'re| are| guys| folks)?|u|ya|y'?all|ya'?ll) {_FREE}|it suits (?:you|u)|convenient)"),
    ("whenever", Kind.WHEN, r"when ?ever|cuando sea|cuando quiera[ns]?"),
    ("at your convenience", Kind.WHEN, r"at your (?:earliest )?convenience"),
    ("anytime", Kind.WHEN, r"any ?time|a (?:cualquier hora|la hora que (?:sea|quiera[ns]?|guste[ns]?))|cualquier hora|(?:at )?any hour|cualquier momento|en cualquier momento"),
    ("all day", Kind.WHEN, r"all day(?: long)?|todo el dia"),
    ("all week", Kind.WHEN, r"all (?:week|wk)|toda la semana"),
    ("all summer", Kind.WHEN, r"all summer"),
    ("same time", Kind.WHEN, r"(?:at )?(?:the )?same (?:time|hour)|(?:a )?la misma hora|misma hora"),
    ("same day", Kind.WHEN, r"(?:the )?same day|el mismo dia"),
    ("flexible", Kind.WHEN, r"flexible"),
    ("asap", Kind.WHEN, r"a\.?s\.?a\.?p\b\.?|as soon as (?:possible|you can|u can|humanly possible)|(?:as )?quick(?:ly)? as (?:possible|you can)|the sooner the better|soonest|right away|right now|rn"
     r"|immediately|inmediatamente|de inmediato|lo (?:antes|mas pronto|mas rapido) (?:posible|que (?:se )?pueda[ns]?)|(?:lo mas|tan) pronto (?:que|como|posible)(?: (?:se )?pueda[ns]?)?|cuanto antes|ahora mismo|ahorita(?: mismo)?|ya mismo|enseguida|de urgencia"
     r"|(?:your |the )?(?:first|next|earliest|soonest) (?:available|opening|appointment|slot)"),
    ("now", Kind.WHEN, r"now|ahora"),
    ("soon", Kind.WHEN, r"(?:pretty |fairly |real )?soon|pronto|sooner than later|sooner rather than later"),
    # days
    ("day after tomorrow", Kind.WHEN, r"(?:the )?day after (?:tomorrow|tmrw|tmr|tomorow)|pasado manana|not tomorrow but the (?:day after|next day)|not tomorrow but the next"),
    ("tomorrow", Kind.WHEN, r"tomm?orr?ow'?s?|tomm?orr?o|tmm?rw'?s?|tmw|tom(?= ?(?:[.,?!]|$|or|and|am|pm|after|morning|afternoon))|tmr|tmrrw|2morrow|2moro|2mrw|2mrrw|tomoro|(?<!la )(?<!esta )(?<!las )manana(?= (?:por|en|a|temprano|despues|antes|o|si|mismo|al)\b)|(?<!la )(?<!esta )(?<!de )manana"),
    ("this afternoon", Kind.WHEN, r"this (?:afternoon|aft(?:ernoon)?|aftn)|(?:hoy )?(?:por|en) la tarde de hoy|hoy (?:mismo )?(?:por|en) la tarde|esta tarde"),
    ("this morning", Kind.WHEN, r"this (?:morning|mornin|am)|esta manana|hoy (?:por|en) la manana"),
    ("tonight", Kind.WHEN, r"to ?nite|tonight|tonite|2nite|2night|esta noche|hoy (?:por|en) la noche"),
    ("this evening", Kind.WHEN, r"this (?:evening|eve)"),
    ("today", Kind.WHEN, r"to ?day|2day|hoy(?: mismo)?|later today|el dia de hoy"),
    ("this weekend", Kind.WHEN, r"this (?:coming )?(?:weekend|wknd|wkend|wkd)|este fin(?: de semana)?"),
    ("next weekend", Kind.WHEN, r"(?:next|nxt) (?:weekend|wknd|wkend)|(?:el )?(?:proximo|siguiente) fin de semana|(?:el )?fin de semana que viene"),
    ("weekend", Kind.WHEN, r"(?:the |el |los )?(?:weekends?|wknds?|wkends?|fin(?:es)? de semana)"),
    ("weekdays", Kind.WHEN, r"week ?days?|wkdays?|entre semana|during the week|dias de semana"),
    ("early next week", Kind.WHEN, r"early (?:in )?(?:the )?(?:next|nxt) (?:week|wk)|a principios de la (?:proxima semana|semana que (?:viene|entra))"),
    ("late next week", Kind.WHEN, r"late(?:r)? (?:in )?(?:the )?(?:next|nxt) (?:week|wk)"),
    ("the following week", Kind.WHEN, r"(?:the )?(?:following|ff) (?:week|wk)|la semana siguiente|(?:the )?week after that|the week after(?= |$|[.,?!])(?! \w+ay)(?! (?:easter|thanksgiving|christmas|labor|new|the))"),
    ("week after next", Kind.WHEN, r"(?:the )?(?:week|wk) after next"),
    ("next week", Kind.WHEN, r"(?:the |sometime )?(?:next|nxt) (?:week|wk)|(?:la )?(?:proxima semana|semana (?:(?:que|q|k|ke) (?:viene|entra)|entrante|proxima))|(?:la )?otra semana|(?:la )?semana q (?:viene|entra)"),
    ("end of the week", Kind.WHEN, r"(?:the )?end of (?:the |this )?(?:week|wk)|fin(?:al(?:es)?)? de (?:la |esta )semana|eow"),
    ("later this week", Kind.WHEN, r"later (?:this|in the) (?:week|wk)|mas adelante esta semana"),
    ("this week", Kind.WHEN, r"this (?:week|wk)|esta (?:misma )?semana"),
    ("week of the {d}", Kind.WHEN, r"(?:the )?(?:week|wk) of (?:the )?(?P<d>\d{1,2})(?:st|nd|rd|th)?|(?:la )?semana del (?:dia )?(?P<d_es>\d{1,2})"),
    (_as_sent, Kind.WHEN, rf"(?:the )?(?:first|second|third|last|1st|2nd|3rd) (?:week|wk|half|part) of (?:the month|next month|this month|{_MONTH})"),
    ("week after", Kind.BOUND, r"(?:the |la )?(?:week|wk|semana) (?:after|despues de)"),
    ("week of", Kind.BOUND, r"(?:the |la )?(?:week of|wk of|semana de)"),
    ("next month", Kind.WHEN, r"(?:the )?(?:next|nxt) (?:month|mo)|(?:el )?(?:proximo mes|mes que (?:viene|entra)|mes entrante)|(?:d)?el (?:mes )?que entra"),
    ("end of the month", Kind.WHEN, r"(?:the )?end of (?:the |this )?month|month'?s? end|(?:a )?fin(?:al(?:es)?)? de(?:l)? mes|eom"),
    ("end of next month", Kind.WHEN, r"(?:the )?end of next month"),
    ("this month", Kind.WHEN, r"(?:sometime )?this month|este mes"),
    ("next year", Kind.WHEN, r"next year|(?:el )?(?:proximo ano|ano que viene)"),
    ("this year", Kind.WHEN, r"this year|este ano"),
    ("end of the year", Kind.WHEN, r"(?:the )?end of (?:the |this )?year|fin de ano|year end"),
    ("end of day", Kind.WHEN, r"(?:the )?end of (?:the )?(?:business |work ?)?day|eod|cob"),
    (lambda m: f"{_name(_said(m, 'from_day'))} {'through' if re.search('thru|through', m.group(0)) else 'to'} {_name(_said(m, 'to_day'))}", Kind.WHEN,
     rf"(?P<from_day>{_DAY}){_BETWEEN_DAYS}(?P<to_day>{_DAY})"),
    ("monday to friday", Kind.WHEN, r"m ?- ?f"),
    ("monday wednesday friday", Kind.WHEN, r"m ?[-/, ] ?w ?[-/, ] ?f"),
    ("tuesday thursday", Kind.WHEN, r"tu?/th"),
    (lambda m: f"next {_name(_said(m, 'next_day'))}", Kind.WHEN, rf"(?:next|nxt|(?:el )?proximo|el otro) (?P<next_day>{_DAY})"),
    (lambda m: f"next {_name(_said(m, 'day_next'))}", Kind.WHEN, rf"(?:el |este )?(?P<day_next>{_DAY}) (?:(?:que|q|k) viene|proximo|siguiente|(?:que|q|k) entra)"),
    (lambda m: f"the following {_name(_said(m, 'following_day'))}", Kind.WHEN, rf"(?:the )?following (?P<following_day>{_DAY})|(?:el )?siguiente (?P<siguiente_day>{_DAY})"),
    (lambda m: f"{_name(_said(m, 'dated'))} the {_said(m, 'dated_day')}", Kind.WHEN,
     rf"(?:this (?:coming )?|coming |el )?(?P<dated>{_DAY})[ ,]+(?:(?:the |el )?(?P<dated_day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?)(?![:\d/])(?! ?(?:a\.?m|p\.?m|[ap]\b(?! las?\b)|-|to \d|of |years|people|de (?:{_MONTH})|de la|or \d|y \d))(?! (?:{_MONTH}))"),
    (lambda m: _name(_said(m, "day")), Kind.WHEN, rf"(?:this (?:coming |next )?|coming |este (?:proximo )?|el (?:dia )?|los |un )?(?<!the )(?P<day>{_DAY})(?!'?s? (?:night football))"),
    *((holiday, Kind.WHEN, words) for holiday, words in _HOLIDAYS.items()),
    # dates
    (lambda m: f"{_name(_said(m, 'month'))} {_said(m, 'month_day')}", Kind.WHEN, rf"(?P<month>{_MONTH})\.? (?:the )?(?P<month_day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![:\d])"),
    (lambda m: f"{_name(_said(m, 'month_of'))} {_said(m, 'day_of')}", Kind.WHEN, rf"(?:el |the )?(?:dia )?(?P<day_of>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)? (?:of |de )?(?P<month_of>{_MONTH})"),
    (lambda m: _said(m, "date"), Kind.WHEN, r"(?<![\d/])(?P<date>(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9]))(?:/\d{2,4})?(?![\d/])"),
    (lambda m: f"the {_said(m, 'nth') or _said(m, 'dia')}", Kind.WHEN, r"(?:the )?(?P<nth>(?:3[01]|[12]?\d)(?:st|nd|rd|th))(?! (?:st|street|ave|avenue|floor|flr|fl|grade|time|and|place|pl|ter|terr|terrace|rd|road|dr|ct|birthday|bday|anniversary|story|hand|party|degree)\b)|(?:el dia|el|pa'?l|dia|the(?= \d\d? (?:or|and|to|-))) (?P<dia>3[01]|[12]\d|[1-9])(?![\d:%/-])(?! (?:de la|[a-z]+ (?:st|ave|rd))\b)(?= |$|[.,!?])"),
    ("the 1st", Kind.WHEN, r"the first(?= (?:of|and|so|is|if|$)|[.,!?]|$)|el primero|el dia primero"),
    (lambda m: f"{_part_of_month(_said(m, 'part'))} {_name(_said(m, 'part_month'))}", Kind.WHEN, rf"(?P<part>early|mid|late|beginning of|end of|middle of|(?:a )?(?:principios|mediados|finales|fines) de)[ -](?P<part_month>{_MONTH})"),
    (lambda m: f"{_said(m, 'this_month')} {_name(_said(m, 'a_month'))}".strip(), Kind.WHEN, rf"(?:(?:in|en) |(?P<this_month>this|next) )?(?:early )?(?P<a_month>{_MONTH})(?! (?:i|we|you|be|have|not|need|want|also|he|she|they|it)\b)"),
    (lambda m: f"{_said(m, 'season_at')} {_name(_said(m, 'season'))}".strip(), Kind.WHEN, rf"(?:in the |over the |(?P<season_at>this|next|early|late) |(?:the |en |la |el |l |in ))(?P<season>{_any(_SEASONS)})"),
    (lambda m: _name(_said(m, "bare_season")), Kind.WHEN, rf"(?<=before )(?P<bare_season>{_any(_SEASONS)})|(?<=by )(?:spring|summer|fall|winter)|(?<=until )(?:spring|summer|fall|winter)|winter"),
    # spans from now, and how often
    (_span, Kind.WHEN, rf"(?:in|within|en|dentro de)(?: about| like| unos| the next| maybe)? (?:{_AMOUNT}) ?(?:{_UNIT})\b(?! ago)(?! of)"),
    (_span, Kind.WHEN, rf"(?:(?:in|within|over|for) )?(?:the |los |las )?(?:next|coming|proxim[oa]s) (?:{_AMOUNT}) (?:{_UNIT})\b"),
    (_span, Kind.WHEN, rf"(?:{_AMOUNT}) (?:{_UNIT}) from (?:now|today|tomorrow|{_DAY})"),
    (_every, Kind.WHEN, r"every (?:other |two |2 |three |3 |four |4 )?(?:week|wk|month|day|night|morning|evening|afternoon)s?|(?:once|twice|one time|two times) (?:a|per|every) (?:week|wk|month|year)|weekly|bi-?weekly|monthly|nightly|daily|quarterly|every so often|cada (?:dos |tres |2 |3 )?semanas?|cada (?:15|quince) dias|semanal(?:mente)?|todas las semanas|cada mes|mensual(?:mente)?|cada quincena|quincenal(?:mente)?|cada dia|todos los dias|diario|(?:una vez|dos veces|1 vez|2 veces) (?:por|a la|al) (?:semana|mes)"),
    # parts of a day
    ("first thing", Kind.WHEN, r"first thing(?: in the (?=morning))?|a primera hora"),
    ("early morning", Kind.WHEN, r"early (?:in the )?(?:morning|am)|temprano (?:por|en|de) la manana|(?:en la |por la )?mananita"),
    ("late morning", Kind.WHEN, r"late (?:in the )?morning"),
    ("late afternoon", Kind.WHEN, r"late (?:in the )?afternoon|(?:en la |por la )?tardecita"),
    ("early afternoon", Kind.WHEN, r"early (?:in the )?afternoon"),
    ("early evening", Kind.WHEN, r"early (?:in the )?evening"),
    ("after work", Kind.WHEN, r"after (?:i get (?:off|home|out)(?: of| from)?(?: work)?|i'?m off)|(?:cuando )?salgo del trabajo"),
    (lambda m: f"{_bound_of(_said(m, 'event_bound'))} {_name(_said(m, 'event'))}", Kind.WHEN, rf"(?P<event_bound>after|before|b4|despues de|antes de) ?(?:the )?(?P<event>{_any(_EVENTS)})"),
    ("during business hours", Kind.WHEN, r"(?:during )?(?:business|office|working) hours|horas de oficina"),
    ("lunch", Kind.WHEN, r"(?:at|during|on|over) (?:my )?lunch(?: ?time| break| hour)?|lunch ?(?:time|hour|break)|(?:a |en )?(?:la|mi) h?ora d(?:el? (?:almuerzo|lonche|lunch)|e (?:la )?comida|e comer)|around lunch"),
    ("noon", Kind.WHEN, r"noon|midday|(?:al |el )?medio ?dia"),
    ("midnight", Kind.WHEN, r"midnight|medianoche"),
    ("forenoon", Kind.WHEN, r"forenoons?"),
    ("morning", Kind.WHEN, r"(?:(?:in|during|por|en|de|x) )?(?:the |la )?morni?n?[gs']?s?\b|(?:por|en|de|x|a) las? mananas?|mid ?morning|in the a\.?m\b\.?"),
    ("afternoon", Kind.WHEN, r"(?:(?:in|during) )?(?:the )?(?:after?n?oo?ns?|aft(?:ern)?|aftrnoons?)\b|(?:por|en|de|x|a) las? tardes?|in the p\.?m\b\.?"),
    ("evening", Kind.WHEN, r"(?:(?:in|during) )?(?:the )?(?:evenings?|evenin|eves?)\b|(?:por|en|de|x|a) las? noches?|de noche"),
    ("night", Kind.WHEN, r"(?:at )?nights?|nites?"),
    ("early", Kind.WHEN, r"(?:bright and )?early|temprano|tempranito"),
    ("late", Kind.WHEN, r"late(?= (?:on |this |thurs|fri|sat|sun|mon|tue|wed))"),
    ("or later", Kind.WHEN, r"or (?:any ?time )?later|o despues|or after(?= ?(?:$|[.,!?]|that|is|works))"),
    ("later", Kind.WHEN, r"later(?: (?:in the|on))?(?: day)?|mas tarde|al rato|mas al rato"),
    # clock times
    (_range, Kind.WHEN, rf"(?:between |btw |from |entre (?:las? )?|de? (?:las? )?)?(?<![\d/$#:.-]){_END} ?(?:-|to|till?|until|thru|or|o|a)(?: las?)? ?(?:{_CLOCK}{_HALF}|{_NOON}|{_HOUR_MINUTE}){_NO_CLOCK}"),
    (_range, Kind.WHEN, rf"(?:between |btw |from |entre (?:las? )?|de? (?:las? )?)(?<![\d/$#:.-])(?:{_END}|{_SPOKEN_END}) ?(?:-|to|and|&|till?|until|thru|y|a)(?: las?)? ?(?:{_END}|{_SPOKEN_END})(?:{_HALF})?{_NO_CLOCK}"),
    (_range, Kind.WHEN, rf"(?<![\d/$#:.-])(?:{_HOUR_MINUTE}|1[0-2]|[1-9]) ?(?:-|to|till?|until|or)(?: las?)? ?(?:{_HOUR_MINUTE}|1[0-2]|[1-9])(?![\d/:-]){_NO_CLOCK}"),
    (_range, Kind.WHEN, rf"(?<![\d/$#:.-])(?:{_CLOCK}(?:{_HALF})?|{_NOON}) ?(?:and|&|y) ?(?:{_CLOCK}{_HALF})"),
    (lambda m: _clock(_said(m, "clock")), Kind.WHEN, rf"(?:(?:a|at) (?:las? )?|las? )?(?<![\d:/$.-])(?P<clock>(?:{_CLOCK}|{_HOUR}[0-5]\d|(?:{_SPOKEN})(?: thirty)?){_HALF}){_NO_CLOCK}"),
    (lambda m: _clock(_said(m, "clock2")), Kind.WHEN, rf"(?:a las? |at |las? )?(?<![\d:/$.-])(?P<clock2>{_HOUR_MINUTE})(?![:\d])"),
    (lambda m: f"at {_clock(_said(m, 'clock3'))}", Kind.WHEN, rf"(?:a las?|at|@|las) (?P<clock3>(?:{_CLOCK}|{_SPOKEN})(?:ish)?)\b(?!'){_NO_CLOCK}"),
    (lambda m: f"at {_clock(_said(m, 'clock6'))}", Kind.WHEN, rf"(?:como|tipo|a eso de)(?: a)? las? (?P<clock6>(?:{_CLOCK}|{_SPOKEN})(?:{_HALF})?)\b{_NO_CLOCK}"),
    (lambda m: f"around {_clock(_said(m, 'clock4') or _said(m, 'clock5'))}", Kind.WHEN, rf"(?:around|about|tipo|like)(?: like| las?)? (?P<clock4>(?:{_CLOCK}|(?:{_HOUR})[0-5][05]|{_SPOKEN})(?:{_HALF}|ish)?)\b(?!'){_NO_CLOCK}|(?P<clock5>{_HOUR})ish\b"),
    # bounds
    ("after", Kind.BOUND, r"after|past|from|despues(?: de(?:l)?)?(?: las?)?|a partir de(?:l)?(?: las?)?|pasad[ao]s(?: de)? las?|dsp(?:s)? de"),
    ("before", Kind.BOUND, r"before|b4|bfore|prior to|ahead of|antes(?: de(?:l)?)?(?: las?)?|up to"),
    ("by", Kind.BOUND, r"(?<!come )(?<!stop )(?<!swing )(?<!drop )(?<!came )(?<!stopped )by|no later than|until|'?til+|till|para|pa|hasta"),
    ("starting", Kind.BOUND, r"starting|beginning|empezando"),
    ("through", Kind.BOUND, r"(?:thru|through)(?= (?:the )?(?:\d|[a-z]+day|labor|next|thanks|christmas|mon|tue|wed|thu|fri|sat|sun))"),
    (lambda m: "not" if "not" in m.group(0) or "never" in m.group(0) else re.sub("cualquier.*", "any day except", m.group(0).removesuffix(" on")), Kind.BOUND,
     r"(?:any ?(?:day|time|morning|afternoon|evening|weekday) (?:of the week )?)?but(?: not| never)?(?: on)?(?= (?:the |this |next )?(?:mon|tue|wed|thu|fri|sat|sun|weekends?))|cualquier (?:dia|tarde|manana) menos"),
    ("except", Kind.BOUND, r"except(?: for| on)?|menos|excepto|other than"),
    ("not", Kind.BOUND, r"not(?: on| the)?|never(?: on)?(?: a)?|no(?= (?:el |los |antes|despues|weekends?|mon|tue|wed|thu|fri|sat|sun|lunes|martes|miercoles|jueves|viernes|sabado|domingo))"),
    ("sooner than", Kind.BOUND, r"sooner than|earlier than"),
    ("every", Kind.BOUND, r"every|each|cada|todos los"),
    ("every other", Kind.BOUND, r"every other"),
    ("any", Kind.BOUND, r"any|cualquier|alguna"),
    ("morning", Kind.HALF, r"a\.?m\b\.?"),
    ("afternoon", Kind.HALF, r"p\.?m\b\.?"),
    ("", Kind.LINK, r"on|the|of|like|about|around|at|say|el|la|las|los|l|de|del|day|dia|that|a|in|this|some ?time|sometime|as early as|como"),
    ("or", Kind.LINK, r"or|and|/|&|-|,|to|o|y|u|n"),
    (lambda m: m.group(0), Kind.NUMBER, rf"(?:(?:1[0-2]|[1-9])(?:ish)?|(?:1[0-2]|[1-9])[0-5][05]|1[3-9][0-5]0|3[01]|[12]\d|{_SPOKEN})\b(?![:/]){_NO_CLOCK}"),
)  # fmt: skip


def _part_of_month(words: str) -> str:
    for part, english in (("principio", "early"), ("mediado", "mid"), ("final", "late"), ("fin", "end of")):
        if part in words:
            return english
    return words


def _bound_of(words: str) -> str:
    return "before" if words in ("before", "b4", "antes de") else "after"


def _compiled() -> re.Pattern[str]:
    alternatives = "|".join(f"(?P<p{i}>{pattern})" for i, (_, _, pattern) in enumerate(_PIECES))
    return re.compile(rf"(?<![\w'])(?:{alternatives})(?![\w'])|(?P<word>[\w']+)|(?P<stop>[^\s\w])")


_MASTER = _compiled()
_HOUR_BOUNDS = frozenset({"after", "before", "by", "not"})
_FLIPPED = {"before": "after", "after": "before"}
_MOST_LINKS = 3
_MOST_WISHES = 20  # nobody names more; a text that does is no wish


def wishes(text: Folded) -> list[Wish]:
    """Every time that a text names, in order. Whether it is wanted, past or about a call is for others to say."""
    found: list[Wish] = []
    bounds: list[tuple[str, int]] = []
    links = 0
    carried = False  # only "or" and the like since the last wish
    for match in _MASTER.finditer(text.plain):
        group = match.lastgroup  # the outermost: it closes last
        if group is None or group in ("word", "stop"):
            bounds, links, carried = [], 0, carried and match.group(0) in ",-/"
            continue
        said, kind, _ = _PIECES[int(group[1:])]
        match kind:
            case Kind.BOUND:
                bounds.append((said if isinstance(said, str) else said(match), match.start()))
                links, carried = 0, False
                continue
            case Kind.LINK:
                links += 1
                if links > _MOST_LINKS:
                    bounds, carried = [], False
                carried = carried and said == "or"
                continue
            case Kind.NUMBER:
                words = _number(match.group(0), [bound for bound, _ in bounds], found[-1] if carried else None)
            case Kind.HALF:
                near = bool(found) and text.plain[found[-1].end : match.start()].strip(" ,") == ""
                words = str(said) if near else ""
            case Kind.WHEN:
                words = said if isinstance(said, str) else said(match)
                words = words.replace("{d}", match.groupdict().get("d") or match.groupdict().get("d_es") or "")
        if words:
            start = bounds[0][1] if bounds else match.start()
            if len(found) == _MOST_WISHES:
                break
            found.append(Wish(" ".join(words.split()), _bound([bound for bound, _ in bounds]), start, match.end()))
        bounds, links, carried = [], 0, bool(words)
    return found


def _bound(bounds: list[str]) -> str:
    """The bounds before one time as words; "not before" is "after"."""
    said: list[str] = []
    for bound in bounds[-2:]:
        if said and said[-1] == "not" and bound in _FLIPPED:
            said[-1] = _FLIPPED[bound]
        else:
            said.append(bound)
    return " ".join(dict.fromkeys(said))


def _number(words: str, bounds: list[str], before: Wish | None) -> str:
    """A bare number as a time: an hour behind "after", the same as the one before behind "or"."""
    if bounds and bounds[-1] in _HOUR_BOUNDS:
        return f"the {words}" if words.isdigit() and 12 < int(words) < 32 else f"at {_clock(words)}"
    if before is not None and (last := re.search(r"(\d{1,2})(?:st|nd|rd|th)?$", before.said)) and words.isdigit():
        dated = before.said.startswith("the ") or " " in before.said
        if int(words) <= 31 and int(last[1]) < int(words):
            return f"the {words}" if dated and "at" not in before.said else words
    return ""
