"""SQL of the writer: rows in, values out. Runs inside a transaction on the writer's thread; `now` is always passed in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.clock import from_ms, to_ms
from gateway.core.business import Business
from gateway.core.events import CallReason, CallSource
from gateway.core.numbers import contact_key, read_number
from gateway.core.outbound import TO_OUR_PEOPLE, Purpose, TextState
from gateway.core.policy import CallFacts, ContactKind, PeerFacts, Traffic, find_line
from gateway.ports import OpenCall

# Texts that count against the caps: automatic ones to customers which have left or may have left.
_CAPPED = ", ".join(f"'{p}'" for p in Purpose if p not in TO_OUR_PEOPLE and p not in (Purpose.STAFF, Purpose.TEST))
_LEFT = "('submitting', 'accepted', 'delivered', 'undelivered', 'unconfirmed')"


CALLS_COUNTED = 50  # of one caller's misses so many are looked at: a machine may call ten thousand times

# What a fault of this program raises in a turn. A disk that refuses (OperationalError) or a damaged file (DatabaseError
# itself) is none: the transaction is over then.
FAULTS = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
)


@contextmanager
def attempt(db: sqlite3.Connection) -> Iterator[None]:
    """What is written inside is undone when anything is raised; the transaction around it goes on."""
    db.execute("SAVEPOINT attempt")
    try:
        yield
    except FAULTS:
        db.execute("ROLLBACK TO attempt")
        db.execute("RELEASE attempt")
        raise
    db.execute("RELEASE attempt")


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call as stored."""

    id: int
    source: CallSource
    key: str
    state: str
    caller: str
    peer: str | None
    did: str | None
    started_at: datetime
    ended_at: datetime | None
    known_at: datetime | None
    missed: bool | None
    reason: CallReason
    answered_by: str | None
    ring_s: float | None
    no_text: str
    notified: bool


@dataclass(frozen=True, slots=True)
class TextRecord:
    """An outgoing text as stored."""

    id: int
    key: str
    purpose: Purpose
    state: TextState
    peer: str
    body: str
    template: str
    call_id: int | None
    due: datetime
    expires: datetime | None
    tries: int
    doubts: int
    waits: str
    created_at: datetime
    sent_at: datetime | None


def _moment(value: int | None) -> datetime | None:
    return None if value is None else from_ms(value)


def call_record(row: sqlite3.Row) -> CallRecord:
    """One row of `calls`."""
    return CallRecord(
        id=row["id"],
        source=CallSource(row["source"]),
        key=row["key"],
        state=row["state"],
        caller=row["caller"],
        peer=row["peer"],
        did=row["did"],
        started_at=from_ms(row["started_at"]),
        ended_at=_moment(row["ended_at"]),
        known_at=_moment(row["known_at"]),
        missed=None if row["missed"] is None else bool(row["missed"]),
        reason=CallReason(row["reason"] or "unknown"),
        answered_by=row["answered_by"],
        ring_s=row["ring_s"],
        no_text=row["no_text"],
        notified=bool(row["notified"]),
    )


def text_record(row: sqlite3.Row) -> TextRecord:
    """One row of `texts`."""
    return TextRecord(
        id=row["id"],
        key=row["key"],
        purpose=Purpose(row["purpose"]),
        state=TextState(row["state"]),
        peer=row["peer"],
        body=row["body"],
        template=row["template"],
        call_id=row["call_id"],
        due=from_ms(row["due"]),
        expires=_moment(row["expires"]),
        tries=row["tries"],
        doubts=row["doubts"],
        waits=row["waits"],
        created_at=from_ms(row["created_at"]),
        sent_at=_moment(row["sent_at"]),
    )


def call_by_key(db: sqlite3.Connection, source: CallSource, key: str) -> CallRecord | None:
    """The call that `source` knows as `key`."""
    row = db.execute("SELECT * FROM calls WHERE source = ? AND key = ?", (source.value, key)).fetchone()
    return None if row is None else call_record(row)


