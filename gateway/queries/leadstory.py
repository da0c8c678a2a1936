"""One lead with all that was said and done about it, as its page shows it: SQL on a read-only connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from gateway.clock import from_ms, to_ms
from gateway.core.booking.appointments import State
from gateway.core.business import Business
from gateway.core.conversation.office import ConversationRules
from gateway.core.desk.putting_right import FACTS, labels_read
from gateway.core.desk.replies import USUAL, filled, first_name
from gateway.core.desk.upto import Upto
from gateway.core.hours import first_opening_after
from gateway.core.numbers import read_number
from gateway.core.policy import ContactKind
from gateway.core.views.calendar import FreeWindow
from gateway.core.views.calls import CallRow, TextRow
from gateway.core.views.contacts import Mark
from gateway.core.views.emergencies import DrillView, Emergency, Told
from gateway.core.views.leads import Chosen
from gateway.core.views.leadstory import (
    NEWEST,
    Jotting,
    LeadStory,
    Note,
    Part,
    Place,
    PutRight,
    Reply,
    Said,
    Understood,
)
from gateway.queries.leadparts import NOTES, Span, cut_notes, talk_part, those
from gateway.queries.leads import lead_by_id, lead_row, read_json, service_name
from gateway.queries.openings import free_windows
from gateway.records import moment
from gateway.records.appointments import appointment_of
from gateway.records.desks import corrected_in, upto_of
from gateway.turns import away
from gateway.turns.context import Context

END = 2**63 - 1  # behind the last row of any table
TOLD_AT_MOST = 100  # people who were told of one emergency, the last of them


def lead_story(
    db: sqlite3.Connection,
    business: Business,
    lead_id: int,
    at: datetime,
    text_row: Callable[[sqlite3.Row], TextRow],
    letter_row: Callable[[sqlite3.Row], TextRow],
    call_row: Callable[[sqlite3.Row, tuple[TextRow, ...]], CallRow],
    place: Place = NEWEST,
) -> LeadStory | None:
    """A lead with what was said and done about it, of long lists the part at `place`; None when there is no such lead.

    The calls and the texts to its person that name no lead (the first text, texts by hand) belong to it until so long
    after the caller's last text that the next one would have begun another lead.
    """
    row = lead_by_id(db, lead_id)
    if row is None:
        return None
    siblings = db.execute("SELECT id, wrote_at FROM leads WHERE peer = ? ORDER BY id", (row["peer"],)).fetchall()
    span = _span(row, siblings, business, at)
    ids, around = talk_part(db, span, place)
    talk = [Said(text_row(one)) for one in _those(db, "texts", ids["out"])]
    talk += [Said(letter_row(one), _read(one, business.conversation)) for one in _letters(db, ids["in"])]
    notes, notes_part = _notes(db, span, place.line)
    written, jottings_part = jottings(db, lead_id, place.note)
    marks = db.execute("SELECT * FROM contacts WHERE number = ? ORDER BY since, kind", (row["peer"],)).fetchall()
    chosen = _chosen(db, lead_id, business.conversation)
    people, gone = _people(db, business), away.away(Context(db, business, at))
    return LeadStory(
        lead=lead_row(row, business.conversation, at),
        talk=tuple(sorted(talk, key=lambda said: (said.text.at, said.text.direction, said.text.id))),
        calls=tuple(call_row(one, ()) for one in _calls(db, ids["call"])),
        notes=tuple(Note(from_ms(one["at"]), one["what"], one["id"]) for one in reversed(notes)),
        marks=tuple(Mark(one["kind"], one["name"], from_ms(one["since"]), one["basis"]) for one in marks),
        emergency=_emergency(db, business, lead_id),
        others=tuple(one["id"] for one in reversed(siblings) if one["id"] != lead_id),
        jottings=written,
        put_right=_put_right(row["corrected"]),
        known=tuple((name, row[name] or "") for name in (*FACTS, "urgency", "lane")),
        services=tuple((key, service.label) for key, service in business.conversation.services.items()),
        people=people,
        away=tuple((name, absence.until) for name in people if (absence := gone.of(name)) is not None),
        replies=_replies(row, business, chosen),
        may_text=_may_text(row["peer"], marks, business),
        call_tries=business.desk.tries,
        opens_at=first_opening_after(business, at),
        upto=str(_upto(db, lead_id, row["peer"], ids, whole=not around.later)),
        chosen=chosen,
        windows=_windows(db, business, row, at),
        crews=tuple((name, crew.label) for name, crew in business.conversation.booking.crews.items()),
        talk_part=around,
        jottings_part=jottings_part,
        notes_part=notes_part,
    )


def _upto(db: sqlite3.Connection, lead_id: int, peer: str, ids: Mapping[str, Sequence[int]], *, whole: bool) -> Upto:
    """How far the page has come: who looks at an older part has not seen what stands behind it."""
    newest = upto_of(db, lead_id, peer)
    if whole:
        return newest
    return replace(newest, letter=max(ids["in"], default=0), text=max(ids["out"], default=0))


def _chosen(db: sqlite3.Connection, lead_id: int, rules: ConversationRules) -> Chosen | None:
    """The appointment of a lead; one that was only kept in vain is none."""
    one = appointment_of(db, lead_id)
    if one is None or one.state is State.EXPIRED:
        return None
    crew, arrival = rules.booking.crews.get(one.opening.crew), one.opening.arrival
    return Chosen(
        arrival.begins, arrival.ends, crew.label if crew else one.opening.crew or one.who, one.state, one.note
    )


def _windows(db: sqlite3.Connection, business: Business, row: sqlite3.Row, at: datetime) -> tuple[FreeWindow, ...]:
    kind = business.conversation.booking.type_for(row["service"])
    return () if kind is None else free_windows(db, business, kind, at, row["id"])


def jottings(db: sqlite3.Connection, lead_id: int, last: int | None = None) -> tuple[tuple[Jotting, ...], Part]:
    """The notes that people have written about a lead, the part that ends with note `last`."""
    rows = db.execute(
        "SELECT * FROM notes WHERE lead_id = ? AND id <= ? ORDER BY id DESC LIMIT ?",
        (lead_id, END if last is None else last, NOTES + 1),
    ).fetchall()
    shown, part = cut_notes(rows, "body", newest=last is None)
    return tuple(
        Jotting(one["id"], from_ms(one["at"]), one["by"], one["body"], one["struck_at"] is not None)
        for one in reversed(shown)
    ), part


def _put_right(column: str) -> tuple[PutRight, ...]:
    """What people have put right; what a damaged record does not tell is left out."""
    found = []
    for fact, entry in corrected_in(column).items():
        at = entry.get("at")
        if isinstance(at, int):
            value, was, by = (str(entry.get(name) or "") for name in ("value", "was", "by"))
            found.append(PutRight(fact, value, was, by, from_ms(at)))
    return tuple(found)


def _replies(row: sqlite3.Row, business: Business, chosen: Chosen | None) -> tuple[Reply, ...]:
    """Texts that people write often, filled in as far as they can be here: who writes, `{me}`, is known to the page."""
    facts = {
        "business": business.name,
        "name": first_name(row["name"] or ""),
        "me": "{me}",
        "service": service_name(business.conversation, row["service"]).lower(),
        "appointment": "",
    }
    if chosen is not None and chosen.state == State.CONFIRMED:
        facts["appointment"] = f"{chosen.begins.astimezone(business.zone):%a %b %-d, %-I:%M %p}"
    found = []
    for reply in business.replies or USUAL:
        text, spanish = filled(reply.text, facts), filled(reply.text_es, facts)
        if text is not None and spanish is not None:
            found.append(Reply(reply.key, reply.label, text, spanish))
    return tuple(found)


def _people(db: sqlite3.Connection, business: Business) -> tuple[str, ...]:
    """To whom a lead can be given: who uses the page, our people, who stands in the rota, whom the rules name."""
    users = [str(one["name"]) for one in db.execute("SELECT name FROM logins ORDER BY name COLLATE NOCASE")]
    named = [person.name for person in business.people.everybody if person.name]
    rota = [person.name for person in business.conversation.call_back.rota]
    return tuple(dict.fromkeys((*users, *named, *rota, *(who for rule in business.desk.owners for who in rule.who))))


def _may_text(peer: str, marks: list[sqlite3.Row], business: Business) -> str:
    if any(mark["kind"] == ContactKind.OPTED_OUT for mark in marks):
        return "They have asked not to be texted: call instead."
    if read_number(peer, business.country, business.area_code).e164 is None:
        return "This is not a number that can be texted."
    if any(mark["kind"] == ContactKind.LANDLINE for mark in marks):
        return "This is a landline: it gets no texts."
    return ""


def _read(row: sqlite3.Row, rules: ConversationRules) -> Understood | None:
    """What was understood of a letter, with what people have put right about it."""
    found = understood(row["reading"], rules)
    if row["kind"] != "text" or not row["body"].strip():
        return found
    was = labels_read(row["reading"])
    should = read_json(row["should"] or "{}")
    right = tuple((label, str(should[label])) for label in was if label in should and str(should[label]) != was[label])
    found = found or Understood((), ())
    return replace(
        found, read=tuple({**was, **dict(right)}.items()), put_right=right, put_right_by=row["put_right_by"] or ""
    )


def _emergency(db: sqlite3.Connection, business: Business, lead_id: int) -> Emergency | None:
    """The newest emergency of a lead, with everybody who was told of it."""
    row = db.execute("SELECT * FROM escalations WHERE lead_id = ? ORDER BY id DESC LIMIT 1", (lead_id,)).fetchone()
    if row is None:
        return None
    return Emergency(
        code=row["code"],
        state=row["state"],
        by=row["by"],
        opened_at=from_ms(row["opened_at"]),
        acknowledged_at=None if row["acknowledged_at"] is None else from_ms(row["acknowledged_at"]),
        next_at=None if row["next_at"] is None else from_ms(row["next_at"]),
        told=_told(db, business, row["id"]),
    )


def drill_view(db: sqlite3.Connection, business: Business) -> DrillView | None:
    """How far the newest drill has come; None when there was none."""
    row = db.execute("SELECT * FROM escalations WHERE peer = '' AND kind = 'drill' ORDER BY id DESC LIMIT 1").fetchone()
    if row is None:
        return None
    acknowledged = row["acknowledged_at"] is not None
    state = "acknowledged" if acknowledged else "exhausted" if row["exhausted_at"] is not None else row["state"]
    return DrillView(
        code=row["code"],
        state=state,
        by=row["by"],
        told=_told(db, business, row["id"]),
        asked_by=row["words"],
        opened_at=from_ms(row["opened_at"]),
        ended_at=moment(row["acknowledged_at"] if acknowledged else row["exhausted_at"]),
        next_at=moment(row["next_at"]) if state == "alerting" else None,
    )


def _told(db: sqlite3.Connection, business: Business, escalation_id: int) -> tuple[Told, ...]:
    """Everybody who was told of an escalation, in order."""
    alerts = db.execute(
        "SELECT a.person, a.number, a.channel, a.at, coalesce(t.state, a.state) AS state, coalesce(t.say, a.say) AS say"
        " FROM alerts a LEFT JOIN texts t ON t.id = a.text_id WHERE a.escalation_id = ? ORDER BY a.id DESC LIMIT ?",
        (escalation_id, TOLD_AT_MOST),
    ).fetchall()
    names = {person.key: person.name or person.key for person in business.people.everybody}
    return tuple(
        Told(
            names.get(one["person"], one["person"]),
            one["number"],
            one["channel"],
            from_ms(one["at"]),
            one["state"],
            one["say"],
        )
        for one in reversed(alerts)
    )


def understood(reading: str, rules: ConversationRules) -> Understood | None:
    """What a letter's stored reading says; None when there is none."""
    found = read_json(reading)
    if not found:
        return None
    because = found.pop("because", ())
    if isinstance(found.get("service"), str):
        found["service"] = service_name(rules, found["service"])
    labels = tuple((name, value if isinstance(value, str) else "yes") for name, value in found.items() if value)
    return Understood(labels, tuple(str(reason) for reason in because) if isinstance(because, list) else ())


