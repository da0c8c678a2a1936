"""The office's own calls: whom it rings, and whether they speak.

Theory (measured on Asterisk 16 and 22, chan_pjsip and chan_sip; nothing beyond least privilege is needed):
- A DialBegin whose leg leaves through a trunk, in a family (Linkedid) that did not begin as an inbound call, is a call of the
  office. A follow-me, queue or forwarding leg to a cell belongs to its caller's family and is none.
- They speak when the leg shares a non-holding bridge with one of our telephones, directly or through Local channels; who
  dialled and in which order (click-to-call rings our phone or the outside first) does not matter.
- A call ends with its last leg; one that reached nobody also lasts until the dialling channel is gone or dials something else,
  for a second trunk may be tried.
- An answering machine is a person to the PBX. An analogue line counts as answered once it is dialled: what was never heard
  ringing there is believed to be a talk only when it lasts as long as one.
- After a lost link the lists of channels stand in for what was missed; a call that is not listed any more ended unseen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from drivers.asterisk.arrivals import Arrivals
from drivers.asterisk.bridges import Channel, Switchboard
from drivers.asterisk.dialled import are_one, number_in, plain_number
from drivers.asterisk.ledger import Ledger
from drivers.asterisk.messages import Message
from drivers.asterisk.parties import endpoint, is_local, is_telephone, spoken_by, technology
from gateway.core.events import OfficeCalled, OfficeRings

MAX_OUTGOING = 1000  # as of inbound calls: a 20-line office has 20
ANALOGUE_TALK = timedelta(seconds=45)  # eight rings of 6 s: whoever has not answered by then does not


@dataclass(slots=True, eq=False)
class OutgoingCall:
    """One call of the office. `dialler` is the Uniqueid of the channel that dials, "" where the PBX itself does (Originate)."""

    to: str
    by: str | None
    family: str
    dialler: str
    legs: set[str] = field(default_factory=set)
    reached: bool = False
    joined_at: datetime | None = None  # a silent analogue line was joined to a telephone


class Outgoing:
    """Finds the office's calls on the switchboard and tells the ledger of them. Each rings once and is over once."""

    def __init__(self, board: Switchboard, arrivals: Arrivals, ledger: Ledger) -> None:
        self._board = board
        self._arrivals = arrivals
        self._ledger = ledger
        self._calls: list[OutgoingCall] = []
        self._of_leg: dict[str, OutgoingCall] = {}
        self._listed: list[Channel] = []  # by a list that is not complete
        self._originated: dict[str, None] = {}  # the newest families whose first channel the PBX itself rang

    # -- what the manager says

    def dials(self, message: Message) -> None:
        """DialBegin, once its leg stands on the board."""
        leg = self._board.channels.get(message.get("DestUniqueid"))
        if leg is None or leg.uniqueid in self._of_leg:
            return
        dialler, family = message.get("Uniqueid"), message.get("Linkedid") or leg.linkedid
        if not dialler:
            self._note_originated(family)
        if is_local(leg.name) or not is_telephone(leg.name):
            return
        leg.context = leg.context or message.get("DestContext")
        if self._ledger.is_inbound(family, leg.linkedid, leg.rung_for, dialler) or self._is_unseen_caller(message):
            return
        called = self._number(leg, (message.get("DestExten"), message.get("DestCallerIDNum"), message.get("Exten")))
        for call in [call for call in self._calls if dialler and call.dialler == dialler and not call.reached]:
            if not (call.legs or (called is not None and are_one(call.to, called))):
                self._is_over(call)  # it dials something else now
        if called is None:
            return
        self._begins(leg, called, family, dialler)
        self.look([leg.uniqueid])

    def look(self, uniqueids: Iterable[str]) -> None:
        """The company of these channels may have changed."""
        for uniqueid in uniqueids:
            call = self._of_leg.get(uniqueid)
            if call is None or call.reached:
                continue
            person = self._person_with(uniqueid, call)
            if person is None:
                continue
            if _is_silent_line(self._board.channels[uniqueid]):
                call.joined_at = call.joined_at or self._ledger.now
                continue
            self._is_reached(call, person)

    def gone(self, uniqueid: str) -> None:
        """A channel was hung up; it still stands on the board."""
        call = self._of_leg.pop(uniqueid, None)
        if call is not None:
            call.legs.discard(uniqueid)
        for each in [each for each in self._calls if each is call or each.dialler == uniqueid]:
            if each.dialler == uniqueid:
                each.dialler = ""
            if not each.legs and (each.reached or each.joined_at or not each.dialler):
                self._is_over(each)

    def is_listed(self, channel: Channel, context: str) -> None:
        """A list names a channel: perhaps the leg of a call that began while nobody listened, the end of the list tells.

        The first channel of a family is not looked at: on a trunk it may be a caller as well.
        """
        if channel.uniqueid != channel.linkedid and not is_local(channel.name):
            channel.context = channel.context or context
            self._listed.append(channel)

    def connected(self) -> None:
        """A new connection begins: the rest of a list will not come."""
        self._listed.clear()

    def list_ends(self) -> None:
        """Everybody has been named, callers too."""
        listed, self._listed = self._listed, []
        for channel in listed:
            self._finds(channel)

    def _finds(self, channel: Channel) -> None:
        if channel.uniqueid in self._of_leg or self._board.channels.get(channel.uniqueid) is not channel:
            return
        if not is_telephone(channel.name) or not self._is_outside(channel):
            return
        if self._ledger.is_inbound(channel.linkedid, channel.rung_for):
            return
        called = plain_number(channel.caller_id)  # a leg shows the number it was dialled with
        if called is not None:
            self._begins(channel, called, channel.linkedid, self._dialler_in(channel.linkedid))
            self.look([channel.uniqueid])

    def pbx_died(self, generation: int) -> None:
        """Whatever was last heard of before this connection is over."""
        for call in list(self._calls):
            legs = [self._board.channels.get(leg) for leg in call.legs]
            if all(leg is None or leg.generation < generation for leg in legs):
                self._is_over(call)

    # -- what it means

    def _begins(self, leg: Channel, called: str, family: str, dialler: str) -> None:
        call = next((each for each in self._calls if each.family == family and are_one(each.to, called)), None)
        if call is None:
            while len(self._calls) >= MAX_OUTGOING:
                self._is_over(self._calls[0])
            call = OutgoingCall(called, self._caller_in(family, dialler), family, dialler)
            self._calls.append(call)
            self._ledger.tell(OfficeRings(self._ledger.now, call.to, call.by))
        call.legs.add(leg.uniqueid)
        self._of_leg[leg.uniqueid] = call

    def _is_reached(self, call: OutgoingCall, by: str) -> None:
        call.reached, call.by = True, by
        self._ledger.tell(OfficeCalled(self._ledger.now, call.to, True, by, over=False))

    def _is_over(self, call: OutgoingCall) -> None:
        self._calls.remove(call)
        for leg in call.legs:
            self._of_leg.pop(leg, None)
        now = self._ledger.now
        talked = call.joined_at is not None and now - call.joined_at >= ANALOGUE_TALK
        self._ledger.tell(OfficeCalled(now, call.to, call.reached or talked, call.by))

    def _number(self, leg: Channel, dialled: tuple[str, ...]) -> str | None:
        """The outside number the leg was rung with; None for a telephone of ours."""
        inside = self._arrivals.is_inside(leg.context)
        number = number_in(leg.dial_string, endpoint(leg.name), inside)
        if number is not None:
            return number
        if not self._arrivals.is_outside(leg):
            return None
        return next((found for text in dialled if (found := plain_number(text)) is not None), None)

    def _is_outside(self, channel: Channel) -> bool:
        """Whether the channel leads out of the house: a caller, the leg of a call of ours, anything else on a trunk."""
        return (
            channel.uniqueid in self._of_leg
            or self._ledger.is_inbound(channel.uniqueid)
            or self._arrivals.is_outside(channel)
        )

    def _person_with(self, leg: str, call: OutgoingCall) -> str | None:
        """Who of the office hears the leg; None when nobody does.

        A telephone of ours; or, where the PBX rang an outside number first of all (click-to-call from a cell), that one.
        """
        heard = [other for other in self._board.heard_by(leg) if is_telephone(other.name)]
        ours = next((other for other in heard if not self._is_outside(other)), None)
        if ours is not None:
            return _shown(ours)
        for other in heard:
            called = self._of_leg.get(other.uniqueid)
            if called is not None and called is not call and called.family == call.family in self._originated:
                return called.to
        return None

    def _note_originated(self, family: str) -> None:
        self._originated[family] = None
        if len(self._originated) > MAX_OUTGOING:
            del self._originated[next(iter(self._originated))]

    def _is_unseen_caller(self, message: Message) -> bool:
        """Who dials came in on a trunk while nobody listened; the list that tells so is still to come."""
        channel = self._board.channels.get(message.get("Uniqueid"))
        return channel is not None and channel.uniqueid not in self._of_leg and self._arrivals.is_outside(channel)

    def _dialler_in(self, family: str) -> str:
        return family if family in self._board.channels else ""

    def _caller_in(self, family: str, dialler: str) -> str | None:
        """Which of our telephones the call is made from."""
        own = self._board.channels.get(dialler)
        near = (own, *self._board.heard_by(dialler)) if own is not None else ()
        rest = (channel for channel in self._board.channels.values() if channel.linkedid == family)
        for channel in (*near, *rest):
            if channel is not None and is_telephone(channel.name) and not self._is_outside(channel):
                return _shown(channel)
        return None


def _shown(telephone: Channel) -> str:
    return spoken_by(telephone.name, telephone.dial_string, telephone.caller_id) or endpoint(telephone.name)


def _is_silent_line(leg: Channel) -> bool:
    """An analogue line that was taken for answered without a ring: nobody knows yet whether anybody did."""
    return technology(leg.name) == "dahdi" and not leg.rang
