"""What the box writes: placeholders filled in, the right template for the line and the hour, the fixed texts.

A template is plain words with placeholders in braces, `{business}`. The check of the configuration finds unknown ones;
at sending time nothing can go wrong any more: what is not known is left out. Everything that goes out is spelt in the
GSM 7-bit alphabet where it can be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from gateway.core.alphabet import segment_count, transliterate
from gateway.core.business import Business, Line
from gateway.core.claims import claims, fold
from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.core.hours import Situation, next_opening, situation
from gateway.core.library import DEFAULT_TEXTS, PLAINER_TEXTS, SHIPPED
from gateway.core.numbers import spoken

_SATURDAY: Final = 5  # datetime.weekday()
OCCASIONS: Final = (
    "vip",
    "weekend",
)  # have a text only where the business has written one; the first that applies wins
PLACEHOLDER: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")

# The word in our openers by which a person marks an emergency. A text that cannot be read reaches the owner by it.
EMERGENCY_WORDS: Final[Mapping[str, str]] = MappingProxyType({"en": "URGENT", "es": "URGENTE"})

# Each purpose's placeholders with the longest value that is usual: the length check counts with these.
_TO_CUSTOMERS: Final = {"business": "", "office_number": "(216) 555-0100", "next_opening": "Wednesday at 10:30 AM"}
_IN_CONVERSATION: Final = {
    "service": "Air conditioning repair",
    "place": "Middleburg Heights",
    "time": "Wednesday afternoon",
    "instead": "If anybody is in danger, call 911.",
    "person": "Our on-call person",
    "pictures": "photos@miller-heating.example",
    "windows": "1 tomorrow 10-11 AM, 2 tomorrow 2-3 PM, 3 Wed 10-11 AM",
    "call": "between 11 AM and 12 PM on Wednesday",
    "visits": "1 Wed Dec 30 12-5 PM, 2 Thu Dec 31 12-5 PM, 3 Sat Jan 2 9 AM-1 PM",
    "visit": "Wed Dec 30 8 AM-12 PM",
    "where": "12345 Middleburg Heights Blvd",
    "hold": "30 min",
    "link": "miller-heating.example/book",
}
_TO_OWNER: Final = {
    "business": "",
    "caller": "(216) 555-0137",
    "line": "main office line",
    "time": "Wed 10:30 PM",
    "calls": "12",
    "minutes": "120",
    "limit": "1000",
    "span": "minute",
    "waiting": "120",
    "say": "the modem does not answer",
    "visit": "Wed Dec 30 8 AM-12 PM",
    "before": "Wed Dec 23 8 AM-12 PM",
    "code": "14",
}
_BY_HAND: Final = {
    "business": "",
    "name": "Christopher",
    "me": "Christopher",
    "service": "Air conditioning repair",
    "appointment": "Wed Dec 30, 10:30 AM",
}
PLACEHOLDERS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "opener": _TO_CUSTOMERS,
        "help": _TO_CUSTOMERS,
        "opt_out_confirmation": _TO_CUSTOMERS,
        "question": _TO_CUSTOMERS | _IN_CONVERSATION,
        "answer": _TO_CUSTOMERS | _IN_CONVERSATION,
        "booked": _TO_CUSTOMERS | _IN_CONVERSATION,
        "owner_notice": _TO_OWNER,
        "test": _TO_CUSTOMERS | {"time": "Wed 10:30 PM"},
        "reply": _BY_HAND,
    }
)

_IN_SPANISH: Final = {
    "service": "Reparacion de aire acondicionado",
    "time": "miercoles por la tarde",
    "next_opening": "el miércoles a las 10:30 AM",
    "windows": "1 mañana 10-11 AM, 2 mañana 2-3 PM, 3 mie 10-11 AM",
    "call": "entre 11 AM y 12 PM del miércoles",
    "visits": "1 miércoles 30 dic 12-5 PM, 2 jueves 31 dic 12-5 PM, 3 sabado 2 ene 9 AM-1 PM",
    "visit": "miércoles 30 dic 8 AM-12 PM",
}


def examples(purpose: str, language: str) -> dict[str, str]:
    """Usual long values of the placeholders of a kind of text, in its language."""
    known = dict(PLACEHOLDERS[purpose])
    return known if language == "en" else known | {name: _IN_SPANISH[name] for name in known if name in _IN_SPANISH}


# Texts whose words are not a matter of taste; the configuration may still replace them by name.
FIXED_TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        # No question, no offer, no marketing (47 CFR 64.1200(a)(12)); how to undo it and how to reach a person.
        "opt_out": "{business}: you will get no more texts from us. To reach us, call {office_number}."
        " To undo, reply START.",
        "opt_out_es": "{business}: no le enviaremos mas textos. Para hablar con nosotros, llame al {office_number}."
        " Para volver a recibirlos: START.",
        # The one text a person who opts out in danger still gets.
        "opt_out_danger": "{business}: if you are in danger, leave and call 911. You will get no more texts from us."
        " To undo, reply START.",
        "opt_out_danger_es": "{business}: si hay peligro, salga y llame al 911. No le enviaremos mas textos."
        " Para volver a recibirlos: START.",
        "opt_in": "{business}: texts are on again. Office: {office_number}. Reply STOP to end.",
        "opt_in_es": "{business}: los textos vuelven a estar activos. Oficina: {office_number}."
        " STOP para no recibirlos.",
        "help": "{business}: this number answers missed calls by automatic text. Office: {office_number}."
        " In danger call 911. Reply STOP to end.",
        "help_es": "{business}: este numero contesta llamadas perdidas con un texto automatico."
        " Oficina: {office_number}. Peligro: 911. STOP para salir.",
        "owner_always_notify": "Textback: missed call on {line} from {caller}, {time}. Please call back.",
        "owner_withheld": "Textback: missed call on {line} from a withheld number, {time}. It cannot be called back.",
        "owner_repeat": "Textback: {calls} missed calls within {minutes} min from {caller}, the last on {line}."
        " Please call back.",
        "owner_rate_limit": "Textback: the limit of {limit} texts per {span} is reached. Further callers get no text,"
        " they are on the call-back list.",
        "owner_urgent_lead": "Textback: URGENT, no emergency: {caller}: {say}",
        "owner_new_lead": "Textback: new lead {caller}: {say}",
        "owner_overdue_lead": "Textback: {caller} was to hear from you by {time}: {say}",
        "owner_text_in_doubt": "Textback: nobody knows whether a text to {caller} went out. See the to-do list.",
        "owner_text_failed": "Textback: a text to {caller} did not arrive ({say}). See the to-do list.",
        "owner_opt_out": "Textback: {caller} wants no more texts. They can be called.",
        "owner_complaint": "Textback: complaint of {caller}: {say}",
        "owner_visit_requested": "Textback: to confirm: {visit}, {say}, {caller}. Reply CONFIRM {code}, MOVE {code} or"
        " CALLOFF {code}.",
        "owner_visit_move_requested": "Textback: to confirm: moved from {before} to {visit}, {say}, {caller}."
        " CONFIRM {code} or MOVE {code}.",
        "owner_visit_booked": "Textback: booked: {visit}, {say}, {caller}. SHOW {code}, MOVE {code} or CALLOFF {code}.",
        "owner_visit_moved": "Textback: {caller} has moved {before} to {visit}: {say}. SHOW {code}, MOVE {code} or"
        " CALLOFF {code}.",
        "owner_visit_cancelled": "Textback: {caller} has CANCELLED {visit}: {say}. SHOW {code}.",
        "owner_visit_untold": "Textback: {caller} does NOT know what was decided about {visit}: our text did not arrive ({say})."
        " Please call. SHOW {code}.",
        "owner_phone_trouble": "Textback: trouble since {time}: {say}",
        "owner_phone_back": "Textback: well again since {time}: {say}",
        "owner_records": "Textback: the records were damaged. Callers are not texted until you look through the calls on"
        " the page and switch texting on again.",
        "owner_modem": "Textback: texts are not going out ({say}). Missed calls are on the call-back list.",
        "owner_modem_back": "Textback: texts go out again since {time}. {waiting} callers were not texted,"
        " see the call-back list.",
        "owner_always_notify_es": "Textback: llamada perdida en {line} de {caller}, {time}. Devuelva la llamada.",
        "owner_withheld_es": "Textback: llamada perdida en {line} de un numero oculto, {time}. No se puede devolver.",
        "owner_repeat_es": "Textback: {calls} llamadas perdidas en {minutes} min de {caller}, la ultima en {line}."
        " Devuelva la llamada.",
        "owner_rate_limit_es": "Textback: se llego al limite de {limit} textos por {span}. Los demas no reciben texto,"
        " estan en la lista de llamadas.",
        "owner_urgent_lead_es": "Textback: URGENTE, no es emergencia: {caller}: {say}",
        "owner_new_lead_es": "Textback: nuevo cliente {caller}: {say}",
        "owner_overdue_lead_es": "Textback: {caller} esperaba respuesta suya para {time}: {say}",
        "owner_text_in_doubt_es": "Textback: no se sabe si salio un texto a {caller}. Vea la lista de pendientes.",
        "owner_text_failed_es": "Textback: un texto a {caller} no llego ({say}). Vea la lista de pendientes.",
        "owner_opt_out_es": "Textback: {caller} no quiere mas textos. Se le puede llamar.",
        "owner_complaint_es": "Textback: queja de {caller}: {say}",
        "owner_visit_requested_es": "Textback: por confirmar: {visit}, {say}, {caller}. CONFIRMAR {code}, MOVER {code} o"
        " ANULAR {code}.",
        "owner_visit_move_requested_es": "Textback: por confirmar: cambio de {before} a {visit}, {say}, {caller}."
        " CONFIRMAR {code} o MOVER {code}.",
        "owner_visit_booked_es": "Textback: cita reservada: {visit}, {say}, {caller}. VER {code}, MOVER {code} o ANULAR {code}.",
        "owner_visit_moved_es": "Textback: {caller} paso su cita de {before} a {visit}: {say}. VER {code}, MOVER {code} o"
        " ANULAR {code}.",
        "owner_visit_cancelled_es": "Textback: {caller} CANCELO su cita {visit}: {say}. VER {code}.",
        "owner_visit_untold_es": "Textback: {caller} NO sabe lo decidido sobre {visit}: nuestro texto no le llego ({say})."
        " Llame, por favor. VER {code}.",
        "owner_phone_trouble_es": "Textback: fallo desde {time}: {say}",
        "owner_phone_back_es": "Textback: funciona otra vez desde {time}: {say}",
        "owner_records_es": "Textback: los registros se dañaron. No se escribe a nadie hasta que revise las llamadas en"
        " la pagina y active los textos.",
        "owner_modem_es": "Textback: los textos no salen ({say}). Las llamadas perdidas estan en la lista.",
        "owner_modem_back_es": "Textback: los textos salen otra vez desde {time}. {waiting} llamadas quedaron sin texto,"
        " vea la lista.",
        "test": "Test text from {business}, sent {time}. The gateway can text this phone. Nothing to do.",
    }
)


@dataclass(frozen=True, slots=True)
class Opener:
    """The opener for a call: the template's name, as the log and the page show it, and the words.

    `states_time`: they name the response time that the business has agreed to.
    """

    template: str
    body: str
    states_time: bool = False


def render(template: str, /, **facts: str) -> str:
    """The template with its placeholders filled, in GSM 7-bit spelling where there is one. Never raises.

    A placeholder without a fact is left out together with the double space it would leave behind.
    """
    filled = PLACEHOLDER.sub(lambda found: facts.get(found[1], ""), template)
    return transliterate(re.sub(r" {2,}", " ", filled)).strip()


def special_template(business: Business, line: Line, kind: Situation, at: datetime, vip: bool) -> str | None:
    """The name of the business's own text for a VIP, or for a weekend on which it is closed; None where it has none."""
    local = at.astimezone(business.zone)
    closed_weekend = kind is Situation.AFTER_HOURS and local.weekday() >= _SATURDAY
    for occasion, applies in zip(OCCASIONS, (vip, closed_weekend), strict=True):
        name = choose_template(line, occasion)
        if applies and name in business.templates:
            return name
    return None


