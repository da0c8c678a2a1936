"""The calendars of an office in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from gateway.core.views.feeds import Feed, FeedRow, Published

AT = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


def an_appointment(number: int, state: str = "confirmed", **changes: object) -> Published:
    known: dict[str, object] = {
        "number": number,
        "lead_id": number,
        "state": state,
        "revision": 1,
        "changed_at": AT - timedelta(days=3),
        "begins": AT,
        "ends": AT + timedelta(hours=4),
        "crew": "North crew",
        "service": "Water heaters",
        "name": "Dana Whitfield",
        "phone": "+13035550199",
        "place": "812 Alder St, Lakewood, CO 80226",
        "about": "Our water heater is leaking in the basement",
        "note": "",
    }
    return Published(**(known | changes))  # type: ignore[arg-type]


class SampleFeeds:
    """Everybody's calendar has an address, North's has none, that of a crew that is gone has one."""

    def __init__(self) -> None:
        self.feeds = {crew: Feed(crew, f"{crew or 'all'}-{'s' * 24}", "en", AT, "Otto") for crew in ("", "west")}
        self.appointments = [an_appointment(1), an_appointment(2, "requested")]

    async def rows(self) -> Sequence[FeedRow]:
        everybody = FeedRow("", "", self.feeds.get(""))
        return (
            everybody,
            FeedRow("north", "North crew", None),
            FeedRow("west", "west", self.feeds.get("west"), gone=True),
        )

    async def make(self, crew: str, language: str, by: str) -> None:
        del crew, language, by
        raise ValueError("there is no such crew any more")

    async def renew(self, crew: str, language: str, by: str) -> None:
        del crew, language, by
        raise ValueError("there is no calendar address here any more")

    async def end(self, crew: str, by: str) -> None:
        del by
        self.feeds.pop(crew, None)

    async def enter(self, secret: str, address: str) -> Feed | None:
        del address
        return next((feed for feed in self.feeds.values() if feed.secret == secret), None)

    async def published(self, crew: str) -> Sequence[Published]:
        del crew
        return self.appointments

    async def published_of(self, lead_id: int) -> Published | None:
        return next((one for one in self.appointments if one.lead_id == lead_id), None)

    async def installation(self) -> str:
        return "c0ffee"
