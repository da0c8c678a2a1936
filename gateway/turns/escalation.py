"""An emergency is told to the owner, and the caller is told what became of that: nothing before it is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gateway import records
from gateway.core.conversation.alarm import alarm_text
from gateway.core.conversation.answering import after_alert
from gateway.core.conversation.lead import Alert, Lead
from gateway.core.effects import Effect, EscalationChanged
from gateway.core.outbound import PRIORITY, Purpose
from gateway.records import LeadRecord, TextRecord
from gateway.turns import leads
from gateway.turns.context import Context

ALARM = "alarm"  # the text that tells the owner first; what is added later is none
ALERT_LIFE = timedelta(hours=4)  # the validity of the alert on the network side is the same
OF_ONE_LEAD, WITHIN = 6, timedelta(minutes=15)  # the owner's telephone must stay usable in an emergency


def alarm(ctx: Context, record: LeadRecord, lead: Lead, words: str, key: str) -> tuple[Lead, list[Effect]]:
    """Tell the owner at once. Where there is nobody to tell, the caller hears so."""
    records.note(ctx.db, ctx.now, f"lead:{record.id}", f"an emergency: {words[:300]!r}")
    if ctx.business.owner is None:
        records.note(ctx.db, ctx.now, f"lead:{record.id}", "there is no owner's phone to tell of it")
        return _told_caller(ctx, record, lead, Alert.FAILED), []
    _to_owner(ctx, record, alarm_text(lead, record.peer, words), ALARM, f"{key}:alert")
    return lead, [EscalationChanged(ctx.now, record.id, "alerting", 1)]


def pass_on(ctx: Context, record: LeadRecord, lead: Lead, words: str, key: str) -> None:
    """Give the owner what the caller has added to an emergency."""
    if ctx.business.owner is None:
        return
    told = records.texts_about(ctx.db, record.id, Purpose.ESCALATION, ctx.now - WITHIN)
    if told >= OF_ONE_LEAD:
        say = f"not passed on, {told} texts of it within a quarter of an hour"
        records.note(ctx.db, ctx.now, f"lead:{record.id}", say)
        return
    _to_owner(ctx, record, alarm_text(lead, record.peer, words, more=True), "alarm_more", f"{key}:more")


def settled(ctx: Context, text: TextRecord, fate: Alert) -> list[Effect]:
    """It is known now what became of an alert."""
    record = None if text.lead_id is None else records.lead_by_id(ctx.db, text.lead_id)
    if record is None or record.lead.alert is not Alert.UNDER_WAY:
        return []
    records.note(ctx.db, ctx.now, f"lead:{record.id}", f"the alert to the owner: {fate.value}")
    return leads.save(ctx, record, _told_caller(ctx, record, record.lead, fate))


def undelivered(ctx: Context, text: TextRecord) -> list[Effect]:
    """The network had taken the alert and could not deliver it: nobody was told, and the caller must not believe so."""
    record = None if text.lead_id is None else records.lead_by_id(ctx.db, text.lead_id)
    if record is None or record.lead.alert not in (Alert.TOLD, Alert.UNSURE):
        return []
    records.note(ctx.db, ctx.now, f"lead:{record.id}", "the alert to the owner could not be delivered")
    lead = leads.take_back(ctx, record.peer, record.lead, "the alert was not delivered")
    return leads.save(ctx, record, _told_caller(ctx, record, replace(lead, heard=record.lead.heard), Alert.FAILED))


def told_again(ctx: Context, record: LeadRecord, lead: Lead, key: str) -> Lead:
    """What became of the alert, once more from the start: the text that said so was taken back before it left."""
    return replace(_told_caller(ctx, record, lead, lead.alert, key), heard="")


def _told_caller(ctx: Context, record: LeadRecord, lead: Lead, fate: Alert, key: str = "") -> Lead:
    """The lead with the fate of the alert; the caller is told unless nothing may be written to him now."""
    told = after_alert(lead, fate, ctx.business.conversation, covered=leads.covered_now(ctx))
    # He must not wait for somebody who is not told.
    failed = fate is Alert.FAILED and leads.may_be_warned(ctx, record.peer)
    if told.say is None or not (failed or leads.may_answer(ctx, record.peer)):
        return replace(lead, alert=fate)
    leads.say(ctx, record, told.lead, told.say, f"{key or f'lead:{record.id}'}:{fate.value}")
    return told.lead


def _to_owner(ctx: Context, record: LeadRecord, body: str, template: str, key: str) -> None:
    assert ctx.business.owner is not None
    records.add_text(
        ctx.db,
        key=key,
        purpose=Purpose.ESCALATION,
        to=ctx.business.owner,
        body=body,
        template=template,
        lead_id=record.id,
        priority=PRIORITY[Purpose.ESCALATION],
        due=ctx.now,
        expires=ctx.now + ALERT_LIFE,
        now=ctx.now,
    )
