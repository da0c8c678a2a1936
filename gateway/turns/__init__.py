"""One event, one transaction: load what the decision needs, decide, save state, outbox and history together."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from gateway import records
from gateway.core import events
from gateway.core.effects import Effect
from gateway.turns import (
    aside,
    away,
    booking,
    byhand,
    calendars,
    calls,
    catchup,
    clock,
    contactbook,
    conversation,
    desk,
    digest,
    escalation,
    inbound,
    jotting,
    notices,
    office,
    outbox,
    putting_right,
    remote,
    reports,
    reviewing,
    ringback,
    rings,
    switches,
    testcalls,
    troubles,
    unsure,
    verdicts,
)
from gateway.turns.context import Context

__all__ = ["Context", "take_turn"]


# What the gateway tells itself, and what its end tells again: the journal keeps none of it.
_NO_INPUT = (
    events.TextClaimed
    | events.RingClaimed
    | events.SegmentSettled
    | events.CallRang
    | events.OfficeRings
    | events.BoxStarted
    | events.PartMended
    | events.SetupAnswered
    | events.ClockJudged
    | events.SystemClockSet
    | events.CalendarRead
    | events.CalendarFailed
)


def take_turn(ctx: Context, event: events.Event) -> list[Effect]:
    """Apply one event inside the open transaction of `ctx` and say what it brought about.

    A fault of this program undoes the turn and sets the event aside (see `gateway.turns.aside`): it is offered only once.
    """
    if isinstance(event, events.SegmentReceived):
        event = remote.concealed(ctx.business, event)
    try:
        with records.attempt(ctx.db):
            return _take(ctx, event)
    except records.FAULTS as fault:
        return aside.set_aside(ctx, event, fault)


def _take(ctx: Context, event: events.Event) -> list[Effect]:
    if not isinstance(event, _NO_INPUT):
        _journal(
            ctx, remote.for_the_journal(ctx.business, event) if isinstance(event, events.SegmentReceived) else event
        )
    if isinstance(event, events.DeskEvent):
        return _desk(ctx, event)
    match event:
        case events.CallRang():
            return calls.rang(ctx, event)
        case events.CallTaken():
            return calls.taken(ctx, event)
        case events.CallEnded():
            return calls.ended(ctx, event)
        case events.CallNoted():
            return catchup.noted(ctx, event)
        case events.MissedListRead():
            return catchup.listed(ctx, event)
        case events.OfficeRings():
            return ringback.rings(ctx, event)
        case events.OfficeCalled():
            return ringback.called(ctx, event)
        case events.SegmentReceived():
            return inbound.received(ctx, event)
        case events.ReportReceived():
            return reports.reported(ctx, event)
        case events.OfficeTexted():
            return desk.texted(ctx, event)
        case events.TakenOver():
            return desk.taken_over(ctx, event)
        case events.HandedBack():
            return conversation.handed_back(ctx, event)
        case events.AlreadyContacted():
            return office.contacted(ctx, event)
        case events.ContactSet():
            return office.contact_set(ctx, event)
        case events.ContactPut():
            return contactbook.put(ctx, event)
        case events.ContactsTaken():
            return contactbook.taken(ctx, event)
        case events.Switched():
            return office.switched(ctx, event)
        case events.Acknowledged():
            return desk.acknowledged(ctx, event)
        case events.DrillAsked():
            return escalation.drill(ctx, event.by)
        case events.TaskClosed():
            return office.task_closed(ctx, event)
        case events.UnsureDecided():
            return unsure.unsure_decided(ctx, event)
        case events.TrialTextAsked():
            return office.trial_text(ctx, event)
        case events.TrialCallAsked():
            return testcalls.begin(ctx, event)
        case events.TrialCallEnded():
            return testcalls.end(ctx, event)
        case events.SetupAnswered():
            return office.setup_answered(ctx, event)
        case events.TextClaimed():
            return [
                *inbound.flush(ctx),
                *switches.due(ctx),
                *booking.due(ctx),
                *conversation.due(ctx),
                *escalation.due(ctx),
                *calls.forgotten(ctx),
                *notices.due(ctx),
                *digest.due(ctx),
                *reviewing.due(ctx),
                *outbox.claimed(ctx, event),
            ]
        case events.SegmentSettled():
            return verdicts.settled(ctx, event)
        case events.RingClaimed():
            return rings.claimed(ctx, event)
        case events.RingSettled():
            return rings.settled(ctx, event)
        case events.SettingsTaken():
            return office.settings_taken(ctx, event)
        case events.RecordsMended():
            return office.records_mended(ctx, event)
        case events.PartBroke():
            return troubles.broke(ctx, event)
        case events.PartMended():
            return troubles.mended(ctx, event)
        case events.BoxStarted():
            catchup.started(ctx)
            office.tell_of_damage(ctx)
            digest.started(ctx)
            rings.started(ctx)
            return verdicts.started(ctx, event)
        case events.CalendarRead():
            return calendars.read(ctx, event)
        case events.CalendarFailed():
            return calendars.failed(ctx, event)
        case events.ClockJumped():
            return clock.clock_jumped(ctx, event)
        case events.ClockJudged():
            return clock.clock_judged(ctx, event)
        case events.SystemClockSet():
            return clock.system_clock_set(ctx, event)
        case _:
            assert_never(event)


def _desk(ctx: Context, event: events.DeskEvent) -> list[Effect]:
    """What a person does with a lead."""
    match event:
        case events.LeadClaimed():
            return desk.claimed(ctx, event)
        case events.LeadAssigned():
            return desk.assigned(ctx, event)
        case events.CallTried():
            return desk.tried(ctx, event)
        case events.PutOff():
            return desk.put_off(ctx, event)
        case events.LeadEnded():
            return desk.ended(ctx, event)
        case events.LeadReopened():
            return desk.reopened(ctx, event)
        case events.AppointmentWritten():
            return byhand.appointment_written(ctx, event)
        case events.LeadOpened():
            return byhand.lead_opened(ctx, event)
        case events.AppointmentRuled():
            return booking.ruled(ctx, event)
        case events.AwaySet():
            return away.away_set(ctx, event)
        case events.LeadNoted():
            return jotting.noted(ctx, event)
        case events.NoteStruck():
            return jotting.struck(ctx, event)
        case events.LeadCorrected():
            return putting_right.lead_corrected(ctx, event)
        case events.TextCorrected():
            return putting_right.text_corrected(ctx, event)
        case events.ReviewSettled():
            return reviewing.settled(ctx, event)
        case _:
            assert_never(event)


def _journal(ctx: Context, event: events.Event) -> None:
    """Keep the input as it came."""
    fields = {k: v for k, v in asdict(event).items() if v is not None and v != ""}
    body = json.dumps(fields, default=_plain, ensure_ascii=False, separators=(",", ":"))
    records.add_input(ctx.db, type(event).__name__, body, ctx.now)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else str(value)
