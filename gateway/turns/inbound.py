"""Turns of incoming segments: kept once, joined, and the few words that are obeyed at once."""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime, timedelta

from gateway import records
from gateway.core import wording
from gateway.core.alphabet import segment_count, transliterate
from gateway.core.assembly import join_parts
from gateway.core.effects import Changed, Effect, SetAside
from gateway.core.events import SegmentReceived
from gateway.core.keywords import Keyword, lone_keyword
from gateway.core.numbers import NumberKind, read_number, spoken
from gateway.core.outbound import PRIORITY, Purpose
from gateway.core.policy import ContactKind, is_own
from gateway.turns import conversation, optouts
from gateway.turns.context import Context

UNREAD = "a fault in this program kept it from being taken in"
PARTS_WAIT = timedelta(minutes=10)  # gammu-smsd's MultipartTimeout: then what has come is handed over
PARTS_FOLLOW = timedelta(
    seconds=10
)  # parts of one text come some seconds apart; an emergency waits no longer for the next
LATE_PARTS = timedelta(hours=2)  # a part of the same number and size that comes later is of another text
ALERT_LIFE = timedelta(hours=4)  # the validity of the alert on the network side is the same
ALERTS_OF_ONE, ALERTS_WITHIN = 3, timedelta(minutes=15)  # the owner's telephone must stay usable in an emergency
LONGEST_ALERT = 320  # characters looked at: twice what one segment holds


def received(ctx: Context, event: SegmentReceived) -> list[Effect]:
    """Keep a segment under its own identity; a text that is whole is read."""
    number = read_number(event.sender, ctx.business.country, ctx.business.area_code)
    peer = number.e164 or event.sender
    if not records.keep_segment(ctx.db, event, peer, ctx.now):
        return []  # the same PDU, read twice
    if event.total is None or event.total < 2 or event.number is None or not 1 <= event.number <= event.total:
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
    number = read_number(peer, ctx.business.country, ctx.business.area_code)
    if (
        event.kind != "text"
        or is_own(ctx.business, number, peer)
        or ContactKind.STAFF in records.kinds_of(ctx.db, peer)
    ):
        return []
    body = join_parts(parts)
    try:
        with records.attempt(ctx.db):
            reading = None if ctx.read is None else ctx.read(body)
            if reading is not None and reading.life_safety:
                return _join(ctx, peer, parts, complete=False)
            if flags_emergency(body) or (reading is not None and reading.urgency == "emergency"):
                records.mark_alarming(ctx.db, event.identity)
    except records.FAULTS as fault:  # the parts wait for the others, as any text
        records.note(ctx.db, ctx.now, "box:fault", f"parts of a text were not read: {type(fault).__name__}: {fault}")
    return []


def _rest(ctx: Context, letter_id: int, peer: str, event: SegmentReceived) -> list[Effect]:
    """A part of a text that was handed over without it."""
    parts = records.add_to_letter(ctx.db, letter_id, event.identity)
    body, whole = join_parts(parts), len({part.number for part in parts}) == event.total
    records.tell_letter(ctx.db, letter_id, body, complete=whole)
    number = read_number(peer, ctx.business.country, ctx.business.area_code)
    customer = number.kind in (NumberKind.TEXTABLE, NumberKind.INTERNATIONAL) and not is_own(ctx.business, number, peer)
    if ctx.read is None or event.kind != "text" or not customer or ContactKind.STAFF in records.kinds_of(ctx.db, peer):
        return [Changed("texts")]
    sent_at = min((part.scts for part in parts if part.scts is not None), default=None)
    try:
        with records.attempt(ctx.db):
            came = conversation.text_came(ctx, letter_id, peer, body, ctx.read, sent_at, part=event)
    except records.FAULTS as fault:
        records.note(ctx.db, ctx.now, "box:fault", f"text {letter_id} was not read: {type(fault).__name__}: {fault}")
        came = [
            SetAside("SegmentReceived", type(fault).__name__),
            *_for_a_person(ctx, letter_id, peer, body, event.kind, done=False),
        ]
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
    records.open_task(ctx.db, "wrote", peer, f"a text came in; {UNREAD}: look whether it asks for silence", ctx.now)
    return [Changed("tasks"), SetAside("SegmentReceived", type(fault).__name__)]


