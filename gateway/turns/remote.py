"""Turns of texts from our own people: an emergency is taken by its code.

A text of a customer never comes here: only the full number of a person whom the configuration names does.
"""

from __future__ import annotations

import re

from gateway import records
from gateway.core.effects import Declined, Effect
from gateway.core.outbound import PRIORITY, Purpose
from gateway.records import EscalationRecord
from gateway.turns import escalation, ladder
from gateway.turns.context import Context

_CODE = re.compile(r"\b\d{2,4}\b")
_YES = re.compile(
    r"\W*(?:ok(?:ay)?|yes|yep|si|got it|i (?:have|got) it|mine|on it|on my way|takes?|ack|lo tengo|ya voy|voy)\b.{0,40}",
    re.IGNORECASE,
)


def came(ctx: Context, letter_id: int, peer: str, body: str) -> list[Effect]:
    """A text of one of our people; what is no command is noted and answered by nobody."""
    person = ctx.business.people.with_phone(peer)
    found = _meant(ctx, peer, body) if person is not None else None
    if person is None or found is None:
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"text {letter_id} is not from a customer")
        return []
    effects = escalation.take(ctx, found, person, person.name or "the owner")
    declined = next((effect.say for effect in effects if isinstance(effect, Declined)), None)
    say = declined or f"You have it. Call {found.peer}."
    _reply(ctx, peer, f"{found.code}: {say}", f"letter:{letter_id}:reply")
    return [effect for effect in effects if not isinstance(effect, Declined)]


def _meant(ctx: Context, peer: str, body: str) -> EscalationRecord | None:
    """The emergency that a text takes: by its code, or by a plain yes where the writer was told of just one."""
    for code in _CODE.findall(body):
        if (found := records.escalation_by_code(ctx.db, int(code))) is not None:
            return found
    told = records.escalations_told(ctx.db, peer)
    return told[0] if len(told) == 1 and _YES.fullmatch(body.strip()) else None


def _reply(ctx: Context, to: str, body: str, key: str) -> None:
    records.add_text(
        ctx.db,
        key=key,
        purpose=Purpose.OWNER_REPLY,
        to=to,
        body=body,
        template="reply",
        priority=PRIORITY[Purpose.OWNER_REPLY],
        due=ctx.now,
        expires=ctx.now + ladder.ALERT_LIFE,
        now=ctx.now,
    )
