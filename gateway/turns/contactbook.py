"""Turns of the contact list: one number by hand, or a part of a file. An opt-out is never undone here."""

from __future__ import annotations

from gateway import records
from gateway.core.contactfiles.entry import SETTABLE, tidy_name
from gateway.core.effects import Changed, Declined, Effect
from gateway.core.events import ContactPut, ContactSet, ContactsTaken
from gateway.core.numbers import contact_key, read_number
from gateway.core.policy import ContactKind
from gateway.turns import office
from gateway.turns.context import Context

CONFIGURED = "configuration"


def put(ctx: Context, event: ContactPut) -> list[Effect]:
    """Write down who a number is. Declined with a sentence for what cannot be said here."""
    number = contact_key(read_number(event.number, ctx.business.country, ctx.business.area_code), event.number)
    if number is None:
        return [Declined("this is no telephone number - write it as (216) 555-0137")]
    known = {note.kind: note for note in records.notes_of(ctx.db, number)}
    add = [ContactKind(kind) for kind in event.add if kind not in known]
    drop = [known[ContactKind(kind)] for kind in event.drop if kind in known]
    if not set(add) <= {*SETTABLE, ContactKind.OPTED_OUT} or any(note.kind not in SETTABLE for note in drop):
        return [Declined("this cannot be changed here")]
    if any(note.basis == CONFIGURED for note in drop):
        return [Declined("this stands in the configuration of the box and is changed there")]
    if not add and len(drop) == len(known):
        if not known:
            return [Declined("say what this number is: a customer, a vendor ...")]
        if event.name:
            return [Declined("a contact is at least of one kind - choose one, or remove the contact")]
    effects: list[Effect] = []
    for note in drop:
        records.drop_contact(ctx.db, number, note.kind)
        records.note(ctx.db, ctx.now, f"peer:{number}", f"{event.by}: no longer {note.kind.value}")
    name = tidy_name(event.name)
    for kind in add:
        basis = f"{event.by} on the page"
        effects += office.contact_set(ctx, ContactSet(ctx.now, number, kind.value, name=name, basis=basis))
    called = next((note.name for note in known.values() if note.name), "")
    if name != called and len(drop) < len(known) + len(add):
        records.set_contact_name(ctx.db, number, name)
        if called:
            records.note(ctx.db, ctx.now, f"peer:{number}", f"{event.by}: is called {name or 'nothing'} now")
    return effects or [Changed("contacts")]


def taken(ctx: Context, event: ContactsTaken) -> list[Effect]:
    """Take in a part of a file: kinds are added, none is taken back; a name is filled in where there is none."""
    effects: list[Effect] = []
    for contact in event.contacts:
        known = records.notes_of(ctx.db, contact.number)
        called = next((note.name for note in known if note.name), "") or contact.name
        for kind in contact.kinds:
            said = ContactSet(ctx.now, contact.number, kind, name=called, basis=f"{event.by}, out of a file")
            effects += office.contact_set(ctx, said)
        if known and called and not any(note.name for note in known):
            records.set_contact_name(ctx.db, contact.number, called)
    others = [effect for effect in effects if effect != Changed("contacts")]
    return [*others, Changed("contacts")]
