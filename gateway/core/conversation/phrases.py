"""What the box says in a conversation, in English and Spanish. Nothing but words; the business may replace each by name.

Each is one segment, asks at most one thing and says nothing that nobody has done: "noted" means that it stands on the
office's list, "requested" that nobody has confirmed. Spanish is spelt without the accents that GSM 7-bit lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_ASK: Final = {
    "ask_service": "Thank you. What do you need help with?",
    "ask_service_es": "Gracias. ¿En qué le podemos ayudar?",
    "ask_again": "Sorry, this automatic line did not understand that. What do you need help with?",
    "ask_again_es": "Disculpe, esta linea automatica no entendió. ¿En qué le podemos ayudar?",
    "ask_place": "Thank you. What ZIP code or town is that in?",
    "ask_place_es": "Gracias. ¿En qué codigo postal o ciudad es?",
    "ask_address": "What is the street address?",
    "ask_address_es": "¿Cual es la direccion (calle y numero)?",
    "ask_name": "Thank you. What name should we put this under?",
    "ask_name_es": "Gracias. ¿A qué nombre lo anotamos?",
    "ask_time": "What day or time of day would suit you?",
    "ask_time_es": "¿Qué dia u hora le conviene?",
    "price_ask_service": "The office gives prices, this automatic line cannot. What is the work?",
    "price_ask_service_es": "Los precios los da la oficina, no esta linea automatica. ¿Qué trabajo es?",
    "price_ask_place": "The office gives prices, this automatic line cannot. What ZIP code or town is the work in?",
    "price_ask_place_es": "Los precios los da la oficina, no esta linea automatica. ¿En qué codigo postal o ciudad es?",
    "price_ask_name": "The office gives prices, this automatic line cannot. What name should we put this under?",
    "price_ask_name_es": "Los precios los da la oficina, no esta linea automatica. ¿A qué nombre lo anotamos?",
    "price_ask_time": "The office gives prices, this automatic line cannot. What day or time would suit you?",
    "price_ask_time_es": "Los precios los da la oficina, no esta linea automatica. ¿Qué dia u hora le conviene?",
}
_ANSWERS: Final = {
    "no_pictures": "This line cannot receive pictures. Can you describe it in words?",
    "no_pictures_es": "Esta linea no recibe fotos. ¿Nos lo describe con palabras?",
    "wrong_number": "Sorry about that. We will not text you about this again.",
    "wrong_number_es": "Disculpe la molestia. No le escribiremos mas sobre esto.",
    "out_of_area": "Thank you for asking. {place} is outside the area we work in, sorry."
    " The office sees your text, but please try another company.",
    "out_of_area_es": "Gracias por preguntar. {place} queda fuera de nuestra zona, disculpe."
    " La oficina ve su texto, pero le conviene otra empresa.",
    "requested": "Thank you. Requested: {service}, {place}, {time}. The office still has to confirm it.",
    "requested_es": "Gracias. Solicitado: {service}, {place}, {time}. La oficina aun tiene que confirmarlo.",
    "noted": "Thank you. Your text is on the list of {business} now, with what you told us.",
    "noted_es": "Gracias. Su texto ya esta en la lista de {business}, con lo que nos dijo.",
    "noted_call": "Noted: you would like a call. It is on the office's list now.",
    "noted_call_es": "Anotado: quiere que le llamen. Ya esta en la lista de la oficina.",
    "noted_change": "Noted for the office. Nothing is changed until a person from the office answers you.",
    "noted_change_es": "Anotado para la oficina. Nada cambia hasta que una persona de la oficina le conteste.",
    "noted_complaint": "Thank you for telling us. This goes to a person, not to this automatic line."
    " It is at the top of the office's list.",
    "noted_complaint_es": "Gracias por decirnos. Esto es para una persona, no para esta linea automatica."
    " Esta al principio de la lista de la oficina.",
    "who_we_are": "This is the automatic text line of {business}. You called {office_number} and nobody could pick up."
    " The office reads the list. STOP ends texts.",
    "who_we_are_es": "Esta es la linea automatica de textos de {business}. Usted llamó al {office_number} y nadie pudo"
    " contestar. STOP para salir.",
}
_EMERGENCY: Final = {
    # Sent when the network has taken the alert, never before.
    "alert_sent": "Our on-call person has been texted about this. Nobody has confirmed yet.",
    "alert_sent_es": "Le enviamos un texto a la persona de guardia. Todavia nadie ha confirmado.",
    "alert_sent_ask_address": "Our on-call person has been texted about this. What is the street address?",
    "alert_sent_ask_address_es": "Le enviamos un texto a la persona de guardia. ¿Cual es la direccion?",
    # Where nobody is on call. `instead` is the business's own advice, or ours where it has none.
    "not_covered": "Nobody is on call at this hour. {instead}",
    "not_covered_es": "A esta hora no hay nadie de guardia. {instead}",
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
    "safety_person": "If anybody is trapped, hurt, ill or cannot be reached, call 911 now. Do not wait for us.",
    "safety_person_es": "Si alguien esta atrapado, herido, enfermo o no responde, llame al 911 ya. No nos espere.",
    "safety_structure": "Get everybody out from under it and stay away. If anybody is hurt or it may fall, call 911.",
    "safety_structure_es": "Salgan de debajo y alejense. Si hay heridos o puede caerse, llamen al 911.",
    "safety_danger": "If anybody is in danger, leave now and call 911. Do not wait for us.",
    "safety_danger_es": "Si alguien esta en peligro, salga ya y llame al 911. No nos espere.",
}
CONVERSATION_TEXTS: Final[Mapping[str, str]] = MappingProxyType(_ASK | _ANSWERS | _EMERGENCY | _SAFETY)
