"""Notices to our own people: the one door by which everything goes that is no emergency.

What a kind's way is (at once, in the digest, not at all) is `gateway.core.notify`. Whatever goes is noted under its natural
key, so nothing is told twice; at once goes by a text to each of those who are to be told, which in quiet hours waits for
their end unless its kind may disturb.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from gateway import records
from gateway.core import wording
from gateway.core.alphabet import segment_count
from gateway.core.consequences import Alert
from gateway.core.conversation.alarm import place_of
from gateway.core.conversation.lead import Lane, Lead, Stage, Urgency
from gateway.core.desk.reviewing import ReviewKind
from gateway.core.effects import Effect
from gateway.core.escalation.people import OWNER, Person
from gateway.core.hours import quiet_release
from gateway.core.notify import KIND_OF_TEMPLATE, NOTICE_LIFE, How, Kind, enough, leaves_at
from gateway.core.numbers import spoken
from gateway.core.outbound import PRIORITY, TO_OUR_PEOPLE, Purpose, TextState
from gateway.core.policy import CallFacts, cap_reached
from gateway.core.wallclock import weekday
from gateway.records import LeadRecord, TextRecord
from gateway.turns import assigning
from gateway.turns.context import Context

QUIET = "quiet hours"  # what a held text waits for
HOUR = timedelta(hours=1)
OVERDUE_WITHIN = timedelta(days=3)  # of its time: after a longer time off the page tells of it
_READY = frozenset({Stage.COMPLETE, Stage.HANDED_OVER, Stage.SILENT})  # a person goes on
Words = Callable[[str], str]  # what is told, in a language: "en" or "es"
# A line without a name, and the spans of the caps on texts, in each language.
_CALL_WORDS: dict[str, tuple[str, dict[str, str]]] = {
    "en": ("an unknown line", {}),
    "es": ("una linea desconocida", {"hour": "hora", "day": "dia"}),
}
_REASONS = {"always_notify": Kind.MISSED_CALL, "repeat": Kind.REPEAT_CALLER, "rate_limit": Kind.RATE_LIMIT}


def tell_owner(ctx: Context, call_id: int, call: CallFacts, what: Alert) -> None:
    """Tell of a call, and note on the call that it was told."""
    peer, kind = call.number.e164 or "", _REASONS[what.why]
    way = ctx.business.notifications.way(kind)
    if way is How.OFF:
        return
    if kind is Kind.RATE_LIMIT and records.noticed_since(ctx.db, kind, ctx.now - HOUR):
        records.set_notified(ctx.db, call_id, at_once=way is How.INSTANT)
        return  # one notice an hour about the cap is enough; every call still shows it
    limit, span = cap_reached(ctx.business, records.traffic(ctx.db, ctx.now)) or (ctx.business.policy.per_hour, "hour")

    def words(language: str) -> str:
        unknown, spans = _CALL_WORDS[language]
        return wording.fixed_text(
            ctx.business,
            f"owner_{what.why}" if peer or what.why != "always_notify" else "owner_withheld",
            language,
            caller=spoken(call.number.e164),
            line=call.line.name if call.line else unknown,
            time=clock(ctx, call.at, language),
            calls=str(ctx.business.policy.repeat_calls),
            minutes=str(round(ctx.business.policy.repeat_within_s / 60)),
            limit=str(limit),
            span=spans.get(span, span),
        )

    key, of = f"call:{call_id}:notice:{what.why}", f"call:{call_id}"
    how = tell(ctx, kind, key, words, what.why, peer=peer, call_id=call_id, of=of)
    records.set_notified(ctx.db, call_id, at_once=how is How.INSTANT)
    if how is not How.OFF and what.why == "repeat" and peer:
        records.set_peer(ctx.db, peer, "repeat_told_at", call.at)


def tell(
    ctx: Context,
    kind: Kind,
    key: str,
    words: Words,
    template: str,
    *,
    peer: str = "",
    call_id: int | None = None,
    lead_id: int | None = None,
    of: str = "box:notices",
    to: tuple[str, ...] = (),
) -> How:
    """Tell our people of something, once; gives the way it went. `key` names what happened, `words` says it in a language ("en"
    or "es"), `of` is the subject of its history.

    `to`: keys of those who are told, at once, in place of those who are usually told of its kind.

    OFF also where they were told before, or of too much within the hour and there is no digest to keep it for.
    """
    how = How.INSTANT if to else ctx.business.notifications.way(kind)
    if how is How.INSTANT and (why := enough(kind, *records.told_since(ctx.db, peer, ctx.now - HOUR))) is not None:
        how = How.OFF if ctx.business.notifications.digest_at is None else How.DIGEST
        records.note(
            ctx.db, ctx.now, of, f"the owner is not told: {why}{', the digest counts it' * (how is How.DIGEST)}"
        )
    if how is How.OFF or not records.add_notice(ctx.db, key, kind, peer, how, ctx.now):
        return How.OFF
    if how is How.INSTANT:
        told = readers(ctx, to)
        if not told:
            records.note(ctx.db, ctx.now, of, f"no owner's phone to tell of: {template}")
        for person in told:
            own = key if person.key == OWNER else f"{key}:{person.key}"
            _queue(ctx, kind, own, person.phone, words(person.language), person.language, template, call_id, lead_id)
    return how


def readers(ctx: Context, to: tuple[str, ...] = ()) -> list[Person]:
    """Who gets notices and digest, or who of `to`: each telephone once, those that have sent STOP not."""
    named = (ctx.business.people.named(key) for key in to or ctx.business.notifications.who)
    by_phone = {person.phone: person for person in named if person is not None and person.texts}
    return [person for phone, person in by_phone.items() if not records.wants_no_notices(ctx.db, phone)]


def night_ends(ctx: Context) -> datetime:
    """The end of the quiet hours; this moment where it is none, or where nobody knows the hour."""
    return quiet_release(ctx.business, ctx.now) if ctx.clock_sane else ctx.now


def stays(ctx: Context, text: TextRecord) -> bool:
    """A notice or a digest that is about to leave does not: it is night, or its reader has sent STOP meanwhile."""
    kind = KIND_OF_TEMPLATE.get(text.template)
    if text.purpose is not Purpose.DIGEST and (text.purpose is not Purpose.OWNER_NOTICE or kind is None):
        return False
    if records.part_is_out(ctx.db, text.id):
        return False
    if records.wants_no_notices(ctx.db, text.peer):
        records.set_text(ctx.db, text.id, TextState.CANCELLED, "wants no notices")
        records.note(ctx.db, ctx.now, f"text:{text.id}", "taken back: wants no notices")
        return True
    until = leaves_at(ctx.business.notifications, kind, ctx.now, night_ends(ctx))
    if until <= ctx.now:
        return False
    records.wait(ctx.db, text.id, until, QUIET)
    if kind is not None:
        records.keep_until(ctx.db, text.id, until + NOTICE_LIFE)
    return True


def clock_was_set(ctx: Context) -> None:
    """What is held for the morning waits for the morning of the new clock."""
    if not ctx.clock_sane:
        return
    until = night_ends(ctx)
    records.hold_notices(ctx.db, QUIET, until, until + NOTICE_LIFE)


def of_text(ctx: Context, text: TextRecord, why: str = "", *, known: bool = False) -> None:
    """A text to a caller of which nobody knows whether it went out, or (`why`) which did not. `known`: that is told otherwise."""
    if text.purpose in TO_OUR_PEOPLE or text.purpose is Purpose.TEST:
        return
    review = ReviewKind.FAILED if why else ReviewKind.UNSURE
    say = why or "nobody knows whether this text went out"
    key = f"text:{text.id}:{review.value}"
    last = records.last_lead(ctx.db, text.peer) if text.lead_id is None else None
    lead_id = last.id if last is not None else text.lead_id
    records.add_review(ctx.db, review, key, text.peer, say, ctx.now, lead_id=lead_id, text_id=text.id)
    if known or records.switch(ctx.db, "breaker"):
        return  # a notice of a notice has no end; and where the network takes nothing, that was told
    name = "text_failed" if why else "text_in_doubt"
    words = partial(in_one_segment, ctx, f"owner_{name}", why, caller=spoken(text.peer))
    key = f"text:{text.id}:{text.tries}:{name}"
    tell(ctx, Kind.TEXT_TROUBLE, key, words, name, peer=text.peer, lead_id=text.lead_id)


def of_opt_out(ctx: Context, peer: str, key: str) -> None:
    """Somebody wants no more texts."""
    last = records.last_lead(ctx.db, peer)
    lead_id = None if last is None else last.id
    say = "wants no more texts"
    records.add_review(ctx.db, ReviewKind.OPT_OUT, f"{key}:opt_out", peer, say, ctx.now, lead_id=lead_id)
    words = partial(wording.fixed_text, ctx.business, "owner_opt_out", caller=spoken(peer))
    tell(ctx, Kind.OPT_OUT, f"{key}:notice:opt_out", words, "opt_out", peer=peer)


def of_lead(ctx: Context, record: LeadRecord, lead: Lead, *, to_do: bool, known: bool = False) -> None:
    """What a conversation has brought: a complaint, something urgent, or a lead with which a person goes on.

    Each at most once for a lead; of an emergency the ladder tells. `known`: our people are told of it by its appointment.
    """
    if lead.lane is Lane.ESCALATE or not to_do:
        return
    if lead.intent == "complaint":
        _tell_of_lead(ctx, record, lead, Kind.COMPLAINT)
        return
    urgent = f"lead:{record.id}:notice:{Kind.URGENT_LEAD.value}"
    if lead.urgency is Urgency.URGENT:
        _tell_of_lead(ctx, record, lead, Kind.URGENT_LEAD)
    if lead.stage in _READY and not known and not records.was_noticed(ctx.db, urgent):
        _tell_of_lead(ctx, record, lead, Kind.NEW_LEAD)


def due(ctx: Context) -> list[Effect]:
    """Tell of leads whose time has passed and nobody has done anything."""
    if not ctx.clock_sane:
        return []
    for overdue in records.overdue_leads(ctx.db, ctx.now - OVERDUE_WITHIN, ctx.now):
        record = records.lead_by_id(ctx.db, overdue.lead_id)
        key = f"lead:{overdue.lead_id}:notice:overdue:{overdue.due.timestamp():.0f}"
        if record is None or record.lead.lane is Lane.ESCALATE:
            continue
        _late(ctx, record, overdue.due)
        if records.was_noticed(ctx.db, key):
            continue
        kind = Kind.OVERDUE_LEAD
        words = partial(_overdue, ctx, record, overdue.due)
        to = assigning.next_people(ctx, record.lead)
        tell(ctx, kind, key, words, kind.value, peer=record.peer, lead_id=record.id, of=f"lead:{record.id}", to=to)
    return []


def _late(ctx: Context, record: LeadRecord, due: datetime) -> None:
    """A caller was not answered in time; what was answered and is only due again is no such thing."""
    desk = record.lead.desk
    answered = desk.heard_back_at is not None and desk.heard_back_at >= record.wrote_at
    if answered or desk.tries or desk.put_off_until is not None:
        return
    key, say = records.overdue_key(record.id, due), f"not answered by {clock(ctx, due)}"
    records.add_review(ctx.db, ReviewKind.SLOW, key, record.peer, say, ctx.now, lead_id=record.id)


def next_due(db: sqlite3.Connection, now: datetime) -> datetime | None:
    """When the next lead becomes overdue."""
    return records.next_overdue(db, now)


def _overdue(ctx: Context, record: LeadRecord, due: datetime, language: str) -> str:
    facts = {"caller": spoken(record.peer), "time": clock(ctx, due, language)}
    return in_one_segment(ctx, f"owner_{Kind.OVERDUE_LEAD.value}", _matter(record.lead), language, **facts)


def _tell_of_lead(ctx: Context, record: LeadRecord, lead: Lead, kind: Kind) -> None:
    words = partial(in_one_segment, ctx, f"owner_{kind.value}", _matter(lead), caller=spoken(record.peer))
    key, of = f"lead:{record.id}:notice:{kind.value}", f"lead:{record.id}"
    tell(ctx, kind, key, words, kind.value, peer=record.peer, lead_id=record.id, of=of)


def _matter(lead: Lead) -> str:
    """Who, where and what, as far as it is known."""
    who = ", ".join(part for part in (lead.facts.name, place_of(lead.facts)) if part)
    return ": ".join(part for part in (who, lead.facts.issue or lead.why) if part)


def in_one_segment(ctx: Context, name: str, say: str, language: str = "en", **facts: str) -> str:
    """A fixed text whose `say` is cut until it fits."""
    say = " ".join(say.split())[:160]
    body = wording.fixed_text(ctx.business, name, language, say=say, **facts)
    while say and segment_count(body) > 1:
        say = say.removesuffix("...")[:-5].rstrip()
        body = wording.fixed_text(ctx.business, name, language, say=f"{say}..." if say else "", **facts)
        say = f"{say}..." if say else ""
    return body


def _queue(
    ctx: Context,
    kind: Kind,
    key: str,
    to: str,
    body: str,
    language: str,
    template: str,
    call_id: int | None,
    lead_id: int | None,
) -> None:
    due_at = leaves_at(ctx.business.notifications, kind, ctx.now, night_ends(ctx))
    if due_at > ctx.now and (moment := clock(ctx, ctx.now, language)) not in body:
        dated = f"{body} ({moment})"  # read in the morning: when was that?
        body = dated if segment_count(dated) == segment_count(body) else body
    text_id = records.add_text(
        ctx.db,
        key=key,
        purpose=Purpose.OWNER_NOTICE,
        to=to,
        body=body,
        template=template,
        call_id=call_id,
        lead_id=lead_id,
        priority=PRIORITY[Purpose.OWNER_NOTICE],
        due=due_at,
        expires=_kept_until(ctx, kind, due_at),
        now=ctx.now,
    )
    if text_id is not None and due_at > ctx.now:
        records.wait(ctx.db, text_id, due_at, QUIET)


def _kept_until(ctx: Context, kind: Kind, due_at: datetime) -> datetime:
    """How long a notice is worth sending; what may not disturb is not lost in the night before it could."""
    until = due_at + NOTICE_LIFE
    if kind in ctx.business.notifications.at_night or not ctx.clock_sane:
        return until
    morning = quiet_release(ctx.business, until)
    return until if morning <= until else morning + NOTICE_LIFE


def clock(ctx: Context, at: datetime, language: str = "en") -> str:
    """ "Tue 3:10 PM" on the business's clock."""
    there = at.astimezone(ctx.business.zone)
    return f"{weekday(there, spanish=language == 'es')} {there:%-I:%M %p}"
