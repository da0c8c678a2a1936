"""What happened: every input of the gateway is one of these values.

Events are past facts. Drivers, the page and the clock make them; `gateway.dispatcher` is the only consumer.
Times are aware datetimes in UTC. `peer` is a telephone number in E.164 (`+12165550137`); raw spellings are kept beside it.
A public name of a module below is one of the package, listed nowhere else (`tests/test_imports.py`).
"""

from __future__ import annotations

from gateway.core.events.box import *
from gateway.core.events.calls import *
from gateway.core.events.desk import *
from gateway.core.events.people import *
from gateway.core.events.rings import *
from gateway.core.events.texts import *

Event = CallEvent | NotedEvent | TextEvent | PersonEvent | DeskEvent | RingEvent | BoxEvent
