"""Whether the PBX tells us of calls at all.

A manager user without `call` in its `read` line logs in like any other, answers every question, and never says a word about
a call: to the gateway the office would look very quiet. The login does not tell, but lists do: a channel that stands in two
lists running, and did not stand in the one made at login, began while we listened.
"""

from __future__ import annotations

from drivers.asterisk.messages import Message

LISTENING = "ears/"  # ActionID prefix of a list that is made for this question alone
_OF_CALLS = frozenset({"Newchannel", "Newstate", "NewCallerid", "DialBegin", "DialEnd", "BridgeEnter", "Hangup"})


class Ears:
    """One connection's hearing. `hear` every call event, and every answer to Status; then `hears` and `is_deaf` tell."""

    def __init__(self) -> None:
        self.hears = False
        self.is_deaf = False
        self._known: frozenset[str] | None = None  # listed at login: begun before we listened
        self._before: frozenset[str] = frozenset()
        self._listing: set[str] = set()

    def hear(self, message: Message) -> None:
        """One message, in order."""
        if message.event in _OF_CALLS:
            self.hears, self.is_deaf = True, False
        elif message.event == "Status":
            self._listing.add(message.get("Uniqueid"))
        elif message.event == "StatusComplete":
            self._compare(frozenset(self._listing))
            self._listing.clear()

    def _compare(self, listed: frozenset[str]) -> None:
        if self._known is None:
            self._known = listed
            return
        begun = listed - self._known
        self.is_deaf = not self.hears and bool(begun & self._before)
        self._before = begun
