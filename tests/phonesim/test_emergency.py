"""An emergency on a modem that somebody else wrote: the owner's text leaves within a second of the caller's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drivers.simulator.pdu import encode_deliver
from gateway.core.events import Health, TrialTextAsked
from gateway.settings import parse
from gateway.supervisor import Gateway, running
from tests.phonesim.emulator import Emulator, missing, shipped_rules
from tests.phonesim.test_independent_modem import BASICS, REPLIED_TO, TIMINGS, with_inbox
from tests.tooling import need
from tests.waiting import until

pytestmark = pytest.mark.phonesim

OWNER, CALLER = "+12165550190", "+12165550137"
AT_ONCE_MS = 1000
CONFIG = """
business: {{name: Miller Heating & Air, timezone: America/New_York, area_code: "216", owner_cell: "{owner}"}}
lines: {{main: {{number: "+12165550100"}}}}
conversation: {{wait: 0 s}}
modem: {{port: {modem}, number: "+12165550188", role: forwarded_line, line: main}}
state: {state}
"""


@pytest.fixture
def modem(tmp_path: Path) -> Iterator[Emulator]:
    need(not missing(), f"{', '.join(missing())} not here - ./install.sh test gets what is missing")
    rules = shipped_rules().replace("<simulator>", "<simulator>" + BASICS, 1)
    told = encode_deliver(CALLER, "the pipe burst and water is pouring through the ceiling", datetime.now(UTC), smsc="")
    emulator = Emulator(tmp_path, with_inbox(rules, told, replace(REPLIED_TO, want_report=True)))
    emulator.start()
    yield emulator
    emulator.stop()


async def test_the_owner_is_texted_within_a_second_and_the_caller_hears_that_it_left(
    modem: Emulator, tmp_path: Path
) -> None:
    settings = parse(CONFIG.format(owner=OWNER, modem=modem.path, state=tmp_path / "state"), "box.yaml")
    settings = replace(settings, page=replace(settings.page, port=0))
    async with running(Gateway(settings, modem_timings=TIMINGS)) as gateway:
        await until(lambda: any(r.component == "modem" and r.health is Health.UP for r in gateway.board.reports()))
        # The emulator answers a text to this number with the caller's.
        await gateway.dispatcher.submit(TrialTextAsked(gateway.clock.now(), REPLIED_TO.to, "test:1", "a test"))

        async def rows(peer: str) -> list[tuple[int, str]]:
            sql = (
                "SELECT t.sent_at - l.at, t.body FROM letters l, texts t WHERE l.peer = ? AND t.peer = ?"
                " AND t.state = 'accepted' ORDER BY t.id"
            )
            return await gateway.store.read(lambda db: [tuple(row) for row in db.execute(sql, (CALLER, peer))])

        async def told() -> bool:
            return bool(await rows(OWNER)) and bool(await rows(CALLER))

        await until(told)
        ((waited, alert),) = await rows(OWNER)
        assert 0 <= waited < AT_ONCE_MS
        assert "pipe burst" in alert
        assert [body for _, body in await rows(CALLER) if "on-call" in body or "person on call" in body]
