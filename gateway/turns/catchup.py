"""Turns of calls that somebody else has noted: the phone system's records, the modem's list of missed calls, the carrier's texts.

Each call is one call, whatever number of witnesses have seen it: a note belongs to the call of the same key, else to a call of the
same person at that time which this witness has not named yet. What is left nobody here has seen. It is judged like any other call,
by its age: a young one is texted, an old one goes on the call-back list with the words "we were off from ... to ...".
"""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway import records
from gateway.core.carriernotices import CarrierNotice, read_notice
from gateway.core.effects import CallNotTexted, Changed, Effect
from gateway.core.events import (
    CallNoted,
    CallReason,
    MissedListRead,
    NotedBy,
)
from gateway.core.missedlist import new_entries
from gateway.core.numbers import NumberKind, read_number
from gateway.core.policy import NoText
from gateway.turns import calls
from gateway.turns.context import Context

NEAR = timedelta(seconds=90)  # clocks of the phone system, the carrier and ours differ, and carriers tell whole minutes
LATE = timedelta(hours=6)  # a carrier that does not say when: so long before its text the call may have been
SHORT = timedelta(minutes=2)  # an outage that is not worth a word


def started(ctx: Context) -> None:
    """The box was off since the last thing that was written."""
    before = records.last_written(ctx.db)
    if before is not None and before < ctx.now:
        records.outage_begins(ctx.db, "", before)
    records.outage_ends(ctx.db, "", ctx.now)


def noted(ctx: Context, event: CallNoted) -> list[Effect]:
    """A call as a witness tells it."""
    if records.is_sighted(ctx.db, event):
        return []
    outage = records.outage_of(ctx.db, event.part, event.earliest - NEAR, event.latest + NEAR)
    if event.key and (known := records.call_of_key(ctx.db, event.key)) is not None:
        records.add_sighting(ctx.db, event, known.id, outage, ctx.now, caught=False)
        return calls.ended(ctx, event.end()) if _is_open(known) else []
    peer = read_number(event.caller, ctx.business.country, ctx.business.area_code).e164
    if peer is not None:
        same = records.same_call(ctx.db, event, peer, event.earliest - NEAR, event.latest + NEAR)
        if same is not None:
            records.add_sighting(ctx.db, event, same.id, outage, ctx.now, caught=False)
            return []
    over = event.end()
    effects = calls.ended(ctx, over)
    call = records.call_by_key(ctx.db, over.source, over.key)
    if call is None:
        return effects
    records.add_sighting(ctx.db, event, call.id, outage, ctx.now, caught=True)
    say = _say(ctx, event, outage)
    records.note(ctx.db, ctx.now, f"call:{call.id}", f"caught up: {say}")
    if call.no_text == NoText.STALE.value:
        records.set_not_texted(ctx.db, call.id, call.no_text, f"{say}, on the call-back list", held=False)
        records.tell_call_back(ctx.db, call.id, say)
        effects = [
            CallNotTexted(
                each.at, each.call_id, each.caller, each.reason, f"{say}, on the call-back list", each.notify_owner
            )
            if isinstance(each, CallNotTexted) and each.call_id == call.id
            else each
            for each in effects
        ]
    return effects


