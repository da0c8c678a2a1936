"""What a process has under way beside its loop: threads, children, bytes just written. It is not at rest meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

real_monotonic = time.monotonic  # before somebody puts another one in its place


class Work:
    """What this process has under way beside its loop."""

    def __init__(self) -> None:
        self.threads = 0
        self.children: list[asyncio.SubprocessTransport] = []
        self.sign = 0.0  # real moment of the last one

    def stirs(self, *_: object) -> None:
        self.sign = real_monotonic()

    def begins(self, job: asyncio.Future[Any]) -> None:
        self.threads += 1
        job.add_done_callback(self._ended)

    def _ended(self, _job: object) -> None:
        self.threads -= 1
        self.stirs()

    @property
    def child(self) -> bool:
        """A program that this one has started runs."""
        self.children = [child for child in self.children if child.get_returncode() is None]
        return bool(self.children)


work = Work()


class Counted:
    """The queue of a database's thread; what is asked of it is under way until it is answered."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[tuple[asyncio.Future[Any] | None, Callable[[], Any]]] = SimpleQueue()
        self.get = self._queue.get

    def put_nowait(self, item: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        if item[0] is not None:
            work.begins(item[0])
        self._queue.put_nowait(item)
