"""What a backup takes beside the records: the configuration with what it names, and the state folder without what can be made anew."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gateway.settings.problems import SettingsError
from gateway.settings.yamlnodes import Items, Mapping, Node, Scalar, read_nodes
from gateway.statefolder import BACKUPS, DATABASE, LOCK, SOCKET
from gateway.storage.backupfile import CONFIG, FILE_BYTES, STATE, Contents, write_backup
from gateway.version import VERSION

SETTINGS = f"{CONFIG}/gateway.yaml"
_NAMED = {"secret_file", "tls_certificate", "tls_key"}  # options whose value is the path of a file
_ANEW = (
    f"{DATABASE}*",
    "search.sqlite3*",
    "doctor.lock",
    "checkup.json",
    "flight/*",
    LOCK,
    SOCKET,
    f"{BACKUPS}/*",
    "before-restore-*/*",
    ".*",
    "*/.*",
    "*.damaged-*",
)
_DEEP = 3  # folders below the state folder


def back_up(target: Path, config: Path, state: Path, now: datetime) -> Contents:
    """Write one backup of the box with that configuration and state folder, read it back, and say what is in it.

    Raises BackupError.
    """
    files = {**dict(_configuration(config)), **dict(_state(state))}
    places = {name: str(path.absolute()) for name, path in files.items() if name.startswith(f"{CONFIG}/")}
    return write_backup(target, state / DATABASE, files, now, VERSION, places)


def is_made_anew(name: str) -> bool:
    """Whether a file of the state folder, by its name below it, is left out: the box makes it itself, or it is a copy already."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in _ANEW)


def _configuration(config: Path) -> Iterator[tuple[str, Path]]:
    if not config.is_file():
        return
    yield SETTINGS, config
    for pack in sorted((config.parent / "trades").glob("*.yaml")):
        if pack.is_file():
            yield f"{CONFIG}/trades/{pack.name}", pack
    for number, path in enumerate(named_files(config), 1):
        if path.is_file() and path.stat().st_size <= FILE_BYTES:
            yield f"{CONFIG}/named/{number}-{path.name}", path


def named_files(config: Path) -> list[Path]:
    """The files that a configuration names: secrets, certificate and key; whatever else is wrong in it."""
    try:
        top, _ = read_nodes(config.read_bytes(), str(config))
    except (OSError, SettingsError):
        return []
    found = dict.fromkeys(config.parent / value for value in _values(top))
    return [path for path in found if path.is_absolute() or path.exists()]


def _values(node: Node) -> Iterator[str]:
    match node:
        case Mapping(entries=entries):
            for entry in entries:
                if entry.key in _NAMED and isinstance(entry.node, Scalar) and not entry.node.empty:
                    yield entry.node.text.strip()
                else:
                    yield from _values(entry.node)
        case Items(nodes=nodes):
            for each in nodes:
                yield from _values(each)


def _state(state: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(state.rglob("*")):
        name = path.relative_to(state).as_posix()
        if name.count("/") < _DEEP and not is_made_anew(name) and path.is_file() and not path.is_symlink():
            yield f"{STATE}/{name}", path