def next_flush(db: sqlite3.Connection) -> datetime | None:
    """When the first text that lacks parts becomes overdue."""
    return records.next_stalled(db, PARTS_WAIT, PARTS_FOLLOW)


def _join(ctx: Context, peer: str, parts: list[SegmentReceived], *, complete: bool) -> list[Effect]:
    return _letter(ctx, peer, parts, join_parts(parts), complete=complete)


def _letter(ctx: Context, peer: str, parts: list[SegmentReceived], body: str, *, complete: bool) -> list[Effect]:
    kind, identities = parts[0].kind, [part.identity for part in parts]
    letter_id = records.add_letter(ctx.db, peer, body, kind, complete=complete, identities=identities, now=ctx.now)
    sent_at = min((part.scts for part in parts if part.scts is not None), default=None)
    return [Changed("texts"), *_read(ctx, letter_id, peer, body, kind, sent_at)]


def _read(ctx: Context, letter_id: int, peer: str, body: str, kind: str, sent_at: datetime | None) -> list[Effect]:
    """Obey a lone keyword first; what a customer says goes into the conversation."""
    number = read_number(peer, ctx.business.country, ctx.business.area_code)
    kinds = records.kinds_of(ctx.db, peer)
    if number.e164 is None or is_own(ctx.business, number, peer) or ContactKind.STAFF in kinds:
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"text {letter_id} is not from a customer")
        return []
    word = lone_keyword(body) if kind == "text" else None
    key = f"letter:{letter_id}"
    effects: list[Effect] = []
    if word is Keyword.STOP:
        effects += optouts.opt_out(ctx, peer, body, key, sent_at)
    if number.kind not in (NumberKind.TEXTABLE, NumberKind.INTERNATIONAL):
        if word is Keyword.STOP:
            return effects
        if (
            number.kind is NumberKind.TOLL_FREE
        ):  # bigger customers text from such numbers; they are not answered by text
            return [*effects, *_for_a_person(ctx, letter_id, peer, body, kind, done=False)]
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"text {letter_id} is not from a person")
        return effects
    if word is Keyword.START:
        effects = optouts.opt_in(ctx, peer, body, key)
        if ctx.read is None:
            return [*effects, *_for_a_person(ctx, letter_id, peer, body, kind, done=False)]
        return [*effects, *conversation.opted_in(ctx, letter_id, peer, key), Changed("tasks")]
    if word is not Keyword.STOP:
        if not _is_by_machine(ctx, body, kind):
            records.set_peer(ctx.db, peer, "wrote_at", ctx.now)
        if kind == "text":
            _learn_machine(ctx, letter_id, peer, body)
    helped = (
        word is Keyword.HELP
        and ContactKind.OPTED_OUT not in kinds
        and optouts.answer(ctx, f"{key}:help", Purpose.HELP, peer, "help")
    )
    if ctx.read is not None and kind == "text":
        answered = word is Keyword.STOP or helped
        try:
            with records.attempt(ctx.db):
                came = conversation.text_came(ctx, letter_id, peer, body, ctx.read, sent_at, answered=answered)
            return [*effects, *came, Changed("tasks")]
        except records.FAULTS as fault:  # what needs no reading is obeyed all the same
            records.note(
                ctx.db, ctx.now, "box:fault", f"text {letter_id} was not read: {type(fault).__name__}: {fault}"
            )
            effects.append(SetAside("SegmentReceived", type(fault).__name__))
    if ctx.read is not None and kind == "mms_notice":
        return [*conversation.picture_came(ctx, letter_id, peer), Changed("tasks")]
    return [*effects, *_for_a_person(ctx, letter_id, peer, body, kind, done=helped or word is Keyword.STOP)]


def _is_by_machine(ctx: Context, body: str, kind: str) -> bool:
    try:
        return kind == "text" and ctx.read is not None and conversation.is_by_machine(body, ctx.read)
    except records.FAULTS:
        return False  # the reader's; told where it counts


