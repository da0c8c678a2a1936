"""An office with a rota for the tests of times for a call."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from gateway.core.business import Business
from gateway.core.conversation.authority import Authority, AuthorityTable
from gateway.core.conversation.rota import CallBack, Person
from tests.gateway.box import BUSINESS, Box
from tests.gateway.office import CALLER

WEEKDAYS = frozenset(range(5))
ANN = Person("Ann", WEEKDAYS, ((time(8), time(11)), (time(15), time(17))))


def office(*rota: Person, per_hour: int = 3, notice_s: float = 3600, **changes: object) -> Business:
    """Miller, with somebody who calls back and a box that may offer it."""
    call_back = CallBack(rota or (ANN,), per_hour, notice_s)
    table = AuthorityTable(message=Authority.OFFER)
    rules = replace(BUSINESS.conversation, authority=table, call_back=call_back)
    return replace(BUSINESS, conversation=rules, **changes)  # type: ignore[arg-type]


async def says(box: Box, *bodies: str, caller: str = CALLER) -> list[str]:
    """What the box writes to these texts, each answered before the next."""
    before = len(box.texts_to(caller))
    for body in bodies:
        await box.hears(body, caller)
        await box.wait(60)
    return box.texts_to(caller)[before:]
