"""What a judgement asks of people: whether the owner is told of the call at once, and whether somebody rings back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gateway.core.business import Business
from gateway.core.policy import CallFacts, Judgement, NoText, PeerFacts, Refused


@dataclass(frozen=True, slots=True)
class Alert:
    """Something about a call that the owner is told at once. `why` names the wording."""

    why: str  # "always_notify" | "repeat" | "rate_limit"


def alert(business: Business, call: CallFacts, peer: PeerFacts, judged: Judgement) -> Alert | None:
    """Whether the owner hears of this call now: an on-call line, the third miss in a row, the cap reached."""
    refused = judged.reason if isinstance(judged, Refused) else None
    if refused in (NoText.OWN_NUMBER, NoText.NOT_MISSED, NoText.DUPLICATE) or call.missed is False:
        return None
    if call.line is not None and call.line.always_notify_owner:
        return Alert("always_notify")
    if refused is NoText.RATE_LIMIT:
        return Alert("rate_limit")
    if refused in _NEVER_REPEAT and not (isinstance(judged, Refused) and judged.call_back):
        return None
    policy = business.policy
    since = call.at - timedelta(seconds=policy.repeat_within_s)
    recent = sum(1 for at in peer.missed_at if since <= at <= call.at)
    told = peer.repeat_told_at is not None and peer.repeat_told_at >= since
    if policy.repeat_calls and recent + 1 >= policy.repeat_calls and not told:
        return Alert("repeat")
    return None


# A person who cannot be told apart, or whom the business has chosen not to hear of, is no urgent repeat caller.
_NEVER_REPEAT = frozenset(
    {
        NoText.BLOCKED,
        NoText.WITHHELD,
        NoText.INVALID_NUMBER,
        NoText.VENDOR,
        NoText.AUTORESPONDER,
        NoText.LINE_NOT_ENABLED,
    }
)

# A refused caller somebody should ring back; the others were heard, have a text of ours, or cannot or need not be rung.
CALL_BACK = frozenset(
    {
        NoText.OPTED_OUT,
        NoText.NO_AUTOTEXT,
        NoText.LANDLINE,
        NoText.UNKNOWN_OUTCOME,
        NoText.STALE,
        NoText.HUMAN_TAKEOVER,  # whoever writes with them would not learn that they rang
        NoText.CONVERSATION_OPEN,
        NoText.RATE_LIMIT,
        NoText.PAUSED,
        NoText.CLOCK_UNSURE,
        NoText.MODEM_DOWN,
        NoText.SEND_FAILED,
        NoText.TOLL_FREE,
        NoText.INTERNATIONAL,
    }
)


def wants_call_back(refused: Refused) -> bool:
    """Whether a caller who was refused for good belongs on the call-back list."""
    if refused.reason is NoText.QUIET_HOURS_DEFER:
        return refused.until is None
    return refused.call_back or refused.reason in CALL_BACK
