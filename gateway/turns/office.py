"""Turns of what people of the business do: contacts, switches, tasks, texts by hand."""

from __future__ import annotations

import zlib
from datetime import timedelta
from functools import partial

from gateway import records
from gateway.clock import to_ms
from gateway.core import wording
from gateway.core.alphabet import segment_count
from gateway.core.effects import Changed, Declined, Effect, OptOutChanged, PauseChanged
from gateway.core.events import (
    AlreadyContacted,
    ContactSet,
    OfficeTexted,
    RecordsMended,
    SettingsTaken,
    SetupAnswered,
    Switched,
    TaskClosed,
    TrialTextAsked,
)
from gateway.core.notify import Kind
from gateway.core.numbers import contact_key, read_number
from gateway.core.outbound import PRIORITY, Purpose
from gateway.core.policy import ContactKind, NoText, Refused
from gateway.core.views.setup import HOLDS
from gateway.storage.schema import PAUSED_BY_DAMAGE
from gateway.turns import calls, escalation, leads, notices, relay, unread
from gateway.turns.context import Context

LONGEST_TYPED = 10  # parts; carriers cut or drop longer texts, and 255 is the end of TS 23.040
CLICKED_TWICE = timedelta(minutes=1)  # longer than a browser waits before a person presses again
# Whoever is one of these is not waited for when the stated response time is measured.
NEED_NO_ANSWER = frozenset(
    {ContactKind.OPTED_OUT, ContactKind.BLOCKED, ContactKind.VENDOR, ContactKind.STAFF, ContactKind.AUTORESPONDER}
)
NOT_ANSWERED = leads.NOT_ANSWERED | {ContactKind.BLOCKED, ContactKind.AUTORESPONDER}
LIVE = "live"  # the step of the set-up that is answered when somebody has gone live
SETUP = "setup:"  # the answers of the first set-up are switches, each by its step
TRIAL_LIFE = timedelta(minutes=10)


def contact_set(ctx: Context, event: ContactSet) -> list[Effect]:
    """Note what a number is, or take the note back."""
    number = contact_key(read_number(event.number, ctx.business.country, ctx.business.area_code), event.number)
    if number is None:
        return [Declined("there is no number to note this of")]
    kind = ContactKind(event.kind)
    known = kind in records.kinds_of(ctx.db, number)
    if not event.on:
        records.drop_contact(ctx.db, number, kind)
        records.note(ctx.db, ctx.now, f"peer:{number}", f"no longer {kind.value}")
        return [OptOutChanged(ctx.now, number, False)] if kind is ContactKind.OPTED_OUT else [Changed("contacts")]
    if known:
        return []  # the configuration says it at every start
    records.add_contact(ctx.db, number, kind, name=event.name, basis=event.basis, now=ctx.now)
    records.note(ctx.db, ctx.now, f"peer:{number}", f"is {kind.value}: {event.basis or event.name}")
    if kind in NEED_NO_ANSWER:
        records.drop_promises(ctx.db, number)
    if kind is ContactKind.OPTED_OUT:
        relay.silenced(ctx, number, event.basis or "said at the office", f"contact:{to_ms(ctx.now)}:{number}")
        taken_back = calls.cancel_texts(ctx, number, "asked not to be texted")
        leads.silenced(ctx, number)
        return [OptOutChanged(ctx.now, number, True), *taken_back]
    if kind in NOT_ANSWERED:
        leads.taken_over(ctx, number)  # what the box was about to say does not leave any more
    return [Changed("contacts")]


def contacted(ctx: Context, event: AlreadyContacted) -> list[Effect]:
    """Who has been contacted gets no opener for a cooldown's time, and what waits for them is taken back."""
    number = read_number(event.to, ctx.business.country, ctx.business.area_code).e164
    if number is None:
        return [Declined("this is not a number that can be texted")]
    records.set_peer(ctx.db, number, "contacted_at", ctx.now)
    records.note(ctx.db, ctx.now, f"peer:{number}", f"already contacted by {event.by}")
    effects: list[Effect] = [Changed("calls")]
    for call_id in records.waiting_calls(ctx.db, number):
        effects += calls.withdraw(ctx, call_id, Refused(NoText.COOLDOWN, f"already contacted by {event.by}"))
    return effects


def texted(ctx: Context, event: OfficeTexted) -> list[Effect]:
    """A person writes: the automation falls silent for this peer, and what it had queued is taken back.

    What cannot or must not be sent is declined with a sentence, and changes nothing. The same words within a minute
    are one text: a form that was sent twice.
    """
    number = read_number(event.to, ctx.business.country, ctx.business.area_code).e164
    if number is None:
        return [Declined("this is not a number that can be texted")]
    if ContactKind.OPTED_OUT in records.kinds_of(ctx.db, number):
        return [Declined("this person has asked not to be texted - call instead")]
    if not event.body.strip():
        return [Declined("there are no words to send")]
    if (segments := segment_count(event.body)) > LONGEST_TYPED:
        return [
            Declined(f"this is too long to be sent: {segments} parts, and {LONGEST_TYPED} is the most - shorten it")
        ]
    if records.typed_lately(ctx.db, number, event.body, ctx.now - CLICKED_TWICE):
        return []
    until = ctx.now + timedelta(seconds=ctx.business.policy.takeover_s)
    records.set_peer(ctx.db, number, "takeover_until", until)
    records.drop_relay(ctx.db, number)  # who writes last has it
    leads.taken_over(ctx, number)
    leads.heard_back(ctx, number)
    effects: list[Effect] = []
    for call_id in records.waiting_calls(ctx.db, number):
        effects += calls.withdraw(
            ctx, call_id, Refused(NoText.HUMAN_TAKEOVER, f"{event.by} is writing with this caller")
        )
    records.add_text(
        ctx.db,
        key=f"office:{to_ms(event.at)}:{number}:{zlib.crc32(event.body.encode('utf-8', 'replace')):08x}",
        purpose=Purpose.STAFF,
        to=number,
        body=event.body,
        priority=PRIORITY[Purpose.STAFF],
        due=ctx.now,
        expires=ctx.now + timedelta(seconds=ctx.business.policy.max_age_s),
        now=ctx.now,
    )
    return effects


