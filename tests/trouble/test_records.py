"""Trouble with the disk and the records: nothing unrecorded is sent, everything heard is kept, and it heals."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway import control
from gateway.core.events import CallSource
from gateway.statefolder import SOCKET
from gateway.storage.store import StoreDown
from gateway.troubles import (
    DAMAGED,
    DISK_FULL,
    FAILING,
    LOCKED,
    READ_ONLY,
    SHORT_OF_MEMORY,
    TOO_NEW,
    UNOPENABLE,
    UNUSABLE,
    ailment,
)
from tests.trouble.office import PATIENCE_S, QUICK_MODEM, Trouble, configuration, in_trouble

WAITS = "Callers are not texted until"
CALLERS = [f"21655501{number}" for number in range(30, 45)]


PATIENT = replace(QUICK_MODEM, accept_s=20.0)  # a network that takes its time is no silent one


class SmallDisk:
    """A file system of a few hundred kB where one is wanted and may be mounted, else a database that may not grow."""

    def __init__(self, folder: Path, *, mount: bool) -> None:
        self.folder = folder
        self.wanted = mount
        self.mounted = False

    def __enter__(self) -> SmallDisk:
        self.folder.mkdir()
        if not self.wanted:
            return self
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        mount = [*sudo, "mount", "-t", "tmpfs", "-o", "size=600k,mode=777", "tmpfs", str(self.folder)]
        try:
            self.mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            self.mounted = False
        self._unmount = [*sudo, "umount", "-l", str(self.folder)]
        return self

    def __exit__(self, *_: object) -> None:
        if self.mounted:
            subprocess.run(self._unmount, check=True)

    async def fill(self, office: Trouble) -> None:
        """From now on nothing more fits."""
        if not self.mounted:
            await on_the_writer(office, "PRAGMA max_page_count = 1")  # SQLite raises it to the present size
            return
        with (self.folder / "holiday-pictures").open("wb", buffering=0) as ballast:
            try:
                while ballast.write(b"x" * 1024):
                    pass
            except OSError:
                return

    async def free(self, office: Trouble) -> None:
        """Somebody has made room."""
        if self.mounted:
            (self.folder / "holiday-pictures").unlink()
        else:
            await on_the_writer(office, "PRAGMA max_page_count = 1000000")


async def on_the_writer(office: Trouble, pragma: str) -> None:
    """Do something to the gateway's own write connection, as the system beneath it may."""
    store = office.gateway.store
    assert store._writer is not None
    await store._run(store._writer, lambda db: db.execute(pragma).fetchall())


