"""Events that a fault of this program keeps from being taken in: set aside in sight of people, never lost, never in the way.

The turn that failed is undone. What stands in its place is the least that is certainly true: the event in the journal, a
call with the outcome that nobody knows, a text as it came, a segment whose fate is not known, each with a task for a person.
What the gateway tells itself again and again (which text is next, that it has started) is not set aside: there the fault
stops the service, which is shown and started again.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import assert_never

from gateway import records
from gateway.clock import to_ms
from gateway.core import events
from gateway.core.effects import Changed, Declined, Effect, SetAside
from gateway.core.policy import NoText
from gateway.turns.context import Context

SAY = "a fault in this program kept it from being taken in"


def set_aside(ctx: Context, event: events.Event, fault: Exception) -> list[Effect]:
    """Put the event where a person sees it. Raises the fault again where somebody has to hear it at once."""
    if isinstance(event, events.PersonEvent | events.DeskEvent):
        _journal(ctx, event, fault)
        return [Declined(f"this could not be done: {SAY}"), SetAside(type(event).__name__, _words(fault))]
    match event:
        case events.TextClaimed() | events.RingClaimed() | events.BoxStarted():
            raise fault
        case events.CallEnded():
            _call(ctx, event)
        case events.CallNoted():
            _call(ctx, event.end())
        case events.SegmentReceived():
            _letter(ctx, event)
        case events.SegmentSettled():
            _segment(ctx, event)
        case events.RingSettled():
            records.set_ring(ctx.db, event.alert_id, "failed", SAY)  # it must not stand in the way of the next ring
        case (
            events.CallRang()
            | events.CallTaken()
            | events.OfficeRings()
            | events.OfficeCalled()
            | events.ReportReceived()
            | events.RecordsMended()
            | events.SettingsTaken()
            | events.PartBroke()
            | events.PartMended()
            | events.ClockJumped()
            | events.ClockJudged()
            | events.SystemClockSet()
            | events.CalendarRead()
            | events.CalendarFailed()
            | events.MissedListRead()
        ):
            pass
        case _:
            assert_never(event)
    _journal(ctx, event, fault)
    return [Changed("tasks"), SetAside(type(event).__name__, _words(fault))]


def _call(ctx: Context, event: events.CallEnded) -> None:
    """The call gets the outcome that nobody knows, and somebody rings back."""
    caller = _shown(event.caller or "")
    values = {
        "source": event.source.value,
        "key": _shown(event.key),
        "caller": caller,
        "at": to_ms(ctx.now),
        "no_text": NoText.UNKNOWN_OUTCOME.value,
        "say": f"{SAY}, on the call-back list",
    }
    row = ctx.db.execute(
        "INSERT INTO calls (source, key, state, caller, caller_name, line, started_at, ended_at, known_at, reason, no_text,"
        " say, notified) VALUES (:source, :key, 'not_texted', :caller, '', '', :at, :at, :at, 'unknown', :no_text, :say, 0)"
        " ON CONFLICT DO UPDATE SET state = 'not_texted', ended_at = coalesce(ended_at, :at), no_text = :no_text, say = :say"
        " WHERE state = 'ringing' RETURNING id",
        values,
    ).fetchone()
    if row is not None:
        records.open_task(ctx.db, "call_back", caller or "withheld number", SAY, ctx.now, call_id=row["id"])


def _letter(ctx: Context, event: events.SegmentReceived) -> None:
    """The text is kept and shown as it came; what it asks for a person has to see."""
    peer, body = _shown(event.sender), _shown(event.body, 100_000)
    added = ctx.db.execute(
        "INSERT INTO inbound (identity, peer, kind, body, raw, received_at) VALUES (?, ?, ?, ?, '', ?)"
        " ON CONFLICT DO NOTHING",
        (_shown(event.identity), peer, _shown(event.kind), body, to_ms(ctx.now)),
    )
    if added.rowcount == 0:
        return
    letter = ctx.db.execute(
        "INSERT INTO letters (peer, body, kind, complete, at) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (peer, body, _shown(event.kind), int(event.total in (None, 1)), to_ms(ctx.now)),
    ).fetchone()
    ctx.db.execute("UPDATE inbound SET letter_id = ? WHERE identity = ?", (letter["id"], _shown(event.identity)))
    records.open_task(ctx.db, "wrote", peer, f"a text came in; {SAY}: look whether it asks for silence", ctx.now)


def _segment(ctx: Context, event: events.SegmentSettled) -> None:
    """What the modem said is not written down: the text is one of which nobody knows whether it went out."""
    row = ctx.db.execute(
        "UPDATE texts SET state = 'unconfirmed', say = ? WHERE id = ? AND state = 'submitting' RETURNING peer, call_id",
        (SAY, event.text_id),
    ).fetchone()
    if row is None:
        return
    ctx.db.execute(
        "UPDATE segments SET state = 'unconfirmed', evidence = ? WHERE text_id = ? AND state = 'submitting'",
        (SAY, event.text_id),
    )
    ctx.db.execute(
        "UPDATE calls SET state = 'unsure', say = 'not sure whether it was texted' WHERE id = ? AND state IN ('waiting', 'held')",
        (row["call_id"],),
    )
    records.set_peer(ctx.db, row["peer"], "opened_at", ctx.now)
    records.open_task(ctx.db, "unsure_text", row["peer"], SAY, ctx.now, call_id=row["call_id"], text_id=event.text_id)


def _journal(ctx: Context, event: events.Event, fault: Exception) -> None:
    """The event as it came, for whoever repairs the fault."""
    fields = {**asdict(event), "fault": _words(fault)}
    body = json.dumps(fields, default=str, ensure_ascii=True, separators=(",", ":"))
    ctx.db.execute(
        "INSERT INTO journal (at, kind, body) VALUES (?, ?, ?)", (to_ms(ctx.now), f"aside:{type(event).__name__}", body)
    )
    records.note(ctx.db, ctx.now, "box:fault", f"{type(event).__name__} was set aside: {_words(fault)}")


def _words(fault: Exception) -> str:
    return _shown(f"{type(fault).__name__}: {fault}")


def _shown(words: str, longest: int = 200) -> str:
    """What can be stored and shown of words that may be the fault themselves."""
    return words[:longest].encode("utf-8", "replace").decode()