def switched(ctx: Context, event: Switched) -> list[Effect]:
    """Pause, storm mode, trial week. Until somebody has gone live, the set-up's pause stays."""
    if (
        event.name == "pause"
        and records.switch(ctx.db, "pause") == HOLDS
        and not records.switch(ctx.db, f"{SETUP}{LIVE}")
    ):
        say = "the set-up is not finished - say yes to each point of its last step, Go live"
        return [] if event.value else [Declined(say)]
    records.set_switch(ctx.db, event.name, event.value, ctx.now, event.until if event.value else None)
    records.note(ctx.db, ctx.now, f"box:{event.name}", f"{event.by}: {event.value or 'off'}")
    changed: list[Effect] = [Changed("switches")]
    return [*changed, PauseChanged(ctx.now, event.value)] if event.name == "pause" else changed


def settings_taken(ctx: Context, event: SettingsTaken) -> list[Effect]:
    """Another configuration is in use; what follows from it follows when it is next asked for."""
    records.note(ctx.db, ctx.now, "box:settings", f"{event.by}: {event.say}")
    return [Changed("settings")]


def records_mended(ctx: Context, _event: RecordsMended) -> list[Effect]:
    """Damaged records were mended."""
    tell_of_damage(ctx)
    return [Changed("switches")]


def tell_of_damage(ctx: Context) -> None:
    """Texting that damage has paused goes on by the owner's word only, so the owner is told, once."""
    row = ctx.db.execute("SELECT value, at FROM switches WHERE name = 'pause'").fetchone()
    if row is not None and row["value"] == PAUSED_BY_DAMAGE:
        words = partial(wording.fixed_text, ctx.business, "owner_records")
        notices.tell(ctx, Kind.RECORDS_TROUBLE, f"records:{row['at']}:notice", words, "records")


def task_closed(ctx: Context, event: TaskClosed) -> list[Effect]:
    """Somebody has done it; declined where his page was behind."""
    lead_id = records.lead_of_task(ctx.db, event.task_id)
    record = None if lead_id is None else records.lead_by_id(ctx.db, lead_id)
    if record is not None and (sorry := unread.why_not(ctx, record, event.upto)) is not None:
        return [Declined(sorry)]
    if record is None and (sorry := unread.why_not_done(ctx, event.task_id, event.upto)) is not None:
        return [Declined(sorry)]
    peer = records.person_of(ctx.db, event.task_id, ("call_back", "wrote"))
    if peer is not None:
        records.keep_promises(ctx.db, peer, ctx.now)
    if lead_id is not None:
        leads.done(ctx, lead_id, event.by)
        escalation.over(ctx, records.escalation_of_lead(ctx.db, lead_id), f"{event.by} has settled the matter")
    elif peer is not None and (flagged := records.flagged_by(ctx.db, peer)) is not None:
        escalation.over(ctx, flagged, f"{event.by} has settled the matter")
    records.close_task(ctx.db, event.task_id, event.by, ctx.now)
    return [Changed("tasks")]


def trial_text(ctx: Context, event: TrialTextAsked) -> list[Effect]:
    """A test text: passes the never-twice rules, and stays out of leads and reports."""
    number = read_number(event.to, ctx.business.country, ctx.business.area_code).e164
    if number is None:
        return [Declined("this is not a number that can be texted")]
    if ContactKind.OPTED_OUT in records.kinds_of(ctx.db, number):
        return [Declined("this person has asked not to be texted")]
    time = f"{ctx.now.astimezone(ctx.business.zone):%a %-I:%M %p}"
    facts = wording.office_facts(ctx.business, None, ctx.now) | {"time": time}
    records.add_text(
        ctx.db,
        key=event.key,
        purpose=Purpose.TEST,
        to=number,
        body=wording.fixed_text(ctx.business, "test", **facts),
        template="test",
        priority=PRIORITY[Purpose.STAFF],
        due=ctx.now,
        expires=ctx.now + TRIAL_LIFE,
        now=ctx.now,
    )
    records.note(ctx.db, ctx.now, f"peer:{number}", f"test text asked for by {event.by}")
    return [Changed("texts")]


def setup_answered(ctx: Context, event: SetupAnswered) -> list[Effect]:
    """Keep what was answered, so that the set-up can be left and taken up again."""
    records.set_switch(ctx.db, f"{SETUP}{event.step}", event.answers, ctx.now)
    records.note(ctx.db, ctx.now, "box:setup", f"{event.by}: {event.step}")
    return [Changed("switches")]
