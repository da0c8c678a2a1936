"""Backups, and how long things are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Final

from gateway.core.care import BackupRules, Retention
from gateway.settings import kinds, times
from gateway.settings.options import Option, Place, Reading, Section

_DAY_S = 86400.0
_USUAL: Final = BackupRules()
_KEPT: Final = Retention()
SHORTEST_S, LONGEST_S = 30 * _DAY_S, 36500 * _DAY_S  # less than a month would take from people what they still work on


def _until(name: str, meaning: str, usual_s: float | None) -> Option[float | None]:
    written = "none" if usual_s is None else times.spelled(usual_s)
    kind: Callable[..., float | None] = kinds.optional(times.duration("d", SHORTEST_S, LONGEST_S))
    return Option(name, kind, usual_s, meaning, written)


U_AT: Option[time | None] = Option(
    "at",
    kinds.optional(times.time_of_day),
    _USUAL.at,
    "When the nightly backup is made. Each is read back and tried before it counts. none: no backups are made.",
    '"03:15"',
)
U_COPY: Option[str | None] = Option(
    "copy_to",
    kinds.optional(kinds.absolute),
    None,
    "A second place for each backup: a folder on a USB stick or on a share of your network that is mounted on the box. Without"
    " one, all backups are on the box's own card and are lost with it. Whoever reads that place reads your customers' texts and"
    " the passwords of the configuration.",
    "none",
    "/media/usb/textback",
    shown_off=True,
)
U_DAYS = Option("days", kinds.whole(1, 90), _USUAL.days, "Of so many days the newest backup is kept.", str(_USUAL.days))
U_WEEKS = Option("weeks", kinds.whole(0, 60), _USUAL.weeks, "And of so many weeks the newest one.", str(_USUAL.weeks))
U_MONTHS = Option(
    "months", kinds.whole(0, 36), _USUAL.months, "And of so many months the newest one.", str(_USUAL.months)
)
BACKUP: Section = Section(
    "backup",
    "Nightly backups of the records and of the configuration. The newest sound one also helps when the records are damaged.",
    (U_AT, U_COPY, U_DAYS, U_WEEKS, U_MONTHS),
)

K_TALKS = _until(
    "conversations",
    "How long settled leads are kept, with their texts, notes and appointments, such as 730 days. none: for ever. What is still"
    " open stays in any case, and so does the proof that somebody asked not to be texted.",
    _KEPT.conversations_s,
)
K_CALLS = _until("calls", "How long calls are kept, and what became of each.", _KEPT.calls_s)
K_HISTORY = _until("history", "How long it is kept who did what.", _KEPT.history_s)
K_INPUTS = _until(
    "inputs",
    "How long everything that came in is kept as it came, to find a fault.",
    _KEPT.inputs_s,
)
RETENTION: Section = Section(
    "retention",
    "How long things are kept. What is older is deleted at night, little by little. One person's data is deleted on the page, or"
    " by `textback erase`.",
    (K_TALKS, K_CALLS, K_HISTORY, K_INPUTS),
)


def read_backup(section: Reading) -> BackupRules:
    """When, where to, and how many."""
    copy_to = section.get(U_COPY)
    return BackupRules(
        at=section.get(U_AT),
        copy_to=None if copy_to is None else str(Path(copy_to)),
        days=section.get(U_DAYS),
        weeks=section.get(U_WEEKS),
        months=section.get(U_MONTHS),
    )


def read_retention(section: Reading) -> Retention:
    """How long each thing is kept."""
    return Retention(section.get(K_TALKS), section.get(K_CALLS), section.get(K_HISTORY), section.get(K_INPUTS))


def judge_care(backup: BackupRules, state: Path, place: Place) -> None:
    """Doubts about where backups go."""
    path = f"{BACKUP.name}.{U_COPY.name}"
    if backup.at is None:
        line = place.line_of(f"{BACKUP.name}.{U_AT.name}")
        place.doubt(line, "backup.at: no backups are made", "write a time such as '03:15'")
    elif backup.copy_to is not None and Path(backup.copy_to).is_relative_to(state):
        what = f"{path}: this folder is on the same disk as the records"
        place.doubt(place.line_of(path), what, "name a USB stick or a share of your network")
