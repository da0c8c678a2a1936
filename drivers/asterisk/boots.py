"""Whether the PBX started anew while nobody listened: then every call it had is over.

Two witnesses. `FullyBooted` says after each login how long the PBX has been up: a shorter time than before means a new start,
or a clock that was set back (a PBX without a battery clock does that once the network is there). `CoreStatus` names the
moment of the start, which no clock changes. So where that moment is known a short uptime is only a doubt, which the next
CoreStatus, a channel that is still listed, or the end of a list settles.
"""

from __future__ import annotations

JUST_BOOTED_S = 5  # a PBX boots in half a second on a PC, in a few seconds on a Pi


class Boots:
    """What is known of the starts of one PBX. Every question is answered True once per new start."""

    def __init__(self) -> None:
        self._uptime: int | None = None
        self._connection = 0  # on which the uptime was told
        self._startup = ""
        self._doubted = False

    @property
    def is_first(self) -> bool:
        """No uptime has been told yet, or the PBX said that it goes down."""
        return self._uptime is None

    def says_uptime(self, uptime_s: int, connection: int) -> bool:
        """FullyBooted on connection number `connection`: the PBX has surely started anew since the one before."""
        before, self._uptime = self._uptime, uptime_s
        first_on_this, self._connection = connection > self._connection, connection
        if before is None or not first_on_this:
            return False
        # The same uptime twice: a link renewed within the second, or a PBX killed twice right after its start.
        anew = uptime_s < before or uptime_s == before <= JUST_BOOTED_S
        if anew and self._startup:
            self._doubted = True
            return False
        return anew

    def says_startup(self, moment: str) -> bool:
        """CoreStatus: the PBX has started anew since the last one."""
        before, self._startup = self._startup, moment
        self._doubted = False
        return before not in ("", moment)

    def lists_a_channel_of_before(self) -> None:
        """A channel that was known before is alive: no start ended it."""
        self._doubted = False

    def ends_a_list(self) -> bool:
        """A list of all channels is complete, and neither it nor CoreStatus took the doubt away."""
        doubted, self._doubted = self._doubted, False
        return doubted

    def goes_down(self) -> None:
        """Shutdown: whatever comes next is a new start."""
        self._uptime, self._startup, self._doubted = None, "", False
