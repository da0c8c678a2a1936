"""Vendors' quirks as data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from drivers.modem.profiles import ProfileError, choose, load_profiles
from gateway.files import MODEM_PROFILES

SHIPPED = load_profiles()


@pytest.mark.parametrize(
    ("manufacturer", "model", "name"),
    [
        ("huawei", "E3372", "huawei"),
        ("Quectel", "EC25", "quectel"),
        ("SIMCOM INCORPORATED", "SIMCOM_SIM7600G-H", "simcom7600"),
        ("SIMCOM INCORPORATED", "SIM7670G-MNGV", "simcom7600"),
        ("SIMCOM_Ltd", "SIMCOM_SIM800L", "sim800"),
        ("ZTE INCORPORATED", "MF190", "zte"),
        ("Acme", "Unheard of", "generic"),
        ("", "", "generic"),
    ],
)
def test_a_modem_is_known_by_what_it_says_of_itself(manufacturer: str, model: str, name: str) -> None:
    assert choose(SHIPPED, manufacturer, model).name == name


def test_the_owner_may_choose_the_profile() -> None:
    assert choose(SHIPPED, "huawei", "E3372", "generic").name == "generic"
    with pytest.raises(ProfileError, match="huwei"):
        choose(SHIPPED, "huawei", "E3372", "huwei")


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_shipped_profile_insists_on_pdu_mode_and_the_callers_number(name: str) -> None:
    required = {command.send for command in SHIPPED[name].init if command.required}
    assert {"AT+CMGF=0", "AT+CLIP=1"} <= required
    assert SHIPPED[name].cnmi
    assert SHIPPED[name].reset.startswith("AT")


def test_a_stick_that_floods_its_line_is_asked_for_its_stores_first() -> None:
    assert SHIPPED["zte"].init[0].send == "AT+CPMS?"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("inti: [AT]", "unknown entry 'inti'"),
        ("init: AT", "init: must be a list"),
        ("init: [hello]", "is not an AT command"),
        ("cnmi: []", "cnmi: needs at least one entry"),
        ("noise: [a: b]", "noise: must be a text"),
        ("- a", "must be a list of 'name: value'"),
        ("init: [", "cannot be read"),
        ("init: [{send: AT, required: maybe}]", "required: must be yes or no"),
        ('reset: "AT\\r+CFUN=1"', "printable"),
    ],
)
def test_a_wrong_profile_is_named_with_file_and_entry(tmp_path: Path, text: str, complaint: str) -> None:
    shutil.copy(MODEM_PROFILES / "generic.yaml", tmp_path)
    (tmp_path / "mine.yaml").write_text(text)
    with pytest.raises(ProfileError, match=r"mine\.yaml") as caught:
        load_profiles(tmp_path)
    assert complaint in str(caught.value)
