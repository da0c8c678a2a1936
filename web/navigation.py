"""The places of the page that the head of each page leads to, in the order in which an office uses them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.core.visitors import Visitor
from web.access import RANK, Access, Routes
from web.language import mark


@dataclass(frozen=True, slots=True)
class Place:
    """One of them. `key` is what a template calls itself (`here`), `title` is translated when it is shown."""

    key: str
    path: str
    title: str


SETUP = Place("setup", "/setup", mark("Set-up"))
PLACES = (
    Place("inbox", "/", mark("Inbox")),
    Place("calls", "/calls", mark("Calls")),
    Place("calendar", "/calendar", mark("Calendar")),
    Place("search", "/search", mark("Search")),
    Place("contacts", "/contacts", mark("Contacts")),
    Place("review", "/review", mark("Review")),
    Place("health", "/health", mark("Health")),
    Place("settings", "/settings", mark("Settings")),
    Place("people", "/people", mark("People")),
    Place("history", "/history", mark("History")),
    Place("help", "/help/", mark("Help")),
)


class Navigation:
    """Who is led where: only to what there is, and what he may open; to the set-up as long as it is `unfinished`."""

    def __init__(self, routes: Routes, unfinished: Callable[[], bool]) -> None:
        self._routes = routes
        self._unfinished = unfinished

    def places(self, visitor: Visitor | None) -> tuple[Place, ...]:
        """The places of somebody, in order; of a stranger those that are for anybody."""
        access = {
            route.resource.canonical: needed
            for route, needed in self._routes.all().items()
            if route.method == "GET" and route.resource is not None
        }
        rank = Access.ANYBODY if visitor is None else RANK[visitor.role]
        places = (SETUP, *PLACES) if self._unfinished() else PLACES
        return tuple(place for place in places if place.path in access and access[place.path] <= rank)
