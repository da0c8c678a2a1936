"""The manager's side of the simulated PBX: an Asterisk AMI server on loopback with the channels it can list.

The shapes of banner, answers, lists and events are those of Asterisk 22 with PJSIP and `read = system,call`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import Self

BANNER = "Asterisk Call Manager/11.0.0\r\n"
UNKNOWN = "<unknown>"
LINE_LIMIT = 65_536
Fields = dict[str, str]


class State(IntEnum):
    """ChannelState (Asterisk `channelstate.h`)."""

    DOWN = 0
    RING = 4
    RINGING = 5
    UP = 6

    @property
    def words(self) -> str:
        return self.name.capitalize()


@dataclass(slots=True)
class Channel:
    """One leg of a call, as the manager shows it."""

    name: str
    uniqueid: str
    linkedid: str
    state: State
    number: str
    caller_name: str
    context: str
    exten: str
    dnid: str = ""
    connected_number: str = UNKNOWN
    connected_name: str = UNKNOWN
    application: str = ""
    bridge: str = ""
    presentation: str = "allowed_not_screened"
    began: float = field(default_factory=time.monotonic)

    def snapshot(self, prefix: str = "") -> Fields:
        shown = {
            "Channel": self.name,
            "ChannelState": str(int(self.state)),
            "ChannelStateDesc": self.state.words,
            "CallerIDNum": self.number or UNKNOWN,
            "CallerIDName": self.caller_name or UNKNOWN,
            "ConnectedLineNum": self.connected_number,
            "ConnectedLineName": self.connected_name,
            "Language": "en",
            "AccountCode": "",
            "Context": self.context,
            "Exten": self.exten,
            "Priority": "1",
            "Uniqueid": self.uniqueid,
            "Linkedid": self.linkedid,
        }
        return {prefix + name: value for name, value in shown.items()}


class ManagerServer:
    """Connections, logins and actions. What the channels do is told through `_say`."""

    def __init__(self, host: str, port: int, user: str, secret: str) -> None:
        self.host = host
        self.port = port
        self.user = user
        self.secret = secret
        self.channels: list[Channel] = []
        self.actions: list[Fields] = []  # every action received, secrets blanked
        self.on_action: list[Callable[[Fields], None]] = []  # told of each, before it is answered
        self.banner = BANNER
        self.frozen = False  # True: accepts connections and bytes, answers nothing
        self.may: tuple[str, ...] = ()  # actions beyond looking that the user has the right to
        self._server: asyncio.Server | None = None
        self._sessions: set[_Session] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._booted = time.time()
        self._calls = 0

    async def start(self) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._connected, self.host, self.port, limit=LINE_LIMIT)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self.port

    async def stop(self) -> None:
        """Close every connection and the port."""
        if self._server:
            self._server.close()
        self.drop()
        if self._server:
            await self._server.wait_closed()
            self._server = None
        if self._serving:
            await asyncio.wait(self._serving)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def drop(self) -> None:
        """Cut every manager connection; the calls go on."""
        for session in list(self._sessions):
            session.writer.close()

    def _say(self, event: str, shown: Fields, privilege: str = "call,all") -> None:
        for session in self._sessions:
            if session.logged_in and session.wants_events and not self.frozen:
                session.write({"Event": event, "Privilege": privilege, **shown})

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        session = _Session(writer)
        self._sessions.add(session)
        writer.write(self.banner.encode())
        try:
            while (action := await _read_action(reader)) is not None:
                self.actions.append({**action, "secret": "***"} if "secret" in action else action)
                for tell in self.on_action:
                    tell(self.actions[-1])
                if self.frozen:
                    continue
                if not await self._act(session, action):
                    break
                await writer.drain()
        except (ConnectionError, ValueError, asyncio.LimitOverrunError):
            pass  # the far end went away or does not speak AMI: only this connection ends
        finally:
            self._sessions.discard(session)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _act(self, session: _Session, action: Fields) -> bool:
        """Answer one action; False ends the connection."""
        name = action.get("action", "").lower()
        if name == "login":
            return await self._login(session, action)
        if not session.logged_in:
            session.answer(action, "Error", {"Message": "Permission denied"})
            return True
        match name:
            case "logoff":
                session.answer(action, "Goodbye", {"Message": "Thanks for all the fish."})
                return False
            case "ping":
                session.answer(action, "Success", {"Ping": "Pong", "Timestamp": f"{time.time():.6f}"})
            case "events":
                session.wants_events = action.get("eventmask", "on").lower() not in {"off", "no", "false"}
                session.answer(action, "Success", {"Events": "On" if session.wants_events else "Off"})
            case "corestatus":
                session.answer(action, "Success", self._core_status())
            case "coresettings":
                session.answer(action, "Success", {"AMIversion": "11.0.0", "AsteriskVersion": "22.0.0-simulated"})
            case "status":
                rows = (self._status_row(channel) for channel in self._chosen(action))
                session.listing(
                    action, "Channel status will follow", "Status", rows, "StatusComplete", {"Items": "{n}"}
                )
            case "coreshowchannels":
                rows = (_core_row(channel) for channel in self.channels)
                done = "CoreShowChannelsComplete"
                session.listing(action, "Channels will follow", "CoreShowChannel", rows, done, {})
            case "listcommands":
                session.answer(action, "Success", dict.fromkeys(("Ping", "Status", "CoreStatus", *self.may), "..."))
            case "getvar":
                self._getvar(session, action)
            case "":
                session.answer(action, "Error", {"Message": "Missing action in request"})
            case _:
                session.answer(action, "Error", {"Message": "Permission denied"})
        return True

    async def _login(self, session: _Session, action: Fields) -> bool:
        if (action.get("username"), action.get("secret")) != (self.user, self.secret):
            await asyncio.sleep(1.0)  # Asterisk waits a second before it refuses
            session.answer(action, "Error", {"Message": "Authentication failed"})
            return False
        session.logged_in = True
        session.wants_events = action.get("events", "on").lower() not in {"off", "no", "false"}
        session.answer(action, "Success", {"Message": "Authentication accepted"})
        if session.wants_events:
            up = str(int(time.time() - self._booted))
            booted = {"Uptime": up, "LastReload": up, "Status": "Fully Booted"}
            session.write({"Event": "FullyBooted", "Privilege": "system,all", **booted})
        return True

    def _core_status(self) -> Fields:
        booted = datetime.fromtimestamp(self._booted, UTC)
        day, clock = f"{booted:%Y-%m-%d}", f"{booted:%H:%M:%S}"
        return {
            "CoreStartupDate": day,
            "CoreStartupTime": clock,
            "CoreReloadDate": day,
            "CoreReloadTime": clock,
            "CoreCurrentCalls": str(len({channel.linkedid for channel in self.channels})),
            "CoreProcessedCalls": str(self._calls),
        }

    def _chosen(self, action: Fields) -> list[Channel]:
        wanted = action.get("channel")
        return [channel for channel in self.channels if wanted in (None, "", channel.name)]

    def _status_row(self, channel: Channel) -> Fields:
        return {
            **channel.snapshot(),
            "Type": "PJSIP",
            "DNID": channel.dnid,
            "EffectiveConnectedLineNum": channel.connected_number,
            "EffectiveConnectedLineName": channel.connected_name,
            "TimeToHangup": "0",
            "BridgeID": channel.bridge,
            "Application": channel.application,
            "Data": "",
            "Seconds": str(int(time.monotonic() - channel.began)),
        }

    def _getvar(self, session: _Session, action: Fields) -> None:
        variable = action.get("variable", "")
        channel = next((channel for channel in self.channels if channel.name == action.get("channel")), None)
        if channel is None:
            session.answer(action, "Error", {"Message": "No such channel"})
            return
        values = {
            "CALLERID(num-pres)": channel.presentation,
            "CALLERID(num)": channel.number,
            "CALLERID(name)": channel.caller_name,
            "CALLERID(dnid)": channel.dnid,
        }
        session.answer(action, "Success", {"Variable": variable, "Value": values.get(variable, "")})


class _Session:
    """One manager connection."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.logged_in = False
        self.wants_events = False

    def write(self, message: Fields) -> None:
        if not self.writer.is_closing():
            lines = "".join(f"{name}: {value}\r\n" for name, value in message.items())
            self.writer.write(f"{lines}\r\n".encode())

    def answer(self, action: Fields, response: str, shown: Fields) -> None:
        self.write({"Response": response, **_identity(action), **shown})

    def listing(
        self, action: Fields, words: str, event: str, rows: Iterable[Fields], complete: str, tail: Fields
    ) -> None:
        """A list: its beginning, one event for each row, its end with the count."""
        self.answer(action, "Success", {"EventList": "start", "Message": words})
        count = 0
        for count, row in enumerate(rows, 1):  # noqa: B007 - the count is the last place
            self.write({"Event": event, "Privilege": "Call", **row, **_identity(action)})
        last = {name: value.format(n=count) for name, value in tail.items()}
        self.write({"Event": complete, **_identity(action), "EventList": "Complete", "ListItems": str(count), **last})


def _identity(action: Fields) -> Fields:
    return {"ActionID": action["actionid"]} if "actionid" in action else {}


def _core_row(channel: Channel) -> Fields:
    seconds = int(time.monotonic() - channel.began)
    return {
        **channel.snapshot(),
        "BridgeId": channel.bridge,
        "Application": channel.application,
        "ApplicationData": "",
        "Duration": f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}",
    }


async def _read_action(reader: asyncio.StreamReader) -> Fields | None:
    """Header names in lower case; None at the end of the connection."""
    action: Fields = {}
    while line := await reader.readline():
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if not text:
            if action:
                return action
            continue
        name, _, value = text.partition(":")
        action[name.strip().lower()] = value.strip()
    return None
