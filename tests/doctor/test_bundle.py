"""The support bundle: all that a helper needs, and no secret, number, name or text of the office."""

from __future__ import annotations

import asyncio
import io
import json
import stat
import tarfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway.cli import doctor
from gateway.core.events import ContactSet
from gateway.doctor import bundle, flight, plainconfig
from gateway.settings import load
from tests.trouble.office import in_trouble

EXAMPLES = sorted((Path(__file__).parents[2] / "config/examples").glob("*.yaml"))
LETTER = "This is Gertrude Vanderhoof at 1712 Elmwood Street, 44107, our furnace is smoking, call 216-555-0177"
SECRETS = (
    "4711",
    "Vanderhoof",
    "Gertrude",
    "Elmwood",
    "44107",
    "furnace",
    "Heating",
    "Bartholomew",
    "Zwingli",
    "missed your",
)
NUMBERS = ("2165550137", "2165550177", "2165550190", "2165550188", "2165550100", "2165550171", "490154203237518")


def opened(path: Path) -> dict[str, str]:
    with tarfile.open(path) as archive:
        files = {}
        for entry in archive.getmembers():
            file = archive.extractfile(entry)
            assert file is not None
            files[entry.name.removeprefix("textback-support/")] = file.read().decode()
        return files


async def test_a_bundle_has_what_a_helper_needs_and_nothing_of_the_office(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flight, "APART_S", 0.0)
    modem.sim.pin = "4711"
    file = tmp_path / "support.tar.gz"
    async with in_trouble(tmp_path, pbx, modem, pin=', pin: "4711"') as office:
        await office.gateway.logins.add("Bartholomew", "owner", "a long password", "the command line")
        now = datetime.now(UTC)
        await office.gateway.dispatcher.submit(
            ContactSet(now, "+12165550171", "vendor", name="Zwingli Pipes", basis="the page")
        )
        await office.is_well("modem")
        await office.missed("2165550137")
        await office.is_texted("2165550137")
        modem.receive("+12165550137", LETTER)
        await office.until(lambda: len(modem.sent_texts()) > 1, "it is answered")
        modem.faults.change({"cms_errors": [21]})
        await office.missed("2165550177")
        await office.until(lambda: flight.records(tmp_path / "state"), "the refusal is recorded")
        out, err = io.StringIO(), io.StringIO()
        assert await asyncio.to_thread(doctor.support_bundle, load(office.config), file, out, err), err.getvalue()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    files = opened(file)
    assert {
        "about.txt",
        "configuration.txt",
        "doctor.json",
        "health.json",
        "records.txt",
        "service.txt",
        "log.txt",
    } <= set(files)
    assert any(name.startswith("flight/") for name in files)
    assert "Textback" in files["about.txt"]
    assert "calls: 2 rows" in files["records.txt"]
    assert "texts purpose=opener, state=" in files["records.txt"]
    assert "settle: 0 s" in files["configuration.txt"]
    assert json.loads(files["doctor.json"])["running"] is True
    assert json.loads(files["health.json"])["today"]["missed"] == 2
    for name, text in files.items():
        for secret in (*SECRETS, pbx.secret if name == "configuration.txt" else "a long password"):
            assert secret.lower() not in text.lower(), (name, secret)
        for number in NUMBERS:
            assert number not in text, (name, number)
            assert number[:7] not in text, (name, number)


def test_a_bundle_can_be_made_without_a_running_gateway_or_any_records() -> None:
    settings = load(EXAMPLES[0])
    files = bundle.collect(settings, EXAMPLES[0].read_text(), {"checks": []}, None, datetime.now(UTC), run=_nothing)
    assert json.loads(files["health.json"]) == {"running": False}
    assert "cannot be read" in files["records.txt"]


def _nothing(_command: Sequence[str]) -> None:
    return None


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_configuration_is_told_without_the_business_s_own_words(example: Path) -> None:
    settings = load(example)
    told = "\n".join(plainconfig.lines(example.read_text()))
    assert "business:" in told
    business = settings.business
    people = [person.name for person in business.people.everybody if person.name]
    for word in (business.name, *people, *business.templates.values(), *(s.secret for s in settings.asterisk)):
        assert word not in told, word
    for number in (business.owner, *business.sims, *(line.number for line in business.lines)):
        assert not number or number[-7:] not in told


def test_a_bundle_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        bundle.write(tmp_path / "no folder" / "x.tar.gz", {"a": "b"}, datetime.now(UTC))
    (tmp_path / "x").mkdir()
    with pytest.raises(OSError):
        bundle.write(tmp_path / "x", {"a": "b"}, datetime.now(UTC))
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
