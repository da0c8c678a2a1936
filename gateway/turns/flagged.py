"""An emergency that the caller flags with the word that our openers give him: told by that word alone, without any reader."""

from __future__ import annotations

import re
from datetime import timedelta

from gateway import records
from gateway.core import wording
from gateway.core.conversation.alarm import flagged_text
from gateway.core.outbound import PRIORITY, Purpose
from gateway.turns.context import Context
from gateway.turns.escalation import ALERT_LIFE

ALERTS_OF_ONE, ALERTS_WITHIN = 3, timedelta(minutes=15)  # the owner's telephone must stay usable in an emergency


def flags_emergency(body: str) -> bool:
    """The caller uses the word by which our openers let an emergency be flagged."""
    words = set(re.findall(r"[a-z]+", body.casefold()))
    return not words.isdisjoint(word.casefold() for word in wording.EMERGENCY_WORDS.values())


def alert_owner(ctx: Context, letter_id: int, peer: str, body: str) -> None:
    """The owner gets the caller's own words at once, in one segment; the page shows what goes beyond a few."""
    records.note(ctx.db, ctx.now, f"peer:{peer}", f"text {letter_id} flags an emergency")
    if ctx.business.owner is None:
        return
    told = records.alerts_about(ctx.db, peer, ctx.now - ALERTS_WITHIN)
    if told >= ALERTS_OF_ONE:
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"the owner was told {told} times within a quarter of an hour")
        return
    records.add_text(
        ctx.db,
        key=f"letter:{letter_id}:alert",
        purpose=Purpose.ESCALATION,
        to=ctx.business.owner,
        body=flagged_text(peer, body),
        template="urgent",
        priority=PRIORITY[Purpose.ESCALATION],
        due=ctx.now,
        expires=ctx.now + ALERT_LIFE,
        now=ctx.now,
    )
