"""A small PBX that is not there: calls as Asterisk would tell about them, over a manager server on loopback.

For demonstrations and tests without an Asterisk; what Asterisk really does is checked against a real one.
"""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from collections.abc import Callable

from drivers.simulator.ami import UNKNOWN, Channel, Fields, ManagerServer, State

__all__ = ["Channel", "SimulatedPbx", "State"]


class SimulatedPbx(ManagerServer):
    """The PBX. Use `start` and `stop`, or `async with`; each call is one coroutine to await."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        user: str = "textback",
        secret: str = "simulated",
        extensions: dict[str, str] | None = None,
        trunk: str = "trunk",
        inbound_context: str = "from-trunk",
    ) -> None:
        super().__init__(host, port, user, secret)
        self.extensions = extensions or {"101": "Front Desk", "102": "Shop"}
        self.trunk = trunk
        self.inbound_context = inbound_context
        self.clock: Callable[[], float] = (
            time.time
        )  # the second in its Uniqueids; a PBX without a battery clock begins anew
        self._serial = itertools.count()
        self._leg = itertools.count()

    async def restart(self) -> None:
        """`core restart now`: every call ends, `Shutdown` is said, connections close, the clock of the PBX starts anew."""
        for channel in list(self.channels):
            self._hang_up(channel, 0)
        self._say("Shutdown", {"Shutdown": "Cleanly", "Restart": "True"}, privilege="system,all")
        await asyncio.sleep(0)
        self.drop()
        self._booted = time.time()

    async def missed_call(
        self,
        caller: str | None,
        did: str,
        ring_s: float,
        *,
        ext: str = "",
        name: str = "",
        withheld_with_number: bool = False,
    ) -> str:
        """The office rings for `ring_s` seconds and the caller gives up. Returns the Linkedid."""
        root, phone = self._arrive(caller, did, ext, name, withheld_with_number)
        await asyncio.sleep(ring_s)
        if root not in self.channels:
            return root.linkedid  # a restart ended it
        self._say("HangupRequest", {**root.snapshot(), "Cause": "127", "TechCause": "487"})
        self._dial_end(root, phone, "CANCEL")
        self._say("SoftHangupRequest", {**root.snapshot(), "Cause": "16", "TechCause": "487"})
        self._hang_up(phone, 127, tech="500")
        self._hang_up(root, 127, tech="487")
        return root.linkedid

    async def answered_call(
        self, caller: str | None, did: str, ext: str, ring_s: float, *, talk_s: float = 1.0, name: str = ""
    ) -> str:
        """Extension `ext` answers after `ring_s` seconds; they talk for `talk_s`. Returns the Linkedid."""
        root, phone = self._arrive(caller, did, ext, name, False)
        await asyncio.sleep(ring_s)
        if root not in self.channels:
            return root.linkedid
        self._becomes(phone, State.UP)
        self._dial_end(root, phone, "ANSWER")
        self._becomes(root, State.UP)
        await self._talk(root, phone, talk_s)
        return root.linkedid

    async def office_call(self, ext: str, number: str, ring_s: float, *, talk_s: float | None = None) -> str:
        """Extension `ext` dials an outside number, which answers after `ring_s` seconds and talks for `talk_s`, or (None) does
        not answer until the extension gives up. Returns the Linkedid."""
        phone = self._open(ext, "", State.RING, ext, self.extensions.get(ext, ext), "from-internal", number)
        phone.dnid, phone.application = number, "Dial"
        leg = self._open(self.trunk, phone.linkedid, State.DOWN, number, "", self.inbound_context, "s")
        leg.exten, leg.connected_number, leg.application = number, ext, "AppDial"
        dial = {**phone.snapshot(), **leg.snapshot("Dest"), "DialString": f"{number}@{self.trunk}"}
        self._say("DialBegin", dial)
        phone.connected_number = number
        self._becomes(leg, State.RINGING)
        await asyncio.sleep(ring_s)
        if phone not in self.channels:
            return phone.linkedid
        if talk_s is None:
            self._dial_end(phone, leg, "CANCEL")
            self._hang_up(leg, 127)
            self._hang_up(phone, 127)
            return phone.linkedid
        self._becomes(leg, State.UP)
        self._dial_end(phone, leg, "ANSWER")
        self._becomes(phone, State.UP)
        await self._talk(phone, leg, talk_s)
        return phone.linkedid

    async def voicemail_call(
        self,
        caller: str | None,
        did: str,
        ring_s: float,
        *,
        ext: str = "",
        name: str = "",
        listen_s: float = 1.0,
        leaves_message: bool = True,
    ) -> str:
        """Nobody answers, the mailbox does; the caller leaves a message or hangs up. Returns the Linkedid."""
        root, phone = self._arrive(caller, did, ext, name, False)
        await asyncio.sleep(ring_s)
        if root not in self.channels:
            return root.linkedid
        self._dial_end(root, phone, "NOANSWER")
        self._hang_up(phone, 0)
        root.context, root.exten, root.application = "ext-local", f"vmu{phone.number}", "VoiceMail"
        self._becomes(root, State.UP)
        await asyncio.sleep(listen_s)
        if root not in self.channels:
            return root.linkedid
        self._say("HangupRequest", root.snapshot())
        if leaves_message:
            box = {"Mailbox": f"{phone.number}@default", "Waiting": "1", "New": "1", "Old": "0"}
            self._say("MessageWaiting", {**root.snapshot(), **box})
        self._say("SoftHangupRequest", {**root.snapshot(), "Cause": "16"})
        self._hang_up(root, 0)
        return root.linkedid

    def _arrive(
        self, caller: str | None, did: str, ext: str, name: str, withheld_with_number: bool
    ) -> tuple[Channel, Channel]:
        """A call reaches the trunk and rings one telephone."""
        self._calls += 1
        extension = ext or next(iter(self.extensions))
        withheld = caller is None or withheld_with_number
        number = caller if caller is not None else "anonymous"
        root = self._open(self.trunk, "", State.RING, number, name or number, self.inbound_context, did)
        root.dnid = did
        if withheld:
            root.presentation = "prohib_not_screened"
            pres = {"CID-CallingPres": "32 (Presentation Prohibited, Not Screened)"}
            self._say("NewCallerid", {**root.snapshot(), **pres})
        phone_name = self.extensions.get(extension, extension)
        phone = self._open(extension, root.linkedid, State.DOWN, extension, phone_name, "from-internal", "s")
        phone.exten = extension
        phone.connected_number, phone.connected_name = number, name or number
        phone.application = "AppDial"
        self._say("NewConnectedLine", phone.snapshot())
        root.context, root.exten, root.application = "ext-local", extension, "Dial"
        self._say("DialBegin", {**root.snapshot(), **phone.snapshot("Dest"), "DialString": extension})
        root.connected_number, root.connected_name = extension, phone_name
        self._say("NewConnectedLine", root.snapshot())
        self._becomes(phone, State.RINGING)
        self._say("DialState", {**root.snapshot(), **phone.snapshot("Dest"), "DialStatus": "RINGING"})
        return root, phone

    async def _talk(self, root: Channel, leg: Channel, talk_s: float) -> None:
        """Both are up: they share a bridge for a while, then the first of them hangs up."""
        bridge = str(uuid.uuid4())
        self._say("BridgeCreate", _bridge(bridge, 0))
        for count, channel in enumerate((leg, root), 1):
            channel.bridge = bridge
            self._say("BridgeEnter", {**_bridge(bridge, count), **channel.snapshot()})
        await asyncio.sleep(talk_s)
        if root not in self.channels:
            return
        self._say("HangupRequest", {**root.snapshot(), "Cause": "16"})
        for count, channel in ((1, root), (0, leg)):
            self._say("BridgeLeave", {**_bridge(bridge, count), **channel.snapshot()})
            channel.bridge = ""
        self._hang_up(leg, 16)
        self._say("BridgeDestroy", _bridge(bridge, 0))
        self._hang_up(root, 16)

    def _open(
        self, endpoint: str, linkedid: str, state: State, number: str, name: str, context: str, exten: str
    ) -> Channel:
        uniqueid = f"{int(self.clock())}.{next(self._serial)}"
        channel = Channel(
            f"PJSIP/{endpoint}-{next(self._leg):08x}",
            uniqueid,
            linkedid or uniqueid,
            state,
            number,
            _escaped(name),
            context,
            exten,
        )
        self.channels.append(channel)
        self._say("Newchannel", channel.snapshot())
        return channel

    def _becomes(self, channel: Channel, state: State) -> None:
        channel.state = state
        self._say("Newstate", channel.snapshot())

    def _dial_end(self, root: Channel, phone: Channel, status: str) -> None:
        self._say("DialEnd", {**root.snapshot(), **phone.snapshot("Dest"), "DialStatus": status})

    def _hang_up(self, channel: Channel, cause: int, tech: str = "") -> None:
        self.channels.remove(channel)
        words = {0: "Unknown", 16: "Normal Clearing", 127: "Interworking, unspecified"}[cause]
        shown = {**channel.snapshot(), "Cause": str(cause), "Cause-txt": words}
        self._say("Hangup", {**shown, "TechCause": tech} if tech else shown)


def _bridge(identity: str, channels: int) -> Fields:
    return {
        "BridgeUniqueid": identity,
        "BridgeType": "basic",
        "BridgeTechnology": "simple_bridge",
        "BridgeCreator": UNKNOWN,
        "BridgeName": UNKNOWN,
        "BridgeNumChannels": str(channels),
        "BridgeVideoSourceMode": "none",
    }


def _escaped(name: str) -> str:
    """Names in events are C-escaped: O'Nunez comes as O\\'Nunez."""
    return name.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"').replace("\r", "\\r").replace("\n", "\\n")
