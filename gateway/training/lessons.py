"""From labelled texts to a model: which head learns what from which text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gateway.core.understanding import optouts
from gateway.core.understanding.everyday import Everyday
from gateway.core.understanding.everyday import joined as with_words
from gateway.core.understanding.features import features, with_concepts
from gateway.core.understanding.folded import Folded, fold
from gateway.core.understanding.menus import NO_SERVICE, Evidence, evidence_of
from gateway.core.understanding.model import Head, Model
from gateway.core.understanding.people import Candidate, candidates
from gateway.core.understanding.places import Gazetteer
from gateway.core.understanding.reader import evidence, meant
from gateway.core.understanding.roles import WISH_ROLES, YES_NO
from gateway.core.understanding.signs import signs
from gateway.core.understanding.situations import concepts, situations
from gateway.core.understanding.spelling import Spelling
from gateway.core.understanding.streets import addresses, corrected
from gateway.core.understanding.surroundings import candidate_features, wish_features
from gateway.core.understanding.vocabulary import Vocabulary
from gateway.core.understanding.when import wishes
from gateway.core.understanding.where import cities, zips
from gateway.training.choosing import Choice, fit_services
from gateway.training.everyday import everyday_words, spelling_of
from gateway.training.fit import Course, Example, Floats, fit
from gateway.training.labelled import Labelled
from gateway.training.labels import INTENTS, MENUS, URGENCIES
from gateway.training.meant_times import roles_of, wordings
from gateway.training.same import same

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

SAFETY_COURSE = Course(epochs=10, rate=0.6, decay=1e-3, runs=3)  # cross-validated: hands left out in turn
ROLES = frozenset({"wish", "name", "zip", "city", "street_address"})
ROLE_RUNS = 2  # few examples beside the other heads': what one order of them leaves hangs on chance
EVENED = 0.4  # writers not seen ask for something else than new work more often; more of it makes plain words look odd
MAIN = 0.7  # share of the truth that the label itself gets where others are accepted too


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text, and with its slips mended the features of its words alone, those with all that the rules found, the signs of what
    it means, and the signs for its menu."""

    text: Labelled
    words: Numbers
    numbers: Numbers
    marks: Numbers
    signs: Evidence


def lesson(text: Labelled, menu: Vocabulary, spelling: Spelling) -> Lesson:
    """A text as the reader sees it."""
    sent = fold(text.text)
    folded = meant(sent, spelling)
    hits = menu.hits(folded)
    found = list(situations(folded))
    words = features(folded.plain, concepts(found))
    numbers = with_concepts(words, evidence(sent, hits, timed=bool(wishes(folded))))
    return Lesson(
        text,
        words=np.array(words, dtype=np.int64),
        numbers=np.array(numbers, dtype=np.int64),
        marks=np.array(signs(folded, found, optouts.wish(sent)), dtype=np.int64),
        signs=evidence_of(folded, hits),
    )


def truth(text: Labelled, label: str, classes: Sequence[str]) -> Floats:
    """How much of the truth each class has."""
    row = np.zeros(len(classes), np.float32)
    main = _named(text.labels[label], label)
    others = {_named(value, label) for value in text.accept.get(label, ())} - {main}
    row[classes.index(main)] = MAIN if others else 1.0
    for other in others:
        row[classes.index(other)] += (1 - MAIN) / len(others)
    return row


def _named(value: str | bool | None, label: str) -> str:
    if label in ("life_safety", "opt_out"):
        return YES_NO[bool(value)]
    return NO_SERVICE if not value else str(value)


def learn(texts: Sequence[Labelled], menus: Mapping[str, Vocabulary], course: Course) -> Model:
    """A model, learnt from texts."""
    spelling = spelling_of(texts)
    prepared = [lesson(text, menus[text.trade], spelling) for text in texts]
    everyday = everyday_words(texts)
    plain = {
        name: fit(examples, classes, replace(course, runs=ROLE_RUNS) if name in ROLES else course)
        for lessons in (label_lessons(prepared), role_lessons(texts, Everyday(everyday), spelling))
        for name, classes, examples in lessons
    }
    safe = {name: fit(examples, YES_NO, SAFETY_COURSE) for name, examples in safety_lessons(prepared)}
    by_signs = {
        f"{label} by signs": fit(
            balanced([Example(one.marks, truth(one.text, label, classes)) for one in prepared]), classes, SAFETY_COURSE
        )
        for label, classes in (("intent", INTENTS), ("urgency", URGENCIES))
    }
    often = Counter(str(text.labels["intent"]) for text in texts)
    for view in (plain, by_signs):
        for name in view:
            if name.startswith("intent"):
                view[name] = evened(view[name], often, EVENED)
    heads = (
        plain
        | {"name": with_words(plain["name"], everyday)}
        | safe
        | by_signs
        | fit_services(service_lessons(prepared), {trade: (NO_SERVICE, *menu) for trade, menu in MENUS.items()})
    )
    return Model(heads, spelling)


