"""Calls to one desk, to announcements, menus, groups, queues and through Local channels."""

from __future__ import annotations

from tests.pbx.phones import CELL
from tests.pbx.scenarios import (
    TO_THE_END,
    R,
    Scenario,
    caller,
    extension,
    hear,
    missed,
    one,
    press,
    taken,
)
from tests.pbx.sip import Answers, AwaitBye, Bye, Rejects, Rings, Speak, Wait

DESK = "3035550101"  # 201 with voicemail
SALES = "3035550102"  # 201 alone, no voicemail
MENU = "3035550103"
GROUP = "3035550104"  # 201, 202 and 203
QUEUE = "3035550105"  # 201 and 202
LOCAL_QUEUE = "3035550106"  # its members are Local channels
TRACKING = "3035550110"
LOCAL_N = "3035550111"  # 201 through Local/n, whose own voicemail answers after 2 s
GROUP_WITH_VOICEMAIL = "3035550112"
EARLY_MEDIA = "3035550118"
EMPTY_QUEUE = "3035550127"
LOCAL_GROUP = "3035550128"  # 201 and 202 through Local/n, each with its own voicemail
CONFERENCE = "3035550130"
PARKING = "3035550134"

LEAVES_MESSAGE = (Wait(7000), Speak(), Wait(4000), Bye())  # the greeting lasts some 6 s

DESK_CALLS = (
    one("the desk answers", caller(SALES, hear(2000), name="JANE DOE"), taken("201"), {"201": Answers(1200)}),
    one("the caller hangs up while the desk rings", caller(SALES, gives_up_ms=2000), missed(R.NO_ANSWER)),
    one("the PBX gives up", caller(SALES, name="WIRELESS CALLER"), missed(R.NO_ANSWER)),
    one("a message is left", caller(DESK, LEAVES_MESSAGE), missed(R.VOICEMAIL)),
    one("the caller hangs up in the greeting", caller(DESK, hear(1500)), missed(R.VOICEMAIL)),
    one("the desk is busy", caller(SALES), missed(R.BUSY), {"201": Rejects(486)}),
    one("the desk is busy and voicemail answers", caller(DESK, hear(1500)), missed(R.VOICEMAIL), {"201": Rejects(486)}),
    one("the phone is not registered", caller("3035550107"), missed(R.UNAVAILABLE)),
    one("not registered, with voicemail", caller("3035550119", hear(1500)), missed(R.VOICEMAIL)),
    one("the desk declines", caller(SALES), missed(R.BUSY, R.NO_ANSWER), {"201": Rejects(603, 1200)}),
    one("do not disturb", caller(DESK, hear(1500)), missed(R.VOICEMAIL), database={"DND/201": "YES"}),
    one("the caller hangs up after one ring", caller(SALES, gives_up_ms=1000), missed(R.NO_ANSWER)),
    one("a very short ring", caller(SALES, gives_up_ms=300), missed(R.NO_ANSWER)),
    one(
        "the caller presses 0 in the greeting",
        caller(DESK, press("0", then=hear(3500))),
        taken("203"),
        {"203": Answers(900)},
    ),
    one("0 in the greeting, nobody", caller(DESK, press("0", then=TO_THE_END)), missed(R.VOICEMAIL, R.NO_ANSWER)),
)

ANNOUNCEMENTS = (
    one("closed", caller("3035550113", TO_THE_END), missed(R.ANNOUNCEMENT)),
    one("closed, not listened to", caller("3035550113", hear(2000)), missed(R.ANNOUNCEMENT)),
    one("music first, then answered", caller("3035550114", hear(4000)), taken("202"), {"202": Answers(1500)}),
    one("music first, nobody", caller("3035550114", TO_THE_END), missed(R.NO_ANSWER)),
    one("the recording notice is enough for the caller", caller("3035550117", hear(2000)), missed(R.ANNOUNCEMENT)),
    one("an early-media announcement", caller(EARLY_MEDIA), missed(R.ANNOUNCEMENT, R.UNAVAILABLE)),
    one("straight to voicemail", caller("3035550132", hear(1500)), missed(R.VOICEMAIL)),
    one("a fixed busy tone", caller("3035550133"), missed(R.BUSY)),
)

MENUS = (
    one("given up in the menu", caller(MENU, hear(1500)), missed(R.ABANDONED_IN_IVR)),
    one("the menu runs out", caller(MENU, TO_THE_END), missed(R.ABANDONED_IN_IVR, R.ANNOUNCEMENT)),
    one("1 is answered", caller(MENU, press("1", then=hear(3500))), taken("201"), {"201": Answers(1000)}),
    one("1 and nobody", caller(MENU, press("1")), missed(R.NO_ANSWER)),
    one("2 is the queue, given up", caller(MENU, press("2", then=hear(2000))), missed(R.ABANDONED_IN_QUEUE)),
    one("3 is the group, answered", caller(MENU, press("3", then=hear(3500))), taken("203"), {"203": Answers(900)}),
    one("a wrong key, then given up", caller(MENU, press("7", then=hear(1500))), missed(R.ABANDONED_IN_IVR)),
)

