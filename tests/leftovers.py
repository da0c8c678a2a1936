"""Threads that a test leaves behind: one that is no daemon keeps the process alive after the last test."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from concurrent.futures.thread import _threads_queues  # type: ignore[attr-defined] # idle workers end with the process

ENDS_WITHIN_S = 5.0  # one that is about to end may end


class Leftovers:
    """Remembers during which test each thread was seen first."""

    def __init__(self) -> None:
        self._seen: dict[threading.Thread, str] = {}

    def look(self, test: str) -> None:
        """A test is over."""
        for thread in _alive():
            self._seen.setdefault(thread, test)

    def names(self) -> list[str]:
        """What still runs at the end of all tests, with where it stands; empty when nothing does."""
        end = time.monotonic() + ENDS_WITHIN_S
        for thread in _alive():
            thread.join(max(0.0, end - time.monotonic()))
        frames = sys._current_frames()
        return [
            f"thread {thread.name!r}, first seen in {self._seen.get(thread, 'no test')}, keeps the process alive at:\n"
            + "".join(traceback.format_stack(frames[thread.ident]) if thread.ident in frames else [])
            for thread in _alive()
        ]


def _alive() -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        if thread is not threading.main_thread() and not thread.daemon and thread not in _threads_queues
    ]
