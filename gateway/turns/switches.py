"""Switches of the whole box that are off again by themselves: a pause of two hours, a storm until tomorrow, somebody who is away."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from gateway import records
from gateway.core.effects import Effect
from gateway.core.events import Switched
from gateway.turns import away, office
from gateway.turns.context import Context


def due(ctx: Context) -> list[Effect]:
    """What has lasted long enough is over."""
    effects: list[Effect] = []
    for name in records.switches_over(ctx.db, ctx.now):
        if name.startswith(records.ABSENT):
            effects += away.over(ctx, name.removeprefix(records.ABSENT))
        else:
            effects += office.switched(ctx, Switched(ctx.now, name, "", "its time is over"))
    return effects


def next_due(db: sqlite3.Connection) -> datetime | None:
    """When the next one is over."""
    return records.next_switch(db)
