"""How often somebody may try to sign in: a wall against guessing, and not one that locks the office out of its own page.

A browser in which a person has signed in before is counted by itself. All others are strangers, and are counted by their
network, by the name they try, and all together: whoever guesses from a hostile machine on the LAN, under as many addresses as
he likes, keeps new browsers out for a quarter of an hour, and nobody who works here every day.

Kept in memory: a restart is not in an attacker's hand. What is remembered is bounded, the oldest is forgotten.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Mapping
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
FROM_ONE_ADDRESS = 10  # wrong tries: somebody with two old passwords and a slip of the finger stays below
FOR_ONE_NAME = 20  # of all strangers together, so that many machines do not guess faster than one
OF_ALL_STRANGERS = 60  # a hashing takes a good part of a second on a Pi, and calls are handled beside it
IN_ONE_BROWSER = 10  # of one person, where he has signed in before
_KNOWN = 2000  # addresses, names and browsers that are remembered
_IPV6_NETWORK = 64  # bits: a machine chooses the rest of its address itself (RFC 4862)


def stranger(address: str, name: str) -> Mapping[str, int]:
    """What a try of a browser that nobody has used here before counts against, each with its limit."""
    return {
        f"from {network(address)}": FROM_ONE_ADDRESS,
        f"for {name.casefold()}": FOR_ONE_NAME,
        "of all": OF_ALL_STRANGERS,
    }


def known(browser: str) -> Mapping[str, int]:
    """What a try counts against in a browser in which this person has signed in before."""
    return {f"in {browser}": IN_ONE_BROWSER}


class Attempts:
    """Counts tries."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait(self, keys: Mapping[str, int], now: datetime) -> timedelta:
        """How long until the next try is allowed; zero when it is now."""
        return max(self._wait(key, limit, now) for key, limit in keys.items())

    def tried(self, keys: Mapping[str, int], now: datetime) -> None:
        """A try begins. It counts as a wrong one until it was `right`: so many at the same moment are not free."""
        for key, limit in keys.items():
            self._tries.setdefault(key, deque(maxlen=limit)).append(now)
            self._tries.move_to_end(key)
        while len(self._tries) > _KNOWN:
            self._tries.popitem(last=False)

    def right(self, keys: Mapping[str, int]) -> None:
        """The try was right. What it counts against alone (a browser, an address) is forgotten, of the others one try."""
        for key in keys:
            if key.startswith(("from ", "in ")):
                self._tries.pop(key, None)
            elif tries := self._tries.get(key):
                tries.pop()

    def forgive(self, name: str) -> None:
        """Forget the tries for a name: somebody on the box has given it another password."""
        self._tries.pop(f"for {name.casefold()}", None)

    def _wait(self, key: str, limit: int, now: datetime) -> timedelta:
        tries = self._tries.get(key, deque())
        while tries and not now - WINDOW <= tries[0] <= now:  # also those of a clock that was ahead
            tries.popleft()
        if len(tries) < limit:
            return timedelta(0)
        return tries[-limit] + WINDOW - now


def network(address: str) -> str:
    """What an address counts as: an IPv4 one by itself, an IPv6 one with all that its machine may give itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        if not found.is_link_local:  # there every machine of the LAN is in one network
            return str(ipaddress.ip_network((found, _IPV6_NETWORK), strict=False))
    return str(found)
