"""Which entries of a modem's list of missed calls are new. Pure.

The newest stands first and few fit in, mostly ten. Some modems make one entry of calls that follow each other from one number,
some move a number that calls again to the front; hardly any says when. So the new ones are as many from the front as have to go
before the rest is what was there before.
"""

from __future__ import annotations

from collections.abc import Sequence

Entry = tuple[str, str]  # who, and what the modem says of when


def new_entries(before: Sequence[Entry], now: Sequence[Entry]) -> tuple[int, bool]:
    """How many from the front are new, and whether the old ones were found again: else nobody knows how old these are."""
    old, new = list(before), list(now)
    for count in range(len(new)):
        moved = {who for who, _ in new[:count]}
        rest = new[count:]
        if rest == old[: len(rest)] or rest == [each for each in old if each[0] not in moved][: len(rest)]:
            return count, True
    return len(new), not old
