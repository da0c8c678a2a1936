"""What the box answers to commands, English and Spanish, each in one segment of the GSM 7-bit alphabet."""

from __future__ import annotations

import re
from typing import Final

from gateway.core.alphabet import is_gsm7, segment_count, transliterate
from gateway.core.remote.commands import Outcome

_S: Final[dict[str, tuple[str, str]]] = {
    # emergencies
    "have_it": ("{code}: You have it. Call {number}.", "{code}: Ya es suyo. Llame al {number}."),
    "have_drill": ("{code}: You have it.", "{code}: Ya es suyo."),
    "have_it_already": ("{code}: You have it already. Call {number}.", "{code}: Ya era suyo. Llame al {number}."),
    "has_it": ("{code}: {who} has it already.", "{code}: Ya lo tiene {who}."),
    "settled": ("{code}: this is settled already.", "{code}: ya esta resuelto."),
    "which": ("Which one? Reply with its number: {codes}.", "¿Cual? Responda con su numero: {codes}."),
    "nothing_waits": ("No emergency waits for anybody.", "Ninguna emergencia espera."),
    "no_code": ("There is no {code}. LEADS lists what is open.", "No hay {code}. LISTA muestra lo abierto."),
    "no_code_waits": (
        "There is no {code}, nothing done. NOBODY HAS {codes}!",
        "No hay {code}, nada hecho. ¡NADIE TIENE {codes}!",
    ),
    "not_taken": (
        "{code} is not taken by you. The next are told at {time}. {code} alone takes it.",
        "{code} no es suyo. Se avisa a los siguientes a las {time}. Solo {code} lo toma.",
    ),
    "not_taken_last": (
        "{code} is not taken by you, and everybody was told. {code} alone takes it.",
        "{code} no es suyo y ya se aviso a todos. Solo {code} lo toma.",
    ),
    "snoozed": (
        "{code}: nobody is told again before {time}. NOBODY HAS IT: the customer is told nothing new. {code} alone takes it.",
        "{code}: no se avisa a nadie antes de las {time}. NADIE LO TIENE; al cliente no se le dice nada. Solo {code} lo toma.",
    ),
    "snooze_danger": (
        "{code} is a danger to people and is not put off. {code} alone takes it.",
        "{code} es un peligro para personas y no se aplaza. Solo {code} lo toma.",
    ),
    "snooze_enough": (
        "{code} was put off as long as it may be. The next are told at {time}.",
        "{code} no se puede aplazar mas. Se avisa a los siguientes a las {time}.",
    ),
    "snooze_none": ("{code} waits for nobody: nothing to put off.", "{code} no espera a nadie: nada que aplazar."),
    "drilled": (
        "DRILL {code}: confirmed after {after}. It worked.",
        "SIMULACRO {code}: confirmado tras {after}. Funciona.",
    ),
    # conversations
    "taken": (
        "{code} {who} {number} is yours until {time}. The box is silent, their texts come here. TEXT {code} words, BACK {code}.",
        "{code} {who} {number} es suyo hasta {time}. La caja calla; sus textos llegan aqui. TEXTO {code} palabras, DEVOLVER {code}.",
    ),
    "taken_opted_out": (
        "{code} {who} is yours. They have asked for no texts: call {number}.",
        "{code} {who} es suyo. Pidio no recibir textos: llame al {number}.",
    ),
    "taken_from": ("{code}: {who} has this conversation now.", "{code}: {who} tiene ahora esta conversacion."),
    "goes": (
        "{code}: your text goes to {who} {number}. Answers come here until {time}. BACK {code} hands back.",
        "{code}: su texto va a {who} {number}. Las respuestas llegan aqui hasta {time}. DEVOLVER {code}.",
    ),
    "goes_already": ("{code}: this was sent already, just now.", "{code}: esto ya se envio hace un momento."),
    "text_opted_out": (
        "{code} is NOT texted: they have asked for no texts. Call {number}.",
        "{code} NO recibe texto: pidio no recibirlos. Llame al {number}.",
    ),
    "text_refused": ("{code} is NOT texted: {why}.", "{code} NO recibe texto: {why}."),
    "not_out": (
        "{code}: your text did NOT go out: {why}. Call {number}.",
        "{code}: su texto NO salio: {why}. Llame al {number}.",
    ),
    "back": ("{code} is with the box again.", "{code} vuelve a la caja."),
    "back_already": ("{code} is with the box already.", "{code} ya esta con la caja."),
    "back_none": ("You have no conversation to hand back.", "No tiene ninguna conversacion que devolver."),
    # closing
    "closed": ("{code} {who} closed: {outcome}{value}.", "{code} {who} cerrado: {outcome}{value}."),
    "closed_all": (
        "{count} closed. Emergencies that stay: {codes}.",
        "{count} cerrados. Emergencias que quedan: {codes}.",
    ),
    # lists
    "leads": ("Open: {rows}", "Abiertos: {rows}"),
    "leads_cut": ("{rows} +{count}: MORE", "{rows} +{count}: MAS"),
    "leads_none": ("No lead is open.", "No hay nada abierto."),
    "visits": ("{day}: {rows}", "{day}: {rows}"),
    "visits_cut": ("{rows} +{count}: MORE", "{rows} +{count}: MAS"),
    "visits_none": ("No appointments {day}.", "No hay citas {day}."),
    "held": ("(held)", "(apartada)"),
    "on_day": ("on {day}", "el {day}"),
    "today": ("today", "hoy"),
    "tomorrow": ("tomorrow", "mañana"),
    "show": ("{code} {who} {number}: {what}. {next}", "{code} {who} {number}: {what}. {next}"),
    "status": (
        "{texting}. {emergencies}{leads} open, {overdue} overdue. {calls} calls to return. On call: {who}.{storm}",
        "{texting}. {emergencies}{leads} abiertos, {overdue} atrasados. {calls} llamadas pendientes. De guardia: {who}.{storm}",
    ),
    "texting_on": ("Texting is on", "Textos activos"),
    "texting_off": ("Texting is PAUSED ({why})", "Textos en PAUSA ({why})"),
    "waiting": ("NOBODY HAS {codes}! ", "¡NADIE TIENE {codes}! "),
    "storm_is_on": (" Storm on.", " Modo tormenta."),
    # appointments
    "confirmed": ("{code} confirmed: {who} {visit}. {told}", "{code} confirmada: {who} {visit}. {told}"),
    "confirmed_already": (
        "{code} is confirmed already: {who} {visit}.",
        "{code} ya estaba confirmada: {who} {visit}.",
    ),
    "called_off": ("{code} CANCELLED: {who} {visit}. {told}", "{code} CANCELADA: {who} {visit}. {told}"),
    "moved": (
        "{code} {who} MOVED to {visit}, was {before}. {told}",
        "{code} {who} CAMBIADA a {visit}, era {before}. {told}",
    ),
    "move_is_there": ("{code} {who} is already at {visit}.", "{code} {who} ya esta ahi: {visit}."),
    "move_list": (
        "{why} {code} is {visit}. Free: {rows}. MOVE {code} and a number.",
        "{why} {code}: {visit}. Libre: {rows}. MOVER {code} y un numero.",
    ),
    "move_none_free": (
        "{why} {code} is {visit}. No other window is free.",
        "{why} {code}: {visit}. No hay otra hora libre.",
    ),
    "move_when": (
        "Nothing done: {code} is {visit}. Write the new time: MOVE {code} FRI 8-10.",
        "Nada hecho: {code} es {visit}. Escriba la hora nueva: MOVER {code} VIE 8-10.",
    ),
    "move_not": ("{why} {code} stays {visit}.", "{why} {code} sigue {visit}."),
    "move_taken": ("Not done: taken.", "No se hizo: ocupado."),
    "move_past": ("Not done: that is past.", "No se hizo: ya paso."),
    "move_no_window": ("Not done: no such window.", "No se hizo: no hay esa hora."),
    "move_no_time": ("Not done: no such day or time.", "No se hizo: no existe ese dia u hora."),
    "move_changed": ("Not done: it has changed meanwhile.", "No se hizo: cambio mientras tanto."),
    "they_are_told": ("They are told by text.", "Se le avisa por texto."),
    "they_are_not": ("They get NO texts: call {number}.", "NO recibe textos: llame al {number}."),
    "no_visit": (
        "Nothing done: {code} {who} has no appointment.",
        "Nada hecho: {code} {who} no tiene cita.",
    ),
    "visit_over": (
        "Nothing done: the appointment of {code}, {visit}, is over.",
        "Nada hecho: la cita de {code}, {visit}, ya paso.",
    ),
    "visit_not_done": ("{code}: nothing done, see the page.", "{code}: nada hecho, vea la pagina."),
    "shown_visit": ("Appointment {visit}.", "Cita {visit}."),
    "shown_to_confirm": ("To confirm: {visit}. CONFIRM {code}?", "Por confirmar: {visit}. ¿CONFIRMAR {code}?"),
    # the whole box
    "paused": (
        "No automatic texts to callers until {time}. Alerts and safety texts go on. RESUME starts again.",
        "Sin textos automaticos hasta {time}. Alertas y avisos de peligro siguen. REANUDAR los activa.",
    ),
    "paused_open": (
        "No automatic texts to callers until you text RESUME. Alerts and safety texts go on.",
        "Sin textos automaticos hasta que escriba REANUDAR. Alertas y avisos de peligro siguen.",
    ),
    "resumed": (
        "Automatic texts go out again. Whom the box did not text meanwhile is on the call-back list.",
        "Los textos automaticos salen de nuevo. Los no avisados estan en la lista de llamadas.",
    ),
    "resumed_not_yet": (
        "The set-up is not finished: say yes to each point of its last step on the page first.",
        "La instalacion no esta lista: primero confirme cada punto del ultimo paso en la pagina.",
    ),
    "resumed_already": ("Texting is on already.", "Los textos ya estan activos."),
    "storm_on": (
        "Storm wording is on until {time}. STORM OFF ends it.",
        "Modo tormenta hasta {time}. TORMENTA OFF lo quita.",
    ),
    "storm_on_open": ("Storm wording is on. STORM OFF ends it.", "Modo tormenta activo. TORMENTA OFF lo quita."),
    "storm_off": ("Storm wording is off.", "Modo tormenta quitado."),
    "on_call": (
        "{who} is on call until {time}. ONCALL OFF ends it.",
        "{who} de guardia hasta {time}. GUARDIA OFF lo quita.",
    ),
    "on_call_you": ("{by} has put you on call until {time}.", "{by} le puso de guardia hasta {time}."),
    "on_call_who": ("Who is {who}? Write one of: {names}.", "¿Quien es {who}? Escriba uno de: {names}."),
    "on_call_now": ("On call: {who}.", "De guardia: {who}."),
    "on_call_planned": (
        "On call is whom the settings say: {who}.",
        "De guardia segun la configuracion: {who}.",
    ),
    "away": (
        "{who} is away until {time}: no new leads, emergencies last. AWAY OFF ends it.",
        "{who}: ausente hasta {time}, sin clientes nuevos, emergencias al final. AUSENTE OFF lo quita.",
    ),
    "away_all": (
        "{who} is away until {time}. NOBODY IS LEFT for emergencies: all of you are told all the same. AWAY OFF ends it.",
        "{who}: ausente hasta {time}. NO QUEDA NADIE para emergencias: se avisa a todos igual. AUSENTE OFF lo quita.",
    ),
    "away_you": (
        "{by} has put you down as away until {time}: no new leads, emergencies last. AWAY OFF: you are back.",
        "{by} le puso ausente hasta {time}: sin clientes nuevos, emergencias al final. AUSENTE OFF: ya regreso.",
    ),
    "away_others": (
        "Nothing done: only the owner says that of somebody else. AWAY FRI is you yourself.",
        "Nada hecho: solo el dueño lo dice de otros. AUSENTE VIERNES es usted.",
    ),
    "here": (
        "{who} is back: leads and emergencies come again.",
        "{who} ya regreso: llegan otra vez clientes y emergencias.",
    ),
    "here_already": ("{who} is not away.", "{who} no esta ausente."),
    "back_or_here": (
        "Nothing done: BACK {code} hands the conversation back, AWAY OFF says that you are back.",
        "Nada hecho: DEVOLVER {code} devuelve la conversacion, AUSENTE OFF dice que ya regreso.",
    ),
    "drill": (
        "DRILL {code} goes up the ladder now. Whoever gets it replies {code}.",
        "SIMULACRO {code} en marcha. Quien lo reciba responde {code}.",
    ),
    "drill_nobody": (
        "No drill: nobody's phone is set up to be told of an emergency. Set people and escalation in the box's settings.",
        "Sin simulacro: nadie esta puesto para recibir emergencias. Ponga people y escalation en la configuracion.",
    ),
    "drill_not_now": ("No drill now: {codes} is not over.", "Ahora no: {codes} no ha terminado."),
    # this telephone
    "hushed": (
        "No more notices to this phone. EMERGENCIES, talks you took and answers still come. START: notices again. PAUSE stops callers' texts.",
        "Sin avisos a este telefono. EMERGENCIAS, sus charlas y respuestas siguen llegando. START: avisos otra vez. PAUSA calla la caja.",
    ),
    "unhushed": ("Notices come to this phone again.", "Los avisos llegan otra vez a este telefono."),
    "unhushed_paused": (
        "Notices come here again. Texting to callers is still paused: RESUME.",
        "Los avisos llegan otra vez. Los textos siguen en pausa: REANUDAR.",
    ),
    "help": (
        "14 takes it. TAKE, BACK, SNOOZE, SHOW, CONFIRM, MOVE, CALLOFF 14. TEXT 14 hi. CLOSE 14 WON 450. TODAY, LEADS, STATUS, PAUSE, RESUME, STORM, ONCALL, AWAY, DRILL",
        "14 lo toma. TOMAR, DEVOLVER, APLAZAR, VER, CONFIRMAR, MOVER, ANULAR 14. TEXTO 14 hola. CERRAR 14 GANADO 450. HOY, LISTA, ESTADO, PAUSA, REANUDAR, AUSENTE VIE",
    ),
    # what is not done
    "unclear": (
        "Not understood, nothing done. Did you mean {nearest}? HELP lists all.",
        "No entendido, nada hecho. ¿Quiso decir {nearest}? AYUDA.",
    ),
    "unclear_relay": (
        "This went to nobody. Begin with {code}: to write to {who}. BACK {code} hands the conversation back.",
        "Esto no fue a nadie. Empiece con {code}: para escribir a {who}. DEVOLVER {code} devuelve la conversacion.",
    ),
    "talk": (
        "This is the box: nobody reads what is no command, and nothing was done. HELP lists commands.",
        "Soy la caja: nadie lee lo que no es un comando, y no se hizo nada. AYUDA muestra los comandos.",
    ),
    "unclear_waits": (
        "Not understood, nothing done. NOBODY HAS {codes}! Reply {code} to take it, SHOW {code} for more.",
        "No entendido, nada hecho. ¡NADIE TIENE {codes}! Responda {code} para tomarlo, VER {code} para saber mas.",
    ),
    "torn": (
        "A part of your text is missing: nothing done. Send it again.",
        "Falta parte de su texto: nada hecho. Envielo otra vez.",
    ),
    "pin_missing": (
        "Nothing done: this needs the PIN. Write it behind the command.",
        "Nada hecho: hace falta el PIN. Escribalo tras el comando.",
    ),
    "pin_wrong": ("Nothing done: wrong PIN. {left} tries left.", "Nada hecho: PIN incorrecto. Quedan {left} intentos."),
    "pin_locked": (
        "Nothing done: too many wrong PINs. Locked until {time}; the office page still works.",
        "Nada hecho: demasiados PIN incorrectos. Bloqueado hasta {time}; la pagina sigue.",
    ),
    "pin_warning": (
        "Wrong PIN again and again, from {number} ({who}). Commands with PIN are locked until {time}. Not you? Somebody fakes that number.",
        "PIN incorrecto varias veces, desde {number} ({who}). Bloqueado hasta {time}. ¿No fue usted? Alguien finge ese numero.",
    ),
    "told_owner": ("{who} by text: {what}", "{who} por texto: {what}"),
    # what customers write to somebody who has the conversation
    "relayed": ("{code} {who}: {words}", "{code} {who}: {words}"),
    "relayed_picture": (
        "{code} {who} has sent a picture, which this line cannot receive.",
        "{code} {who} envio una foto, que esta linea no recibe.",
    ),
    "relay_over": (
        "{code} {who} wants no more texts and gets none: this conversation is over, call instead: ",
        "{code} {who} no quiere mas textos y no recibe ninguno: se acabo la conversacion, llame: ",
    ),
    "relay_over_unsent": (
        "{code} {who} wants no more texts: your last one did NOT go out. This conversation is over, call instead: ",
        "{code} {who} no quiere mas textos: el ultimo suyo NO salio. Se acabo la conversacion, llame: ",
    ),
    "in_doubt": (
        "{code}: nobody knows whether your text went out, and it is not sent again. Call {number}.",
        "{code}: nadie sabe si su texto salio, y no se envia otra vez. Llame al {number}.",
    ),
    "relayed_enough": (
        "{code} {who} writes on: the rest is on the office page.",
        "{code} {who} sigue escribiendo: el resto esta en la pagina.",
    ),
}
SENTENCES: Final = frozenset(_S)
OUTCOME_WORDS: Final = {
    Outcome.WON: ("won", "ganado"),
    Outcome.LOST: ("lost", "perdido"),
    Outcome.DONE: ("done", "hecho"),
    Outcome.SPAM: ("spam", "basura"),
    Outcome.WRONG: ("wrong number", "numero equivocado"),
    Outcome.BOOKED: ("booked", "reservado"),
    Outcome.NOT_A_LEAD: ("not a lead", "no es cliente"),
}


_BLANKS: Final = re.compile(r"\s+")


def sentence(name: str, spanish: bool = False, /, **facts: object) -> str:
    """The whole sentence, of the GSM 7-bit alphabet, however long."""
    return _plain(_S[name][int(spanish)].format(**{key: str(value) for key, value in facts.items()}))


def in_one_segment(text: str) -> str:
    """A text cut to what one segment holds."""
    text = _plain(text).strip()
    while segment_count(text) > 1:
        text = text[: len(text) - 5].rstrip() + "..."
    return text


def money(cents: int) -> str:
    """ "$450", "$1,200.50" """
    return f"${cents / 100:,.2f}".removesuffix(".00")


def _plain(text: str) -> str:
    told = transliterate(_BLANKS.sub(" ", text))
    return "".join(char for char in told if is_gsm7(char) and char.isprintable())
