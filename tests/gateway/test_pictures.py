"""Pictures: the box cannot receive them, says so once, names the business's own place, and shows staff that some were meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.core.business import Business
from gateway.core.conversation.pictures import picture_meant
from gateway.queries.leads import open_leads
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


@pytest.mark.parametrize(
    ("business", "job", "words"),
    [
        (
            BUSINESS,
            "the furnace rattles, sent you a pic",
            "This line cannot receive pictures. What ZIP code or town is that in?",
        ),
        (
            BUSINESS,
            "el aire hace un ruido raro, le mande una foto",
            "Esta linea no recibe fotos. ¿En qué codigo postal o ciudad es?",
        ),
        (
            WITH_PLACE,
            "the furnace rattles, sent you a pic",
            f"You can send pictures to {PLACE} but not to this line. What ZIP code or town is that in?",
        ),
    ],
)
async def test_who_tells_of_a_picture_beside_his_job_hears_once_that_it_does_not_arrive(
    tmp_path: Path, business: Business, job: str, words: str
) -> None:
    async with living(tmp_path / "box", business, read=reader()) as box:
        await box.hears(job)
        await box.wait(60)
        assert box.texts_to() == [words]
        await box.hears("44107")
        await box.wait(60)
        await box.hears("", kind="mms_notice")
        await box.wait(60)
        assert len([text for text in box.texts_to() if "pictures" in text or "fotos" in text]) == 1


async def test_a_picture_beside_a_job_of_which_all_is_known_is_told_with_the_end(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("the furnace rattles, pic attached. Joe, 1423 Elm Ave 44107, any day this week")
        await box.wait(60)
        (told,) = box.texts_to()
        assert told == "Thank you. Your words are on the office's list now. This line cannot receive pictures."


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
