"""An emergency that the caller flags with the word that our openers give him: told by that word alone, without any reader."""

from __future__ import annotations

import re
from datetime import timedelta

from gateway import records
from gateway.core import wording
from gateway.core.effects import Effect
from gateway.core.escalation.ladder import Kind
from gateway.turns import ladder
from gateway.turns.context import Context

ALERTS_OF_ONE, ALERTS_WITHIN = 3, timedelta(minutes=15)  # our people's telephones must stay usable in an emergency


def flags_emergency(body: str) -> bool:
    """The caller uses the word by which our openers let an emergency be flagged."""
    words = set(re.findall(r"[a-z]+", body.casefold()))
    return not words.isdisjoint(word.casefold() for word in wording.EMERGENCY_WORDS.values())


def alert_our_people(ctx: Context, letter_id: int, peer: str, body: str) -> list[Effect]:
    """Our people get the caller's own words at once, in one segment; the page shows what goes beyond a few."""
    records.note(ctx.db, ctx.now, f"peer:{peer}", f"text {letter_id} flags an emergency")
    known = records.flagged_by(ctx.db, peer)
    if known is not None:
        if known.words != body and records.alerted_since(ctx.db, known.id, ctx.now - ALERTS_WITHIN) < ALERTS_OF_ONE:
            ladder.tell_more(ctx, known, body)
        return []
    return ladder.climb(ctx, ladder.begin(ctx, Kind.FLAGGED, None, peer, body), None)
