"""Who answers us by machine: learnt from the same words sent back, forgotten when other words come."""

from __future__ import annotations

import re

from gateway import records
from gateway.core.policy import ContactKind
from gateway.turns import hearing
from gateway.turns.context import Context
from gateway.turns.flagged import flags_emergency

_SAID_TWICE = "sent the same text back twice"
_WHO = re.compile(
    r"\bwho(?:'?s| is| are| r| am i| dis| this)\b|\bis (?:this|that) (?:a )?(?:robot|bot|real person|person|machine|computer)"
    r"|\b(?:qui[eé]n(?:es)?) (?:es|eres|son|habla|me)\b|\b(?:es|eres) (?:un |una )?(?:robot|m[aá]quina|persona)",
    re.IGNORECASE,
)


def learn(ctx: Context, letter_id: int, peer: str, body: str) -> None:
    """Who answers us with the same words twice running is a machine, until other words come.

    One word repeated ("hello?", "yes") is a person who waits, and so is who repeats himself before we have answered, or asks
    again who we are; the words of telephones that answer by themselves are a machine's even so.
    """
    by_machine = is_by_machine(ctx, body)
    before = records.letter_before(ctx.db, peer, letter_id, answered=not by_machine)
    said_twice = before is not None and _plain(before) == _plain(body) and " " in body.strip()
    if said_twice and not _tells_of_emergency(ctx, body) and (by_machine or not _asks_who_we_are(ctx, body)):
        basis = f"{_SAID_TWICE}: {body[:100]}"
        records.add_contact(ctx.db, peer, ContactKind.AUTORESPONDER, name="", basis=basis, now=ctx.now)
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"looks like a machine, gets no automatic text: {basis}")
        return
    if records.drop_contact(ctx.db, peer, ContactKind.AUTORESPONDER, _SAID_TWICE):
        records.note(ctx.db, ctx.now, f"peer:{peer}", "wrote something else: no machine after all")


def is_by_machine(ctx: Context, body: str) -> bool:
    """Whether a telephone or a service has written this text by itself."""
    try:
        return ctx.read is not None and hearing.is_by_machine(body, ctx.read)
    except records.FAULTS:
        return False  # the reader's; told where it counts


def _tells_of_emergency(ctx: Context, body: str) -> bool:
    try:
        return flags_emergency(body) or (ctx.read is not None and ctx.read(body).urgency == "emergency")
    except records.FAULTS:
        return True  # nobody knows: rather a person


def _asks_who_we_are(ctx: Context, body: str) -> bool:
    """Whom a strange number texts asks so, and asks again when the answer does not satisfy."""
    return bool(_WHO.search(body.replace("’", "'"))) or (ctx.read is not None and ctx.read(body).intent == "help")


def _plain(body: str) -> str:
    return re.sub(r"\W+", "", body.casefold())
