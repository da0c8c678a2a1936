"""Another configuration for a box that runs: what keeps it from going by it, and what has to be exchanged for it."""

from __future__ import annotations

import socket
from collections.abc import Sequence

from gateway.settings import PageConfig, Problem, Settings
from gateway.statefolder import AlreadyRunning, only_one
from gateway.storage.store import StoreDown


def objections(settings: Settings, now: Settings) -> list[Problem]:
    """What keeps a box that goes by `now` from going by a configuration that is sound in itself."""
    found = []
    file, page = str(settings.source), settings.page
    if settings.state_dir != now.state_dir:
        try:
            with only_one(settings.state_dir):
                pass
        except (AlreadyRunning, StoreDown) as error:
            what, _, remedy = str(error).partition(" - ")
            found.append(Problem(file, 1, f"state: {what}", remedy))
    if (page.host, page.port) != (now.page.host, now.page.port) and page.port and not _can_listen(page, now.page):
        what = f"page: nothing can listen on {page.host} port {page.port} here"
        found.append(Problem(file, 1, what, "write another port, or an address of this machine"))
    return found


def page_of(settings: Settings) -> tuple[object, ...]:
    """What the page is made with: another one is served for it."""
    return settings.page, settings.business.name, settings.business.zone


def in_use(exchanged: Sequence[str]) -> str:
    """The sentence about a configuration that was taken in, with the parts that were started anew for it."""
    parts = [part for part in exchanged if part != "page"]
    say = "Saved and in use."
    if parts:
        say += f" Started anew for it: {', '.join(parts)}."
    return say + (" The page starts anew in a moment." if "page" in exchanged else "")


def _can_listen(page: PageConfig, now: PageConfig) -> bool:
    """Whether an address can be listened on; the port that our own page holds can."""
    if page.port == now.port:
        return True
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(page.host, page.port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError:
        return False
    return True