def choose_template(line: Line, kind: Situation | str) -> str:
    """The template's name: the line's own for the situation or occasion, else its name, with `_es` on a Spanish line."""
    return line.templates.get(kind) or (f"{kind}_{line.language}" if line.language != "en" else str(kind))


def template_text(business: Business, name: str, kind: Situation) -> str:
    """The words of a template: the business's, else the product's own, else the product's for the situation.

    Where the product's own words and a long business name need more than one segment, it is the plainer words.
    """
    sources = (business.templates, DEFAULT_TEXTS, FIXED_TEXTS)
    words = next((texts[name] for texts in sources if name in texts), DEFAULT_TEXTS[kind.value])
    too_long = words in SHIPPED and segment_count(render(words, business=business.name)) > 1
    return PLAINER_TEXTS.get(name, PLAINER_TEXTS[kind.value]) if too_long else words


def opener(business: Business, line: Line, at: datetime, storm_on: bool = False, *, vip: bool = False) -> Opener:
    """The opener that leaves at `at` on a line: template by the local time of sending, filled in."""
    kind = situation(business, at, storm_on)
    name = special_template(business, line, kind, at, vip) or choose_template(line, kind)
    words = template_text(business, name, kind)
    return Opener(name, render(words, **office_facts(business, line, at)), states_time(words, business))


