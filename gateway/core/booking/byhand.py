"""Appointments that people make: at one of the business's own windows, or at a time of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from gateway.core.booking.appointments import Opening, Span, Taken
from gateway.core.booking.openings import free_place, openings, windows
from gateway.core.booking.rules import NO_TIME, AppointmentType, BookingRules
from gateway.core.business import Business

ANY_TIME = ""  # the kind of an appointment at a time that no rule has


def opening_at(
    span: Span,
    crew: str,
    who: str,
    kind: AppointmentType | None,
    business: Business,
    now: datetime,
    taken: Iterable[Taken],
) -> tuple[str, Opening] | None:
    """The kind and the opening of an appointment that a person makes at `span`; None where its place is taken.

    Where `span` is a window that the rules have for `kind` it is one of that kind, and goes to `crew`, or to whoever of the
    crews is free. At any other time it takes a place of `crew`, with its way and the time kept free behind it; with no crew, or
    with `who` in words, it takes none. Neither notice nor days off hold a person back: he knows better.
    """
    rules, taken = business.conversation.booking, tuple(taken)
    free = ANY_TIME, Opening(span, "", 1, span, span.begins.astimezone(business.zone).date())
    if who and not crew:
        return free
    if kind is not None and (not crew or crew in kind.crews):
        sent = replace(kind, crews=(crew,) if crew else kind.crews, notice=NO_TIME, per_day=None)
        if any(window == span for window, _ in windows(sent, business, now)):
            fitting = openings(sent, _without_days_off(rules), business, now, taken)
            return next(((kind.name, one) for one in fitting if one.arrival == span), None)
    if not crew:
        return free
    goes = kind if kind is not None and crew in kind.crews else None
    takes = Span(span.begins - goes.travel, span.ends + goes.buffer) if goes is not None else span
    place = free_place(rules.crews[crew], takes, taken)
    return None if place is None else (ANY_TIME, replace(free[1], crew=crew, place=place, takes=takes))


def _without_days_off(rules: BookingRules) -> BookingRules:
    return replace(rules, crews={name: replace(crew, days_off=()) for name, crew in rules.crews.items()})
