"""SQL of the outgoing texts and their segments."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from gateway.clock import from_ms, to_ms
from gateway.core.outbound import Purpose, TextState
from gateway.records.rows import TextRecord, text_record


def text_by_id(db: sqlite3.Connection, text_id: int) -> TextRecord | None:
    """A stored text."""
    row = db.execute("SELECT * FROM texts WHERE id = ?", (text_id,)).fetchone()
    return None if row is None else text_record(row)


def hurry(db: sqlite3.Connection, peer: str, due: datetime) -> None:
    """What an opener to this number has waited for has changed: it is looked at again at `due`, while it is young."""
    db.execute(
        "UPDATE texts SET due = min(:due, coalesce(expires, :due))"
        " WHERE peer = :peer AND state = 'queued' AND purpose = 'opener' AND waits <> ''",
        {"due": to_ms(due), "peer": peer},
    )


def add_text(
    db: sqlite3.Connection,
    *,
    key: str,
    purpose: Purpose,
    to: str,
    body: str = "",
    template: str = "",
    call_id: int | None = None,
    lead_id: int | None = None,
    priority: int,
    due: datetime,
    expires: datetime | None,
    now: datetime,
) -> int | None:
    """Put a text in the outbox; None when `key` is there already."""
    row = db.execute(
        "INSERT INTO texts (key, purpose, state, peer, body, template, call_id, lead_id, priority, due, expires, tries,"
        " created_at, say) VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, '') ON CONFLICT (key) DO NOTHING RETURNING id",
        (
            *(key, purpose, to, body, template, call_id, lead_id, priority),
            *(to_ms(due), expires and to_ms(expires), to_ms(now)),
        ),
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


def texts_with(db: sqlite3.Connection, peer: str, template: str, since: datetime) -> int:
    """How many texts of a template were queued for a number since then."""
    row = db.execute(
        "SELECT count(*) FROM texts WHERE peer = ? AND created_at > ? AND template = ?", (peer, to_ms(since), template)
    ).fetchone()
    return int(row[0])


def answers_to(db: sqlite3.Connection, peer: str, purposes: tuple[Purpose, ...], since: datetime) -> int:
    """How many texts of these purposes have left for a number since then, or are about to."""
    marks = ",".join("?" * len(purposes))
    row = db.execute(
        f"SELECT count(*) FROM texts WHERE peer = ? AND created_at > ? AND purpose IN ({marks})"
        " AND state NOT IN ('cancelled', 'expired', 'failed')",
        (peer, to_ms(since), *purposes),
    ).fetchone()
    return int(row[0])


def typed_lately(db: sqlite3.Connection, peer: str, body: str, since: datetime) -> bool:
    """A person has typed the same words to `peer` since then, and they have left or are about to."""
    row = db.execute(
        "SELECT 1 FROM texts WHERE peer = ? AND purpose = 'staff' AND body = ? AND created_at > ?"
        " AND state NOT IN ('cancelled', 'expired', 'failed', 'undelivered')",
        (peer, body, to_ms(since)),
    ).fetchone()
    return row is not None


def trial_texts(db: sqlite3.Connection, peer: str, since: datetime) -> int:
    """How many texts test calls from a number have got since then."""
    row = db.execute(
        "SELECT count(*) FROM texts WHERE peer = ? AND purpose = 'test' AND call_id IS NOT NULL AND created_at >= ?",
        (peer, to_ms(since)),
    ).fetchone()
    return int(row[0])


def typed_and_queued(db: sqlite3.Connection, peer: str) -> bool:
    """Whether a person's words to `peer` have not left yet."""
    row = db.execute(
        "SELECT 1 FROM texts WHERE peer = ? AND purpose = 'staff' AND state = 'queued'", (peer,)
    ).fetchone()
    return row is not None


