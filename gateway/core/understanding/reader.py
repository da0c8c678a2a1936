"""Reading one text: every label with the reason in words the office understands.

Opt-outs and dangers to people are found by rules first; the trained part widens what is found and decides what rules
cannot (intent, service, how urgent). The order of reading is: lone keyword, life safety, opt-out, emergency, the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType

from gateway.core.keywords import Keyword, lone_keyword
from gateway.core.understanding.circumstances import Standing, standing
from gateway.core.understanding.degrees import Thresholds, indoors
from gateway.core.understanding.features import features, with_concepts
from gateway.core.understanding.folded import Folded, fold
from gateway.core.understanding.language import Language, language
from gateway.core.understanding.menus import choose, evidence_of
from gateway.core.understanding.model import Head
from gateway.core.understanding.optouts import opted_out
from gateway.core.understanding.people import candidates
from gateway.core.understanding.places import Gazetteer, city_and_state, street_address, zip_code
from gateway.core.understanding.roles import caller_name, times
from gateway.core.understanding.situations import Found, Weight, concepts, situations
from gateway.core.understanding.vocabulary import Hit, Vocabulary
from gateway.core.understanding.when import wishes

SURE_OF_EMERGENCY = 0.40  # chosen on texts of hands that the model had not seen; see ARCHITECTURE "Understanding"
SURE_OF_DANGER = 0.40
WITH_THE_RULES = (
    0.10  # two situations that are an emergency together, unless the trained part finds the opposite this plain
)
RULE_NEEDS = 0.12  # a rule's alarm stands unless the trained part finds the opposite this plain
SURE_OF_OPT_OUT = 0.60
NO_MENU = Vocabulary.of({})
HEAD, TAIL = 1200, 300  # characters: eight segments and what comes last; nobody says more in one text


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says. Fields are None where the text gives none; `because` tells the evidence."""

    lang: Language
    intent: str
    urgency: str
    life_safety: bool
    service: str | None
    zip: str | None
    city: str | None
    street_address: str | None
    name: str | None
    timeline: str | None
    callback_time: str | None
    opt_out: bool
    because: tuple[str, ...]
    state: str | None = None  # of the city, where the text names it: "OH"


