"""The words of the digest, English and Spanish. Where there is nothing to tell there are none.

Spanish is spelt without the accents that are not in the GSM 7-bit alphabet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from gateway.core.alphabet import is_gsm7, segment_count, transliterate
from gateway.core.business import Business
from gateway.core.conversation.callwords import hours
from gateway.core.digest import Summary
from gateway.core.notify import How, Kind
from gateway.core.wallclock import month_day, weekday

MOST_SEGMENTS = 2
MOST_VISITS = 3  # what comes behind them is counted

# By name, as (English, Spanish). Where "|" stands, the words for one are before it and those for several behind.
_S: Final[Mapping[str, tuple[str, str]]] = {
    "since": ("Textback, since {since}: ", "Textback, desde {since}: "),
    "see_page": (
        "Textback: {leads} leads open, {overdue} overdue, {call_backs} to call back. See the page.",
        "Textback: {leads} clientes abiertos, {overdue} atrasados, {call_backs} por llamar. Vea la pagina.",
    ),
    "yesterday": ("yesterday {clock}", "ayer {clock}"),
    "missed": ("missed call|missed calls", "llamada perdida|llamadas perdidas"),
    "texted": (" ({texted} texted)", " ({texted} con texto)"),
    "leads": ("open lead|open leads", "cliente abierto|clientes abiertos"),
    "oldest": (" (oldest {age})", " (desde hace {age})"),
    "days": ("days", "dias"),
    "overdue": ("{count} overdue", "{count} atrasados"),
    "call_backs": ("{count} to call back", "{count} por llamar"),
    "in_doubt": ("text in doubt|texts in doubt", "texto dudoso|textos dudosos"),
    "won": ("{count} won", "{count} ganados"),
    "unread": ("{count} to read under Review", "{count} por leer en Revision"),
    "to_confirm": ("appointment to confirm|appointments to confirm", "cita por confirmar|citas por confirmar"),
    "today": ("Today", "Hoy"),
    "tomorrow": ("Tomorrow", "Mañana"),
    "also": ("Also ", "Tambien "),
    "answered": ("call answered|calls answered", "llamada contestada|llamadas contestadas"),
}
# In the order of their weight. The others of their kinds are counted as what is open at the moment.
_OTHERS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.COMPLAINT: ("complaint|complaints", "queja|quejas"),
    Kind.RECORDS_TROUBLE: (
        "trouble with the records|troubles with the records",
        "fallo de los registros|fallos de los registros",
    ),
    Kind.PHONE_TROUBLE: (
        "trouble of modem or phone system|troubles of modem or phone system",
        "fallo de modem o centralita|fallos de modem o centralita",
    ),
    Kind.TEXTING_TROUBLE: (
        "time that the network took no texts|times that the network took no texts",
        "vez que la red rechazo textos|veces que la red rechazo textos",
    ),
    Kind.RATE_LIMIT: (
        "time at the limit of texts|times at the limit of texts",
        "vez al limite de textos|veces al limite de textos",
    ),
    Kind.URGENT_LEAD: ("urgent lead|urgent leads", "cliente urgente|clientes urgentes"),
    Kind.NEW_LEAD: ("new lead|new leads", "cliente nuevo|clientes nuevos"),
    Kind.REPEAT_CALLER: (
        "caller who tried again and again|callers who tried again and again",
        "que llamo varias veces|que llamaron varias veces",
    ),
    Kind.MISSED_CALL: ("missed on-call|missed on-call", "perdida de guardia|perdidas de guardia"),
    Kind.APPOINTMENT_BOOKED: ("appointment booked|appointments booked", "cita reservada|citas reservadas"),
    Kind.APPOINTMENT_CHANGED: (
        "appointment moved or cancelled|appointments moved or cancelled",
        "cita cambiada o cancelada|citas cambiadas o canceladas",
    ),
    Kind.APPOINTMENT_SOON: (
        "change of an appointment of these days|changes of appointments of these days",
        "cambio de cita de estos dias|cambios de citas de estos dias",
    ),
    Kind.OPT_OUT: ("opt-out|opt-outs", "baja|bajas"),
}


def digest(business: Business, told: Summary, *, spanish: bool = False) -> str:
    """The words, in one segment if they fit, in two at most; "" where there is nothing to tell."""
    pieces = list(_pieces(business, told, spanish))
    if not pieces:
        return ""
    since = _say("since", spanish, since=_since(business, told, spanish))
    for head in (since, "Textback: "):
        for keep in (frozenset({0, 1, 2, 3}), frozenset({0, 1, 2})):
            words = head + ". ".join(text for rank, text in pieces if rank in keep) + "."
            if segment_count(words) == 1:
                return words
    for least in (3, 2, 1):
        words = since + ". ".join(text for rank, text in pieces if rank <= least) + "."
        if segment_count(words) <= MOST_SEGMENTS:
            return words
    return _say("see_page", spanish, leads=told.leads, overdue=told.overdue, call_backs=told.call_backs)


def _pieces(business: Business, told: Summary, spanish: bool) -> Iterator[tuple[int, str]]:
    """What is said, in order, each with its rank: the least important goes first where there is no room."""
    how = business.notifications.how
    overdue = told.overdue if how.get(Kind.OVERDUE_LEAD) is not How.OFF else 0
    in_doubt = told.in_doubt if how.get(Kind.TEXT_TROUBLE) is not How.OFF else 0
    leads = told.leads if how.get(Kind.NEW_LEAD) is not How.OFF or overdue else 0
    others = [
        _counted(told.others[kind], names[int(spanish)]) for kind, names in _OTHERS.items() if told.others.get(kind)
    ]
    todo = []
    if leads:
        waits = _age(told.now - told.oldest, spanish) if told.oldest is not None else ""
        todo.append(_count("leads", leads, spanish) + (_say("oldest", spanish, age=waits) if waits else ""))
    if overdue:
        todo.append(_say("overdue", spanish, count=overdue))
    if told.call_backs:
        todo.append(_say("call_backs", spanish, count=told.call_backs))
    if told.to_confirm:
        todo.append(_count("to_confirm", told.to_confirm, spanish))
    if in_doubt:
        todo.append(_count("in_doubt", in_doubt, spanish))
    if not (told.missed or todo or told.won or others or told.visits):
        return
    if told.missed or told.answered:
        texted = _say("texted", spanish, texted=told.texted) if told.missed else ""
        yield 1, f"{_count('missed', told.missed, spanish)}{texted}"
    if todo:
        yield 0, ", ".join(todo)
    if told.visits:
        yield 1, _visits(business, told, spanish)
    if told.won:
        money = f", ${told.won_cents // 100:,}" if told.won_cents else ""
        yield 2, f"{_say('won', spanish, count=told.won)}{money}"
    if others:
        yield 2, _say("also", spanish) + ", ".join(others)
    if told.unread:
        yield 2, _say("unread", spanish, count=told.unread)
    if told.answered:
        yield 3, _count("answered", told.answered, spanish)


def _visits(business: Business, told: Summary, spanish: bool) -> str:
    """ "Today: 8 AM-12 PM Dana 14, 12-5 PM Tom 15(?), +2" """
    day = told.visits[0].begins.astimezone(business.zone).date()
    name = "today" if day <= told.now.astimezone(business.zone).date() else "tomorrow"
    rows = [
        f"{hours(one, business.zone)} {_first_name(one.name)}{one.code}{'(?)' if one.to_confirm else ''}"
        for one in told.visits[:MOST_VISITS]
    ]
    more = [f"+{len(told.visits) - MOST_VISITS}"] if len(told.visits) > MOST_VISITS else []
    return f"{_say(name, spanish)}: {', '.join([*rows, *more])}"


def _first_name(name: str) -> str:
    first = "".join(char for char in transliterate(name.split(" ")[0]) if is_gsm7(char) and char.isprintable())[:12]
    return f"{first} " if first else ""


def _since(business: Business, told: Summary, spanish: bool) -> str:
    there, here = told.since.astimezone(business.zone), told.now.astimezone(business.zone)
    clock = f"{there:%-I:%M %p}".replace(":00", "")
    away = (here.date() - there.date()).days
    if away == 0:
        return clock
    if away == 1:
        return _say("yesterday", spanish, clock=clock)
    return f"{weekday(there, spanish=spanish)} {clock}" if away < 7 else month_day(there, spanish=spanish)


def _age(span: timedelta, spanish: bool) -> str:
    minutes = max(0, round(span.total_seconds() / 60))
    if minutes < 90:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} {_say('days', spanish)}"


def _say(name: str, spanish: bool, /, **facts: object) -> str:
    return _S[name][int(spanish)].format(**facts)


def _count(name: str, number: int, spanish: bool) -> str:
    return _counted(number, _S[name][int(spanish)])


def _counted(number: int, words: str) -> str:
    one, _, many = words.partition("|")
    return f"{number:,} {one if number == 1 else many}"
