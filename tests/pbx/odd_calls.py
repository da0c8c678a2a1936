"""Transfers and pick-ups, odd caller identities, several calls at once, calls that are no leads, a feed in trouble."""

from __future__ import annotations

from tests.pbx.desk_calls import DESK, GROUP, SALES
from tests.pbx.phones import CELL
from tests.pbx.scenarios import (
    BLOCKED,
    TO_THE_END,
    UNSURE,
    Act,
    R,
    Scenario,
    caller,
    extension,
    hear,
    missed,
    one,
    taken,
)
from tests.pbx.sip import Answers, Bye, Dtmf, Gone, Redirects, Refer, Rejects, Rings, Silent, Step, Wait

UNPLUGGED = "3035550121"  # 206, whose address never replies
SECOND = "3035550140"  # 202 alone
THIRD = "3035550141"  # 203 alone


def keys(digits: str) -> tuple[Step, ...]:
    return tuple(step for digit in digits for step in (Dtmf(digit), Wait(120)))


TRANSFERS = (
    one(
        "transferred to a phone that answers",
        caller(SALES, hear(6000)),
        taken("201"),
        {"201": Answers(800, (Wait(1000), Refer("202"))), "202": Answers(900)},
    ),
    one(
        "transferred to a phone that rings on",
        caller(SALES, hear(5000)),
        taken("201"),
        {"201": Answers(800, (Wait(1000), Refer("203")))},
    ),
    one(
        "asked first, then transferred",
        caller(SALES, hear(10000)),
        taken("201"),
        {
            "201": Answers(800, (Wait(1000), *keys("*2"), Wait(1500), *keys("202"), Wait(4000), Bye())),
            "202": Answers(900),
        },
    ),
    Scenario(
        "picked up by group pick-up",
        (caller(SALES, hear(4000)), extension("203", "*8", TO_THE_END, at_s=1.2)),
        (taken("203"),),
        {"203": Gone()},
    ),
    Scenario(
        "picked up from one phone",
        (caller(SALES, hear(4000)), extension("203", "**201", TO_THE_END, at_s=1.2)),
        (taken("203"),),
        {"203": Gone()},
    ),
    one(
        "parked by the desk and lost",
        caller(SALES, TO_THE_END),
        taken("201"),
        {"201": Answers(800, (Wait(1000), Refer("700")))},
        acts=((3.0, Act.DEAF_201),),
    ),
    one(
        "redirected to a cell that rings on",
        caller(SALES),
        missed(R.NO_ANSWER),
        {"201": Redirects("13035550199"), CELL: Rings()},
    ),
)

WITHHELD = "sip:anonymous@anonymous.invalid"
IDENTITIES = (
    one(
        "withheld",
        caller(GROUP, number="anonymous", uri=WITHHELD, name="Anonymous", headers=("Privacy: id",), gives_up_ms=1500),
        missed(R.NO_ANSWER, texts=0),
    ),
    one(
        "withheld, but the trunk tells the number",
        caller(
            GROUP,
            number="9705550187",
            uri=WITHHELD,
            name="Anonymous",
            headers=("Privacy: id", "P-Asserted-Identity: <sip:9705550187@{net}.10>"),
            gives_up_ms=1500,
        ),
        missed(R.NO_ANSWER, texts=0),
    ),
    one("in E.164", caller("+1" + GROUP, number="+19705550188", gives_up_ms=1500), missed(R.NO_ANSWER)),
    one("with the long-distance 1", caller("1" + GROUP, number="19705550189", gives_up_ms=1500), missed(R.NO_ANSWER)),
    one("a name with quotes", caller(GROUP, name='O\'Nunez \\"Al\\"', gives_up_ms=1500), missed(R.NO_ANSWER)),
    one("a name with colons", caller(GROUP, name="Status: gold: 1", gives_up_ms=1500), missed(R.NO_ANSWER)),
    one("a name like an event", caller(GROUP, name="Event: Hangup", gives_up_ms=1500), missed(R.NO_ANSWER)),
    one("a name with accents", caller(GROUP, name="Íñigo Núñez", gives_up_ms=1500), missed(R.NO_ANSWER)),
    one(
        "a name like an event, answered",
        caller(SALES, hear(1500), name="Event: Hangup"),
        taken("201"),
        {"201": Answers(900)},
    ),
)

