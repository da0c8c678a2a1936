"""What the box keeps for a bad day: its backups, and the records of what went wrong at a device."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

from gateway.core.checkup import Finding, Grade
from gateway.doctor import flight
from gateway.settings import Settings
from gateway.statefolder import BACKUPS
from gateway.storage.shelf import shelved

OLD = timedelta(hours=49)  # two nights, and one of them an hour longer (as gateway.care.nightly)


def look(settings: Settings, now: datetime) -> Iterator[Finding]:
    """The newest backup, and what the flight recorder has written."""
    yield backup(settings, now)
    yield flights(settings)


def backup(settings: Settings, now: datetime) -> Finding:
    """How old the newest backup on the box is."""
    key, title = "backup", "Backup"
    if settings.backup.at is None:
        say = "No backup is made at night."
        return Finding(key, title, Grade.WARN, say, "Write a time as backup: at in the settings.")
    folder = settings.state_dir / BACKUPS
    if folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK):
        say = "Whoever runs this may not look at the backups."
        return Finding(key, title, Grade.SKIPPED, say, "Run it with sudo, or as the gateway's user.")
    newest = next(iter(shelved(folder)), None)
    if newest is None:
        say = "There is no backup yet; the first is made in the night after the box was set up."
        return Finding(key, title, Grade.SKIPPED, say, "“textback backup FILE” makes one at once.")
    hours = max(0, round((now - newest.made_at) / timedelta(hours=1)))
    if now - newest.made_at > OLD:
        say = f"The newest backup is {hours} h old."
        return Finding(
            key, title, Grade.WARN, say, "Look at what the page Health says of backups; make one there at once."
        )
    return Finding(key, title, Grade.PASS, f"The newest backup is {hours} h old.")


def flights(settings: Settings) -> Finding:
    """How many flight records there are."""
    key, title = "flight", "Flight records"
    found = flight.records(settings.state_dir)
    if not found:
        return Finding(key, title, Grade.PASS, "Nothing has gone wrong at a device that was worth writing down.")
    say = f"There are {len(found)} records of what went wrong at a device, the newest is {found[-1].name}."
    return Finding(
        key, title, Grade.PASS, say, "“textback support-bundle FILE” takes them along for whoever looks after the box."
    )
