"""Who has to do the next step of a lead and by when, where a call has been offered or promised.

A promised call is withdrawn by no machine: whatever the caller writes, it stands in the task until a person has made it or
settled the matter. Only an emergency goes before it.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from gateway.core.business import Business
from gateway.core.conversation import bookduty, duty
from gateway.core.conversation.callwords import dated
from gateway.core.conversation.lead import Lane, Lead, OfferOf, Stage, Urgency
from gateway.core.conversation.other_number import to_call


def next_step(lead: Lead, zone: tzinfo) -> str:
    """What has to happen now, in the office's words; "" when nothing has to."""
    step = _step(lead, zone)
    hands = lead.desk.told(zone) if step else ""
    return f"{step}; {hands}" if hands else step


def _step(lead: Lead, zone: tzinfo) -> str:
    if lead.lane is Lane.ESCALATE:
        return duty.next_step(lead)
    if lead.call is not None and lead.call_kept:
        return f"answer: {lead.why}; the promised call was made" if lead.lane is not Lane.NONE else ""
    if lead.call is not None:
        since = f"they have written since: {lead.why}" if lead.lane is Lane.NONE else lead.why
        why = "wants no more texts" if lead.stage is Stage.OPTED_OUT else since
        step, other = f"call {dated(lead.call, zone)}, as promised ({lead.call.who}); {why}", to_call(lead.facts)
        return f"{step}; call {other}" if other else step
    if (booked := bookduty.next_step(lead, zone)) is not None:
        return booked
    if lead.offered and lead.stage is Stage.TALKING:
        time = "time for a call" if lead.offer_of is OfferOf.CALL else "time of a visit"
        step, other = f"waits for an answer ({time}); {lead.why}", to_call(lead.facts)
        return f"{step}; call {other}" if other else step
    return duty.next_step(lead)


def owner_of(lead: Lead) -> str:
    """Who has to do it: who has taken the emergency or the lead; the person of the rota who was promised; else as by rule."""
    awaited = lead.appointment is not None and lead.appointment.stands
    if lead.lane is Lane.NONE and not lead.desk.claimed and not is_promised(lead):
        return "office" if awaited else duty.owner_of(lead)
    if lead.lane is not Lane.ESCALATE and lead.desk.claimed:
        return lead.desk.assignee
    if is_promised(lead) and lead.call is not None:
        return lead.call.who
    if lead.lane is not Lane.ESCALATE and lead.desk.assignee:
        return lead.desk.assignee
    return duty.owner_of(lead)


def due_by(lead: Lead, business: Business, wrote_at: datetime) -> datetime | None:
    """By when it is due: a promised call by the end of its window; once it was made nothing is late any more.

    What has become urgent since does not wait for the window. What a person has put off is due then, but no emergency is.
    """
    off = lead.desk.put_off_until
    if is_promised(lead) and lead.call is not None:
        if off is not None and off > lead.call.ends:
            return off
        sooner = duty.due_by(lead, business, wrote_at) if lead.urgency is Urgency.URGENT and off is None else None
        return min(lead.call.ends, sooner or lead.call.ends, off or lead.call.ends)
    if off is not None and lead.lane not in (Lane.ESCALATE, Lane.NONE):
        return off
    if lead.call is not None and lead.call_kept and lead.lane is not Lane.ESCALATE:
        return None
    return duty.due_by(lead, business, wrote_at)


def is_promised(lead: Lead) -> bool:
    """A call is promised, not made yet, and no emergency goes before it."""
    return lead.call is not None and not lead.call_kept and lead.lane is not Lane.ESCALATE
