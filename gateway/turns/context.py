"""What every turn works with."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from gateway.core.business import Business


@dataclass(frozen=True, slots=True)
class Context:
    """One transaction: the open connection, the rules, the moment. `clock_sane` False: nothing hour-dependent goes out."""

    db: sqlite3.Connection
    business: Business
    now: datetime
    clock_sane: bool = True
