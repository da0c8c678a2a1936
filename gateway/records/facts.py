"""What the rules are told: the call, its caller, and how busy the box is."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from gateway.clock import from_ms, to_ms
from gateway.core.business import Business
from gateway.core.numbers import contact_key, read_number
from gateway.core.outbound import TO_OUR_PEOPLE, Purpose
from gateway.core.policy import CallFacts, ContactKind, PeerFacts, Traffic, find_line
from gateway.records.calls import is_speaking
from gateway.records.rows import CallRecord, moment

# Texts that count against the caps: automatic ones to customers which have left or may have left.
_CAPPED = ", ".join(f"'{p}'" for p in Purpose if p not in TO_OUR_PEOPLE and p not in (Purpose.STAFF, Purpose.TEST))
_LEFT = "('submitting', 'accepted', 'delivered', 'undelivered', 'unconfirmed')"
LONGEST_TALK = timedelta(hours=2)  # with a caller the office rang; an end that was never told must not count for ever
CALLS_COUNTED = 50  # of one caller's misses so many are looked at: a machine may call ten thousand times


def call_facts(business: Business, call: CallRecord) -> CallFacts:
    """A stored, finished call as the rules see it."""
    did = read_number(call.did, business.country, business.area_code) if call.did else None
    return CallFacts(
        at=call.ended_at or call.started_at,
        source=call.source,
        line=find_line(business, call.did, did.e164 if did else None),
        number=read_number(call.caller, business.country, business.area_code),
        raw=call.caller,
        missed=call.missed,
        reason=call.reason,
        answered_by=call.answered_by,
        ring_s=call.ring_s,
        to_sim=did is not None and did.e164 in business.sims,
    )


def peer_facts(db: sqlite3.Connection, business: Business, call: CallRecord) -> PeerFacts:
    """What is remembered of the caller of `call`, other calls included."""
    key = call.peer or contact_key(read_number(call.caller, business.country, business.area_code), call.caller)
    kinds = {ContactKind(r["kind"]) for r in db.execute("SELECT kind FROM contacts WHERE number = ?", (key,))}
    if call.peer is None:
        return PeerFacts(kinds=frozenset(kinds))
    at = call.ended_at or call.started_at
    row = db.execute("SELECT * FROM peers WHERE number = ?", (call.peer,)).fetchone()
    since = to_ms(at - timedelta(seconds=max(business.policy.repeat_within_s, business.policy.duplicate_s)))
    until = to_ms(at + timedelta(seconds=business.policy.duplicate_s))
    others = db.execute(
        "SELECT ended_at FROM calls WHERE peer = ? AND ended_at BETWEEN ? AND ? AND id <> ? AND missed = 1"
        " AND no_text NOT IN ('duplicate', 'trial') ORDER BY ended_at DESC LIMIT ?",
        (call.peer, since, to_ms(at), call.id, CALLS_COUNTED),
    ).fetchall()
    # What another source did not see to its end settles nothing: this one may know that nobody answered.
    elsewhere = db.execute(
        "SELECT ended_at FROM calls WHERE peer = ? AND ended_at BETWEEN ? AND ? AND source <> ?"
        " AND no_text NOT IN ('duplicate', 'unknown_outcome') ORDER BY abs(ended_at - ?) LIMIT 1",
        (call.peer, since, until, call.source.value, to_ms(at)),
    ).fetchone()
    reached_at = moment(row["reached_at"]) if row else None
    dialled_at = moment(row["dialled_at"]) if row else None
    answers_us = reached_at is not None and dialled_at is not None and at - LONGEST_TALK < dialled_at <= reached_at
    if is_speaking(db, call.peer) or answers_us:
        reached_at = at if reached_at is None else max(at, reached_at)
    return PeerFacts(
        kinds=frozenset(kinds),
        opened_at=moment(row["opened_at"]) if row else None,
        contacted_at=moment(row["contacted_at"]) if row else None,
        wrote_at=moment(row["wrote_at"]) if row else None,
        takeover_until=moment(row["takeover_until"]) if row else None,
        reached_at=reached_at,
        repeat_told_at=moment(row["repeat_told_at"]) if row else None,
        missed_at=tuple(from_ms(r["ended_at"]) for r in reversed(others)),
        other_source_at=moment(elsewhere["ended_at"]) if elsewhere else None,
    )


def traffic(db: sqlite3.Connection, now: datetime, *, clock_sane: bool = True) -> Traffic:
    """How busy the box has been, and what is switched."""

    def sent_within(seconds: float) -> int:
        return int(
            db.execute(
                f"SELECT count(*) FROM texts WHERE sent_at > ? AND purpose IN ({_CAPPED}) AND state IN {_LEFT}",
                (to_ms(now - timedelta(seconds=seconds)),),
            ).fetchone()[0]
        )

    switches = {r["name"]: r["value"] for r in db.execute("SELECT name, value FROM switches")}
    return Traffic(
        minute=sent_within(60),
        hour=sent_within(3600),
        day=sent_within(86400),
        paused=switches.get("pause", ""),
        shadow=bool(switches.get("shadow")),
        clock_sane=clock_sane,
        storm_on=bool(switches.get("storm")),
    )
