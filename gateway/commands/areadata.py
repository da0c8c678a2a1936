"""The list of ZIP codes, fetched because somebody asks for it on the page: for areas by distance or by county."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

FETCH_WITHIN_S = 120.0  # some 1 MB; whoever has pressed a button waits no longer
NOT_FETCHED = (
    "the list of ZIP codes could not be fetched: this box does not reach the internet at the moment - connect it for this one step and"
    " press again, or write ZIP codes and towns instead"
)


async def fetch_list(folder: Path, program: tuple[str, ...] = (sys.executable, "-m", "gateway.cli")) -> None:
    """Write it into the state folder. A process of its own reads the data, which the gateway would keep in memory.

    Raises ValueError with a sentence when it cannot be had.
    """
    pipe = asyncio.subprocess.PIPE
    made = await asyncio.create_subprocess_exec(
        *program, "area-data", "--into", str(folder), stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe
    )
    try:
        async with asyncio.timeout(FETCH_WITHIN_S):
            _out, said = await made.communicate()
    except TimeoutError:
        said = b"it takes too long"
    finally:
        with suppress(ProcessLookupError):
            made.kill()
        await made.wait()
    if made.returncode:
        log.warning("the list of ZIP codes could not be fetched: %s", said.decode("utf-8", "replace").strip()[-300:])
        raise ValueError(NOT_FETCHED)
