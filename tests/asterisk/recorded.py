"""Recorded manager streams with the truth about their calls (Asterisk 16 with chan_pjsip and chan_sip, 22 with chan_pjsip).

Those of `-odd` and `-office` were played by the telephones of `tests/pbx`; events that name no call were left out of them.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STREAMS = Path(__file__).parent / "streams"

# The office's own calls in recordings whose truth is about callers.
_OFFICE: dict[str, tuple[tuple[str, bool, str | None], ...]] = {
    "outbound_unanswered": (("7205550188", False, "201"),),
    "click_to_call_unanswered": (("7205550189", False, "201"),),
    "a_customer_the_office_rang_is_transferred": (("7205550192", True, "201"),),
}

# What a stock install sends to a user with `read = system,call`, beside the answers to our own actions.
_LEAST = re.compile(
    rb"(Newchannel|Newstate|NewCallerid|Dial\w*|Bridge\w*|Hangup\w*|Pickup|\w*Transfer|MessageWaiting|FullyBooted|Shutdown"
    rb"|Status|StatusComplete|CoreShowChannel|CoreShowChannelsComplete)$"
)


@dataclass(frozen=True)
class Truth:
    """What truly happened in one inbound call."""

    linkedid: str
    caller: str | None
    did: str | None
    missed: bool | None
    reason: str
    answered_by: str | None
    cdr_only: bool


@dataclass(frozen=True)
class Recording:
    """One scenario on one PBX."""

    stack: str
    name: str
    stream: bytes
    calls: tuple[Truth, ...]
    cdr: tuple[str, ...]
    office: tuple[
        tuple[str, bool, str | None], ...
    ]  # whom the office rang: number, whether they spoke, from which phone

    def __str__(self) -> str:
        return f"{self.stack}-{self.name}"

    @property
    def loses_the_link(self) -> bool:
        """Whether the recording itself holds more than one connection."""
        return self.stream.count(b"Asterisk Call Manager/") > 1

    def least_privilege(self) -> bytes:
        """The same stream as a stock install would have sent it to a user with the least rights."""
        kept = []
        for block in self.stream.split(b"\r\n\r\n"):
            event = re.search(rb"^Event: (\w+)", block, re.MULTILINE)
            if event is None or b"\r\nResponse: " in block or _LEAST.match(event.group(1)):
                kept.append(block)
        return b"\r\n\r\n".join(kept)


@cache
def recordings() -> tuple[Recording, ...]:
    """Every recording, all stacks."""
    found = []
    for stack in sorted(path for path in STREAMS.iterdir() if path.is_dir()):
        truths = json.loads((stack / "truth.json").read_text("utf-8"))
        for name, truth in sorted(truths.items()):
            calls = tuple(
                Truth(
                    call["linkedid"],
                    call["caller"],
                    call["did"],
                    call["missed"],
                    call["reason"],
                    call["answered_by"],
                    call["seen_in"] == "cdr only",
                )
                for call in truth["calls"]
                if call["direction"] == "inbound"
            )
            stream = gzip.decompress((stack / f"{name}.ami.gz").read_bytes())
            office = _OFFICE.get(name) or tuple((to, reached, by) for to, reached, by in truth.get("office", ()))
            found.append(Recording(stack.name, name, stream, calls, tuple(truth["cdr"]), office))
    return tuple(found)
