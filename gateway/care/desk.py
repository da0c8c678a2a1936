"""What an owner does with the data at the page (implements `gateway.ports.care.CareDesk`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from gateway import records
from gateway.care.erasing import Erasing
from gateway.care.nightly import NightlyBackups
from gateway.ports.care import BackupRow
from gateway.ports.clock import Clock
from gateway.settings import Settings
from gateway.storage.backupfile import BackupError
from gateway.storage.store import Store, StoreDown


class DataDesk:
    """Backups and erasures of one box, each noted in the history."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        nightly: NightlyBackups,
        erasing: Erasing,
        store: Store,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._nightly = nightly
        self._erasing = erasing
        self._store = store
        self._clock = clock
        self._erased: tuple[str, ...] = ()

    def backups(self) -> Sequence[BackupRow]:
        """Those on the box, the newest first."""
        return [BackupRow(each.path.name, each.made_at, each.bytes) for each in self._nightly.shelf()]

    def copied_to(self) -> str:
        """The second place of backups."""
        return self._settings().backup.copy_to or ""

    def backup_file(self, name: str) -> Path | None:
        """Where a backup lies."""
        return next((each.path for each in self._nightly.shelf() if each.path.name == name), None)

    async def back_up(self, by: str) -> None:
        """Make a backup now. Raises ValueError with a sentence."""
        try:
            made = await self._nightly.now()
        except BackupError as error:
            raise ValueError(str(error)) from error
        await self._note(f"{by}: a backup was made ({made.path.name})")

    async def note_download(self, name: str, by: str) -> None:
        """Somebody takes a backup away: what is in it is out of the box's hands."""
        await self._note(f"{by}: a backup was downloaded ({name})")

    async def erase(self, typed: str, by: str) -> None:
        """Take out the person with that number. Raises ValueError with a sentence."""
        try:
            self._erased = tuple((await self._erasing.erase(typed, by)).sentences())
        except StoreDown as error:
            raise ValueError(str(error)) from error

    def erased(self) -> Sequence[str]:
        """What the last erasure has done."""
        return self._erased

    async def _note(self, what: str) -> None:
        try:
            await self._store.write(lambda db: records.note(db, self._clock.now(), "box:backup", what))
        except StoreDown as error:
            raise ValueError(str(error)) from error