_twice = caller(GROUP, gives_up_ms=1200)
_again = caller(GROUP, gives_up_ms=1000)
_still = caller(GROUP, gives_up_ms=1000)
SEVERAL = (
    Scenario(
        "the same caller misses us twice",
        (_twice, caller(GROUP, number=_twice.number, gives_up_ms=1200, at_s=2.5)),
        (missed(R.NO_ANSWER), missed(R.NO_ANSWER)),
    ),
    Scenario(
        "missed, and answered a moment later",
        (_again, caller(SALES, hear(300), number=_again.number, at_s=1.5)),
        (missed(R.NO_ANSWER, texts=0), taken("201")),
        {"201": Answers(1400)},
    ),
    Scenario(
        "missed, and talking with us when the text is due",
        (_still, caller(SALES, hear(4000), number=_still.number, at_s=1.5)),
        (missed(R.NO_ANSWER, texts=0), taken("201")),
        {"201": Answers(1400)},
    ),
    Scenario(
        "two at once, one answered",
        (caller(SALES, hear(3500)), caller(UNPLUGGED, at_s=0.4, gives_up_ms=2500)),
        (taken("201"), missed(R.NO_ANSWER)),
        {"201": Answers(1000), "206": Silent()},
    ),
    Scenario(
        "forty calls in ten seconds",
        (
            caller(SALES, hear(1500), number="9705550100", count=10),
            caller(SECOND, number="9705550120", count=10, gives_up_ms=1500, at_s=0.25),
            caller(THIRD, number="9705550140", count=10, at_s=0.5),
            caller(UNPLUGGED, number="9705550160", count=10, gives_up_ms=1500, at_s=0.75),
        ),
        (taken("201"), missed(R.NO_ANSWER), missed(R.BUSY), missed(R.NO_ANSWER, R.UNAVAILABLE)),
        {"201": Answers(700), "203": Rejects(486), "206": Silent()},
    ),
)

NO_LEADS = (
    Scenario("one desk calls another", (extension("201", "202", gives_up_ms=1500),), (), {"201": Gone()}),
    Scenario(
        "the office calls a customer in vain",
        (extension("201", "17205550190", gives_up_ms=2000),),
        (),
        {"201": Gone(), CELL: Rings()},
        office=(("7205550190", False, "201"),),
    ),
    Scenario(
        "the office reaches a customer",
        (extension("201", "17205550191", hear(1500)),),
        (),
        {"201": Gone(), CELL: Answers(800)},
        office=(("7205550191", True, "201"),),
    ),
    Scenario(
        "a click to call, not answered",
        (),
        (),
        {"201": Answers(600, (Wait(2500), Bye())), CELL: Rings()},
        acts=((0.0, Act.CLICK_TO_CALL),),
        office=(("7205550195", False, "201"),),
    ),
    Scenario(
        "a dialler in the inbound context",
        (),
        (),
        {CELL: Rings()},
        acts=((0.0, Act.DIALLER),),
        office=(("7205550196", False, None),),
    ),
    one(
        "on the PBX's own blacklist",
        caller(DESK, hear(1500), number="7205550192"),
        BLOCKED,
        database={"blacklist/7205550192": "1"},
    ),
)

TROUBLE = (
    one(
        "the feed is lost and back while it rings",
        caller(UNPLUGGED, gives_up_ms=8000),
        missed(R.NO_ANSWER),
        {"206": Silent()},
        acts=((0.5, Act.CUT), (0.9, Act.MEND)),
    ),
    one(
        "the caller gives up while the feed is lost",
        caller(UNPLUGGED, gives_up_ms=1800),
        UNSURE,
        {"206": Silent()},
        acts=((0.8, Act.CUT), (3.0, Act.MEND)),
    ),
    one(
        "answered while the feed is lost",
        caller(SALES, hear(5500)),
        taken("201"),
        {"201": Answers(1300)},
        acts=((0.7, Act.CUT), (2.2, Act.MEND)),
    ),
    one(
        "the PBX is restarted while it rings",
        caller(UNPLUGGED, gives_up_ms=4000),
        missed(R.PBX_RESTART),
        {"206": Silent()},
        acts=((1.2, Act.RESTART), (2.0, Act.START)),
        rough=True,
    ),
    one(
        "the PBX is killed while they talk",
        caller(SALES, hear(3500)),
        taken("201"),
        {"201": Answers(700)},
        acts=((2.2, Act.KILL), (3.0, Act.START)),
        rough=True,
    ),
    one(
        "the PBX is killed while it rings",
        caller(UNPLUGGED, gives_up_ms=4000),
        missed(R.PBX_RESTART),
        {"206": Silent()},
        acts=((1.2, Act.KILL), (2.0, Act.START)),
        rough=True,
    ),
)
