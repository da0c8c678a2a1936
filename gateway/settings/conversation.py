"""What the box may ask and say by itself: the options of conversations, and what is asked in which lane."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.core.conversation.lead import Fact, Lane
from gateway.settings import kinds
from gateway.settings.options import AS_IN_TRADE, Option, Reading, Section
from gateway.settings.problems import shown, suggestion
from gateway.settings.times import duration
from gateway.settings.trades import FOR_A_MESSAGE, IN_EMERGENCY, TO_BOOK, TradePack

MOST_TEXTS = 8  # a conversation that needs more belongs to a person; also the guard against another robot
LONGEST_PLACE = 60  # characters of an address for pictures: with the sentence around it one segment
_PLACE_FOR_PICTURES = re.compile(
    r"[A-Za-z0-9._+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}|(?:https?://)?(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:/[\w./~+-]*)?",
    re.ASCII,
)
MOST_PER_HOUR = 30  # GoAlert allows 11 to one telephone; nobody answers thirty questions in an hour
_ASKED = kinds.each(kinds.name, "a list such as [service, place, name]")
_FACTS = "service, place, address, name, time, and the names of your own questions"


def is_place_for_pictures(text: str) -> bool:
    """Whether it is an e-mail address or the address of a page, short enough for a text."""
    return len(text) <= LONGEST_PLACE and _PLACE_FOR_PICTURES.fullmatch(text) is not None


def _listed(facts: tuple[Fact, ...]) -> str:
    return f"[{', '.join(facts)}]"


C_ON = Option(
    "on",
    kinds.switch,
    True,
    "yes: the box answers texts. no: it sends the first text only, and answers wait on the page for a person. STOP, START,"
    " HELP and dangers to people are answered in any case.",
    "yes",
)
C_WAIT = Option(
    "wait",
    duration("s", 0, 120),
    15.0,
    "People often write several texts in a row: wait this long for more, and answer them once. Dangers, emergencies and"
    " opt-outs do not wait. Plain numbers are seconds.",
    "15 s",
)
C_MOST = Option(
    "most_texts",
    kinds.whole(1, MOST_TEXTS),
    6,
    f"Most automatic texts in one conversation, at most {MOST_TEXTS}; then a person goes on.",
    "6",
)
C_PER_HOUR = Option(
    "answers_per_hour",
    kinds.whole(1, MOST_PER_HOUR),
    10,
    "Most automatic answers to one number within an hour; then a person goes on. Safety advice, what became of an alert, and the"
    " confirmation of STOP are not held back.",
    "10",
)
C_FOLLOW_UP = Option(
    "follow_up",
    kinds.switch,
    True,
    "One reminder, the next business morning, to a caller who left a question unanswered.",
    "yes",
)
C_BOOK: Option[tuple[str, ...]] = Option(
    "ask_to_book",
    _ASKED,
    (),
    f"What has to be known for an appointment, in the order in which it is asked: {_FACTS}.",
    AS_IN_TRADE,
    _listed(TO_BOOK),
    shown_off=True,
)
C_MESSAGE: Option[tuple[str, ...]] = Option(
    "ask_for_message",
    _ASKED,
    (),
    "The same where a person has to look at it first.",
    AS_IN_TRADE,
    _listed(FOR_A_MESSAGE),
    shown_off=True,
)
C_EMERGENCY: Option[tuple[str, ...]] = Option(
    "ask_in_emergency",
    _ASKED,
    (),
    "The same in an emergency. The owner is told before anything is asked.",
    AS_IN_TRADE,
    _listed(IN_EMERGENCY),
    shown_off=True,
)
C_LANGUAGES: Option[tuple[str, ...]] = Option(
    "languages",
    kinds.each(kinds.one_of("en", "es"), "[en, es]"),
    ("en", "es"),
    "Languages in which the box answers. A caller who writes in another is answered in the first.",
    "[en, es]",
)
C_PICTURES = Option(
    "pictures",
    kinds.matching(
        is_place_for_pictures, "an e-mail address or a page", "one such as photos@example.com or example.com/photos"
    ),
    "",
    "Where callers may send pictures, which this line cannot receive: an e-mail address or a page of yours. Named once, to who"
    " sends or offers one.",
    example="photos@example.com",
    shown_off=True,
)
CONVERSATION: Section = Section(
    "conversation",
    "What the box asks when a caller answers. It asks one thing at a time and nothing twice, quotes no price, promises no time,"
    " and confirms nothing.",
    (C_ON, C_WAIT, C_MOST, C_PER_HOUR, C_FOLLOW_UP, C_BOOK, C_MESSAGE, C_EMERGENCY, C_LANGUAGES, C_PICTURES),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The usual facts of each lane, and which own questions a lane names."""

    facts: dict[Lane, tuple[Fact, ...]]
    own: dict[str, frozenset[Lane]]
    needed: frozenset[str]  # own questions that an appointment needs


_LANES = ((Lane.BOOK, C_BOOK), (Lane.MESSAGE, C_MESSAGE), (Lane.ESCALATE, C_EMERGENCY))
_USUAL = frozenset(Fact)


def read_asked(section: Reading, pack: TradePack, own: tuple[str, ...]) -> Asked:
    """What is asked in each lane. `own` are the names of the business's questions."""
    usual = {Lane.BOOK: pack.ask_to_book, Lane.MESSAGE: pack.ask_for_message, Lane.ESCALATE: pack.ask_in_emergency}
    lanes: dict[str, set[Lane]] = {name: set() for name in own}
    facts: dict[Lane, tuple[Fact, ...]] = {}
    for lane, option in _LANES:
        if not section.given(option):
            facts[lane] = usual[lane]
            continue
        names = section.get(option)
        for name in names:
            if name not in _USUAL and name not in lanes:
                what = f"{shown(name)} is neither a usual fact nor a question of yours"
                section.place.at(option.name).say(section.line_of(option), what, suggestion(name, [*Fact, *own]))
        facts[lane] = tuple(dict.fromkeys(Fact(name) for name in names if name in _USUAL))
        for name in own:
            if name in names:
                lanes[name].add(lane)
    anywhere = frozenset({Lane.BOOK, Lane.MESSAGE})
    needed = frozenset(name for name, found in lanes.items() if Lane.BOOK in found)
    return Asked(facts, {name: frozenset(found) or anywhere for name, found in lanes.items()}, needed)
