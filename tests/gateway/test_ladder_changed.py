"""The ladder is changed while an emergency is under way: who stands on it now is told before anybody says that nobody has it."""

from __future__ import annotations

from pathlib import Path

from gateway.core.escalation.ladder import Rung
from gateway.core.escalation.people import OWNER
from tests.gateway.box import living, reader
from tests.gateway.office import CALLER
from tests.gateway.test_away import DANA, FLOOD, LEE, MINUTE, shop


async def test_a_ladder_that_became_shorter_still_reaches_everybody_on_it(tmp_path: Path) -> None:
    before = shop(Rung((OWNER,), times=3), Rung(("dana",)), Rung(("lee",)))
    async with living(tmp_path / "box", before, read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(11 * MINUTE)
        assert box.texts_to(DANA) == box.texts_to(LEE) == []
        box.dispatcher.go_by(shop(Rung((OWNER,)), Rung(("dana", "lee"))), reader())
        await box.wait(4 * MINUTE)
        assert box.texts_to(DANA)
        assert box.texts_to(LEE)
        assert not any("nobody has confirmed yet. Please call" in body for body in box.texts_to(CALLER))
        await box.wait(30 * MINUTE)
        assert any("nobody has confirmed yet. Please call" in body for body in box.texts_to(CALLER))
