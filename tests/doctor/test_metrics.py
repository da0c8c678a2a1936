"""Metrics: off unless asked for, in the format that Prometheus reads, and nothing of people in them."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway.doctor.metrics import Metrics
from gateway.doctor.program import LoopLag
from gateway.queries.figures import quantiles
from gateway.settings import parse
from gateway.storage.store import StoreDown
from tests.trouble.office import CONFIG, in_trouble


async def fetched(url: str) -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.get(url.rstrip("/") + "/metrics") as answer:
        return answer.status, answer.headers.get("Content-Type", ""), await answer.text()


def values(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation.endswith("."), family.name
        assert family.type == "gauge"
        for sample in family.samples:
            found[sample.name, tuple(sorted(sample.labels.items()))] = sample.value
    return found


async def test_figures_are_there_when_asked_for_and_say_nothing_of_people(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.trouble.office.CONFIG", CONFIG.replace("port: 8080}}", "port: 8080, metrics: yes}}"))
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.is_well("modem")
        await office.missed("2165550137")
        await office.is_texted("2165550137")
        await office.until(
            lambda: (report := office.report("modem")) and "signal" in report.facts, "the signal is known"
        )
        status, kind, text = await fetched(office.gateway.page_url)
        assert status == 200
        assert kind.startswith("text/plain; version=0.0.4")
        found = values(text)
        assert found["textback_calls_last_day", (("outcome", "texted"),)] == 1
        assert sum(value for (name, _), value in found.items() if name == "textback_texts_last_day") == 1
        assert 0 <= found["textback_time_to_text_seconds", (("quantile", "0.95"),)] < 30
        assert found["textback_part_works", (("part", "modem"),)] == 1
        assert found["textback_part_works", (("part", "asterisk"),)] == 1
        assert found["textback_modem_signal_dbm", (("modem", "modem"),)] == -77
        assert found["textback_memory_bytes", ()] > 1e6
        assert found["textback_disk_free_bytes", ()] > 0
        assert found["textback_texting_paused", ()] == 0
        assert found["textback_texts_waiting", ()] == 0
        for secret in ("0137", "0190", "Miller", "simulated"):
            assert secret not in text


async def test_without_the_option_there_is_no_such_address(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        status, _, _ = await fetched(office.gateway.page_url)
        assert status == 404
    assert not parse("business: {name: A, timezone: America/Chicago}\n", "x.yaml").page.metrics


async def test_figures_of_the_machine_are_there_while_the_books_cannot_be_read(tmp_path: Path) -> None:
    async def unreadable() -> object:
        raise StoreDown("the disk is full - delete files")

    text = await Metrics(unreadable, list, lambda: "by Ann", lambda: tmp_path, LoopLag()).text()  # type: ignore[arg-type]
    found = values(text)
    assert found["textback_texting_paused", ()] == 1
    assert ("textback_texts_waiting", ()) not in found


def test_a_quantile_is_one_of_the_values() -> None:
    assert quantiles([]) == {}
    assert quantiles([3.0]) == {0.5: 3.0, 0.95: 3.0, 1.0: 3.0}
    assert quantiles([float(count) for count in range(100)]) == {0.5: 50.0, 0.95: 95.0, 1.0: 99.0}
