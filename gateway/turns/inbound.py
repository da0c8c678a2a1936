"""Turns of incoming segments: kept once, joined, and the few words that are obeyed at once."""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime, timedelta

from gateway import records
from gateway.core import wording
from gateway.core.alphabet import segment_count, transliterate
from gateway.core.assembly import join_parts
from gateway.core.effects import Changed, Effect, OptOutChanged
from gateway.core.events import SegmentReceived
from gateway.core.keywords import Keyword, lone_keyword
from gateway.core.numbers import NumberKind, is_foreign, read_number, spoken
from gateway.core.outbound import DEFAULT_PRIORITY, PRIORITY, Purpose
from gateway.core.policy import ContactKind, is_own
from gateway.turns import calls
from gateway.turns.context import Context

PARTS_WAIT = timedelta(minutes=10)  # gammu-smsd's MultipartTimeout: then what has come is handed over
ALERT_LIFE = timedelta(hours=4)  # the validity of the alert on the network side is the same
ANSWER_WITHIN = timedelta(minutes=5)  # 47 CFR 64.1200(a)(12): a confirmation within 5 minutes is presumed lawful
ANSWERS_TO_ONE, ANSWERS_WITHIN = 3, timedelta(days=1)  # a person needs one; a fourth is asked for by a machine
ALERTS_OF_ONE, ALERTS_WITHIN = 3, timedelta(minutes=15)  # the owner's telephone must stay usable in an emergency
LONGEST_ALERT = 320  # characters looked at: twice what one segment holds


def received(ctx: Context, event: SegmentReceived) -> list[Effect]:
    """Keep a segment under its own identity; a text that is whole is read."""
    number = read_number(event.sender, ctx.business.country, ctx.business.area_code)
    peer = number.e164 or event.sender
    if not records.keep_segment(ctx.db, event, peer, ctx.now):
        return []  # the same PDU, read twice
    if event.total is None or event.total < 2 or event.number is None or not 1 <= event.number <= event.total:
        return _letter(ctx, peer, [event.identity], event.body, event.kind, complete=event.total in (None, 1))
    parts = records.waiting_parts(ctx.db, peer, event.ref, event.total)
    if len({part.number for part in parts}) < event.total:
        return []
    return _join(ctx, peer, parts, complete=True)


def flush(ctx: Context) -> list[Effect]:
    """Hand over what has come of texts whose missing parts are overdue."""
    effects: list[Effect] = []
    for parts in records.stalled_parts(ctx.db, ctx.now - PARTS_WAIT):
        effects += _join(ctx, parts[0].sender, parts, complete=False)
    return effects


def next_flush(db: sqlite3.Connection) -> datetime | None:
    """When the oldest waiting part becomes overdue."""
    oldest = records.oldest_part(db)
    return None if oldest is None else oldest + PARTS_WAIT


def _join(ctx: Context, peer: str, parts: list[SegmentReceived], *, complete: bool) -> list[Effect]:
    return _letter(ctx, peer, [p.identity for p in parts], join_parts(parts), parts[0].kind, complete=complete)


def _letter(ctx: Context, peer: str, identities: list[str], body: str, kind: str, *, complete: bool) -> list[Effect]:
    letter_id = records.add_letter(ctx.db, peer, body, kind, complete=complete, identities=identities, now=ctx.now)
    return [Changed("texts"), *_read(ctx, letter_id, peer, body, kind)]


def _read(ctx: Context, letter_id: int, peer: str, body: str, kind: str) -> list[Effect]:
    """Obey a lone keyword; everything else waits for a person."""
    number = read_number(peer, ctx.business.country, ctx.business.area_code)
    kinds = records.kinds_of(ctx.db, peer)
    if number.e164 is None or is_own(ctx.business, number, peer) or ContactKind.STAFF in kinds:
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"text {letter_id} is not from a customer")
        return []
    word = lone_keyword(body) if kind == "text" else None
    if word is Keyword.STOP:
        return opt_out(ctx, peer, body, f"letter:{letter_id}")
    if number.kind not in (NumberKind.TEXTABLE, NumberKind.INTERNATIONAL):
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"text {letter_id} is not from a person")
        return []
    if word is Keyword.START:
        return _opt_in(ctx, peer, body, f"letter:{letter_id}")
    records.set_peer(ctx.db, peer, "wrote_at", ctx.now)
    if (
        word is Keyword.HELP
        and ContactKind.OPTED_OUT not in kinds
        and _answer(ctx, f"letter:{letter_id}:help", Purpose.HELP, peer, "help")
    ):
        return [Changed("tasks")]
    if flags_emergency(body):
        _alert_owner(ctx, letter_id, peer, body)
    elif kind == "text":
        _learn_machine(ctx, letter_id, peer, body)
    picture = "a picture was sent, and this box cannot receive pictures: ask what is on it"
    say = picture if kind == "mms_notice" else "a text came in, and nobody has answered it yet"
    records.open_task(ctx.db, "wrote", peer, say, ctx.now)
    return [Changed("tasks")]


