"""Commands that try the running gateway and watch what comes of it: a test text, a test alarm.

Each asks at the control socket, looks again a few times a second, and prints a line for whatever has changed. Both raise
`control.NotRunning` and `control.Refused`, with a sentence for a person.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TextIO

from gateway import control

LOOK_EVERY_S = 0.2
TEST_WAIT_S = 90.0  # the network may take 60 s to accept
REPORT_WAIT_S = 30.0  # a phone that is on reports within seconds
_SETTLED = frozenset({"delivered", "undelivered", "failed", "expired", "unconfirmed", "cancelled"})


async def send_test(socket: Path, number: str, out: TextIO) -> bool:
    """One test text to `number` (E.164), watched until its fate is known or time is up; whether the network took it."""
    now = asyncio.get_running_loop().time
    key = (await control.ask(socket, {"do": "send-test", "to": number}))["key"]
    last, until = "", now() + TEST_WAIT_S
    while last not in _SETTLED and now() < until:
        text = await control.ask(socket, {"do": "text", "key": key})
        if text["state"] != last:
            last = text["state"]
            print(f"{last}: {text['say']}", file=out, flush=True)
            if last == "accepted":
                until = now() + REPORT_WAIT_S
        await asyncio.sleep(LOOK_EVERY_S)
    if last == "accepted":
        print("accepted by the network; no delivery report came (not every carrier sends one)", file=out)
    if last in ("queued", "submitting"):
        print("still waiting for the modem - see textback status", file=out)
    return last in ("accepted", "delivered")


async def drill(socket: Path, out: TextIO) -> bool:
    """A test alarm up the real ladder, watched until somebody confirms it or everybody was told; whether somebody has."""
    now = asyncio.get_running_loop().time
    await control.ask(socket, {"do": "drill"})
    began = now()
    view = await control.ask(socket, {"do": "drill-state"})
    code = view["code"]
    print(f"Drill {code}. Whoever gets it replies {code}; Ctrl-C stops watching, not the drill.", file=out, flush=True)
    seen: dict[int, str] = {}
    while True:
        after = f"{now() - began:6.1f} s"
        for number, told in enumerate(view["told"]):
            state = told["say"] or told["state"] or "waits"
            if seen.get(number) != state:
                print(f"{after}  {told['name']}, {told['channel']}: {state}", file=out, flush=True)
            seen[number] = state
        if view["state"] == "acknowledged":
            print(f"{after}  {view['by']} has confirmed. It worked.", file=out)
            return True
        if view["state"] in ("exhausted", "over"):
            print(f"{after}  everybody was told, and nobody has confirmed", file=out)
            return False
        await asyncio.sleep(LOOK_EVERY_S)
        view = await control.ask(socket, {"do": "drill-state"})
