"""Trouble with Asterisk: each is said in plain words, heals by itself, and no caller is forgotten."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from tests.trouble.office import OFFICE, QUICK_LINE, in_trouble

CALLER = "2165550137"
LATER = "2165550138"
SHORT = replace(QUICK_LINE, answer_s=0.5)  # what waits for silence
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def test_a_wrong_secret_is_named_and_the_right_one_is_found_without_a_restart(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    pbx.secret = "the-right-one"
    async with in_trouble(tmp_path, pbx, modem, secret="the-old-one") as office:
        report = await office.says("asterisk", "refused the login of user 'textback'", "Calls are not seen until")
        assert "the-old-one" not in report.say + report.remedy
        await office.forwarded(CALLER)  # the modem's own line goes on meanwhile
        await office.is_texted(CALLER)
        pbx.secret = "the-old-one"
        await office.all_well()
        await office.missed(LATER)
        await office.is_texted(LATER)


@pytest.mark.parametrize("name", ["pbx.invalid", "pbx..lan"])
async def test_a_name_that_nobody_knows_is_named(
    name: str, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def nobody_knows(host: str, *rest: object, **more: object) -> object:
        if host != name:
            return real(host, *rest, **more)  # type: ignore[arg-type]
        host.encode("idna")  # as the real one begins
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody_knows)  # no test asks the network
    async with in_trouble(tmp_path, pbx, modem, host=name) as office:
        await office.says("asterisk", name, "cannot be reached", "that name is not known", "Calls are not seen")
        await office.forwarded(CALLER)
        await office.is_texted(CALLER)


async def test_an_asterisk_that_is_not_up_yet_is_waited_for(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    await pbx.stop()
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.says("asterisk", "cannot be reached: nothing listens there", "Calls are not seen")
        ringing = asyncio.create_task(pbx.missed_call(CALLER, OFFICE, ring_s=1.0))
        await asyncio.sleep(0)  # the call is there before the gateway can see it
        await pbx.start()
        await office.all_well()
        await ringing
        await office.is_texted(CALLER)


async def test_a_silent_asterisk_is_told_from_a_dead_one(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    pbx.frozen = True
    async with in_trouble(tmp_path, pbx, modem, line=SHORT) as office:
        await office.says("asterisk", "takes the connection but does not answer", "Calls are not seen")
        pbx.frozen = False
        await office.all_well()
        await office.missed(CALLER)
        await office.is_texted(CALLER)


async def test_a_call_that_ended_while_asterisk_was_silent_is_on_the_call_back_list(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem, line=SHORT) as office:
        await office.all_well()
        ringing = asyncio.create_task(pbx.missed_call(CALLER, OFFICE, ring_s=0.3))
        await office.rings(CALLER)
        pbx.frozen = True
        await ringing
        await office.says("asterisk", "was lost: Asterisk has been silent", "Calls are not seen")
        pbx.frozen = False
        await office.all_well()
        await office.missed(LATER)
        await office.is_texted(LATER)
        call = await office.outcome(CALLER)
        assert (call.outcome, call.say) == ("unknown_outcome", "not seen to the end, on the call-back list")
        assert [task.peer for task in await office.gateway.queries.tasks()] == [f"+1{CALLER}"]


async def _web_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


async def _garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(bytes(range(256)) * 40 + b"\r\n\r\nResponse: Success\r\n\r\n")
    await reader.read()


async def _ssh(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    await reader.read()


@asynccontextmanager
async def listening(port: int, talk: Talk) -> AsyncIterator[None]:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await talk(reader, writer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(once, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()


@pytest.mark.parametrize(
    ("talk", "words"), [(_web_server, "HTTP/1.1 400"), (_garbage, "...."), (_ssh, "SSH-2.0-OpenSSH")]
)
async def test_something_else_at_the_manager_port_is_quoted(
    talk: Talk, words: str, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    await pbx.stop()
    async with in_trouble(tmp_path, pbx, modem, line=SHORT, wait=False) as office:
        async with listening(pbx.port, talk):
            await office.says("asterisk", "is not Asterisk's manager port", words, "Calls are not seen")
        await pbx.start()
        await office.all_well()
        await office.missed(CALLER)
        await office.is_texted(CALLER)


async def test_garbage_in_the_middle_of_the_feed_loses_no_call(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        for session in pbx._sessions:
            session.writer.write(
                b"\r\n\r\n\xff\xfe\x00Event: Hangup\r\nUniqueid\r\n\r\n" + bytes(range(256)) + b"\r\n\r\n"
            )
        await office.missed(CALLER)
        await office.is_texted(CALLER)
        await office.all_well()
