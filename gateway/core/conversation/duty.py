"""The next step of a lead: what it is, who has to do it, and by when."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway.core.business import Business
from gateway.core.conversation.lead import Alert, Lane, Lead, Stage, Urgency
from gateway.core.conversation.limits import STEP, waits_for_a_person
from gateway.core.conversation.other_number import to_call
from gateway.core.hours import after_open_time, first_opening_after, in_quiet_hours, is_open, quiet_release

EARLIEST = 8  # o'clock: the first hour at which all states allow what is not asked for
NIGHT = timedelta(hours=8)  # what is asked in the evening is followed up next morning, not at seven the same day


def next_step(lead: Lead) -> str:
    """What has to happen now, in the office's words, with the number to call where it is another; "" when nothing has to."""
    step, other = _step(lead), to_call(lead.facts)
    return f"{step}; call {other}" if step and other else step


def _step(lead: Lead) -> str:
    if waits_for_a_person(lead):
        return STEP
    match lead.lane:
        case Lane.ESCALATE if lead.taken_by:
            return f"emergency: {lead.taken_by} has it"
        case Lane.ESCALATE if lead.nobody:
            return "emergency: call now (everybody was texted, and NOBODY has confirmed)"
        case Lane.ESCALATE:
            told = {
                Alert.TOLD: "the owner has been texted",
                Alert.UNSURE: "not sure whether the owner was texted",
                Alert.FAILED: "the owner could not be texted",
            }
            return f"emergency: call now ({told.get(lead.alert, 'the owner is being texted')})"
        case Lane.NONE:
            return ""
        case None:
            return "waits for the caller's answer to our first text"
        case Lane.BOOK:
            return f"confirm the appointment: {lead.facts.timeline}"
        case _ if lead.stage is Stage.TALKING and lead.question is not None:
            return f"waits for an answer ({lead.question}); {lead.why}"
        case _ if lead.stage is Stage.SILENT:
            return f"stopped answering: call; {lead.why}"
        case _:
            return f"answer: {lead.why}"


def owner_of(lead: Lead) -> str:
    """Who has to do it: the owner in an emergency, the office otherwise, nobody where nothing has to be done."""
    match lead.lane:
        case Lane.ESCALATE:
            return lead.taken_by or "owner"
        case Lane.NONE:
            return ""
        case _:
            return "office"


def due_by(lead: Lead, business: Business, wrote_at: datetime) -> datetime | None:
    """By when the next step is due; None where nothing has to be done, or the office never opens.

    The time runs in opening hours only, an emergency's at once. What came in while nobody was there is due soon after the
    opening; what a person has answered is looked at again when no answer comes.
    """
    if lead.lane in (Lane.NONE, None):
        return None
    if lead.lane is Lane.ESCALATE:
        return wrote_at
    answered, rules = lead.desk.heard_back_at, business.desk
    if answered is not None and answered >= wrote_at:
        return after_open_time(business, answered, rules.look_again)
    return after_open_time(business, wrote_at, _target(lead, business, wrote_at))


def _target(lead: Lead, business: Business, wrote_at: datetime) -> timedelta:
    rules = business.desk
    span = rules.booking if lead.lane is Lane.BOOK else rules.message
    span = min(span, rules.urgent) if lead.urgency is Urgency.URGENT else span
    return span if is_open(business, wrote_at) else min(span, rules.after_hours)


def may_follow_up(business: Business, at: datetime) -> bool:
    """Whether somebody may be reminded at this moment: in opening hours, from eight on, not in quiet hours."""
    local = at.astimezone(business.zone)
    return is_open(business, at) and local.hour >= EARLIEST and not in_quiet_hours(business.policy, local)


def follow_up_time(business: Business, asked_at: datetime) -> datetime | None:
    """The next business morning, at opening, never before eight or in quiet hours; None when the office never opens."""
    opening = first_opening_after(business, asked_at + NIGHT)
    if opening is None:
        return None
    local = opening.astimezone(business.zone)
    eight = local.replace(hour=EARLIEST, minute=0, second=0, microsecond=0).astimezone(opening.tzinfo)
    return quiet_release(business, max(opening, eight))