class Reader:
    """Reads texts with one trained model and one list of places. Pure: the same text gives the same reading.

    `menus` are the words of each trade's menu; `own` those that the business has added to its own, which decide.
    `thresholds` say when a home is dangerously cold or hot.
    """

    def __init__(
        self,
        heads: Mapping[str, Head],
        places: Gazetteer,
        menus: Mapping[str, Vocabulary],
        own: Mapping[str, Vocabulary] = MappingProxyType({}),
        thresholds: Thresholds = Thresholds(),  # noqa: B008 - a value
    ) -> None:
        self._heads = heads
        self._places = places
        self._menus = menus
        self._own = own
        self._thresholds = thresholds

    def read(self, body: str, trade: str) -> Reading:
        """Read one text sent to a business of a trade."""
        text = fold(body if len(body) <= HEAD + TAIL else f"{body[:HEAD]} {body[-TAIL:]}")
        found = list(situations(text))
        menu = self._menus.get(trade, NO_MENU)
        hits = menu.hits(text)
        wanted = wishes(text)
        plain = features(text.plain, concepts(found))
        numbers = with_concepts(plain, evidence(text, hits, timed=bool(wanted)))
        guess = {
            label: self._heads[label].probabilities(numbers)
            for label in ("intent", "urgency", "life_safety", "opt_out")
        }
        because: list[str] = []
        danger = self._danger(found, guess["life_safety"]["yes"], because)
        leave = self._leave(text, guess["opt_out"]["yes"], because)
        urgency = self._urgency(text, found, guess["urgency"], danger, because)
        intent = self._intent(text, guess["intent"], leave)
        timeline, callback = times(text, wanted, self._heads["wish"])
        place, state = city_and_state(text, self._places)
        return Reading(
            lang=language(text),
            intent=intent,
            urgency=urgency,
            life_safety=danger,
            service=choose(menu, trade, self._heads, plain, evidence_of(text, hits), self._added(trade, text)),
            zip=zip_code(text),
            city=place,
            street_address=street_address(text),
            name=caller_name(text, candidates(text), self._heads["name"]),
            timeline=timeline,
            callback_time=callback,
            opt_out=leave,
            because=tuple(because),
            state=state,
        )

    def _danger(self, found: Sequence[Found], chance: float, because: list[str]) -> bool:
        alarms = [one for one in found if one.situation.weight is Weight.LIFE and one.standing is Standing.NOW]
        if alarms and chance >= RULE_NEEDS:
            because += [f"{one.situation.says}: “{one.words}”" for one in alarms]
            return True
        if chance >= SURE_OF_DANGER:
            because.append("reads like a danger to people")
            return True
        return False

    def _leave(self, text: Folded, chance: float, because: list[str]) -> bool:
        if lone_keyword(text.sent) is Keyword.STOP:
            because.append("the word that ends all texts")
            return True
        words = opted_out(text)
        if words is not None and chance >= RULE_NEEDS:
            because.append(f"wants no more texts: “{words}”")
            return True
        if chance >= SURE_OF_OPT_OUT:
            because.append("reads like somebody who wants no more texts")
            return True
        return False

    def _urgency(
        self, text: Folded, found: Sequence[Found], guess: Mapping[str, float], danger: bool, because: list[str]
    ) -> str:
        if danger:
            return "emergency"
        degrees, now = indoors(text), {one.situation.name for one in found if one.standing is Standing.NOW}
        if reason := self._too_cold_or_hot(degrees, now):
            because.append(reason)
            return "emergency"
        mild = bool(degrees) and "no heat" in now
        if mild:  # a number that the rules take for cold is not cold by the business's own limit
            found = [one for one in found if one.situation.name != "cold" or not any(map(str.isdigit, one.words))]
            mild = not any(one.situation.weight is Weight.LIFE for one in found) and not _ALARM_WORD.search(text.plain)
        alarms = [one for one in found if one.standing is Standing.NOW and one.situation.weight is Weight.EMERGENCY]
        together = joined(found)
        bar = WITH_THE_RULES if together else SURE_OF_EMERGENCY - (0.1 if alarms else 0)
        if mild and not together and not alarms:
            return "urgent"
        if guess["emergency"] >= bar:
            because += [f"{one.situation.says}: “{one.words}”" for one in together or alarms]
            if not together and not alarms:
                because.append("reads like an emergency")
            return "emergency"
        return max(("urgent", "routine", "none"), key=lambda name: guess[name])

    def _too_cold_or_hot(self, degrees: Sequence[int], now: Set[str]) -> str | None:
        """The reason why the degrees in the house are an emergency by themselves, or None."""
        cold, hot = self._thresholds.cold_f, self._thresholds.hot_f
        if degrees and "no heat" in now and min(degrees) <= cold:
            return f"no heat at {min(degrees)} degrees, the limit is {cold}"
        if degrees and "no cooling" in now and hot is not None and max(degrees) >= hot:
            return f"no cooling at {max(degrees)} degrees, the limit is {hot}"
        return None

    def _intent(self, text: Folded, guess: Mapping[str, float], leave: bool) -> str:
        if leave:
            return "opt_out"
        match lone_keyword(text.sent):
            case Keyword.START:
                return "opt_in"
            case Keyword.HELP:
                return "help"
            case _:
                return max((name for name in guess if name != "opt_out"), key=lambda name: guess[name])

    def _added(self, trade: str, text: Folded) -> dict[str, int]:
        """How often the text names what the business has added to its menu, by line; denying it does not count."""
        own = self._own.get(trade, NO_MENU).hits(text)
        named = {
            key: sum(standing(text, hit.start, hit.start + 1) is not Standing.DENIED for hit in hits)
            for key, hits in own.items()
        }
        return {key: count for key, count in named.items() if count}


# The word of the opener for an emergency, and what it is called.
_ALARM_WORD = re.compile(r"\b(?:urgen|emergenc|emergen)")

# Situations that are an emergency together (a cold house alone is none, neither is a baby).
TOGETHER = (
    ("no heat", "cold"),
    ("no heat", "vulnerable"),
    ("no cooling", "vulnerable"),
    ("no power", "medical"),
    ("no water", "medical"),
    ("locked out", "on the stove"),
)


def joined(found: Sequence[Found]) -> list[Found]:
    """The situations of a text that are an emergency together."""
    now = {one.situation.name: one for one in found if one.standing is Standing.NOW}
    for pair in TOGETHER:
        if all(name in now for name in pair):
            return [now[name] for name in pair]
    return []


def evidence(text: Folded, hits: Mapping[str, Sequence[Hit]], *, timed: bool) -> list[str]:
    """What the rules found besides situations, as features for the trained part; `hits` are the words of the menu
    that the text has, `timed` says that a time is named."""
    names: list[str] = []
    words = {key: len({hit.term for hit in line}) for key, line in hits.items()}
    most = max(words.values(), default=0)
    for key, count in words.items():
        names.append(f"menu {key}")
        if count == most:
            names.append(f"menu most {key}")
        if count >= 2:
            names.append(f"menu more {key}")
    if opted_out(text) is not None:
        names.append("opt-out words")
    if zip_code(text) is not None:
        names.append("zip")
    if timed:
        names.append("time")
    if street_address(text) is not None:
        names.append("address")
    return names
