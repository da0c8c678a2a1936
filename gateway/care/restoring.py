"""Putting a backup back: verified first, what is there kept aside, and nobody texted twice.

The gateway does not run meanwhile: its state folder is held. The records go on from the moment of the backup, which knows
nothing of what the box has done since. So what waited then is left to people, texting is paused until a person switches
it on, browsers sign in anew, and opt-outs are taken from the backup and from everything that lies in the folder. Whoever was
erased since is erased again, as far as anything here knows of it: the records that were there, those aside, newer backups.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

from gateway.care.packing import SETTINGS, is_made_anew
from gateway.clock import to_ms
from gateway.settings import SettingsError, load
from gateway.settings.edit.keeping import ConfigurationFile, NotSavedError
from gateway.settings.load import state_folder
from gateway.statefolder import BACKUPS, DATABASE, AlreadyRunning, only_one
from gateway.storage.backupfile import CONFIG, RECORDS, STATE, BackupError, Contents, unpack
from gateway.storage.doubts import PAUSED_BY_RESTORE, leave_to_people
from gateway.storage.erasures import Ledger, both, keep_erased, ledger_of
from gateway.storage.known import keep_moments, keep_opt_outs, read_anyhow
from gateway.storage.mending import put_in_place
from gateway.storage.schema import StoreDown, check, prepare
from gateway.storage.shelf import shelved

VERSIONS = "settings"  # of the configuration, below the state folder
_BEFORE = "SELECT 1 FROM history WHERE at <= :at UNION ALL SELECT 1 FROM calls WHERE started_at <= :at LIMIT 1"
ASIDE = "restored"  # beside the configuration: files that it names somewhere else


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. `kept` are the files that were there before; `elsewhere` what a person has to put into its place;
    `problems` what is wrong with the configuration on this box."""

    contents: Contents
    state: Path
    kept: tuple[str, ...]
    opt_outs: int
    left_to_people: int
    erased: int = 0
    erased_unknown: bool = False  # nothing here is newer than the backup, so nobody knows who was erased since
    elsewhere: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())


def restore(backup: Path, config: Path, now: datetime, *, keep_configuration: bool = False) -> Restored:
    """Put the backup back for the box with that configuration file. Raises BackupError; then nothing has been changed.

    `keep_configuration`: only the records and the state folder; the configuration stays as it is here.
    """
    if not backup.is_file():
        raise BackupError(f"there is no backup {backup} - look at the name, or whether its disk is there")
    with ExitStack() as stack:
        here = _state_here(config)
        if here is not None:
            _hold(stack, here)
        look = here or config.absolute().parent
        scratch = _scratch(stack, look)
        contents = unpack(backup, scratch)
        restored_config = scratch / CONFIG / "gateway.yaml"
        taken = restored_config.is_file() and not keep_configuration
        state = _state_of(restored_config) if taken else here
        if state is None:
            raise BackupError("there is no configuration in the backup and none here - name yours with --config")
        if state != here:
            _hold(stack, state)
        newer, ledger = _of_newer_backups((backup.absolute().parent, state / BACKUPS), contents.made_at, look)
        safe = _made_safe(scratch / RECORDS, state, contents.made_at, now, ledger)
        try:
            kept = [*_put_state(scratch / STATE, state, now)]
            elsewhere: list[str] = []
            if taken:
                kept += _put_configuration(scratch / CONFIG, config, state, contents.places, elsewhere, now)
            before = put_in_place(state / DATABASE, scratch / RECORDS, now)
        except (OSError, NotSavedError) as error:
            raise BackupError(
                f"not everything could be put back: {error} - look at the disk and restore again"
            ) from error
        _give_to_owner(state)
        if before:
            kept.append(str(state / before))
    unknown = not newer and not safe.went_on
    return Restored(
        contents,
        state,
        tuple(kept),
        safe.opt_outs,
        safe.left_to_people,
        safe.erased,
        unknown,
        tuple(elsewhere),
        _problems(config),
    )


def _state_here(config: Path) -> Path | None:
    try:
        return state_folder(config) if config.is_file() else None
    except SettingsError:
        return None


def _state_of(config: Path) -> Path:
    try:
        return state_folder(config)
    except SettingsError as error:
        raise BackupError(f"the configuration in the backup cannot be read: {error.problems[0].what}") from error


def _hold(stack: ExitStack, state: Path) -> None:
    try:
        stack.enter_context(only_one(state))
    except AlreadyRunning as error:
        raise BackupError(
            "the gateway runs: stop it first (sudo systemctl stop textback), restore, and start it again"
        ) from error
    except StoreDown as error:
        raise BackupError(str(error)) from error


def _scratch(stack: ExitStack, beside: Path) -> Path:
    try:
        beside.mkdir(parents=True, exist_ok=True)
        scratch = Path(mkdtemp(prefix=".restore-", dir=beside))
    except OSError as error:
        raise BackupError(f"nothing can be written into {beside}: {error.strerror} - look who owns it") from error
    stack.callback(shutil.rmtree, scratch, ignore_errors=True)
    return scratch


def _of_newer_backups(folders: Iterable[Path], made_at: datetime, beside: Path) -> tuple[bool, Ledger]:
    """Who was erased by the newest sound backup of each folder that is newer than that moment, and whether there is one."""
    found = False
    ledger: Ledger = {}
    for folder in dict.fromkeys(folders):
        for each in shelved(folder):
            if each.made_at <= made_at:
                break
            with ExitStack() as stack, suppress(BackupError, OSError, sqlite3.Error):
                scratch = _scratch(stack, beside)
                unpack(each.path, scratch)
                with closing(sqlite3.connect(scratch / RECORDS)) as db:
                    found, ledger = True, both(ledger, ledger_of(db))
                break
    return found, ledger


