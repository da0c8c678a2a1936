"""Those who use the page: what they may do, and how the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PageRole(StrEnum):
    """What somebody may do on the page. An owner may do everything."""

    OFFICE = "office"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who uses the page. `person` is the key of one of the business's people, "" for somebody whom callers do not know."""

    id: int
    name: str
    role: PageRole
    person: str = ""
    language: str = ""  # of the page; "" as the browser asks


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A browser that is signed in. `this`: the one that asks."""

    id: int
    device: str  # what it says of itself
    began_at: datetime
    seen_at: datetime
    this: bool


@dataclass(frozen=True, slots=True)
class LoginRow:
    """One who may use the page, with the browsers that are signed in."""

    id: int
    name: str
    role: PageRole
    person: str
    created_at: datetime
    devices: tuple[DeviceRow, ...]