_SAID_TWICE = "sent the same text back twice"


def _learn_machine(ctx: Context, letter_id: int, peer: str, body: str) -> None:
    """Who answers us with the same words twice running is a machine, until other words come.

    One word repeated ("hello?", "yes") is a person who waits.
    """
    before = records.letter_before(ctx.db, peer, letter_id)
    if before is not None and _plain(before) == _plain(body) and " " in body.strip():
        basis = f"{_SAID_TWICE}: {body[:100]}"
        records.add_contact(ctx.db, peer, ContactKind.AUTORESPONDER, name="", basis=basis, now=ctx.now)
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"looks like a machine, gets no first text: {basis}")
        return
    if records.drop_contact(ctx.db, peer, ContactKind.AUTORESPONDER, _SAID_TWICE):
        records.note(ctx.db, ctx.now, f"peer:{peer}", "wrote something else: no machine after all")


def _plain(body: str) -> str:
    return re.sub(r"\W+", "", body.casefold())


def opt_out(ctx: Context, peer: str, words: str, key: str) -> list[Effect]:
    """No more texts to `peer`: at once, before anything queued; one confirmation, the first time only."""
    if ContactKind.OPTED_OUT in records.kinds_of(ctx.db, peer):
        return []
    records.add_contact(ctx.db, peer, ContactKind.OPTED_OUT, name="", basis=words[:300], now=ctx.now)
    records.note(ctx.db, ctx.now, f"peer:{peer}", f"opted out: {words[:300]!r}")
    records.drop_promises(ctx.db, peer)
    effects = calls.cancel_texts(ctx, peer, "asked not to be texted")
    _answer(ctx, f"{key}:opt_out", Purpose.OPT_OUT_CONFIRMATION, peer, "opt_out")
    return [OptOutChanged(ctx.now, peer, True), *effects]


def _opt_in(ctx: Context, peer: str, words: str, key: str) -> list[Effect]:
    records.drop_contact(ctx.db, peer, ContactKind.OPTED_OUT)
    records.note(ctx.db, ctx.now, f"peer:{peer}", f"texts again: {words[:300]!r}")
    # What waits would say the contrary now.
    records.cancel_queued(ctx.db, peer, Purpose.OPT_OUT_CONFIRMATION, "opted in again")
    _answer(ctx, f"{key}:opt_in", Purpose.ANSWER, peer, "opt_in")
    return [OptOutChanged(ctx.now, peer, False)]


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


def _answer(ctx: Context, key: str, purpose: Purpose, peer: str, name: str) -> bool:
    """Queue a fixed text in the language in which we last wrote to `peer`.

    False when `peer` is not to be answered by machine, or was so a few times today: two machines would never end.
    """
    if not _may_be_answered(ctx, purpose, peer):
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"gets no automatic answer ({name})")
        return False
    language = "es" if records.last_template(ctx.db, peer).endswith("_es") else "en"
    body = wording.fixed_text(ctx.business, name, language, **wording.office_facts(ctx.business, None, ctx.now))
    records.add_text(
        ctx.db,
        key=key,
        purpose=purpose,
        to=peer,
        body=body,
        template=name,
        priority=PRIORITY.get(purpose, DEFAULT_PRIORITY),
        due=ctx.now,
        expires=ctx.now + ANSWER_WITHIN,
        now=ctx.now,
    )
    return True


def _may_be_answered(ctx: Context, purpose: Purpose, peer: str) -> bool:
    number = read_number(peer, ctx.business.country, ctx.business.area_code)
    if number.kind not in (NumberKind.TEXTABLE, NumberKind.INTERNATIONAL):
        return False
    if is_foreign(number, ctx.business.policy.allowed_countries):
        return False
    if not records.kinds_of(ctx.db, peer).isdisjoint({ContactKind.BLOCKED, ContactKind.AUTORESPONDER}):
        return False
    alike = (purpose,) if purpose is Purpose.OPT_OUT_CONFIRMATION else (Purpose.ANSWER, Purpose.HELP)
    return records.written_to(ctx.db, peer, alike, ctx.now - ANSWERS_WITHIN) < ANSWERS_TO_ONE
