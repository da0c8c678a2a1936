"""What the office decides about an appointment, from a line of the input of `textback simulate`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gateway.cli.jsonlines import BadLine, moment, switch, word
from gateway.core.events import AppointmentRuled, AppointmentWritten, Ruling

MOVE = "move"  # or made, where none stands


def appointment_in(line: dict[str, Any], at: datetime) -> AppointmentRuled | AppointmentWritten:
    """The event of a line. Raises BadLine."""
    lead, by = line.get("lead"), word(line, "by") if "by" in line else "office"
    if isinstance(lead, bool) or not isinstance(lead, int):
        raise BadLine("lead is missing" if lead is None else f"lead is no number: {lead!r}")
    do = word(line, "do")
    if do in set(Ruling):
        return AppointmentRuled(at, lead, Ruling(do), by)
    if do != MOVE:
        raise BadLine(f"unknown do {do!r} - one of {', '.join((*Ruling, MOVE))}")
    crew, who, note = (word(line, name) if name in line else "" for name in ("crew", "who", "note"))
    tell = switch(line, "tell") if "tell" in line else True
    return AppointmentWritten(at, lead, moment(line, "begins"), moment(line, "ends"), by, crew, who, note, tell)
