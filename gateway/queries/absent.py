"""Who is away, and what that leaves: SQL on a read-only connection."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from gateway.clock import to_ms
from gateway.core.business import Business
from gateway.core.desk.absence import Absence, Away, Who
from gateway.core.escalation.ladder import Present, on_ladder
from gateway.core.views.box import Absent, Gone
from gateway.turns import Context, away, ladder


def gone(db: sqlite3.Connection, business: Business, at: datetime, *, clock_sane: bool = True) -> Gone:
    """Who is away at a moment."""
    ctx = Context(db, business, at, clock_sane)
    found = away.away(ctx)
    everybody = tuple((who.key, who.names) for who in away.known(ctx))
    if not found.absences:
        return Gone(everybody=everybody)
    present = Present(ladder.on_call_now(ctx), away.passed_over(ctx))
    told = frozenset(on_ladder(business.escalation.rungs, business.people, present))
    rota = [person.name for person in business.conversation.call_back.rota]
    return Gone(
        absent=tuple(_absent(db, at, who, absence) for who, absence in found.absences),
        everybody=everybody,
        nobody_told=bool(told) and told <= present.away,
        rules=_left_alone(business, found),
        nobody_calls=bool(rota) and found.names.issuperset(rota),
    )


def _left_alone(business: Business, found: Away) -> tuple[int, ...]:
    rules = enumerate(business.desk.owners, 1)
    return tuple(number for number, rule in rules if rule.who and found.names.issuperset(rule.who))


def _absent(db: sqlite3.Connection, at: datetime, who: Who, absence: Absence) -> Absent:
    rows = db.execute(
        "SELECT call_who, call_begins FROM leads WHERE call_begins > ? AND call_kept = 0", (to_ms(at),)
    ).fetchall()
    until = None if absence.until is None else to_ms(absence.until)
    promised = sum(who.is_called(row["call_who"]) and (until is None or row["call_begins"] < until) for row in rows)
    return Absent(who.name, who.names, who.key, absence.since, absence.until, absence.by, promised)
