"""What the business has agreed about commands by text."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RemoteRules:
    """`pin`: asked for by commands that change what every caller gets; "" where none is. It is never printed."""

    pin: str = field(default="", repr=False)
