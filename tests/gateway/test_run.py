"""With which configuration `textback run` begins: the one there is, or the page that asks for it."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from gateway.cli import configured
from gateway.settings import SettingsError


def options(config: Path | None = None, *, setup: bool = False) -> Namespace:
    return Namespace(config=config, setup=setup)


@pytest.fixture(autouse=True)
def usual_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configured, "INSTALLED_CONFIG", tmp_path / "etc" / "gateway.yaml")
    monkeypatch.setattr(configured, "LOCAL_CONFIG", tmp_path / "here" / "gateway.yaml")
    for name in ("TEXTBACK_CONFIG", "TEXTBACK_PAGE", "TEXTBACK_STATE"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_file_in_the_usual_places_the_box_is_set_up_on_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTBACK_PAGE", "0.0.0.0:8090")
    monkeypatch.setenv("TEXTBACK_STATE", str(tmp_path / "state"))

    found = configured.settings_to_run(options())

    assert (found.setup, found.source) == (True, tmp_path / "here" / "gateway.yaml")
    assert (found.page.host, found.page.port, found.state_dir) == ("0.0.0.0", 8090, tmp_path / "state")
    assert (found.modems, found.asterisk, found.business.lines, found.business.owner) == ((), (), (), None)
    (tmp_path / "etc").mkdir()
    assert configured.settings_to_run(options()).source == tmp_path / "etc" / "gateway.yaml"


def test_a_file_that_was_named_and_is_not_there_is_a_mistake_unless_it_is_to_be_made(tmp_path: Path) -> None:
    missing = tmp_path / "gateway.yaml"

    with pytest.raises(SettingsError, match="no such file"):
        configured.settings_to_run(options(missing))

    assert configured.settings_to_run(options(missing, setup=True)).source == missing


def test_a_file_that_is_there_is_what_the_box_runs_by(tmp_path: Path) -> None:
    file = tmp_path / "gateway.yaml"
    file.write_text("business: {name: Acme, timezone: America/Chicago}\n")

    found = configured.settings_to_run(options(file, setup=True))

    assert (found.setup, found.business.name) == (False, "Acme")
