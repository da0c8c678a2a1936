"""Turns of a customer's text: it is taken into its lead at once, and what cannot wait goes out in the same transaction."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from gateway import records
from gateway.core.conversation.hearing import (
    Heard,
    hear,
    hear_picture,
    hear_so_far,
    hear_together,
    wants_texts,
    wants_texts_again,
)
from gateway.core.conversation.lanes import FOR_A_PERSON
from gateway.core.conversation.lead import Alert, Fact, Facts, Lead, Stage, Urgency
from gateway.core.conversation.machines import is_tapback, written_by_machine
from gateway.core.conversation.moves import JOBS, Say
from gateway.core.conversation.phrases import FATES
from gateway.core.conversation.pictures import picture_meant
from gateway.core.conversation.together import MOST, adds_nothing, as_one, is_lone_number, newest_first, story
from gateway.core.desk.hold import Desk
from gateway.core.effects import Changed, Effect, EscalationChanged
from gateway.core.events import SegmentReceived
from gateway.core.outbound import Purpose
from gateway.core.policy import ContactKind
from gateway.core.understanding.long_texts import legible
from gateway.core.understanding.reader import Reading
from gateway.records import LeadRecord
from gateway.turns import escalation, leads, optouts, othernumbers
from gateway.turns.context import Context

LONGEST_WAIT = 4  # times the wait for a writer: who goes on typing gets an answer all the same
ONE_MATTER = timedelta(hours=12)  # texts of so long are read as one; what was so yesterday may be over
_ENDS_IT = frozenset({"thanks_ack", "no", "wrong_number", "opt_in", "help"})
ANSWERED_WITHIN = timedelta(hours=2)  # a text the network brought so late is a person's to answer


def is_by_machine(body: str, read: Callable[[str], Reading]) -> bool:
    """Whether no person has written the text. People too write that they are driving, and that the house burns."""
    return is_tapback(body) or (written_by_machine(body) and _asks_nothing(read(body)))


def text_came(
    ctx: Context,
    letter_id: int,
    peer: str,
    body: str,
    read: Callable[[str], Reading],
    sent_at: datetime | None = None,
    *,
    answered: bool = False,
    part: SegmentReceived | None = None,
) -> list[Effect]:
    """Take in a customer's text. `sent_at` is the service centre's time stamp, None when there is none to believe.

    `answered`: a keyword, which has got its answer. `part`: the text was taken in without this part of it before.
    """
    record = _lead_of(ctx, peer, letter_id)
    key = f"letter:{letter_id}" if part is None else f"letter:{letter_id}:{part.number}"
    body = legible(body)
    reading = othernumbers.with_number(ctx, peer, record.lead.facts, body, read)
    understood = {name: value for name, value in asdict(reading).items() if value not in (None, False)}
    if picture_meant(body, reading.intent):
        understood["picture"] = True
    records.give_letter(ctx.db, letter_id, record.id, json.dumps(understood, ensure_ascii=False))
    if is_by_machine(body, read):
        records.note(ctx.db, ctx.now, f"lead:{record.id}", f"text {letter_id} was written by a machine or is a mark")
        if record.reply_at is None:
            records.mark_answered(ctx.db, record.id)
        return [Changed("leads")]
    lead = leads.take_back(ctx, peer, record.lead, "the caller has written meanwhile")
    lead = replace(lead, desk=_desk(lead, reading, ctx.now))
    taken_back = record.lead.said - lead.said
    earlier = _written(records.letters_lately(ctx.db, record.id, ctx.now - ONE_MATTER))[:-1]
    taken = hear(lead, reading, body, ctx.business.conversation, "\n".join(earlier[-MOST:]))
    told = story([*earlier, body], taken.lead.facts)
    effects = _at_once(ctx, record, taken, newest_first(told), key)
    together = words_of(ctx, record)[-MOST:]
    if len(together) > 1:
        words = "\n".join(together)
        whole = hear_together(effects.lead, as_one(together, read), words, ctx.business.conversation)
        effects = effects.then(_at_once(ctx, record, whole, newest_first(told), f"{key}:whole"))
    if len(told) > max(1, len(together)) and _may_add(record.lead, effects.lead, reading, body):
        matter = hear_so_far(effects.lead, as_one(told, read), "\n".join(told), ctx.business.conversation)
        effects = effects.then(_at_once(ctx, record, matter, newest_first(told), f"{key}:matter"))
    lead = effects.lead
    more = list(effects.done)
    if reading.opt_out:
        more += optouts.opt_out(ctx, peer, body, key, sent_at, danger=reading.life_safety)
        tells = lead.facts != record.lead.facts
        lead = replace(lead, stage=Stage.OPTED_OUT, heard="", news=tells, question=None)
    elif ContactKind.OPTED_OUT in records.kinds_of(ctx.db, peer):
        lead = replace(lead, stage=Stage.OPTED_OUT)
    if answered:  # what was written before the keyword still waits for its answer
        lead = replace(lead, heard="" if lead.stage is Stage.OPTED_OUT else record.lead.heard)
    if taken_back & FATES and lead.alert is not Alert.UNDER_WAY:
        lead = escalation.told_again(ctx, record, lead, key)
    if part is not None and lead.news and lead.alert in (Alert.UNDER_WAY, Alert.TOLD, Alert.UNSURE):
        escalation.pass_on(ctx, record, lead, part.body, key)
        lead = replace(lead, news=False)
    late = sent_at is not None and ctx.now - sent_at > ANSWERED_WITHIN
    if _told_now_or_never(record.lead, lead, reading, late=late) and not any(
        isinstance(effect, EscalationChanged) for effect in more
    ):
        escalation.pass_on(ctx, record, lead, body, key)
        lead = replace(lead, news=False)
    # Who wants no texts is not answered, but what he adds to an emergency is passed on.
    waits = lead.heard or lead.news if lead.stage is not Stage.OPTED_OUT else lead.news and lead.alert is not Alert.NONE
    _plan(ctx, record, answer=bool(waits) and not late)
    return [*more, *leads.save(ctx, record, lead), Changed("leads")]


def picture_came(ctx: Context, letter_id: int, peer: str) -> list[Effect]:
    """Take in the notice of a picture: the box says once that it cannot receive it."""
    record = _lead_of(ctx, peer, letter_id)
    records.give_letter(ctx.db, letter_id, record.id, "")
    lead = hear_picture(record.lead, ctx.business.conversation).lead
    _plan(ctx, record, answer=lead.stage is not Stage.OPTED_OUT)
    return [*leads.save(ctx, record, lead), Changed("leads")]


def opted_in(ctx: Context, letter_id: int, peer: str, key: str) -> list[Effect]:
    """Somebody wants texts again: the conversation goes on, a safety text that was taken back first.

    Who has no matter open here, or never wanted silence, wants something too: a person sees it.
    """
    last = records.last_lead(ctx.db, peer)
    record = _lead_of(ctx, peer, letter_id)
    records.give_letter(ctx.db, letter_id, record.id, json.dumps({"intent": "opt_in"}))
    if record.reply_at is None:
        records.mark_answered(ctx.db, record.id)
    lead, effects = record.lead, list[Effect]()
    if lead.stage is Stage.OPTED_OUT and last is not None:
        for template in records.cancelled_about(ctx.db, record.id, Purpose.SAFETY, ctx.now - leads.SAFETY_LIFE):
            leads.say(ctx, record, lead, Say(Purpose.SAFETY, template.removesuffix("_es")), key)
        lead = wants_texts_again(lead, ctx.business.conversation)
        if lead.heard and ctx.now - last.wrote_at <= ANSWERED_WITHIN:
            _plan(ctx, record, answer=True)
    elif not records.has_lead_task(ctx.db, record.id):  # what is open already is being seen to
        lead = wants_texts(lead, ctx.business.conversation)
    older = last if last is not None and last.id != record.id and last.lead.stage is Stage.OPTED_OUT else None
    if older is not None and records.has_lead_task(ctx.db, older.id):  # of that too a person may write now
        former = wants_texts_again(older.lead, ctx.business.conversation)
        effects += leads.save(ctx, older, replace(former, heard=""))
    return [*effects, *leads.save(ctx, record, lead), Changed("leads")]


def words_of(ctx: Context, record: LeadRecord) -> list[str]:
    """What the caller has written since the last answer, without marks on our own texts."""
    return _written(records.letters_since(ctx.db, record.id, record.answered_id))


def _written(bodies: list[str]) -> list[str]:
    return [legible(body) for body in bodies if body and not is_tapback(body)]


def _may_add(before: Lead, lead: Lead, reading: Reading, body: str) -> bool:
    """Whether a text may make an emergency of what was written before: thanks and facts do not, and one is told of once.

    A number alone may be the answer to one of the business's own questions, and is not the degrees in the house then.
    """
    if before.question is not None and before.question not in set(Fact) and is_lone_number(body):
        return False
    silent = reading.opt_out or reading.intent in _ENDS_IT
    return lead.alert is Alert.NONE and not silent and not adds_nothing(body, lead.facts)


class _Effects:
    """The lead so far, and what was brought about on the way."""

    def __init__(self, lead: Lead, done: list[Effect]) -> None:
        self.lead, self.done = lead, done

    def then(self, later: _Effects) -> _Effects:
        return _Effects(later.lead, [*self.done, *later.done])


def _asks_nothing(reading: Reading) -> bool:
    """Nothing in the text is for a person: people too write that they are driving, or cannot talk right now."""
    return not (
        reading.opt_out
        or reading.urgency == Urgency.EMERGENCY
        or (reading.intent in JOBS | set(FOR_A_PERSON) and reading.intent not in ("call_me_back", "photo_only"))
    )


def _desk(lead: Lead, reading: Reading, now: datetime) -> Desk:
    """What was put off is of today again; thanks for an answer of ours want none."""
    thanks = reading.intent == "thanks_ack" and lead.desk.heard_back_at is not None
    return lead.desk.answered(now) if thanks else lead.desk.written()


def _at_once(ctx: Context, record: LeadRecord, taken: Heard, words: str, key: str) -> _Effects:
    """What cannot wait: the safety text first, then the alert."""
    lead = taken.lead
    if taken.safety is not None and leads.may_be_warned(ctx, record.peer):
        leads.say(ctx, record, lead, taken.safety, key)
    elif taken.safety is not None:
        optouts.warn(ctx, record.peer, key)
    if not taken.alarm:
        return _Effects(lead, [])
    return _Effects(*escalation.alarm(ctx, record, lead, words, key))


def _told_now_or_never(before: Lead, lead: Lead, reading: Reading, *, late: bool) -> bool:
    """Whether a text adds to an emergency that the owner knows of, and no answer will come with which it would be passed on."""
    adds = reading.urgency == Urgency.EMERGENCY or (late and lead.news)
    known = before.alert in (Alert.UNDER_WAY, Alert.TOLD, Alert.UNSURE)
    return known and adds and (late or reading.opt_out)


def _lead_of(ctx: Context, peer: str, letter_id: int) -> LeadRecord:
    """The conversation this text belongs to: the last one while it is young or its appointment lies ahead, else a new one."""
    last = records.last_lead(ctx.db, peer)
    young = timedelta(seconds=ctx.business.policy.conversation_open_s)
    if last is not None and (ctx.now - last.wrote_at <= young or _is_awaited(last.lead, ctx.now)):
        records.touch_lead(ctx.db, last.id, ctx.now)
        return replace(last, wrote_at=ctx.now)
    lead = Lead(language=optouts.language_with(ctx, peer), facts=Facts(name=last.lead.facts.name if last else None))
    lead_id = records.open_lead(ctx.db, peer, lead, letter_id - 1, ctx.now)
    opened = records.lead_by_id(ctx.db, lead_id)
    assert opened is not None
    return opened


def _is_awaited(lead: Lead, now: datetime) -> bool:
    """Whether an appointment of the lead stands and is not over."""
    one = lead.appointment
    return one is not None and one.stands and one.opening.arrival.ends > now


def _plan(ctx: Context, record: LeadRecord, *, answer: bool) -> None:
    """Answer when nothing more has come for a while, at the latest after a few such times."""
    if not answer:
        records.mark_answered(ctx.db, record.id)
        records.set_lead_times(ctx.db, record.id, reply_at=None, follow_up_at=None)
        return
    wait = timedelta(seconds=ctx.business.conversation.wait_s)
    began = records.unanswered_since(ctx.db, record.id, record.answered_id) or ctx.now
    at = max(ctx.now, min(ctx.now + wait, began + LONGEST_WAIT * wait))
    records.set_lead_times(ctx.db, record.id, reply_at=at, follow_up_at=None)