def set_text(db: sqlite3.Connection, text_id: int, state: TextState, say: str = "") -> None:
    """Move a text to another state."""
    db.execute("UPDATE texts SET state = ?, say = ? WHERE id = ?", (state.value, say, text_id))


def requeue(db: sqlite3.Connection, text_id: int, due: datetime, tries: int) -> None:
    """Back to the queue: not before `due`."""
    db.execute("UPDATE texts SET state = 'queued', due = ?, tries = ? WHERE id = ?", (to_ms(due), tries, text_id))


def wait(db: sqlite3.Connection, text_id: int, due: datetime, why: str) -> None:
    """A queued text that was due stays where it is until `due`."""
    db.execute("UPDATE texts SET due = ?, waits = ?, say = ? WHERE id = ?", (to_ms(due), why, why, text_id))


def keep_until(db: sqlite3.Connection, text_id: int, expires: datetime) -> None:
    """A text may leave until then."""
    db.execute("UPDATE texts SET expires = ? WHERE id = ?", (to_ms(expires), text_id))


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


def texts_in_hand(db: sqlite3.Connection) -> list[TextRecord]:
    """Texts between SUBMITTING and the modem's answer."""
    return [text_record(row) for row in db.execute("SELECT * FROM texts WHERE state = 'submitting'").fetchall()]


def handed_over_at(db: sqlite3.Connection, text_id: int, number: int) -> datetime:
    """When the modem got a segment."""
    row = db.execute("SELECT at FROM segments WHERE text_id = ? AND number = ?", (text_id, number)).fetchone()
    return from_ms(row["at"])


def drop_segment(db: sqlite3.Connection, text_id: int, number: int) -> None:
    """A segment certainly did not leave: it was never handed over."""
    db.execute("DELETE FROM segments WHERE text_id = ? AND number = ?", (text_id, number))


def drop_segments(db: sqlite3.Connection, text_id: int, state: TextState) -> None:
    """The text's segments in that state are to be handed over anew."""
    db.execute("DELETE FROM segments WHERE text_id = ? AND state = ?", (text_id, state.value))


def doubt_segments(db: sqlite3.Connection, text_id: int, evidence: str) -> None:
    """Of the segments in hand nobody knows whether they left."""
    db.execute(
        "UPDATE segments SET state = 'unconfirmed', evidence = ? WHERE text_id = ? AND state = 'submitting'",
        (evidence, text_id),
    )


def send_again(
    db: sqlite3.Connection, text_id: int, purpose: Purpose, priority: int, *, due: datetime, expires: datetime, say: str
) -> None:
    """Back to the queue by a person's wish."""
    db.execute(
        "UPDATE texts SET state = 'queued', purpose = ?, priority = ?, due = ?, expires = ?, say = ? WHERE id = ?",
        (purpose.value, priority, to_ms(due), to_ms(expires), say, text_id),
    )


def cancel_queued(db: sqlite3.Connection, peer: str, purpose: Purpose, say: str) -> bool:
    """Take back what is queued for `peer` with this purpose; whether there was any."""
    taken_back = db.execute(
        "UPDATE texts SET state = 'cancelled', say = ? WHERE peer = ? AND state = 'queued' AND purpose = ?",
        (say, peer, purpose.value),
    )
    return taken_back.rowcount > 0


def cancelled_about(db: sqlite3.Connection, lead_id: int, purpose: Purpose, since: datetime) -> list[str]:
    """The templates of a lead's texts of a purpose that were queued since then and taken back, each time."""
    rows = db.execute(
        "SELECT template FROM texts WHERE lead_id = ? AND purpose = ? GROUP BY template"
        " HAVING min(state = 'cancelled') AND max(created_at) > ?",
        (lead_id, purpose.value, to_ms(since)),
    )
    return [str(row["template"]) for row in rows.fetchall()]


