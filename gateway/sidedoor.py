"""What `textback status`, `send-test`, `drill`, `reload`, `contacted`, `hand-back` and `doctor` ask of the running gateway.

A request and its answer are JSON objects; `gateway.control` carries them. An answer with `error` says in a sentence why not.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from typing import Any

from gateway.access import admission
from gateway.access.logins import Logins
from gateway.care.desk import DataDesk
from gateway.core.checkup import Finding, as_data
from gateway.core.effects import Declined
from gateway.core.events import AlreadyContacted, DrillAsked, HandedBack, TrialTextAsked
from gateway.core.numbers import NumberKind, read_number
from gateway.core.sheets import Taken
from gateway.dispatcher import Dispatcher
from gateway.ports.clock import Clock
from gateway.queries.office import Queries
from gateway.settings import Settings, SettingsError
from gateway.storage.store import StoreDown
from gateway.version import VERSION


class SideDoor:
    """Answers requests. `page_url` tells where the page is, "" while it is nowhere; `reload` takes in the configuration
    anew; `look` is how each device says that it is; `told`: the time is what the mobile network tells."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        dispatcher: Dispatcher,
        queries: Queries,
        page_url: Callable[[], str],
        reload: Callable[[str], Awaitable[Taken]],
        logins: Logins,
        care: Callable[[], DataDesk],
        look: Callable[[], Awaitable[Sequence[Finding]]],
        told: Callable[[], bool],
    ) -> None:
        self.settings = settings
        self._look = look
        self._told = told
        self._reload = reload
        self._logins = logins
        self._care = care
        self._clock = clock
        self._dispatcher = dispatcher
        self._queries = queries
        self._page_url = page_url
        self._started_at = time.monotonic()

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request."""
        match request.get("do"):
            case "status":
                return await self._status()
            case "send-test":
                return await self._send_test(str(request.get("to", "")))
            case "logins":
                return await admission.answer(self._logins, request)
            case "doctor":
                return await self._doctor()
            case "heard":
                return await self._heard(str(request.get("from", "")))
            case "text":
                row = await self._queries.text_state(str(request.get("key", "")))
                return {"state": row.state, "say": row.say} if row else {"state": "", "say": "no such text"}
            case "drill":
                for effect in await self._dispatcher.submit(DrillAsked(self._clock.now(), "the command line")):
                    if isinstance(effect, Declined):
                        return {"error": effect.say}
                return {}
            case "drill-state":
                view = await self._queries.drill()
                if view is None:
                    return {"error": "there was no drill"}
                told = [{"name": t.name, "channel": t.channel, "state": t.state, "say": t.say} for t in view.told]
                return {"code": view.code, "state": view.state, "by": view.by, "told": told}
            case "erase":
                return await self._erase(str(request.get("number", "")))
            case "reload":
                return await self._take_in()
            case "contacted":
                return await self._told_of(AlreadyContacted, str(request.get("to", "")), str(request.get("by", "")))
            case "hand-back":
                return await self._told_of(HandedBack, str(request.get("to", "")), str(request.get("by", "")))
            case other:
                return {"error": f"unknown request {other!r}"}

    async def _doctor(self) -> dict[str, Any]:
        found = await self._look()
        told = self._clock.now().isoformat() if self._told() else ""
        return {
            "findings": [as_data(each) for each in found],
            "page": self._page_url(),
            "pid": os.getpid(),
            "told": told,
        }

    async def _erase(self, number: str) -> dict[str, Any]:
        try:
            await self._care().erase(number, "the command line")
        except ValueError as error:
            return {"error": str(error)}
        return {"say": list(self._care().erased())}

    async def _take_in(self) -> dict[str, Any]:
        try:
            return {"say": (await self._reload("the command line")).say}
        except SettingsError as error:
            return {"error": "\n".join(str(problem) for problem in error.problems)}

    async def _told_of(self, what: type[AlreadyContacted | HandedBack], to: str, by: str) -> dict[str, Any]:
        number = read_number(to, self.settings.business.country, self.settings.business.area_code)
        if number.e164 is None:
            return {"error": f"{to[:40]!r} is not a telephone number - write it as +12165550137"}
        for effect in await self._dispatcher.submit(what(self._clock.now(), number.e164, by[:60] or "another system")):
            if isinstance(effect, Declined):
                return {"error": effect.say}
        return {"number": number.e164}

    async def _send_test(self, to: str) -> dict[str, Any]:
        number = read_number(to, self.settings.business.country, self.settings.business.area_code)
        if number.e164 is None or number.kind is not NumberKind.TEXTABLE:
            return {"error": f"{to[:40]!r} is not a number that can be texted"}
        key = f"test:{uuid.uuid4().hex}"
        for effect in await self._dispatcher.submit(TrialTextAsked(self._clock.now(), number.e164, key, "send-test")):
            if isinstance(effect, Declined):
                return {"error": effect.say}
        return {"key": key}

    async def _heard(self, number: str) -> dict[str, Any]:
        """The newest call that came in, and the newest text of a number."""
        call, letter = await self._queries.newest_heard(number)
        return {"call": call, "letter": letter}

    async def _status(self) -> dict[str, Any]:
        """What the running gateway knows. Figures are null while the records cannot be read."""
        today, queue, leads = None, None, None
        with contextlib.suppress(StoreDown):
            leads = await self._queries.lead_counts()
            today, queue = asdict(await self._queries.today(self._clock.now())), await self._queries.counts()
        return {
            "business": self.settings.business.name,
            "version": VERSION,
            "page": self._page_url(),
            "up_s": round(time.monotonic() - self._started_at),
            "paused": self._queries.paused(),
            "today": today,
            "queue": queue,
            "leads": leads,
            "health": [
                {"component": r.component, "health": r.health.value, "say": r.say, "remedy": r.remedy, "facts": r.facts}
                for r in self._queries.health()
            ],
        }
