"""What the turns of a conversation share: a lead is saved with its next step and its task, and a text of it is queued."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta

from gateway import records
from gateway.core import wording
from gateway.core.alphabet import is_gsm7, segment_count, transliterate
from gateway.core.booking import reminders
from gateway.core.booking.appointments import State
from gateway.core.conversation import booking, bookwords, callreply, callwindows, callwords
from gateway.core.conversation.alarm import place_of
from gateway.core.conversation.answering import unsaid
from gateway.core.conversation.booklink import LINKED, with_link
from gateway.core.conversation.callduty import due_by, next_step, owner_of
from gateway.core.conversation.lead import Alert, Lead, Stage
from gateway.core.conversation.moves import Say
from gateway.core.conversation.pictures import at_place
from gateway.core.effects import Effect, LeadChanged
from gateway.core.numbers import NumberKind, is_foreign, read_number
from gateway.core.outbound import DEFAULT_PRIORITY, PRIORITY, TO_OUR_PEOPLE, Purpose, TextState
from gateway.core.policy import ContactKind, find_line, is_own
from gateway.core.remote.commands import Outcome
from gateway.records import LeadRecord, TextRecord
from gateway.turns import assigning, away, booking_notices, notices
from gateway.turns.context import Context

NOT_ANSWERED = frozenset({ContactKind.VENDOR, ContactKind.NO_AUTOTEXT})
_NOT_WARNED = frozenset({ContactKind.OPTED_OUT, ContactKind.BLOCKED, ContactKind.AUTORESPONDER, ContactKind.STAFF})
ANSWER_LIFE = callwords.LEAVES_WITHIN  # an answer that could not leave for so long is a person's to give
RULED = ":ruled:"  # in the keys of texts that say what a person has decided about an appointment
LONGEST_ECHO = 40  # characters of a caller's own words in a text of ours
SAFETY_LIFE = timedelta(hours=1)


def save(ctx: Context, record: LeadRecord, lead: Lead) -> list[Effect]:
    """Keep what a conversation has changed about a lead, and tell of it."""
    lead = assigning.by_rule(ctx, record, callreply.settled(lead))
    if lead == record.lead:
        return []
    if lead.appointment is not None and lead.appointment != record.lead.appointment:
        remind_at = reminders.remind_at(ctx.business, lead.appointment, ctx.now)
        booking_notices.changed(ctx, record.id)
        records.keep_appointment(ctx.db, record.id, record.peer, lead.appointment, remind_at, ctx.now)
        _count(ctx, record.id, lead.appointment.state)
    step, owner = next_step(lead, ctx.business.zone), owner_of(lead)
    due = due_by(lead, ctx.business, record.wrote_at)
    records.save_lead(ctx.db, record.id, lead, next_step=step, due=due, owner=owner)
    if step:
        records.tell_lead_task(ctx.db, record.peer, record.id, step, due, ctx.now)
    else:
        records.close_lead_task(ctx.db, record.id, f"the box: {lead.why}", ctx.now)
    notices.of_lead(ctx, record, lead, to_do=bool(step), known=booking_notices.tells_of(ctx, record.id, lead))
    if _shown(ctx, lead) == _shown(ctx, record.lead):
        return []
    return [
        LeadChanged(
            at=ctx.now,
            lead_id=record.id,
            peer=record.peer,
            lane=lead.lane,
            urgency=lead.urgency,
            status=lead.stage,
            facts={name: value for name, value in asdict(lead.facts).items() if name != "own"} | dict(lead.facts.own),
            next_step=step,
        )
    ]


def _count(ctx: Context, lead_id: int, state: State) -> None:
    """A lead with an appointment has ended well so far; one whose appointment is cancelled has not ended yet."""
    outcome = records.outcome_of(ctx.db, lead_id)
    if state is State.CONFIRMED and not outcome:
        records.set_outcome(ctx.db, lead_id, Outcome.BOOKED.value, None, "the box", ctx.now)
    elif state is State.CANCELLED and outcome == Outcome.BOOKED:
        records.take_outcome_back(ctx.db, lead_id)


def _shown(ctx: Context, lead: Lead) -> tuple[object, ...]:
    """What people see of a lead."""
    return lead.lane, lead.urgency, lead.stage, lead.facts, next_step(lead, ctx.business.zone), lead.desk


def diary(ctx: Context, record: LeadRecord) -> callwindows.Diary:
    """The times for calls as they stand in this transaction; none where nobody calls back or the clock is not believed."""
    zone = ctx.business.zone
    if not ctx.business.conversation.call_back.rota or not ctx.clock_sane:
        return callwindows.Diary(zone, record.wrote_at, now=ctx.now if ctx.clock_sane else None)
    storm_on = bool(records.switch(ctx.db, "storm"))
    taken, gone = records.taken_windows(ctx.db, ctx.now, record.id), away.away(ctx)
    return callwindows.Diary(
        zone,
        record.wrote_at,
        callwindows.standing(ctx.business, ctx.now, storm_on=storm_on, away=gone),
        callwindows.free(ctx.business, ctx.now, taken, storm_on=storm_on, away=gone),
        ctx.now,
    )


def fitted(ctx: Context, record: LeadRecord, lead: Lead, what: Say) -> Lead:
    """The lead with no more times offered than one segment holds; what other texts are long about takes none away."""
    while (
        what.template in callreply.OFFERS | booking.OFFERS
        and len(lead.offered) > 1
        and segment_count(_words(ctx, record, lead, what.template)) > 1
    ):
        lead = replace(lead, offered=lead.offered[:-1])
    return lead


def say(ctx: Context, record: LeadRecord, lead: Lead, what: Say, key: str) -> None:
    """Queue a text of the conversation, in the caller's language."""
    safety = what.purpose is Purpose.SAFETY
    records.add_text(
        ctx.db,
        key=f"{key}:{what.template}",
        purpose=what.purpose,
        to=record.peer,
        body=_words(ctx, record, lead, what.template),
        template=f"{what.template}_{lead.language}" if lead.language != "en" else what.template,
        lead_id=record.id,
        priority=PRIORITY.get(what.purpose, DEFAULT_PRIORITY),
        due=ctx.now,
        expires=ctx.now + (SAFETY_LIFE if safety else ANSWER_LIFE),
        now=ctx.now,
    )


