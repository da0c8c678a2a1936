"""What the office has to do about an appointment, in its words."""

from __future__ import annotations

from datetime import tzinfo

from gateway.core.booking.appointments import State
from gateway.core.conversation.booking import STAYS, TOLD
from gateway.core.conversation.callwords import dated
from gateway.core.conversation.lead import Lane, Lead, Stage


def next_step(lead: Lead, zone: tzinfo) -> str | None:
    """The next step; "" when there is none, None when the appointment asks for none and the lead goes on as any other."""
    chosen = lead.appointment
    if chosen is None or lead.lane is Lane.ESCALATE:
        return None
    when = dated(chosen.opening.arrival, zone)
    if lead.lane is Lane.NONE:
        return f"cancel the appointment {when}, or call: {lead.why}" if chosen.stands and not chosen.by_hand else None
    match chosen.state:
        case State.HELD if lead.stage is Stage.TALKING:
            asked = f" ({lead.question})" if lead.question else ""
            return f"waits for an answer{asked}; {when} is kept for them meanwhile"
        case State.REQUESTED:
            return f"confirm the appointment or offer another: {when}"
        case State.CONFIRMED if not lead.said & TOLD:
            return f"tell them of their appointment, our text has not left: {when}"
        case State.CONFIRMED if STAYS in lead.said:
            return f"they have written about their appointment: look; {when}"
        case State.CONFIRMED if lead.stage is Stage.COMPLETE and lead.lane is Lane.BOOK:
            return ""
        case State.CANCELLED if lead.stage is Stage.COMPLETE:
            return f"the appointment {when} is cancelled: agree on another, or close the lead"
        case _:
            return None
