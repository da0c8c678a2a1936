"""Turns of incoming segments: each is kept once, and parts of one text are joined."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from gateway import records
from gateway.core.assembly import is_part, join_parts
from gateway.core.effects import Changed, Effect, SetAside
from gateway.core.events import SegmentReceived
from gateway.core.numbers import NumberKind, read_number
from gateway.turns import aside, flagged, hearing, letters, relay, remote
from gateway.turns.context import Context

PARTS_WAIT = timedelta(minutes=10)  # gammu-smsd's MultipartTimeout: then what has come is handed over
PARTS_FOLLOW = timedelta(seconds=10)  # they come some seconds apart; an emergency waits no longer for the next
LATE_PARTS = timedelta(hours=2)  # a part of the same number and size that comes later is of another text


def received(ctx: Context, event: SegmentReceived) -> list[Effect]:
    """Keep a segment under its own identity; a text that is whole is read."""
    number = read_number(event.sender, ctx.business.country, ctx.business.area_code)
    peer = event.sender if remote.is_short(ctx.business, event.sender) else number.e164 or event.sender
    if not records.keep_segment(ctx.db, event, peer, ctx.now):
        return []  # the same PDU, read twice
    if not is_part(event) or event.total is None or event.number is None:
        return _letter(ctx, peer, [event], event.body, complete=event.total in (None, 1))
    since = ctx.now - LATE_PARTS
    letter_id = records.letter_of_parts(ctx.db, peer, event.ref, event.total, event.number, since)
    if letter_id is not None:
        return _rest(ctx, letter_id, peer, event)
    parts = records.waiting_parts(ctx.db, peer, event.ref, event.total)
    if len({part.number for part in parts}) < event.total:
        return _incomplete(ctx, peer, event, parts)
    return _join(ctx, peer, parts, complete=True)


def _incomplete(ctx: Context, peer: str, event: SegmentReceived, parts: list[SegmentReceived]) -> list[Effect]:
    """Parts are missing. A danger to people does not wait for them, and another emergency only as long as parts follow
    each other; what is missing is added when it comes."""
    if event.kind != "text" or letters.is_ours(ctx, peer):
        return []
    body = join_parts(parts)
    try:
        with records.attempt(ctx.db):
            reading = None if ctx.read is None else ctx.read(body)
            if reading is not None and reading.life_safety:
                return _join(ctx, peer, parts, complete=False)
            if flagged.flags_emergency(body) or (reading is not None and reading.urgency == "emergency"):
                records.mark_alarming(ctx.db, event.identity)
    except records.FAULTS as fault:  # the parts wait for the others, as any text
        records.note(ctx.db, ctx.now, "box:fault", f"parts of a text were not read: {type(fault).__name__}: {fault}")
    return []


def _rest(ctx: Context, letter_id: int, peer: str, event: SegmentReceived) -> list[Effect]:
    """A part of a text that was handed over without it."""
    parts = records.add_to_letter(ctx.db, letter_id, event.identity)
    body, whole = remote.joined(ctx, peer, parts), len({part.number for part in parts}) == event.total
    records.tell_letter(ctx.db, letter_id, body, complete=whole)
    number = read_number(peer, ctx.business.country, ctx.business.area_code)
    customer = number.kind in (NumberKind.TEXTABLE, NumberKind.INTERNATIONAL) and not letters.is_ours(ctx, peer)
    if ctx.read is None or event.kind != "text" or not customer:
        return [Changed("texts")]
    sent_at = min((part.scts for part in parts if part.scts is not None), default=None)
    try:
        with records.attempt(ctx.db):
            came = hearing.text_came(ctx, letter_id, peer, body, ctx.read, sent_at, part=event)
    except records.FAULTS as fault:
        records.note(ctx.db, ctx.now, "box:fault", f"text {letter_id} was not read: {type(fault).__name__}: {fault}")
        came = [
            SetAside("SegmentReceived", type(fault).__name__),
            *letters.for_a_person(ctx, letter_id, peer, body, event.kind, done=False),
        ]
    relay.pass_on(ctx, letter_id, peer, event.body, event.kind, event.number or 0)
    return [Changed("texts"), *came, Changed("tasks")]


def flush(ctx: Context) -> list[Effect]:
    """Hand over what has come of texts whose missing parts are overdue."""
    effects: list[Effect] = []
    for parts in records.stalled_parts(ctx.db, ctx.now - PARTS_WAIT, ctx.now - PARTS_FOLLOW):
        try:
            with records.attempt(ctx.db):
                effects += _join(ctx, parts[0].sender, parts, complete=False)
        except records.FAULTS as fault:  # the sender asks for this, and must not be held up
            effects += _unread(ctx, parts, fault)
    return effects


def _unread(ctx: Context, parts: list[SegmentReceived], fault: Exception) -> list[Effect]:
    """Parts that this program cannot work with, as they came, for a person."""
    peer, body = parts[0].sender, " ".join(part.body for part in parts)
    identities = [part.identity for part in parts]
    letter_id = records.add_letter(
        ctx.db, peer, body, parts[0].kind, complete=False, identities=identities, now=ctx.now
    )
    records.note(ctx.db, ctx.now, "box:fault", f"text {letter_id} was set aside: {type(fault).__name__}")
    records.open_task(ctx.db, "wrote", peer, f"a text came in; {aside.SAY}: look whether it asks for silence", ctx.now)
    return [Changed("tasks"), SetAside("SegmentReceived", type(fault).__name__)]


def next_flush(db: sqlite3.Connection) -> datetime | None:
    """When the first text that lacks parts becomes overdue."""
    return records.next_stalled(db, PARTS_WAIT, PARTS_FOLLOW)


def _join(ctx: Context, peer: str, parts: list[SegmentReceived], *, complete: bool) -> list[Effect]:
    return _letter(ctx, peer, parts, remote.joined(ctx, peer, parts), complete=complete)


def _letter(ctx: Context, peer: str, parts: list[SegmentReceived], body: str, *, complete: bool) -> list[Effect]:
    kind, identities = parts[0].kind, [part.identity for part in parts]
    letter_id = records.add_letter(ctx.db, peer, body, kind, complete=complete, identities=identities, now=ctx.now)
    sent_at = min((part.scts for part in parts if part.scts is not None), default=None)
    return [Changed("texts"), *letters.read(ctx, letter_id, peer, body, kind, sent_at)]
