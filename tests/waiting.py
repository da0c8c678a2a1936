"""Waiting for what another task, thread or process does: until it is seen, with a deadline that only a failure meets."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

LOOK_S = 0.005  # between two looks
PATIENCE_S = 30.0  # for things that take moments on an idle machine


async def until(
    true: Callable[[], object | Awaitable[object]],
    what: str | Callable[[], object] = "",
    within_s: float = PATIENCE_S,
    *,
    look_s: float = LOOK_S,
) -> None:
    """Look again and again until `true()`; an AssertionError says `what` was waited for, a callable is asked at the end."""
    end = time.monotonic() + within_s
    while not (await answer if inspect.isawaitable(answer := true()) else answer):
        if time.monotonic() >= end:
            raise AssertionError(f"never within {within_s:g} s: {what() if callable(what) else what or true}")
        await asyncio.sleep(look_s)
