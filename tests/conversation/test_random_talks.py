"""Whatever callers and office write in whatever order, some things never happen.

The talks are put together at random, with fixed seeds, from the callers' texts of `dialogues/`: of one trade, but of different
people, so that most of them make no sense. Nothing is expected of them but what must hold of any talk.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from tests.conversation.judge import Said, broken
from tests.conversation.play import Effect, play
from tests.conversation.script import CALLER, DIALOGUES, ZONES, Dialogue, Line, MustNot, read_dialogues, timed_events

TALKS = 120
OUTAGES_S = (10, 60, 900, 3 * 3600, 5 * 3600)
LINES = 14
GAPS_S = (5, 20, 90, 90, 90, 600, 7200, 6 * 3600)
MOST_TEXTS = 8  # automatic texts of one conversation: FEATURES and settings say the same
TAKEOVER = timedelta(hours=24)
# What may be written although a person has the thread or the number of texts is used up.
ALWAYS = {"safety", "opt_out_confirmation", "help"}
NEVER = (
    *(
        "promise_arrival",
        "confirmed_without_slot",
        "price",
        "diagnose_gas",
        "diy_electrical",
        "diy_garage",
        "pretend_human",
    ),
    *("insurance_promise", "admit_liability", "leak_owner_number"),
)


@cache
def callers_texts(trade: str) -> tuple[str, ...]:
    return tuple(line.says for d in read_dialogues(DIALOGUES) if d.trade == trade for line in d.turns)


@cache
def random_talk(seed: int) -> Dialogue:
    luck = random.Random(seed)
    trade = luck.choice(sorted(ZONES))
    at = datetime(2026, 3, 2, tzinfo=ZONES[trade]) + timedelta(minutes=luck.randrange(5 * 1440))
    started, lines, turn = at, [], 0
    for _ in range(LINES):
        at += timedelta(seconds=luck.choice(GAPS_S))
        who = luck.choice(["caller"] * 16 + ["office", "office calls", "call", "call"])
        says = {
            "office": "Ann here, let me look",
            "office calls": luck.choice(["yes", "no"]),
            "call": luck.choice(["missed", "answered"]),
            "caller": luck.choice([*callers_texts(trade), "STOP", "START", "HELP", "URGENT"]),
        }[who]
        turn += who == "caller"
        lines.append(Line(who, says, at, turn))
    lines.append(Line("wait", "", at + timedelta(days=4), turn))
    events = list(timed_events(trade, started, tuple(lines)))
    return Dialogue(
        id=f"talk {seed}",
        trade=trade,
        lang="mixed",
        started=started,
        talk=tuple(lines),
        lane="message",
        alert=None,
        alert_forgiven_until=0,
        further="no",
        opt_out=False,
        fields={},
        must_not=tuple(map(MustNot, NEVER)),
        accept={},
        why="at random",
        events=tuple(with_outages(events, luck) if seed % 2 else events),
    )


def with_outages(events: list[dict[str, Any]], luck: random.Random) -> Iterator[dict[str, Any]]:
    """The modem falls silent, or the network refuses, around some of the lines."""
    free = datetime.min.replace(tzinfo=UTC)
    outages = []
    for event in events[:-1]:
        moment = datetime.fromisoformat(event["at"])
        if moment > free and luck.random() < 0.3:
            began, free = moment - timedelta(seconds=1), moment + timedelta(seconds=luck.choice(OUTAGES_S))
            outages += [
                {"at": began.isoformat(), "event": "modem", "state": luck.choice(["down", "refusing"])},
                {"at": free.isoformat(), "event": "modem", "state": "up"},
            ]
    yield from sorted((*events, *outages), key=lambda event: datetime.fromisoformat(event["at"]))


@pytest.fixture(scope="module")
def talks() -> dict[int, list[Effect]]:
    done = play(random_talk(seed) for seed in range(TALKS))
    return {seed: done[f"talk {seed}"] for seed in range(TALKS)}


def to_the_caller(effects: list[Effect]) -> list[Effect]:
    return [effect for effect in effects if effect["effect"] == "text" and effect["to"] == CALLER]


def wants_no_texts(effects: list[Effect], moment: datetime) -> bool:
    states = [e["state"] for e in effects if e["effect"] == "opt_out" and at(e) <= moment]
    return bool(states and states[-1])


def at(effect: Effect) -> datetime:
    return datetime.fromisoformat(effect["at"])


@pytest.mark.parametrize("seed", range(TALKS))
def test_nothing_is_said_that_nobody_agreed_to(seed: int, talks: dict[int, list[Effect]]) -> None:
    texts = [Said(0, e["body"], e["purpose"], at(e)) for e in to_the_caller(talks[seed])]
    assert broken(random_talk(seed), texts) == []


@pytest.mark.parametrize("seed", range(TALKS))
def test_who_wants_no_texts_gets_none(seed: int, talks: dict[int, list[Effect]]) -> None:
    out, confirmed = False, 0
    for effect in talks[seed]:
        if effect["effect"] == "opt_out" and effect["peer"] == CALLER:
            out, confirmed = effect["state"], 0
        elif out and effect in to_the_caller([effect]):
            confirmed += 1
            assert (effect["purpose"], confirmed) == ("opt_out_confirmation", 1), effect


@pytest.mark.parametrize("seed", range(TALKS))
def test_a_person_who_has_taken_over_is_not_interrupted(seed: int, talks: dict[int, list[Effect]]) -> None:
    for line in random_talk(seed).talk:
        if line.who == "office" and not wants_no_texts(talks[seed], line.at):  # else it did not go out
            meanwhile = [e for e in to_the_caller(talks[seed]) if line.at <= at(e) < line.at + TAKEOVER]
            said_start = [m.at for m in random_talk(seed).turns if m.says == "START"]
            answers = [e for e in meanwhile if e["purpose"] not in ALWAYS and at(e) not in said_start]
            # Whose emergency came after that must not wait for somebody who does not come, whoever writes to him besides.
            alerted = any(e["effect"] == "escalation" and at(e) >= line.at for e in talks[seed])
            assert [e for e in answers if not (alerted and e["template"].startswith("alert_nobody"))] == [], line


@pytest.mark.parametrize("seed", range(TALKS))
def test_no_question_is_asked_twice_in_the_same_words(seed: int, talks: dict[int, list[Effect]]) -> None:
    asked = Counter(e["body"] for e in to_the_caller(talks[seed]) if e["purpose"] == "question")
    assert {body: times for body, times in asked.items() if times > 1} == {}


@pytest.mark.parametrize("seed", range(TALKS))
def test_automatic_texts_come_to_an_end(seed: int, talks: dict[int, list[Effect]]) -> None:
    counted = [e for e in to_the_caller(talks[seed]) if e["purpose"] not in ALWAYS | {"opener"}]
    # Who heard that somebody was told of his emergency hears too that nobody comes, however many texts went before.
    counted = [e for e in counted if not e["template"].startswith("alert_nobody")]
    starts = sum(line.says == "START" for line in random_talk(seed).turns)
    assert len(counted) <= MOST_TEXTS + starts


@pytest.mark.parametrize("seed", range(TALKS))
def test_that_the_owner_was_texted_is_said_only_behind_his_text(seed: int, talks: dict[int, list[Effect]]) -> None:
    alerted: set[int] = set()
    for effect in talks[seed]:
        if effect["effect"] == "text" and effect["purpose"] == "escalation":
            alerted.add(effect["lead"])
        elif effect["effect"] == "text" and effect["template"].startswith(("alert_sent", "not_covered")):
            assert effect["lead"] in alerted, effect


@pytest.mark.parametrize("seed", range(TALKS))
def test_every_emergency_is_told_to_the_owner_or_shown_as_untold(seed: int, talks: dict[int, list[Effect]]) -> None:
    last = {e["lead"]: e for e in talks[seed] if e["effect"] == "lead"}
    alerted = {e["lead"] for e in talks[seed] if e["effect"] == "text" and e["purpose"] == "escalation"}
    for lead, effect in last.items():
        if effect["lane"] == "escalate":
            assert lead in alerted or "could not be texted" in effect["next_step"], effect


@pytest.mark.parametrize("seed", range(TALKS))
def test_every_lead_says_what_has_to_be_done(seed: int, talks: dict[int, list[Effect]]) -> None:
    for effect in talks[seed]:
        if effect["effect"] == "lead":
            assert (effect["next_step"] == "") == (effect["lane"] == "none"), effect


def test_the_talks_are_not_all_alike(talks: dict[int, list[Effect]]) -> None:
    assert {random_talk(seed).trade for seed in range(TALKS)} == set(ZONES)
    assert any(e["effect"] == "opt_out" for effects in talks.values() for e in effects)
    assert sum(len(to_the_caller(effects)) for effects in talks.values()) > TALKS
