"""Turns of delivery reports: what the network says later of a segment that has left.

A report names its segment by the reference that the modem gave with its answer, and by the number. Three things get in the
way: a report may overtake that answer (it waits then, and finds its segment when the answer comes); an unsure segment has no
reference (a report that fits nothing else settles it); references come round after 256 texts (the newest one is meant).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway import records
from gateway.core.alphabet import split
from gateway.core.effects import Changed, Effect
from gateway.core.events import ReportReceived
from gateway.core.numbers import read_number
from gateway.core.outbound import NO_SMS_STATUS, TO_OUR_PEOPLE, Purpose, ReportMeaning, TextState, report_meaning
from gateway.core.policy import ContactKind
from gateway.records import TextRecord, WaitingReport
from gateway.turns import digest, escalation, fates, leads, notices, testcalls
from gateway.turns.context import Context

REPORT_WINDOW = timedelta(days=3)  # TP-MR counts 0..255 and comes round again; service centres report within days


def reported(ctx: Context, event: ReportReceived) -> list[Effect]:
    """Take a delivery report in, once. One that says only that the network still tries changes nothing."""
    if report_meaning(event.status) is ReportMeaning.PENDING:
        return []
    to = read_number(event.to, ctx.business.country, ctx.business.area_code).e164 or event.to
    report = WaitingReport(event.identity, event.ref, event.status)
    if not records.add_report(ctx.db, report, to, ctx.now):
        return []  # the same PDU, read twice
    text_id = _belongs(ctx, report, to)
    if text_id is None:
        say = f"a delivery report (reference {event.ref}) that belongs to no text yet"
        records.note(ctx.db, ctx.now, f"peer:{to}", say)
        return []
    return sum_up(ctx, text_id)


def overtaken(ctx: Context, peer: str, since: datetime) -> list[Effect]:
    """The modem has answered: reports that came for `peer` since it got the segment may find theirs now."""
    effects: list[Effect] = []
    for report in records.waiting_reports(ctx.db, peer, since):
        text_id = _belongs(ctx, report, peer)
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
    records.close_unsure(ctx.db, text_id, "delivery report", ctx.now)
    if text.call_id is not None and fates.answers_call(text) and text.state is TextState.UNCONFIRMED:
        records.set_texted(ctx.db, text.call_id, "texted, confirmed by a report")
    return [Changed("texts")]


def _belongs(ctx: Context, report: WaitingReport, to: str) -> int | None:
    """Note the report on the segment it is about, if there is one; gives the text."""
    known = records.segments_to(ctx.db, to, ctx.now - REPORT_WINDOW)
    about = next((each for each in known if each.state is TextState.ACCEPTED and each.ref == report.ref), None)
    if about is None:
        told = any(each.ref == report.ref for each in known)  # that one is settled: the service centre says it twice
        under_way = any(each.state is TextState.SUBMITTING for each in known)  # it may be this one: no reference yet
        unsure = [each for each in known if each.state is TextState.UNCONFIRMED and each.ref is None]
        if told or under_way or len(unsure) != 1:
            return None
        about = unsure[0]
    delivered = report_meaning(report.status) is ReportMeaning.DELIVERED
    state = TextState.DELIVERED if delivered else TextState.UNDELIVERED
    evidence = "" if delivered else f"status {report.status:#04x}"
    records.set_segment(ctx.db, about.text_id, about.number, state, ctx.now, report.ref, evidence)
    records.give_report(ctx.db, report.identity, about.text_id)
    return about.text_id


def _undelivered(ctx: Context, text: TextRecord) -> list[Effect]:
    records.set_text(ctx.db, text.id, TextState.UNDELIVERED, "the network could not deliver it")
    records.close_unsure(ctx.db, text.id, "delivery report", ctx.now)
    if no_sms := records.reported_statuses(ctx.db, text.id) & NO_SMS_STATUS:
        basis = f"delivery report, status {min(no_sms):#04x}"
        records.add_contact(ctx.db, text.peer, ContactKind.LANDLINE, name="", basis=basis, now=ctx.now)
    if text.purpose is Purpose.DIGEST:
        return digest.not_sent(ctx, text)
    if text.purpose not in TO_OUR_PEOPLE and not testcalls.is_text(text):
        say = "the text could not be delivered"
        notices.of_text(ctx, text, say, known=leads.RULED in text.key)
        leads.untold(ctx, text, say)
        records.open_task(ctx.db, "call_back", text.peer, say, ctx.now, call_id=text.call_id, text_id=text.id)
    if text.call_id is not None and fates.answers_call(text):
        records.set_texted(ctx.db, text.call_id, "texted, but not delivered, on the call-back list")
    return [Changed("texts"), *(escalation.undelivered(ctx, text) if fates.is_alarm(text) else ())]
