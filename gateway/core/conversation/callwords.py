"""How the hours of a call are said: offered to the caller, said back to him, and told to the office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from gateway.core.conversation.rota import CallWindow

LEAVES_WITHIN = timedelta(minutes=30)  # an answer that has not left by then does not leave


class Spell(Protocol):
    """Whatever begins and ends: a window for a call, one of an appointment."""

    @property
    def begins(self) -> datetime: ...

    @property
    def ends(self) -> datetime: ...


_SHORT = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mie", "jue", "vie", "sab", "dom"),
}
WEEKDAYS_ES = ("lunes", "martes", "miércoles", "jueves", "viernes", "sabado", "domingo")
_LONG = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": WEEKDAYS_ES,
}
_NEAR = {"en": ("today", "tomorrow"), "es": ("hoy", "mañana")}


def listed(windows: Iterable[CallWindow], now: datetime, zone: tzinfo, language: str) -> str:
    """ "1 today 4-5 PM, 2 tomorrow 8-9 AM", as a text offers them."""
    days = ((w, _near(w, now, zone, language) or _SHORT[language][_weekday(w, zone)]) for w in windows)
    return ", ".join(f"{number} {day} {hours(window, zone)}" for number, (window, day) in enumerate(days, 1))


def told(window: CallWindow, now: datetime, zone: tzinfo, language: str) -> str:
    """ "between 4 and 5 PM today", as a text says it back."""
    begins, ends = window.begins.astimezone(zone), window.ends.astimezone(zone)
    one = _clock(begins, half=_half(begins) != _half(ends))
    near, day = _near(window, now, zone, language), _LONG[language][begins.weekday()]
    if language == "es":
        when = f"de {near}" if near else f"del {day}"
        return f"entre {_article(begins)} {one} y {_article(ends)} {_clock(ends)} {when}"
    return f"between {one} and {_clock(ends)} {near or f'on {day}'}"


def dated(window: Spell, zone: tzinfo) -> str:
    """ "Tue Mar 3, 4-5 PM", as the office reads it on any day."""
    return f"{window.begins.astimezone(zone):%a %b %-d}, {hours(window, zone)}"


def _near(window: CallWindow, now: datetime, zone: tzinfo, language: str) -> str | None:
    """ "today" or "tomorrow"; None for later days, and where midnight may come before the text leaves."""
    here = now.astimezone(zone).date()
    away = (window.begins.astimezone(zone).date() - here).days
    lasts = (now + LEAVES_WITHIN).astimezone(zone).date() == here
    return _NEAR[language][away] if lasts and 0 <= away < 2 else None


def _weekday(window: CallWindow, zone: tzinfo) -> int:
    return window.begins.astimezone(zone).weekday()


def hours(window: Spell, zone: tzinfo) -> str:
    """ "8 AM-12 PM", "12-5 PM" """
    begins, ends = window.begins.astimezone(zone), window.ends.astimezone(zone)
    return f"{_clock(begins, half=_half(begins) != _half(ends))}-{_clock(ends)}"


def _clock(at: datetime, *, half: bool = True) -> str:
    hour = f"{at.hour % 12 or 12}" + (f":{at.minute:02}" if at.minute else "")
    return f"{hour} {_half(at)}" if half else hour


def _half(at: datetime) -> str:
    return "AM" if at.hour < 12 else "PM"


def _article(at: datetime) -> str:
    return "la" if at.hour % 12 == 1 else "las"
