"""How backups are made and how long things are kept, as the business has it; which backups are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

_DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class BackupRules:
    """`at` None: no backups. `copy_to` a folder somewhere else. Of so many days, weeks and months the newest one is kept."""

    at: time | None = time(3, 15)
    copy_to: str | None = None
    days: int = 7
    weeks: int = 4
    months: int = 6


@dataclass(frozen=True, slots=True)
class Retention:
    """Seconds after which things are deleted; None: never.

    Two years of customers and calls: the longest that a warranty or a quarrel about a text is usually asked about
    (47 USC 227 claims are barred after four years, and the proof of an opt-out is not deleted at all).
    """

    conversations_s: float | None = 730 * _DAY_S
    calls_s: float | None = 730 * _DAY_S
    history_s: float | None = 730 * _DAY_S
    inputs_s: float | None = 90 * _DAY_S


def last_due(at: time, now: datetime, zone: tzinfo) -> datetime:
    """The last moment at which a backup was due."""
    today = datetime.combine(now.astimezone(zone).date(), at, zone)
    return today if today <= now else datetime.combine((today - timedelta(days=1)).date(), at, zone)


def kept(made: Iterable[datetime], rules: BackupRules, zone: tzinfo) -> frozenset[datetime]:
    """Which of these backups stay: the newest of each of the last days, weeks and months in which there is one."""
    newest_first = sorted(made, reverse=True)
    stay: set[datetime] = set(newest_first[:1])
    for many, span in ((rules.days, "%Y-%m-%d"), (rules.weeks, "%G-%V"), (rules.months, "%Y-%m")):
        found: dict[str, datetime] = {}
        for moment in newest_first:
            found.setdefault(format(moment.astimezone(zone), span), moment)
        stay.update(list(found.values())[:many])
    return frozenset(stay)
