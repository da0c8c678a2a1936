"""The dialogues of `ladder/`: emergencies that our people are told of, and their telephones as remote controls.

Unlike the other dialogues these hold without exception, and every text in them is true of its moment.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

import pytest

from gateway.core.alphabet import segment_count
from tests.conversation.judge import Figures
from tests.conversation.play import Effect, measure
from tests.conversation.script import CALLER, LADDER, OTHER, ZONES, Dialogue, read_dialogues, telephones

TOLD = re.compile(r"has been texted|Le enviamos un texto|Le avisamos por texto")
SEEN = re.compile(r"^(.*?) (?:has seen your message|ya vio su mensaje)")
NOBODY = re.compile(r"nobody has confirmed yet\. Please call|nadie ha confirmado\. Llame")
SOMEBODY = ("Our on-call person", "La persona de guardia", "Somebody from our office", "Una persona de la oficina")
IN_PARTS = frozenset({"owner_notice"})  # what a caller writes to who has the conversation may be long

Held = tuple[list[Dialogue], Figures, dict[str, list[Effect]]]


@pytest.fixture(scope="module")
def held() -> Held:
    dialogues = read_dialogues(LADDER)
    figures, _, effects = measure(dialogues)
    return dialogues, figures, effects


def test_each_of_them_goes_as_it_is_written(held: Held) -> None:
    dialogues, figures, _ = held
    assert figures.wrong == {}
    assert len(dialogues) >= 60


def test_they_are_of_every_trade_and_a_fifth_in_spanish(held: Held) -> None:
    dialogues, _, _ = held
    assert {d.trade for d in dialogues} == set(ZONES)
    assert Counter(d.lang for d in dialogues)["es"] * 5 >= len(dialogues)
    assert all(d.people for d in dialogues)


def test_a_caller_reads_of_an_alert_when_it_is_out_and_of_a_person_when_he_has_said_so(held: Held) -> None:
    dialogues, _, effects = held
    claims = 0
    for dialogue in dialogues:
        leads = {effect["peer"]: effect["lead"] for effect in effects[dialogue.id] if effect["effect"] == "lead"}
        for place, effect in enumerate(effects[dialogue.id]):
            if effect["effect"] != "text" or effect["to"] not in (CALLER, OTHER):
                continue
            mine = [
                each for each in effects[dialogue.id][:place] if each.get("lead") == leads.get(effect["to"], "nobody")
            ]
            states = [each["state"] for each in mine if each["effect"] == "escalation"]
            claims += _claims(effect["body"], states, mine)
    assert claims >= 100


def _claims(body: str, states: list[str], before: list[Effect]) -> int:
    """How much a text says of what became of an emergency; all of it has to follow from what was before."""
    told, seen, nobody = TOLD.search(body), SEEN.search(body), NOBODY.search(body)
    if told:
        assert any(each["effect"] == "text" and each["purpose"] == "escalation" for each in before), body
    if seen:
        assert states[-1] == "acknowledged", body
        by = next(each["by"] for each in reversed(before) if each["effect"] == "escalation")
        assert seen[1].removeprefix("10: ") in (by, *SOMEBODY), body
    if nobody:
        assert states[-1] == "exhausted", body
    return sum(map(bool, (told, seen, nobody)))


def test_what_our_people_read_fits_one_segment_and_a_lock_screen(held: Held) -> None:
    dialogues, _, effects = held
    for dialogue in dialogues:
        ours = {number for who, number in telephones(dialogue).items() if who in ("owner", "partner")}
        for effect in effects[dialogue.id]:
            if effect["effect"] == "text" and effect["to"] in ours and effect["purpose"] not in IN_PARTS:
                assert segment_count(effect["body"]) == 1, effect["body"]


def test_nobody_is_told_twice_within_a_minute_of_the_same(held: Held) -> None:
    dialogues, _, effects = held
    for dialogue in dialogues:
        last: dict[tuple[str, str], datetime] = {}
        for effect in effects[dialogue.id]:
            if effect["effect"] == "text":
                key, at = (effect["to"], effect["body"]), datetime.fromisoformat(effect["at"])
                assert key not in last or (at - last[key]).total_seconds() > 60, effect
                last[key] = at