def _span(row: sqlite3.Row, siblings: list[sqlite3.Row], business: Business, at: datetime) -> Span:
    young = int(business.policy.conversation_open_s * 1000)
    last = siblings[-1]["id"] == row["id"]
    return {
        "lead": row["id"],
        "peer": row["peer"],
        "since": max((one["wrote_at"] + young for one in siblings if one["id"] < row["id"]), default=0),
        "until": to_ms(at) + 1 if last else row["wrote_at"] + young,
    }


def _those(db: sqlite3.Connection, table: str, ids: list[int]) -> list[sqlite3.Row]:
    return db.execute(f"SELECT * FROM {table} WHERE id IN ({those(ids)})").fetchall()


def _letters(db: sqlite3.Connection, ids: list[int]) -> list[sqlite3.Row]:
    return db.execute(
        "SELECT letters.*, corrections.should, corrections.by AS put_right_by FROM letters"
        " LEFT JOIN corrections ON corrections.letter_id = letters.id"
        f" WHERE letters.id IN ({those(ids)})"
    ).fetchall()


def _calls(db: sqlite3.Connection, ids: list[int]) -> list[sqlite3.Row]:
    rows = db.execute(f"SELECT calls.*, '' AS known_as FROM calls WHERE id IN ({those(ids)})").fetchall()
    return sorted(rows, key=lambda row: (row["started_at"], row["id"]))


def _notes(db: sqlite3.Connection, span: Span, last: int | None) -> tuple[list[sqlite3.Row], Part]:
    """The history of a lead, the newest first, from line `last` on."""
    rows = db.execute(
        # One search of the index for each subject: an OR of both would walk through the notes of all people.
        "SELECT id, at, what FROM ("
        "SELECT id, at, what FROM history WHERE subject >= 'lead:' AND subject < 'peer;' AND subject = 'lead:' || :lead"
        " UNION ALL SELECT id, at, what FROM history WHERE subject >= 'lead:' AND subject < 'peer;'"
        " AND subject = 'peer:' || :peer AND at > :since AND at < :until) WHERE id <= :last"
        " ORDER BY id DESC LIMIT :limit",
        {**span, "last": END if last is None else last, "limit": NOTES + 1},
    ).fetchall()
    return cut_notes(rows, "what", newest=last is None)
