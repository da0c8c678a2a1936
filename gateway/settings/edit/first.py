"""A box that has no configuration yet: what it runs with, and the first file, made of the commented example."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from gateway.core.sheets import FirstAnswers
from gateway.files import EXAMPLE
from gateway.settings.devices import P_HOST, P_PORT, STATE
from gateway.settings.edit.data import Bare, Data
from gateway.settings.edit.splice import Change, changed
from gateway.settings.load import parse
from gateway.settings.problems import Problem, SettingsError
from gateway.settings.schema import DAYS
from gateway.settings.values import PageConfig, Settings

_NOTHING_YET = "business: {name: Textback, timezone: UTC}"
_ADDRESS = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:]+)\]|(?P<host>[A-Za-z0-9.-]*)):(?P<port>\d{1,5})|(?P<alone>[A-Za-z0-9.-]+)"
)


def unconfigured(path: Path, page: str = "", state: str = "") -> Settings:
    """What a box runs with that has no file at `path` yet: a page and records, no modem, no line, nobody who is texted.

    `page` is HOST:PORT, HOST or :PORT, `state` a folder; "" for the usual ones. Raises SettingsError for what is neither.
    """
    settings = parse(_NOTHING_YET, str(path))
    return replace(
        settings,
        page=_page(page) if page else settings.page,
        state_dir=Path(state or STATE.default),
        warnings=(),
        setup=True,
    )


def _page(written: str) -> PageConfig:
    found = _ADDRESS.fullmatch(written)
    if found is None or not 0 <= int(found["port"] or 0) <= 65535:
        remedy = "write an address and a port, such as 0.0.0.0:8080"
        raise SettingsError([Problem("TEXTBACK_PAGE", 1, f"{written[:40]!r} is no address of a page", remedy)])
    host = found["six"] or found["host"] or found["alone"] or P_HOST.default
    return PageConfig(host, int(found["port"]) if found["port"] else P_PORT.default)


def first_text(answers: FirstAnswers, running: Settings) -> str:
    """The first configuration file: the example with the answers in it; page and state folder are those of the box that runs."""
    return changed(EXAMPLE.read_text("utf-8"), [*_business(answers), *_devices(answers), *_box(running)])


def _business(answers: FirstAnswers) -> Iterator[Change]:
    for name, value in (
        ("name", answers.business),
        ("trade", answers.trade),
        ("timezone", answers.timezone),
        ("area_code", answers.area_code),
        ("owner_cell", answers.owner_cell),
        ("owner_name", answers.owner_name),
    ):
        yield Change(("business", name), value.strip() or ("" if name in ("name", "timezone") else None))
    if answers.country.strip() not in ("", "US"):
        yield Change(("business", "country"), answers.country.strip())
    for name in ("staff", "extensions"):
        yield Change(("business", name), None)
    yield Change(("texting", "allowed_countries"), None)
    lines: dict[str, Data] = {}
    for line in answers.lines:
        lines[line.name] = {"number": line.number, **({"language": line.language} if line.language != "en" else {})}
    yield Change(("lines",), lines)
    for day in DAYS:
        windows: list[Data] = [str(each) for each in answers.hours.get(day, ())]
        yield Change(("hours", day), windows)
    for name in ("holidays", "half_days", "storm_mode", "contacts"):
        yield Change((name,), [])
    for name, several in (("zips", answers.zips), ("cities", answers.cities)):
        if several:
            yield Change(("area", name), _texts(several))


def _devices(answers: FirstAnswers) -> Iterator[Change]:
    asterisk = answers.asterisk
    if asterisk is None:
        yield Change(("asterisk",), None)
    else:
        yield Change(("asterisk", "host"), asterisk.host)
        yield Change(("asterisk", "port"), Bare(asterisk.port) if asterisk.port.isdecimal() else asterisk.port)
        yield Change(("asterisk", "username"), asterisk.username)
        yield Change(("asterisk", "secret"), asterisk.secret)
        if asterisk.inbound_contexts:
            yield Change(("asterisk", "inbound_contexts"), _texts(asterisk.inbound_contexts))
    if not answers.modem_port:
        yield Change(("modem",), None)
        return
    yield Change(("modem", "port"), answers.modem_port)
    yield Change(("modem", "number"), answers.modem_number or None)
    yield Change(("modem", "role"), answers.modem_role)
    if answers.modem_role == "forwarded_line":
        yield Change(("texting", "min_ring_modem"), "0 s")  # a forwarded call has rung in the office before
    if answers.modem_role == "forwarded_line" and len(answers.lines) > 1:
        yield Change(("modem", "line"), answers.lines[0].name)


def _box(running: Settings) -> Iterator[Change]:
    if running.page.host != P_HOST.default:
        yield Change(("page", "host"), running.page.host)
    if running.page.port not in (0, P_PORT.default):
        yield Change(("page", "port"), Bare(running.page.port))
    if str(running.state_dir) != STATE.default:
        yield Change((STATE.name,), str(running.state_dir))


def _texts(several: Sequence[str]) -> list[Data]:
    return list(several)
