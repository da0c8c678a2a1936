"""The faults of the disk and of the records: a disk that is full, one that may only be read, a database that is damaged.

The state folder is a file system of its own: a small one in memory (tmpfs), which fills up or is mounted read-only at the start, and
an ext4 on a loop device that gives up writing in service, as a worn memory card does.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.troubles import DISK_FULL, READ_ONLY
from tests.drill.faultworld import OWNER, Office
from tests.durability.damage import Harm, cut, flipped, garbage, overwritten, zeroed
from tests.tooling import need

SIZE = "240m"  # the page warns of less than 200 MB
HARMS: dict[str, Harm] = {
    "ten bits": flipped(many=10),
    "a page overwritten": overwritten(size=4096),
    "four pages zeroed": zeroed(size=16384),
    "cut": cut(),
    "garbage": garbage(),
}


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A file system of its own at `place`."""
    place.mkdir(parents=True)
    need(_run("mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", str(place)), "only root may mount a disk")
    try:
        yield place
    finally:
        _run("umount", "-l", str(place))


def _run(*words: str) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _fill(disk: Path) -> None:
    """From now on nothing more fits."""
    with (disk / "holiday-pictures").open("ab", buffering=0) as ballast:
        for size in (1 << 20, 4096, 512):
            try:
                while ballast.write(bytes(size)) == size:
                    pass
            except OSError:
                continue


async def disk_full(shop: Office, disk: Path) -> None:
    """Full in service: what was heard is kept in memory, a text stays on the SIM; then full at a start."""
    _fill(disk)
    problem, waits = DISK_FULL.problem(starting=False), []
    while not shop.logged(problem.say):
        assert len(waits) < 20, "the disk is full and nobody has noticed"
        waits.append(await shop.missed())
        await shop.until(lambda: shop.texts_to(waits[-1]) or shop.logged(problem.say), "texted, or noticed")
    await shop.says(problem)
    await shop.doctor_says("disk_room", "fail", "The disk is full", "Delete files")
    sent = len(shop.modem.sent_texts())
    waits.append(await shop.missed())
    waits.append(await shop.forwarded())
    customer = shop.somebody()
    shop.modem.receive(f"+1{customer}", "my furnace quit")
    await shop.until(lambda: shop.logged("a text stays on the modem"), "the customer's text stays on the SIM")
    assert len(shop.modem.sent_texts()) == sent, "a text left that could not be written down"
    (disk / "holiday-pictures").unlink()
    await shop.says_no_more(problem)
    await shop.all_well()
    for caller in waits:
        await shop.is_texted(caller)
    assert shop.letters(customer) == ["my furnace quit"]
    await shop.box.stop()
    _fill(disk)
    await shop.begin(well=False)
    assert (await shop.see("health")).words
    (disk / "holiday-pictures").unlink()
    await shop.all_well()
    await shop.is_texted(await shop.missed())


async def read_only_at_the_start(shop: Office, disk: Path) -> None:
    """The page is there all the same, and the box goes on by itself when the disk is well."""
    await shop.is_texted(before := await shop.missed())
    await shop.box.stop()
    assert _run("mount", "-o", "remount,ro", str(disk))
    try:
        await shop.begin(well=False)
        await shop.says_to_everybody(READ_ONLY.problem(starting=True))
        await shop.doctor_says("disk_kind", "fail", "cannot be written to", "put in a new one")
        ringing = asyncio.create_task(shop.missed(caller := shop.somebody(), ring_s=shop.patient_s / 10))
    finally:
        assert _run("mount", "-o", "remount,rw", str(disk))
    await shop.all_well()
    await ringing
    await shop.is_texted(caller)
    await shop.missed(before)
    await shop.until(lambda: len(shop.calls(before)) == 2, "the second call is in the books")
    assert len(shop.texts_to(before)) == 1


async def read_only_in_service(shop: Office, place: Path) -> None:
    """The card gives up in the middle of the day. `place` is where it is mounted; the caller puts in a mended one afterwards."""
    await shop.is_texted(await shop.missed())
    assert await asyncio.to_thread(_run, "mount", "-o", "remount,abort", str(place)), "the card does not wear out"
    waits = await shop.missed()
    problem = READ_ONLY.problem(starting=False)
    await shop.says(problem)
    await shop.doctor_says("disk_sync", "fail", "Nothing can be written")
    customer = shop.somebody()
    shop.modem.receive(f"+1{customer}", "my furnace quit")
    await shop.until(lambda: shop.logged("a text stays on the modem"), "the customer's text stays on the SIM")
    assert shop.texts_to(waits) == [], "a text left that is not written down"


class Past:
    """A morning at the box, to be damaged again and again: whom it texted, who said STOP."""

    def __init__(self, shop: Office) -> None:
        self._shop = shop
        self.texted: list[str] = []
        self.stopped = ""

    async def pass_by(self) -> None:
        """It happens; then the box is stopped and its records are kept."""
        shop = self._shop
        self.texted = [await shop.missed() for _ in range(4)]
        for caller in self.texted:
            await shop.is_texted(caller)
        self.stopped = self.texted[-1]
        shop.modem.receive(f"+1{self.stopped}", "STOP")
        await shop.until(lambda: len(shop.texts_to(self.stopped)) == 2, "STOP is confirmed")
        await shop.until(
            lambda: not shop.box.rows("SELECT 1 FROM texts WHERE state IN ('queued', 'submitting')"), "rest"
        )
        await shop.box.stop()
        shutil.copytree(shop.folder / "state", shop.folder / "past", ignore=shutil.ignore_patterns("*.sock"))

    async def damaged(self, name: str, seed: int) -> None:
        """The box starts on a damaged copy of it, says so, serves a stranger and bothers nobody of the morning."""
        shop, state = self._shop, self._shop.folder / "state"
        shutil.rmtree(state)
        shutil.copytree(shop.folder / "past", state)
        HARMS[name](shop.box.database, random.Random(f"{name} {seed}"))
        before, told = {each: len(shop.texts_to(each)) for each in self.texted}, len(shop.texts_to(OWNER))
        said = len(shop.box.said())
        await shop.box.start()
        await shop.until(shop.page_answers, "the page answers")
        await shop.sign_in()
        page = await shop.works("asterisk", "modem", "store")
        mended = "damaged" in shop.box.said()[said:]
        assert mended == ("The records were damaged" in page), f"{page.words}\n{shop.box.said()[said:]}"
        for caller in self.texted:
            await shop.missed(caller)
        stranger = await shop.missed()
        await shop.noted(stranger)
        await shop.until(
            lambda: [row["state"] for row in shop.calls(stranger)] in (["texted"], ["not_texted"]), "he has an outcome"
        )
        assert {each: len(shop.texts_to(each)) for each in self.texted} == before, f"texted again: {name} {seed}"
        assert len(shop.texts_to(stranger)) == 1 or shop.calls(stranger)[0]["no_text"] == "paused"
        if mended:
            assert list(state.glob("*.damaged-*")), "the damaged file is gone"
            if "not certain" in page:
                await shop.owner_is_told(told, "ecords")
        await shop.box.stop()
        assert shop.box.ends[-1] == 0
