"""Notices to the owner about calls: which ones go out, and that nobody's telephone is flooded."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from gateway import records
from gateway.clock import to_ms
from gateway.core import wording
from gateway.core.consequences import Alert
from gateway.core.numbers import spoken
from gateway.core.outbound import PRIORITY, Purpose
from gateway.core.policy import CallFacts, cap_reached
from gateway.turns.context import Context

NOTICES_OF_ONE = 12  # in an hour, of one caller: GoAlert allows 11 to one telephone, which must stay usable
NOTICES_PER_HOUR = 60  # of all callers: another person on the on-call line is told of even when many were before
OWNER_NOTICE_LIFE_S = 4 * 3600.0  # an alert about a call that the owner gets next morning helps nobody


def tell_owner(ctx: Context, call_id: int, call: CallFacts, what: Alert) -> None:
    """Queue the alert for the owner and note on the call that it was told."""
    if (enough := _told_enough(ctx, call.number.e164)) is not None:
        records.note(ctx.db, ctx.now, f"call:{call_id}", f"the owner is not told: {enough}")
        return
    ctx.db.execute("UPDATE calls SET notified = 1 WHERE id = ?", (call_id,))
    if what.why == "repeat" and call.number.e164 is not None:
        records.set_peer(ctx.db, call.number.e164, "repeat_told_at", call.at)
    if ctx.business.owner is None:
        records.note(ctx.db, ctx.now, f"call:{call_id}", f"no owner's phone to tell of: {what.why}")
        return
    if what.why == "rate_limit" and _told_of_cap(ctx.db, ctx.business.owner, ctx.now):
        return
    limit, span = cap_reached(ctx.business, records.traffic(ctx.db, ctx.now)) or (ctx.business.policy.per_hour, "hour")
    body = wording.fixed_text(
        ctx.business,
        f"owner_{what.why}" if call.number.e164 or what.why != "always_notify" else "owner_withheld",
        caller=spoken(call.number.e164),
        line=call.line.name if call.line else "an unknown line",
        time=f"{call.at.astimezone(ctx.business.zone):%a %-I:%M %p}",
        calls=str(ctx.business.policy.repeat_calls),
        minutes=str(round(ctx.business.policy.repeat_within_s / 60)),
        limit=str(limit),
        span=span,
    )
    add(ctx, f"call:{call_id}:notice:{what.why}", body, what.why, call_id)


def _told_enough(ctx: Context, peer: str | None) -> str | None:
    """Why the owner's phone is left in peace about this caller, or None."""
    row = ctx.db.execute(
        "SELECT count(*) AS told, count(*) FILTER (WHERE c.peer IS :peer) AS of_one FROM texts t JOIN calls c ON c.id = t.call_id"
        " WHERE t.purpose = 'owner_notice' AND t.peer = :owner AND t.created_at > :since",
        {"peer": peer, "owner": ctx.business.owner, "since": to_ms(ctx.now - timedelta(hours=1))},
    ).fetchone()
    if row["of_one"] >= NOTICES_OF_ONE:
        return f"{row['of_one']} notices of this caller within the hour"
    return f"{row['told']} notices within the hour" if row["told"] >= NOTICES_PER_HOUR else None


def add(ctx: Context, key: str, body: str, name: str, call_id: int | None = None) -> None:
    """Queue a notice for the owner, where there is one and he wants any."""
    if ctx.business.owner is None:
        return
    if records.wants_no_notices(ctx.db, ctx.business.owner):
        records.note(ctx.db, ctx.now, "box:notice", f"not told, the owner wants no notices: {name}")
        return
    records.add_text(
        ctx.db,
        key=key,
        purpose=Purpose.OWNER_NOTICE,
        to=ctx.business.owner,
        body=body,
        template=name,
        call_id=call_id,
        priority=PRIORITY[Purpose.OWNER_NOTICE],
        due=ctx.now,
        expires=ctx.now + timedelta(seconds=OWNER_NOTICE_LIFE_S),
        now=ctx.now,
    )


def _told_of_cap(db: sqlite3.Connection, owner: str, now: datetime) -> bool:
    """One notice an hour about the cap is enough; every call still shows it."""
    row = db.execute(
        "SELECT 1 FROM texts WHERE peer = ? AND purpose = 'owner_notice' AND template = 'rate_limit' AND created_at > ?",
        (owner, to_ms(now - timedelta(hours=1))),
    ).fetchone()
    return row is not None
