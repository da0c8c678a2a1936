"""Manager messages in, calls out: the pure tracker that decides what became of each inbound call, and of the office's own.

Theory (measured on Asterisk 16 and 22, chan_pjsip and chan_sip; no single event tells it):
- An inbound call begins with a channel that `arrivals` knows for a caller's.
- A person spoke when that channel shared a non-holding bridge with a telephone, directly or through the halves of
  Local channels. DialEnd ANSWER proves nothing: a Local half answers when the voicemail behind it does.
- The verdict falls at the Hangup of that channel, whatever the order of the other Hangups.
- After a lost link `Status` and `CoreShowChannels` answers rebuild who is bridged with whom. A call that is not listed any
  more ended unseen: answered if it was bridged before, else unknown. A PBX that started anew ended every call: bridged
  calls were answered, ringing ones are missed by `pbx_restart`.
- The office's own calls to outside numbers are found by `outgoing`.

States of a call: PENDING (channel seen, not ringing yet) -> RINGING -> TAKEN -> ended; RINGING -> ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from drivers.asterisk.arrivals import RINGING, RINGING_IN, UP, Arrivals, number_or
from drivers.asterisk.boots import Boots
from drivers.asterisk.bridges import Channel, Switchboard
from drivers.asterisk.contexts import DEFAULT_INBOUND, DEFAULT_INTERNAL
from drivers.asterisk.ledger import InboundCall, Ledger, belongs
from drivers.asterisk.legs import Legs
from drivers.asterisk.messages import Message
from drivers.asterisk.outgoing import Outgoing
from drivers.asterisk.parties import is_local, is_withheld_presentation, spoken_by
from gateway.core.events import CallEvent, CallReason, CallSource
from gateway.ports.devices import OpenCall

MAX_CHANNELS = 4000  # a 20-line office holds about 100; Hangups can be lost, so strays must not pile up for ever
PRESENTATION_QUERY = "num-pres/"  # ActionID prefix of our Getvar CALLERID(num-pres); the channel's Uniqueid follows

# Every event the tracker looks at; a feed may drop all others before parsing them.
WANTED_EVENTS = frozenset(
    {
        "Newchannel", "Newstate", "NewCallerid", "NewConnectedLine", "Newexten", "VarSet", "Rename", "DialBegin", "DialState",
        "DialEnd", "BridgeEnter", "BridgeLeave", "BridgeDestroy", "Hangup", "HangupRequest", "SoftHangupRequest",
        "MessageWaiting", "FullyBooted", "Shutdown", "Status", "StatusComplete", "CoreShowChannel", "CoreShowChannelsComplete",
    }
)  # fmt: skip
WANTED_VARIABLES = frozenset(
    {"CALLINGNUMPRES_SV", "BLACKLISTED"}
)  # of all VarSet events, more than half of a full feed


class CallBook:
    """The calls of one PBX. Feed it every message in order; it never raises for anything a manager can say.

    `pbx` names the PBX in the keys of its calls where there are several (Uniqueids are unique on one PBX only); of
    `open_calls` only those with such a key are taken over.
    Counters: `ignored` events that lacked what they must have, `forgotten` stray channels dropped for want of room.
    """

    def __init__(
        self,
        inbound_contexts: Iterable[str] = DEFAULT_INBOUND,
        internal_contexts: Iterable[str] = DEFAULT_INTERNAL,
        open_calls: Iterable[OpenCall] = (),
        pbx: str = "",
    ) -> None:
        self._arrivals = Arrivals(inbound_contexts, internal_contexts)
        self._ledger = Ledger(pbx)
        self._calls = self._ledger.calls
        self._board = Switchboard(MAX_CHANNELS, lambda uniqueid: uniqueid not in self._calls)
        self._generation = 0
        self._listing: dict[str, set[str]] = {}  # ActionID of an unfinished list -> channels listed so far
        self._legs = Legs(self._board, self._calls)
        self._outgoing = Outgoing(self._board, self._arrivals, self._ledger)
        self._boots = Boots()
        self.ignored = 0
        for known in open_calls:
            if known.source is CallSource.AMI and belongs(known.key, pbx):
                self._ledger.seed(known)

    @property
    def forgotten(self) -> int:
        """Stray channels dropped for want of room."""
        return self._board.forgotten

    def open_calls(self) -> tuple[OpenCall, ...]:
        """The calls in progress, oldest first."""
        return tuple(
            OpenCall(call.key, CallSource.AMI, call.started_at, call.caller, call.did, call.taken_by, call.taken)
            for call in self._calls.values()
        )

    def feed(self, message: Message, now: datetime) -> tuple[CallEvent, ...]:
        """What the message means for the calls, in order. `now` is the moment the message was read (aware, UTC)."""
        self._ledger.now = now
        if message.banner:
            self.connected()
        elif message.event:
            reader = _READERS.get(message.event)
            if reader is not None:
                self._see_alive(message)
                reader(self, message)
        elif message.headers:
            self._answer(message)
        return self._ledger.drain()

    def connected(self) -> None:
        """A new connection begins: whatever happened since the last one was not seen."""
        self._generation += 1
        self._listing.clear()
        self._outgoing.connected()

    def close(self, now: datetime) -> tuple[CallEvent, ...]:
        """No more input will come: calls that were answered are so, all others are unknown."""
        self._ledger.now = now
        for call in list(self._calls.values()):
            self._ledger.end(call, CallReason.ANSWERED if call.taken else CallReason.UNKNOWN)
        return self._ledger.drain()

    def _see_alive(self, message: Message) -> None:
        """A call remembered from an earlier connection is known to be unanswered as long as it rings."""
        call = self._calls.get(message.get("Uniqueid"))
        if call is None or call.generation == self._generation:
            return
        if message.get("ChannelState") == str(RINGING_IN) or message.event == "Newstate":
            call.generation = self._generation  # Newstate comes when the state changes: it rang until now
            call.unlisted = True

    # -- channels

    def _channel(self, message: Message) -> Channel | None:
        uniqueid = message.get("Uniqueid")
        name = message.get("Channel")
        if not uniqueid or (not name and uniqueid not in self._board.channels):
            self.ignored += 1
            return None
        return self._board.channel(uniqueid, name, message.get("Linkedid"), self._generation)

    def _newchannel(self, message: Message) -> None:
        channel = self._channel(message)
        if channel is None:
            return
        channel.context, channel.exten = message.get("Context"), message.get("Exten")
        channel.caller_id = message.get("CallerIDNum")
        channel.caller_name = message.get("CallerIDName")
        self._reaches(channel, message)

    def _newstate(self, message: Message) -> None:
        channel = self._channel(message)
        if channel is not None:
            self._reaches(channel, message)

    def _reaches(self, channel: Channel, message: Message) -> None:
        before, channel.state = channel.state, number_or(message.get("ChannelState"), channel.state)
        if channel.state == RINGING:
            channel.rang = True
        call = self._calls.get(channel.uniqueid)
        if call is None:
            arrival = self._arrivals.rings(channel, message, self._ledger.now)
            if arrival is not None:
                self._ledger.begin(channel.uniqueid, arrival, self._generation)
            return
        call.trail.stands_in(message.get("Context"), message.get("Exten"))
        if channel.state == UP and before != UP:
            call.trail.picked_up_by_pbx()
        self._ledger.learns_caller(call, message)

    def _newcallerid(self, message: Message) -> None:
        call = self._calls.get(message.get("Uniqueid"))
        if call is None:
            return
        if is_withheld_presentation(message.get("CID-CallingPres")):
            self._ledger.withhold(call)
        else:
            self._ledger.learns_caller(call, message)

    def _varset(self, message: Message) -> None:
        call = self._calls.get(message.get("Uniqueid"))
        if call is None:
            return
        variable = message.get("Variable").lstrip("_")
        if variable == "CALLINGNUMPRES_SV" and is_withheld_presentation(message.get("Value")):
            self._ledger.withhold(call)
        elif variable == "BLACKLISTED" and message.get("Value") not in ("", "0"):
            call.trail.blocked = True

    def _newexten(self, message: Message) -> None:
        uniqueid = message.get("Uniqueid")
        call = self._calls.get(uniqueid)
        application = message.get("Application")
        if call is not None:
            before = call.trail.voicemail
            call.trail.runs(application, message.get("Context"), message.get("Extension") or message.get("Exten"))
            if call.trail.voicemail and not before:
                call.voicemail_at = self._ledger.now
            return
        behind = self._calls.get(message.get("Linkedid"))
        if behind is not None and is_local(message.get("Channel")) and application.lower() == "voicemail":
            behind.trail.voicemail = True
            behind.voicemail_at = behind.voicemail_at or self._ledger.now

    def _rename(self, message: Message) -> None:
        uniqueid, name = message.get("Uniqueid"), message.get("Newname")
        if uniqueid in self._board.channels and name:
            self._board.channel(uniqueid, name, "", self._generation)

    # -- telephones that ring for the caller

    def _dialbegin(self, message: Message) -> None:
        if not self._legs.begins(message, self._generation):
            self.ignored += 1
            return
        self._outgoing.dials(message)

    def _dialstate(self, message: Message) -> None:
        self._legs.rings(message)

    def _dialend(self, message: Message) -> None:
        self._legs.ends(message)

    # -- bridges

    def _bridgeenter(self, message: Message) -> None:
        channel = self._channel(message)
        bridge_id = message.get("BridgeUniqueid")
        if channel is None:
            return
        if not bridge_id:
            self.ignored += 1
            return
        holding, conference = _kind_of_bridge(message)
        self._board.enters(channel, bridge_id, holding, conference)
        call = self._calls.get(channel.uniqueid)
        if call is not None:
            call.trail.stands_in(message.get("Context"), message.get("Exten"))
            call.trail.enters_bridge(holding=holding, conference=conference)
            call.joined = call.joined or not holding
        self._look_for_voices(self._board.callers_through(channel))

    def _look_for_voices(self, uniqueids: Sequence[str]) -> None:
        self._outgoing.look(uniqueids)
        for uniqueid in uniqueids:
            call = self._calls.get(uniqueid)
            if call is None or call.taken:
                continue
            person = self._board.telephone_with(uniqueid)
            if person is not None:
                self._ledger.take(call, spoken_by(person.name, person.dial_string, person.caller_id))

    def _bridgeleave(self, message: Message) -> None:
        channel = self._channel(message)
        if channel is None:
            return
        bridge_id = message.get("BridgeUniqueid")
        if self._generation > 1 and bridge_id and channel.bridge != bridge_id and not any(_kind_of_bridge(message)):
            # It came in while the link was lost and was there until now: whoever leaves after it was there with it.
            self._board.enters(channel, bridge_id, holding=False, conference=False)
            self._look_for_voices(self._board.callers_through(channel))
        else:
            self._board.leaves(channel)

    def _bridgedestroy(self, message: Message) -> None:
        self._board.destroyed(message.get("BridgeUniqueid"))

    # -- the end

    def _hanguprequest(self, message: Message) -> None:
        channel = self._board.channels.get(message.get("Uniqueid"))
        if channel is not None:
            channel.cause = number_or(message.get("Cause"), channel.cause)

    def _softhanguprequest(self, message: Message) -> None:
        call = self._calls.get(message.get("Uniqueid"))
        if (
            call is not None and message.get("Cause") == "4"
        ):  # AST_SOFTHANGUP_SHUTDOWN: `core restart now` under the call
            call.shutting_down = True

    def _hangup(self, message: Message) -> None:
        uniqueid = message.get("Uniqueid")
        if not uniqueid:
            self.ignored += 1
            return
        channel = self._board.channels.get(uniqueid)
        call = self._calls.get(uniqueid)
        cause = number_or(message.get("Cause"), 0)
        if call is not None:
            call.trail.stands_in(message.get("Context"), message.get("Exten"))
            self._ledger.learns_caller(call, message)
            self._ledger.end(call, self._verdict(call, message, cause))
        elif channel is not None:
            self._legs.is_gone(channel, cause)
        self._outgoing.gone(uniqueid)
        self._board.gone(uniqueid)

    def _verdict(self, call: InboundCall, message: Message, cause: int) -> CallReason:
        if call.taken:
            return CallReason.ANSWERED
        if call.generation != self._generation and message.get("ChannelState") != str(RINGING_IN):
            return (
                CallReason.UNKNOWN
            )  # the link was lost, no list told of the call, and somebody or something answered it
        if call.unlisted and call.joined:
            return CallReason.UNKNOWN  # with whom was said while the link was lost, perhaps behind a Local channel
        if call.shutting_down:
            return CallReason.PBX_RESTART
        if call.trail.blocked and not call.trail.legs:
            return CallReason.BLOCKED
        return call.trail.reason(cause, legs_open=self._legs.settle(call))

    def _messagewaiting(self, message: Message) -> None:
        call = self._calls.get(message.get("Uniqueid")) or self._calls.get(message.get("Linkedid"))
        if call is not None and message.get("Channel"):
            call.trail.voicemail = True  # a message was left by this very caller

    # -- restarts and lists

    def _fullybooted(self, message: Message) -> None:
        uptime = number_or(message.get("Uptime"), -1)
        if uptime < 0:
            return
        if self._boots.is_first:
            boot = self._ledger.now - timedelta(seconds=uptime + 1) if self._ledger.now.year > 1 else self._ledger.now
            self._pbx_died(lambda call: call.generation < 0 and call.started_at < boot)
        if self._boots.says_uptime(uptime, self._generation):
            self._pbx_died()

    def _shutdown(self, _message: Message) -> None:
        self._pbx_died(lambda _call: True)
        self._outgoing.pbx_died(self._generation + 1)
        self._board.clear()
        self._boots.goes_down()

    def _pbx_died(self, which: Callable[[InboundCall], bool] | None = None) -> None:
        chosen = which or (lambda call: call.generation < self._generation)
        for call in [call for call in self._calls.values() if chosen(call)]:
            self._ledger.end(call, CallReason.ANSWERED if call.taken else CallReason.PBX_RESTART)
            self._board.gone(call.uniqueid)
        if which is None:
            self._outgoing.pbx_died(self._generation)

    def _answer(self, message: Message) -> None:
        action = message.get("ActionID")
        if message.get("EventList").lower() == "start" and "hannel" in message.get("Message"):
            self._listing[action] = set()
        startup = f"{message.get('CoreStartupDate')} {message.get('CoreStartupTime')}".strip()
        if startup and self._boots.says_startup(startup):
            self._pbx_died()
        if action.startswith(PRESENTATION_QUERY) and is_withheld_presentation(message.get("Value")):
            call = self._calls.get(action.removeprefix(PRESENTATION_QUERY))
            if call is not None:
                self._ledger.withhold(call)

    def _listed(self, message: Message) -> None:
        channel = self._channel(message)
        if channel is None:
            return
        listed = self._listing.setdefault(message.get("ActionID"), set())
        listed.add(channel.uniqueid)
        before, channel.state = channel.state, number_or(message.get("ChannelState"), channel.state)
        channel.caller_id = channel.caller_id or message.get("CallerIDNum")
        application = message.get("Application")
        bridge_id = message.get("BridgeID") or message.get("BridgeId")
        call = self._calls.get(channel.uniqueid)
        if call is None:
            arrival = self._arrivals.is_listed(channel, message, self._ledger.now)
            call = self._ledger.begin(channel.uniqueid, arrival, self._generation) if arrival is not None else None
        if call is not None:
            if call.generation < self._generation:
                self._boots.lists_a_channel_of_before()
                call.generation = self._generation
            call.unlisted = False
            self._ledger.learns_caller(call, message)
            call.trail.stands_in(message.get("Context"), message.get("Exten"))
            if channel.state == UP and before != UP:
                call.trail.picked_up_by_pbx()
            if application:
                call.trail.found_in(application)
        self._outgoing.is_listed(channel, message.get("Context"))
        if not bridge_id:
            self._board.leaves(channel)
            return
        known = self._board.bridges.get(bridge_id)
        holding = known.holding if known is not None else application.lower().startswith("park")
        self._board.enters(channel, bridge_id, holding, application.lower() == "confbridge")
        self._look_for_voices(self._board.callers_through(channel))

    def _list_complete(self, message: Message) -> None:
        listed = self._listing.pop(message.get("ActionID"), None)
        if listed is None:
            return
        if self._boots.ends_a_list():
            self._pbx_died()
        for call in [call for call in self._calls.values() if call.generation < self._generation]:
            if call.uniqueid not in listed:
                self._ledger.end(call, CallReason.ANSWERED if call.taken else CallReason.UNKNOWN)
        for uniqueid, channel in list(self._board.channels.items()):
            if channel.generation < self._generation and uniqueid not in listed and uniqueid not in self._calls:
                self._outgoing.gone(uniqueid)
                self._board.gone(uniqueid)
        self._outgoing.list_ends()


def _kind_of_bridge(message: Message) -> tuple[bool, bool]:
    """Whether the bridge only holds its members (parking, music), and whether it is a conference room."""
    holding = message.get("BridgeTechnology") == "holding_bridge" or message.get("BridgeType") in ("parking", "holding")
    return holding, message.get("BridgeCreator") in ("ConfBridge", "MeetMe")


_READERS: dict[str, Callable[[CallBook, Message], None]] = {
    "Newchannel": CallBook._newchannel,
    "Newstate": CallBook._newstate,
    "NewCallerid": CallBook._newcallerid,
    "VarSet": CallBook._varset,
    "Newexten": CallBook._newexten,
    "Rename": CallBook._rename,
    "DialBegin": CallBook._dialbegin,
    "DialState": CallBook._dialstate,
    "DialEnd": CallBook._dialend,
    "BridgeEnter": CallBook._bridgeenter,
    "BridgeLeave": CallBook._bridgeleave,
    "BridgeDestroy": CallBook._bridgedestroy,
    "HangupRequest": CallBook._hanguprequest,
    "SoftHangupRequest": CallBook._softhanguprequest,
    "Hangup": CallBook._hangup,
    "MessageWaiting": CallBook._messagewaiting,
    "FullyBooted": CallBook._fullybooted,
    "Shutdown": CallBook._shutdown,
    "Status": CallBook._listed,
    "CoreShowChannel": CallBook._listed,
    "StatusComplete": CallBook._list_complete,
    "CoreShowChannelsComplete": CallBook._list_complete,
}
