"""What our own people are told of appointments: what callers have done to them by text, and what stands on the day.

One change is told once, in the transaction that makes it; a notice of a former one that has not left (it is night) is past then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gateway import records
from gateway.core.booking.appointments import Appointment, State
from gateway.core.conversation.alarm import place_of
from gateway.core.conversation.bookwords import noted
from gateway.core.conversation.lead import Lead, Stage
from gateway.core.digest import Visit
from gateway.core.notify import How, Kind
from gateway.core.numbers import spoken
from gateway.queries.calendar import entries
from gateway.records import LeadRecord, TextRecord
from gateway.turns import notices
from gateway.turns.context import Context

_STANDS = (State.REQUESTED, State.CONFIRMED)  # what is only held while the box asks is nobody's yet
_PAST = "the appointment has changed since"


@dataclass(frozen=True, slots=True)
class _Change:
    kind: Kind
    words: str  # the name of its text
    before: Appointment | None = None  # with words that speak of it


def of_change(ctx: Context, record: LeadRecord, lead: Lead, key: str) -> None:
    """Tell of what a caller has changed about his appointment; `record` is the lead before, `key` names what he wrote."""
    change = None if lead.appointment is None else _change(ctx, record.lead.appointment, lead.appointment)
    if change is None or lead.appointment is None:
        return
    zone, chosen, before = ctx.business.zone, lead.appointment.opening.arrival, change.before

    def words(language: str) -> str:
        spanish, code = language == "es", str(records.code_of_lead(ctx.db, record.id, ctx.now))
        facts = {"visit": noted(chosen, zone, spanish=spanish), "code": code, "caller": spoken(record.peer)}
        if before is not None:
            facts["before"] = noted(before.opening.arrival, zone, spanish=spanish)
        return notices.in_one_segment(ctx, change.words, _whose(ctx, lead, language), language, **facts)

    name = f"{_keys(record.id)}{key}"
    notices.tell(
        ctx, change.kind, name, words, change.kind.value, peer=record.peer, lead_id=record.id, of=f"lead:{record.id}"
    )


def untold(ctx: Context, record: LeadRecord, text: TextRecord, why: str) -> None:
    """A text that says what a person has decided did not leave: whoever believes that the caller knows is told at once."""
    one, rules = record.lead.appointment, ctx.business.notifications
    if one is None or rules.how.get(Kind.TEXT_TROUBLE) is How.OFF:
        return

    def words(language: str) -> str:
        facts = {
            "visit": noted(one.opening.arrival, ctx.business.zone, spanish=language == "es"),
            "code": str(records.code_of_lead(ctx.db, record.id, ctx.now)),
            "caller": spoken(record.peer),
        }
        return notices.in_one_segment(ctx, "owner_visit_untold", why, language, **facts)

    key, of = f"text:{text.id}:untold", f"lead:{record.id}"
    kind, to = Kind.TEXT_TROUBLE, rules.who
    notices.tell(ctx, kind, key, words, "text_failed", peer=record.peer, lead_id=record.id, of=of, to=to)


def changed(ctx: Context, lead_id: int) -> None:
    """An appointment has changed, whoever did it: what was to be told of it as it stood is not told any more."""
    records.cancel_notice(ctx.db, _keys(lead_id).removesuffix(":"), _PAST)


def tells_of(ctx: Context, lead_id: int, lead: Lead) -> bool:
    """Whether our people are told of the lead's appointment, and need no word of the lead beside."""
    one = lead.appointment
    if one is None or lead.stage is not Stage.COMPLETE:
        return False
    if one.state is State.CANCELLED:
        return records.noticed_of(ctx.db, _keys(lead_id))
    return one.state is State.REQUESTED and ctx.business.notifications.way(Kind.APPOINTMENT_REQUESTED) is not How.OFF


def of_the_day(ctx: Context) -> tuple[Visit, ...]:
    """The appointments of today that are not over; where there are none, those of tomorrow."""
    today = ctx.now.astimezone(ctx.business.zone).date()
    for day in (today, today + timedelta(days=1)):
        found = [each for each in entries(ctx.db, ctx.business, day, 1) if each.ends > ctx.now]
        if found:
            return tuple(
                Visit(
                    each.begins,
                    each.ends,
                    each.name,
                    records.code_of_lead(ctx.db, each.lead_id, ctx.now),
                    each.state == State.REQUESTED,
                )
                for each in found
                if each.state != State.HELD
            )
    return ()


def _change(ctx: Context, before: Appointment | None, after: Appointment) -> _Change | None:
    """What has happened to an appointment; None for nothing that people are told of."""
    stood = before if before is not None and before.state in _STANDS else None
    moved = stood is not None and stood.opening.arrival != after.opening.arrival
    if after.state is State.CANCELLED and stood is not None:
        return _Change(
            Kind.APPOINTMENT_SOON if _soon(ctx, stood) else Kind.APPOINTMENT_CHANGED, "owner_visit_cancelled"
        )
    if after.state not in _STANDS or (stood is not None and not moved and stood.state is after.state):
        return None
    if after.state is State.REQUESTED:
        words = "owner_visit_move_requested" if moved else "owner_visit_requested"
        return _Change(Kind.APPOINTMENT_REQUESTED, words, stood if moved else None)
    if _soon(ctx, after) or (stood is not None and moved and _soon(ctx, stood)):
        kind = Kind.APPOINTMENT_SOON
    else:
        kind = Kind.APPOINTMENT_CHANGED if moved else Kind.APPOINTMENT_BOOKED
    return _Change(kind, "owner_visit_moved" if moved else "owner_visit_booked", stood if moved else None)


def _soon(ctx: Context, one: Appointment) -> bool:
    """Whether it is today or tomorrow: somebody is about to go there."""
    return one.opening.day <= ctx.now.astimezone(ctx.business.zone).date() + timedelta(days=1)


def _whose(ctx: Context, lead: Lead, language: str) -> str:
    """Who, where and what, as far as it is known."""
    service = ctx.business.conversation.services.get(lead.facts.service or "")
    what = service.named(language) if service is not None else lead.facts.issue
    return ", ".join(part for part in (lead.facts.name, place_of(lead.facts), what) if part)


def _keys(lead_id: int) -> str:
    return f"lead:{lead_id}:appointment:"
