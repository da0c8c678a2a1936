"""Which of the times that a text names are the ones that its labels say: what the head for times is taught."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gateway.core.understanding.roles import WISH_ROLES, field_of, joined
from gateway.core.understanding.surroundings import NO_ROLE
from gateway.core.understanding.when import Wish
from gateway.training.labelled import Labelled
from gateway.training.same import same, time_words

ENOUGH = 0.5  # share of a label's words that a choice of times must say to be learnt from


def roles_of(text: Labelled, found: Sequence[Wish]) -> list[str]:
    """The role of each time of a text: the smallest choice of times and wordings that says what the labels say."""
    roles = [NO_ROLE] * len(found)
    for label in ("callback_time", "timeline"):
        best: tuple[float, float, int, list[str]] | None = None
        for rank, said in enumerate(wordings(text, label)):
            chosen = _chosen(found, roles, label, said)
            if any(role != NO_ROLE for role in chosen):
                told = joined(
                    [
                        wish.worded(field_of(role)[1])
                        for wish, role in zip(found, chosen, strict=True)
                        if role != NO_ROLE
                    ]
                )
                right = told is not None and same(label, said, told)
                covered = _overlap(said, told or "")
                rating = (1.0 if right else 0.0, covered, -rank, chosen)
                if best is None or rating[:3] > best[:3]:
                    best = rating
        if best is not None and (best[0] or best[1] >= ENOUGH):
            roles = [new if new != NO_ROLE else old for old, new in zip(roles, best[3], strict=True)]
    return roles


def _overlap(one: str, other: str) -> float:
    mine, theirs = Counter(time_words(one)), Counter(time_words(other))
    return 2 * sum((mine & theirs).values()) / max(1, sum(mine.values()) + sum(theirs.values()))


def _chosen(found: Sequence[Wish], taken: Sequence[str], label: str, said: str) -> list[str]:
    """A role for each time so that the times with one say `said`, or as much of it as can be said without other words."""
    wanted = Counter(time_words(said))
    options: list[list[tuple[str, Counter[str]]]] = []
    for wish, role in zip(found, taken, strict=True):
        fitting: list[tuple[str, Counter[str]]] = []
        if role == NO_ROLE:
            for option in WISH_ROLES[1:]:
                name, wording = field_of(option)
                words = Counter(time_words(wish.worded(wording)))
                alike = any(words == other for _, other in fitting)
                if name == label and words and not alike and not words - wanted:
                    fitting.append((option, words))
        options.append(fitting)
    best: tuple[int, int, int, list[str]] = (0, 0, 0, [NO_ROLE] * len(found))

    def search(place: int, left: Counter[str], chosen: list[str]) -> None:
        nonlocal best
        if place == len(found):
            spots = [at for at, role in enumerate(chosen) if role != NO_ROLE]
            reach = found[spots[-1]].end - found[spots[0]].start if spots else 0
            rating = (-sum(left.values()), -len(spots), -reach, list(chosen))
            if not best[3] or rating[:3] > best[:3] or not any(role != NO_ROLE for role in best[3]):
                best = rating
            return
        for role, words in options[place]:
            if not words - left:
                chosen.append(role)
                search(place + 1, left - words, chosen)
                chosen.pop()
        chosen.append(NO_ROLE)
        search(place + 1, left, chosen)
        chosen.pop()

    search(0, wanted, [])
    return best[3]


def wordings(text: Labelled, label: str) -> list[str]:
    """Every right wording of a field."""
    return [str(value) for value in text.accept.get(label, (text.labels[label],)) if value]
