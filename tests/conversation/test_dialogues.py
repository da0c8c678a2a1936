"""The dialogues of `dialogues/` and `unseen/`, held by the box through `textback simulate` and judged.

FLOORS are what the box reaches, less a little, and OPEN counts what must come down to nothing: whoever makes the box
better raises the one and lowers the other. Nobody tunes on `unseen/`: only its figures are looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from tests.conversation.judge import EXPECTATIONS, Figures, Outcome, broken
from tests.conversation.play import measure
from tests.conversation.script import DIALOGUES, EXAMPLES, UNSEEN, ZONES, Dialogue, read_dialogues

FLOORS = {
    "lane": 0.98,
    "alert": 0.985,
    "fields": 0.97,
    "further": 0.985,
    "opt-out": 0.99,
    "clean": 0.99,
    "box lines met": 0.98,
    "total": 98.5,
}
UNSEEN_FLOORS = {
    "lane": 0.95,
    "alert": 0.97,
    "fields": 0.95,
    "further": 0.97,
    "opt-out": 0.99,
    "clean": 0.985,
    "box lines met": 0.97,
    "total": 97.5,
}
# To be 0, all of them, and lowered with every step: alerts of the owner that did not come, came late, too early or for nothing;
# dangers without the safety line; what was asked although it was known or nothing was to be asked; answers in the wrong language.
OPEN = {"missed": 0, "at the wrong turn": 0, "too early": 0, "false": 0, "ask_before_safety": 0}
OPEN |= {"asked in vain": 1, "english_reply": 0, "emergency_language": 0}
UNSEEN_OPEN = {"missed": 0, "at the wrong turn": 0, "too early": 0, "false": 1, "ask_before_safety": 0}
UNSEEN_OPEN |= {"asked in vain": 0, "english_reply": 0, "emergency_language": 0}
# Rules that are counted in OPEN; all the others hold strictly.
COUNTED = re.compile(r"ask_(?!photo)|any_question|english_reply|emergency_language")

Played = tuple[list[Dialogue], Figures, dict[str, Outcome]]


def played(folder: Path) -> Played:
    dialogues = read_dialogues(folder)
    figures, outcomes, _ = measure(dialogues)
    return dialogues, figures, outcomes


@pytest.fixture(scope="module")
def known() -> Played:
    return played(DIALOGUES)


@pytest.fixture(scope="module")
def unseen() -> Played:
    return played(UNSEEN)


@pytest.fixture(params=["known", "unseen"])
def each(request: pytest.FixtureRequest) -> Played:
    found: Played = request.getfixturevalue(request.param)
    return found


def still_open(figures: Figures) -> dict[str, int]:
    asked = sum(count for rule, count in figures.rules.items() if re.match(r"ask_(?!before|photo)|any_question", rule))
    return figures.alerts | figures.rules | {"asked in vain": asked}


@pytest.mark.parametrize(
    ("which", "floors", "most"),
    [("known", FLOORS, OPEN), ("unseen", UNSEEN_FLOORS, UNSEEN_OPEN)],
    ids=["known", "unseen"],
)
def test_dialogues_are_held_as_well_as_before(
    which: str, floors: dict[str, float], most: dict[str, int], request: pytest.FixtureRequest
) -> None:
    _, figures, _ = request.getfixturevalue(which)
    table = figures.table()
    assert {name: table[name] for name, floor in floors.items() if table[name] < floor} == {}
    count = still_open(figures)
    assert {name: count[name] for name in most if count.get(name, 0) > most[name]} == {}


def test_the_box_never_says_what_it_must_not(each: Played) -> None:
    dialogues, _, outcomes = each
    found = {d.id: [rule for rule in broken(d, outcomes[d.id].said) if not COUNTED.match(rule)] for d in dialogues}
    assert {name: rules for name, rules in found.items() if rules} == {}


def test_after_an_opt_out_nothing_but_one_confirmation_follows(each: Played) -> None:
    dialogues, _, outcomes = each
    ends = [d for d in dialogues if d.opt_out]
    assert len(ends) >= 5
    for dialogue in ends:
        stop = next(must.from_turn for must in dialogue.must_not if must.check == "max_out")
        later = [said for said in outcomes[dialogue.id].said if said.after_turn >= stop]
        assert [said.purpose for said in later] in ([], ["opt_out_confirmation"]), dialogue.id
        assert not any("?" in said.text for said in later), dialogue.id


def test_there_are_dialogues_of_every_trade_and_enough_in_spanish(each: Played) -> None:
    dialogues, _, _ = each
    assert {d.trade for d in dialogues} == set(ZONES)
    languages = Counter(d.lang for d in dialogues)
    assert set(languages) == {"en", "es", "mixed"}
    assert languages["es"] + languages["mixed"] >= 0.3 * len(dialogues)


def test_there_are_many_dialogues_and_none_twice(known: Played, unseen: Played) -> None:
    ours, theirs = known[0], unseen[0]
    assert (len(ours) >= 200, len(theirs) >= 60) == (True, True)
    ids = [d.id for d in ours + theirs]
    assert len(set(ids)) == len(ids)
    long_texts = [_plain(line.says) for d in ours + theirs for line in d.turns if len(line.says) > 20]
    again = {text for text, times in Counter(long_texts).items() if times > 1}
    assert again == {_plain("This mailbox is not monitored. Please visit our website for support.")}


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


def test_what_goes_on_the_calendar_list_keeps_the_rules_of_the_shop(each: Played) -> None:
    dialogues, _, _ = each
    for dialogue in dialogues:
        rules = yaml.safe_load((EXAMPLES / f"{dialogue.trade}.yaml").read_text("utf-8"))
        zips, cities, facts = rules["area"]["zips"], rules["area"]["cities"], dialogue.fields
        near = facts["zip"] in zips if "zip" in facts else facts.get("city") in cities
        if dialogue.lane == "book":
            assert rules["services"].get(facts["service"], {}).get("bookable") is True, dialogue.id
            assert near, dialogue.id
            assert {"name", "timeline"} <= set(facts), dialogue.id
        elif near and {"service", "name", "timeline"} <= set(facts) and dialogue.lane == "message":
            easy = rules["services"].get(facts["service"], {}).get("bookable") is True
            assert not easy or "urgent" in dialogue.why, dialogue.id


def test_who_is_to_be_alerted_is_escalated(each: Played) -> None:
    for dialogue in each[0]:
        assert (dialogue.alert is not None) == ("escalate" in dialogue.accept["lane"]) or dialogue.alert_forgiven_until


def test_what_is_expected_of_the_box_is_written_in_known_words(each: Played) -> None:
    dialogues, _, _ = each
    words = {w for d in dialogues for line in d.talk if line.who == "box" for w in re.split(r", *", line.says)}
    assert words <= set(EXPECTATIONS)