def _for_a_person(ctx: Context, letter_id: int, peer: str, body: str, kind: str, *, done: bool) -> list[Effect]:
    """What nobody can read for the office waits for it; a flagged emergency is passed on as it stands."""
    if done:
        return [Changed("tasks")]
    if flags_emergency(body):
        _alert_owner(ctx, letter_id, peer, body)
    picture = "a picture was sent, and this box cannot receive pictures: ask what is on it"
    say = picture if kind == "mms_notice" else "a text came in, and nobody has answered it yet"
    records.open_task(ctx.db, "wrote", peer, say, ctx.now)
    return [Changed("tasks")]


_SAID_TWICE = "sent the same text back twice"


def _learn_machine(ctx: Context, letter_id: int, peer: str, body: str) -> None:
    """Who answers us with the same words twice running is a machine, until other words come.

    One word repeated ("hello?", "yes") is a person who waits, and so is who repeats himself before we have answered, or asks
    again who we are; the words of telephones that answer by themselves are a machine's even so.
    """
    by_machine = _is_by_machine(ctx, body, "text")
    before = records.letter_before(ctx.db, peer, letter_id, answered=not by_machine)
    said_twice = before is not None and _plain(before) == _plain(body) and " " in body.strip()
    if said_twice and not _tells_of_emergency(ctx, body) and (by_machine or not _asks_who_we_are(ctx, body)):
        basis = f"{_SAID_TWICE}: {body[:100]}"
        records.add_contact(ctx.db, peer, ContactKind.AUTORESPONDER, name="", basis=basis, now=ctx.now)
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"looks like a machine, gets no automatic text: {basis}")
        return
    if records.drop_contact(ctx.db, peer, ContactKind.AUTORESPONDER, _SAID_TWICE):
        records.note(ctx.db, ctx.now, f"peer:{peer}", "wrote something else: no machine after all")


def _tells_of_emergency(ctx: Context, body: str) -> bool:
    try:
        return flags_emergency(body) or (ctx.read is not None and ctx.read(body).urgency == "emergency")
    except records.FAULTS:
        return True  # nobody knows: rather a person


_WHO = re.compile(
    r"\bwho(?:'?s| is| are| r| am i| dis| this)\b|\bis (?:this|that) (?:a )?(?:robot|bot|real person|person|machine|computer)"
    r"|\b(?:qui[eé]n(?:es)?) (?:es|eres|son|habla|me)\b|\b(?:es|eres) (?:un |una )?(?:robot|m[aá]quina|persona)",
    re.IGNORECASE,
)


def _asks_who_we_are(ctx: Context, body: str) -> bool:
    """Whom a strange number texts asks so, and asks again when the answer does not satisfy."""
    return bool(_WHO.search(body.replace("’", "'"))) or (ctx.read is not None and ctx.read(body).intent == "help")


def _plain(body: str) -> str:
    return re.sub(r"\W+", "", body.casefold())


def flags_emergency(body: str) -> bool:
    """The caller uses the word by which our openers let an emergency be flagged."""
    words = set(re.findall(r"[a-z]+", body.casefold()))
    return not words.isdisjoint(word.casefold() for word in wording.EMERGENCY_WORDS.values())


def _alert_owner(ctx: Context, letter_id: int, peer: str, body: str) -> None:
    """The owner gets the caller's own words at once, in one segment; the page shows what goes beyond a few."""
    records.note(ctx.db, ctx.now, f"peer:{peer}", f"text {letter_id} flags an emergency")
    if ctx.business.owner is None:
        return
    told = records.alerts_about(ctx.db, peer, ctx.now - ALERTS_WITHIN)
    if told >= ALERTS_OF_ONE:
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"the owner was told {told} times within a quarter of an hour")
        return
    text = f"URGENT from {spoken(peer)}: {transliterate(' '.join(body[:LONGEST_ALERT].split()))}"
    while segment_count(text) > 1:
        text = text[: len(text) - 5].rstrip() + "..."
    records.add_text(
        ctx.db,
        key=f"letter:{letter_id}:alert",
        purpose=Purpose.ESCALATION,
        to=ctx.business.owner,
        body=text,
        template="urgent",
        priority=PRIORITY[Purpose.ESCALATION],
        due=ctx.now,
        expires=ctx.now + ALERT_LIFE,
        now=ctx.now,
    )