@pytest.mark.parametrize("mount", [True, False], ids=["small-disk", "database-that-may-not-grow"])
async def test_a_full_disk_stops_the_texting_and_loses_nobody(
    mount: bool, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    with SmallDisk(tmp_path / "disk", mount=mount) as disk:
        async with in_trouble(tmp_path, pbx, modem, state=str(disk.folder / "state")) as office:
            await office.all_well()
            await disk.fill(office)
            called = 0
            while (report := office.report("store")) is None or report.health == "up":
                assert called < len(CALLERS), "the disk is full and nobody has noticed"
                caller = CALLERS[called]
                await office.missed(caller)
                called += 1
                await office.until(
                    lambda caller=caller: office.texts_to(caller) or office.report("store").health != "up",  # type: ignore[union-attr, misc]
                    f"{caller} is texted, or the full disk is noticed",
                )
            await office.says("store", "The disk is full", WAITS, "kept in memory")
            before = len(modem.sent_texts())
            await office.missed(CALLERS[called])
            await office.forwarded(CALLERS[called + 1])
            modem.receive("+12165550149", "my furnace quit")
            refused = office.gateway.dispatcher._refused
            await office.until(
                lambda: (
                    {each.event.source for each in refused.values()} == {CallSource.AMI, CallSource.MODEM}
                    and office.logged("a text stays on the modem because it could not be stored")
                ),
                "calls at Asterisk, calls at the modem and the text are refused by the disk",
            )
            assert len(modem.sent_texts()) == before, "a text left that could not be written down"
            await disk.free(office)
            await office.all_well()
            for caller in CALLERS[: called + 2]:
                await office.is_texted(caller)
            letters = await office.gateway.store.read(lambda db: db.execute("SELECT body FROM letters").fetchall())
            assert "my furnace quit" in [row["body"] for row in letters]


async def test_a_box_without_memory_says_so_and_goes_on_when_it_has_some_again(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        healthy = office.gateway.store._run

        async def refuse(connection: object, work: object) -> object:
            if connection is office.gateway.store._writer:
                raise MemoryError
            return await healthy(connection, work)  # type: ignore[arg-type]

        with monkeypatch.context() as short:
            short.setattr(office.gateway.store, "_run", refuse)
            await office.missed(CALLERS[0])
            report = await office.says("store", "The box has no memory left", WAITS)
            assert "free -m" in report.remedy
            await office.says("asterisk", "A call waits because it could not be written down: ", "no memory left")
        await office.all_well()
        await office.is_texted(CALLERS[0])


async def test_a_text_whose_fate_cannot_be_written_down_is_written_down_later_and_not_sent_again(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, handed_over: asyncio.Event
) -> None:
    async with in_trouble(tmp_path, pbx, modem, stick=PATIENT) as office:
        await office.all_well()
        modem.network.submit_s = 1.0  # time for the disk to fail between the hand-over and the answer
        await office.missed(CALLERS[0])
        await asyncio.wait_for(handed_over.wait(), PATIENCE_S)
        await on_the_writer(office, "PRAGMA query_only = ON")
        await office.says("store", "The disk cannot be written to any more", WAITS)
        assert len(modem.sent_texts()) == 1
        await on_the_writer(office, "PRAGMA query_only = OFF")
        await office.all_well()
        await office.is_texted(CALLERS[0])


@asynccontextmanager
async def another_program_holds(database: Path, how: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`how` is what it does to the database before it goes to sleep on it."""
    script = f"import sqlite3,sys; db = sqlite3.connect({str(database)!r}, isolation_level=None); {how};"
    holder = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script + "print('held', flush=True); sys.stdin.read()",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    try:
        yield holder
    finally:
        holder.kill()
        await holder.wait()


async def test_records_held_by_another_program_are_waited_for(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.sender.LOOK_AGAIN_S", 3600.0)  # it is looked again because there was trouble
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        await on_the_writer(office, "PRAGMA busy_timeout = 50")
        database = tmp_path / "state" / "textback.sqlite3"
        async with another_program_holds(database, "db.execute('BEGIN IMMEDIATE')"):
            await office.missed(CALLERS[0])
            await office.forwarded(CALLERS[1])
            await office.says("store", "Another program holds the records", WAITS)
            assert modem.sent_texts() == []
        await office.all_well()
        await office.is_texted(CALLERS[0])
        await office.is_texted(CALLERS[1])


async def test_records_that_cannot_be_opened_at_the_start_are_tried_until_they_can(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocker = tmp_path / "state" / "textback.sqlite3"
    blocker.mkdir(parents=True)  # SQLite cannot open a folder
    async with in_trouble(tmp_path, pbx, modem, wait=False) as office:
        await office.until(lambda: office.gateway.page_url, "there is a page")
        await office.says("store", "cannot be opened", "No call is seen and no caller is texted")
        assert "the records cannot be read" in await office.status()
        assert (await office.status_json())["today"] is None
        monkeypatch.setattr("gateway.dispatcher.STEADY_S", 3600.0)  # opened is opened: nothing to wait for
        blocker.rmdir()
        await office.all_well()
        await office.missed(CALLERS[0])
        await office.is_texted(CALLERS[0])


async def test_a_click_that_cannot_be_written_down_says_why(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        await on_the_writer(office, "PRAGMA query_only = ON")
        status, said = await office.click("/texting/pause")
        assert status == 503
        assert "The disk cannot be written to any more" in said
        assert "mounted read-only" in said
        door = tmp_path / "state" / SOCKET
        with pytest.raises(control.Refused, match="cannot write to the database"):
            await control.ask(door, {"do": "send-test", "to": f"+1{CALLERS[0]}"})
        await on_the_writer(office, "PRAGMA query_only = OFF")
        await office.all_well()
        assert (await office.click("/texting/pause"))[0] == 200
        assert "Texting is paused" in await office.page()


def _textback(config: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gateway.cli", "--config", str(config), *words],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


async def test_a_state_folder_that_cannot_be_used_is_said_at_the_start(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    (tmp_path / "file").write_text("")
    config = tmp_path / "gateway.yaml"
    config.write_text(configuration(tmp_path, pbx, modem.path, state=str(tmp_path / "file" / "state")))
    config.chmod(0o600)
    ended = await asyncio.to_thread(_textback, config, "run")
    assert ended.returncode == 1
    assert f"cannot use the state folder {tmp_path / 'file' / 'state'}: Not a directory" in ended.stderr
    assert "create it or choose another" in ended.stderr
    assert "Traceback" not in ended.stderr
    asked = await asyncio.to_thread(_textback, config, "status")
    assert asked.returncode == 1
    assert "no gateway answers" in asked.stderr


async def test_a_second_gateway_on_one_state_folder_is_sent_away_and_the_first_goes_on(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        second = await asyncio.to_thread(_textback, office.config, "run")
        assert second.returncode == 1
        assert "another gateway runs with the state folder" in second.stderr
        assert "stop it first" in second.stderr
        await office.all_well()
        await office.missed(CALLERS[0])
        await office.is_texted(CALLERS[0])


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (sqlite3.SQLITE_FULL, DISK_FULL),
        (sqlite3.SQLITE_READONLY, READ_ONLY),
        (sqlite3.SQLITE_BUSY, LOCKED),
        (sqlite3.SQLITE_LOCKED, LOCKED),
        (sqlite3.SQLITE_IOERR, FAILING),
        (sqlite3.SQLITE_CORRUPT, DAMAGED),
        (sqlite3.SQLITE_NOTADB, DAMAGED),
        (sqlite3.SQLITE_CANTOPEN, UNOPENABLE),
        (sqlite3.SQLITE_NOMEM, SHORT_OF_MEMORY),
        (sqlite3.SQLITE_INTERNAL, UNUSABLE),
    ],
)
def test_each_answer_of_the_disk_has_its_own_sentence(code: int, found: object, tmp_path: Path) -> None:
    cause = sqlite3.OperationalError("as SQLite says it")
    cause.sqlite_errorcode = code | 3 << 8  # the extended code of the same error
    error = StoreDown("cannot write to the database")
    error.__cause__ = cause
    assert ailment(error, tmp_path / "textback.sqlite3") is found


def test_records_of_a_newer_version_have_their_own_sentence(tmp_path: Path) -> None:
    error = StoreDown("the database has schema 7, this version knows 1 - install the newer version again")
    assert ailment(error, tmp_path / "textback.sqlite3") is TOO_NEW


async def test_a_gateway_without_a_disk_can_be_stopped(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(in_trouble(tmp_path, pbx, modem))
        await office.all_well()
        await on_the_writer(office, "PRAGMA query_only = ON")
        await office.missed(CALLERS[0])
        await office.says("store", "The disk cannot be written to any more", WAITS)
        await stack.aclose()  # ends, and within its patience
        assert office.logged("a call of 216***0130 could not be written down before the end")
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()


async def test_a_text_whose_fate_cannot_be_written_down_before_the_end_is_shown_as_unsure(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, handed_over: asyncio.Event
) -> None:
    async with in_trouble(tmp_path, pbx, modem, stick=PATIENT) as office:
        await office.all_well()
        modem.network.submit_s = 1.0
        await office.missed(CALLERS[0])
        await asyncio.wait_for(handed_over.wait(), PATIENCE_S)
        await on_the_writer(office, "PRAGMA query_only = ON")
        await office.says("store", "The disk cannot be written to any more", WAITS)
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        assert (await office.outcome(CALLERS[0])).outcome == "unsure"
        assert [task.kind for task in await office.gateway.queries.tasks()] == ["unsure_text"]
        assert len(modem.sent_texts()) == 1


async def test_records_that_are_damaged_while_the_gateway_runs_are_named_and_nobody_is_texted(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        await on_the_writer(office, "PRAGMA wal_checkpoint(TRUNCATE)")
        database = tmp_path / "state" / "textback.sqlite3"
        with database.open("r+b") as file:
            file.seek(1024)  # the first page names the tables and is in everybody's memory
            file.write(b"\xa5" * (database.stat().st_size - 1024))
        await on_the_writer(office, "PRAGMA shrink_memory")
        await office.missed(CALLERS[0])
        await office.says(
            "history", "The records were damaged", "Callers are not texted; they go on the call-back list."
        )
        await office.is_well("store")
        assert office.logged("The records are damaged. Callers are not texted until")
        call = await office.outcome(CALLERS[0])
        assert call.outcome == "paused"
        assert await office.gateway.queries.tasks()
        assert office.texts_to(CALLERS[0]) == []
        assert "sender" not in {report.component for report in office.gateway.board.reports()}
