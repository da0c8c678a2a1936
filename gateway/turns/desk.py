"""Turns of what people do with a lead: it is taken, given, called, put off, booked, ended, opened again.

Who was faster is decided here, inside the transaction, by what each of them saw: the first has it, the other is told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from gateway import records
from gateway.core import events
from gateway.core.conversation import booking
from gateway.core.conversation.callwords import dated
from gateway.core.conversation.lanes import lane_of
from gateway.core.conversation.lead import Lane, Stage, Urgency
from gateway.core.desk.calling import breaks_promise, next_try
from gateway.core.desk.hold import PAGE, Desk, person_of
from gateway.core.effects import Changed, Declined, Effect
from gateway.core.escalation.ladder import State
from gateway.core.hours import after_open_time
from gateway.core.numbers import read_number
from gateway.core.remote.commands import Outcome
from gateway.core.remote.sentences import OUTCOME_WORDS, money
from gateway.records import LeadRecord
from gateway.turns import calls, conversation, escalation, leads, office, todo, unread
from gateway.turns.context import Context

WAITING = (State.ALERTING, State.EXHAUSTED)
WORTH = frozenset({Outcome.WON, Outcome.LOST, Outcome.BOOKED})
MOST_CENTS = 100_000_000_00  # a hundred million dollars: a finger that lay on a key
LATEST = timedelta(days=366)
LONGEST_NAME = 60
NO_LEAD = "there is no such lead"


def claimed(ctx: Context, event: events.LeadClaimed) -> list[Effect]:
    """Somebody takes a lead; with it the emergency that nobody has."""
    record = records.lead_by_id(ctx.db, event.lead_id)
    if record is None:
        return [Declined(NO_LEAD)]
    name = person_of(event.by)
    if (sorry := _taken_by_another(ctx, record, name, event.seen)) is not None:
        return [Declined(sorry)]
    effects = _with_emergency(ctx, record, name)
    if record.lead.desk.claimed and record.lead.desk.assignee == name:
        return effects
    return [*effects, *_assign(ctx, record.id, name, event.by, f"{name} has it")]


def assigned(ctx: Context, event: events.LeadAssigned) -> list[Effect]:
    """Somebody gives a lead to another, or back to the office."""
    record = records.lead_by_id(ctx.db, event.lead_id)
    if record is None:
        return [Declined(NO_LEAD)]
    name, to = person_of(event.by), " ".join(event.to.split())
    if len(to) > LONGEST_NAME or not to.isprintable():
        return [Declined("this is no name")]
    if (sorry := _taken_by_another(ctx, record, name, event.seen)) is not None:
        return [Declined(sorry)]
    desk = record.lead.desk
    if desk.assignee == to and (desk.claimed or not to):
        return []
    said = f"{name} has given it to {to}" if to else f"{name} has given it back to the office"
    return _assign(ctx, record.id, to, event.by, said if to != name else f"{name} has it")


def acknowledged(ctx: Context, event: events.Acknowledged) -> list[Effect]:
    """Somebody has an emergency; at the page the lead is his with it."""
    at_page = event.by.startswith(PAGE)
    name = person_of(event.by)
    if at_page and not event.person:
        event = replace(event, person=_key_of(ctx, name))
    effects = escalation.acknowledged(ctx, replace(event, by=name))
    if at_page and event.lead_id is not None and not _declined(effects):
        effects += _assign(ctx, event.lead_id, name, event.by, f"{name} has it")
    return effects


def texted(ctx: Context, event: events.OfficeTexted) -> list[Effect]:
    """A person writes: what nobody has taken is his from then on; what somebody else has is his only if he says so."""
    record = _of_number(ctx, event.to)
    if record is None or not event.by.startswith(PAGE):
        return office.texted(ctx, event)
    name, desk = person_of(event.by), record.lead.desk
    if event.seen is not None and (sorry := _taken_by_another(ctx, record, name, event.seen)) is not None:
        return [Declined(f"{sorry} Your text was not sent: send it again if you two have agreed.")]
    again, sorry = unread.written_to(ctx, record, event.upto, event.body)
    if again:
        return []  # the same form once more: its answer was lost on the way
    if sorry is not None:
        return [Declined(sorry)]
    effects = office.texted(ctx, replace(event, by=name))
    if not desk.claimed and not _declined(effects) and records.has_lead_task(ctx.db, record.id):
        effects += _assign(ctx, record.id, name, event.by, f"{name} is writing with them, and has it")
    return effects


def taken_over(ctx: Context, event: events.TakenOver) -> list[Effect]:
    """A person goes on with a conversation: a lead that nobody has taken is his."""
    effects = conversation.taken_over(ctx, replace(event, by=person_of(event.by)))
    record = _of_number(ctx, event.to)
    if record is not None and event.by.startswith(PAGE) and not record.lead.desk.claimed and not _declined(effects):
        effects += _assign(ctx, record.id, person_of(event.by), event.by, f"{person_of(event.by)} has it")
    return effects


def taken_by_phone(ctx: Context, lead_id: int, name: str, by: str, *, over: bool) -> list[Effect]:
    """One of our people goes on with a lead from his own telephone; `over`: whoever has it at the page."""
    record = records.lead_by_id(ctx.db, lead_id)
    if record is None or (record.lead.desk.claimed and not over) or not records.has_lead_task(ctx.db, lead_id):
        return []
    return _assign(ctx, lead_id, name, by, f"{name} has it, by text")


def tried(ctx: Context, event: events.CallTried) -> list[Effect]:
    """Somebody has rung the caller, and reached him or not."""
    if event.task_id is not None:
        return _task_tried(ctx, event, event.task_id)
    record = None if event.lead_id is None else records.lead_by_id(ctx.db, event.lead_id)
    if record is None:
        return [Declined(NO_LEAD)]
    name, desk = person_of(event.by), record.lead.desk
    if event.reached:
        records.note(ctx.db, ctx.now, f"lead:{record.id}", f"{name} has spoken with them")
        effects = calls.spoke(ctx, record.peer, ctx.now, None, name)
        leads.heard_back(ctx, record.peer)
        return [*effects, Changed("leads")]
    if not records.has_lead_task(ctx.db, record.id):
        return [Declined("nothing is left to do about this; open it again first")]
    if desk.tried_at is not None and ctx.now - desk.tried_at < office.CLICKED_TWICE:
        return []
    count = desk.tries + 1
    again = None if record.lead.lane is Lane.ESCALATE else next_try(record.lead, ctx.business, ctx.now)
    desk = replace(desk, tries=count, tried_at=ctx.now, put_off_until=again, put_off_by=name if again else "")
    records.note(ctx.db, ctx.now, f"lead:{record.id}", f"{name} called, not reached ({_counted(count)} time)")
    todo.note_attempt(ctx, record.peer, ctx.now, name)
    return [*leads.save(ctx, record, replace(record.lead, desk=desk)), Changed("leads")]


def put_off(ctx: Context, event: events.PutOff) -> list[Effect]:
    """A lead is looked at again later. Neither an emergency nor a promised hour is put off."""
    if not ctx.now < event.until <= ctx.now + LATEST:
        return [Declined("this time has passed, or is too far off: choose one within a year")]
    name = person_of(event.by)
    if event.task_id is not None:
        return _task_put_off(ctx, event.task_id, event.until, name)
    record = None if event.lead_id is None else records.lead_by_id(ctx.db, event.lead_id)
    if record is None:
        return [Declined(NO_LEAD)]
    lead = record.lead
    if not records.has_lead_task(ctx.db, record.id):
        return [Declined("nothing is left to do about this; open it again first")]
    if (sorry := unread.why_not(ctx, record, event.upto)) is not None:
        return [Declined(sorry)]
    if lead.lane is Lane.ESCALATE:
        return [Declined("an emergency is not put off: call, or say under 'What is known' that it is none")]
    if breaks_promise(lead, ctx.now, event.until) and lead.call is not None:
        promised = dated(lead.call, ctx.business.zone)
        return [Declined(f"a call is promised for {promised} ({lead.call.who}): call then, or tell them first")]
    desk = replace(lead.desk, put_off_until=event.until, put_off_by=name, tries=0, tried_at=None)
    records.note(ctx.db, ctx.now, f"lead:{record.id}", f"{name} has put it off until {_moment(ctx, event.until)}")
    return [*leads.save(ctx, record, replace(lead, desk=desk)), Changed("leads")]


def ended(ctx: Context, event: events.LeadEnded) -> list[Effect]:
    """A lead has ended, this way or that; once more, and it has ended otherwise."""
    record = records.lead_by_id(ctx.db, event.lead_id)
    if record is None:
        return [Declined(NO_LEAD)]
    if event.outcome not in set(Outcome):
        return [Declined("say how it ended: choose one of the list")]
    outcome = Outcome(event.outcome)
    if event.cents is not None and outcome not in WORTH:
        return [Declined("a value goes with won, lost or booked only")]
    if event.cents is not None and not 0 <= event.cents <= MOST_CENTS:
        return [Declined("this value cannot be right: write it in dollars, such as 450 or 1200.50")]
    if (sorry := unread.why_not(ctx, record, event.upto)) is not None:
        return [Declined(sorry)]
    value = "" if event.cents is None else f", {money(event.cents)}"
    words = " ".join(event.words.split())[:300]
    said = f"{person_of(event.by)}: {OUTCOME_WORDS[outcome][0]}{value}{f' ({words})' if words else ''}"
    return end(ctx, record, outcome, event.cents, event.by, said)


def reopened(ctx: Context, event: events.LeadReopened) -> list[Effect]:
    """A lead has not ended after all: who opens it has it, and has the time of a fresh one."""
    record = records.lead_by_id(ctx.db, event.lead_id)
    if record is None:
        return [Declined(NO_LEAD)]
    if records.has_lead_task(ctx.db, record.id):
        return [Declined("this is open already")]
    name, rules = person_of(event.by), ctx.business.conversation
    records.take_outcome_back(ctx.db, record.id)
    lead = record.lead
    if lead.lane is Lane.ESCALATE:  # that emergency is settled
        calm = replace(lead, lane=None, danger=None, urgency=Urgency.URGENT, settled=True, taken_by="", taker="")
        lane, why = lane_of(calm, rules)
        lead = replace(calm, lane=lane, why=why)
    if lead.lane in (Lane.NONE, None):
        _fix_lane(ctx, record, event.by)
        lead = replace(lead, lane=Lane.MESSAGE, why=f"opened again by {name}", fixed=lead.fixed | {"lane"})
    until = after_open_time(ctx.business, ctx.now, ctx.business.desk.message)
    desk = Desk(name, event.by, ctx.now, put_off_until=until, put_off_by=name)
    stage = lead.stage if lead.stage is Stage.OPTED_OUT else Stage.HANDED_OVER
    lead = replace(lead, desk=desk, stage=stage, question=None)
    records.note(ctx.db, ctx.now, f"lead:{record.id}", f"{name} has opened it again")
    return [*leads.save(ctx, record, lead), Changed("leads")]


def end(ctx: Context, record: LeadRecord, outcome: Outcome, cents: int | None, by: str, said: str) -> list[Effect]:
    """Close what is open of a lead. Colleagues who were told of the emergency learn who has it."""
    name, effects = person_of(by), list[Effect]()
    known = records.escalation_of_lead(ctx.db, record.id)
    if known is not None and known.state in WAITING:
        person = ctx.business.people.named(_key_of(ctx, name))
        effects += [each for each in escalation.take(ctx, known, person, name, told=False) if not _declined([each])]
    current = records.lead_by_id(ctx.db, record.id) or record
    lead = booking.let_go(replace(current.lead, desk=current.lead.desk.written()))
    effects += leads.save(ctx, current, lead)
    for task in records.open_tasks_of(ctx.db, record.peer):
        if records.lead_of_task(ctx.db, task.id) == record.id:
            effects += office.task_closed(ctx, events.TaskClosed(ctx.now, task.id, name))
    if known is not None:
        escalation.over(ctx, records.escalation_by_id(ctx.db, known.id), f"{name} has settled the matter")
    records.set_outcome(ctx.db, record.id, outcome.value, cents, name, ctx.now)
    records.note(ctx.db, ctx.now, f"lead:{record.id}", said)
    return [*effects, Changed("leads")]


def _assign(ctx: Context, lead_id: int, to: str, by: str, said: str) -> list[Effect]:
    record = records.lead_by_id(ctx.db, lead_id)
    if record is None:
        return [Declined(NO_LEAD)]
    if record.lead.desk.claimed and record.lead.desk.assignee == to:
        return []
    desk = replace(record.lead.desk, assignee=to, assigned_by=by, assigned_at=ctx.now)
    records.note(ctx.db, ctx.now, f"lead:{lead_id}", said)
    return [*leads.save(ctx, record, replace(record.lead, desk=desk)), Changed("leads")]


def _taken_by_another(ctx: Context, record: LeadRecord, name: str, seen: str) -> str | None:
    """Who has it meanwhile, as a sentence; None where nobody has, or the person knew."""
    desk = record.lead.desk
    if not desk.claimed or desk.assignee in (name, seen):
        return None
    since = "" if desk.assigned_at is None else f" since {_clock(ctx, desk.assigned_at)}"
    return f"{desk.assignee} has this lead{since}."


def _with_emergency(ctx: Context, record: LeadRecord, name: str) -> list[Effect]:
    known = records.escalation_of_lead(ctx.db, record.id)
    if known is None or known.state not in WAITING:
        return []
    return escalation.take(ctx, known, ctx.business.people.named(_key_of(ctx, name)), name)


def _task_tried(ctx: Context, event: events.CallTried, task_id: int) -> list[Effect]:
    task = records.call_back_task(ctx.db, task_id)
    if task is None:
        return [Declined("this is not on the call-back list any more")]
    name = person_of(event.by)
    if event.reached:
        effects: list[Effect] = []
        if read_number(task.peer, ctx.business.country, ctx.business.area_code).e164 is not None:
            effects = calls.spoke(ctx, task.peer, ctx.now, None, name)
        return [*effects, *office.task_closed(ctx, events.TaskClosed(ctx.now, task_id, name))]
    if task.tried_at is not None and ctx.now - task.tried_at < office.CLICKED_TWICE:
        return []
    again = after_open_time(ctx.business, ctx.now, ctx.business.desk.call_again)
    records.task_tried(ctx.db, task_id, ctx.now, again)
    if task.peer:
        todo.note_attempt(ctx, task.peer, ctx.now, name)
    return [Changed("tasks")]


def _task_put_off(ctx: Context, task_id: int, until: datetime, name: str) -> list[Effect]:
    task = records.call_back_task(ctx.db, task_id)
    if task is None:
        return [Declined("this is not on the call-back list any more")]
    records.put_task_off(ctx.db, task_id, until)
    records.note(ctx.db, ctx.now, f"peer:{task.peer}", f"{name} has put the call back off until {_moment(ctx, until)}")
    return [Changed("tasks")]


def _fix_lane(ctx: Context, record: LeadRecord, by: str) -> None:
    corrected = records.corrections_of(ctx.db, record.id)
    entry = {
        "value": Lane.MESSAGE.value,
        "was": record.lead.lane or "",
        "by": by,
        "at": round(ctx.now.timestamp() * 1000),
    }
    records.set_corrections(ctx.db, record.id, {**corrected, "lane": entry})


def _of_number(ctx: Context, to: str) -> LeadRecord | None:
    peer = read_number(to, ctx.business.country, ctx.business.area_code).e164
    return None if peer is None else records.last_lead(ctx.db, peer)


def _key_of(ctx: Context, name: str) -> str:
    """The key of the one of our people who uses the page under this name, or is called so; "" where nobody is."""
    login = records.login_by_name(ctx.db, name)
    if login is not None and login.person and ctx.business.people.named(login.person) is not None:
        return login.person
    return next((person.key for person in ctx.business.people.everybody if person.name == name), "")


def _declined(effects: list[Effect]) -> bool:
    return any(isinstance(effect, Declined) for effect in effects)


def _counted(count: int) -> str:
    return {1: "1st", 2: "2nd", 3: "3rd"}.get(count, f"{count}th")


def _clock(ctx: Context, at: datetime) -> str:
    there = at.astimezone(ctx.business.zone)
    today = there.date() == ctx.now.astimezone(ctx.business.zone).date()
    return f"{there:%-I:%M %p}" if today else f"{there:%a %-I:%M %p}"


def _moment(ctx: Context, at: datetime) -> str:
    return f"{at.astimezone(ctx.business.zone):%a %b %-d, %-I:%M %p}"
