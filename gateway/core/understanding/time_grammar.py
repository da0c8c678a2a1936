"""The grammar of times: every piece that is looked for, of what kind it is and how it is told in English.

`MASTER` is all of it in one expression; the name of the group that matched, "p12", is the place of the piece in `PIECES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from gateway.core.understanding.beginnings import quick
from gateway.core.understanding.time_words import (
    AMOUNT,
    CLOCK,
    DATED_MONTH,
    DAY,
    END,
    EVENTS,
    HALF,
    HOLIDAYS,
    HOUR,
    HOUR_MINUTE,
    MILITARY,
    MONTH,
    NOON,
    ORDINAL,
    SEASONS,
    SPOKEN,
    SPOKEN_END,
    SPOKEN_MINUTE,
    UNIT,
    any_of,
    as_sent,
    bound_of,
    clock,
    days_between,
    days_of_month,
    every,
    group,
    hours_between,
    name_of,
    no_hurry,
    nth,
    nth_of,
    part_of_month,
    span,
)


class Kind(StrEnum):
    """What a piece is: `WHEN` stands alone, `BOUND` needs what follows, `LINK` may stand between, `NUMBER` is an hour
    or a day of the month where the piece before it says so, `HALF` is "am" behind a day."""

    WHEN = "when"
    BOUND = "bound"
    LINK = "link"
    NUMBER = "number"
    HALF = "half"


_NO_CLOCK = (
    r"(?! ?(?:%|f\b|c\b|degrees?|deg\b|years?|yrs?|yr\b|y/?o\b|ft\b|feet|foot|'|\"|inch|in\.|sq|tons?\b|gal|bed|bd|bath|ba\b|room|br\b|people"
    r"|person|kids?|of (?:em|them|us|the)|windows?|doors?|story|stories|cars?\b|bay|amp|volt|watts?|x\b|times|th\b|st\b|nd\b|rd\b|units?|grados|anos"
    r"|cuartos|recamaras|banos|personas|puertas|ventanas|pies|veces|pisos|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|minutos?"
    r"|horas?|dias?|semanas?|mes(?:es)?\b|[/-]\d|\d{1,4}\b|[.,]\d|[nsew]\.? [a-z\d]|(?:[a-z\d]{2,} ){1,3}(?:st|ave|rd|dr|ln|blvd|ct|pl|street|avenue|road|drive|lane)\b))"
)
_FREE = r"(?:can|could|are out|get to it|got a (?:sec|minute|chance)|free up|want|like|get (?:a (?:chance|sec(?:ond)?|min(?:ute)?|moment|free minute)|around to it|time)|have (?:time|an? (?:opening|chance|sec|minute))|got time|are free|'?re free|are able|available|free)"
_BETWEEN_DAYS = r" ?(?:-|thru|through) ?"
_NTH = rf"(?:(?:3[01]|[12]?\d)(?:st|nd|rd|th)|{ORDINAL})"
_DAY_NUMBER = r"(?:3[01]|[12]\d|[1-9])"
_CLAUSE_ENDS = r"(?= ?(?:$|[^\w\s'’&]| (?:or|and|so|if|please|pls|plz|but|then|around|about|bout|say|when|cuz|because|thanks|thx|o|y|pero|porque|por favor|gracias)\b))"
# What an event cannot begin with: a time of its own, who does something, or nothing that is an event.
_NO_EVENT = (
    rf"(?!(?:the |el |la |las |los |this |next |on |at |about |around |like |que |a )*(?:\d|(?:{DAY}|{DATED_MONTH}|{SPOKEN}|{NOON}|{ORDINAL}|{any_of(SEASONS)}|{any_of(HOLIDAYS)}|tom\w*|tmr\w*|to(?:day|night|nite)|manana|hoy|noche|tarde|weekend|week|wk|month|year|semana|mes|midnight|morning|afternoon|evening|then|half|quarter|end)\b))"
    r"(?!(?:that|this|which|what|it|you|u|ya|y'?all|i|im|i'?m|he|she|they|all|me|him|them|us|hours|about|so|and|or|if|getting|calling|trying|being|having|doing|seeing|reading|pls|please|plz|thanks|ok|eso|esto|usted|ustedes|yo|que|todo|lo|le|les|se)\b)"
)
_EVENT = rf"(?:el |la |los |las )?{_NO_EVENT}(?P<open_event>(?:the |this )?[a-z][\w'’&-]*(?: (?!(?:after|before|b4|please|pls|or|and|so|if|but|then|i|we|you|can|could|would|at|around|about|say|ideally|if|que|quiero|necesito|ocupo|can|is that|until|till|from)\b)[a-z][\w'’&-]*){{0,4}}?)"

Say = str | Callable[[re.Match[str]], str]
PIECES: tuple[tuple[Say, Kind, str], ...] = (
    ("or", Kind.LINK, r"[/&,-]"),  # first, for nothing else begins with one of these
    # a hurry, or none
    (no_hurry, Kind.WHEN, r"not rush(?:ing)?|no (?:traigo|llevo) (?:ninguna )?prisa|sin premura(?: alguna)?|no me apura|take your time|no (?:big |real |huge |particular |great |terrible |mad )?(?:rush|hurry|deadline)|no es cosa de vida o muerte|con calma|(?:lleven|llevenlo|tomen|tomenlo|cojanlo) (?:con calma|suave)|not in (?:a|any) (?:big |huge |great )?(?:rush|hurry)"
     r"|(?:(?:it'?s|its) )?(?:not|nothing|isn'?t|aint) (?:that |super |at all |an? )?urgent|no (?:hay |tengo |me corre |corre |es )?(?:ninguna )?(?:prisa|apuro)|sin (?:prisas?|apuros?)|no (?:me |nos )?(?:urge|es urgente)"),
    ("whenever you can", Kind.WHEN, r"(?:cuando|qndo|cdo|kuando) (?:usted(?:es)? |uds? )?(?:buenamente )?(?:pueda[ns]?|se pueda|puedas)"),
    ("whenever you have time", Kind.WHEN, r"(?:cuando|qndo|cdo|kuando) (?:usted(?:es)? |uds? )?teng[ao][ns]? (?:un )?(?:tiempo|tiempecito|chancita|chancecita|chance|espacio|rato|ratito|hueco|lugar|oportunidad)"),
    (as_sent, Kind.WHEN, rf"when ?ever (?:(?:you(?:'re| are|'ve|'ll| guys| folks)?|u|ya|ye|y'?all|ya'?ll) {_FREE}|(?:it )?suits (?:you|u|y'?all)|works(?: best)?(?: for (?:you|u|y'?all))?|is (?:good|convenient|easiest)|it'?s convenient|it suits)"
     rf"|whe?n (?:(?:you(?:'re| are| guys| folks)?|u|ya|y'?all|ya'?ll) {_FREE}|it suits (?:you|u)|convenient)"),
    ("whenever", Kind.WHEN, r"w?hen ?ever|wen ?ever|el dia que (?:quier|gust)[ae][ns]?|cuando sea|cuando (?:quier|gust)[ae][ns]?"),
    ("at your convenience", Kind.WHEN, r"at your (?:earliest )?convenience"),
    ("at your leisure", Kind.WHEN, r"at your leisure"),
    (as_sent, Kind.WHEN, r"within the (?:hour|day|week|month|year)"),
    (as_sent, Kind.WHEN, r"any other (?:day|time|morning|afternoon|evening)"),
    ("any other day", Kind.WHEN, r"cualquier otro dia"),
    ("anytime", Kind.WHEN, r"any ?time|a (?:cualquier hora|la hora que (?:sea|quiera[ns]?|guste[ns]?))|cualquier hora|(?:at )?any hour|cualquier momento|en cualquier momento"),
    ("all day", Kind.WHEN, r"all day(?: long)?|todo el dia"),
    ("all week", Kind.WHEN, r"all (?:week|wk)|toda la semana"),
    ("all summer", Kind.WHEN, r"all summer"),
    ("same time", Kind.WHEN, r"(?:at )?(?:the )?same (?:time|hour)|(?:a )?la misma hora|misma hora"),
    ("same day", Kind.WHEN, r"(?:the )?same day|el mismo dia"),
    ("flexible", Kind.WHEN, r"flexible"),
    ("asap", Kind.WHEN, r"a\.?s\.?a\.?p\b\.?|as soon as (?:possible|you can|u can|humanly possible)|(?:as )?quick(?:ly)? as (?:possible|you can)|the sooner the better|soonest|right away|right now|rn"
     r"|immediately|inmediatamente|de inmediato|lo (?:antes|mas pronto|mas rapido) (?:posible|que (?:se )?pueda[ns]?)|lo mas pronto|(?:lo mas|tan) pronto (?:que|como|posible)(?: (?:se )?pueda[ns]?)?|cuanto antes|ahora mismo|(?:a?h|a)?orita(?: mismo)?|ya mismo|enseguida|de urgencia"
     r"|(?:your |the )?(?:first|next|earliest|soonest) (?:available|opening|appointment|slot)"),
    ("now", Kind.WHEN, r"now|ahora"),
    ("soon", Kind.WHEN, r"(?:pretty |fairly |real )?soon|pronto|sooner than later|sooner rather than later"),
    # days
    ("or the day after", Kind.WHEN, r"or (?:the )?(?:day after|next day)(?= ?(?:$|[.,!?]))|o pasado(?= ?(?:$|[.,!?)]))"),
    ("day after tomorrow", Kind.WHEN, r"(?:the )?day after (?:tomorrow|tmrw|tmr|tomorow)|pasado manana|not tomorrow but the (?:day after|next day)|not tomorrow but the next"),
    ("tomorrow", Kind.WHEN, r"tomm?orr?ow'?s?|tomm?orr?o|tmm?rw'?s?|tmw|(?<!name is )(?<!name's )(?<!names )(?<!name )(?<!its )(?<!it's )(?<!this is )(?<!i'm )(?<!im )(?<!i am )(?<!soy )tom(?= ?(?:[.,?!]|$|or|and|am|pm|after|morning|afternoon))|tmr|tmrrw|maniana|2morrow|2moro|2mrw|2mrrw|tomoro|mnn|mnna|(?<!la )(?<!esta )(?<!las )manana(?= (?:por|en|a|temprano|despues|antes|o|si|mismo|al)\b)|(?<!la )(?<!esta )(?<!de )manana"),
    ("this afternoon", Kind.WHEN, r"this (?:afternoon|aft(?:ernoon)?|aftn)|(?:hoy )?(?:por|en) la tarde de hoy|hoy (?:mismo )?(?:por|en) la tarde|esta tarde"),
    ("this morning", Kind.WHEN, r"this (?:morning|mornin|am)|esta manana|hoy (?:por|en) la manana"),
    ("tonight", Kind.WHEN, r"to ?nite|tonight|tonite|2nite|2night|esta noche|hoy (?:por|en) la noche"),
    ("this evening", Kind.WHEN, r"this (?:evening|eve)"),
    ("today", Kind.WHEN, r"to ?day|2day|h?oy(?: mismo)?|later today|el dia de hoy"),
    ("this weekend", Kind.WHEN, r"(?:this|este) (?:coming )?(?:weekend|wknd|wkend|wkd)|(?:este|this) finde?(?: de semana)?"),
    ("next weekend", Kind.WHEN, r"(?:next|nxt) (?:weekend|wknd|wkend)|(?:el )?(?:proximo|siguiente) fin de semana|(?:el )?fin de semana que viene"),
    ("weekend after next", Kind.WHEN, r"(?:the )?(?:weekend|wknd) after next"),
    ("weekend of the {d}", Kind.WHEN, r"(?:the )?(?:weekend|wknd) of (?:the )?(?P<we>\d{1,2})(?:st|nd|rd|th)?|(?:el )?fin de semana del (?:dia )?(?P<we_es>\d{1,2})"),
    (nth_of, Kind.WHEN, rf"(?:l?[ae]l? |los )?(?P<cual>primer[ao]?|segund[ao]|tercer[ao]?|ultim[ao]|ultimos|primeros) (?P<parte>semana|quincena|fin de semana|dias|{DAY}) del? (?P<que_mes>(?:este |proximo )?mes(?: que (?:viene|entra)| entrante)?|(?:mes de )?(?:{MONTH}))"),
    ("weekend", Kind.WHEN, r"(?:the |el |los )?(?:weekends?|wknds?|wkends?|fin(?:es)? de semana|finde)"),
    ("weekdays", Kind.WHEN, r"week ?days?|wkdays?|entre semana|during the week|dias de semana"),
    ("early next week", Kind.WHEN, r"early (?:in )?(?:the )?(?:next|nxt) (?:week|wk)|a principios de la (?:proxima semana|semana que (?:viene|entra))"),
    ("late next week", Kind.WHEN, r"late(?:r)? (?:in )?(?:the )?(?:next|nxt) (?:week|wk)"),
    ("week after next", Kind.WHEN, r"(?:the )?(?:week|wk) after next"),
    ("the following week", Kind.WHEN, r"(?:the )?(?:following|ff) (?:week|wk)|(?:a )?la semana (?:siguiente|que sigue)|semana que sigue"),
    ("the week after", Kind.WHEN, r"(?:the )?week (?:after that|following)|the week after(?= |$|[.,?!])(?! \w+ay)(?! (?:easter|thanksgiving|christmas|labor|new|the|spring|winter|ramadan|finals|my|our)\b)|week after(?= ?(?:$|[.,?!]| will| would| is| works))"),
    ("next week or the week after", Kind.WHEN, r"(?:next|nxt) (?:week|wk) or the (?:one|week|wk) after(?: that)?|la (?:proxima semana|semana que (?:viene|entra)|otra semana) o la (?:otra|siguiente|que sigue)"),
    ("this week or next", Kind.WHEN, r"(?:this|ths) (?:week|wk) or next(?: (?:week|wk))?|esta semana o la (?:otra|proxima|siguiente|que (?:viene|entra|sigue))"),
    ("next week", Kind.WHEN, r"(?:the |sometime )?(?:next|nxt) (?:week|wk)|(?:la )?(?:proxima semana|semana (?:(?:que|q|k|ke) (?:viene|entra)|entrante|proxima))|(?:la )?otra semana|(?:la )?semana q (?:viene|entra)"),
    ("end of the week", Kind.WHEN, r"(?:the )?end of (?:the |this )?(?:week|wk)|fin(?:al(?:es)?)? de (?:la |esta )semana|eow"),
    ("later this week", Kind.WHEN, r"later (?:this|in the) (?:week|wk)|mas adelante esta semana"),
    ("this week", Kind.WHEN, r"this (?:week|wk)|esta (?:misma )?semana"),
    ("week of the {d}", Kind.WHEN, r"(?:the )?(?:week|wk) of (?:the )?(?P<d>\d{1,2})(?:st|nd|rd|th)?|(?:la )?semana del (?:dia )?(?P<d_es>\d{1,2})"),
    (as_sent, Kind.WHEN, rf"(?:the )?(?:(?:either of the )?first two|first|second|third|fourth|last|1st|2nd|3rd|4th) (?:week|wk|weekend|wknd|half|part|days?|few days|{DAY}) (?:of|in) (?:the (?:month|week)|next (?:month|week)|this month|{MONTH})"),
    ("week after", Kind.BOUND, r"(?:the |la )?(?:week|wk|semana) (?:after|despues de)"),
    ("week of", Kind.BOUND, r"(?:the |la )?(?:week of|wk of|semana de)"),
    ("next month", Kind.WHEN, r"(?:the )?(?:next|nxt) (?:month|mo)|(?:el )?(?:proximo mes|mes que (?:viene|entra)|mes entrante)|(?:d)?el (?:mes )?que entra|(?:el )?otro mes"),
    ("end of the month", Kind.WHEN, r"(?:the )?end of (?:the |this )?month|month'?s? end|(?:a )?fin(?:al(?:es)?)? de(?:l)? mes|eom"),
    ("end of next month", Kind.WHEN, r"(?:the )?end of next month"),
    ("end of next week", Kind.WHEN, r"(?:the )?end of (?:next|nxt) (?:week|wk)|(?:a )?fin(?:al(?:es)?)? de la (?:proxima semana|semana que (?:viene|entra))"),
    (lambda m: f"end of {group(m, 'end_of')}", Kind.WHEN, r"(?:the )?end of (?:the |this |my |our )?(?P<end_of>semester|quarter|term|school(?: year)?|season|summer|spring|winter|fall|autumn|ramadan|lease|year|shift|service)"),
    (lambda m: f"the {group(m, 'after_that')} after that", Kind.WHEN, rf"the (?P<after_that>{DAY}) after that"),
    ("this month", Kind.WHEN, r"(?:sometime )?this month|este mes"),
    ("next year", Kind.WHEN, r"next year|(?:el )?(?:proximo ano|ano que viene)"),
    ("this year", Kind.WHEN, r"this year|este ano"),
    ("end of the year", Kind.WHEN, r"(?:the )?end of (?:the |this )?year|fin de ano|year end"),
    ("end of day", Kind.WHEN, r"(?:the )?end of (?:the )?(?:business |work ?)?day|eod|cob"),
    (lambda m: f"{name_of(group(m, 'from_day'))} {'through' if re.search('thru|through', m.group(0)) else 'to'} {name_of(group(m, 'to_day'))}", Kind.WHEN,
     rf"(?P<from_day>{DAY}){_BETWEEN_DAYS}(?P<to_day>{DAY})"),
    ("monday to friday", Kind.WHEN, r"m ?- ?f"),
    ("tuesday and thursday", Kind.WHEN, r"tu?/thu?"),
    ("monday wednesday friday", Kind.WHEN, r"m ?[-/, ] ?w ?[-/, ] ?f"),
    ("tuesday thursday", Kind.WHEN, r"tu?/th"),
    (lambda m: f"next {name_of(group(m, 'next_day'))}", Kind.WHEN, rf"(?:next|nxt|(?:el )?proximo|el otro) (?P<next_day>{DAY})"),
    (lambda m: f"next {name_of(group(m, 'day_next'))}", Kind.WHEN, rf"(?:el |este )?(?P<day_next>{DAY}) (?:(?:que|q|k) viene|proximo|siguiente|(?:que|q|k) entra)"),
    (lambda m: f"{name_of(group(m, 'day_then'))} {'after' if 'after' in m.group(0) else 'following'}", Kind.WHEN, rf"(?:the )?(?P<day_then>{DAY}) (?:after(?: that)?|following)(?= ?(?:$|[.,!?;]| or\b| and\b| is\b| would\b| works?\b| please| in the\b| if\b))"),
    (lambda m: f"the following {name_of(group(m, 'following_day') or group(m, 'siguiente_day'))}", Kind.WHEN, rf"(?:the )?following (?P<following_day>{DAY})|(?:el )?siguiente (?P<siguiente_day>{DAY})"),
    (lambda m: f"{name_of(group(m, 'ordinal_day'))} the {nth(group(m, 'ordinal_dated'))}", Kind.WHEN, rf"(?P<ordinal_day>{DAY}),? (?:the |el )(?P<ordinal_dated>{ORDINAL})"),
    (lambda m: f"{name_of(group(m, 'dated'))} the {group(m, 'dated_day')}", Kind.WHEN,
     rf"(?:this (?:coming )?|coming |el )?(?P<dated>{DAY})[ ,]+(?:(?:the |el )?(?P<dated_day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?)(?![:\d/])(?! ?(?:a\.?m|p\.?m|[ap]\b(?! las?\b)|-|to \d|of |years|people|de (?:{MONTH})|de la|or \d|y \d))(?! (?:{MONTH}))"),
    (lambda m: f"by {name_of(group(m, 'latest_day') or group(m, 'tardar_day'))}", Kind.WHEN, rf"(?P<latest_day>{DAY}) (?:at )?(?:the )?(?:very )?latest|a mas tardar (?:el )?(?P<tardar_day>{DAY})"),
    (lambda m: f"{name_of(group(m, 'then_day'))} after next", Kind.WHEN, rf"(?:the )?(?P<then_day>{DAY}) after next"),
    (lambda m: f"every other {name_of(group(m, 'second_day'))}", Kind.WHEN, rf"(?:every|each) (?:second|other|2nd) (?P<second_day>{DAY})"),
    (lambda m: name_of(group(m, "day")), Kind.WHEN, rf"(?:this (?:coming |next )?|coming |este (?:proximo )?|el (?:dia )?|los |un )?(?<!the )(?P<day>{DAY})(?!'?s? (?:night football))"),
    *((holiday, Kind.WHEN, words) for holiday, words in HOLIDAYS.items()),
    # dates
    (lambda m: f"{name_of(group(m, 'month'))} {group(m, 'month_day')}", Kind.WHEN, rf"(?P<month>{DATED_MONTH})\.? (?:the )?(?P<month_day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![:\d])"),
    (lambda m: f"{name_of(group(m, 'month_of'))} {group(m, 'day_of')}", Kind.WHEN, rf"(?:el |the )?(?:dia )?(?P<day_of>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)? ?(?:of |del? |d )?(?P<month_of>{DATED_MONTH})"),
    (lambda m: group(m, "date"), Kind.WHEN, r"(?<![\d/])(?P<date>(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9]))(?:/\d{2,4})?(?![\d/])"),
    (days_between, Kind.WHEN, rf"(?P<pair>between |from |entre (?:el )?|del? )?(?:the |el |l )?(?P<pair_one>{_NTH}) ?(?P<pair_to>and|&|to|thru|through|till?|until|-|or|y|o|al?)(?: the| el)? ?(?P<pair_two>{_NTH})(?! (?:st|street|ave|avenue|floor|and|grade)\b)"),
    (days_of_month, Kind.WHEN, rf"(?P<month_pair>(?:between |from |entre (?:el )?|del? |el |the )?)(?P<month_one>{_DAY_NUMBER}) ?(?P<month_to>and|&|to|thru|through|-|or|y|o|al?)(?: the| el)? ?(?P<month_two>{_DAY_NUMBER}) (?:of |del? |d )?(?P<of_month>{DATED_MONTH})"),
    (lambda m: f"the {nth(group(m, 'from_ordinal'))} to {nth(group(m, 'to_ordinal'))}", Kind.WHEN, rf"the (?P<from_ordinal>{ORDINAL}) (?:through|thru|to) (?:the )?(?P<to_ordinal>{ORDINAL})"),
    (lambda m: f"the {nth(group(m, 'ordinal'))}", Kind.WHEN, rf"(?:the|el|el dia|al|pal|para el) (?P<ordinal>{ORDINAL})(?= (?:at|in|through|thru|or|and|is|if|so|for|um|uh|period|comma|while|when|before|after|works|please|be|but|tengo|en|a|por|o)\b| ?[.,!?;)]|$)"),
    (lambda m: f"the {group(m, 'nth') or group(m, 'dia')}", Kind.WHEN, r"(?:the )?(?P<nth>(?:3[01]|[12]?\d)(?:st|nd|rd|th))(?! (?:st|street|ave|avenue|floor|flr|fl|grade|time|and(?! the \d)|place|pl|ter|terr|terrace|rd|road|dr|ct|birthday|bday|anniversary|story|hand|party|degree)\b)|(?:el dia|el|pa'?l|al|dia|del(?= \d\d? al \d)|the(?= \d\d? (?:or|and|to|-))) (?P<dia>3[01]|[12]\d|[1-9])(?![\d:%/-])(?! (?:de la|[a-z]+ (?:st|ave|rd))\b)(?= |$|[.,!?])"),
    ("the 1st", Kind.WHEN, r"the first(?= (?:of|and|so|is|if|$)|[.,!?]|$)|el primero|el dia primero|(?:el )?(?:dia )?1(?:er|ro|ero)"),
    (lambda m: f"{part_of_month(group(m, 'part'))} {name_of(group(m, 'part_month'))}", Kind.WHEN, rf"(?P<part>early|mid|late|beginning of|end of|middle of|(?:a )?(?:principios|mediados|finales|fines) de)[ -](?P<part_month>{MONTH})"),
    (lambda m: f"{group(m, 'this_month')} {name_of(group(m, 'a_month'))}".strip(), Kind.WHEN, rf"(?:(?:in|en) |(?P<this_month>this|next) )?(?:early )?(?P<a_month>{MONTH})(?! (?:i|we|you|be|have|not|need|want|also|he|she|they|it)\b)"),
    (lambda m: f"{group(m, 'season_at')} {name_of(group(m, 'season'))}".strip(), Kind.WHEN, rf"(?:in the |over the |(?P<season_at>this|next|early|late) |(?:the |en |la |el |l |in ))(?P<season>{any_of(SEASONS)})"),
    (lambda m: name_of(m.group(0)), Kind.WHEN, rf"(?<=before )(?:{any_of(SEASONS)})|(?<=by )(?:spring|summer|fall|winter)|(?<=until )(?:spring|summer|fall|winter)|winter|(?<=after )(?:spring|summer|fall)|(?<=come )(?:spring|summer|fall)|(?<=del )(?:primavera|verano|otono|invierno)|(?<=para )(?:primavera|verano)|(?<=ok for )(?:spring|summer|fall)|(?<=till )(?:spring|summer|fall)|(?:spring|summer|fall)(?= (?:is|would be) (?:fine|ok|good|great|best))"),
    # spans from now, and how often
    (span, Kind.WHEN, rf"(?:in|within|en|dentro de)(?: about| like| unos| the next| maybe)? (?:{AMOUNT}) ?(?:{UNIT})\b(?! ago)(?! of)"),
    (span, Kind.WHEN, rf"(?:(?:in|within|over|for) )?(?:the |los |las )?(?:next|coming|proxim[oa]s) (?:{AMOUNT}) (?:{UNIT})\b"),
    (span, Kind.WHEN, rf"(?:{AMOUNT}) (?:{UNIT}) from (?:now|today|tomorrow|{DAY})"),
    (span, Kind.WHEN, rf"(?:{AMOUNT}) (?:{UNIT}) (?:later|earlier)(?! (?:he|she|they|it|the|i|we|still|and)\b)"),
    ("a week from today", Kind.WHEN, r"de hoy en ocho"),
    (every, Kind.WHEN, r"cada noche|todas las noches|cada manana|todas las mananas|every (?:other |two |2 |three |3 |four |4 )?(?:week|wk|month|day|night|morning|evening|afternoon)s?(?! but)|(?:once|twice|one time|two times) (?:a|per|every) (?:week|wk|month|year)|weekly|bi-?weekly|monthly|nightly|daily|quarterly|every so often|cada (?:dos |tres |2 |3 )?semanas?|cada (?:15|quince) dias|semanal(?:mente)?|todas las semanas|cada mes|mensual(?:mente)?|cada quincena|quincenal(?:mente)?|cada dia|todos los dias|diario|(?:una vez|dos veces|1 vez|2 veces) (?:por|a la|al) (?:semana|mes)"),
    # parts of a day
    ("first thing", Kind.WHEN, r"first thing(?: in the (?=morning))?|a primera hora"),
    ("early morning", Kind.WHEN, r"early (?:in the )?(?:morning|am)|temprano (?:por|en|de) la manana"),
    ("any morning", Kind.WHEN, r"cualquier manana"),
    ("any afternoon", Kind.WHEN, r"cualquier tarde"),
    ("any evening", Kind.WHEN, r"cualquier noche"),
    ("any day", Kind.WHEN, r"any ?days?(?: of the week)?(?! (?:but|except|other|not|besides|now|the|this|next|after|before|in|of|that|past|from))|what ?ever day|cualquier dia(?: de la semana)?(?! (?:menos|excepto|salvo|que no|de|despues|antes))"),
    (as_sent, Kind.WHEN, r"over ?night|(?:at )?first light|(?:at )?(?:sun ?up|sunrise)|daylight hours|(?:at )?bed ?time"),
    ("late morning", Kind.WHEN, r"late (?:in the )?morning"),
    ("late afternoon", Kind.WHEN, r"late (?:in the )?afternoon|(?:en la |por la )?tardecita"),
    ("early afternoon", Kind.WHEN, r"early (?:in the )?afternoon"),
    ("early evening", Kind.WHEN, r"early (?:in the )?evening"),
    ("after work", Kind.WHEN, r"after (?:i get (?:off|home|out)(?: of| from)?(?: work)?|i'?m off)|(?:cuando )?salgo del trabajo"),
    (lambda m: f"{bound_of(group(m, 'event_bound'))} {name_of(group(m, 'event'))}", Kind.WHEN, rf"(?P<event_bound>after|before|b4|bfore|aftr|despues d[el]?|antes d[el]?) ?(?:the )?(?P<event>{any_of(EVENTS)})(?! (?:starts?|lets|ends|begins|is out|gets|pick|goes|service|season))"),
    ("during business hours", Kind.WHEN, r"(?:during )?(?:business|office|working) hours|horas de oficina"),
    ("lunch", Kind.WHEN, r"(?:at|during|on|over) (?:my )?lunch(?: ?time| break| hour)?|lunch ?(?:time|hour|break)|(?:a |en )?(?:la|mi) h?ora d(?:el? (?:almuerzo|lonche|lunch)|e (?:la )?comida|e comer)|around lunch"),
    (as_sent, Kind.WHEN, r"(?:supper|dinner|breakfast|nap) ?time"),
    (hours_between, Kind.WHEN, rf"(?:between |from )?(?:{NOON}) ?(?:-|to|till?|until|and) ?(?:{HOUR_MINUTE}|1[0-2]|[1-9]|{SPOKEN})(?![\w/:-]){_NO_CLOCK}"),
    ("noon", Kind.WHEN, r"noon|midday|(?:al |el )?medio ?dia"),
    ("midnight", Kind.WHEN, r"midnight|medianoche"),
    ("forenoon", Kind.WHEN, r"forenoons?"),
    ("morning", Kind.WHEN, r"(?:mananas)(?= entre)|(?:(?:in|during|por|en|de|x) )?(?:the |la )?morni?n?[gs']?s?\b|(?:por|en|de|x|a) las? (?:mananas?|mananita)|mananita|mid ?morning|in the a\.?m\b\.?"),
    ("afternoon", Kind.WHEN, r"(?:(?:in|during) )?(?:the )?(?:after?n?oo?ns?|aft(?:ern)?|aftrnoons?)\b|(?:por|en|de|x|a) las? tardes?|in the p\.?m\b\.?"),
    ("evening", Kind.WHEN, r"(?:(?:in|during) )?(?:the )?(?:evenings?|evenin|eves?)\b|(?:por|en|de|x|a) las? noches?"),
    ("night", Kind.WHEN, r"(?:at )?nights?|nites?|(?:ya )?de noche"),
    ("early", Kind.WHEN, r"(?:bright and )?early|temprano|tempranito|tempra"),
    ("late", Kind.WHEN, r"late(?= ?(?:$|[.,!?])| (?:on |this |thurs|fri|sat|sun|mon|tue|wed))"),
    ("or next", Kind.WHEN, r"or next(?= ?(?:$|[.,!?]))"),
    ("or later", Kind.WHEN, r"or (?:any ?time )?later|o despues|or after(?= ?(?:$|[.,!?]|that|is|works))"),
    ("later", Kind.WHEN, r"later(?: (?:in the|on))?(?: day)?|mas tarde|al rato|mas al rato"),
    # clock times
    (hours_between, Kind.WHEN, rf"(?:between |betwen |btwn? |from |entre (?:las? )?|de? (?:las? )?)?(?<![\d/$#:.-]){END} ?(?:-|to|till?|until|thru|or|o|a)(?: las?)? ?(?:{CLOCK}{HALF}|{NOON}|{HOUR_MINUTE}){_NO_CLOCK}"),
    (hours_between, Kind.WHEN, rf"(?:between |betwen |btwn? |from |entre (?:las? )?|de? (?:las? )?)(?<![\d/$#:.-])(?:{END}|{SPOKEN_END}) ?(?:-|to|and|&|till?|until|thru|y|a)(?: las?)? ?(?:{END}|{SPOKEN_END})(?:{HALF})?{_NO_CLOCK}"),
    (lambda m: f"{name_of(group(m, 'hour_day'))} at {group(m, 'day_hour')}", Kind.WHEN, rf"(?<![\d/$#:.-])(?<!after )(?<!before )(?<!by )(?<!at )(?<!around )(?<!about )(?<!til )(?<!until )(?<!past )(?<!to )(?<!@ )(?P<day_hour>{HOUR}) (?P<hour_day>tomorrow|today|tonight)(?!,? (?:(?:or|and) )?\d)"),
    (hours_between, Kind.WHEN, rf"(?<![\d/$#:.-])(?:{HOUR_MINUTE}|1[0-2]|[1-9]) ?(?:-|to|till?|until|or)(?: las?)? ?(?:{HOUR_MINUTE}|1[0-2]|[1-9])(?![\d/:-]){_NO_CLOCK}"),
    (hours_between, Kind.WHEN, rf"(?<![\d/$#:.-])(?:{CLOCK}(?:{HALF})?|{NOON}) ?(?:and|&|y) ?(?:{CLOCK}{HALF})"),
    (lambda m: clock(group(m, "clock")), Kind.WHEN, rf"(?:(?:a|at) (?:las? )?|las? )?(?<![\d:/$.-])(?P<clock>(?:{CLOCK}|{HOUR}[0-5]\d|(?:{SPOKEN})(?: thirty)?){HALF})(?! ?-\d)"),
    (hours_between, Kind.WHEN, rf"(?<![\d/$#:.-]){MILITARY} ?(?:-|to|and|till?|until) ?{MILITARY}"),
    (lambda m: clock(group(m, "military")), Kind.WHEN, rf"(?:at |a las )?(?<![\d:/$.-])(?P<military>0[4-9][0-5][05])(?![\d:])|(?<=ring me )(?P<ring>{MILITARY})"),
    (lambda m: clock(group(m, "clock2")), Kind.WHEN, rf"(?:a las? |at |las? )?(?<![\d:/$.-])(?P<clock2>{HOUR_MINUTE})(?![:\d])"),
    (lambda m: f"at {clock(group(m, 'clock3'))}", Kind.WHEN, rf"(?:a ?las?|at|@|las) (?P<clock3>(?:{MILITARY}(?= ?(?:$|[.,!?]|or|and|tod|tom|if))|(?:1[0-2]|[1-9])[0-5][05](?= ?(?:$|[.,!?]|or|and|tod|tom|if))|{SPOKEN_MINUTE}|{CLOCK})(?:ish)?)\b(?!'){_NO_CLOCK}"),
    (lambda m: f"at {clock(group(m, 'clock6'))}", Kind.WHEN, rf"(?:como|tipo|a eso de)(?: a)? las? (?P<clock6>(?:{CLOCK}|{SPOKEN_MINUTE})(?:{HALF})?)\b{_NO_CLOCK}"),
    (lambda m: f"around {clock(group(m, 'clock4') or group(m, 'clock5'))}", Kind.WHEN, rf"(?:around|round|about|bout|tipo|like)(?: like| las?)? (?P<clock4>(?:{CLOCK}|(?:{HOUR})[0-5][05]|{SPOKEN_MINUTE})(?:{HALF}|ish)?)\b(?!'){_NO_CLOCK}|(?P<clock5>{HOUR})ish\b"),
    (lambda m: f"{bound_of(group(m, 'open_bound'))} {group(m, 'open_event')}", Kind.WHEN, rf"(?P<open_bound>after|before|b4|bfore|befor|aftr|prior to|'?fore) {_EVENT}{_CLAUSE_ENDS}"),
    # bounds
    ("after", Kind.BOUND, r"after|aftr|past|from|despues?(?: d(?:el?)?)?(?: las?)?|a partir de(?:l)?(?: las?)?|pasad[ao]s(?: de)? las?|dsp(?:s)? de"),
    ("before", Kind.BOUND, r"before|b4|bfore|befor|befre|prior to|ahead of|antes?(?: d(?:el?)?)?(?: las?)?|up to"),
    ("by", Kind.BOUND, r"(?<!come )(?<!stop )(?<!swing )(?<!drop )(?<!came )(?<!stopped )by|no later than|nlt|until|'?til+|till|hasta"),
    ("starting", Kind.BOUND, r"starting|beginning|empezando"),
    ("through", Kind.BOUND, r"(?:thru|through)(?= (?:the )?(?:\d|[a-z]+day|labor|next|thanks|christmas|mon|tue|wed|thu|fri|sat|sun))"),
    (lambda m: "not" if "not" in m.group(0) or "never" in m.group(0) else re.sub("cualquier.*", "any day but", m.group(0).removesuffix(" on")), Kind.BOUND,
     r"(?:(?:(?:any ?(?:day|time|mornin|morning|afternoon|evening|weekday|thing)|every ?day|all(?: days)?) (?:of the week |(?:this|next|that) (?:week|wk) )?)but(?: not| never)?|but (?:not|never))(?: on)?(?= (?:the |this |next )?(?:mon|tue|wed|thu|fri|sat|sun|weekends?))|cualquier dia (?:menos|excepto|salvo|que no sea)(?: el| los)?"),
    ("except", Kind.BOUND, r"except(?: for| on)?|menos|excepto|salvo|other than"),
    ("not", Kind.BOUND, r"not(?: on| the)?|never(?: on)?(?: a)?|nunca(?: los?| el)?|no(?= (?:el |los |antes|despues|weekends?|mon|tue|wed|thu|fri|sat|sun|lunes|martes|miercoles|jueves|viernes|sabado|domingo))"),
    ("sooner than", Kind.BOUND, r"sooner than|earlier than"),
    ("every other", Kind.BOUND, r"every other"),
    ("every", Kind.BOUND, r"every|each|cada|todos los"),
        ("any", Kind.BOUND, r"any|cualquier|alguna"),
    ("morning", Kind.HALF, r"a\.?m\b\.?"),
    ("afternoon", Kind.HALF, r"p\.?m\b\.?"),
    ("", Kind.LINK, r"on|the|of|like|about|around|at|say|el|la|las|los|l|de|del|day|dia|that|a|in|this|some ?time|sometime|as early as|como|para|pa|pal"),
    ("or", Kind.LINK, r"or|and|to|o|y|u|n"),
    (lambda m: m.group(0), Kind.NUMBER, rf"(?:{MILITARY}|(?:half (?:past )?|quarter (?:past|to|after|of) )(?:1[0-2]|[1-9])|(?:1[0-2]|[1-9])(?:ish)?|(?:1[0-2]|[1-9])[0-5][05]|1[3-9][0-5]0|3[01]|[12]\d|{SPOKEN_MINUTE})\b(?![:/]){_NO_CLOCK}"),
)  # fmt: skip


def _compiled() -> re.Pattern[str]:
    alternatives = "|".join(f"(?P<p{i}>{quick(pattern)})" for i, (_, _, pattern) in enumerate(PIECES))
    any_piece = quick(f"(?:{alternatives})")  # at most marks none is tried: a thousand of them take no time
    return re.compile(rf"(?<![\w']){any_piece}(?![\w'])|(?P<word>[\w']+)|(?P<stop>[^\s\w])")


MASTER = _compiled()
