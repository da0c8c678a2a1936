"""The support bundle: what whoever looks after the box needs to see, and nothing of the business's callers, people or secrets.

Everything in it was made for it: counts, states, sentences of the product, masked lines. What all of it is held against at the
end are the words of the configuration and the books that name somebody; whatever still has one of them has it hidden.
"""

from __future__ import annotations

import io
import json
import os
import platform
import re
import sqlite3
import sys
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from gateway.doctor import flight, plainconfig
from gateway.doctor.machine import Run, run
from gateway.doctor.masks import HIDDEN, SHORTEST, Words, numbers, secrets_of
from gateway.doctor.service import UNIT
from gateway.settings import Settings, SettingsError
from gateway.settings.yamlnodes import Items, Node, Scalar, read_nodes
from gateway.settings.yamlnodes import Mapping as Table
from gateway.statefolder import DATABASE
from gateway.version import VERSION

JOURNAL = ("journalctl", "-u", UNIT, "-n", "3000", "--no-pager", "--no-hostname", "-o", "short-iso")
PACKAGES = (
    "pyserial",
    "python-gsmmodem-new",
    "panoramisk",
    "aiosqlite",
    "aiohttp",
    "PyYAML",
    "phonenumberslite",
    "Jinja2",
)
# What rows are told apart by; each column holds words of the product alone.
_COUNTED = {
    "calls": ("source", "state", "missed", "reason", "no_text"),
    "texts": ("purpose", "state"),
    "letters": ("kind",),
    "leads": ("stage", "lane", "urgency"),
    "tasks": ("kind", "closed_at IS NULL"),
    "escalations": ("kind", "state"),
    "alerts": ("channel", "state"),
    "contacts": ("kind",),
    "notices": ("kind", "how"),
    "appointments": ("state",),
    "switches": ("name",),
}
# Columns that name people and places, for the last look.
_NAMING = {
    "calls": ("caller_name",),
    "contacts": ("name",),
    "leads": ("name", "street_address", "city", "place", "callback_whose"),
    "logins": ("name",),
    "appointments": ("who", "place"),
    "notes": ("by",),
}
_DATE = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d")
_TOKEN = re.compile(r"[^\W\d_][\w'’-]*")
# Words of the product's own that a business may use as well: hiding them would leave nothing to read.
_OUR_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a and are asterisk at box by call called caller callers calls card check clock db disk down error "
        "errors fail for from gateway has health help in info is it line lines main mobile modem name named "
        "network no none not of office on or page pass phone port records says service services settings "
        "signal sim skipped start state store system table tables textback text texts that the there this "
        "time to up version warn was we what which will with you your ",
    )
)


def collect(
    settings: Settings,
    config: str,
    checkup: Mapping[str, Any],
    status: Mapping[str, Any] | None,
    now: datetime,
    run: Run = run,
) -> dict[str, str]:
    """The files of a bundle by name, masked. `config`: the text of the configuration; `status`: what the running gateway says."""
    database = settings.state_dir / DATABASE
    files = {
        "about.txt": "\n".join(_about(now, run)),
        "configuration.txt": "\n".join(_configuration(config)),
        "records.txt": "\n".join(_records(database)),
        "service.txt": run(("systemctl", "show", UNIT)) or "systemd does not know the service",
        "log.txt": run(JOURNAL) or "there is no log",
        **{f"flight/{path.name}": _read(path) for path in flight.records(settings.state_dir)},
    }
    secret = Words(secrets_of(settings), shortest=1)
    names = _names(config, database)

    def mask(text: str) -> str:
        return _without(names, numbers(secret(text)))

    data = {"doctor.json": dict(checkup), "health.json": _health(status)}
    return {
        **{name: mask(text) for name, text in files.items()},
        **{name: json.dumps(_masked(value, mask), indent=1) for name, value in data.items()},
    }


def write(path: Path, files: Mapping[str, str], now: datetime) -> None:
    """One tar.gz, readable for its owner alone, whole or not at all. Raises OSError."""
    new = path.with_name(f".{path.name}.new")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
            for name, text in sorted(files.items()):
                data = text.encode("utf-8", "replace")
                entry = tarfile.TarInfo(f"textback-support/{name}")
                entry.size, entry.mode, entry.mtime = len(data), 0o600, int(now.timestamp())
                archive.addfile(entry, io.BytesIO(data))
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _masked(value: Any, mask: Callable[[str], str]) -> Any:
    """The same data with its words masked; figures of the product's own stay."""
    match value:
        case str():
            return value if _DATE.fullmatch(value) else mask(value)
        case Mapping():
            return {name: _masked(each, mask) for name, each in value.items()}
        case list() | tuple():
            return [_masked(each, mask) for each in value]
        case _:
            return value


