"""SQL of the writer: rows in, values out. Runs inside a transaction on the writer's thread; `now` is always passed in.

Callers write `records.add_text(...)`. A public name of a module below is one of the package, listed nowhere else, and no two
modules have the same (`tests/test_imports.py`).
"""

from __future__ import annotations

# What every table's module is built of.
from gateway.records.rows import *
from gateway.records.transaction import *

# Calls, and what is remembered of a number.
from gateway.records.calls import *
from gateway.records.facts import *
from gateway.records.peers import *
from gateway.records.sightings import *

# Texts: out, in, and what the network said of them.
from gateway.records.letters import *
from gateway.records.reports import *
from gateway.records.texts import *

# Leads, and what was promised.
from gateway.records.absences import *
from gateway.records.appointments import *
from gateway.records.calendars import *
from gateway.records.callbacks import *
from gateway.records.desks import *
from gateway.records.jotted import *
from gateway.records.leads import *
from gateway.records.promises import *
from gateway.records.tasks import *

# Emergencies, and our own people.
from gateway.records.escalations import *
from gateway.records.notices import *
from gateway.records.phones import *
from gateway.records.rings import *
from gateway.records.swaps import *

# The box itself.
from gateway.records.erasing import *
from gateway.records.feeds import *
from gateway.records.forgetting import *
from gateway.records.journal import *
from gateway.records.logins import *
from gateway.records.moments import *
