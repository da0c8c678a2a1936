"""What a talk or an attempt changes in what people have to do: a call-back is done once somebody spoke with the caller."""

from __future__ import annotations

import re
from datetime import datetime

from gateway import records
from gateway.turns.context import Context

CALL_BACK_LIST = ", on the call-back list"
_ATTEMPTS = re.compile(r"; rung (?:back|(\d+) times, last) by .{1,40} at [0-9: APM]+, not reached")
_TALK = re.compile(r"; the office(?: \(.{1,40}\))? spoke with them at [0-9: APM]+$")


def who(by: str | None) -> str:
    """The office as a sentence names it, with the extension where one is known."""
    return f"the office ({by[:40]})" if by else "the office"


def after_talk(ctx: Context, peer: str, at: datetime, by: str | None) -> None:
    """The office and `peer` have spoken: their call-back is done, whatever else is open for them says so and stays.

    A call that was missed after the talk keeps the call-back open.
    """
    spoken = f"{who(by)} spoke with them at {_clock(ctx, at)}"
    missed_since = records.missed_after(ctx.db, peer, at)
    for task in records.open_tasks_of(ctx.db, peer):
        if task.kind != "call_back":
            records.tell_task(ctx.db, task.id, f"{_TALK.sub('', task.say)}; {spoken}")
        elif not missed_since:
            records.close_task(ctx.db, task.id, spoken, ctx.now)
            records.note(ctx.db, ctx.now, f"peer:{peer}", f"called back: {spoken}")
            if task.call_id is not None:  # it stands for that call and the ones after it
                for call_id, say in records.calls_on_call_back_list(ctx.db, peer, task.call_id):
                    records.tell_call(ctx.db, call_id, f"{say.removesuffix(CALL_BACK_LIST)}; {spoken}")


def note_attempt(ctx: Context, peer: str, at: datetime, by: str | None) -> None:
    """The office rang `peer` and did not reach them: the call-back stays open and says so."""
    where = f"{by[:40] if by else 'the office'} at {_clock(ctx, at)}, not reached"
    for task in records.open_tasks_of(ctx.db, peer):
        if task.kind != "call_back":
            continue
        before = _ATTEMPTS.search(task.say)
        count = int(before[1] or 1) + 1 if before else 1
        times = f"rung {count} times, last" if count > 1 else "rung back"
        records.tell_task(ctx.db, task.id, f"{_ATTEMPTS.sub('', task.say)}; {times} by {where}")
    records.note(ctx.db, ctx.now, f"peer:{peer}", f"rung back by {where}")


def _clock(ctx: Context, at: datetime) -> str:
    return f"{at.astimezone(ctx.business.zone):%-I:%M %p}"