def take_back(ctx: Context, peer: str, lead: Lead, why: str) -> Lead:
    """Cancel the answers and questions to `peer` that have not left, and give the lead as if they had not been written."""
    for text in records.conversation_to(ctx.db, peer):
        if RULED in text.key:  # what a person has decided is said whatever the caller writes meanwhile
            continue
        records.set_text(ctx.db, text.id, TextState.CANCELLED, why)
        lead = unsaid(lead, text.template.removesuffix("_es"))
    return lead


def not_said(ctx: Context, text: TextRecord, why: str) -> list[Effect]:
    """A text of a conversation did not leave: what it asked was never asked, and nobody is reminded of it."""
    record = None if text.lead_id is None else records.lead_by_id(ctx.db, text.lead_id)
    if record is None or text.purpose in TO_OUR_PEOPLE:
        return []
    records.set_lead_times(ctx.db, record.id, reply_at=record.reply_at, follow_up_at=None)
    untold(ctx, text, why)
    return save(ctx, record, unsaid(record.lead, text.template.removesuffix("_es")))


def untold(ctx: Context, text: TextRecord, why: str) -> None:
    """A text did not reach its caller: where it says what a person has decided about an appointment, our people are told."""
    record = None if text.lead_id is None else records.lead_by_id(ctx.db, text.lead_id)
    if record is not None and RULED in text.key:
        booking_notices.untold(ctx, record, text, why)


def taken_over(ctx: Context, peer: str) -> None:
    """A person writes or speaks with `peer`: what the box was about to say, or to remind of, is taken back."""
    record = records.last_lead(ctx.db, peer)
    if record is None:
        return
    lead = take_back(ctx, peer, record.lead, "a person of the office has the conversation")
    lead = replace(lead, offered=())
    records.set_lead_times(ctx.db, record.id, reply_at=None, follow_up_at=None)
    save(ctx, record, lead)


def silenced(ctx: Context, peer: str) -> None:
    """`peer` wants no texts, as people have noted: what was offered cannot be chosen any more, and is free for others."""
    record = records.last_lead(ctx.db, peer)
    if record is not None:
        save(ctx, record, replace(record.lead, offered=()))


def done(ctx: Context, lead_id: int, by: str) -> None:
    """A person has settled the matter: the box asks and reminds no more. What the caller writes next opens it again."""
    record = records.lead_by_id(ctx.db, lead_id)
    if record is None:
        return
    lead = take_back(ctx, record.peer, record.lead, "the office has settled the matter")
    records.mark_answered(ctx.db, lead_id)
    records.set_lead_times(ctx.db, lead_id, reply_at=None, follow_up_at=None)
    kept = lead.call is not None
    told = lead.alert is not Alert.NONE
    said = lead.said - {booking.STAYS}  # somebody has looked
    save(ctx, record, replace(lead, heard="", news=False, offered=(), call_kept=kept, settled=told, said=said))
    records.note(ctx.db, ctx.now, f"lead:{lead_id}", f"done: {by}")


def heard_back(ctx: Context, peer: str) -> None:
    """A person has written to `peer`, or spoken with him: it is his turn, and nothing of it is late."""
    record = records.last_lead(ctx.db, peer)
    if record is not None and records.has_lead_task(ctx.db, record.id):
        save(ctx, record, replace(record.lead, desk=record.lead.desk.answered(ctx.now)))


def call_made(ctx: Context, peer: str) -> None:
    """The office and `peer` have spoken: a call that was promised has been made, and is not late any more.

    So it has where `peer` is the other number that a caller has asked to be called at.
    """
    for record in records.leads_to_call(ctx.db, peer, ctx.now):
        records.note(ctx.db, ctx.now, f"lead:{record.id}", "the promised call was made")
        save(ctx, record, replace(record.lead, call_kept=True))


