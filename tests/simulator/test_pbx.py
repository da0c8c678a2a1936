"""The simulated PBX speaks AMI as Asterisk does: to a raw client, to panoramisk, and to the gateway's own reader of calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import pytest

from drivers.asterisk.calls import CallBook
from drivers.asterisk.messages import Message
from drivers.simulator.pbx import SimulatedPbx
from gateway.core.events import CallEnded, CallReason

Block = dict[str, str]
LOGIN = {"Action": "Login", "Username": "textback", "Secret": "simulated", "ActionID": "login-1"}
SOON_S = 5.0


class Client:
    """A raw manager client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def block(self) -> Block:
        raw = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), SOON_S)
        return dict(line.split(": ", 1) for line in raw.decode().strip().split("\r\n"))

    def act(self, **headers: str) -> None:
        self.writer.write(("".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n").encode())

    async def until(self, event: str, count: int = 1) -> list[Block]:
        """Blocks up to and including the `count`-th `event`."""
        blocks: list[Block] = []
        while sum(block.get("Event") == event for block in blocks) < count:
            blocks.append(await self.block())
        return blocks


@asynccontextmanager
async def connected(pbx: SimulatedPbx) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection(pbx.host, pbx.port)
    assert await reader.readuntil(b"\r\n") == b"Asterisk Call Manager/11.0.0\r\n"
    try:
        yield Client(reader, writer)
    finally:
        writer.close()


@asynccontextmanager
async def logged_in(pbx: SimulatedPbx) -> AsyncIterator[Client]:
    async with connected(pbx) as client:
        client.act(**LOGIN)
        assert (await client.block())["Response"] == "Success"
        assert (await client.block())["Event"] == "FullyBooted"
        yield client


def verdicts(blocks: list[Block]) -> Iterator[CallEnded]:
    """What the gateway makes of a stream."""
    book = CallBook()
    book.connected()
    for block in blocks:
        message = Message({name.lower(): (value,) for name, value in block.items()})
        yield from (event for event in book.feed(message, datetime.now(UTC)) if isinstance(event, CallEnded))


async def test_a_call_nobody_answers_reads_as_missed() -> None:
    async with SimulatedPbx() as pbx, logged_in(pbx) as client:
        linkedid = await pbx.missed_call("2165550137", "2165550100", 0.0, name="JANE DOE")
        (ended,) = verdicts(await client.until("Hangup", 2))
        assert (ended.key, ended.caller, ended.did, ended.missed) == (linkedid, "2165550137", "2165550100", True)
        assert ended.reason is CallReason.NO_ANSWER
        assert pbx.channels == []


async def test_a_call_somebody_answers_reads_as_answered_by_that_extension() -> None:
    async with SimulatedPbx() as pbx, logged_in(pbx) as client:
        await pbx.answered_call("2165550137", "2165550100", "102", 0.0, talk_s=0.0)
        (ended,) = verdicts(await client.until("Hangup", 2))
        assert (ended.missed, ended.reason) == (False, CallReason.ANSWERED)
        assert ended.answered_by is not None
        assert "102" in ended.answered_by


async def test_a_call_that_reaches_the_mailbox_reads_as_missed() -> None:
    async with SimulatedPbx() as pbx, logged_in(pbx) as client:
        await pbx.voicemail_call("2165550137", "2165550100", 0.0, listen_s=0.0)
        (ended,) = verdicts(await client.until("Hangup", 2))
        assert (ended.missed, ended.reason) == (True, CallReason.VOICEMAIL)


async def test_a_withheld_caller_whose_number_leaks_is_marked_as_withheld() -> None:
    async with SimulatedPbx() as pbx, logged_in(pbx) as client:
        await pbx.missed_call("2165550137", "2165550100", 0.0, withheld_with_number=True)
        (ended,) = verdicts(await client.until("Hangup", 2))
        assert (ended.missed, ended.caller) == (True, None)


async def test_calls_in_progress_are_listed_with_the_number_that_was_dialled() -> None:
    async with SimulatedPbx() as pbx, logged_in(pbx) as client:
        call = asyncio.create_task(pbx.missed_call("2165550137", "2165550100", 0.05))
        await client.until("DialState")
        client.act(Action="Status", ActionID="s-1")
        listed = await client.until("StatusComplete")
        rows = [block for block in listed if block.get("Event") == "Status"]
        assert listed[0]["EventList"] == "start"
        assert [(row["DNID"], row["ChannelStateDesc"]) for row in rows] == [("2165550100", "Ring"), ("", "Ringing")]
        assert {row["ActionID"] for row in rows} == {"s-1"}
        assert listed[-1]["ListItems"] == "2"
        client.act(Action="CoreShowChannels", ActionID="s-2")
        assert (await client.until("CoreShowChannelsComplete"))[-1]["ListItems"] == "2"
        client.act(Action="Getvar", Channel=rows[0]["Channel"], Variable="CALLERID(num-pres)", ActionID="s-3")
        assert (await client.block())["Value"] == "allowed_not_screened"
        await call


async def test_status_ping_and_refusals_are_answered() -> None:
    async with SimulatedPbx() as pbx, logged_in(pbx) as client:
        client.act(Action="Ping", ActionID="1")
        assert (await client.block())["Ping"] == "Pong"
        client.act(Action="CoreStatus", ActionID="2")
        assert (await client.block())["CoreCurrentCalls"] == "0"
        client.act(Action="Originate", ActionID="3")
        assert (await client.block())["Message"] == "Permission denied"
        client.act(Action="Logoff", ActionID="4")
        assert (await client.block())["Response"] == "Goodbye"
        assert await client.reader.read() == b""


async def test_a_wrong_secret_is_refused_and_the_connection_closed() -> None:
    async with SimulatedPbx() as pbx, connected(pbx) as client:
        client.act(**{**LOGIN, "Secret": "wrong"})
        assert (await client.block())["Message"] == "Authentication failed"
        assert await client.reader.read() == b""
        assert "wrong" not in str(pbx.actions)


async def test_a_restart_ends_the_calls_says_so_and_cuts_the_connection() -> None:
    async with SimulatedPbx() as pbx, logged_in(pbx) as client:
        call = asyncio.create_task(pbx.missed_call("2165550137", "2165550100", 0.05))
        await client.until("DialState")
        await pbx.restart()
        blocks = await client.until("Shutdown")
        assert [block["Event"] for block in blocks] == ["Hangup", "Hangup", "Shutdown"]
        assert await client.reader.read() == b""
        await call


async def test_a_frozen_pbx_accepts_and_says_nothing() -> None:
    async with SimulatedPbx() as pbx, logged_in(pbx) as client:
        pbx.frozen = True
        client.act(Action="Ping", ActionID="1")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.reader.read(1), 0.05)


async def test_a_client_that_speaks_nonsense_loses_only_its_own_connection() -> None:
    async with SimulatedPbx() as pbx, connected(pbx) as stranger, logged_in(pbx) as client:
        stranger.writer.write(b"x" * 200_000)
        with suppress(ConnectionResetError):
            await asyncio.wait_for(stranger.reader.read(), SOON_S)
        client.act(Action="Ping", ActionID="1")
        assert (await client.block())["Ping"] == "Pong"
