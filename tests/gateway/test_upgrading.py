"""What the installer asks of a version: whether it is well, and where its page is."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from gateway import control
from gateway.cli import configured, upgrading
from gateway.cli.main import main
from gateway.settings import PageConfig


@pytest.fixture(autouse=True)
def no_systemd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading, "_has_ended", lambda: "")


def test_a_gateway_that_does_not_answer_is_not_well(tmp_path: Path) -> None:
    with pytest.raises(control.NotRunning, match=r"after 0\.1 s the gateway is not well: no gateway answers"):
        upgrading.healthy(tmp_path / "control.sock", 0.1)


def test_a_gateway_that_has_ended_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading, "_has_ended", lambda: "it has ended")
    with pytest.raises(control.NotRunning, match="not well: it has ended"):
        upgrading.healthy(tmp_path / "control.sock", 3600.0)


def test_a_page_that_nobody_serves_is_named_with_the_reason() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert "refused" in upgrading._page_trouble(f"http://127.0.0.1:{port}/")


def test_the_address_is_told_as_text_and_as_a_code_for_a_telephones_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading, "_own_address", lambda: "192.0.2.7")
    monkeypatch.setattr(socket, "gethostname", lambda: "office-box.lan")
    told = upgrading.told(PageConfig("0.0.0.0", 8080))
    assert told.splitlines()[:2] == ["  http://192.0.2.7:8080/", "  http://office-box.local:8080/"]
    assert told.count("▄") > 20


def test_a_page_for_this_machine_alone_says_how_the_office_gets_at_it() -> None:
    told = upgrading.told(PageConfig("127.0.0.1", 8080))
    assert "http://127.0.0.1:8080/" in told
    assert "page: host: 0.0.0.0" in told
    assert "▄" not in told


def test_a_box_without_a_configuration_keeps_its_records_in_the_usual_place(tmp_path: Path) -> None:
    assert upgrading.state_of(tmp_path / "gateway.yaml") == Path("/var/lib/textback")


def test_each_step_says_in_a_sentence_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "gateway.yaml"
    config.write_text(f"state: {tmp_path}\n")
    (tmp_path / "textback.sqlite3").write_bytes(b"x" * 5000)
    assert upgrading.main(["rehearse", "--config", str(config), "--copy", str(tmp_path / "copy")]) == 1
    assert capsys.readouterr().err == "the records cannot be brought up to date: file is not a database\n"


def test_a_box_that_is_installed_and_not_set_up_yet_is_asked_at_its_usual_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TEXTBACK_CONFIG", raising=False)
    monkeypatch.setattr(configured, "INSTALLED_CONFIG", tmp_path / "gateway.yaml")
    monkeypatch.setattr(configured, "USUAL_STATE", tmp_path / "state")
    assert main(["status"]) == 1
    assert f"no gateway answers at {tmp_path / 'state' / 'control.sock'}" in capsys.readouterr().err
