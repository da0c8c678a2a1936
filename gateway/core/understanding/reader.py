"""Reading one text: every label with the reason in words the office understands.

Opt-outs and dangers to people are found by rules first; the trained part widens what is found and decides what rules
cannot (intent, service, how urgent). The order of reading is: lone keyword, life safety, opt-out, emergency, the rest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from gateway.core.keywords import Keyword, lone_keyword
from gateway.core.understanding import safety
from gateway.core.understanding.asides import asides
from gateway.core.understanding.calming import calms
from gateway.core.understanding.circumstances import Standing, standing
from gateway.core.understanding.degrees import Thresholds
from gateway.core.understanding.features import features, with_concepts
from gateway.core.understanding.folded import Folded, fold
from gateway.core.understanding.intents import NO_WORK, likeliest
from gateway.core.understanding.language import Language, language
from gateway.core.understanding.long_texts import WINDOW, alarming, around, between, ends, pointed, whole
from gateway.core.understanding.menus import choose, evidence_of
from gateway.core.understanding.model import Head, Model
from gateway.core.understanding.optouts import opted_out, wish
from gateway.core.understanding.people import candidates
from gateway.core.understanding.places import Gazetteer, state_behind, street_address, zip_code
from gateway.core.understanding.roles import Choice, chosen, parted, times
from gateway.core.understanding.signs import signs
from gateway.core.understanding.situations import GRAVE, Found, concepts, situations
from gateway.core.understanding.spelling import Spelling
from gateway.core.understanding.streets import addresses, corrected
from gateway.core.understanding.turns import behind_turns
from gateway.core.understanding.vocabulary import Hit, Vocabulary
from gateway.core.understanding.when import wishes
from gateway.core.understanding.where import cities, town_behind, zips

NO_MENU = Vocabulary.of({})
STRANGERS = frozenset(("spam", "vendor_or_sales", "job_seeker", "wrong_number", "thanks_ack", "opt_in", "help"))


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
    callback_number: str | None = None  # another number to call, E.164 as far as it can be told
    callback_whose: str | None = None  # "wife", "Dana"


class Reader:
    """Reads texts with one trained model and one list of places. Pure: the same text gives the same reading.

    `menus` are the words of each trade's menu; `own` those that the business has added to its own, which decide.
    `thresholds` say when a home is dangerously cold or hot.
    """

    def __init__(
        self,
        model: Model,
        places: Gazetteer,
        menus: Mapping[str, Vocabulary],
        own: Mapping[str, Vocabulary] = MappingProxyType({}),
        thresholds: Thresholds = Thresholds(),  # noqa: B008 - a value
    ) -> None:
        self._heads = model.heads
        self._spelling = model.spelling.also(word for menu in (*menus.values(), *own.values()) for word in menu.words())
        self._places = places
        self._menus = menus
        self._own = own
        self._thresholds = thresholds

    def read(self, body: str, trade: str) -> Reading:
        """Read one text sent to a business of a trade."""
        body = whole(body)
        sent = fold(ends(body))
        text = meant(sent, self._spelling)
        found = told_by(text, sent)
        menu = self._menus.get(trade, NO_MENU)
        hits = menu.hits(text)
        wanted = wishes(text)
        plain = features(text.plain, concepts(found))
        numbers = with_concepts(plain, evidence(sent, hits, timed=bool(wanted)))
        guess = {
            label: self._heads[label].probabilities(numbers)
            for label in ("intent", "urgency", "life_safety", "opt_out")
        }
        marks = signs(text, found, wish(sent))
        chance = {
            label: safety.both(letters, self._heads[label].probabilities(marks)["yes"])
            for label, letters in (
                ("danger", guess["life_safety"]["yes"]),
                ("leave", guess["opt_out"]["yes"]),
                ("alarm", guess["urgency"]["emergency"]),
            )
        }
        likely = self._with_signs("intent", guess["intent"], marks)
        stranger = max(likely, key=likely.__getitem__) in STRANGERS
        danger = safety.danger(text, found, chance["danger"], alarm=chance["alarm"], stranger=stranger)
        leave = safety.no_more_texts(
            sent, chance["leave"] if text is sent else self._leaves(sent, chance["leave"]), found
        )
        alarm = danger or safety.emergency(text, found, chance["alarm"], self._thresholds, stranger=stranger)
        danger = danger or safety.danger_too(alarm, found, chance["danger"])
        for window in (*around(text, found), *alarming(between(body))):
            passage = meant(fold(window), self._spelling)
            worse, reasons = self._alarms(passage, stranger=stranger)
            if not (reasons or danger or stranger):
                worse, reasons = self._beside(passage, pointed(passage))
            danger, alarm = (*danger, *worse), (*alarm, *(reason for reason in reasons if reason not in alarm))
        if not (alarm or stranger) and len(text.plain) > WINDOW:
            danger, alarm = self._beside(text, pointed(text))
        if not danger and not stranger and chance["alarm"] >= safety.WORTH_A_LOOK and not safety.is_over(found):
            worse, reasons = self._beside(text, asides(text.plain))
            danger, alarm = worse, alarm or reasons
        if not danger and not stranger:
            worse, reasons = self._behind(text)
            danger, alarm = worse, alarm or reasons
        trouble = safety.names_trouble(found)
        pressing = self._with_signs("urgency", guess["urgency"], marks)
        urgency = "emergency" if alarm else safety.pressing(pressing, trouble=trouble)
        intent = self._intent(sent, likely, leave=bool(leave), trouble=trouble)
        said = fields(sent, self._places, self._heads)
        timeline, callback = times(text, wanted, self._heads["wish"])
        return Reading(
            lang=language(sent),
            intent=intent,
            urgency=urgency,
            life_safety=bool(danger),
            service=choose(menu, trade, self._heads, plain, evidence_of(text, hits), self._added(trade, text)),
            zip=said["zip"],
            city=said["city"],
            street_address=said["street_address"],
            name=said["name"],
            timeline=timeline,
            callback_time=callback,
            opt_out=bool(leave),
            because=(*leave, *alarm, *(why for why in danger if why not in alarm)),
            state=said["state"],
        )

    def _leaves(self, sent: Folded, mended: float) -> float:
        """How likely a text asks for no more texts whose slips were mended: no mended slip in a few words makes it one."""
        if len(sent.words()) > safety.ONE_MATTER:
            return mended
        found = list(situations(sent))
        letters = self._heads["opt_out"].probabilities(features(sent.plain, concepts(found)))["yes"]
        marks = signs(sent, found, wish(sent))
        return min(mended, safety.both(letters, self._heads["leave"].probabilities(marks)["yes"]))

    def _alarms(self, text: Folded, *, stranger: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Why a passage by itself tells of a danger, and why of an emergency, each empty when it does not."""
        found = list(situations(text))
        chance = self._chances(text, found)
        danger = safety.danger(text, found, chance["danger"], alarm=chance["alarm"], stranger=stranger)
        alarm = danger or safety.emergency(text, found, chance["alarm"], self._thresholds, stranger=stranger)
        return danger or safety.danger_too(alarm, found, chance["danger"]), alarm

    def _beside(self, text: Folded, parts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Why one of the parts of a text is a danger beside the others, and why it is an emergency, each empty when it is not."""
        danger: tuple[str, ...] = ()
        alarm: tuple[str, ...] = ()
        sure = safety.BESIDE_WHAT_CALMS if calms(text) else safety.BESIDE
        for part in parts:
            chance = self._chances(Folded(part, part))
            if chance["danger"] >= sure:
                danger = danger or (f"reads like a danger to people: “{part}”",)
            if chance["alarm"] >= sure:
                alarm = alarm or (f"reads like an emergency: “{part}”",)
        return danger, alarm or danger

    def _behind(self, text: Folded) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Why what a text tells behind something that calms is a danger, and why it is an emergency, each empty when it is not."""
        danger: tuple[str, ...] = ()
        alarm: tuple[str, ...] = ()
        for part, sharp in behind_turns(text):
            alone = Folded(part, part)
            worse, reasons = self._alarms(alone, stranger=True)
            if sharp and not calms(alone) and not reasons:
                chance = self._chances(alone)
                worse = ("reads like a danger to people",) if chance["danger"] >= safety.BEHIND else ()
                reasons = worse or (("reads like an emergency",) if chance["alarm"] >= safety.BEHIND else ())
            danger, alarm = danger or worse, alarm or reasons
        return danger, alarm or danger

    def _chances(self, text: Folded, found: Sequence[Found] | None = None) -> dict[str, float]:
        """How likely a passage tells of a danger, and of an emergency, by both trained views."""
        found = list(situations(text)) if found is None else found
        letters = features(text.plain, concepts(list(found)))
        marks = signs(text, found, wish(text))
        return {
            label: safety.both(
                self._heads[by].probabilities(letters)[name], self._heads[label].probabilities(marks)["yes"]
            )
            for label, by, name in (("danger", "life_safety", "yes"), ("alarm", "urgency", "emergency"))
        }

    def _with_signs(self, label: str, letters: Mapping[str, float], marks: Sequence[int]) -> dict[str, float]:
        """How likely each class of a label is by both trained views: their geometric mean."""
        meant = self._heads[f"{label} by signs"].probabilities(marks)
        return {name: math.sqrt(chance * meant[name]) for name, chance in letters.items()}

    def _intent(self, text: Folded, guess: Mapping[str, float], *, leave: bool, trouble: bool) -> str:
        if leave:
            return "opt_out"
        match lone_keyword(text.sent):
            case Keyword.START:
                return "opt_in"
            case Keyword.HELP:
                return "help"
            case _:
                return likeliest(guess, text.plain, {"opt_out"} | (NO_WORK if trouble else set()))

    def _added(self, trade: str, text: Folded) -> dict[str, int]:
        """How often the text names what the business has added to its menu, by line; denying it does not count."""
        own = self._own.get(trade, NO_MENU).hits(text)
        named = {
            key: sum(standing(text, hit.start, hit.start + 1) is not Standing.DENIED for hit in hits)
            for key, hits in own.items()
        }
        return {key: count for key, count in named.items() if count}


def meant(sent: Folded, spelling: Spelling) -> Folded:
    """A text with its slips mended, for what is read by meaning; the same one where there are none."""
    plain = spelling.mended(sent.plain)
    return sent if plain == sent.plain else Folded(plain, plain)


def told_by(text: Folded, sent: Folded) -> list[Found]:
    """The situations of a text whose slips were mended, and those that only what was `sent` names: mending takes no danger away."""
    found = list(situations(text))
    if text is not sent:
        known = {one.situation.name for one in found}
        grave = situations(sent, GRAVE)
        found += [one for one in grave if one.situation.name not in known and one.standing is Standing.NOW]
    return found


def fields(text: Folded, places: Gazetteer, heads: Mapping[str, Head]) -> Mapping[str, str | None]:
    """Place and name of a text."""
    own_town = None
    codes = zips(text, places)
    code = chosen(text, codes, heads["zip"], "zip")
    address = chosen(text, addresses(text, places), heads["street_address"], "street_address")
    if codes and (own_town := town_behind(text, codes[0], places)) is not None:
        code, address = Choice(codes[0], 1.0), None
    town = chosen(text, cities(text, places), heads["city"], "city")
    name = chosen(text, candidates(text), heads["name"], "name")
    code, address = parted(code, address)
    town, name = parted(town, name)
    return {
        "zip": code.candidate.words if code else None,
        "city": town.candidate.words if town else own_town,
        "state": state_behind(text, town.candidate.end) if town else None,
        "street_address": corrected(text, address.candidate) if address else None,
        "name": name.candidate.words if name else None,
    }


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
