"""Who may import whom: the contracts of pyproject.toml are complete, can break, and each package has its owner."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("gateway", "drivers", "web")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
CORE, DRIVERS, PAGE, INNER = CONTRACTS

# Standard modules in which no clock, disk, network, randomness or log can hide.
PURE = {
    *(
        "__future__",
        "bisect",
        "base64",
        "collections",
        "csv",
        "dataclasses",
        "datetime",
        "difflib",
        "enum",
        "functools",
        "heapq",
    ),
    *("itertools", "json", "math", "operator", "re", "statistics", "string", "struct", "textwrap", "types", "typing"),
    *("unicodedata", "zlib", "zoneinfo"),
}
# A package that is not ours has one place where it is used, so that it can be replaced there.
OWNERS = {
    "aiohttp": {"web", "drivers.calendars.fetching"},
    "aiosqlite": {"gateway.storage.store"},
    "gsmmodem": {"drivers.modem.pdu"},
    "icalendar": {"drivers.calendars.expanding"},
    "jinja2": {"web.drawing"},
    "markupsafe": {"web.drawing"},
    "numpy": {"gateway.training"},
    "panoramisk": {"drivers.asterisk.link"},
    "phonenumbers": {"gateway.core.numbers"},
    "recurring_ical_events": {"drivers.calendars.expanding"},
    "segno": {"gateway.cli.upgrading"},
    "serial": {"drivers.modem.engine"},
    "yarl": {"drivers.calendars.fetching"},
    "yaml": {"drivers.modem.profiles", "gateway.settings"},
}


# Their modules' public names are those of the package.
STARRED = ("gateway/core/events", "gateway/records")


def modules() -> Iterator[tuple[str, Path]]:
    for folder in OURS:
        for path in (ROOT / folder).rglob("*.py"):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, folders: set[str]) -> bool:
    return any(module == folder or module.startswith(folder + ".") for folder in folders)


def defined(node: ast.stmt) -> list[str]:
    """The names that a statement of a module defines."""
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Assign():
            targets = [each for target in node.targets for each in ast.walk(target)]
        case ast.AnnAssign():
            targets = [node.target]
        case _:
            targets = []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def test_the_core_imports_itself_pure_standard_modules_and_the_number_library() -> None:
    for module, path in modules():
        if within(module, {"gateway.core"}):
            for name in imports(path):
                assert name.split(".")[0] in PURE | {"phonenumbers"} or within(name, {"gateway.core"}), (
                    f"{module}: {name}"
                )


def test_each_foreign_package_is_used_in_its_one_place() -> None:
    used = {
        (name.split(".")[0], module)
        for module, path in modules()
        for name in imports(path)
        if name.split(".")[0] not in {*OURS, *sys.stdlib_module_names}
    }
    assert {package for package, _ in used} == set(OWNERS)
    assert [(package, module) for package, module in sorted(used) if not within(module, OWNERS[package])] == []


def test_no_contract_has_forgotten_a_part_of_the_gateway() -> None:
    parts = {f"gateway.{path.stem}" for path in (ROOT / "gateway").iterdir() if path.suffix == ".py"} | {
        f"gateway.{path.parent.name}" for path in (ROOT / "gateway").glob("*/__init__.py")
    }
    parts.discard("gateway.__init__")
    roots = {"gateway.cli", "gateway.hardware", "gateway.pageserving", "gateway.supervisor"}
    assert parts - {"gateway.core"} == parts & set(CORE["forbidden_modules"])
    assert parts - {"gateway.core", "gateway.ports", "gateway.clock", "gateway.files"} == parts & set(
        DRIVERS["forbidden_modules"]
    )
    assert parts - {"gateway.core", "gateway.ports"} == parts & set(PAGE["forbidden_modules"])
    assert parts - roots == set(INNER["source_modules"])


@pytest.mark.parametrize("package", STARRED)
def test_a_package_that_is_imported_by_star_has_each_name_from_one_module(package: str) -> None:
    homes: dict[str, list[str]] = {}
    parts = {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__"}
    for part in parts:
        for node in ast.parse((ROOT / package / f"{part}.py").read_text()).body:
            for name in defined(node):
                homes.setdefault(name, []).append(part)
    assert {name: where for name, where in homes.items() if len(where) > 1 and not name.startswith("_")} == {}
    prefix = package.replace("/", ".")
    assert {f"{prefix}.{part}.*" for part in parts} <= set(imports(ROOT / package / "__init__.py"))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the check says of a tree in which every contract is broken once."""
    tree = tmp_path_factory.mktemp("tree")
    for folder in OURS:
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__", "config"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    for module, wrong in (
        ("gateway/core/hours.py", "import time"),
        ("drivers/modem/phone.py", "import gateway.storage.store"),
        ("web/live.py", "import gateway.queries.office"),
        ("gateway/sender.py", "import drivers.modem.modem"),
    ):
        with (tree / module).open("a") as file:
            file.write(f"\n{wrong}\n")
    program = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["name"].split(":")[0])
def test_a_wrong_import_breaks_the_contract(broken: str, contract: dict[str, object]) -> None:
    assert f"{contract['name']} BROKEN" in " ".join(broken.split())
