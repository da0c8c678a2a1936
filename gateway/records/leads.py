"""SQL of the leads."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from gateway.clock import from_ms, to_ms
from gateway.core.conversation.lead import Alert, Facts, Lane, Lead, OfferOf, Stage, Urgency
from gateway.records.appointments import appointment_of
from gateway.records.callbacks import CALL_COLUMNS, call_values, calls_in
from gateway.records.desks import DESK_COLUMNS, desk_in, desk_values
from gateway.records.rows import moment

_FACTS = tuple(field.name for field in fields(Facts) if field.name != "own")  # a column each
OF_A_PICTURE = "(kind = 'mms_notice' OR reading LIKE '%\"picture\": true%')"  # of the columns of `letters`
OTHERS_CALLED_WITHIN = timedelta(days=31)  # of the hour of a promise; a talk after that is about something else


@dataclass(frozen=True, slots=True)
class LeadRecord:
    """A lead as stored."""

    id: int
    peer: str
    wrote_at: datetime
    reply_at: datetime | None
    follow_up_at: datetime | None
    answered_id: int
    lead: Lead


def open_lead(db: sqlite3.Connection, peer: str, lead: Lead, answered_id: int, now: datetime) -> int:
    """A new lead of a number, whose texts behind `answered_id` are its own; gives its id."""
    row = db.execute(
        "INSERT INTO leads (peer, opened_at, wrote_at, stage, why, urgency, intent, language, alert, next_step, owner,"
        " name, answers, talk, answered_id) VALUES (?, ?, ?, ?, '', ?, ?, ?, ?, '', '', ?, '{}', ?, ?) RETURNING id",
        (
            peer,
            to_ms(now),
            to_ms(now),
            lead.stage.value,
            lead.urgency.value,
            lead.intent,
            lead.language,
            lead.alert.value,
            lead.facts.name,
            _talk(lead),
            answered_id,
        ),
    ).fetchone()
    return int(row["id"])


def save_lead(
    db: sqlite3.Connection, lead_id: int, lead: Lead, *, next_step: str, due: datetime | None, owner: str
) -> None:
    """Everything that a conversation has changed about a lead."""
    assignments = ", ".join(f"{name} = ?" for name in _FACTS)
    db.execute(
        "UPDATE leads SET stage = ?, lane = ?, why = ?, urgency = ?, intent = ?, language = ?, danger = ?, alert = ?,"
        f" next_step = ?, due = ?, owner = ?, answers = ?, talk = ?, {assignments}, {CALL_COLUMNS}, {DESK_COLUMNS}"
        " WHERE id = ?",
        (
            lead.stage.value,
            lead.lane and lead.lane.value,
            lead.why,
            lead.urgency.value,
            lead.intent,
            lead.language,
            lead.danger,
            lead.alert.value,
            next_step,
            due and to_ms(due),
            owner,
            json.dumps(dict(lead.facts.own), ensure_ascii=False),
            _talk(lead),
            *(getattr(lead.facts, name) for name in _FACTS),
            *call_values(lead),
            *desk_values(lead.desk),
            lead_id,
        ),
    )


def set_lead_times(
    db: sqlite3.Connection, lead_id: int, *, reply_at: datetime | None, follow_up_at: datetime | None
) -> None:
    """When the box answers, and when it follows up; None: not."""
    db.execute(
        "UPDATE leads SET reply_at = ?, follow_up_at = ? WHERE id = ?",
        (reply_at and to_ms(reply_at), follow_up_at and to_ms(follow_up_at), lead_id),
    )


def touch_lead(db: sqlite3.Connection, lead_id: int, now: datetime) -> None:
    """The caller has written."""
    db.execute("UPDATE leads SET wrote_at = ? WHERE id = ?", (to_ms(now), lead_id))


def mark_answered(db: sqlite3.Connection, lead_id: int) -> None:
    """What the caller has written so far is answered, or needs no answer."""
    db.execute(
        "UPDATE leads SET answered_id = (SELECT coalesce(max(id), 0) FROM letters WHERE lead_id = leads.id) WHERE id = ?",
        (lead_id,),
    )


def lead_by_id(db: sqlite3.Connection, lead_id: int) -> LeadRecord | None:
    """A stored lead."""
    row = db.execute("SELECT * FROM leads WHERE id = ?", (lead_id,)).fetchone()
    return None if row is None else lead_record(db, row)


def last_lead(db: sqlite3.Connection, peer: str) -> LeadRecord | None:
    """The newest lead of a number."""
    row = db.execute("SELECT * FROM leads WHERE peer = ? ORDER BY id DESC LIMIT 1", (peer,)).fetchone()
    return None if row is None else lead_record(db, row)


def leads_to_call(db: sqlite3.Connection, number: str, now: datetime) -> list[LeadRecord]:
    """Leads of a number to which a call is promised that has not been made, and those with it as the other number to call."""
    own = db.execute("SELECT * FROM leads WHERE peer = ? AND call_begins IS NOT NULL AND call_kept = 0", (number,))
    of_others = db.execute(
        "SELECT * FROM leads WHERE call_begins > ? AND call_kept = 0 AND callback_number = ? AND peer <> ?",
        (to_ms(now - OTHERS_CALLED_WITHIN), number, number),
    )
    return [lead_record(db, row) for row in (*own.fetchall(), *of_others.fetchall())]


def leads_to_answer(db: sqlite3.Connection, now: datetime, most: int) -> list[LeadRecord]:
    """Leads whose writers have finished, those that have waited longest, `most` at a time."""
    rows = db.execute(
        "SELECT * FROM leads WHERE reply_at IS NOT NULL AND reply_at <= ? ORDER BY reply_at LIMIT ?", (to_ms(now), most)
    )
    return [lead_record(db, row) for row in rows.fetchall()]


def leads_to_follow_up(db: sqlite3.Connection, now: datetime) -> list[LeadRecord]:
    """Leads whose silence has lasted long enough."""
    rows = db.execute(
        "SELECT * FROM leads WHERE follow_up_at IS NOT NULL AND follow_up_at <= ? ORDER BY follow_up_at", (to_ms(now),)
    )
    return [lead_record(db, row) for row in rows.fetchall()]


def next_lead_moment(db: sqlite3.Connection) -> datetime | None:
    """When the next answer or follow-up falls due."""
    row = db.execute(
        "SELECT min(at) FROM (SELECT min(reply_at) AS at FROM leads WHERE reply_at IS NOT NULL"
        " UNION ALL SELECT min(follow_up_at) FROM leads WHERE follow_up_at IS NOT NULL)"
    ).fetchone()
    return moment(row[0])


def put_off_follow_ups(db: sqlite3.Connection, now: datetime, until: datetime) -> None:
    """Nobody is reminded now: what is due is looked at again at `until`."""
    db.execute(
        "UPDATE leads SET follow_up_at = ? WHERE follow_up_at IS NOT NULL AND follow_up_at <= ?",
        (to_ms(until), to_ms(now)),
    )


def give_letter(db: sqlite3.Connection, letter_id: int, lead_id: int, reading: str) -> None:
    """An incoming text belongs to a lead; `reading` (JSON) is what was understood of it."""
    db.execute("UPDATE letters SET lead_id = ?, reading = ? WHERE id = ?", (lead_id, reading, letter_id))


def letters_since(db: sqlite3.Connection, lead_id: int, letter_id: int) -> list[str]:
    """What the caller has written in a lead behind that letter, in order."""
    rows = db.execute(
        "SELECT body FROM letters WHERE lead_id = ? AND id > ? AND kind = 'text' ORDER BY id", (lead_id, letter_id)
    )
    return [str(row["body"]) for row in rows.fetchall()]


def letters_lately(db: sqlite3.Connection, lead_id: int, since: datetime) -> list[str]:
    """What the caller has written in a lead after that moment, in order."""
    rows = db.execute(
        "SELECT body FROM letters WHERE lead_id = ? AND at > ? AND kind = 'text' ORDER BY id", (lead_id, to_ms(since))
    )
    return [str(row["body"]) for row in rows.fetchall()]


def speaks_of_pictures(db: sqlite3.Connection, lead_id: int) -> bool:
    """Whether the caller has sent a picture in this lead, or written that he has."""
    pictures = f"SELECT 1 FROM letters WHERE lead_id = ? AND {OF_A_PICTURE} LIMIT 1"
    return db.execute(pictures, (lead_id,)).fetchone() is not None


def unanswered_since(db: sqlite3.Connection, lead_id: int, letter_id: int) -> datetime | None:
    """When the first of a lead's texts behind that letter came."""
    row = db.execute("SELECT min(at) FROM letters WHERE lead_id = ? AND id > ?", (lead_id, letter_id)).fetchone()
    return moment(row[0])


