"""What the box does, as lines of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from gateway.core.effects import CallNotTexted, Effect, EscalationChanged, LeadChanged, OptOutChanged, TextSent
from gateway.core.outbound import Purpose


def told(effect: Effect, calls: Mapping[int, int], zone: tzinfo) -> dict[str, Any] | None:
    """An effect as a line; None for what is no act of the box towards anybody. `calls`: ids, and their numbers in the input."""
    match effect:
        case TextSent(purpose=Purpose.STAFF):
            return None  # typed by a person: an input, not what the box does
        case TextSent():
            line: dict[str, Any] = {
                "at": iso(effect.at, zone),
                "effect": "text",
                "to": effect.to,
                "body": effect.body,
                "purpose": effect.purpose,
                "template": effect.template,
                "segments": effect.segments,
                "lead": effect.lead_id,
            }
            if effect.purpose == "opener" and effect.call_id is not None:
                line |= {"call": calls[effect.call_id], "notify_owner": effect.notify_owner}
            return line
        case CallNotTexted():
            return {
                "at": iso(effect.at, zone),
                "effect": "no_text",
                "call": calls[effect.call_id],
                "caller": effect.caller,
                "reason": effect.reason,
                "say": effect.say,
                "notify_owner": effect.notify_owner,
            }
        case OptOutChanged():
            return {"at": iso(effect.at, zone), "effect": "opt_out", "peer": effect.peer, "state": effect.state}
        case LeadChanged():
            return {
                "at": iso(effect.at, zone),
                "effect": "lead",
                "lead": effect.lead_id,
                "peer": effect.peer,
                "lane": effect.lane,
                "urgency": effect.urgency,
                "status": effect.status,
                "facts": effect.facts,
                "next_step": effect.next_step,
            }
        case EscalationChanged():
            return {
                "at": iso(effect.at, zone),
                "effect": "escalation",
                "lead": effect.lead_id,
                "state": effect.state,
                "rung": effect.rung,
                "by": effect.by,
            }
        case _:
            return None


def iso(at: datetime, zone: tzinfo) -> str:
    """A moment as people there read it, with its offset."""
    return at.astimezone(zone).isoformat(timespec="seconds")
