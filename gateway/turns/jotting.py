"""Turns of what people write down about a lead: notes, which are never changed; who wrote one may strike it out."""

from __future__ import annotations

from gateway import records
from gateway.core import events
from gateway.core.desk.hold import person_of
from gateway.core.effects import Changed, Declined, Effect
from gateway.turns import office
from gateway.turns.context import Context

LONGEST_NOTE = 2000  # characters: a page; more is a letter


def noted(ctx: Context, event: events.LeadNoted) -> list[Effect]:
    """Something is written down. The same words within a minute are one note: a form that was sent twice."""
    body = "\n".join(line.rstrip() for line in event.body.replace("\r\n", "\n").strip().split("\n"))
    if records.lead_by_id(ctx.db, event.lead_id) is None:
        return [Declined("there is no such lead")]
    if not body:
        return [Declined("there are no words to note")]
    if len(body) > LONGEST_NOTE:
        return [
            Declined(f"this note is too long: {len(body)} characters, and {LONGEST_NOTE} are the most - shorten it")
        ]
    if records.same_note_since(ctx.db, event.lead_id, event.by, body, ctx.now - office.CLICKED_TWICE):
        return []
    records.add_note(ctx.db, event.lead_id, event.by, body, ctx.now)
    return [Changed("leads")]


def struck(ctx: Context, event: events.NoteStruck) -> list[Effect]:
    """A note does not count any more, says who wrote it; its words stay."""
    note = records.note_by_id(ctx.db, event.note_id)
    if note is None:
        return [Declined("there is no such note")]
    if note.by != event.by:
        return [
            Declined(f"only {person_of(note.by)}, who wrote this note, may strike it out - write a note of your own")
        ]
    if note.struck:
        return []
    records.strike_note(ctx.db, note.id, ctx.now)
    records.note(ctx.db, ctx.now, f"lead:{note.lead_id}", f"{person_of(event.by)} has struck out a note")
    return [Changed("leads")]