def call_by_id(db: sqlite3.Connection, call_id: int) -> CallRecord:
    """A stored call."""
    return call_record(db.execute("SELECT * FROM calls WHERE id = ?", (call_id,)).fetchone())


def text_by_id(db: sqlite3.Connection, text_id: int) -> TextRecord | None:
    """A stored text."""
    row = db.execute("SELECT * FROM texts WHERE id = ?", (text_id,)).fetchone()
    return None if row is None else text_record(row)


def calls_ringing_since(db: sqlite3.Connection, before: datetime) -> list[CallRecord]:
    """Calls that have been in progress since before that moment."""
    rows = db.execute("SELECT * FROM calls WHERE state = 'ringing' AND started_at < ?", (to_ms(before),))
    return [call_record(row) for row in rows.fetchall()]


def hand_key_over(db: sqlite3.Connection, call: CallRecord) -> None:
    """Another call has the same key: this one keeps it with its own number behind."""
    db.execute("UPDATE calls SET key = ? WHERE id = ?", (f"{call.key}#{call.id}", call.id))


def open_ami_calls(db: sqlite3.Connection) -> list[OpenCall]:
    """Asterisk's calls that were in progress when they were last written down (by this run or the one before)."""
    rows = db.execute("SELECT * FROM calls WHERE source = 'ami' AND state = 'ringing' ORDER BY id").fetchall()
    return [
        OpenCall(
            key=r["key"],
            source=CallSource.AMI,
            started_at=from_ms(r["started_at"]),
            caller=r["caller"] or None,
            did=r["did"],
            taken_by=r["answered_by"],
            taken=r["reason"] == CallReason.ANSWERED,
        )
        for r in rows
    ]


LOOK_BACK_ROWS = 20  # a clock that was once ahead by years is forgotten after so many inputs under the right one


def last_written(db: sqlite3.Connection) -> datetime | None:
    """The latest moment among the newest inputs: the wall clock had got as far as this."""
    row = db.execute("SELECT max(at) FROM (SELECT at FROM journal ORDER BY id DESC LIMIT ?)", (LOOK_BACK_ROWS,))
    return _moment(row.fetchone()[0])


def is_on_the_line(db: sqlite3.Connection, peer: str) -> bool:
    """The caller has a call in progress at this moment."""
    return db.execute("SELECT 1 FROM calls WHERE peer = ? AND state = 'ringing'", (peer,)).fetchone() is not None


def is_speaking(db: sqlite3.Connection, peer: str) -> bool:
    """Somebody of the office speaks with the caller at this moment."""
    row = db.execute("SELECT 1 FROM calls WHERE peer = ? AND state = 'ringing' AND reason = 'answered'", (peer,))
    return row.fetchone() is not None


