"""A backup: one compressed file with the records as they were at one moment, the configuration, and what else counts.

    manifest.json      what is in it, with sizes and checksums; schema, and how many rows each table has
    textback.sqlite3   a copy by SQLite's own backup, consistent while the gateway writes
    config/...         the configuration file and what belongs to it, secrets included
    state/...          the other files of the state folder: learnt corrections, certificates, former settings

A backup gets its name only after it was read back from the disk: a file that has the name was sound once. Whoever reads a
backup believes nothing in it that does not fit its manifest, and unpacks into a folder of his own only.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from typing import Any

from gateway.clock import from_ms, to_ms
from gateway.storage.schema import BUSY_MS, StoreDown, check, lenient, prepare, version

FORMAT = 1
MANIFEST = "manifest.json"
RECORDS = "textback.sqlite3"
CONFIG, STATE = "config", "state"
MODE = 0o600  # it holds secrets, and what customers wrote
MANIFEST_BYTES = 1 << 20
FILE_BYTES = 64 << 20  # of one file beside the records
FILES = 2000  # fifty former settings with their notes, certificates, a model: some hundred
_PIECE = 1 << 20
_NAME = re.compile(rf"(?:{CONFIG}|{STATE})/[^\0\\]+|{RECORDS}")


class BackupError(Exception):
    """The backup cannot be written, or cannot be used. The message is a sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself. `counts` are rows by table, `places` where files of the configuration stood."""

    made_at: datetime
    product: str
    schema: int
    counts: Mapping[str, int]
    places: Mapping[str, str]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(self.counts.values())


def write_backup(
    target: Path, database: Path, files: Mapping[str, Path], now: datetime, product: str, places: Mapping[str, str]
) -> Contents:
    """Write a backup, read it back, and give it its name. `files` are names below config/ and state/ with where they lie.

    What was there under that name stays until the new one is sound. Raises BackupError.
    """
    partial = target.with_name(f".{target.name}.partial")
    try:
        with _folder_beside(target) as folder:
            copy = folder / RECORDS
            contents = _copied(database, copy, now, product, places)
            _pack(partial, {RECORDS: copy, **files}, contents)
            verify(partial)
        partial.replace(target)
        _to_disk(target.parent)
    except BackupError:
        raise
    except (OSError, sqlite3.Error, StoreDown, UnicodeDecodeError) as error:
        raise BackupError(f"the backup {target} cannot be written: {_why(error)} - {_remedy(error)}") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return contents


def verify(backup: Path) -> Contents:
    """The drill of a restore: unpack all of it, compare every checksum, open the records, count them, bring a copy up to date.

    Raises BackupError with what is wrong.
    """
    with _folder_beside(backup) as folder:
        return unpack(backup, folder)


def unpack(backup: Path, folder: Path) -> Contents:
    """The same, and what was in it lies below `folder` afterwards; its records have the newest schema. Raises BackupError."""
    try:
        told = _unpack_files(backup, folder)
        contents = _contents(told)
        _look_at_records(folder / RECORDS, contents)
    except BackupError:
        raise
    except FileNotFoundError as error:
        raise BackupError(f"there is no backup {backup} - look at the name, or whether its disk is there") from error
    except (tarfile.TarError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{backup} is damaged, or is no backup of this product - use another one") from error
    except StoreDown as error:
        raise BackupError(f"the records in {backup} cannot be used: {error}") from error
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            raise BackupError(f"the records in {backup} are damaged - use another backup") from error
        if "gzipped" in str(error) or "CRC" in str(error):
            raise BackupError(f"{backup} is damaged, or is no backup of this product - use another one") from error
        raise BackupError(f"the backup {backup} cannot be read: {_why(error)} - {_remedy(error)}") from error
    return contents


def counts_of(db: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {
        table: int(db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])
        for table in tables
        if not table.startswith("sqlite_")
    }


def _copied(database: Path, copy: Path, now: datetime, product: str, places: Mapping[str, str]) -> Contents:
    """A consistent copy of the records in one file, whoever writes into them meanwhile."""
    if not database.is_file():
        raise BackupError(f"there are no records {database} yet - start the gateway once, or name its configuration")
    with (
        closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy, isolation_level=None)) as target,
    ):
        source.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        schema = version(source)
        source.backup(target)  # one step: everything as it is at one moment
        target.execute("PRAGMA journal_mode = DELETE")  # it is one file, wherever it is opened
        target.text_factory = lenient
        check(target, thorough=True)
        return Contents(now, product, schema, counts_of(target), places)


def _pack(target: Path, files: Mapping[str, Path], contents: Contents) -> None:
    told: dict[str, Any] = {
        "format": FORMAT,
        "made_at": to_ms(contents.made_at),
        "product": contents.product,
        "schema": contents.schema,
        "counts": dict(contents.counts),
        "places": dict(contents.places),
        "files": {},
    }
    read = {name: path for name, path in files.items() if name == RECORDS or _small(path)}
    small = {name: path.read_bytes() for name, path in read.items() if name != RECORDS}
    for name, path in read.items():
        size, mark = (path.stat().st_size, _mark_of_file(path)) if name == RECORDS else _marked(small[name])
        told["files"][name] = {"bytes": size, "sha256": mark}
    handle = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, MODE)
    with os.fdopen(handle, "wb") as out:
        with suppress(OSError):  # FAT and network shares: who may read is decided where they are mounted
            os.fchmod(out.fileno(), MODE)
        with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as tar:
            _add(tar, MANIFEST, json.dumps(told, indent=1, sort_keys=True).encode(), contents.made_at)
            tar.add(read[RECORDS], RECORDS, filter=_anonymous)
            for name, data in small.items():
                _add(tar, name, data, contents.made_at)
        out.flush()
        os.fsync(out.fileno())


def _add(tar: tarfile.TarFile, name: str, data: bytes, at: datetime) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(data), MODE, int(at.timestamp())
    tar.addfile(member, io.BytesIO(data))


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = MODE
    return member


def _small(path: Path) -> bool:
    return path.is_file() and path.stat().st_size <= FILE_BYTES


def _marked(data: bytes) -> tuple[int, str]:
    return len(data), hashlib.sha256(data).hexdigest()


def _mark_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack_files(backup: Path, folder: Path) -> dict[str, Any]:
    """Every member goes where its name says below `folder`, and is what the manifest says; gives the manifest."""
    told: dict[str, Any] = {}
    expected: dict[str, dict[str, Any]] = {}
    with gzip.open(backup) as whole, tarfile.open(fileobj=whole, mode="r:") as tar:
        for member in tar:
            source = tar.extractfile(member) if member.isreg() else None
            if source is None:
                raise BackupError(f"{backup} holds something that is no file - use another backup")
            if not told:
                if member.name != MANIFEST or member.size > MANIFEST_BYTES:
                    raise BackupError(f"{backup} is no backup of this product - use another one")
                told = json.loads(source.read())
                if told["format"] > FORMAT:
                    raise BackupError(
                        f"{backup} was made by a newer version - install the newer version and restore then"
                    )
                expected = dict(told["files"])
                if len(expected) > FILES:
                    raise BackupError(f"{backup} holds too many files - use another backup")
                continue
            said = expected.pop(member.name, None)
            if said is None or said["bytes"] != member.size or not _is_name(member.name):
                raise BackupError(f"{backup} does not hold what it says ({member.name[:80]}) - use another backup")
            if _unpacked(source, folder / member.name) != said["sha256"]:
                raise BackupError(f"{backup} is damaged ({member.name}) - use another backup")
        while whole.read(_PIECE):  # behind the last file, for the checksum over all of it
            pass
    if RECORDS not in told.get("files", {}) or expected:
        raise BackupError(f"{backup} is not whole - use another backup")
    return told


def _is_name(name: str) -> bool:
    path = PurePosixPath(name)
    return _NAME.fullmatch(name) is not None and ".." not in path.parts and str(path) == name and len(path.parts) <= 4


def _unpacked(source: Any, place: Path) -> str:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark = hashlib.sha256()
    with os.fdopen(os.open(place, os.O_CREAT | os.O_WRONLY | os.O_EXCL, MODE), "wb") as out:
        while piece := source.read(_PIECE):
            mark.update(piece)
            out.write(piece)
    return mark.hexdigest()


def _contents(told: Mapping[str, Any]) -> Contents:
    counts = {str(table): int(number) for table, number in told["counts"].items()}
    places = {str(name): str(place) for name, place in told["places"].items()}
    return Contents(from_ms(int(told["made_at"])), str(told["product"])[:40], int(told["schema"]), counts, places)


def _look_at_records(path: Path, contents: Contents) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.text_factory = lenient
        if version(db) != contents.schema:
            raise BackupError("the records in the backup have another schema than it says - use another backup")
        check(db, thorough=True)
        if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise BackupError("the records in the backup do not fit together - use another backup")
        if counts_of(db) != dict(contents.counts):
            raise BackupError("the backup does not hold as many records as it says - use another backup")
        prepare(db, durable=False)
        check(db, thorough=True)


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """A folder for work, on the disk that has to have the room anyway; nobody else can read it."""
    try:
        folder = Path(mkdtemp(prefix=".textback-work-", dir=target.parent))
    except OSError as error:
        raise BackupError(f"nothing can be written beside {target}: {_why(error)} - {_remedy(error)}") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__


def _remedy(error: Exception) -> str:
    said = f"{_why(error)} {getattr(error, 'errno', '')}".casefold()
    if "full" in said or "no space" in said or "quota" in said:
        return "make room on that disk, or use another one"
    if "read-only" in said or "readonly" in said:
        return "the disk takes no changes: look how it is mounted, or use another one"
    if "permission" in said or "not permitted" in said:
        return "look who owns the folder"
    return "look at the disk"


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:  # a share that knows no such thing
        pass
    finally:
        os.close(handle)