def _about(now: datetime, run: Run) -> Iterator[str]:
    yield f"Textback {VERSION}, {now.isoformat(timespec='seconds')}"
    yield f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, {platform.machine()}, Linux {platform.release()}"
    release = dict(line.split("=", 1) for line in _read(Path("/etc/os-release")).splitlines() if "=" in line)
    yield release.get("PRETTY_NAME", "unknown system").strip('"')
    yield _read(Path("/proc/device-tree/model")).strip("\0\n") or "no device tree"
    for package in PACKAGES:
        try:
            yield f"{package} {metadata.version(package)}"
        except metadata.PackageNotFoundError:
            yield f"{package} is not there"
    yield (run(("uptime", "-p")) or "").strip()


def _configuration(config: str) -> Iterator[str]:
    try:
        yield from plainconfig.lines(config)
    except SettingsError as error:
        yield f"it is no YAML: line {error.problems[0].line}"


def _health(status: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if status is None:
        return {"running": False}
    kept = ("version", "up_s", "today", "queue", "leads", "health")
    return {
        "running": True,
        **{name: status[name] for name in kept if name in status},
        "paused": bool(status.get("paused")),
    }


def _records(database: Path) -> Iterator[str]:
    """Schema, rows of each table, and how often each state stands there; nothing of any one row."""
    try:
        with closing(_opened(database)) as db:
            yield f"schema {db.execute('PRAGMA user_version').fetchone()[0]}, {database.stat().st_size} bytes"
            yield f"check: {db.execute('PRAGMA quick_check(1)').fetchone()[0]}"
            tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            for table in tables:
                rows = db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
                yield f"{table}: {rows} rows"
            for table, columns in _COUNTED.items():
                if table in tables:
                    yield from _counts(db, table, columns)
            if "history" in tables:
                yield from _subjects(db)
    except (sqlite3.Error, OSError) as error:
        yield f"the records cannot be read: {type(error).__name__}"


def _counts(db: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> Iterator[str]:
    chosen = ", ".join(columns)
    for *values, count in db.execute(f"SELECT {chosen}, count(*) FROM {table} GROUP BY {chosen} ORDER BY {chosen}"):
        yield (
            f"{table} "
            + ", ".join(f"{name}={value}" for name, value in zip(columns, values, strict=True))
            + f": {count}"
        )


def _subjects(db: sqlite3.Connection) -> Iterator[str]:
    subjects = "substr(subject, 1, instr(subject || ':', ':') - 1)"
    for subject, count in db.execute(f"SELECT {subjects}, count(*) FROM history GROUP BY 1 ORDER BY 1"):
        yield f"history {subject if re.fullmatch('[a-z_]{1,20}', subject) else HIDDEN}: {count}"


def _opened(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _names(config: str, database: Path) -> frozenset[str]:
    """Words that name somebody or some place: all words of the configuration that the product does not know, and those of the books."""
    texts: list[str] = []
    try:
        texts += _words(read_nodes(config, "")[0])
    except SettingsError:
        texts.append(config)
    try:
        with closing(_opened(database)) as db:
            for table, columns in _NAMING.items():
                for column in columns:
                    texts += [
                        str(row[0]) for row in db.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} <> ''")
                    ]
    except sqlite3.Error:
        pass
    found = {word.casefold() for text in texts for word in _TOKEN.findall(text)}
    return frozenset(word for word in found if len(word) >= SHORTEST and word not in _OUR_WORDS)


def _words(node: Node) -> Iterator[str]:
    """What stands in a configuration and is neither a choice nor a figure: the business's own words."""
    if isinstance(node, Scalar):
        if plainconfig.is_own(node.text):
            yield node.text
    elif isinstance(node, Items):
        for inner in node.nodes:
            yield from _words(inner)
    elif isinstance(node, Table):
        for entry in node.entries:
            if entry.key not in plainconfig.KEYS:
                yield entry.key
            if entry.key in _NAMES_OF_PEOPLE or not isinstance(entry.node, Scalar):
                yield from _words(entry.node)


_NAMES_OF_PEOPLE: Iterable[str] = frozenset({"name", "owner_name", "username", "host"})


def _without(names: frozenset[str], text: str) -> str:
    return _TOKEN.sub(lambda found: HIDDEN if found[0].casefold() in names else found[0], text)
