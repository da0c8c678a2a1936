"""Whose a lead is by rule: the moment it exists, and again when its service gets known; not once a person has said so."""

from __future__ import annotations

from dataclasses import replace

from gateway import records
from gateway.core.conversation.lead import Lead
from gateway.core.desk.hold import RULE
from gateway.core.desk.owners import Matter, Owner, owner_by_rule
from gateway.core.hours import is_open
from gateway.core.policy import find_line
from gateway.records import LeadRecord
from gateway.turns import away
from gateway.turns.context import Context


def by_rule(ctx: Context, record: LeadRecord, lead: Lead) -> Lead:
    """The lead with whose it is."""
    desk = lead.desk
    if not ctx.business.desk.owners or (desk.assigned_by and not desk.assigned_by.startswith(RULE)):
        return lead
    owner = _owner(ctx, record, lead)
    if owner is None or owner.by == desk.assigned_by:
        return lead
    records.note(ctx.db, ctx.now, f"lead:{record.id}", f"{owner.name}'s, by rule {owner.rule} of the settings")
    return replace(lead, desk=replace(desk, assignee=owner.name, assigned_by=owner.by, assigned_at=ctx.now))


def next_people(ctx: Context, lead: Lead) -> tuple[str, ...]:
    """Keys of our people who are told when a lead was not answered in time; () as the notifications say."""
    rules, by = ctx.business.desk, lead.desk.assigned_by
    number = int(by.removeprefix(RULE)) if by.startswith(RULE) and by.removeprefix(RULE).isdecimal() else 0
    own = rules.owners[number - 1].then if 0 < number <= len(rules.owners) else ()
    gone = away.away(ctx).keys
    there = (tuple(key for key in keys if key not in gone) for keys in (own, rules.tell_next))
    return next(filter(None, there), own or rules.tell_next)  # all of them away: somebody has to hear of it


def _owner(ctx: Context, record: LeadRecord, lead: Lead) -> Owner | None:
    line = find_line(ctx.business, records.last_did(ctx.db, record.peer), None)
    matter = Matter(record.id, line.name if line else "", lead.facts.service, is_open(ctx.business, record.wrote_at))
    local = ctx.now.astimezone(ctx.business.zone)
    rota = ctx.business.conversation.call_back.rota
    return owner_by_rule(ctx.business.desk.owners, matter, local, rota, away.away(ctx).names)