def evened(head: Head, often: Mapping[str, int], share: float) -> Head:
    """A head that expects its classes less by how often they were met in learning: other writers, other shares.

    `share` 0 leaves it as it is, 1 expects each class equally often.
    """
    total = sum(often.values())
    expected = [math.log(max(often.get(name, 0), 1) / total) for name in head.classes]
    biases = tuple(bias - share * part for bias, part in zip(head.biases, expected, strict=True))
    return replace(head, biases=biases)


def label_lessons(prepared: Sequence[Lesson]) -> Iterator[tuple[str, Sequence[str], list[Example]]]:
    """What each head learns: its name, its classes and its examples, rare classes weighted up."""
    plain: Mapping[str, Sequence[str]] = {
        "intent": INTENTS,
        "urgency": URGENCIES,
        "life_safety": YES_NO,
        "opt_out": YES_NO,
    }
    for label, classes in plain.items():
        yield label, classes, balanced([Example(one.numbers, truth(one.text, label, classes)) for one in prepared])


def service_lessons(prepared: Sequence[Lesson]) -> list[Choice]:
    """The texts of all trades, each with the line of its menu that it is about; rare lines weighted up."""
    choices: list[Choice] = []
    for trade, menu in MENUS.items():
        classes = (NO_SERVICE, *menu)
        own = [one for one in prepared if one.text.trade == trade]
        if not own:
            continue
        examples = balanced([Example(one.words, truth(one.text, "service", classes)) for one in own])
        for one, example in zip(own, examples, strict=True):
            signs = {
                classes.index(key): np.array(numbers, np.int64)
                for key, numbers in one.signs.lines.items()
                if key in classes
            }
            choices.append(Choice(trade, example, {**signs, 0: np.array(one.signs.none, np.int64)}))
    return choices


def safety_lessons(prepared: Sequence[Lesson]) -> Iterator[tuple[str, list[Example]]]:
    """What the heads learn that decide about danger, emergency and opt-out; a label in doubt counts in part."""
    for name, label, yes in (
        ("danger", "life_safety", True),
        ("alarm", "urgency", "emergency"),
        ("leave", "opt_out", True),
    ):
        rows = []
        for one in prepared:
            right = one.text.accept.get(label, (one.text.labels[label],))
            share = sum(value == yes for value in right) / len(right)
            rows.append(Example(one.marks, np.array([1 - share, share], np.float32)))
        yield name, balanced(rows)


def role_lessons(
    texts: Sequence[Labelled], known: Everyday, spelling: Spelling
) -> Iterator[tuple[str, Sequence[str], list[Example]]]:
    """What tells a wanted time from one for a call and from any other, and the name, the ZIP code, the city and the
    address from what only looks like one."""
    folded = [(text, fold(text.text)) for text in texts]
    times: list[Example] = []
    for text, sent in folded:
        mended = meant(sent, spelling)
        found = wishes(mended)
        roles = roles_of(text, found)
        for place, role in enumerate(roles):
            numbers = np.array(wish_features(mended, found, place, roles[:place]))
            times.append(Example(numbers, _one(WISH_ROLES.index(role), len(WISH_ROLES))))
    yield "wish", WISH_ROLES, times
    places = Gazetteer.of(())
    finders: Mapping[str, Callable[[Folded], Sequence[Candidate]]] = {
        "name": candidates,
        "zip": lambda plain: zips(plain, places),
        "city": lambda plain: cities(plain, places),
        "street_address": lambda plain: addresses(plain, places),
    }
    for label, find in finders.items():
        examples: list[Example] = []
        for text, plain in folded:
            said = wordings(text, label)
            for candidate in find(plain):
                words = corrected(plain, candidate) if label == "street_address" else candidate.words
                right = any(same(label, one, words) for one in said)
                numbers = np.array(candidate_features(plain, candidate, label, known))
                examples.append(Example(numbers, _one(int(right), len(YES_NO))))
        yield label, YES_NO, examples


def _one(at: int, count: int) -> Floats:
    row = np.zeros(count, np.float32)
    row[at] = 1.0
    return row


def balanced(examples: Sequence[Example]) -> list[Example]:
    """Weights by which a rare class counts as much as the square root of how rare it is."""
    totals = sum((example.truth for example in examples), start=np.zeros_like(examples[0].truth))
    share = np.maximum(totals, 1.0) / max(len(examples), 1)
    weight = np.sqrt(1 / (share * len(share)))
    weight /= float((weight * share).sum())
    return [Example(example.features, example.truth, float(example.truth @ weight)) for example in examples]
