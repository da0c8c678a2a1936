"""Turns of the ladder: our people are told of an emergency, again and one after the other, until somebody has it.

Every step is committed with the texts that it queues, and each names its step in its key: after a power cut the ladder goes on
where it was, and nobody is told twice of one step. What the caller is told of all this is `gateway.turns.escalation`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from gateway import records
from gateway.core.conversation.alarm import (
    alarm_text,
    drill_exhausted_text,
    drill_taken_text,
    drill_text,
    exhausted_text,
    flagged_text,
    taken_text,
)
from gateway.core.conversation.lead import Lead
from gateway.core.effects import Effect, EscalationChanged
from gateway.core.escalation.ladder import (
    REST,
    Kind,
    Present,
    Rung,
    State,
    Step,
    after_rung,
    on_ladder,
    passed_over,
    step,
    told,
    with_rest,
)
from gateway.core.escalation.oncall import Duty, on_call
from gateway.core.escalation.people import OWNER, Person
from gateway.core.hours import is_holiday, is_open
from gateway.core.outbound import PRIORITY, Purpose, TextState
from gateway.records import EscalationRecord
from gateway.turns import away
from gateway.turns.context import Context

ALARM = "alarm"  # the text that tells of an emergency; what is added later is none
LOOK_AGAIN = timedelta(minutes=1)
ALERT_LIFE = timedelta(hours=4)  # the validity of the alert on the network side is the same


def begin(ctx: Context, kind: Kind, lead_id: int | None, peer: str, words: str) -> EscalationRecord:
    """A new escalation, nobody told yet: `climb` tells the first."""
    return records.open_escalation(ctx.db, kind, lead_id, peer, words, ctx.now)


def climb(ctx: Context, record: EscalationRecord, lead: Lead | None, number: int | None = None) -> list[Effect]:
    """Tell the people of the next step (or of the one with that number); behind the last one nobody is left.

    A person who has not got the last alert yet, because the modem is down, is not sent a second one.
    """
    own = covered_rungs(ctx, lead, record.opened_at)
    rungs, number = with_rest(own), record.step + 1 if number is None else number
    present = Present(on_call_now(ctx), away.passed_over(ctx))
    over = passed_over(own, ctx.business.people, present)
    rest = frozenset(on_ladder(own, ctx.business.people, present)) - set(records.alerted_people(ctx.db, record.id))
    while (next_step := step(rungs, number)) is not None:
        people = told(next_step, ctx.business.people, present, over, rest)
        if people:
            break
        number = after_rung(rungs, next_step.rung)
    if next_step is None and own and rest:  # the ladder was changed meanwhile
        next_step = Step(len(rungs), (REST,), own[-1].every_s, False)
        people = told(next_step, ctx.business.people, present, over, rest)
        next_step = next_step if people else None
    if next_step is None:
        if records.alerts_not_left(ctx.db, record.id):  # nobody can have it who has not been told: the modem is down
            records.set_next_step(ctx.db, record.id, ctx.now + LOOK_AGAIN)
            return []
        return _exhausted(ctx, record, loud=is_covered(ctx, lead, record.opened_at))
    before = {phone for _, phone in records.told_of(ctx.db, record.id)}
    for person in people:
        if not person.texts or not records.alert_waits(ctx.db, record.id, person.phone):
            tell(ctx, record, lead, person, number, again=person.phone in before)
        elif person.rings:  # the modem is down, and a telephone may ring by another way
            records.add_alert(ctx.db, record.id, number, person.key, person.phone, text_id=None, now=ctx.now)
    wait = timedelta(seconds=next_step.wait_s)
    records.set_step(ctx.db, record.id, number, next_step.rung, ctx.now + wait)
    names = ", ".join(person.name or person.key for person in people)
    records.note(ctx.db, ctx.now, f"escalation:{record.id}", f"step {number}: {names}")
    if next_step.rung > len(own):
        records.note(ctx.db, ctx.now, f"escalation:{record.id}", f"not told before, now that nobody has it: {names}")
    if next_step.rung == record.rung:
        return []
    return [EscalationChanged(ctx.now, record.lead_id, State.ALERTING.value, next_step.rung)]


def waits_longer(ctx: Context, record: EscalationRecord) -> bool:
    """Whether the people of the last step were told later than planned: they have their time from then on."""
    taken = step(with_rest(ctx.business.escalation.rungs), record.step)
    told_at = records.last_told_at(ctx.db, record.id)
    if taken is None or told_at is None or told_at > ctx.now:
        return False
    until = told_at + timedelta(seconds=taken.wait_s)
    if until <= ctx.now:
        return False
    records.set_next_step(ctx.db, record.id, until)
    return True


def tell(
    ctx: Context,
    record: EscalationRecord,
    lead: Lead | None,
    person: Person,
    number: int,
    *,
    again: bool,
    key: str = "",
) -> None:
    """One alert to one person, by text, by ringing, or both; `key` where a step tells him more than once."""
    text_key = f"escalation:{record.id}:{number}:{person.key}{key}"
    words = _words(record, lead, again=again, spanish=person.spanish)
    text_id = _add(ctx, record, person.phone, words, ALARM, text_key) if person.texts else None
    if text_id is not None:
        records.add_alert(ctx.db, record.id, number, person.key, person.phone, text_id=text_id, now=ctx.now)
    if person.rings or not person.texts:
        records.add_alert(ctx.db, record.id, number, person.key, person.phone, text_id=None, now=ctx.now)


def tell_more(ctx: Context, record: EscalationRecord, words: str) -> None:
    """A flagged emergency whose caller writes again: those who were told get the new words."""
    record = replace(record, words=words)
    for person in ctx.business.people.everybody:
        if person.phone in records.alerted_numbers(ctx.db, record.id):
            times = records.alerted_since(ctx.db, record.id, record.opened_at - timedelta(seconds=1))
            tell(ctx, record, None, person, record.step, again=False, key=f":more{times}")


def stop(ctx: Context, record: EscalationRecord, why: str) -> None:
    """What has not left does not leave: somebody has it, or it is settled."""
    for text_id in records.alerts_not_left(ctx.db, record.id):
        records.set_text(ctx.db, text_id, TextState.CANCELLED, why)
    records.withdraw_rings(ctx.db, record.id, why)


def tell_others(ctx: Context, record: EscalationRecord, name: str, but: str) -> None:
    """Whoever else was told learns that somebody has it: two must not drive out."""
    drill = record.kind is Kind.DRILL
    for key, number in records.told_of(ctx.db, record.id):
        if number != but and ctx.business.people.reads(number):
            spanish = ctx.business.people.spanish(number)
            body = (
                drill_taken_text(record.code, name, spanish=spanish)
                if drill
                else taken_text(record.code, name, record.peer, spanish=spanish)
            )
            _notice(ctx, number, body, "taken", f"escalation:{record.id}:{record.step}:taken:{key}")


def covered_rungs(ctx: Context, lead: Lead | None, since: datetime) -> Sequence[Rung]:
    """The ladder of an emergency that came at `since`: where nobody is on call for it, the owner (without one: the first rung)
    is told once, and nobody else is woken."""
    rungs = ctx.business.escalation.rungs
    if is_covered(ctx, lead, since):
        return rungs
    owner = (OWNER,) if ctx.business.owner is not None else ()
    return tuple(replace(rung, who=owner or rung.who, times=1) for rung in rungs[:1])


def is_covered(ctx: Context, lead: Lead | None, since: datetime) -> bool:
    """Whether somebody is on call for an emergency that came at `since`. Danger to people always is covered; so is what nobody has
    read, and everything while the box does not know the time."""
    if lead is None or lead.danger is not None or not ctx.clock_sane:
        return True
    return ctx.business.conversation.emergencies.covered_now(
        is_open(ctx.business, since), is_holiday=is_holiday(ctx.business, since), service=lead.facts.service
    )


def on_call_now(ctx: Context) -> tuple[str, ...]:
    """The keys of those who are on call; where the box does not know the time, of all who may be, and of the owner."""
    plan, people = ctx.business.escalation.on_call, ctx.business.people
    if not ctx.clock_sane:
        return (*plan.everybody, OWNER)
    agreed = records.swaps_at(ctx.db, ctx.now)
    # Who has left since is on call no more.
    swaps = [Duty((swap.who,), swap.begins, swap.ends) for swap in agreed if people.named(swap.who) is not None]
    return on_call(plan, ctx.business.zone, ctx.now, swaps)


def answering_now(ctx: Context) -> tuple[str, ...]:
    """The keys of those who are told first: who is on call and not passed over, or the owner in his place."""
    present = Present(on_call_now(ctx), away.passed_over(ctx))
    over = passed_over(ctx.business.escalation.rungs, ctx.business.people, present)
    return present.there if over else present.on_call or (OWNER,)


def next_due(db: sqlite3.Connection) -> datetime | None:
    """When a ladder goes on."""
    return records.next_step_at(db)


def _exhausted(ctx: Context, record: EscalationRecord, *, loud: bool) -> list[Effect]:
    """Everybody was told, and nobody has it: said to all of them and the owner where somebody is on call (`loud`), and on the
    page."""
    records.set_exhausted(ctx.db, record.id, ctx.now)
    if record.kind is Kind.DRILL:
        records.set_over(ctx.db, record.id, ctx.now)  # nobody has to do anything about it
    records.note(ctx.db, ctx.now, f"escalation:{record.id}", "exhausted: nobody has it")
    drill = record.kind is Kind.DRILL
    told_by_now = records.told_of(ctx.db, record.id)
    owner = None if drill else ctx.business.people.named(OWNER)  # whose customer it is
    if owner is not None and (owner.key, owner.phone) not in told_by_now:
        told_by_now.append((owner.key, owner.phone))
    else:
        owner = None
    readers = [(key, number) for key, number in told_by_now if ctx.business.people.reads(number)]
    for key, number in readers if loud else ():
        spanish = ctx.business.people.spanish(number)
        body = (
            drill_exhausted_text(record.code, spanish=spanish)
            if drill
            else exhausted_text(record.code, record.peer, record.words, spanish=spanish)
        )
        text_id = _add(ctx, record, number, body, "nobody", f"escalation:{record.id}:nobody:{record.step}:{key}")
        if owner is not None and key == owner.key and text_id is not None:  # he may take it without naming its code
            records.add_alert(ctx.db, record.id, record.step, key, number, text_id=text_id, now=ctx.now)
    return [EscalationChanged(ctx.now, record.lead_id, State.EXHAUSTED.value, record.rung)]


def _words(record: EscalationRecord, lead: Lead | None, *, again: bool, spanish: bool) -> str:
    if record.kind is Kind.DRILL:
        return drill_text(record.words, code=record.code, again=again, spanish=spanish)
    if lead is None:
        return flagged_text(record.peer, record.words, code=record.code, again=again, spanish=spanish)
    return alarm_text(lead, record.peer, record.words, code=record.code, again=again, spanish=spanish)


def add_more(ctx: Context, record: EscalationRecord, lead: Lead, numbers: Iterable[str], words: str, key: str) -> None:
    """What the caller has added, to those who know of the emergency."""
    for number in filter(ctx.business.people.reads, numbers):
        spanish = ctx.business.people.spanish(number)
        body = alarm_text(lead, record.peer, words, code=record.code, more=True, spanish=spanish)
        _add(ctx, record, number, body, "alarm_more", f"{key}:more:{number}")


def _add(ctx: Context, record: EscalationRecord, to: str, body: str, template: str, key: str) -> int | None:
    return records.add_text(
        ctx.db,
        key=key,
        purpose=Purpose.ESCALATION,
        to=to,
        body=body,
        template=template,
        lead_id=record.lead_id,
        priority=PRIORITY[Purpose.ESCALATION],
        due=ctx.now,
        expires=ctx.now + ALERT_LIFE,
        now=ctx.now,
    )


def _notice(ctx: Context, to: str, body: str, template: str, key: str) -> None:
    records.add_text(
        ctx.db,
        key=key,
        purpose=Purpose.OWNER_NOTICE,
        to=to,
        body=body,
        template=template,
        priority=PRIORITY[Purpose.OWNER_NOTICE],
        due=ctx.now,
        expires=ctx.now + ALERT_LIFE,
        now=ctx.now,
    )
