"""The hands that people have on a lead: whose it is, when it is looked at again, how often they were called in vain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Final

RULE: Final = "rule:"  # the beginning of `Desk.assigned_by` where no person has said so
PAGE: Final = "page:"


def person_of(by: str) -> str:
    """Who gave a command, as people read it: "page:Ann" is Ann."""
    return by.removeprefix(PAGE) or by


def at_page(by: str) -> str:
    """The same person as events name him: Ann is "page:Ann"."""
    return by if by.startswith(PAGE) else f"{PAGE}{by}"


@dataclass(frozen=True, slots=True)
class Desk:
    """What people have done with a lead, beside talking."""

    assignee: str = ""  # whose it is, by name; "": the office's
    assigned_by: str = ""  # "rule:2", or who has said so
    assigned_at: datetime | None = None
    heard_back_at: datetime | None = None  # a person has last written to the caller, or spoken with him
    put_off_until: datetime | None = None
    put_off_by: str = ""
    tries: int = 0  # calls that nobody answered since the caller last wrote
    tried_at: datetime | None = None

    @property
    def claimed(self) -> bool:
        """Whether a person has said whose it is, and not a rule."""
        return bool(self.assignee) and not self.assigned_by.startswith(RULE)

    def written(self) -> Desk:
        """After the caller has written: what was put off is of today again."""
        return replace(self, put_off_until=None, put_off_by="", tries=0, tried_at=None)

    def answered(self, at: datetime) -> Desk:
        """After a person has written to the caller, or spoken with him."""
        return replace(self.written(), heard_back_at=at)

    def told(self, zone: tzinfo) -> str:
        """What the next step says of all that; "" when there is nothing to say."""
        parts = []
        if self.tries and self.tried_at is not None:
            last = f"{self.tried_at.astimezone(zone):%a %-I:%M %p}"
            parts.append(f"not reached {last}" if self.tries == 1 else f"not reached {self.tries} times, last {last}")
        elif self.put_off_until is not None:
            parts.append(f"put off by {self.put_off_by}")
        return "; ".join(parts)
