"""The installer: what it refuses, and that what it installs is pinned."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def install(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "install.sh", *words], capture_output=True, text=True, timeout=20, check=False)


@pytest.mark.parametrize(
    "words",
    [
        ("tset",),
        ("test", "quickly"),
        ("drill", "now"),
        ("uninstall", "now"),
        ("bundle",),
        ("--offline",),
        ("--yes", "no"),
    ],
)
def test_the_installer_refuses_what_it_does_not_know_with_a_sentence_and_exit_code_2(words: tuple[str, ...]) -> None:
    done = install(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(r"install\.sh: [^\n]+\n", done.stderr)


def test_a_python_that_is_too_old_is_named_with_what_to_use(tmp_path: Path) -> None:
    shutil.copy(ROOT / "install.sh", tmp_path)
    old = tmp_path / "bin" / "python3"
    old.parent.mkdir()
    old.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\ncase "$2" in *ensurepip*) exit 0;; *) exit 1;; esac\n'
    )
    old.chmod(0o755)
    done = subprocess.run(
        [tmp_path / "install.sh", "demo"],
        env=os.environ | {"PATH": f"{old.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 1
    wanted = "install.sh: Python 3.11, 3.12 or 3.13 is needed, this is Python 3.9.2 - use Debian 12 or 13\n"
    assert done.stderr == wanted


def run_the_tests_of(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    """`install.sh test` in FOLDER, where every program of the tests is a script; PYTHON is the body of the interpreter's."""
    shutil.copy(ROOT / "install.sh", folder)
    for name in ("pyproject.toml", "requirements.txt"):
        (folder / name).touch()
    programs = {"python": python, **dict.fromkeys(("ruff", "mypy", "lint-imports"), "exit 0")}
    tools = {"dpkg-query": "printf installed", "python3": "exit 0", "shellcheck": "exit 0"}
    for home, scripts in (folder / ".venv" / "bin", programs), (folder / "bin", tools):
        home.mkdir(parents=True)
        for name, body in scripts.items():
            (home / name).write_text(f"#!/bin/sh\n{body}\n")
            (home / name).chmod(0o755)
    (folder / ".venv" / "place").write_text(f"{folder}\n")
    temporary = folder / "temporary"
    temporary.mkdir()
    return subprocess.run(
        [folder / "install.sh", "test"],
        env=os.environ | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_tests_that_all_pass_end_in_exit_code_0_and_leave_nothing_behind(tmp_path: Path) -> None:
    done = run_the_tests_of(tmp_path, 'echo "ran $*"')
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"== Everything passed in \d+ seconds\.\n$", done.stdout)
    assert "ran -m pytest tests/pbx " in done.stdout
    assert "ran -m pytest --ignore=tests/pbx " in done.stdout
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize(("half", "named"), [("tests/pbx*", "pytest tests/pbx "), ("--ignore*", "pytest --ignore")])
def test_either_half_of_the_tests_that_fails_is_named_and_ends_in_exit_code_1(
    half: str, named: str, tmp_path: Path
) -> None:
    done = run_the_tests_of(tmp_path, f'case "$3" in {half}) echo "a test failed"; exit 1;; esac')
    assert (done.returncode, done.stderr) == (1, "")
    assert "a test failed\n" in done.stdout
    (failure,) = re.findall(r"^FAILED: (.+)$", done.stdout, re.MULTILINE)
    assert named in failure
    assert "passed in" not in done.stdout
    assert list((tmp_path / "temporary").iterdir()) == []


VENV = r"""#!/bin/sh
[ "$2" = venv ] || exit 0
find .venv/ -mindepth 1 -delete 2>/dev/null  # what --clear does, through a link as well
mkdir -p .venv/bin
printf '#!/bin/sh\nexit 0\n' >.venv/bin/python
printf '#!/bin/sh\necho the demo of "$(readlink -f "$0")"\n' >.venv/bin/textback
chmod +x .venv/bin/*
"""


@pytest.mark.parametrize("place", ["other", ""], ids=["of-another-checkout", "of-nobody-knows-whom"])
def test_programs_that_are_another_checkout_s_are_left_alone_and_own_ones_made(place: str, tmp_path: Path) -> None:
    other, here, tools = tmp_path / "other", tmp_path / "here", tmp_path / "bin"
    for folder in (other / "venv" / "bin", here, tools):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / "install.sh", here)
    for name in ("pyproject.toml", "requirements.txt"):
        (here / name).touch()
    for file, body in (
        (other / "venv" / "bin" / "python", '#!/bin/sh\ntouch "$(dirname "$0")/../changed"\n'),
        (tools / "python3", VENV),
        (tools / "dpkg-query", "#!/bin/sh\nprintf installed\n"),
    ):
        file.write_text(body)
        file.chmod(0o755)
    if place:
        (other / "venv" / "place").write_text(f"{tmp_path / place}\n")
    before = sorted(path.relative_to(other) for path in other.rglob("*"))
    (here / ".venv").symlink_to(other / "venv")
    done = subprocess.run(
        [here / "install.sh", "demo"],
        env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.relative_to(other) for path in other.rglob("*")) == before
    assert not (here / ".venv").is_symlink()
    assert f"the demo of {here / '.venv' / 'bin' / 'textback'}" in done.stdout


def test_every_package_we_ask_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = project["dependencies"] + [one for extra in project["optional-dependencies"].values() for one in extra]
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    plain = {re.split(r"[<>=!~\[ ;]", one)[0].lower().replace("_", "-") for one in asked}
    assert plain - {name.lower().replace("_", "-") for name in pinned} == {project["name"]}  # an extra may name another
