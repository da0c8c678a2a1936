"""Everyday words: which are known, and how they travel with the head that was learnt with them."""

from __future__ import annotations

from gateway.core.understanding.everyday import COMMON, KNOWN, NEW, Everyday, joined, parted
from gateway.core.understanding.features import BUCKETS
from gateway.core.understanding.model import ZERO, Head, Model, pack, unpack
from gateway.training.everyday import FEW, MANY, everyday_words
from gateway.training.labelled import Labelled, labelled


def texts_of(people: int, text: str, name: str | None = None) -> list[Labelled]:
    line = {"text": text, "lang": "en", "intent": "new_service", "urgency": "routine", "name": name}
    return [labelled(line, "plumbing", f"plumbing-person{number}-1") for number in range(people)]


def test_a_word_is_known_when_several_people_wrote_it() -> None:
    words = Everyday(
        everyday_words([*texts_of(MANY, "faucet drips"), *texts_of(FEW, "the spigot"), *texts_of(1, "bibb")])
    )
    assert words.levels("faucet spigot bibb") == f"{COMMON} {KNOWN} {NEW}"


def test_names_and_words_with_a_capital_inside_a_text_are_not_counted() -> None:
    words = Everyday(everyday_words([*texts_of(MANY, "joe pastor, sink", "Joe Pastor"), *texts_of(MANY, "in Medina")]))
    assert words.levels("joe pastor medina sink") == f"{NEW} {NEW} {NEW} {COMMON}"


def test_shouted_texts_count() -> None:
    assert Everyday(everyday_words(texts_of(MANY, "MY TUB IS FULL"))).level("tub") == COMMON


def test_the_words_travel_in_the_model_and_change_nothing_of_the_head() -> None:
    table = bytes([ZERO]) * BUCKETS
    head = Head(("no", "yes"), (0.5, -0.5), 0.01, (table, table))
    model = unpack(pack(Model({"name": joined(head, everyday_words(texts_of(MANY, "faucet")))}), {}))
    own, words = parted(model.heads["name"])
    assert own == head
    assert words.level("faucet") == COMMON


def test_a_head_learnt_without_words_knows_none() -> None:
    head = Head(("no", "yes"), (0.0, 0.0), 1.0, (bytes([ZERO]) * BUCKETS,) * 2)
    own, words = parted(head)
    assert own is head
    assert not words
    assert words.level("faucet") == NEW