def listed(ctx: Context, event: MissedListRead) -> list[Effect]:
    """A modem's list of missed calls: what is new in it since it was read last."""
    before = records.missed_list(ctx.db, event.part)
    marked = tuple((records.list_mark(event.part, entry.number), entry.stamp) for entry in event.entries)
    records.keep_missed_list(ctx.db, event.part, marked, ctx.now)
    if before is None:  # whose calls those are, and how old, nobody knows
        return []
    read_at, old = before
    count, found_again = new_entries(old, marked)
    outage = records.outage_of(ctx.db, event.part, read_at, ctx.now)
    earliest = read_at if outage is None else max(read_at, outage.began)
    if not found_again:  # nothing of the list before is left: these may be of any age
        earliest = min(earliest, ctx.now - timedelta(seconds=ctx.business.policy.max_age_s + 1))
    effects: list[Effect] = []
    for place, entry in enumerate(reversed(event.entries[:count])):
        at = entry.at if entry.at is not None and read_at - NEAR <= entry.at <= ctx.now + NEAR else None
        effects += noted(
            ctx,
            CallNoted(
                NotedBy.LIST,
                event.part,
                f"{read_at.timestamp():.3f}:{place}",
                min(at or earliest, ctx.now),
                entry.number,
                event.did,
                missed=True,
                reason=CallReason.NO_ANSWER,
                earliest=at or read_at,
                latest=at or ctx.now,
            ),
        )
    return effects


def carrier_text(ctx: Context, peer: str, body: str, identity: str, sent_at: datetime | None) -> list[Effect] | None:
    """The carrier's text about calls that did not reach the SIM; None when it is something else, or not the carrier's."""
    if not _is_carrier(ctx, peer):
        return None
    stamp = min(sent_at or ctx.now, ctx.now)
    notices = [each for each in read_notice(body, stamp, ctx.business.zone) if _can_call(ctx, each)]
    if not notices:
        return None
    effects: list[Effect] = [Changed("calls")]
    for place, notice in enumerate(notices):
        outage = records.outage_of(ctx.db, "", stamp - LATE, stamp)
        since = stamp - LATE if outage is None else max(stamp - LATE, outage.began)
        effects += noted(
            ctx,
            CallNoted(
                NotedBy.CARRIER,
                peer,
                f"{identity}:{place}",
                notice.at or stamp,
                notice.caller,
                ctx.business.rings_at,
                missed=True,
                reason=CallReason.NO_ANSWER,
                earliest=notice.at or since,
                latest=notice.at + timedelta(minutes=1) if notice.at else stamp,
            ),
        )
    return effects


def _is_carrier(ctx: Context, peer: str) -> bool:
    """A short code, the SIM itself, or who is named in the settings; never an ordinary telephone."""
    number = read_number(peer, ctx.business.country, ctx.business.area_code)
    if any(_same_sender(ctx, peer, sender) for sender in ctx.business.carriers):
        return True
    if number.e164 is not None:
        return number.e164 in ctx.business.sims
    return number.kind is NumberKind.SHORT_CODE or (peer.isdecimal() and 3 <= len(peer) <= 6)


def _same_sender(ctx: Context, peer: str, sender: str) -> bool:
    known = read_number(sender, ctx.business.country, ctx.business.area_code).e164
    return peer.casefold() in (sender.casefold(), (known or sender).casefold())


def _can_call(ctx: Context, notice: CarrierNotice) -> bool:
    kind = read_number(notice.caller, ctx.business.country, ctx.business.area_code).kind
    return kind in (NumberKind.TEXTABLE, NumberKind.INTERNATIONAL, NumberKind.TOLL_FREE)


def _is_open(known: records.CallRecord) -> bool:
    return known.state == "ringing" or known.no_text == NoText.UNKNOWN_OUTCOME.value


def _say(ctx: Context, event: CallNoted, outage: records.Outage | None) -> str:
    """Why nobody was texted in time."""
    if outage is None or (outage.ended or ctx.now) - outage.began < SHORT:
        told = {
            NotedBy.CDR: "the phone system's records",
            NotedBy.LIST: "the modem's list",
            NotedBy.CARRIER: "the carrier",
        }
        return f"was not seen here, told by {told[event.witness]}"
    who = "we were off" if not outage.part else f"{outage.part} was out of order"
    return f"{who} from {_clock(ctx, outage.began)} to {_clock(ctx, outage.ended or ctx.now)}"


def _clock(ctx: Context, at: datetime) -> str:
    return f"{at.astimezone(ctx.business.zone):%b %-d, %-I:%M %p}"
