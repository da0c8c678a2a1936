"""`textback backup FILE`, `textback restore FILE` and `textback erase NUMBER`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, datetime

from gateway import control
from gateway.care.erasing import Erasing
from gateway.care.packing import back_up
from gateway.care.restoring import restore
from gateway.cli.configured import EXIT_FAILURE, EXIT_OK, config_path, settings_of
from gateway.clock import SystemClock
from gateway.queries.search import FILE as SEARCH
from gateway.settings import Settings
from gateway.statefolder import DATABASE, SOCKET, AlreadyRunning, only_one
from gateway.storage.backupfile import BackupError
from gateway.storage.store import Store, StoreDown

ERASE_WAIT_S = 300.0  # years of inputs are looked through, a little at a time


def write(options: argparse.Namespace) -> int:
    """One backup, read back; the gateway may run meanwhile."""
    settings = settings_of(options)
    try:
        contents = back_up(options.file, settings.source, settings.state_dir, datetime.now(UTC))
    except BackupError as error:
        print(f"textback backup: {error}", file=sys.stderr)
        return EXIT_FAILURE
    size = options.file.stat().st_size / 1e6
    print(f"{options.file}: {contents.rows} rows of {len(contents.counts)} tables, {size:.1f} MB, read back and sound.")
    print("It holds what customers wrote and the configuration with its passwords: keep it where nobody else reads it.")
    return EXIT_OK


def put_back(options: argparse.Namespace) -> int:
    """A backup goes into the place of what is there, which is kept."""
    try:
        done = restore(
            options.file, config_path(options), datetime.now(UTC), keep_configuration=options.keep_configuration
        )
    except BackupError as error:
        print(f"textback restore: {error}", file=sys.stderr)
        return EXIT_FAILURE
    made = done.contents.made_at.astimezone()
    print(f"Restored as of {made:%Y-%m-%d %H:%M}: {done.contents.rows} rows, into {done.state}.")
    for kept in done.kept:
        print(f"kept: {kept}")
    if done.opt_outs:
        print(f"{done.opt_outs} people who asked not to be texted since the backup were taken over.")
    if done.erased:
        print(f"{done.erased} people whose data was erased since the backup were erased again.")
    if done.erased_unknown:
        print(
            "Nothing here is newer than this backup, so nobody knows whose data was erased since: these people are in it again."
            " Erase them anew: textback erase NUMBER"
        )
    if done.left_to_people:
        print(
            f"{done.left_to_people} things that waited then are on the list of things to do: nobody knows whether they were sent."
        )
    for what in done.elsewhere:
        print(f"to do: {what}")
    for problem in done.problems:
        print(f"the configuration does not fit this box yet: {problem}")
    print(
        "Texting is paused, for nobody knows who was texted since the backup. Start the gateway, look through the calls,"
    )
    print("note who asked not to be texted, and switch texting on again on the health page. Everybody signs in anew.")
    return EXIT_OK


def erase(options: argparse.Namespace) -> int:
    """One person's data is taken out, by the running gateway or without it."""
    settings = settings_of(options)
    try:
        try:
            request = {"do": "erase", "number": options.number}
            said = asyncio.run(control.ask(settings.state_dir / SOCKET, request, ERASE_WAIT_S))["say"]
        except control.NotRunning:
            with only_one(settings.state_dir):
                said = asyncio.run(_erase_alone(settings, options.number))
    except (ValueError, StoreDown, AlreadyRunning) as error:
        print(f"textback erase: {error}", file=sys.stderr)
        return EXIT_FAILURE
    for sentence in said:
        print(sentence)
    return EXIT_OK


async def _erase_alone(settings: Settings, number: str) -> list[str]:
    async def search_is_made_anew() -> None:
        for file in settings.state_dir.glob(f"{SEARCH}*"):
            file.unlink(missing_ok=True)

    store = Store(settings.state_dir / DATABASE)
    await store.open()
    try:
        erasing = Erasing(lambda: settings, store, SystemClock(), search_is_made_anew)
        return (await erasing.erase(number, "the command line")).sentences()
    finally:
        await store.close()