def texts_about(db: sqlite3.Connection, lead_id: int, purpose: str, since: datetime) -> int:
    """How many texts of a purpose were queued about a lead since then."""
    row = db.execute(
        "SELECT count(*) FROM texts WHERE lead_id = ? AND purpose = ? AND created_at > ?",
        (lead_id, purpose, to_ms(since)),
    ).fetchone()
    return int(row[0])


def tell_lead_task(
    db: sqlite3.Connection, peer: str, lead_id: int, say: str, due: datetime | None, now: datetime
) -> None:
    """What a person has to do about a lead; one open task a lead, whose words follow the conversation."""
    when = due and to_ms(due)
    told = db.execute(
        "UPDATE tasks SET say = ?, due = ? WHERE lead_id = ? AND kind = 'wrote' AND closed_at IS NULL RETURNING id",
        (say, when, lead_id),
    ).fetchone()
    if told is None:
        db.execute(
            "INSERT INTO tasks (kind, peer, say, lead_id, due, created_at) VALUES ('wrote', ?, ?, ?, ?, ?)",
            (peer, say, lead_id, when, to_ms(now)),
        )


def has_lead_task(db: sqlite3.Connection, lead_id: int) -> bool:
    """Whether something is left to do about a lead."""
    row = db.execute(
        "SELECT 1 FROM tasks WHERE lead_id = ? AND kind = 'wrote' AND closed_at IS NULL LIMIT 1", (lead_id,)
    ).fetchone()
    return row is not None


