"""Calls that the office makes itself: ringing back who was missed, by dialling, by click, through the feed's gaps."""

from __future__ import annotations

from tests.pbx.desk_calls import SALES
from tests.pbx.odd_calls import keys
from tests.pbx.phones import CELL
from tests.pbx.scenarios import (
    Act,
    Manages,
    R,
    Scenario,
    caller,
    extension,
    hear,
    missed,
    taken,
)
from tests.pbx.sip import Answers, AwaitBye, Behaviour, Bye, Dtmf, Gone, Rejects, Rings, Wait

NOT_TEXTED = missed(R.NO_ANSWER, texts=0)
TEXTED = missed(R.NO_ANSWER)


LATER = (3.2, Manages("Ping"))  # a story is over when all is quiet; a click makes its first channel a moment later


def rung_back(
    name: str, cell: Behaviour, *, reached: bool, prefix: str = "1", at_s: float = 2.2, **more: object
) -> Scenario:
    """Somebody is missed by 201; 203 rings back within the settle time."""
    who = caller(SALES, gives_up_ms=1000)
    talk = {"steps": hear(1500)} if reached else {"gives_up_ms": 2000}
    back = extension("203", f"{prefix}{who.number}", at_s=at_s, **talk)
    truth = NOT_TEXTED if reached else TEXTED
    return Scenario(
        name, (who, back), (truth,), {"203": Gone(), CELL: cell}, office=((who.number, reached, "203"),), **more
    )  # type: ignore[arg-type]


def clicked(name: str, *fields: tuple[str, str], by: str = "203", **phones: Behaviour) -> Scenario:
    """Somebody is missed by 201; a click in a customer program calls back. `{number}` in a field is the caller's."""
    who = caller(SALES, gives_up_ms=1000)
    filled = tuple((key, value.replace("{number}", f"1{who.number}")) for key, value in fields)
    click = Manages("Originate", (*filled, ("Priority", "1"), ("Timeout", "8000"), ("Async", "true")))
    talk: dict[str, Behaviour] = {"203": Answers(500), CELL: Answers(900, (Wait(1500), Bye()))}
    return Scenario(
        name, (who,), (NOT_TEXTED,), talk | phones, acts=((2.2, click), LATER), office=((who.number, True, by),)
    )


def gap(name: str, cut_s: float, mend_s: float, stays_ms: int, answers_ms: int) -> Scenario:
    """203 calls a customer while the feed is lost and found again."""
    who = caller(SALES, gives_up_ms=1000).number
    return Scenario(name, (extension("203", f"1{who}", hear(stays_ms)),), (), {"203": Gone(), CELL: Answers(answers_ms)},
        acts=((cut_s, Act.CUT), (mend_s, Act.MEND)), office=((who, True, "203"),))  # fmt: skip


def _fetched() -> Scenario:
    """The owner's cell takes a caller who is missed at the desk: a leg of that caller's, no call of the office's."""
    who = caller("3035550158", hear(5000))
    return Scenario("the cell of a follow-me is nobody the office has rung", (who,), (taken("13035550199"),),
        {CELL: Answers(500, (Wait(1500), Dtmf("1"), AwaitBye(60000)))})  # fmt: skip


_room = caller(SALES, gives_up_ms=1000)
_busy = caller(SALES, gives_up_ms=1000)
_transferred = caller(SALES, gives_up_ms=1000)

_HANDS_ON = (Wait(1200), *keys("##"), Wait(800), *keys("202"), AwaitBye())

RUNG_BACK = (
    rung_back("missed, rung back and reached", Answers(600), reached=True),
    rung_back("missed, rung back and reached after the settle time", Answers(3500), reached=True),
    rung_back("missed, rung back in vain", Rings(), reached=False),
    rung_back("missed, rung back with a 9 in front", Answers(600), reached=True, prefix="9"),
    rung_back("missed, rung back without caller ID", Answers(600), reached=True, prefix="*671"),
    rung_back("missed, rung back through a Local channel", Answers(600), reached=True, prefix="71"),
    rung_back("missed, rung back over the second trunk", Answers(600), reached=True, prefix="81"),
    Scenario("missed, rung back, busy", (_busy, extension("203", f"1{_busy.number}", at_s=2.2)), (TEXTED,),
        {"203": Gone(), CELL: Rejects(486)}, office=((_busy.number, False, "203"),)),
    Scenario("missed, rung back and transferred",
        (_transferred, extension("203", f"1{_transferred.number}", _HANDS_ON, at_s=2.2)),
        (NOT_TEXTED,), {"203": Gone(), "202": Answers(500, (Wait(1200), Bye())), CELL: Answers(500)},
        office=((_transferred.number, True, "203"),)),
)  # fmt: skip

CLICKED = (
    clicked("clicked back, the desk first", ("Channel", "{TECH}/203"), ("Context", "click-to-call"), ("Exten", "{number}")),
    clicked("clicked back, the desk first, by Local", ("Channel", "Local/203@from-internal/n"), ("Context", "from-internal"),
        ("Exten", "{number}")),
    clicked("clicked back, the customer first", ("Channel", "Local/{number}@from-internal"), ("Context", "from-internal"),
        ("Exten", "203")),
    Scenario("clicked back into a room, the desk comes second", (_room, extension("203", "9000", hear(3000), at_s=4.0)), (NOT_TEXTED,),
        {"203": Gone(), CELL: Answers(500, (Wait(5000), Bye()))},
        acts=((2.2, Manages("Originate", (("Channel", f"Local/1{_room.number}@from-internal/n"), ("Context", "from-internal"),
            ("Exten", "9000"), ("Priority", "1"), ("Async", "true")))), LATER), office=((_room.number, True, "203"),)),
)  # fmt: skip

OVER_GAPS = (
    gap("rung before the feed is lost, answered in the gap", 0.8, 3.0, 3500, 1500),
    gap("rung and answered in the gap", 0.05, 3.0, 3500, 800),
    gap("answered before the gap", 2.2, 3.4, 3500, 800),
)

OFFICE_CALLS = (*RUNG_BACK, *CLICKED, *OVER_GAPS, _fetched())
OFFICE_CALLS_ON_16 = frozenset(
    {
        "missed, rung back and reached after the settle time",
        "missed, rung back in vain",
        "missed, rung back over the second trunk",
        "clicked back, the customer first",
        "rung before the feed is lost, answered in the gap",
        "rung and answered in the gap",
    }
)
