"""Pictures: the box cannot receive them, says so once, names the business's own place, and shows staff that some were meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.core.business import Business
from gateway.core.conversation.pictures import picture_meant
from gateway.leadviews import open_leads
from tests.gateway.box import BUSINESS, Box, living, reader
from tests.gateway.office import CALLER

PLACE = "photos@example.com"
WITH_PLACE = replace(BUSINESS, conversation=replace(BUSINESS.conversation, pictures=PLACE))


async def meant(box: Box, business: Business = BUSINESS) -> int:
    (lead,) = await box.store.read(lambda db: open_leads(db, business.conversation, box.clock.now(), 10))
    return lead.pictures


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("I just sent you a pic of the leak", "You can send pictures to"),
        ("le mande fotos del techo", "Puede mandar fotos a"),
    ],
)
async def test_the_businesss_own_place_for_pictures_is_named_once(tmp_path: Path, first: str, words: str) -> None:
    async with living(tmp_path / "box", WITH_PLACE, read=reader()) as box:
        await box.hears(first)
        await box.wait(60)
        await box.hears("", kind="mms_notice")
        await box.wait(60)
        await box.hears("sent you a photo")
        await box.wait(60)
        told = [text for text in box.texts_to() if PLACE in text]
        assert len(told) == 1
        assert words in told[0]
        assert [segment.total for segment in box.modem.air if segment.to == CALLER and segment.total > 1] == []
        assert await meant(box, WITH_PLACE) == 3


async def test_a_business_without_a_place_asks_for_words(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("", kind="mms_notice")
        await box.wait(60)
        assert box.texts_to() == ["This line cannot receive pictures. Can you describe it in words?"]
        assert await meant(box) == 1


async def test_a_picture_told_of_beside_a_job_is_shown(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("the water heater leaks, sent a video")
        await box.wait(60)
        await box.hears("44107")
        await box.wait(60)
        assert await meant(box) == 1


@pytest.mark.parametrize(
    ("body", "picture"),
    [
        ("sent you a photo", True),
        ("photos attached", True),
        ("aqui va la foto", True),
        ("IMG_2041.jpg", True),
        ("I need a picture window replaced", False),
        ("can you install my video doorbell", False),
        ("please send someone to fix the picture rail", False),
        ("my furnace is out", False),
    ],
)
def test_what_speaks_of_a_picture_that_is_sent(body: str, picture: bool) -> None:
    assert picture_meant(body, "new_service") is picture
