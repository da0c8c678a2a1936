"""When somebody who was not reached is called again. A promised hour stands: it is tried again before it ends."""

from __future__ import annotations

from datetime import datetime

from gateway.core.business import Business
from gateway.core.conversation.callduty import is_promised
from gateway.core.conversation.lead import Lead
from gateway.core.hours import after_open_time


def next_try(lead: Lead, business: Business, now: datetime) -> datetime | None:
    """When the caller of a lead is tried again; None: as before."""
    again = after_open_time(business, now, business.desk.call_again)
    if is_promised(lead) and lead.call is not None and now < lead.call.ends:
        if now < lead.call.begins:
            return None
        return min(again or lead.call.ends, lead.call.ends)
    return again


def breaks_promise(lead: Lead, now: datetime, until: datetime) -> bool:
    """Whether putting a lead off until then would break an hour that is promised and not over."""
    return is_promised(lead) and lead.call is not None and now < lead.call.ends < until