def last_template(db: sqlite3.Connection, peer: str) -> str:
    """The template of our newest text to `peer`, "" when there is none."""
    row = db.execute(
        "SELECT template FROM texts WHERE peer = ? AND template <> '' ORDER BY id DESC LIMIT 1", (peer,)
    ).fetchone()
    return "" if row is None else str(row["template"])


def next_due(db: sqlite3.Connection, now: datetime) -> TextRecord | None:
    """The queued text whose turn it is."""
    row = db.execute(
        "SELECT * FROM texts WHERE state = 'queued' AND due <= :now AND (expires IS NULL OR expires >= :now)"
        " ORDER BY priority, due, id LIMIT 1",
        {"now": to_ms(now)},
    ).fetchone()
    return None if row is None else text_record(row)


def overdue(db: sqlite3.Connection, now: datetime) -> list[TextRecord]:
    """Queued texts whose last moment has passed."""
    rows = db.execute(
        "SELECT * FROM texts WHERE state = 'queued' AND expires IS NOT NULL AND expires < ?", (to_ms(now),)
    )
    return [text_record(row) for row in rows.fetchall()]


def next_moment(db: sqlite3.Connection, now: datetime) -> datetime | None:
    """When the next queued text falls due, or its last moment has passed."""
    row = db.execute(
        "SELECT min(due) FILTER (WHERE due > :now) AS due, min(expires) FILTER (WHERE expires >= :now) + 1 AS late"
        " FROM texts WHERE state = 'queued'",
        {"now": to_ms(now)},
    ).fetchone()
    later = [moment for moment in (row["due"], row["late"]) if moment is not None]
    return from_ms(min(later)) if later else None


def hold(db: sqlite3.Connection, text_id: int, due: datetime, expires: datetime) -> None:
    """A queued text leaves at another time, with another last moment."""
    db.execute("UPDATE texts SET due = ?, expires = ? WHERE id = ?", (to_ms(due), to_ms(expires), text_id))


def set_words(db: sqlite3.Connection, text_id: int, body: str, template: str) -> None:
    """An opener gets its words when it leaves."""
    db.execute("UPDATE texts SET body = ?, template = ? WHERE id = ?", (body, template, text_id))


def begin_submit(db: sqlite3.Connection, text_id: int, now: datetime) -> None:
    """SUBMITTING: from here on the text may have left."""
    db.execute(
        "UPDATE texts SET state = 'submitting', waits = '', sent_at = coalesce(sent_at, ?) WHERE id = ?",
        (to_ms(now), text_id),
    )


def take_opener_back(db: sqlite3.Connection, call_id: int, say: str) -> bool:
    """Cancel a call's opener, if it is queued and no part of it is out; False when there was none."""
    taken_back = db.execute(
        "UPDATE texts SET state = 'cancelled', say = ? WHERE call_id = ? AND purpose = 'opener' AND state = 'queued'"
        f" AND {WHOLE} RETURNING id",
        (say, call_id),
    )
    return bool(taken_back.fetchall())


def automatic_to(db: sqlite3.Connection, peer: str) -> list[TextRecord]:
    """Queued automatic texts to `peer` of which no part is out; the confirmation of an opt-out is none of them."""
    rows = db.execute(
        "SELECT * FROM texts WHERE peer = ? AND state = 'queued'"
        f" AND purpose NOT IN ('opt_out_confirmation', 'staff') AND {WHOLE}",
        (peer,),
    )
    return [text_record(row) for row in rows.fetchall()]


def conversation_to(db: sqlite3.Connection, peer: str) -> list[TextRecord]:
    """Queued answers and questions to `peer` of which no part is out; safety texts are none of them."""
    rows = db.execute(
        "SELECT * FROM texts WHERE peer = ? AND state = 'queued' AND lead_id IS NOT NULL"
        f" AND purpose NOT IN ('safety', 'escalation', 'opt_out_confirmation', 'staff') AND {WHOLE} ORDER BY id DESC",
        (peer,),
    )
    return [text_record(row) for row in rows.fetchall()]
