"""How well texts are read: the measures.

A text whose label may be this or that (`accept`) counts as right with either, and is left out of a yes-or-no measure
that it cannot decide.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.core.understanding.reader import Reading
from gateway.training.labelled import Labelled
from gateway.training.labels import FIELDS, LABELS
from gateway.training.same import same

Read = Callable[[str, str], Reading]
_NOT_A_CUSTOMER = frozenset({"vendor_or_sales", "spam", "job_seeker", "wrong_number", "opt_out", "opt_in", "help"})
_HAS_TIMELINE = frozenset(
    {"new_service", "booking_request", "reschedule", "price_question", "existing_customer", "call_me_back"}
)


@dataclass(slots=True)
class Tally:
    """Yes or no, told against the truth."""

    hits: int = 0
    missed: int = 0
    false: int = 0
    right_no: int = 0

    def add(self, truth: bool, told: bool) -> None:
        match truth, told:
            case True, True:
                self.hits += 1
            case True, False:
                self.missed += 1
            case False, True:
                self.false += 1
            case _:
                self.right_no += 1

    @property
    def recall(self) -> float:
        return _share(self.hits, self.hits + self.missed)

    @property
    def precision(self) -> float:
        return _share(self.hits, self.hits + self.false)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Score:
    """Everything that is measured on a set of texts, and the texts that were read wrongly, by measure."""

    texts: int = 0
    yes_no: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    shares: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    intents: list[tuple[str, str, bool]] = field(default_factory=list)
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    took_s: list[float] = field(default_factory=list)  # of the processor, for each text
    reader_kib: int = 0  # memory that the reader takes, where that was measured

    def share(self, name: str, part: bool) -> None:
        self.shares[name][0] += part
        self.shares[name][1] += 1

    def of(self, name: str) -> float:
        return _share(*self.shares[name]) if name in self.shares else 0.0

    @property
    def fields(self) -> float:
        """Mean F1 of the fields."""
        found = [self.yes_no[name].f1 for name in FIELDS if name in self.yes_no]
        return sum(found) / len(found) if found else 0.0

    def figures(self) -> dict[str, float]:
        """The figures that are quoted and guarded, 0..1."""
        return {
            "emergency recall": self.yes_no["emergency"].recall,
            "emergency recall without alarm words": self.of("emergency without alarm words"),
            "emergency precision": self.yes_no["emergency"].precision,
            "false alarms on look-alikes": self.of("false alarm on a look-alike"),
            "life-safety recall": self.yes_no["life_safety"].recall,
            "life-safety precision": self.yes_no["life_safety"].precision,
            "opt-out recall": self.yes_no["opt_out"].recall,
            "false opt-outs on look-alikes": self.of("false opt-out on a look-alike"),
            "intent accuracy": self.of("intent"),
            "urgency accuracy": self.of("urgency"),
            "service F1": self.yes_no["service"].f1,
            "fields mean F1": self.fields,
            **{f"{name} F1": self.yes_no[name].f1 for name in FIELDS},
        }


def score(texts: Iterable[Labelled], read: Read) -> Score:
    """Read every text and tell how well."""
    result = Score()
    for text in texts:
        began = time.thread_time()
        told = read(text.text, text.trade)
        result.took_s.append(time.thread_time() - began)
        _add(result, text, told)
    return result


def _add(result: Score, text: Labelled, told: Reading) -> None:
    result.texts += 1
    truth = text.labels

    def right(label: str) -> Sequence[str | bool | None]:
        return text.accept.get(label, (truth[label],))

    def wrong(kind: str, got: object) -> None:
        result.wrong[kind].append(
            f"{text.id}: {text.text!r} wants {'/'.join(map(str, right(kind.split(' ')[0])))}, read {got}"
        )

    urgencies = right("urgency")
    emergency = told.urgency == "emergency"
    if set(urgencies) == {"emergency"} or "emergency" not in urgencies:
        must = set(urgencies) == {"emergency"}
        result.yes_no["emergency"].add(must, emergency)
        if must != emergency:
            wrong("urgency missed" if must else "urgency false alarm", told.urgency)
        if must and "nokw" in text.tags:
            result.share("emergency without alarm words", emergency)
        if not must and text.tags & {"lookalike", "neg", "past", "hypo", "idiom"}:
            result.share("false alarm on a look-alike", emergency)
    result.share("urgency", told.urgency in urgencies)
    for label, got in (("life_safety", told.life_safety), ("opt_out", told.opt_out)):
        if len(set(right(label))) == 1:
            must = bool(right(label)[0])
            result.yes_no[label].add(must, got)
            if must != got:
                wrong(f"{label} {'missed' if must else 'false'}", got)
            if label == "opt_out" and "oo_like" in text.tags:
                result.share("false opt-out on a look-alike", got)
    result.share("intent", told.intent in right("intent"))
    result.intents.append((str(truth["intent"]), told.intent, told.intent in right("intent")))
    if told.intent not in right("intent"):
        wrong("intent", told.intent)
    _add_value(result.yes_no["service"], right("service"), told.service, told.service in right("service"))
    if told.service not in right("service"):
        wrong("service", told.service)
    for name in FIELDS:
        if name != "zip" and truth["intent"] in _NOT_A_CUSTOMER:
            continue
        if name == "timeline" and truth["timeline"] is None and truth["intent"] not in _HAS_TIMELINE:
            continue
        got_value: str | None = getattr(told, name)
        values = right(name)
        if got_value is None:
            good = None in values or False in values
        else:
            good = any(isinstance(value, str) and same(name, value, got_value) for value in values)
        _add_value(result.yes_no[name], values, got_value, good)
        if not good:
            wrong(name, got_value)


def _add_value(tally: Tally, truth: Sequence[str | bool | None], told: str | None, good: bool) -> None:
    """A value that is wrong counts twice, as one told falsely and one missed."""
    wanted = truth[0] is not None and None not in truth
    if good:
        tally.hits += told is not None
    else:
        tally.false += told is not None
        tally.missed += wanted


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def confusions(result: Score, most: int = 12) -> list[tuple[str, str, int]]:
    """The intents that are taken for one another most often: truth, told, how often."""
    counts = Counter((truth, told) for truth, told, good in result.intents if not good)
    return [(truth, told, count) for (truth, told), count in counts.most_common(most)]


def table(figures: Mapping[str, float]) -> str:
    return "\n".join(f"  {name:<40} {value:.3f}" for name, value in figures.items())


def disagreements(one: Iterable[Labelled], other: Iterable[Labelled]) -> dict[str, list[str]]:
    """Texts on whose labels two passes share no right value, by label. Both passes hold the same texts."""
    first = {(text.trade, text.text): text for text in one}
    found: dict[str, list[str]] = {label: [] for label in LABELS}
    for text in other:
        against = first[text.trade, text.text]
        for label in LABELS:
            mine, theirs = _right(against, label), _right(text, label)
            alike = any(
                a == b or (a and b and label in FIELDS and same(label, str(a), str(b))) for a in mine for b in theirs
            )
            if not alike:
                found[label].append(text.text)
    return found


def _right(text: Labelled, label: str) -> set[str | bool | None]:
    return {value or None for value in (*text.accept.get(label, ()), text.labels[label])}
