"""The configuration file is exchanged as a whole, and what stood there before is kept."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.settings.edit import keeping
from gateway.settings.edit.keeping import ChangedMeanwhileError, ConfigurationFile, NotSavedError

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
OLD, NEW = b"business: old\n" * 900, b"business: new\n" * 1000


class PowerCut(BaseException):
    """The process is gone: nothing behind this line has happened."""


@pytest.fixture
def file(tmp_path: Path) -> ConfigurationFile:
    path = tmp_path / "etc" / "gateway.yaml"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return ConfigurationFile(path, tmp_path / "state" / "versions")


def save(file: ConfigurationFile, data: bytes = NEW, by: str = "page:Ann", minutes: int = 0) -> None:
    file.write(data, file.read().mark, by, "opening hours", NOW + timedelta(minutes=minutes))


def test_the_former_version_is_kept_with_the_time_and_who_replaced_it(file: ConfigurationFile) -> None:
    save(file)

    [version] = file.versions()
    assert (version.until, version.by, version.say) == (NOW, "page:Ann", "opening hours")
    assert file.former(version.key) == OLD
    assert file.path.read_bytes() == NEW


def test_a_former_version_comes_back_and_what_it_replaces_is_kept_too(file: ConfigurationFile) -> None:
    save(file)
    save(file, file.former(file.versions()[0].key), by="page:Mike", minutes=1)

    assert file.path.read_bytes() == OLD
    assert [(version.by, file.former(version.key)) for version in file.versions()] == [
        ("page:Mike", NEW),
        ("page:Ann", OLD),
    ]


def test_so_many_versions_are_kept_and_no_more(file: ConfigurationFile) -> None:
    for number in range(keeping.KEPT + 5):
        save(file, b"a: %d\n" % number, minutes=-number)  # whatever the clock says, the newest ones stay

    versions = file.versions()
    assert len(versions) == keeping.KEPT
    assert file.former(versions[0].key) == b"a: %d\n" % (keeping.KEPT + 3)
    assert len(list(file.folder.iterdir())) == 2 * keeping.KEPT


def test_a_file_that_was_changed_by_hand_is_not_overwritten(file: ConfigurationFile) -> None:
    mark = file.read().mark
    file.path.write_bytes(b"by: hand\n")

    with pytest.raises(ChangedMeanwhileError, match="look at what is there now"):
        file.write(NEW, mark, "page:Ann", "", NOW)

    assert file.path.read_bytes() == b"by: hand\n"
    assert file.versions() == []


def test_a_file_that_is_changed_while_it_is_being_saved_is_not_overwritten(
    file: ConfigurationFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def slow_disk(descriptor: int) -> None:
        real(descriptor)
        file.path.write_bytes(b"by: hand\n")

    monkeypatch.setattr(os, "fsync", slow_disk)

    with pytest.raises(ChangedMeanwhileError):
        save(file)

    assert file.path.read_bytes() == b"by: hand\n"
    assert [path.name for path in file.path.parent.iterdir()] == ["gateway.yaml"]


def test_a_link_stays_a_link_and_rights_stay_as_they_were(file: ConfigurationFile, tmp_path: Path) -> None:
    file.path.chmod(0o640)
    link = tmp_path / "gateway.yaml"
    link.symlink_to(file.path)

    save(ConfigurationFile(link, file.folder))

    assert link.is_symlink()
    assert file.path.read_bytes() == NEW
    assert file.path.stat().st_mode & 0o777 == 0o640
    assert all(path.stat().st_mode & 0o077 == 0 for path in (file.folder, *file.folder.iterdir()))


def test_a_first_file_is_for_its_user_alone(tmp_path: Path) -> None:
    file = ConfigurationFile(tmp_path / "new" / "gateway.yaml", tmp_path / "versions")

    file.write(NEW, file.read().mark, "page:Ann", "", NOW)

    assert file.path.stat().st_mode & 0o777 == 0o600
    assert file.versions() == []


STEPS = ("open", "write", "fsync", "replace", "fchmod")


def broken(monkeypatch: pytest.MonkeyPatch, at: int, fail: Callable[[], BaseException]) -> list[str]:
    """The call number `at` of those that touch the disk fails; gives the names of those before it."""
    done: list[str] = []

    def wrapped(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*args: Any, **more: Any) -> Any:
            if len(done) == at:
                if name == "write":
                    real(args[0], bytes(args[1])[: len(args[1]) // 2])  # the power goes in the middle of it
                raise fail()
            done.append(name)
            return real(*args, **more)

        return call

    for name in STEPS:
        monkeypatch.setattr(keeping.os, name, wrapped(name))
    return done


def steps_of_a_save(tmp_path: Path) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        path = tmp_path / "counted" / "gateway.yaml"
        path.parent.mkdir()
        path.write_bytes(OLD)
        done = broken(patch, -1, PowerCut)
        save(ConfigurationFile(path, tmp_path / "counted" / "versions"))
    return done


def test_a_power_cut_at_any_step_leaves_one_of_the_two_versions_whole(file: ConfigurationFile, tmp_path: Path) -> None:
    steps = steps_of_a_save(tmp_path)
    assert steps.count("fsync") == 5  # note, former version, their folder, new file, its folder
    renamed = max(at for at, step in enumerate(steps) if step == "replace")

    for at in range(len(steps)):
        file.path.write_bytes(OLD)
        for left in file.folder.glob("*"):
            left.unlink()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "unlink", lambda *_args, **_more: None)  # nothing is tidied up when the power goes
            broken(patch, at, PowerCut)
            with pytest.raises(PowerCut):
                save(file)

        found = file.path.read_bytes()
        assert found == (NEW if at > renamed else OLD)
        assert all(file.former(version.key) == OLD for version in file.versions())
        if found == NEW:
            assert len(file.versions()) == 1
        save(file, b"and: on\n", minutes=5)  # what the power cut left lying is in nobody's way
        assert file.path.read_bytes() == b"and: on\n"
        assert file.former(file.versions()[0].key) == found


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "can only be read"),
        (errno.EACCES, "may not write"),
        (errno.EIO, "look at the disk"),
    ],
)
def test_a_disk_that_refuses_at_any_step_changes_nothing_and_says_so(
    file: ConfigurationFile, tmp_path: Path, number: int, words: str
) -> None:
    steps = steps_of_a_save(tmp_path)
    for at in range(len(steps) - 2):  # behind the rename the new file is there
        with pytest.MonkeyPatch.context() as patch:
            broken(patch, at, lambda: OSError(number, os.strerror(number)))
            with pytest.raises(NotSavedError, match=words):
                save(file)
        assert file.path.read_bytes() == OLD
        assert [path.name for path in file.path.parent.iterdir()] == ["gateway.yaml"]


def test_a_version_is_found_by_its_name_alone_and_never_by_a_path(file: ConfigurationFile) -> None:
    save(file)
    (file.folder / "stray.yaml").write_text("x")

    for key in ("../gateway", "stray", "", "/etc/passwd", "000000000000001-x"):
        with pytest.raises(NotSavedError, match="not kept any more"):
            file.former(key)
