"""What is played on which PBX: everything on the newest, a choice on the two older stacks."""

from __future__ import annotations

from tests.pbx.asterisk import Stack
from tests.pbx.desk_calls import ANNOUNCEMENTS, DESK_CALLS, FOLLOW_ME, GROUPS, LOCALS, MENUS, QUEUES, ROOMS
from tests.pbx.odd_calls import IDENTITIES, NO_LEADS, SEVERAL, TRANSFERS, TROUBLE
from tests.pbx.scenarios import Scenario

EVERYTHING: tuple[Scenario, ...] = (
    *DESK_CALLS,
    *ANNOUNCEMENTS,
    *MENUS,
    *GROUPS,
    *QUEUES,
    *LOCALS,
    *ROOMS,
    *FOLLOW_ME,
    *TRANSFERS,
    *IDENTITIES,
    *SEVERAL,
    *NO_LEADS,
    *TROUBLE,
)

# Where the older releases, and the older channel driver, are known to say other things.
ALSO_ON_16 = frozenset(
    {
        "the desk answers",
        "the caller hangs up while the desk rings",
        "the desk is busy",
        "the desk declines",
        "the caller hangs up in the greeting",
        "given up in the menu",
        "one of three answers",
        "the queue is given up",
        "a queue of Local members answers",
        "a voicemail in a group of Local members",
        "Local without /n, answered",
        "dialled by a Macro",
        "the cell's voicemail does not press 1",
        "transferred to a phone that answers",
        "picked up by group pick-up",
        "one desk calls another",
        "answered while the feed is lost",
        "forty calls in ten seconds",
    }
)


def plays(stack: Stack) -> tuple[Scenario, ...]:
    if stack is Stack.PJSIP_22:
        return tuple(one for one in EVERYTHING if not one.macro)
    return tuple(one for one in EVERYTHING if one.name in ALSO_ON_16)