def plainer_opener(business: Business, line: Line, at: datetime, storm_on: bool = False) -> Opener:
    """The product's own plainest words for the moment: they name no time. Their name is `plain_` and the situation's."""
    name = choose_template(replace(line, templates={}), situation(business, at, storm_on))
    return Opener(f"plain_{name}", render(PLAINER_TEXTS[name], **office_facts(business, line, at)))


def states_time(template: str, business: Business) -> bool:
    """Whether a text names the response time that the business has agreed to."""
    folded = fold(template)
    forbidden = {(claim.start, claim.rule) for claim in claims(folded, business.policy.stated_minutes)}
    return any((claim.start, claim.rule) not in forbidden for claim in claims(folded))


def fixed_text(business: Business, name: str, /, language: str = "en", **facts: str) -> str:
    """A fixed text (`opt_out`, `help`, `owner_repeat`, ...) in the language if there is one in it, else in English.

    The business's own template of that name wins. Raises KeyError for a name that is no fixed text.
    """
    localized = f"{name}_{language}"
    for known in (localized, name):
        for texts in (business.templates, FIXED_TEXTS, CONVERSATION_TEXTS):
            if known in texts:
                return render(texts[known], **facts)
    raise KeyError(name)


def office_facts(business: Business, line: Line | None, at: datetime) -> dict[str, str]:
    """The placeholders of texts to customers. The office's number is the line that was rung, else the first one."""
    number = line.number if line else (business.lines[0].number if business.lines else None)
    opening = next_opening(business, at)
    language = line.language if line else "en"
    return {
        "business": business.name,
        "office_number": spoken(number) if number else "",
        "next_opening": speak_moment(opening, at, business, language) if opening else "",
    }


