"""One event, one transaction: load what the decision needs, decide, save state, outbox and history together."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from gateway import records
from gateway.core.effects import Effect
from gateway.core.events import (
    Acknowledged,
    AlreadyContacted,
    BoxStarted,
    CallEnded,
    CallRang,
    CallTaken,
    ClockJumped,
    ContactSet,
    DrillAsked,
    Event,
    HandedBack,
    OfficeCalled,
    OfficeRings,
    OfficeTexted,
    PartBroke,
    PartMended,
    RecordsMended,
    ReportReceived,
    RingClaimed,
    RingSettled,
    SegmentReceived,
    SegmentSettled,
    Switched,
    TakenOver,
    TaskClosed,
    TextClaimed,
    TrialTextAsked,
    UnsureDecided,
)
from gateway.turns import (
    aside,
    calls,
    clock,
    conversation,
    digest,
    escalation,
    inbound,
    notices,
    office,
    outbox,
    remote,
    reports,
    ringback,
    rings,
    switches,
    troubles,
    unsure,
    verdicts,
)
from gateway.turns.context import Context

__all__ = ["Context", "take_turn"]


def take_turn(ctx: Context, event: Event) -> list[Effect]:
    """Apply one event inside the open transaction of `ctx` and say what it brought about.

    A fault of this program undoes the turn and sets the event aside (see `gateway.turns.aside`): it is offered only once.
    """
    if isinstance(event, SegmentReceived):
        event = remote.concealed(ctx.business, event)
    try:
        with records.attempt(ctx.db):
            return _take(ctx, event)
    except records.FAULTS as fault:
        return aside.set_aside(ctx, event, fault)


def _take(ctx: Context, event: Event) -> list[Effect]:
    own = TextClaimed | RingClaimed | SegmentSettled | CallRang | OfficeRings | BoxStarted | PartMended
    if not isinstance(event, own):
        _journal(ctx, event)
    match event:
        case CallRang():
            return calls.rang(ctx, event)
        case CallTaken():
            return calls.taken(ctx, event)
        case CallEnded():
            return calls.ended(ctx, event)
        case OfficeRings():
            return ringback.rings(ctx, event)
        case OfficeCalled():
            return ringback.called(ctx, event)
        case SegmentReceived():
            return inbound.received(ctx, event)
        case ReportReceived():
            return reports.reported(ctx, event)
        case OfficeTexted():
            return office.texted(ctx, event)
        case TakenOver():
            return conversation.taken_over(ctx, event)
        case HandedBack():
            return conversation.handed_back(ctx, event)
        case AlreadyContacted():
            return office.contacted(ctx, event)
        case ContactSet():
            return office.contact_set(ctx, event)
        case Switched():
            return office.switched(ctx, event)
        case Acknowledged():
            return escalation.acknowledged(ctx, event)
        case DrillAsked():
            return escalation.drill(ctx, event.by)
        case TaskClosed():
            return office.task_closed(ctx, event)
        case UnsureDecided():
            return unsure.unsure_decided(ctx, event)
        case TrialTextAsked():
            return office.trial_text(ctx, event)
        case TextClaimed():
            return [
                *inbound.flush(ctx),
                *switches.due(ctx),
                *conversation.due(ctx),
                *escalation.due(ctx),
                *calls.forgotten(ctx),
                *notices.due(ctx),
                *digest.due(ctx),
                *outbox.claimed(ctx, event),
            ]
        case SegmentSettled():
            return verdicts.settled(ctx, event)
        case RingClaimed():
            return rings.claimed(ctx, event)
        case RingSettled():
            return rings.settled(ctx, event)
        case RecordsMended():
            return office.records_mended(ctx, event)
        case PartBroke():
            return troubles.broke(ctx, event)
        case PartMended():
            return troubles.mended(ctx, event)
        case BoxStarted():
            office.tell_of_damage(ctx)
            digest.started(ctx)
            rings.started(ctx)
            return verdicts.started(ctx, event)
        case ClockJumped():
            return clock.clock_jumped(ctx, event)
        case _:
            assert_never(event)


def _journal(ctx: Context, event: Event) -> None:
    """Keep the input as it came. What the gateway tells itself (claims, verdicts) is not input."""
    fields = {k: v for k, v in asdict(event).items() if v is not None and v != ""}
    body = json.dumps(fields, default=_plain, ensure_ascii=False, separators=(",", ":"))
    records.add_input(ctx.db, type(event).__name__, body, ctx.now)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else str(value)
