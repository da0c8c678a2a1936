"""Turns of delivery reports: what the network says later of a segment that has left.

A report names its segment by the reference that the modem gave with its answer, and by the number. Three things get in the
way: a report may overtake that answer (it waits then, and finds its segment when the answer comes); an unsure segment has no
reference (a report that fits nothing else settles it); references come round after 256 texts (the newest one is meant).
"""

from __future__ import annotations

from datetime import timedelta

from gateway import records
from gateway.clock import to_ms
from gateway.core.alphabet import split
from gateway.core.effects import Changed, Effect
from gateway.core.events import ReportReceived
from gateway.core.numbers import read_number
from gateway.core.outbound import NO_SMS_STATUS, TO_OUR_PEOPLE, Purpose, ReportMeaning, TextState, report_meaning
from gateway.core.policy import ContactKind
from gateway.records import TextRecord
from gateway.turns.context import Context

REPORT_WINDOW = timedelta(days=3)  # TP-MR counts 0..255 and comes round again; service centres report within days


def reported(ctx: Context, event: ReportReceived) -> list[Effect]:
    """Take a delivery report in, once. One that says only that the network still tries changes nothing."""
    if report_meaning(event.status) is ReportMeaning.PENDING:
        return []
    to = read_number(event.to, ctx.business.country, ctx.business.area_code).e164 or event.to
    added = ctx.db.execute(
        "INSERT INTO reports (identity, at, peer, ref, status) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (event.identity, to_ms(ctx.now), to, event.ref, event.status),
    )
    if added.rowcount == 0:
        return []  # the same PDU, read twice
    text_id = _belongs(ctx, event.identity, to, event.ref, event.status)
    if text_id is None:
        say = f"a delivery report (reference {event.ref}) that belongs to no text yet"
        records.note(ctx.db, ctx.now, f"peer:{to}", say)
        return []
    return sum_up(ctx, text_id)


def overtaken(ctx: Context, peer: str, since: int) -> list[Effect]:
    """The modem has answered: reports that came for `peer` since it got the segment (ms) may find theirs now."""
    rows = ctx.db.execute(
        "SELECT identity, ref, status FROM reports WHERE peer = ? AND text_id IS NULL AND at >= ? ORDER BY at",
        (peer, since),
    ).fetchall()
    effects: list[Effect] = []
    for row in rows:
        text_id = _belongs(ctx, row["identity"], peer, row["ref"], row["status"])
        if text_id is not None:
            effects += sum_up(ctx, text_id)
    return effects


def sum_up(ctx: Context, text_id: int) -> list[Effect]:
    """What a text has become, once its segments have left, by the reports that have come."""
    text = records.text_by_id(ctx.db, text_id)
    assert text is not None
    if text.state not in (TextState.ACCEPTED, TextState.UNCONFIRMED):
        return [Changed("texts")]  # still leaving, or settled for good
    states = records.segment_states(ctx.db, text_id)
    if TextState.UNDELIVERED in states.values():
        return _undelivered(ctx, text)
    if set(states.values()) != {TextState.DELIVERED} or len(states) < len(split(text.body, 0)):
        return [Changed("texts")]
    records.set_text(ctx.db, text_id, TextState.DELIVERED)
    close_unsure(ctx, text_id, "delivery report")
    if text.call_id is not None and text.purpose is Purpose.OPENER and text.state is TextState.UNCONFIRMED:
        ctx.db.execute(
            "UPDATE calls SET state = 'texted', say = 'texted, confirmed by a report' WHERE id = ?", (text.call_id,)
        )
    return [Changed("texts")]


def close_unsure(ctx: Context, text_id: int, by: str) -> None:
    """The text is not in doubt any more."""
    ctx.db.execute(
        "UPDATE tasks SET closed_at = ?, closed_by = ? WHERE text_id = ? AND kind = 'unsure_text' AND closed_at IS NULL",
        (to_ms(ctx.now), by, text_id),
    )


def _belongs(ctx: Context, identity: str, to: str, ref: int, status: int) -> int | None:
    """Note the report on the segment it is about, if there is one; gives the text."""
    known = ctx.db.execute(
        "SELECT s.text_id, s.number, s.state, s.ref FROM segments s JOIN texts t ON t.id = s.text_id"
        " WHERE t.peer = ? AND s.at > ? ORDER BY s.at DESC, s.text_id DESC",
        (to, to_ms(ctx.now - REPORT_WINDOW)),
    ).fetchall()
    about = next((r for r in known if r["state"] == "accepted" and r["ref"] == ref), None)
    if about is None:
        told = any(r["ref"] == ref for r in known)  # that segment is settled: the service centre says it twice
        under_way = any(r["state"] == "submitting" for r in known)  # its reference is not known yet: it may be this one
        unsure = [r for r in known if r["state"] == "unconfirmed" and r["ref"] is None]
        if told or under_way or len(unsure) != 1:
            return None
        about = unsure[0]
    delivered = report_meaning(status) is ReportMeaning.DELIVERED
    state = TextState.DELIVERED if delivered else TextState.UNDELIVERED
    evidence = "" if delivered else f"status {status:#04x}"
    records.set_segment(ctx.db, about["text_id"], about["number"], state, ctx.now, ref, evidence)
    ctx.db.execute("UPDATE reports SET text_id = ? WHERE identity = ?", (about["text_id"], identity))
    return int(about["text_id"])


def _undelivered(ctx: Context, text: TextRecord) -> list[Effect]:
    records.set_text(ctx.db, text.id, TextState.UNDELIVERED, "the network could not deliver it")
    close_unsure(ctx, text.id, "delivery report")
    statuses = {r["status"] for r in ctx.db.execute("SELECT status FROM reports WHERE text_id = ?", (text.id,))}
    if no_sms := statuses & NO_SMS_STATUS:
        basis = f"delivery report, status {min(no_sms):#04x}"
        records.add_contact(ctx.db, text.peer, ContactKind.LANDLINE, name="", basis=basis, now=ctx.now)
    if text.purpose not in TO_OUR_PEOPLE:
        say = "the text could not be delivered"
        records.open_task(ctx.db, "call_back", text.peer, say, ctx.now, call_id=text.call_id, text_id=text.id)
    if text.call_id is not None and text.purpose is Purpose.OPENER:
        ctx.db.execute(
            "UPDATE calls SET state = 'texted', say = 'texted, but not delivered, on the call-back list' WHERE id = ?",
            (text.call_id,),
        )
    return [Changed("texts")]
