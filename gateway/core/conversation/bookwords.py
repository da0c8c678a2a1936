"""How the window of an appointment is said: offered to the caller, and said back to him. Always with its date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from gateway.core.conversation.callwords import WEEKDAYS_ES, Spell, hours
from gateway.core.wallclock import month_day, weekday


def listed(windows: Iterable[Spell], zone: tzinfo, language: str) -> str:
    """ "1 Tue Nov 24 8 AM-12 PM, 2 Wed Nov 25 12-5 PM", as a text offers them."""
    return ", ".join(f"{number} {told(window, zone, language)}" for number, window in enumerate(windows, 1))


def told(window: Spell, zone: tzinfo, language: str) -> str:
    """ "Tue Nov 24 8 AM-12 PM", "martes 24 nov 8 AM-12 PM": "mar" alone is a month as well."""
    day = window.begins.astimezone(zone).date()
    named = WEEKDAYS_ES[day.weekday()] if language == "es" else weekday(day)
    return f"{named} {month_day(day, spanish=language == 'es')} {hours(window, zone)}"


def noted(window: Spell, zone: tzinfo, *, spanish: bool = False) -> str:
    """ "Tue Nov 24 8 AM-12 PM", "mar 24 nov 8 AM-12 PM", as our own people read it."""
    day = window.begins.astimezone(zone).date()
    return f"{weekday(day, spanish=spanish)} {month_day(day, spanish=spanish)} {hours(window, zone)}"


def lasting(seconds: float) -> str:
    """ "30 min", "2 h": the same in both languages."""
    minutes = round(seconds / 60)
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