def spoken_with(ctx: Context, peer: str) -> None:
    """The office and `peer` speak by telephone in the middle of a conversation: the box stays silent, as after a text."""
    record = records.last_lead(ctx.db, peer)
    young = timedelta(seconds=ctx.business.policy.conversation_open_s)
    if record is None or record.lead.stage not in (Stage.TALKING, Stage.COMPLETE) or ctx.now - record.wrote_at > young:
        return
    records.set_peer(ctx.db, peer, "takeover_until", ctx.now + timedelta(seconds=ctx.business.policy.takeover_s))
    taken_over(ctx, peer)


def may_answer(ctx: Context, peer: str) -> bool:
    """Whether the box may answer by itself: not to somebody who wants no texts, not while a person has the conversation."""
    number = read_number(peer, ctx.business.country, ctx.business.area_code)
    until = records.takeover_until(ctx.db, peer)
    return (
        ctx.business.conversation.on
        and may_be_warned(ctx, peer)
        and number.kind is NumberKind.TEXTABLE
        and not is_foreign(number, ctx.business.policy.allowed_countries)
        and records.kinds_of(ctx.db, peer).isdisjoint(NOT_ANSWERED)
        and not (until is not None and until > ctx.now)
        and not records.switch(ctx.db, "pause")
    )


def may_be_warned(ctx: Context, peer: str) -> bool:
    """Whether a safety text may go out: also where a person has taken over or texting is paused, never after STOP, and never to
    our own people, although they may have been callers once."""
    number = read_number(peer, ctx.business.country, ctx.business.area_code)
    if is_own(ctx.business, number, peer):
        return False
    barred = records.kinds_of(ctx.db, peer) & _NOT_WARNED
    return not barred and not records.switch(ctx.db, "shadow")


def may_be_told(ctx: Context, peer: str, lead: Lead) -> bool:
    """Whether the caller hears what becomes of his emergency. Also while texting is paused, where the box has begun to speak of it:
    with a safety text, or with what became of an alert. While a person has the conversation that person says it.
    """
    if may_answer(ctx, peer):
        return True
    until = records.takeover_until(ctx.db, peer)
    begun = lead.danger is not None or any(name.startswith("alert_") for name in lead.said)
    return begun and may_be_warned(ctx, peer) and not (until is not None and until > ctx.now)


def _echoed(words: str) -> str:
    """The caller's own words as they stand in a text of ours: of our alphabet, and short enough for one segment."""
    plain = "".join(
        char for char in transliterate(words) if is_gsm7(char) and char.isprintable() and char not in "{}[]"
    )
    return plain if len(plain) <= LONGEST_ECHO else plain[: LONGEST_ECHO - 3].rstrip() + "..."


def _words(ctx: Context, record: LeadRecord, lead: Lead, template: str) -> str:
    rules = ctx.business.conversation
    line = find_line(ctx.business, records.last_did(ctx.db, record.peer), None)
    if line is not None:
        line = replace(line, language=lead.language)
    facts = wording.office_facts(ctx.business, line, ctx.now)
    service = rules.services.get(lead.facts.service or "")
    link = _page(ctx, lead)
    template = with_link(at_place(template, rules.pictures), link)
    return wording.fixed_text(
        ctx.business,
        template,
        lead.language,
        **facts,
        pictures=rules.pictures,
        person=_echoed(lead.taker) or wording.fixed_text(ctx.business, "on_call_person", lead.language),
        where=_echoed(lead.facts.street_address or place_of(lead.facts)),
        place=_echoed(place_of(replace(lead.facts, street_address=None))),
        service=service.named(lead.language) if service else lead.facts.service or "",
        time=_echoed(lead.facts.timeline or ""),
        windows=callwords.listed(lead.offered, ctx.now, ctx.business.zone, lead.language),
        visits=bookwords.listed(lead.offered, ctx.business.zone, lead.language),
        visit=_visit(ctx, lead, template),
        call=callwords.told(lead.call, ctx.now, ctx.business.zone, lead.language) if lead.call else "",
        link=link,
        hold=bookwords.lasting(rules.booking.hold_s),
        instead=rules.emergencies.alternative(lead.language)
        or wording.fixed_text(ctx.business, "instead", lead.language),
    )


def _page(ctx: Context, lead: Lead) -> str:
    """The business's own booking page, where the box itself books nothing of the kind."""
    rules = ctx.business.conversation.booking
    return "" if rules.type_for(lead.facts.service) is not None else rules.link


def names_page(ctx: Context, lead: Lead, what: Say | None) -> bool:
    """Whether a text tells of the business's own booking page."""
    return what is not None and with_link(what.template, _page(ctx, lead)) == LINKED


def _visit(ctx: Context, lead: Lead, template: str) -> str:
    """The window that a text speaks of: the one that is offered alone, else the one that the lead has."""
    offered = next(iter(lead.offered), None)
    own = lead.appointment.opening.arrival if lead.appointment is not None else offered
    chosen = offered if template == booking.ONE else own
    return bookwords.told(chosen, ctx.business.zone, lead.language) if chosen is not None else ""
