"""A memory card that wears out: its file system (a real ext4) gives up writing in the middle of the day."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from tests.tooling import need
from tests.trouble.office import in_trouble

CALLERS = [f"21655501{number}" for number in range(30, 36)]


def run(*words: str) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@contextmanager
def card(image: Path, place: Path, size: int = 12 << 20) -> Iterator[Path]:
    """An ext4 of its own, mounted at `place`; put in a second time it is mended as a machine does at its start."""
    if not image.exists():
        image.write_bytes(b"")
        with image.open("r+b") as file:
            file.truncate(size)
        made = run("mkfs.ext4", "-q", "-F", str(image))
        need(made, "mkfs.ext4 is missing: apt-get install e2fsprogs")
    else:
        run("e2fsck", "-fy", str(image))
    place.mkdir(exist_ok=True)
    mounted = run("mount", "-o", "loop,errors=remount-ro", str(image), str(place))
    need(mounted, "only root may mount a file system, and this machine may have no loop devices")
    try:
        yield place
    finally:
        run("umount", "-l", str(place))


async def test_a_card_that_turns_read_only_stops_the_texting_and_nothing_is_lost_or_doubled_on_the_mended_one(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    image = tmp_path / "card.img"
    with card(image, tmp_path / "card") as place:
        async with in_trouble(tmp_path, pbx, modem, state=str(place / "state")) as office:
            await office.all_well()
            await office.missed(CALLERS[0])
            await office.is_texted(CALLERS[0])
            assert await asyncio.to_thread(run, "mount", "-o", "remount,abort", str(place)), (
                "the card does not wear out"
            )
            await office.missed(CALLERS[1])
            await office.says("store", "The disk cannot be written to any more", "Callers are not texted until")
            report = office.report("store")
            assert report is not None
            assert "put in a new one" in report.remedy
            await office.forwarded(CALLERS[2])
            modem.receive("+12165550149", "my furnace quit")
            await office.until(
                lambda: office.logged("a text stays on the modem because it could not be stored"),
                "the text stays there",
            )
            assert [text.to for text in modem.sent_texts()] == [f"+1{CALLERS[0]}"], (
                "a text left that is not written down"
            )
    with card(image, tmp_path / "card") as place:
        async with in_trouble(tmp_path, pbx, modem, state=str(place / "state")) as office:
            await office.all_well()
            await office.missed(CALLERS[0])
            await office.missed(CALLERS[3])
            await office.is_texted(CALLERS[3])
            assert len(office.texts_to(CALLERS[0])) == 1, "who was texted before the card wore out was texted again"
            letters = await office.gateway.store.read(lambda db: db.execute("SELECT body FROM letters").fetchall())
            assert "my furnace quit" in [row["body"] for row in letters]
