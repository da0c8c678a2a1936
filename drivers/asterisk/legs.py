"""The telephones that are rung for a caller, and what each of them did: the reason of a missed call, never the verdict."""

from __future__ import annotations

from collections.abc import Mapping

from drivers.asterisk.bridges import Channel, Switchboard
from drivers.asterisk.ledger import InboundCall
from drivers.asterisk.messages import Message
from drivers.asterisk.parties import is_local
from drivers.asterisk.places import leg_fate


class Legs:
    """Reads Dial events; a leg is a channel whose `rung_for` names the caller's channel."""

    def __init__(self, board: Switchboard, calls: Mapping[str, InboundCall]) -> None:
        self._board = board
        self._calls = calls

    def begins(self, message: Message, generation: int) -> bool:
        """DialBegin: a telephone is rung. False when the message names no telephone."""
        call = self._calls.get(message.get("Uniqueid"))
        owner = call or self._calls.get(message.get("Linkedid") or message.get("DestLinkedid"))
        if call is not None:
            call.trail.stands_in(message.get("Context"), message.get("Exten"))
            call.trail.dials()
        leg_id, leg_name = message.get("DestUniqueid"), message.get("DestChannel")
        if not leg_id or not leg_name:
            return False
        leg = self._board.channel(leg_id, leg_name, message.get("DestLinkedid"), generation)
        leg.dial_string, leg.dial_status = message.get("DialString"), ""
        if owner is not None:
            leg.rung_for = owner.uniqueid
            owner.trail.telephones += not is_local(leg_name)
            if call is None:
                owner.trail.legs += 1
        return True

    def rings(self, message: Message) -> None:
        """DialState: the telephone says that it rings."""
        leg = self._board.channels.get(message.get("DestUniqueid"))
        if leg is not None and message.get("DialStatus") in ("RINGING", "PROGRESS"):
            leg.rang = True

    def ends(self, message: Message) -> None:
        """DialEnd: how it went; the leg's Hangup brings the cause. A leg never seen begin is judged at once."""
        leg = self._board.channels.get(message.get("DestUniqueid"))
        status = message.get("DialStatus")
        if leg is not None:
            leg.dial_status = status or "NOANSWER"
            owner = self._calls.get(leg.rung_for)
            if message.get("Forward") and not leg.rang and owner is not None:
                leg.rung_for = ""  # it sent the call on (SIP 302): what it was sent to counts
                owner.trail.telephones -= not is_local(leg.name)
            return
        call = self._calls.get(message.get("Linkedid"))
        if call is not None and not is_local(message.get("DestChannel")) and status not in ("ANSWER", ""):
            call.trail.leg_ended(leg_fate(status, 0, rang=True))

    def is_gone(self, leg: Channel, cause: int) -> None:
        """The Hangup of any channel; `cause` is 0 where it names none."""
        call = self._calls.get(leg.rung_for)
        if call is not None:
            leg.cause = cause or leg.cause
            _done(call, leg)

    def settle(self, call: InboundCall) -> bool:
        """The caller is gone: judge the legs that were done with. True when a telephone was still ringing."""
        legs = [leg for leg in self._board.channels.values() if leg.rung_for == call.uniqueid]
        for leg in legs:
            if leg.dial_status:
                _done(call, leg)
        return any(not leg.dial_status for leg in legs)


def _done(call: InboundCall, leg: Channel) -> None:
    status = leg.dial_status or "NOANSWER"
    if is_local(leg.name) and status not in ("BUSY", "CHANUNAVAIL", "CONGESTION"):
        return  # what the telephones behind it did counts
    call.trail.leg_ended(leg_fate(status, leg.cause, leg.rang))