_DAYS: Final = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_MONTHS: Final = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}


def speak_moment(moment: datetime, now: datetime, business: Business, language: str = "en") -> str:
    """A coming moment as the office says it: "today at 8 AM", "Monday at 8:30 AM", "Dec 1 at 8 AM"."""
    there, here = moment.astimezone(business.zone), now.astimezone(business.zone)
    hour = f"{there.hour % 12 or 12}" + (f":{there.minute:02}" if there.minute else "")
    half = "AM" if there.hour < 12 else "PM"
    away = (there.date() - here.date()) // timedelta(days=1)
    if language == "es":
        clock = f"a {'la' if there.hour % 12 == 1 else 'las'} {hour} {half}"
        match away:
            case 0:
                return f"hoy {clock}"
            case 1:
                return f"mañana {clock}"
            case _ if away < 7:
                return f"el {_DAYS['es'][there.weekday()]} {clock}"
            case _:
                return f"el {there.day} de {_MONTHS['es'][there.month - 1]} {clock}"
    match away:
        case 0:
            return f"today at {hour} {half}"
        case 1:
            return f"tomorrow at {hour} {half}"
        case _ if away < 7:
            return f"{_DAYS['en'][there.weekday()]} at {hour} {half}"
        case _:
            return f"{_MONTHS['en'][there.month - 1]} {there.day} at {hour} {half}"
