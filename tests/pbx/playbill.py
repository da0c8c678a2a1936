"""What is played on which PBX: in every run most of it on the newest and a choice on the two older stacks, in a drill all."""

from __future__ import annotations

from tests.pbx.asterisk import Stack
from tests.pbx.desk_calls import ANNOUNCEMENTS, DESK_CALLS, FOLLOW_ME, GROUPS, LOCALS, MENUS, QUEUES, ROOMS
from tests.pbx.more_calls import FORWARDED, HANDED_ON, IN_BETWEEN, NOT_OURS, ODD_PLANS, PANEL, WAITING
from tests.pbx.odd_calls import IDENTITIES, NO_LEADS, SEVERAL, TRANSFERS, TROUBLE
from tests.pbx.office_calls import OFFICE_CALLS, OFFICE_CALLS_ON_16
from tests.pbx.scenarios import Scenario

MORE: tuple[Scenario, ...] = (*HANDED_ON, *FORWARDED, *WAITING, *ODD_PLANS, *PANEL, *NOT_OURS, *IN_BETWEEN)
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
    *OFFICE_CALLS,
    *MORE,
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


# Of the ways other offices have, those that no other story is like; the rest is drilled.
ODD_BUT_DAILY = frozenset(
    {
        "asked first by the transfer key",
        "handed over while the colleague rings on",
        "transferred to a voicemail",
        "parked by the desk, fetched by another",
        "redirected to a cell that answers",
        "the cell presses 1",
        "desk and cell at once, the cell accepts",
        "desk and cell at once, the cell does not accept",
        "one agent declines, the other takes it",
        "two in the queue, one agent",
        "the queue is left by key for voicemail",
        "given up while the agent hears the announcement",
        "a queue call picked up by a colleague",
        "a survey after the talk",
        "they meet in a room",
        "fetched from the waiting room",
        "Local through Local that go away, answered",
        "a menu inside a Local channel, 1 is answered",
        "the leader opens the room",
        "an operator takes the caller out of the menu",
        "an operator joins the waiting caller with a desk",
        "a customer the office rang is transferred",
        "the gateway is started again while it rings",
        "the gateway is started again while they talk",
        "the feed is lost and back in the queue",
        "a call begins while the feed is lost and rings on",
        "the PBX is killed under the menu",
    }
)
DAILY = frozenset(one.name for one in EVERYTHING if one not in MORE) | ODD_BUT_DAILY


def playable(stack: Stack) -> tuple[Scenario, ...]:
    """Everything that this PBX can play."""
    return tuple(one for one in EVERYTHING if not one.macro or stack.version == 16)


def plays(stack: Stack) -> tuple[Scenario, ...]:
    """What is played in every run of the tests."""
    names = DAILY if stack is Stack.PJSIP_22 else ALSO_ON_16 | OFFICE_CALLS_ON_16
    return tuple(one for one in playable(stack) if one.name in names)


def drills(stack: Stack) -> tuple[Scenario, ...]:
    """What is played in a drill on top of that."""
    return tuple(one for one in playable(stack) if one not in plays(stack))
