"""The breaker: when the network takes no text of ours any more, first texts stop trying one after the other.

It is open while several texts to several people have been refused, or reported undelivered, and none has been taken since:
a blocked SIM, no credit, a filter. Numbers that take no texts at all do not count. Then one opener a minute is let through
as a probe; the others wait for it, and when they get too old they go on the call-back list like any other. The first text
that the network takes closes it, and what waits leaves at once. Alerts to the business's own people, answers and texts by
hand are never held: they are the probes that matter.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from gateway import records
from gateway.clock import from_ms, to_ms
from gateway.core import wording
from gateway.core.effects import Changed, Effect
from gateway.core.notify import Kind
from gateway.core.outbound import TO_OUR_PEOPLE
from gateway.core.policy import ContactKind, NoText
from gateway.core.views.tasks import TaskKind
from gateway.turns import notices
from gateway.turns.context import Context

REFUSED_TEXTS = 5  # one strange number, or a caller's own block, is no trouble of ours
REFUSED_PEOPLE = 3
LOOK_BACK = timedelta(hours=24)
PROBE_EVERY = timedelta(seconds=60)  # carriers watch for senders that hammer; a minute loses no opener within its 15
WAITS = "the network refuses texts"

_SWITCH = "breaker"
_TASK: TaskKind = "texts_refused"
_OURS = ", ".join(f"'{purpose}'" for purpose in sorted(TO_OUR_PEOPLE))
_REFUSED = (
    f"purpose NOT IN ({_OURS}) AND sent_at >= :since AND sent_at > coalesce((SELECT max(s.at) FROM texts t"
    " JOIN segments s ON s.text_id = t.id WHERE t.sent_at >= :since AND s.state IN ('accepted', 'delivered')), 0)"
    " AND (state IN ('failed', 'undelivered') OR (tries > 0 AND state IN ('queued', 'submitting', 'expired')))"
    f" AND NOT EXISTS (SELECT 1 FROM contacts WHERE number = peer AND kind = '{ContactKind.LANDLINE.value}')"
)


def held_until(ctx: Context) -> datetime | None:
    """Until when an opener that is due has to wait; None: it may go, and if the breaker is open it is the probe."""
    row = ctx.db.execute(
        f"SELECT count(*) AS texts, count(DISTINCT peer) AS people FROM texts WHERE {_REFUSED}",
        {"since": to_ms(ctx.now - LOOK_BACK)},
    ).fetchone()
    if row["texts"] < REFUSED_TEXTS or row["people"] < REFUSED_PEOPLE:
        return None
    probed = ctx.db.execute("SELECT at FROM switches WHERE name = ? AND value <> ''", (_SWITCH,)).fetchone()
    if probed is None:
        _open(ctx, row["texts"])
        return ctx.now + PROBE_EVERY
    if (next_probe := from_ms(probed["at"]) + PROBE_EVERY) > ctx.now:
        return next_probe
    _set(ctx, "open")
    return None


def text_taken(ctx: Context) -> list[Effect]:
    """The network has taken a text: what waited for that leaves, and the owner hears of it."""
    task = ctx.db.execute("SELECT created_at FROM tasks WHERE kind = ? AND closed_at IS NULL", (_TASK,)).fetchone()
    switch = ctx.db.execute("SELECT 1 FROM switches WHERE name = ? AND value <> ''", (_SWITCH,)).fetchone()
    if switch is None:
        return []
    _set(ctx, "")
    since = task["created_at"] if task is not None else to_ms(ctx.now)
    missed = ctx.db.execute(
        "SELECT count(*) FROM calls WHERE no_text = ? AND known_at >= ?", (NoText.SEND_FAILED.value, since)
    ).fetchone()[0]
    ctx.db.execute(
        "UPDATE texts SET due = min(due, ?), waits = '' WHERE state = 'queued' AND (waits = ? OR tries > 0)",
        (to_ms(ctx.now), WAITS),
    )
    ctx.db.execute(
        "UPDATE tasks SET closed_at = ?, closed_by = 'a text was taken' WHERE kind = ? AND closed_at IS NULL",
        (to_ms(ctx.now), _TASK),
    )
    records.note(ctx.db, ctx.now, "box:texting", "the network takes texts again")

    def words(language: str) -> str:
        facts = {"time": notices.clock(ctx, ctx.now, language), "waiting": str(missed)}
        return wording.fixed_text(ctx.business, "owner_modem_back", language, **facts)

    notices.tell(ctx, Kind.TEXTING_TROUBLE, f"breaker:{to_ms(ctx.now)}:over", words, "modem_back")
    return [Changed("tasks")]


def _open(ctx: Context, count: int) -> None:
    _set(ctx, "open")
    say = (
        f"the network has refused the last {count} texts; callers who cannot be texted are on this list. Look at the"
        " SIM's credit and plan, or ask the carrier whether it is blocked. One text a minute tries, and it goes on by itself"
    )
    records.note(ctx.db, ctx.now, "box:texting", f"the network refuses texts: {count} in a row")
    records.open_task(ctx.db, _TASK, ctx.business.sims[0] if ctx.business.sims else "", say, ctx.now)
    words = partial(wording.fixed_text, ctx.business, "owner_modem", say=WAITS)
    notices.tell(ctx, Kind.TEXTING_TROUBLE, f"breaker:{to_ms(ctx.now)}", words, "modem")


def _set(ctx: Context, value: str) -> None:
    ctx.db.execute(
        "INSERT INTO switches (name, value, at) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at",
        (_SWITCH, value, to_ms(ctx.now)),
    )
