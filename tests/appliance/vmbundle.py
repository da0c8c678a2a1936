"""Newer versions of this checkout as bundles, for machines without internet: a good one and one that does not run."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.appliance.machine import run

GOOD_MIGRATION = "CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;\n"
BROKEN = '\nraise RuntimeError("this version is broken")\n'
MIGRATION = "gateway/storage/migrations/0999_next.sql"


def changed(bundle: Path, to: Path, *, mark: str, broken: str = "") -> Path:
    """A bundle like this one, of a version with one more step of the schema. `broken` is a module that raises when read."""
    work = to.with_suffix(".work")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    run("tar", "-x", "-C", work, "-f", bundle)
    (work / MIGRATION).write_text(GOOD_MIGRATION)
    with (work / "gateway" / "version.py").open("a") as file:
        file.write(f"\n# {mark}\n")
    if broken:
        with (work / broken).open("a") as file:
            file.write(BROKEN)
    wheels = work / "bundle" / "wheels"
    for wheel in wheels.glob("textback-*.whl"):
        wheel.unlink()
    sources = to.with_suffix(".sources")
    shutil.rmtree(sources, ignore_errors=True)
    shutil.copytree(work, sources, symlinks=True, ignore=shutil.ignore_patterns("bundle"))
    run("python3", "-m", "pip", "wheel", "-q", "--no-deps", "-w", wheels, sources)
    checked = "find . -type f -not -name checksums -print0 | sort -z | xargs -0 sha256sum >bundle/checksums"
    run("bash", "-c", checked, cwd=work)
    run("tar", "-c", "-C", work, "--owner=0", "--group=0", "-f", to, ".")
    shutil.rmtree(work)
    shutil.rmtree(sources)
    return to
