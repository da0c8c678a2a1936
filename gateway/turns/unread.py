"""Whether somebody has acted on a page that was behind: an old tab, a poor Wi-Fi, two people at the same lead.

What a lead's caller wrote since, and an emergency of which the page did not know, is not settled, put off or talked down by it;
and where a person has written to him since, the next text by hand is held back once. Whoever is told so sees what is new, and may
press again.
"""

from __future__ import annotations

from gateway import records
from gateway.core.desk.upto import task_upto_in, upto_in
from gateway.core.escalation.ladder import State
from gateway.records import LeadRecord
from gateway.turns.context import Context

UNREAD = "they have written since you opened this page: read it first, then press again"
CALLED = "they have called again since you opened this page: look at it first, then press again"
ALARMED = "this has become an emergency since you opened this page: look at it first, then press again"
WRITTEN = (
    "somebody has written to them since you opened this page. Your text was not sent: look at the conversation first, and send it"
    " again if it is still right"
)


def why_not(ctx: Context, record: LeadRecord, upto: str) -> str | None:
    """Why nothing is settled from a page that had come so far, as a sentence; None where the page showed everything."""
    then, now = upto_in(upto), records.upto_of(ctx.db, record.id, record.peer)
    if then is None:
        return None
    if now.escalation > then.escalation:
        known = records.escalation_of_lead(ctx.db, record.id)
        if known is not None and known.state is not State.OVER:
            return ALARMED
    return UNREAD if now.letter > then.letter else None


def why_not_done(ctx: Context, task_id: int, upto: str) -> str | None:
    """The same for an entry of the list that belongs to no lead: a call back, a text that nobody could read."""
    then, peer = task_upto_in(upto), records.person_of(ctx.db, task_id, ("call_back", "wrote"))
    if then is None or not peer:
        return None
    flagged = records.flagged_by(ctx.db, peer)
    if flagged is not None and flagged.id > then.escalation:
        return ALARMED
    if then.letter and records.wrote_since(ctx.db, peer, then.letter):
        return UNREAD
    return CALLED if records.called_since(ctx.db, peer, then.call) else None


def written_to(ctx: Context, record: LeadRecord, upto: str, body: str) -> tuple[bool, str | None]:
    """Whether these words went to the caller from that very page already, and why others must not follow them unseen."""
    then = upto_in(upto)
    if then is None:
        return False, None
    since = records.by_hand_since(ctx.db, record.peer, then.text)
    return body in since, WRITTEN if since else None
