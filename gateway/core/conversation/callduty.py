"""Who has to do the next step of a lead and by when, where a call has been offered or promised.

A promised call is withdrawn by no machine: whatever the caller writes, it stands in the task until a person has made it or
settled the matter. Only an emergency goes before it.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from gateway.core.business import Business
from gateway.core.conversation import duty
from gateway.core.conversation.callwords import dated
from gateway.core.conversation.lead import Lane, Lead, Stage, Urgency
from gateway.core.conversation.other_number import to_call


def next_step(lead: Lead, zone: tzinfo) -> str:
    """What has to happen now, in the office's words; "" when nothing has to."""
    if lead.lane is Lane.ESCALATE:
        return duty.next_step(lead)
    if lead.call is not None and lead.call_kept:
        return f"answer: {lead.why}; the promised call was made" if lead.lane is not Lane.NONE else ""
    if lead.call is not None:
        since = f"they have written since: {lead.why}" if lead.lane is Lane.NONE else lead.why
        why = "wants no more texts" if lead.stage is Stage.OPTED_OUT else since
        step, other = f"call {dated(lead.call, zone)}, as promised ({lead.call.who}); {why}", to_call(lead.facts)
        return f"{step}; call {other}" if other else step
    if lead.offered and lead.stage is Stage.TALKING:
        step, other = f"waits for an answer (time for a call); {lead.why}", to_call(lead.facts)
        return f"{step}; call {other}" if other else step
    return duty.next_step(lead)


def owner_of(lead: Lead) -> str:
    """Who has to do it: the person of the rota who was promised, else as without a call."""
    return lead.call.who if is_promised(lead) and lead.call is not None else duty.owner_of(lead)


def due_by(lead: Lead, business: Business, wrote_at: datetime) -> datetime | None:
    """By when it is due: a promised call by the end of its window; once it was made nothing is late any more.

    What has become urgent since does not wait for the window.
    """
    if is_promised(lead) and lead.call is not None:
        sooner = duty.due_by(lead, business, wrote_at) if lead.urgency is Urgency.URGENT else None
        return min(lead.call.ends, sooner or lead.call.ends)
    if lead.call is not None and lead.call_kept and lead.lane is not Lane.ESCALATE:
        return None
    return duty.due_by(lead, business, wrote_at)


def is_promised(lead: Lead) -> bool:
    """A call is promised, not made yet, and no emergency goes before it."""
    return lead.call is not None and not lead.call_kept and lead.lane is not Lane.ESCALATE
