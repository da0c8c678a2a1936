"""Reading one text: every label with the reason in words the office understands.

Opt-outs and dangers to people are found by rules first; the trained part widens what is found and decides what rules
cannot (intent, service, how urgent). The order of reading is: lone keyword, life safety, opt-out, emergency, the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.core.keywords import Keyword, lone_keyword
from gateway.core.understanding.circumstances import Standing
from gateway.core.understanding.features import features
from gateway.core.understanding.folded import Folded, fold
from gateway.core.understanding.language import Language, language
from gateway.core.understanding.model import Head
from gateway.core.understanding.optouts import opted_out
from gateway.core.understanding.people import name
from gateway.core.understanding.places import Gazetteer, city, street_address, zip_code
from gateway.core.understanding.situations import Found, Weight, concepts, situations
from gateway.core.understanding.when import wishes

SURE_OF_EMERGENCY = 0.40  # chosen on texts of hands that the model had not seen; see ARCHITECTURE "Understanding"
SURE_OF_DANGER = 0.40
RULE_NEEDS = 0.12  # a rule's alarm stands unless the trained part finds the opposite this plain
SURE_OF_OPT_OUT = 0.60
NO_SERVICE = "-"


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


class Reader:
    """Reads texts with one trained model and one list of places. Pure: the same text gives the same reading."""

    def __init__(self, heads: Mapping[str, Head], places: Gazetteer) -> None:
        self._heads = heads
        self._places = places

    def read(self, body: str, trade: str) -> Reading:
        """Read one text sent to a business of a trade."""
        text = fold(body)
        found = list(situations(text))
        numbers = features(text.plain, evidence(text, found))
        guess = {
            label: self._heads[label].probabilities(numbers)
            for label in ("intent", "urgency", "life_safety", "opt_out")
        }
        because: list[str] = []
        danger = self._danger(found, guess["life_safety"]["yes"], because)
        leave = self._leave(text, guess["opt_out"]["yes"], because)
        urgency = self._urgency(found, guess["urgency"], danger, because)
        intent = self._intent(text, guess["intent"], leave)
        timeline, callback = times(text)
        return Reading(
            lang=language(text),
            intent=intent,
            urgency=urgency,
            life_safety=danger,
            service=self._service(trade, numbers),
            zip=zip_code(text),
            city=city(text, self._places),
            street_address=street_address(text),
            name=name(text),
            timeline=timeline,
            callback_time=callback,
            opt_out=leave,
            because=tuple(because),
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

    def _urgency(self, found: Sequence[Found], guess: Mapping[str, float], danger: bool, because: list[str]) -> str:
        if danger:
            return "emergency"
        alarms = [one for one in found if one.situation.weight is Weight.EMERGENCY and one.standing is Standing.NOW]
        bar = SURE_OF_EMERGENCY - (0.1 if alarms else 0)
        if guess["emergency"] >= bar:
            because += [f"{one.situation.says}: “{one.words}”" for one in alarms]
            return "emergency"
        return max(("urgent", "routine", "none"), key=lambda name: guess[name])

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

    def _service(self, trade: str, numbers: Sequence[int]) -> str | None:
        head = self._heads.get(f"service:{trade}")
        if head is None:
            return None
        guess = head.probabilities(numbers)
        best = max(guess, key=lambda name: guess[name])
        return None if best == NO_SERVICE else best


def evidence(text: Folded, found: Sequence[Found]) -> list[str]:
    """What the rules found, as features for the trained part."""
    names = concepts(list(found))
    if opted_out(text) is not None:
        names.append("opt-out words")
    if zip_code(text) is not None:
        names.append("zip")
    if wishes(text):
        names.append("time")
    if street_address(text) is not None:
        names.append("address")
    return names


def times(text: Folded) -> tuple[str | None, str | None]:
    """The time the work is wanted and the time a call is wanted."""
    timeline: str | None = None
    callback: str | None = None
    for wish in wishes(text):
        before = text.plain[max(0, wish.start - 40) : wish.start]
        if any(word in before for word in ("call", "llam", "reach me", "ring me", "phone me")):
            callback = callback or wish.said
        elif not any(word in before for word in ("since", "last ", "ago", "desde", "yesterday")):
            timeline = timeline or wish.said
    return timeline, callback
