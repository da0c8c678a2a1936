"""What every turn works with."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.core.business import Business
from gateway.core.understanding.reader import Reading


@dataclass(frozen=True, slots=True)
class Context:
    """One transaction: the open connection, the rules, the moment. `clock_sane` False: nothing hour-dependent goes out.

    `read` understands a caller's text; None: there is no reader, and texts wait for a person.
    """

    db: sqlite3.Connection
    business: Business
    now: datetime
    clock_sane: bool = True
    read: Callable[[str], Reading] | None = None