def close_lead_task(db: sqlite3.Connection, lead_id: int, by: str, now: datetime) -> None:
    """Nothing is left to do about a lead."""
    db.execute(
        "UPDATE tasks SET closed_at = ?, closed_by = ? WHERE lead_id = ? AND kind = 'wrote' AND closed_at IS NULL",
        (to_ms(now), by, lead_id),
    )


def set_outcome(db: sqlite3.Connection, lead_id: int, outcome: str, cents: int | None, by: str, now: datetime) -> None:
    """How a lead ended and what it was worth, as one of our people has said; what was not said now stays."""
    db.execute(
        "UPDATE leads SET outcome = ?, value_cents = coalesce(?, value_cents), closed_by = ?, outcome_at = ? WHERE id = ?",
        (outcome, cents, by, to_ms(now), lead_id),
    )


def _talk(lead: Lead) -> str:
    return json.dumps(
        {
            "asked": list(lead.asked),
            "question": lead.question,
            "said": sorted(lead.said),
            "automatic": lead.automatic,
            "unclear": lead.unclear,
            "heard": lead.heard,
            "news": lead.news,
            "taken_by": lead.taken_by,
            "taker": lead.taker,
            "nobody": lead.nobody,
            "settled": lead.settled,
            "offer_of": lead.offer_of.value,
        },
        separators=(",", ":"),
    )


@dataclass(frozen=True, slots=True)
class _Talk:
    """The column `talk`."""

    asked: tuple[str, ...] = ()
    question: str | None = None
    said: frozenset[str] = frozenset()
    automatic: int = 0
    unclear: int = 0
    heard: str = ""
    news: bool = False
    taken_by: str = ""
    taker: str = ""
    nobody: bool = False
    settled: bool = False
    offer_of: str = OfferOf.CALL.value

    @classmethod
    def of(cls, column: str) -> _Talk | None:
        """None when the column cannot be read: damage, or somebody who tried to repair it by hand."""
        try:
            talk = json.loads(column)
            return cls(
                asked=tuple(map(str, talk["asked"])),
                question=None if talk["question"] is None else str(talk["question"]),
                said=frozenset(map(str, talk["said"])),
                automatic=int(talk["automatic"]),
                unclear=int(talk["unclear"]),
                heard=str(talk["heard"]),
                news=bool(talk["news"]),
                taken_by=str(talk.get("taken_by", "")),  # not there before the ladder was
                taker=str(talk.get("taker", "")),
                nobody=bool(talk.get("nobody", False)),
                settled=bool(talk.get("settled", False)),
                offer_of=OfferOf(talk.get("offer_of", OfferOf.CALL)).value,
            )
        except (ValueError, KeyError, TypeError):
            return None


def _own(column: str) -> tuple[tuple[str, str], ...]:
    """The column `answers`; nothing where it cannot be read."""
    try:
        return tuple((str(key), str(said)) for key, said in json.loads(column).items())
    except (ValueError, AttributeError):
        return ()


def lead_record(db: sqlite3.Connection, row: sqlite3.Row) -> LeadRecord:
    """One row of `leads`, with its appointment."""
    talk, stage = _Talk.of(row["talk"]), Stage(row["stage"])
    if talk is None and stage is not Stage.OPTED_OUT:
        stage = Stage.HANDED_OVER  # what was asked and said is not known: a person goes on
    talk = talk or _Talk()
    lead = Lead(
        language=row["language"],
        intent=row["intent"],
        heard=talk.heard,
        news=talk.news,
        urgency=Urgency(row["urgency"]),
        danger=row["danger"],
        alert=Alert(row["alert"]),
        taken_by=talk.taken_by,
        taker=talk.taker,
        nobody=talk.nobody,
        settled=talk.settled,
        lane=row["lane"] and Lane(row["lane"]),
        why=row["why"],
        facts=Facts(**{name: row[name] for name in _FACTS}, own=_own(row["answers"])),
        asked=talk.asked,
        question=talk.question,
        said=talk.said,
        automatic=talk.automatic,
        unclear=talk.unclear,
        stage=stage,
        offer_of=OfferOf(talk.offer_of),
        appointment=appointment_of(db, row["id"]),
        **calls_in(row),
        **desk_in(row),
    )
    return LeadRecord(
        id=row["id"],
        peer=row["peer"],
        wrote_at=from_ms(row["wrote_at"]),
        reply_at=moment(row["reply_at"]),
        follow_up_at=moment(row["follow_up_at"]),
        answered_id=row["answered_id"],
        lead=lead,
    )