GROUPS = (
    one("one of three answers", caller(GROUP, hear(2000)), taken("202"), {"202": Answers(1200)}),
    one("none of three answers", caller(GROUP), missed(R.NO_ANSWER)),
    one("the caller hangs up on three", caller(GROUP, gives_up_ms=2000), missed(R.NO_ANSWER)),
    one("one declines, the others ring", caller(GROUP), missed(R.NO_ANSWER), {"202": Rejects(603, 700)}),
    one(
        "one declines, another answers",
        caller(GROUP, hear(2000)),
        taken("203"),
        {"202": Rejects(603, 500), "203": Answers(1500)},
    ),
    one("the group's voicemail", caller(GROUP_WITH_VOICEMAIL, hear(1000)), missed(R.VOICEMAIL)),
    one("a tracking number", caller(TRACKING, hear(1000), name="LEE ANN"), missed(R.VOICEMAIL)),
    one("the third of a hunt answers", caller("3035550116", hear(1500)), taken("203"), {"203": Answers(800)}),
    one("a recorded line is answered", caller("3035550129", hear(2000)), taken("202"), {"202": Answers(1000)}),
    one("a recorded line, nobody", caller("3035550129"), missed(R.NO_ANSWER)),
)

QUEUES = (
    one("the queue answers", caller(QUEUE, hear(4000)), taken("202"), {"202": Answers(1200)}),
    one("the queue is given up", caller(QUEUE, hear(2500)), missed(R.ABANDONED_IN_QUEUE)),
    one("the queue times out into voicemail", caller(QUEUE, hear(8500)), missed(R.VOICEMAIL)),
    one("a queue of Local members answers", caller(LOCAL_QUEUE, hear(5000)), taken("202"), {"202": Answers(500)}),
    one("a queue of Local members is given up", caller(LOCAL_QUEUE, hear(3000)), missed(R.ABANDONED_IN_QUEUE)),
    one("a queue with nobody in it", caller(EMPTY_QUEUE, hear(1000)), missed(R.VOICEMAIL)),
)

LOCALS = (
    one("through Local/n, answered", caller(LOCAL_N, hear(2000)), taken("201"), {"201": Answers(800)}),
    one("the voicemail inside Local/n answers", caller(LOCAL_N, hear(2500)), missed(R.VOICEMAIL)),
    one("Local without /n, answered", caller("3035550123", hear(2000)), taken("202"), {"202": Answers(1000)}),
    one("Local without /n, nobody", caller("3035550123"), missed(R.NO_ANSWER)),
    one("a group of Local members, answered", caller(LOCAL_GROUP, hear(2000)), taken("202"), {"202": Answers(900)}),
    one("a voicemail in a group of Local members", caller(LOCAL_GROUP, hear(2500)), missed(R.VOICEMAIL)),
    one("dialled by a Macro", caller("3035550131", hear(2000)), taken("201"), {"201": Answers(900)}, macro=True),
)

ROOMS = (
    one("alone in the conference", caller(CONFERENCE, hear(2500)), missed(R.CONFERENCE_ALONE)),
    Scenario(
        "the office waits in the conference",
        (extension("203", "9000", hear(11000)), caller(CONFERENCE, hear(3000), at_s=0.8)),
        (taken("203"),),
    ),
    one("parked and forgotten", caller(PARKING, hear(1500)), missed()),
    Scenario(
        "parked and fetched",
        (caller(PARKING, hear(6000)), extension("203", "701", TO_THE_END, at_s=1.0)),
        (taken("203"),),
    ),
)

FOLLOW_ME = (
    one("the owner's cell answers", caller("3035550108", hear(2000)), taken("13035550199"), {CELL: Answers(1000)}),
    one("neither desk nor cell answers", caller("3035550108", hear(1000)), missed(R.VOICEMAIL), {CELL: Rings()}),
    one(
        "the cell's voicemail does not press 1",
        caller("3035550115", hear(1500)),
        missed(R.VOICEMAIL),
        {CELL: Answers(800, (AwaitBye(),))},
    ),
    one("the FollowMe application, nobody", caller("3035550120", hear(14000)), missed(R.VOICEMAIL), {CELL: Rings()}),
    one(
        "the FollowMe application, the cell does not accept",
        caller("3035550120", hear(12000)),
        missed(R.VOICEMAIL),
        {CELL: Answers(700, (AwaitBye(),))},
    ),
    one("the cell without confirmation", caller("3035550135", hear(2000)), taken("13035550199"), {CELL: Answers(900)}),
    one(
        "forwarded to the cell, nobody",
        caller("3035550109"),
        missed(R.NO_ANSWER),
        {CELL: Rings()},
        database={"CF/203": "13035550199"},
    ),
    one(
        "forwarded to the cell, answered",
        caller("3035550109", hear(2000)),
        taken("13035550199"),
        {CELL: Answers(900)},
        database={"CF/203": "13035550199"},
    ),
)