@dataclass(frozen=True, slots=True)
class _Safe:
    """What was done to the records. `went_on`: those that were there had gone on from before the backup."""

    opt_outs: int
    left_to_people: int
    erased: int
    went_on: bool


def _made_safe(copy: Path, state: Path, made_at: datetime, now: datetime, ledger: Ledger) -> _Safe:
    """The records of the backup as they may go on. `ledger`: who else was erased."""
    present = state / DATABASE
    damaged = [path for path in sorted(state.glob(f"{DATABASE}.*-*Z*")) if not path.name.endswith(("-wal", "-shm"))]
    went_on = False
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        prepare(db, durable=False)
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("BEGIN IMMEDIATE")
        added = 0
        for path in damaged:
            with suppress(sqlite3.Error, OSError, UnicodeDecodeError), closing(read_anyhow(path)) as aside:
                added += keep_opt_outs(db, aside, f"from {path.name}")
                ledger = both(ledger, ledger_of(aside))
        if present.exists() or present.with_name(present.name + "-wal").exists():
            with suppress(sqlite3.Error, UnicodeDecodeError), closing(read_anyhow(present)) as known:
                added += keep_opt_outs(db, known, "from the records before the restore")
                keep_moments(db, known)
                ledger = both(ledger, ledger_of(known))
                went_on = known.execute(_BEFORE, {"at": to_ms(made_at)}).fetchone() is not None
        erased = keep_erased(db, ledger, now, "the restore")
        open_before = _open_tasks(db)
        leave_to_people(db, made_at, now)
        left = _open_tasks(db) - open_before
        db.execute("DELETE FROM sessions")
        db.execute(
            "INSERT INTO switches (name, value, at) VALUES ('pause', ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at, ends = NULL",
            (PAUSED_BY_RESTORE, to_ms(now)),
        )
        what = f"restored from the backup of {made_at:%Y-%m-%d %H:%M} UTC; {added} opt-outs of other records kept"
        db.execute("INSERT INTO history (at, subject, what) VALUES (?, 'box:records', ?)", (to_ms(now), what))
        db.execute("COMMIT")
        check(db, thorough=True)
    return _Safe(added, left, erased, went_on)


def _open_tasks(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM tasks WHERE closed_at IS NULL").fetchone()[0])


def _put_state(source: Path, state: Path, now: datetime) -> Iterator[str]:
    """The other files of the state folder; what was there under such a name goes into a folder of its own."""
    aside = state / f"before-restore-{now:%Y%m%dT%H%M%SZ}"
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        if not path.is_file() or is_made_anew(name.as_posix()):
            continue
        if kept := _put(path, state / name, aside / name):
            yield kept


def _put_configuration(
    source: Path, config: Path, state: Path, places: Mapping[str, str], elsewhere: list[str], now: datetime
) -> Iterator[str]:
    """The files that it names and its trade packs first, itself last."""
    folder, stamp = config.absolute().parent, f"before-restore-{now:%Y%m%dT%H%M%SZ}"
    home = Path(places.get(SETTINGS, "/nowhere/gateway.yaml")).parent
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        if not path.is_file() or name == "gateway.yaml":
            continue
        if name.startswith("trades/"):
            target = folder / name
        else:
            was = Path(places.get(f"{CONFIG}/{name}", "/"))
            inside = was.is_relative_to(home) and ".." not in was.parts
            target = folder / was.relative_to(home) if inside else folder / ASIDE / path.name
            if not inside and not was.is_relative_to(state) and not _same(path, was):
                elsewhere.append(f"{target} belongs to {was}")
            elif not inside:
                continue
        if kept := _put(path, target, target.with_name(f"{target.name}.{stamp}")):
            yield kept
    file = ConfigurationFile(config, state / VERSIONS)
    before = file.read()
    data = (source / "gateway.yaml").read_bytes()
    if before.mark and before.data != data:
        former = config.with_name(f"{config.name}.{stamp}")
        _write(former, before.data)
        yield str(former)
    file.write(data, before.mark, "a restore", "the configuration of a backup was put back", now)


def _put(source: Path, target: Path, aside: Path) -> str:
    """Put one file into its place; gives where the former one is kept, "" where there was none or the same."""
    if _same(source, target):
        return ""
    there = target.exists() or target.is_symlink()
    if there:
        aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy2(target, aside, follow_symlinks=False)
    _write(target, source.read_bytes())
    return str(aside) if there else ""


def _same(one: Path, other: Path) -> bool:
    try:
        return other.is_file() and one.read_bytes() == other.read_bytes()
    except OSError:
        return False


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    new.replace(path)


def _give_to_owner(state: Path) -> None:
    """What root has put into the folder belongs to whom the folder belongs."""
    if os.geteuid():
        return
    whose = state.stat()
    for path in (state, *state.rglob("*")):
        with suppress(OSError):
            os.chown(path, whose.st_uid, whose.st_gid, follow_symlinks=False)


def _problems(config: Path) -> tuple[str, ...]:
    try:
        load(config)
    except SettingsError as error:
        return tuple(str(problem) for problem in error.problems)
    return ()
