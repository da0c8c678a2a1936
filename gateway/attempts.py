"""How often somebody may try to sign in: a wall against guessing, and not one that locks the office out of its own page.

Kept in memory: a restart is not in an attacker's hand. Addresses are bounded in number, the oldest are forgotten.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
FROM_ONE_ADDRESS = 10  # wrong tries: somebody with two old passwords and a slip of the finger stays below
FOR_ONE_NAME = 20  # of all addresses together, so that many machines do not guess faster than one
_KNOWN = 2000  # addresses and names that are remembered


class Attempts:
    """Counts wrong tries."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait(self, address: str, name: str, now: datetime) -> timedelta:
        """How long until the next try is allowed; zero when it is now."""
        limits = ((f"from {address}", FROM_ONE_ADDRESS), (f"for {name.lower()}", FOR_ONE_NAME))
        return max(self._wait(key, limit, now) for key, limit in limits)

    def wrong(self, address: str, name: str, now: datetime) -> None:
        """A try was wrong."""
        for key in (f"from {address}", f"for {name.lower()}"):
            tries = self._wrong.setdefault(key, deque(maxlen=max(FROM_ONE_ADDRESS, FOR_ONE_NAME)))
            tries.append(now)
            self._wrong.move_to_end(key)
        while len(self._wrong) > _KNOWN:
            self._wrong.popitem(last=False)

    def right(self, address: str) -> None:
        """Somebody at this address has shown who he is."""
        self._wrong.pop(f"from {address}", None)

    def _wait(self, key: str, limit: int, now: datetime) -> timedelta:
        tries = self._wrong.get(key, deque())
        while tries and not now - WINDOW <= tries[0] <= now:  # also those of a clock that was ahead
            tries.popleft()
        if len(tries) < limit:
            return timedelta(0)
        return tries[-limit] + WINDOW - now
