"""Turns of a modem or phone system that is out of order for long, and of its end.

A switch keeps what was told, so that its end is told as well, whatever restarts in between; a trouble of which the telephone has
not been told yet when it ends (the modem itself was out of order) is told together with its end.
"""

from __future__ import annotations

from gateway import records
from gateway.clock import to_ms
from gateway.core.effects import Changed, Effect
from gateway.core.events import PartBroke, PartMended
from gateway.core.notify import How, Kind
from gateway.turns import notices
from gateway.turns.context import Context

_OUT_OF_ORDER = {"en": "out of order since", "es": "sin servicio desde"}
LONGEST_SAY = 70  # characters of the sentence that the switch keeps, for the end


def broke(ctx: Context, event: PartBroke) -> list[Effect]:
    """Tell of it once, however often the part fails before it works again."""
    records.outage_begins(ctx.db, event.part, event.since)
    if records.switch(ctx.db, _switch(event.part)):
        return []
    say = event.say.partition(". ")[0]
    records.set_switch(ctx.db, _switch(event.part), say[:LONGEST_SAY], event.since)
    records.note(ctx.db, ctx.now, f"box:{event.part}", f"out of order: {say}")

    def words(language: str) -> str:
        clock = notices.clock(ctx, event.since, language)
        return notices.in_one_segment(ctx, "owner_phone_trouble", say, language, time=clock)

    notices.tell(ctx, Kind.PHONE_TROUBLE, _key(event.part, to_ms(event.since)), words, "phone_trouble")
    return []


def mended(ctx: Context, event: PartMended) -> list[Effect]:
    """Tell of the end of what was told, or would have been."""
    records.outage_ends(ctx.db, event.part, ctx.now)
    say = records.switch(ctx.db, _switch(event.part))
    if not say:
        return []
    began = records.switched_at(ctx.db, _switch(event.part))
    records.set_switch(ctx.db, _switch(event.part), "", ctx.now)
    records.note(ctx.db, ctx.now, f"box:{event.part}", "works again")
    key = _key(event.part, to_ms(began))
    records.cancel_notice(ctx.db, key, "it is over")

    def words(language: str) -> str:
        since = f"{_OUT_OF_ORDER[language]} {notices.clock(ctx, began, language)}: {say}"
        now = notices.clock(ctx, ctx.now, language)
        return notices.in_one_segment(ctx, "owner_phone_back", since, language, time=now)

    if ctx.business.notifications.way(Kind.PHONE_TROUBLE) is How.INSTANT:  # the digest counts it once
        notices.tell(ctx, Kind.PHONE_TROUBLE, f"{key}:over", words, "phone_back")
    return [Changed("switches")]


def _switch(part: str) -> str:
    return f"trouble:{part}"


def _key(part: str, since_ms: int) -> str:
    return f"trouble:{part}:{since_ms}"
