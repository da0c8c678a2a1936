"""What the box says in a conversation, in English and Spanish. Nothing but words; the business may replace each by name.

Each is one segment, asks at most one thing and says nothing that nobody has done: "noted" means that it stands on the
office's list, "requested" that nobody has confirmed. Spanish is spelt without the accents that GSM 7-bit lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# What is asked, by fact; each is asked once, behind one of the beginnings below or alone.
_QUESTIONS: Final = {
    "service": ("What do you need help with?", "¿En qué le podemos ayudar?"),
    "place": ("What ZIP code or town is that in?", "¿En qué codigo postal o ciudad es?"),
    "address": ("What is the street address?", "¿Cual es la direccion (calle y numero)?"),
    "name": ("What name should we put this under?", "¿A qué nombre lo anotamos?"),
    "time": ("What day or time of day would suit you?", "¿Qué dia u hora le conviene?"),
}
BEGINNINGS: Final = {
    "": ("Thank you. ", "Gracias. "),
    "again_": ("Sorry, this automatic line did not understand that. ", "Disculpe, esta linea automatica no entendió. "),
    "price_": (
        "The office gives prices, this automatic line cannot. ",
        "Los precios los da la oficina, no esta linea automatica. ",
    ),
    # To who asks when somebody comes, before there is anything to choose from.
    "when_": (
        "The office sets the time, this automatic line cannot. ",
        "La hora la da la oficina, no esta linea automatica. ",
    ),
    # To who tells of a picture beside a job; the second where the business has named a place of its own for pictures.
    "pictures_": ("This line cannot receive pictures. ", "Esta linea no recibe fotos. "),
    "pictures_but_": (
        "You can send pictures to {pictures} but not to this line. ",
        "Puede mandar fotos a {pictures} pero no a esta linea. ",
    ),
    # A window that was chosen is kept while this is asked.
    "held_": ("{visit} is held for you for {hold}. ", "Le guardamos {visit} por {hold}. "),
    # Sent when the network has taken the alert, never before.
    "alert_sent_": (
        "Our on-call person has been texted about this. Nobody has confirmed yet. ",
        "Le enviamos un texto a la persona de guardia. Todavia nadie ha confirmado. ",
    ),
    # Sent when that person has said so, never before.
    "alert_seen_": ("{person} has seen your message. ", "{person} ya vio su mensaje. "),
}
_ASK: Final = {
    f"{beginning}ask_{fact}{ending}": words[language] + question[language]
    for beginning, words in BEGINNINGS.items()
    for fact, question in _QUESTIONS.items()
    for language, ending in enumerate(("", "_es"))
}
_ANSWERS: Final = {
    "no_pictures": "This line cannot receive pictures. Can you describe it in words?",
    "no_pictures_es": "Esta linea no recibe fotos. ¿Nos lo describe con palabras?",
    "pictures_noted": "Thank you. Your words are on the office's list now. This line cannot receive pictures.",
    "pictures_noted_es": "Gracias. Sus palabras ya estan en la lista de la oficina. Esta linea no recibe fotos.",
    # Where the business has named a place of its own for them.
    "pictures_but_noted": "Thank you. Your words are on the office's list now. You can send pictures to {pictures} but not to"
    " this line.",
    "pictures_but_noted_es": "Gracias. Sus palabras ya estan en la lista. Puede mandar fotos a {pictures} pero no a esta linea.",
    # Where the business has a booking page of its own.
    "ask_time_link": "Thank you. You can choose a time at {link}, or text here what day or time would suit you.",
    "ask_time_link_es": "Gracias. Puede elegir la hora en {link}, o escribir aqui qué dia u hora le conviene.",
    "no_pictures_but": "You can send pictures to {pictures} but not to this line. Can you describe it in words?",
    "no_pictures_but_es": "Puede mandar fotos a {pictures} pero no a esta linea. ¿Nos lo describe con palabras?",
    "wrong_number": "Sorry for the mix-up, and thank you for telling us.",
    "wrong_number_es": "Disculpe la confusion, y gracias por avisarnos.",
    "out_of_area": "Thank you for asking. {place} is outside the area we work in, sorry. Please try another company;"
    " your text stays on the office's list.",
    "out_of_area_es": "Gracias por preguntar. {place} queda fuera de nuestra zona, disculpe. Le conviene otra empresa;"
    " su texto queda en la lista de la oficina.",
    "requested": "Thank you. Requested: {service}, {place}, {time}. The office still has to confirm it.",
    "requested_es": "Gracias. Solicitado: {service}, {place}, para cuando nos dijo. La oficina aun tiene que confirmarlo.",
    "not_confirmed": "That is not confirmed yet: your request is on the office's list, and a person has to confirm it.",
    "not_confirmed_es": "Todavia no esta confirmado: su solicitud esta en la lista y una persona la tiene que confirmar.",
    "still_listed": "What you texted is on the office's list. This automatic line knows no more than that.",
    "still_listed_es": "Lo que nos escribio esta en la lista de la oficina. Esta linea automatica no sabe mas que eso.",
    "added": "Thank you. That is added to what the office has from you.",
    "added_es": "Gracias. Lo agregamos a lo que la oficina tiene de usted.",
    "noted": "Thank you. Your text is on the list of {business} now, with what you told us.",
    "noted_es": "Gracias. Su texto ya esta en la lista de {business}, con lo que nos dijo.",
    "noted_price": "Thank you. Prices come from the office, not from this automatic line. Your question is on its list.",
    "noted_price_es": "Gracias. Los precios los da la oficina, no esta linea automatica. Su pregunta esta en su lista.",
    "noted_when": "Thank you. Your text is on the office's list. The office sets the time, this automatic line cannot.",
    "noted_when_es": "Gracias. Su texto esta en la lista de la oficina. La hora la da la oficina, no esta linea automatica.",
    "handed_over": "Sorry, this automatic line cannot help with that. It is on the list for a person of the office.",
    "handed_over_es": "Disculpe, esta linea automatica no puede con eso. Esta en la lista para una persona de la oficina.",
    "noted_call": "Noted: you would like a call. It is on the office's list now.",
    "noted_call_es": "Anotado: quiere que le llamen. Ya esta en la lista de la oficina.",
    "noted_person": "This is an automatic text line. Noted: you want a person. That is on the office's list now.",
    "noted_person_es": "Esta es una linea automatica. Anotado: quiere hablar con una persona. Ya esta en la lista.",
    "noted_change": "Noted for the office. Nothing is changed until a person from the office answers you.",
    "noted_change_es": "Anotado para la oficina. Nada cambia hasta que una persona de la oficina le conteste.",
    "noted_complaint": "Thank you for telling us. This is for a person, not for this automatic line."
    " It is on the office's list as a complaint.",
    "noted_complaint_es": "Gracias por decirnos. Esto es para una persona, no para esta linea automatica."
    " Esta en la lista de la oficina como queja.",
    "who_we_are": "This is the automatic text line of {business}, not a person. What you ask for goes on the"
    " office's list. Office: {office_number}. STOP ends texts.",
    "who_we_are_es": "Esta es la linea automatica de {business}, no una persona. Lo que nos pida va a la lista de la"
    " oficina: {office_number}. STOP para salir.",
}
# Times for a call: what stands in front of them says what has become of the matter, what follows how to choose.
_OFFER_BEGINNINGS: Final = {
    "": ("Noted for the office. ", "Anotado para la oficina. "),
    "price_": ("The office gives prices. ", "Los precios los da la oficina. "),
    "person_": ("This is an automatic line. ", "Esta es una linea automatica. "),
    "complaint_": ("Noted as a complaint. ", "Anotado como queja. "),
    "change_": ("Nothing is changed yet. ", "Todavia no cambia nada. "),
}
_CHOICE: Final = (
    "A person can call you: {windows}. Which suits? Reply with a number, or another time.",
    "Una persona le puede llamar: {windows}. ¿Cual? Conteste con el numero, u otra hora.",
)
_CALLS: Final = {
    **{
        f"{beginning}offer{ending}": words[language] + _CHOICE[language]
        for beginning, words in _OFFER_BEGINNINGS.items()
        for language, ending in enumerate(("", "_es"))
    },
    "offer_again": "These times are free for a call: {windows}. Which suits? Reply with a number.",
    "offer_again_es": "Estas horas estan libres para llamarle: {windows}. ¿Cual? Conteste con el numero.",
    "offer_which": "Which of these: {windows}? Please reply with the number.",
    "offer_which_es": "¿Cual de estas: {windows}? Conteste con el numero, por favor.",
    "call_noted": "Noted: a call from the office {call}.",
    "call_noted_es": "Anotado: una llamada de la oficina {call}.",
    "noted_wish": "Noted as you wrote it, on the office's list. No time for a call is set yet.",
    "noted_wish_es": "Anotado como nos dijo, en la lista de la oficina. Todavia no hay hora para la llamada.",
    "call_stays": "Added for the office. The call stays noted {call}.",
    "call_stays_es": "Agregado para la oficina. La llamada sigue anotada {call}.",
}
# Windows for an appointment. "Booked" and "requested" are said when it stands so in the books, never before.
_CHOOSE: Final = ("Which suits? Reply with a number, or another time.", "¿Cual? Conteste con el numero, u otra hora.")
_BOOKINGS: Final = {
    "book_offer": "Open for {service}: {visits}. " + _CHOOSE[0],
    "book_offer_es": "Libre para {service}: {visits}. " + _CHOOSE[1],
    "book_instead": "Nothing is open then. Open: {visits}. " + _CHOOSE[0],
    "book_instead_es": "Entonces no hay lugar. Libre: {visits}. " + _CHOOSE[1],
    "book_again": "Open: {visits}. Which suits? Reply with a number.",
    "book_again_es": "Libre: {visits}. ¿Cual? Conteste con el numero.",
    "book_one": "{visit} is open. Does that suit? Reply YES, or another time.",
    "book_one_es": "{visit} esta libre. ¿Le conviene? Conteste SI, u otra hora.",
    "book_which": "Which of these: {visits}? Please reply with the number.",
    "book_which_es": "¿Cual de estas: {visits}? Conteste con el numero, por favor.",
    "book_gone": "That one has just been taken, sorry. Open: {visits}. Which suits? Reply with a number.",
    "book_gone_es": "Esa ya la tomaron, disculpe. Libre: {visits}. ¿Cual? Conteste con el numero.",
    "book_late": "That one begins too soon by now, sorry. Open: {visits}. Which suits? Reply with a number.",
    "book_late_es": "Para esa ya es muy tarde, disculpe. Libre: {visits}. ¿Cual? Conteste con el numero.",
    "book_others": "{visit} cannot be, sorry. Open: {visits}. Which suits? Reply with a number.",
    "book_others_es": "{visit} no puede ser, disculpe. Libre: {visits}. ¿Cual? Conteste con el numero.",
    "book_move": "{visit} stays until you choose. Open: {visits}. Which suits? Reply with a number.",
    "book_move_es": "{visit} sigue hasta que elija. Libre: {visits}. ¿Cual? Conteste con el numero.",
    "book_sure": "Cancel {visit}? Reply YES to cancel it. Until then it stays.",
    "book_sure_es": "¿Cancelar {visit}? Conteste SI para cancelar. Mientras tanto sigue igual.",
    "booked_off": "Cancelled as you asked: {visit}. Nothing is booked for you then. Office: {office_number}.",
    "booked_off_es": "Cancelado como pidió: {visit}. Ya no tiene nada reservado entonces. Oficina: {office_number}.",
    "book_reminder": "{business}: {service}, {visit}. Reply C to confirm, R to change it, or call {office_number}.",
    "book_reminder_es": "{business}: {service}, {visit}. Conteste C para confirmar, R para cambiar, o llame al {office_number}.",
    "book_cancelled": "Cancelled: {service}, {visit}. That appointment is not booked any more. Office: {office_number}.",
    "book_cancelled_es": "Cancelado: {service}, {visit}. Esa cita ya no esta reservada. Oficina: {office_number}.",
    "booked": "Booked: {service}, {where}, {visit}. To change it text here or call {office_number}.",
    "booked_es": "Reservado: {service}, {where}, {visit}. Para cambiarlo escriba aqui o llame al {office_number}.",
    "book_requested": "Requested, not booked yet: {service}, {where}, {visit}. The office still has to confirm it.",
    "book_requested_es": "Solicitado, aun no reservado: {service}, {where}, {visit}. La oficina lo tiene que confirmar.",
    "book_set": "{business}: your appointment is {visit}. To change it text here or call {office_number}.",
    "book_set_es": "{business}: su cita es {visit}. Para cambiarla escriba aqui o llame al {office_number}.",
    "book_changed": "{business}: your appointment is now {visit}. To change it text here or call {office_number}.",
    "book_changed_es": "{business}: su cita queda para {visit}. Para cambiarla escriba aqui o llame al {office_number}.",
    "booked_stands": "Your appointment: {visit}, {where}.",
    "booked_stands_es": "Su cita: {visit}, {where}.",
    "booked_stays": "Added for the office. The appointment stays: {visit}.",
    "booked_stays_es": "Agregado para la oficina. La cita sigue igual: {visit}.",
}
_FOLLOW_UP: Final = {
    "follow_up": "{business}: we still have your text, and one answer is missing. You can reply here or call"
    " {office_number}.",
    "follow_up_es": "{business}: tenemos su texto y nos falta una respuesta. Puede contestar aqui o llamar al"
    " {office_number}.",
}
_EMERGENCY: Final = {
    # Sent when it is known what became of the alert, never before.
    "alert_sent": "Our on-call person has been texted about this. Nobody has confirmed yet.",
    "alert_sent_es": "Le enviamos un texto a la persona de guardia. Todavia nadie ha confirmado.",
    "alert_seen": "{person} has seen your message. In danger call 911.",
    "alert_seen_es": "{person} ya vio su mensaje. Si hay peligro, llame al 911.",
    # Everybody was told, and nobody has said that he has it.
    "alert_nobody": "We texted our on-call people and nobody has confirmed yet. Please call {office_number}. In danger call 911.",
    "alert_nobody_es": "Avisamos a las personas de guardia y todavia nadie ha confirmado. Llame al {office_number}."
    " Si hay peligro, al 911.",
    # Who has it, where the business has given no name; one of the people who are told, or whoever uses the page.
    "on_call_person": "Our on-call person",
    "on_call_person_es": "La persona de guardia",
    "office_person": "Somebody from our office",
    "office_person_es": "Una persona de la oficina",
    "alert_unsure": "We tried to text our on-call person and do not know whether it arrived. Please call {office_number}."
    " In danger call 911.",
    "alert_unsure_es": "Intentamos avisar a la persona de guardia y no sabemos si le llegó. Llame al {office_number}."
    " Si hay peligro, al 911.",
    # To who asks whether or when anybody comes; so whatever has become of the alert meanwhile.
    "cannot_say_when": "This automatic line cannot say when anybody comes, only the office can: {office_number}."
    " In danger call 911.",
    "cannot_say_when_es": "Esta linea automatica no sabe cuando va alguien, eso lo dice la oficina: {office_number}."
    " Si hay peligro, llame al 911.",
    "not_covered": "Our team has been texted about this, but nobody is on call for it now. {instead}",
    "not_covered_es": "Le avisamos por texto a nuestra gente, pero ahora no hay nadie de guardia para esto. {instead}",
    # The business's own advice where nobody is on call takes the place of these.
    "instead": "If anybody is in danger, call 911.",
    "instead_es": "Si alguien esta en peligro, llame al 911.",
    "alert_failed": "We could not reach our on-call person by text. Please call {office_number}. In danger call 911.",
    "alert_failed_es": "No pudimos avisar a la persona de guardia. Llame al {office_number}. Si hay peligro, al 911.",
}
# The first thing said where people may be in danger. Sources: CPSC and utilities (gas, CO), ESFI (wires), NFPA (fire).
_SAFETY: Final = {
    "safety_gas": "Leave the building now. Do not use switches, flames or phones inside."
    " From outside call 911 or your gas company.",
    "safety_gas_es": "Salga del edificio ya. No use apagadores, fuego ni telefono adentro."
    " Afuera llame al 911 o a la compañia de gas.",
    "safety_co": "Get everybody out into fresh air now and call 911. Do not go back in until they say it is safe.",
    "safety_co_es": "Salgan todos al aire libre ya y llamen al 911. No vuelvan a entrar hasta que les digan.",
    "safety_fire": "Get everybody out now and call 911 from outside. Do not go back in.",
    "safety_fire_es": "Salgan todos ya y llamen al 911 desde afuera. No vuelvan a entrar.",
    "safety_electric": "Stay away from it and do not touch it or anything wet near it."
    " If there is smoke, fire or a shock, get out and call 911.",
    "safety_electric_es": "Alejese y no lo toque, ni nada mojado cerca."
    " Si hay humo, fuego o descarga, salga y llame al 911.",
    "safety_wire": "Stay at least 35 feet away and keep others away. Call 911 and the power company now.",
    "safety_wire_es": "Alejese por lo menos 10 metros y no deje que nadie se acerque. Llame al 911 y a la compañia de luz.",
    "safety_fumes": "Get everybody out into fresh air now and stay out. If anybody feels ill or faint, call 911.",
    "safety_fumes_es": "Salgan todos al aire libre ya y no vuelvan a entrar. Si alguien se siente mal, llame al 911.",
    "safety_threat": "If you are not safe, get away from there and call 911 now. Do not wait for us.",
    "safety_threat_es": "Si no esta a salvo, alejese de ahi y llame al 911 ya. No nos espere.",
    "safety_person": "If anybody is trapped, hurt, ill or cannot be reached, call 911 now. Do not wait for us.",
    "safety_person_es": "Si alguien esta atrapado, herido, enfermo o no responde, llame al 911 ya. No nos espere.",
    "safety_structure": "Get everybody out from under it and stay away. If anybody is hurt or it may fall, call 911.",
    "safety_structure_es": "Salgan de debajo y alejense. Si hay heridos o puede caerse, llamen al 911.",
    "safety_danger": "If anybody is in danger, leave now and call 911. Do not wait for us.",
    "safety_danger_es": "Si alguien esta en peligro, salga ya y llame al 911. No nos espere.",
}
CONVERSATION_TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    _ASK | _ANSWERS | _CALLS | _BOOKINGS | _FOLLOW_UP | _EMERGENCY | _SAFETY
)
# With these a conversation ends; and these say what became of the alert.
ENDS: Final = frozenset({"requested", "booked", "book_requested", "handed_over", "out_of_area", "wrong_number"}) | {
    name for name in CONVERSATION_TEXTS if name.removeprefix("pictures_").startswith("noted")
}
FATES: Final = frozenset(name for name in CONVERSATION_TEXTS if name.startswith("alert_")) | {"not_covered"}
