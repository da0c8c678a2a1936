"""Openers that ship with the box: nine trades, four situations, English and Spanish. Nothing but words.

Each one names the business, says that the call was missed and that the text is automatic, asks one open question (a yes or
no tells the office nothing), says what comes next and how to mark an emergency, and offers STOP; none promises a time or a
telephone call. With a business name of 28 characters (21 in the Spanish texts of closed hours) each fits one segment.
Spanish is spelt without the accents that are not in the GSM 7-bit alphabet.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ROOM_FOR_NAME: Final = 28  # septets each text leaves for the business's name: "Heartland Garage Door Repair"
ROOM_FOR_NAME_ES: Final = 21  # the Spanish texts of closed hours need more words; longer names get the plainer ones
ROOM_FOR_LONG_NAME: Final = 42  # septets the plainer texts leave

_TEXTS: Final[dict[str, dict[str, str]]] = {
    "hvac": {
        "open": "{business}: sorry we missed your call. What's going on with your heat or AC? We'll follow"
        " up. Emergency: text URGENT. Auto-text, STOP to end.",
        "after_hours": "{business}: we're closed and missed your call. What's going on? We'll follow up when open."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "holiday": "{business}: we're closed today and missed your call. What's going on? We'll reply when open."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "storm": "{business}: storm day, we missed your call. What happened? We'll follow up. Emergency: text"
        " URGENT. Danger: call 911. Auto-text, STOP to end.",
        "open_es": "{business}: perdimos su llamada. ¿Es aire o calefaccion? Le contactaremos. Emergencia:"
        " escriba URGENTE. Texto automatico, STOP para salir.",
        "after_hours_es": "{business}: estamos cerrados y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "holiday_es": "{business}: hoy no abrimos y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "storm_es": "{business}: por la tormenta perdimos su llamada. ¿Qué pasa? Responderemos. Si urge, escriba"
        " URGENTE. Peligro: 911. Texto automatico, STOP para salir.",
    },
    "plumbing": {
        "open": "{business}: sorry we missed your call. What's going on with your plumbing? We'll follow up."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "after_hours": "{business}: we're closed and missed your call. What's going on? We'll follow up when open."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "holiday": "{business}: we're closed today and missed your call. What's going on? We'll reply when open."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "storm": "{business}: storm day, we missed your call. What happened? We'll follow up. Emergency: text"
        " URGENT. Danger: call 911. Auto-text, STOP to end.",
        "open_es": "{business}: perdimos su llamada. ¿Es una fuga u otra cosa? Le contactaremos. Emergencia:"
        " escriba URGENTE. Texto automatico, STOP para salir.",
        "after_hours_es": "{business}: estamos cerrados y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "holiday_es": "{business}: hoy no abrimos y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "storm_es": "{business}: por la tormenta perdimos su llamada. ¿Qué pasa? Responderemos. Si urge, escriba"
        " URGENTE. Peligro: 911. Texto automatico, STOP para salir.",
    },
    "electrical": {
        "open": "{business}: sorry we missed your call. What electrical work do you need? We'll follow up."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "after_hours": "{business}: we're closed and missed your call. What's going on? We'll follow up when open."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "holiday": "{business}: we're closed today and missed your call. What's going on? We'll reply when open."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "storm": "{business}: storm day, we missed your call. What happened? We'll follow up. Emergency: text"
        " URGENT. Danger: call 911. Auto-text, STOP to end.",
        "open_es": "{business}: perdimos su llamada. ¿Qué trabajo necesita? Le contactaremos. Emergencia:"
        " escriba URGENTE. Texto automatico, STOP para salir.",
        "after_hours_es": "{business}: estamos cerrados y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "holiday_es": "{business}: hoy no abrimos y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "storm_es": "{business}: por la tormenta perdimos su llamada. ¿Qué pasa? Responderemos. Si urge, escriba"
        " URGENTE. Peligro: 911. Texto automatico, STOP para salir.",
    },
    "roofing": {
        "open": "{business}: sorry we missed your call. What's going on with your roof? We'll get back to"
        " you. Emergency: text URGENT. Auto-text, STOP to end.",
        "after_hours": "{business}: we're closed and missed your call. What's going on? We'll follow up when open."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "holiday": "{business}: we're closed today and missed your call. What's going on? We'll reply when open."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "storm": "{business}: storm day, we missed your call. What happened? We'll follow up. Emergency: text"
        " URGENT. Danger: call 911. Auto-text, STOP to end.",
        "open_es": "{business}: perdimos su llamada. ¿Qué pasa con su techo? Le contactaremos. Emergencia:"
        " escriba URGENTE. Texto automatico, STOP para salir.",
        "after_hours_es": "{business}: estamos cerrados y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "holiday_es": "{business}: hoy no abrimos y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "storm_es": "{business}: por la tormenta perdimos su llamada. ¿Qué pasa? Responderemos. Si urge, escriba"
        " URGENTE. Peligro: 911. Texto automatico, STOP para salir.",
    },
    "painting": {
        "open": "{business}: sorry we missed your call. What would you like painted? We'll get back to you."
        " If urgent, text URGENT. Auto-text, STOP to end.",
        "after_hours": "{business}: we're closed and missed your call. What's the job? We'll follow up when open. If"
        " urgent, text URGENT. Auto-text, STOP to end.",
        "holiday": "{business}: we're closed today and missed your call. What's the job? We'll reply when open."
        " If urgent, text URGENT. Auto-text, STOP to end.",
        "storm": "{business}: the storm has us busy and we missed your call. What do you need? We'll follow"
        " up. If urgent, text URGENT. Auto-text, STOP to end.",
        "open_es": "{business}: disculpe, perdimos su llamada. ¿Qué desea pintar? Le contactaremos. Si urge,"
        " escriba URGENTE. Texto automatico, STOP para salir.",
        "after_hours_es": "{business}: estamos cerrados y perdimos su llamada. ¿Qué desea pintar? Le contactaremos. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "holiday_es": "{business}: hoy no abrimos y perdimos su llamada. ¿Qué desea pintar? Le contactaremos. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "storm_es": "{business}: por la tormenta perdimos su llamada. ¿Qué necesita? Le contactaremos. Si urge,"
        " escriba URGENTE. Texto automatico, STOP para salir.",
    },
    "cleaning": {
        "open": "{business}: sorry we missed your call. What would you like cleaned? We'll get back to you."
        " If urgent, text URGENT. Auto-text, STOP to end.",
        "after_hours": "{business}: we're closed and missed your call. What do you need? We'll reply when open. If"
        " urgent, text URGENT. Auto-text, STOP to end.",
        "holiday": "{business}: we're closed today and missed your call. What do you need? We'll reply when"
        " open. If urgent, text URGENT. Auto-text, STOP to end.",
        "storm": "{business}: the storm has us busy and we missed your call. What do you need? We'll follow"
        " up. If urgent, text URGENT. Auto-text, STOP to end.",
        "open_es": "{business}: disculpe, perdimos su llamada. ¿Qué desea limpiar? Le contactaremos. Si urge,"
        " escriba URGENTE. Texto automatico, STOP para salir.",
        "after_hours_es": "{business}: estamos cerrados y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "holiday_es": "{business}: hoy no abrimos y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "storm_es": "{business}: por la tormenta perdimos su llamada. ¿Qué necesita? Le contactaremos. Si urge,"
        " escriba URGENTE. Texto automatico, STOP para salir.",
    },
    "garage_door": {
        "open": "{business}: sorry we missed your call. What's up with your garage door? We'll follow up."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "after_hours": "{business}: we're closed and missed your call. What's going on? We'll follow up when open."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "holiday": "{business}: we're closed today and missed your call. What's going on? We'll reply when open."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "storm": "{business}: storm day, we missed your call. What happened? We'll follow up. Emergency: text"
        " URGENT. Danger: call 911. Auto-text, STOP to end.",
        "open_es": "{business}: perdimos su llamada. ¿Qué pasa con su puerta? Le contactaremos. Emergencia:"
        " escriba URGENTE. Texto automatico, STOP para salir.",
        "after_hours_es": "{business}: estamos cerrados y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "holiday_es": "{business}: hoy no abrimos y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "storm_es": "{business}: por la tormenta perdimos su llamada. ¿Qué pasa? Responderemos. Si urge, escriba"
        " URGENTE. Peligro: 911. Texto automatico, STOP para salir.",
    },
    "locksmith": {
        "open": "{business}: sorry we missed your call. Locked out, or something else? We'll get back to you."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "after_hours": "{business}: we're closed and missed your call. What do you need? We'll follow up when open."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "holiday": "{business}: we're closed today and missed your call. What do you need? We'll reply when"
        " open. Emergency: text URGENT. Auto-text, STOP to end.",
        "storm": "{business}: storm day, we missed your call. What happened? We'll follow up. Emergency: text"
        " URGENT. Danger: call 911. Auto-text, STOP to end.",
        "open_es": "{business}: perdimos su llamada. ¿En qué le ayudamos? Le contactaremos. Emergencia: escriba"
        " URGENTE. Texto automatico, STOP para salir.",
        "after_hours_es": "{business}: estamos cerrados y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "holiday_es": "{business}: hoy no abrimos y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "storm_es": "{business}: por la tormenta perdimos su llamada. ¿Qué pasa? Responderemos. Si urge, escriba"
        " URGENTE. Peligro: 911. Texto automatico, STOP para salir.",
    },
    "general": {
        "open": "{business}: sorry we missed your call. What can we help you with? We'll get back to you."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "after_hours": "{business}: we're closed and missed your call. What do you need? We'll follow up when open."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "holiday": "{business}: we're closed today and missed your call. What do you need? We'll reply when"
        " open. Emergency: text URGENT. Auto-text, STOP to end.",
        "storm": "{business}: storm day, we missed your call. What happened? We'll follow up. Emergency: text"
        " URGENT. Danger: call 911. Auto-text, STOP to end.",
        "open_es": "{business}: perdimos su llamada. ¿En qué le ayudamos? Le contactaremos. Emergencia: escriba"
        " URGENTE. Texto automatico, STOP para salir.",
        "after_hours_es": "{business}: estamos cerrados y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "holiday_es": "{business}: hoy no abrimos y perdimos su llamada. ¿Qué necesita? Respondemos al abrir. Si"
        " urge, escriba URGENTE. Texto automatico, STOP para salir.",
        "storm_es": "{business}: por la tormenta perdimos su llamada. ¿Qué pasa? Responderemos. Si urge, escriba"
        " URGENTE. Peligro: 911. Texto automatico, STOP para salir.",
    },
}

LIBRARY: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {trade: MappingProxyType(texts) for trade, texts in _TEXTS.items()}
)
DEFAULT_TRADE: Final = "general"
DEFAULT_TEXTS: Final[Mapping[str, str]] = LIBRARY[DEFAULT_TRADE]
SHIPPED: Final = frozenset(text for texts in LIBRARY.values() for text in texts.values())

# The same for any trade, for a business whose name does not fit beside the fuller text.
PLAINER_TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "open": "{business}: we missed your call. What do you need? We'll follow up. Emergency: text URGENT."
        " Auto-text, STOP to end.",
        "after_hours": "{business} is closed and missed your call. What do you need? We'll follow up."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "holiday": "{business} is closed today, missed your call. What do you need? We'll follow up."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "storm": "{business}: storm day, we missed your call. What do you need? We'll follow up."
        " Emergency: text URGENT. Auto-text, STOP to end.",
        "open_es": "{business}: perdimos su llamada. ¿Qué necesita? Le contactaremos. Si urge, escriba URGENTE."
        " Autotexto, STOP para salir.",
        "after_hours_es": "{business}: cerrado, perdimos su llamada. ¿Qué necesita? Le contactaremos."
        " Si urge, escriba URGENTE. Autotexto, STOP para salir.",
        "holiday_es": "{business}: hoy cerrado, perdimos su llamada. ¿Qué pasa? Le contactaremos."
        " Si urge, escriba URGENTE. Autotexto, STOP para salir.",
        "storm_es": "{business}: por la tormenta perdimos su llamada. ¿Qué pasa? Responderemos."
        " Si urge, escriba URGENTE. Autotexto, STOP para salir.",
    }
)


def texts_for(trade: str) -> Mapping[str, str]:
    """A trade's openers by template name (`open` ... `storm_es`); those of a general contractor for other trades."""
    return LIBRARY.get(trade, DEFAULT_TEXTS)
