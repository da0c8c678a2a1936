"""`textback backup FILE` and `textback restore FILE`."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from gateway.care.packing import back_up
from gateway.care.restoring import restore
from gateway.cli.configured import EXIT_FAILURE, EXIT_OK, config_path, settings_of
from gateway.storage.backupfile import BackupError


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
