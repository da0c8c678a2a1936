"""The modem's own list of missed calls: phone book "MC" (3GPP TS 27.007 8.11, 8.12), which calls fill while nobody listens.

Most modems give number and type only; some put the date and time behind the name, which is read where it can be.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from drivers.modem.engine import AtEngine
from drivers.modem.urc import dialable, name_of, split_fields
from gateway.core.events import ListedMiss

MOST = 50  # modems keep 10 or 20
_STAMP = re.compile(r"(\d{2,4})/(\d{1,2})/(\d{1,2}),?\s?(\d{1,2}):(\d{2})(?::(\d{2}))?([+-]\d{1,2})?")


async def read_missed(engine: AtEngine) -> tuple[ListedMiss, ...] | None:
    """The list, the newest first; None where the modem keeps none, or does not show it. Raises AtTimeoutError, LinkLostError."""
    async with engine.lock:
        chosen = await engine.ask('AT+CPBS="MC"')
        if not chosen.ok:
            return None
        held = await engine.ask("AT+CPBS?", "+CPBS")
        fields = held.fields("+CPBS") or ()
        used, total = (int(each) if each.isdecimal() else None for each in (*fields[1:3], "", "")[:2])
        if used == 0:
            answer = None
        else:
            answer = await engine.ask(f"AT+CPBR=1,{min(total or 10, MOST)}", "+CPBR")
        await engine.ask('AT+CPBS="SM"')  # where other programs, and the next one, expect it
    if answer is None:
        return ()
    if not answer.ok:  # an empty list is "not found" on some (TS 27.007 9.2: 22)
        return () if answer.code == 22 else None
    return tuple(entry for line in answer.lines if (entry := read_entry(line)) is not None)


def read_entry(line: str) -> ListedMiss | None:
    """One line of +CPBR; None for a withheld number or another line."""
    fields = split_fields(line)
    if name_of(line) != "+CPBR" or len(fields) < 3:
        return None
    number = dialable(fields[1], int(fields[2]) if fields[2].isdecimal() else None)
    if number is None:
        return None
    stamp = _STAMP.search(",".join(fields[3:]))
    if stamp is None:
        return ListedMiss(number)
    return ListedMiss(number, stamp[0], _moment(stamp))


def _moment(stamp: re.Match[str]) -> datetime | None:
    """As UTC where the zone stands behind it; without one nobody knows which clock it was."""
    year, month, day, hour, minute = (int(each) for each in stamp.groups()[:5])
    if stamp[7] is None:
        return None
    try:
        wall = datetime(year + 2000 if year < 100 else year, month, day, hour, minute, int(stamp[6] or 0), tzinfo=UTC)
    except ValueError:
        return None
    return wall - timedelta(minutes=15 * int(stamp[7]))
