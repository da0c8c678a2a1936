"""The mobile network behind one or more simulated modems: it takes texts, numbers them and reports on them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from drivers.simulator.calls import Answering
from drivers.simulator.pdu import Concat, Submit, now


@dataclass(frozen=True, slots=True)
class SentText:
    """One SMS-SUBMIT that the network took. `at` is the monotonic time in seconds, `when` the network's clock (UTC)."""

    to: str
    body: str
    pdu: str
    ref: int
    validity_s: int | None
    wants_report: bool
    at: float
    when: datetime
    ucs2: bool
    concat: Concat | None = None


@dataclass(frozen=True, slots=True)
class JoinedText:
    """A whole text as the customer reads it. `complete` is False while segments are missing."""

    to: str
    body: str
    segments: tuple[SentText, ...]
    complete: bool


@dataclass(slots=True)
class SimulatedNetwork:
    """What the network took, in order. One network may serve several modems; it outlives each of them."""

    number: str = "+12165550100"  # of the SIM
    operator: str = "Simulated Mobile"
    submit_s: float = 0.0  # from Ctrl-Z to +CMGS; real networks: 2-6 s a segment
    ring_period_s: float = 5.0  # RING repeats every 4-6 s
    setup_s: float = 0.0  # from ATD to the first ring at the other end; real networks: 4-10 s
    answers: dict[str, Answering] = field(default_factory=dict)  # what becomes of calls out, by number
    answer_s: float = 0.0  # and how long after the first ring
    roaming: bool = False
    nitz: bool = False  # the network tells the time
    clock: Callable[[], datetime] = now  # by which it tells it, and stamps texts
    wrong_year: int = 0  # it tells this year
    no_zone: bool = False  # it leaves the zone out
    utc_offset_quarters: int = -20
    signal: int = 18  # +CSQ 0..31
    sent: list[SentText] = field(default_factory=list)
    on_sent: list[Callable[[SentText], None]] = field(default_factory=list)
    _reference: int = 0

    def take(self, hex_text: str, submit: Submit) -> SentText:
        """The network accepts a text and gives it the next reference (0..255, TS 23.040 9.2.3.6)."""
        self._reference = (self._reference + 1) % 256
        text = SentText(
            to=submit.to,
            body=submit.body,
            pdu=hex_text,
            ref=self._reference,
            validity_s=submit.validity_s,
            wants_report=submit.wants_report,
            at=time.monotonic(),
            when=self.clock(),
            ucs2=submit.ucs2,
            concat=submit.concat,
        )
        self.sent.append(text)
        for tell in self.on_sent:
            tell(text)
        return text

    def find(self, ref: int) -> SentText | None:
        """The newest text with that reference."""
        return next((text for text in reversed(self.sent) if text.ref == ref), None)

    def sent_texts(self) -> list[JoinedText]:
        """Everything taken, segments of one text joined, ordered by the first segment of each."""
        joined: list[JoinedText] = []
        groups: dict[tuple[str, int, int], list[SentText]] = defaultdict(list)
        places: dict[tuple[str, int, int], int] = {}
        for text in self.sent:
            if text.concat is None:
                joined.append(JoinedText(text.to, _whole(text.body), (text,), True))
                continue
            key = (text.to, text.concat.ref, text.concat.total)
            if any(other.concat and other.concat.number == text.concat.number for other in groups[key]):
                groups[key] = []  # the same number again: a new text that reuses the reference
                places.pop(key, None)
            groups[key].append(text)
            if key not in places:
                places[key] = len(joined)
                joined.append(JoinedText(text.to, "", (), False))
            parts = sorted(groups[key], key=lambda part: part.concat.number if part.concat else 0)
            body = _whole("".join(part.body for part in parts))
            joined[places[key]] = JoinedText(text.to, body, tuple(parts), len(parts) == text.concat.total)
        return joined


def _whole(body: str) -> str:
    """Surrogate pairs that were cut apart become one character again; a pair that stays torn shows as U+FFFD."""
    return body.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")