def hurry(db: sqlite3.Connection, peer: str, due: datetime) -> None:
    """What an opener to this number has waited for has changed: it is looked at again at `due`, while it is young."""
    db.execute(
        "UPDATE texts SET due = min(:due, coalesce(expires, :due))"
        " WHERE peer = :peer AND state = 'queued' AND purpose = 'opener' AND waits <> ''",
        {"due": to_ms(due), "peer": peer},
    )


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
        " AND no_text <> 'duplicate' ORDER BY ended_at DESC LIMIT ?",
        (call.peer, since, to_ms(at), call.id, CALLS_COUNTED),
    ).fetchall()
    elsewhere = db.execute(
        "SELECT ended_at FROM calls WHERE peer = ? AND ended_at BETWEEN ? AND ? AND source <> ?"
        " AND no_text <> 'duplicate' ORDER BY abs(ended_at - ?) LIMIT 1",
        (call.peer, since, until, call.source.value, to_ms(at)),
    ).fetchone()
    reached_at = _moment(row["reached_at"]) if row else None
    if is_speaking(db, call.peer):
        reached_at = at if reached_at is None else max(at, reached_at)
    return PeerFacts(
        kinds=frozenset(kinds),
        opened_at=_moment(row["opened_at"]) if row else None,
        contacted_at=_moment(row["contacted_at"]) if row else None,
        wrote_at=_moment(row["wrote_at"]) if row else None,
        takeover_until=_moment(row["takeover_until"]) if row else None,
        reached_at=reached_at,
        repeat_told_at=_moment(row["repeat_told_at"]) if row else None,
        missed_at=tuple(from_ms(r["ended_at"]) for r in reversed(others)),
        other_source_at=_moment(elsewhere["ended_at"]) if elsewhere else None,
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


def kinds_of(db: sqlite3.Connection, number: str) -> frozenset[ContactKind]:
    """What is noted of a number."""
    return frozenset(
        ContactKind(r["kind"]) for r in db.execute("SELECT kind FROM contacts WHERE number = ?", (number,))
    )


def last_contact(db: sqlite3.Connection, number: str) -> tuple[datetime | None, datetime | None]:
    """When the office last spoke with a number, and when that last wrote to us."""
    row = db.execute("SELECT reached_at, wrote_at FROM peers WHERE number = ?", (number,)).fetchone()
    return (None, None) if row is None else (_moment(row["reached_at"]), _moment(row["wrote_at"]))


def set_peer(db: sqlite3.Connection, number: str, column: str, at: datetime | None) -> None:
    """Remember one moment of a number. `column` is a column of `peers`."""
    db.execute(
        f"INSERT INTO peers (number, {column}) VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET {column} = excluded.{column}",
        (number, None if at is None else to_ms(at)),
    )


def set_reached(db: sqlite3.Connection, number: str, at: datetime) -> None:
    """The office and this person spoke at that moment; the latest one is remembered."""
    db.execute(
        "INSERT INTO peers (number, reached_at) VALUES (?, ?) ON CONFLICT (number)"
        " DO UPDATE SET reached_at = max(coalesce(reached_at, excluded.reached_at), excluded.reached_at)",
        (number, to_ms(at)),
    )


def add_contact(
    db: sqlite3.Connection, number: str, kind: ContactKind, *, name: str, basis: str, now: datetime
) -> None:
    """Note what a number is; the first basis stays as the proof."""
    db.execute(
        "INSERT INTO contacts (number, kind, name, since, basis) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (number, kind.value, name, to_ms(now), basis),
    )


def drop_contact(db: sqlite3.Connection, number: str, kind: ContactKind) -> None:
    """Take a note back."""
    db.execute("DELETE FROM contacts WHERE number = ? AND kind = ?", (number, kind.value))


def add_text(
    db: sqlite3.Connection,
    *,
    key: str,
    purpose: Purpose,
    to: str,
    body: str = "",
    template: str = "",
    call_id: int | None = None,
    priority: int,
    due: datetime,
    expires: datetime | None,
    now: datetime,
) -> int | None:
    """Put a text in the outbox; None when `key` is there already."""
    row = db.execute(
        "INSERT INTO texts (key, purpose, state, peer, body, template, call_id, priority, due, expires, tries, created_at, say)"
        " VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, 0, ?, '') ON CONFLICT (key) DO NOTHING RETURNING id",
        (key, purpose, to, body, template, call_id, priority, to_ms(due), expires and to_ms(expires), to_ms(now)),
    ).fetchone()
    return None if row is None else int(row["id"])


def written_to(db: sqlite3.Connection, peer: str, purposes: tuple[Purpose, ...], since: datetime) -> int:
    """How many texts of these purposes were queued for a number since then."""
    marks = ",".join("?" * len(purposes))
    row = db.execute(
        f"SELECT count(*) FROM texts WHERE peer = ? AND created_at > ? AND purpose IN ({marks})",
        (peer, to_ms(since), *purposes),
    ).fetchone()
    return int(row[0])


def set_text(db: sqlite3.Connection, text_id: int, state: TextState, say: str = "") -> None:
    """Move a text to another state."""
    db.execute("UPDATE texts SET state = ?, say = ? WHERE id = ?", (state.value, say, text_id))


def requeue(db: sqlite3.Connection, text_id: int, due: datetime, tries: int) -> None:
    """Back to the queue: not before `due`."""
    db.execute("UPDATE texts SET state = 'queued', due = ?, tries = ? WHERE id = ?", (to_ms(due), tries, text_id))


def wait(db: sqlite3.Connection, text_id: int, due: datetime, why: str) -> None:
    """A queued text that was due stays where it is until `due`."""
    db.execute("UPDATE texts SET due = ?, waits = ?, say = ? WHERE id = ?", (to_ms(due), why, why, text_id))


def doubt(db: sqlite3.Connection, text_id: int) -> None:
    """Once more nobody can say whether the text went out."""
    db.execute("UPDATE texts SET doubts = doubts + 1 WHERE id = ?", (text_id,))


def set_segment(
    db: sqlite3.Connection,
    text_id: int,
    number: int,
    state: TextState,
    now: datetime,
    ref: int | None = None,
    evidence: str = "",
) -> None:
    """Note where a segment stands."""
    db.execute(
        "INSERT INTO segments (text_id, number, state, ref, at, evidence) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET state = excluded.state, ref = excluded.ref, at = excluded.at, evidence = excluded.evidence",
        (text_id, number, state.value, ref, to_ms(now), evidence),
    )


def segment_states(db: sqlite3.Connection, text_id: int) -> dict[int, TextState]:
    """The states of a text's segments that were ever begun, by number."""
    rows = db.execute("SELECT number, state FROM segments WHERE text_id = ? ORDER BY number", (text_id,))
    return {r["number"]: TextState(r["state"]) for r in rows}


# Of a text: no segment of it has left.
WHOLE = (
    "NOT EXISTS (SELECT 1 FROM segments WHERE text_id = texts.id AND state IN ('accepted', 'delivered', 'undelivered'))"
)


def part_is_out(db: sqlite3.Connection, text_id: int) -> bool:
    """Some of the text's segments have left already: its words and its recipient are no longer ours to choose."""
    row = db.execute(
        "SELECT 1 FROM segments WHERE text_id = ? AND state IN ('accepted', 'delivered', 'undelivered')", (text_id,)
    ).fetchone()
    return row is not None


def open_task(
    db: sqlite3.Connection,
    kind: str,
    peer: str,
    say: str,
    now: datetime,
    call_id: int | None = None,
    text_id: int | None = None,
) -> None:
    """Something a person has to do; one open task of a kind per call or text, and one call-back per person."""
    if kind == "call_back":
        told = db.execute(
            "UPDATE tasks SET say = ? WHERE kind = 'call_back' AND peer = ? AND closed_at IS NULL RETURNING id",
            (say, peer),
        ).fetchone()
        if told is not None:
            return
    db.execute(
        "INSERT INTO tasks (kind, peer, say, call_id, text_id, created_at)"
        " SELECT :kind, :peer, :say, :call, :text, :at WHERE NOT EXISTS ("
        " SELECT 1 FROM tasks WHERE kind = :kind AND call_id IS :call AND text_id IS :text AND peer = :peer AND closed_at IS NULL)",
        {"kind": kind, "peer": peer, "say": say, "call": call_id, "text": text_id, "at": to_ms(now)},
    )


def close_call_back(db: sqlite3.Connection, call_id: int, by: str, now: datetime) -> None:
    """The call was answered after all."""
    db.execute(
        "UPDATE tasks SET closed_at = ?, closed_by = ? WHERE kind = 'call_back' AND call_id = ? AND closed_at IS NULL",
        (to_ms(now), by, call_id),
    )


def note(db: sqlite3.Connection, now: datetime, subject: str, what: str) -> None:
    """Write history: who did what, and why."""
    db.execute("INSERT INTO history (at, subject, what) VALUES (?, ?, ?)", (to_ms(now), subject, what))
