"""SQL of the escalations, of the alerts that are their tellings, and of the short codes."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.clock import from_ms, to_ms
from gateway.core.escalation.ladder import Kind, State
from gateway.records.rows import moment

# Two digits; three where that many are held, and so on: a telephone reads up to four as a code.
_SHORTEST_FIRST = (range(10, 100), range(100, 1_000), range(1_000, 10_000), range(10_000, 100_000))
CODE_RESTS = timedelta(hours=24)  # after its matter: an answer that comes late must not hit another one
_OPEN = "('alerting', 'acknowledged', 'exhausted')"


@dataclass(frozen=True, slots=True)
class EscalationRecord:
    """An escalation as stored."""

    id: int
    kind: Kind
    code: int
    lead_id: int | None
    peer: str
    words: str
    state: State
    opened_at: datetime
    step: int
    rung: int
    next_at: datetime | None
    person: str
    by: str
    acknowledged_at: datetime | None


def _record(row: sqlite3.Row) -> EscalationRecord:
    return EscalationRecord(
        id=row["id"],
        kind=Kind(row["kind"]),
        code=row["code"],
        lead_id=row["lead_id"],
        peer=row["peer"],
        words=row["words"],
        state=State(row["state"]),
        opened_at=from_ms(row["opened_at"]),
        step=row["step"],
        rung=row["rung"],
        next_at=moment(row["next_at"]),
        person=row["person"],
        by=row["by"],
        acknowledged_at=moment(row["acknowledged_at"]),
    )


def open_escalation(
    db: sqlite3.Connection, kind: Kind, lead_id: int | None, peer: str, words: str, now: datetime
) -> EscalationRecord:
    """A new escalation, with a code of its own; nobody is told yet."""
    code = code_of_lead(db, lead_id, now) if lead_id is not None else _free_code(db, now)
    row = db.execute(
        "INSERT INTO escalations (kind, code, lead_id, peer, words, state, opened_at, step, rung, person, by)"
        " VALUES (?, ?, ?, ?, ?, 'alerting', ?, 0, 0, '', '') RETURNING *",
        (kind.value, code, lead_id, peer, words, to_ms(now)),
    ).fetchone()
    _hold_code(db, code, lead_id, row["id"], now)
    return _record(row)


def escalation_by_id(db: sqlite3.Connection, escalation_id: int) -> EscalationRecord:
    row = db.execute("SELECT * FROM escalations WHERE id = ?", (escalation_id,)).fetchone()
    return _record(row)


def escalation_of_lead(db: sqlite3.Connection, lead_id: int) -> EscalationRecord | None:
    """The newest of a lead."""
    row = db.execute("SELECT * FROM escalations WHERE lead_id = ? ORDER BY id DESC LIMIT 1", (lead_id,)).fetchone()
    return None if row is None else _record(row)


def escalation_of_text(db: sqlite3.Connection, text_id: int) -> EscalationRecord | None:
    """The one that a text tells of."""
    row = db.execute(
        "SELECT e.* FROM escalations e JOIN alerts a ON a.escalation_id = e.id WHERE a.text_id = ?", (text_id,)
    ).fetchone()
    return None if row is None else _record(row)


def flagged_by(db: sqlite3.Connection, peer: str) -> EscalationRecord | None:
    """The emergency that somebody has flagged, while it is open."""
    row = db.execute(
        "SELECT * FROM escalations WHERE peer = ? AND kind = 'flagged' AND state <> 'over' ORDER BY id DESC LIMIT 1",
        (peer,),
    ).fetchone()
    return None if row is None else _record(row)


def alerted_since(db: sqlite3.Connection, escalation_id: int, since: datetime) -> int:
    """How often people were told of an emergency since then."""
    row = db.execute(
        "SELECT count(*) FROM alerts WHERE escalation_id = ? AND at > ?", (escalation_id, to_ms(since))
    ).fetchone()
    return int(row[0])


def escalations_due(db: sqlite3.Connection, now: datetime) -> list[EscalationRecord]:
    """Those whose next step is due, the longest waiting first."""
    rows = db.execute("SELECT * FROM escalations WHERE next_at BETWEEN 0 AND ? ORDER BY next_at, id", (to_ms(now),))
    return [_record(row) for row in rows.fetchall()]


def escalations_told(db: sqlite3.Connection, number: str) -> list[EscalationRecord]:
    """Those nobody has yet, of which a telephone was told; the newest first."""
    rows = db.execute(
        "SELECT * FROM escalations WHERE state IN ('alerting', 'exhausted') AND id IN"
        " (SELECT escalation_id FROM alerts WHERE number = ?) ORDER BY id DESC",
        (number,),
    )
    return [_record(row) for row in rows.fetchall()]


def open_escalations(db: sqlite3.Connection) -> list[EscalationRecord]:
    """Those nobody has yet, the oldest first."""
    rows = db.execute("SELECT * FROM escalations WHERE state IN ('alerting', 'exhausted') ORDER BY id")
    return [_record(row) for row in rows.fetchall()]


def last_drill(db: sqlite3.Connection) -> EscalationRecord:
    """The newest drill; there has been one."""
    return _record(db.execute("SELECT * FROM escalations WHERE kind = 'drill' ORDER BY id DESC LIMIT 1").fetchone())


def next_step_at(db: sqlite3.Connection) -> datetime | None:
    """When the next step of any ladder is due."""
    return moment(db.execute("SELECT min(next_at) FROM escalations").fetchone()[0])


def set_step(db: sqlite3.Connection, escalation_id: int, step: int, rung: int, next_at: datetime | None) -> None:
    """A step was taken."""
    db.execute(
        "UPDATE escalations SET step = ?, rung = ?, next_at = ? WHERE id = ?",
        (step, rung, next_at and to_ms(next_at), escalation_id),
    )


def set_next_step(db: sqlite3.Connection, escalation_id: int, next_at: datetime | None) -> None:
    """When the ladder goes on."""
    db.execute("UPDATE escalations SET next_at = ? WHERE id = ?", (next_at and to_ms(next_at), escalation_id))


def set_exhausted(db: sqlite3.Connection, escalation_id: int, now: datetime) -> None:
    """Everybody was told, and nobody has it."""
    db.execute(
        "UPDATE escalations SET state = 'exhausted', next_at = NULL, exhausted_at = ? WHERE id = ?",
        (to_ms(now), escalation_id),
    )


def set_acknowledged(db: sqlite3.Connection, escalation_id: int, person: str, by: str, now: datetime) -> None:
    """Somebody has it: `person` is his key, "" for somebody at the page."""
    db.execute(
        "UPDATE escalations SET state = 'acknowledged', next_at = NULL, person = ?, by = ?, acknowledged_at = ? WHERE id = ?",
        (person, by, to_ms(now), escalation_id),
    )


def set_over(db: sqlite3.Connection, escalation_id: int, now: datetime) -> None:
    """The matter is settled, and its code rests from now on."""
    db.execute("UPDATE escalations SET state = 'over', next_at = NULL WHERE id = ?", (escalation_id,))
    db.execute("UPDATE codes SET given_at = ? WHERE escalation_id = ?", (to_ms(now), escalation_id))


def add_alert(
    db: sqlite3.Connection,
    escalation_id: int,
    step: int,
    person: str,
    number: str,
    *,
    text_id: int | None,
    now: datetime,
) -> None:
    """A person is told: by the text, or where there is none by a ringing telephone."""
    channel, state = ("call", "queued") if text_id is None else ("text", "")
    due = to_ms(now) if text_id is None else None
    db.execute(
        "INSERT INTO alerts (escalation_id, step, person, number, channel, text_id, at, state, say, due)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?)",
        (escalation_id, step, person, number, channel, text_id, to_ms(now), state, due),
    )


def alert_waits(db: sqlite3.Connection, escalation_id: int, number: str) -> bool:
    """Whether an alert of this emergency to that telephone has not left yet."""
    row = db.execute(
        "SELECT 1 FROM alerts a JOIN texts t ON t.id = a.text_id WHERE a.escalation_id = ? AND a.number = ?"
        " AND t.state IN ('queued', 'submitting')",
        (escalation_id, number),
    ).fetchone()
    return row is not None


def last_told_at(db: sqlite3.Connection, escalation_id: int) -> datetime | None:
    """When the network took the last text that told of an escalation."""
    row = db.execute(
        "SELECT max(s.at) FROM alerts a JOIN segments s ON s.text_id = a.text_id WHERE a.escalation_id = ?"
        " AND s.state IN ('accepted', 'delivered', 'unconfirmed')",
        (escalation_id,),
    ).fetchone()
    return moment(row[0])


def alert_states(db: sqlite3.Connection, escalation_id: int) -> list[str]:
    """The states of the texts that have told of an escalation, in order."""
    rows = db.execute(
        "SELECT t.state FROM alerts a JOIN texts t ON t.id = a.text_id WHERE a.escalation_id = ? ORDER BY a.id",
        (escalation_id,),
    )
    return [str(row["state"]) for row in rows.fetchall()]


def alerts_not_left(db: sqlite3.Connection, escalation_id: int) -> list[int]:
    """The texts about an escalation that have not left."""
    rows = db.execute(
        "SELECT t.id FROM alerts a JOIN texts t ON t.id = a.text_id WHERE a.escalation_id = ? AND t.state = 'queued'",
        (escalation_id,),
    )
    return [int(row["id"]) for row in rows.fetchall()]


def told_of(db: sqlite3.Connection, escalation_id: int) -> list[tuple[str, str]]:
    """Everybody whom an alert has reached or may have reached, as (key, number); who hears the telephone ring is one of them."""
    rows = db.execute(
        "SELECT DISTINCT a.person, a.number FROM alerts a LEFT JOIN texts t ON t.id = a.text_id"
        " WHERE a.escalation_id = ? AND (t.state IN ('accepted', 'delivered', 'unconfirmed')"
        " OR a.state IN ('dialling', 'rang', 'accepted'))"
        " ORDER BY a.id",
        (escalation_id,),
    )
    return [(str(row["person"]), str(row["number"])) for row in rows.fetchall()]


def alerted_numbers(db: sqlite3.Connection, escalation_id: int) -> list[str]:
    """Every telephone that an alert was meant for, in the order in which they were told."""
    rows = db.execute(
        "SELECT number FROM alerts WHERE escalation_id = ? GROUP BY number ORDER BY min(id)", (escalation_id,)
    )
    return [str(row["number"]) for row in rows.fetchall()]


def alerted_people(db: sqlite3.Connection, escalation_id: int) -> list[str]:
    """The keys of everybody for whom an alert was meant."""
    rows = db.execute("SELECT DISTINCT person FROM alerts WHERE escalation_id = ?", (escalation_id,))
    return [str(row["person"]) for row in rows]


def withdraw_rings(db: sqlite3.Connection, escalation_id: int, why: str) -> None:
    """Telephones that were to be rung are not."""
    db.execute(
        "UPDATE alerts SET state = 'withdrawn', say = ? WHERE escalation_id = ? AND channel = 'call' AND state = 'queued'",
        (why, escalation_id),
    )


# ---- codes


def code_of_lead(db: sqlite3.Connection, lead_id: int, now: datetime) -> int:
    """The code by which telephones speak of a lead; it gets one where it has none."""
    row = db.execute("UPDATE codes SET given_at = ? WHERE lead_id = ? RETURNING code", (to_ms(now), lead_id)).fetchone()
    if row is not None:
        return int(row["code"])
    code = _free_code(db, now)
    _hold_code(db, code, lead_id, None, now)
    return code


def matter_of_code(db: sqlite3.Connection, code: int) -> tuple[int | None, int | None] | None:
    """What is spoken of by this code, as (lead, escalation); None where nothing is."""
    row = db.execute("SELECT lead_id, escalation_id FROM codes WHERE code = ?", (code,)).fetchone()
    return None if row is None else (row["lead_id"], row["escalation_id"])


def _hold_code(
    db: sqlite3.Connection, code: int, lead_id: int | None, escalation_id: int | None, now: datetime
) -> None:
    db.execute(
        "INSERT INTO codes (code, lead_id, escalation_id, given_at) VALUES (?, ?, ?, ?) ON CONFLICT (code) DO UPDATE SET"
        " lead_id = excluded.lead_id, escalation_id = excluded.escalation_id, given_at = excluded.given_at",
        (code, lead_id, escalation_id, to_ms(now)),
    )


def _free_code(db: sqlite3.Connection, now: datetime) -> int:
    """The code that has rested longest, of those whose matter is over; a longer one only where every shorter one is held."""
    rests_since = to_ms(now - CODE_RESTS)
    held = {
        int(row["code"])
        for row in db.execute(
            "SELECT code FROM codes WHERE given_at > :rests_since"
            " OR lead_id IN (SELECT lead_id FROM tasks WHERE closed_at IS NULL AND lead_id IS NOT NULL)"
            " OR lead_id IN (SELECT lead_id FROM tasks WHERE closed_at > :rests_since AND lead_id IS NOT NULL)"
            f" OR EXISTS (SELECT 1 FROM escalations e WHERE e.id = codes.escalation_id AND e.state IN {_OPEN})",
            {"rests_since": rests_since},
        )
    }
    rested = {int(row["code"]): int(row["given_at"]) for row in db.execute("SELECT code, given_at FROM codes")}
    free = next(codes for codes in _SHORTEST_FIRST if not held.issuperset(codes))
    return min((code for code in free if code not in held), key=lambda code: (rested.get(code, 0), code))
