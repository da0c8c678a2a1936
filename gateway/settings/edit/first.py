"""A box that has no configuration yet: what it runs with, and the first file, made of the commented example."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from gateway.core.views.setup import Answers, asked_of
from gateway.files import EXAMPLE
from gateway.settings.devices import P_HOST, P_PORT, STATE
from gateway.settings.edit.answers import changes
from gateway.settings.edit.data import Bare
from gateway.settings.edit.splice import Change, changed
from gateway.settings.load import parse
from gateway.settings.problems import Problem, SettingsError
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


def first_text(answers: Mapping[str, Answers], running: Settings) -> str:
    """The first configuration file: the example with the answers in it; page and state folder are those of the box that runs."""
    text = changed(EXAMPLE.read_text("utf-8"), [*_emptied(), *_box(running)])
    for step in asked_of(answers):
        text = changed(text, list(changes(step, answers)))
    return changed(text, list(_rest(answers)))


def _emptied() -> Iterator[Change]:
    """Without what the example tells of a business that is not this one."""
    for name in ("area_code", "owner_cell", "owner_name", "staff", "extensions"):
        yield Change(("business", name), None)
    yield Change(("texting", "allowed_countries"), None)
    yield Change(("lines",), {})
    for name in ("holidays", "half_days", "storm_mode", "contacts"):
        yield Change((name,), [])


def _rest(answers: Mapping[str, Answers]) -> Iterator[Change]:
    """What follows from the answers and is asked nowhere."""
    if not answers.get("modem", {}).get("port"):
        yield Change(("modem",), None)
    elif answers["line"].get("kind") == "forwarded":
        yield Change(("texting", "min_ring_modem"), "0 s")  # a forwarded call has rung in the office before


def _box(running: Settings) -> Iterator[Change]:
    if running.page.host != P_HOST.default:
        yield Change(("page", "host"), running.page.host)
    if running.page.port not in (0, P_PORT.default):
        yield Change(("page", "port"), Bare(running.page.port))
    if str(running.state_dir) != STATE.default:
        yield Change((STATE.name,), str(running.state_dir))
