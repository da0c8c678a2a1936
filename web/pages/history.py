"""Who did what: the history, for owners."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from aiohttp import web

from gateway.core.numbers import spoken
from gateway.core.views.history import HistorySearch
from web.access import Access
from web.language import _, mark
from web.shell import Shell
from web.words import historywords

LONGEST_SEARCH = 80
# What can be looked for, with the beginning of the subject in the records.
ABOUT: Mapping[str, tuple[str, str]] = {
    "people": ("box:page", mark("People of this page, and signing in")),
    "refused": ("box:sign-in", mark("Sign-ins that were refused")),
    "leads": ("lead:", mark("Leads")),
    "numbers": ("peer:", mark("Callers and contacts")),
    "calls": ("call:", mark("Calls")),
    "texts": ("text:", mark("Texts")),
    "emergencies": ("escalation:", mark("Emergencies")),
    "box": ("box:", mark("The box itself")),
}
_KINDS = {
    "lead": mark("Lead"),
    "call": mark("Call"),
    "text": mark("Text"),
    "task": mark("To do"),
    "escalation": mark("Emergency"),
    "box": mark("The box"),
}


class HistoryListing:
    """The endpoint of `/history`."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the page its address."""
        self._shell.routes.get("/history", self.page, Access.OWNER)

    async def page(self, request: web.Request) -> web.Response:
        """`GET /history`: `person`, `q` words, `about`, `subject` whole, `day`, and `before` an id."""
        asked = request.query
        words = " ".join(asked.get("q", "").split())[:LONGEST_SEARCH]
        person = " ".join(asked.get("person", "").split())[:LONGEST_SEARCH]
        about = asked.get("about", "") if asked.get("about", "") in ABOUT else ""
        subject = asked.get("subject", "")[:LONGEST_SEARCH]
        before = int(asked["before"]) if re.fullmatch(r"[0-9]{1,18}", asked.get("before", "")) else None
        day = _day(asked.get("day", ""))
        begins = ends = None
        if day is not None:
            begins, ends = self._bounds(day)
        look = HistorySearch(person, words, subject or (ABOUT[about][0] if about else ""), begins, ends)
        found = await self._shell.data.history.lines(look, before)
        names = sorted(row.name for row in await self._shell.gate.rows())
        kept = {"person": person, "q": words, "about": about, "subject": subject, "day": day.isoformat() if day else ""}
        return self._shell.draw(
            request,
            "history.html",
            lines=[(line, *_shown(line.subject), historywords.told(line.subject, line.what)) for line in found.lines],
            next=found.next,
            kept=kept,
            names=names,
            about=ABOUT,
            looking=any(kept.values()),
            further=before is not None,
        )

    def _bounds(self, day: date) -> tuple[datetime, datetime]:
        """When a day of the business begins and ends; noon is in it wherever the clocks change."""
        noon = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
        midnight = self._shell.drawing.midnight
        start = midnight(noon)
        if start.astimezone(self._shell.drawing.zone).date() < day:
            start = midnight(noon + timedelta(days=1))
        return start, midnight(start + timedelta(hours=36))


def _day(raw: str) -> date | None:
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None


def _shown(subject: str) -> tuple[str, str]:
    """A subject as people read it, and where it leads."""
    kind, _colon, what = subject.partition(":")
    if kind == "peer":
        return spoken(what), ""
    title = _(_KINDS.get(kind, kind.capitalize()))
    if kind == "lead" and what.isdigit():
        return f"{title} {what}", f"/leads/{what}"
    return (title, "") if kind == "box" else (f"{title} {what}", "")
