"""Trouble at the page and at the side door: calls and texts do not care."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from pathlib import Path

import aiohttp
import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway import control
from gateway.statefolder import SOCKET
from gateway.storage.store import Store
from tests.trouble.office import LONG_AGO, PATIENCE_S, in_trouble

CALLER = "2165550137"
LATER = "2165550138"


async def test_a_taken_page_address_stops_neither_calls_nor_texts(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as squatter:
        port = squatter.getsockname()[1]
        async with in_trouble(tmp_path, pbx, modem, page_port=port) as office:
            await office.says("page", f"cannot listen on 127.0.0.1 port {port}", "callers are texted all the same")
            assert "page not open" in await office.status()
            await office.is_well("asterisk")
            await office.missed(CALLER)
            await office.is_texted(CALLER)
            squatter.close()
            await office.until(lambda: office.gateway.page_url, "the page is there after all")
            await office.all_well()
            assert office.logged("page: works again")
            assert "Texted in" in await office.page("calls")


async def test_a_page_that_is_asked_for_while_the_records_are_being_opened_says_that_the_box_is_starting(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_open, opened = asyncio.Event(), Store.open

    async def slowly(store: Store) -> None:
        await may_open.wait()
        await opened(store)

    monkeypatch.setattr(Store, "open", slowly)
    async with in_trouble(tmp_path, pbx, modem, wait=False) as office, aiohttp.ClientSession() as client:
        await office.until(lambda: office.gateway.page_url, "there is a page")
        for speaks, words in (("en", "The box is starting"), ("es", "El sistema está arrancando")):
            async with client.get(office.gateway.page_url, headers={"Accept-Language": speaks}) as answer:
                assert answer.status == 503
                assert words in await answer.text()
        assert not office.logged("failed")
        may_open.set()
        await office.all_well()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"token=",
        b"token=%ff%fe%00&x=%",
        b"\xff" * 3000,
        b"token=" + b"a" * 100_000,
        b"&=&=&=" * 50,
        "token=\N{FAMILY}&id=-1".encode(),
    ],
    ids=["empty", "no-token", "broken-escapes", "bytes", "too-much", "ampersands", "emoji"],
)
async def test_a_form_full_of_garbage_is_refused_with_a_sentence_and_changes_nothing(
    body: bytes, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office, aiohttp.ClientSession() as client:
        await office.all_well()
        url = office.gateway.page_url
        headers = {"Origin": url.rstrip("/"), "Content-Type": "application/x-www-form-urlencoded"}
        for path in ("texting/pause", "tasks/1/done", "tasks/999999999999999999/done", "texts/0/again", "nowhere"):
            async with client.post(url + path, data=body, headers=headers) as answer:
                assert 400 <= answer.status < 500
                said = await answer.text()
                assert "Go back to" in said or answer.status == 413
        await office.all_well()
        assert "Texting is paused" not in await office.page()
        await office.missed(CALLER)
        await office.is_texted(CALLER)


GARBAGE = [
    b"",
    b"\n",
    b"{}\n",
    b"[]\n",
    b"null\n",
    b"hello\n",
    b"\xff\xfe\x00\n",
    b"[" * 50_000 + b"\n",
    b'{"do": "' + b"a" * 200_000 + b'"}\n',
    b'{"do": ["status"]}\n',
    b'{"do": "send-test"}\n',
    b'{"do": "send-test", "to": "911"}\n',
    b'{"do": "send-test", "to": {"a": 1}}\n',
    b'{"do": "text", "key": [1]}\n',
    b'{"do": "text", "key": "\\ud800"}\n',
]


async def test_garbage_at_the_side_door_is_answered_and_nothing_else_happens(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "REQUEST_WITHIN_S", 0.3)
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        door = tmp_path / "state" / SOCKET
        for said in GARBAGE:
            async with asyncio.timeout(PATIENCE_S):
                reader, writer = await asyncio.open_unix_connection(door)
                with contextlib.suppress(ConnectionError):
                    writer.write(said)
                    await writer.drain()
                    answer = json.loads(await reader.readline())
                    assert answer.keys() & {"error", "say"}, (said[:40], answer)
                writer.close()
        assert modem.sent_texts() == []
        await office.all_well()
        assert not office.logged("Traceback")
        await office.missed(CALLER)
        await office.is_texted(CALLER)


async def test_a_state_folder_too_deep_for_the_side_door_still_answers_calls(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    deep = tmp_path / ("d" * 100) / "state"  # a socket's path has at most 107 bytes (unix(7))
    async with in_trouble(tmp_path, pbx, modem, state=str(deep)) as office:
        report = office.report("control")
        assert report is not None
        assert report.say.startswith(
            "“textback status” and “textback send-test” do not work: the path of the state folder is too long."
        )
        assert report.say in await office.page("health")
        await office.is_well("asterisk")
        await office.missed(CALLER)
        await office.is_texted(CALLER)


async def test_a_part_that_fails_is_shown_started_again_and_well_again(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        healthy = office.gateway.hardware.sender.drain
        left = 3

        async def drain() -> None:
            nonlocal left
            if left:
                left -= 1
                raise ZeroDivisionError("a bug of ours")
            await healthy()

        monkeypatch.setattr(office.gateway.hardware.sender, "drain", drain)
        await office.missed(CALLER)
        await office.says("sender", "A part of the gateway (sender) has failed (ZeroDivisionError)", "texted late")
        await office.until(lambda: office.report("sender") is None, "the sender is well again")
        await office.all_well()
        assert office.logged("sender: works again")
        await office.is_texted(CALLER)


async def test_a_click_that_says_already_contacted_takes_the_waiting_text_back(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem, settle="60 s") as office:
        await office.all_well()
        await office.missed(CALLER)
        await office.until_outcomes(CALLER, ["waiting"])
        (call,) = [call for call in await office.gateway.queries.calls(LONG_AGO) if call.outcome == "waiting"]
        assert (await office.click(f"/calls/{call.id}/contacted"))[0] == 200
        assert (await office.outcome(CALLER)).outcome == "cooldown"
        status, said = await office.click(f"/calls/{call.id}/contacted")
        assert status == 409
        assert "does not wait for a text any more" in said
        assert office.texts_to(CALLER) == []
