"""A desk phone with a transfer key: attended transfer by REFER with Replaces (RFC 3891, RFC 5589), which SIPp cannot play.

It serves one call: answers it, calls a colleague on a second line, and asks the PBX to join the two.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import uuid
from collections.abc import Callable

from tests.pbx.sip import Consults

PORT = 5060
ANSWER_S = 20.0
SPEAKS_BEFORE_S = 0.7  # with the caller, before the colleague is called


def header(message: str, name: str) -> str:
    """The first value of a header, "" where it is absent."""
    found = re.search(rf"^{name}[ \t]*:[ \t]*(.*?)\r?$", message, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""


class Consultant(asyncio.DatagramProtocol):
    """The phone `number` at `address`; start() listens, stop() hangs everything up by going away."""

    def __init__(self, number: str, address: str, pbx: str, behaviour: Consults) -> None:
        self._number = number
        self._address = address
        self._pbx = pbx
        self._behaviour = behaviour
        self._inbox: asyncio.Queue[str] = asyncio.Queue()
        self._transport: asyncio.DatagramTransport | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self._address, PORT))
        self._task = asyncio.create_task(self._serve())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._transport is not None:
            self._transport.close()

    def datagram_received(self, data: bytes, _addr: object) -> None:
        message = data.decode(errors="replace")
        method = message.split(" ", 1)[0]
        if method in ("BYE", "NOTIFY", "OPTIONS", "UPDATE", "INFO", "CANCEL"):
            self._reply(message, "200 OK")
        elif message.startswith("INVITE") and "tag=" in header(message, "To"):
            self._reply(message, "200 OK", sdp=True)  # a new offer in a call that stands
        elif method != "ACK":
            self._inbox.put_nowait(message)

    async def _serve(self) -> None:
        invite = await self._next(lambda message: message.startswith("INVITE"), None)
        self._reply(invite, "180 Ringing")
        await asyncio.sleep(self._behaviour.after_ms / 1000)
        self._reply(invite, "200 OK", sdp=True)
        await asyncio.sleep(SPEAKS_BEFORE_S)
        second, mine = f"{uuid.uuid4().hex}@{self._address}", uuid.uuid4().hex[:8]
        other = await self._call(second, mine)
        theirs = re.search(r"tag=([^;>\s]+)", header(other, "To"))
        assert theirs is not None
        if not self._behaviour.unasked:
            await asyncio.sleep(self._behaviour.speaks_ms / 1000)
        replaces = f"{second.replace('@', '%40')}%3Bto-tag%3D{theirs[1]}%3Bfrom-tag%3D{mine}"
        self._send(
            f"REFER {self._contact(invite)}",
            f"From: {header(invite, 'To')};tag={self._tag(invite)}",
            f"To: {header(invite, 'From')}",
            f"Call-ID: {header(invite, 'Call-ID')}",
            "CSeq: 20 REFER",
            f"Refer-To: <sip:{self._behaviour.target}@{self._pbx}:{PORT}?Replaces={replaces}>",
            f"Referred-By: <sip:{self._number}@{self._address}>",
        )
        await asyncio.Event().wait()

    async def _call(self, call_id: str, tag: str) -> str:
        """Dial the colleague; the answer, or the ringing when nobody is asked."""
        to = f"<sip:{self._behaviour.target}@{self._pbx}>"
        sender = f"From: <sip:{self._number}@{self._address}>;tag={tag}"
        self._send(
            f"INVITE sip:{self._behaviour.target}@{self._pbx}:{PORT}", sender, f"To: {to}", f"Call-ID: {call_id}", "CSeq: 1 INVITE",
            sdp=True,
        )  # fmt: skip
        code = "180" if self._behaviour.unasked else "200"

        def is_it(message: str) -> bool:
            return message.startswith(f"SIP/2.0 {code}") and "INVITE" in header(message, "CSeq")

        answer = await self._next(is_it, ANSWER_S)
        if not self._behaviour.unasked:
            self._send(
                f"ACK {self._contact(answer)}",
                sender,
                f"To: {header(answer, 'To')}",
                f"Call-ID: {call_id}",
                "CSeq: 1 ACK",
            )
        return answer

    async def _next(self, is_it: Callable[[str], bool], within_s: float | None) -> str:
        async with asyncio.timeout(within_s):
            while True:
                message = await self._inbox.get()
                if is_it(message):
                    return message

    def _contact(self, message: str) -> str:
        found = re.search(r"<(sip:[^>]*)>", header(message, "Contact"))
        assert found is not None
        return found[1]

    def _tag(self, request: str) -> str:
        return f"{abs(hash(header(request, 'Call-ID'))):x}"

    def _reply(self, request: str, status: str, sdp: bool = False) -> None:
        to = header(request, "To")
        to += "" if "tag=" in to else f";tag={self._tag(request)}"
        vias = [
            f"Via: {via}" for via in re.findall(r"^Via[ \t]*:[ \t]*(.*?)\r?$", request, re.MULTILINE | re.IGNORECASE)
        ]
        same = [f"{name}: {header(request, name)}" for name in ("From", "Call-ID", "CSeq")]
        self._write([f"SIP/2.0 {status}", *vias, *same, f"To: {to}"], sdp)

    def _send(self, first: str, *lines: str, sdp: bool = False) -> None:
        via = f"Via: SIP/2.0/UDP {self._address}:{PORT};branch=z9hG4bK{uuid.uuid4().hex}"
        self._write([f"{first} SIP/2.0", via, "Max-Forwards: 70", *lines], sdp)

    def _write(self, lines: list[str], sdp: bool) -> None:
        body = ""
        if sdp:
            offer = ("v=0", f"o=desk 1 1 IN IP4 {self._address}", "s=-", f"c=IN IP4 {self._address}", "t=0 0")
            body = "\r\n".join((*offer, "m=audio 42000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", ""))
            lines = [*lines, "Content-Type: application/sdp"]
        more = [
            f"Contact: <sip:{self._number}@{self._address}:{PORT}>",
            "Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER",
        ]
        text = "\r\n".join([*lines, *more, f"Content-Length: {len(body)}", "", body])
        if self._transport is not None:
            with contextlib.suppress(OSError):
                self._transport.sendto(text.encode(), (self._pbx, PORT))
