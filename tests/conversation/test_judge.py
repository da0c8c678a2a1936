"""The judge of the dialogues sees what it must see: each forbidden sentence, each wrong turn, each wrong fact."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conversation.judge import Outcome, Read, Said, alert_verdict, broken, expectations, judge, reading
from tests.conversation.play import main
from tests.conversation.script import DIALOGUES, BadDialogue, Dialogue, MustNot, read_dialogues

PLAIN = """
- id: sink
  trade: plumbing
  lang: en
  talk:
  - caller: sink drips
  - box: asks
  - caller: Lenexa 66215, Ada
  - box: one text, asks nothing
  lane: [book, message]
  alert: 2-3
  then: one last
  fields: {service: faucet_fixture, zip: "66215", name: Ada, timeline: next week}
  never: [ask when to call from turn 2]
  why: an example
"""


def dialogue(tmp_path: Path, text: str = PLAIN) -> Dialogue:
    (tmp_path / "some.yaml").write_text(text, encoding="utf-8")
    (found,) = read_dialogues(tmp_path)
    return found


def said(dialogue: Dialogue, turn: int, *texts: str) -> list[Said]:
    at = dialogue.turns[turn - 1].at if turn else dialogue.started
    return [Said(turn, text, "question", at + timedelta(seconds=5 + n)) for n, text in enumerate(texts)]


def held(dialogue: Dialogue) -> Outcome:
    """An outcome with nothing wrong in it."""
    answers = said(dialogue, 1, "Where is it?") + said(dialogue, 2, "Thanks, we have noted it.")
    facts: dict[str, str | None] = dict(dialogue.fields)
    return Outcome("sink", "book", (2,), "one_final", False, facts, tuple(answers))


def test_a_dialogue_without_fault_has_all_points(tmp_path: Path) -> None:
    one = dialogue(tmp_path)
    figures = judge([one], {"sink": held(one)})
    assert figures.wrong == {}
    assert figures.total == 100
    assert figures.table()["box lines met"] == 1


@pytest.mark.parametrize(
    ("changes", "points", "fault"),
    [
        ({"lane": "none"}, 75, "lane none"),
        ({"lane": None}, 75, "lane None"),
        ({"alert_turns": ()}, 75, "alert missed"),
        ({"alert_turns": (1,)}, 75, "alert at the wrong turn"),
        ({"further": "yes"}, 90, "further text yes"),
        ({"opt_out": True}, 95, "opt-out True"),
        ({"fields": {}}, 85, "service None"),
    ],
)
def test_what_is_wrong_costs_its_weight(tmp_path: Path, changes: dict[str, object], points: float, fault: str) -> None:
    one = dialogue(tmp_path)
    figures = judge([one], {"sink": replace(held(one), **changes)})  # type: ignore[arg-type]
    assert figures.total == pytest.approx(points)
    assert figures.wrong["sink"][0].startswith(fault)


def test_a_wrong_name_counts_twice_and_a_day_put_differently_once(tmp_path: Path) -> None:
    one = dialogue(tmp_path)
    right = held(one)
    name = judge([one], {"sink": replace(right, fields=right.fields | {"name": "Eve"})})
    day = judge([one], {"sink": replace(right, fields=right.fields | {"timeline": "may"})})
    assert (name.fields, day.fields) == (pytest.approx(6 / 8), pytest.approx(6 / 7))


@pytest.mark.parametrize(
    ("value", "points"),
    [("Tues or Thurs in the morning", 100), ("tuesdays or thursday morning", 100), ("tuesday morning", 97.9)],
)
def test_a_day_may_be_shortened(tmp_path: Path, value: str, points: float) -> None:
    one = dialogue(tmp_path, PLAIN.replace("timeline: next week", "timeline: tuesday or thursday morning"))
    right = held(one)
    found = judge([one], {"sink": replace(right, fields=right.fields | {"timeline": value})})
    assert found.total == pytest.approx(points, abs=0.1)


def test_an_alert_for_nothing_is_seen_unless_it_is_forgiven(tmp_path: Path) -> None:
    calm = replace(dialogue(tmp_path), alert=None)
    assert alert_verdict(calm, ()) == "right"
    assert alert_verdict(calm, (1,)) == "false"
    forgiving = replace(calm, alert_forgiven_until=1)
    assert (alert_verdict(forgiving, (1,)), alert_verdict(forgiving, (2,))) == ("right", "false")


def test_an_alert_that_came_before_its_reason_is_counted(tmp_path: Path) -> None:
    one = dialogue(tmp_path)
    figures = judge([one], {"sink": replace(held(one), alert_turns=(1, 2))})
    assert (figures.alerts["right"], figures.alerts["too early"]) == (1, 1)
    assert judge([one], {"sink": held(one)}).alerts["too early"] == 0


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        ("ask_zip", "What is your ZIP code?"),
        ("ask_zip", "¿Cuál es su código postal?"),
        ("ask_zip_if_city", "And the ZIP?"),
        ("ask_name", "May we have your name?"),
        ("ask_name", "¿Cómo se llama?"),
        ("ask_address", "What is the address?"),
        ("ask_service", "How can we help?"),
        ("ask_service", "¿Qué necesita?"),
        ("ask_timeline", "Which day would suit you?"),
        ("ask_timeline", "¿Qué día le conviene?"),
        ("ask_callback", "What is the best time to call you?"),
        ("ask_urgency", "Is it urgent?"),
        ("any_question", "Anything else?"),
        ("promise_arrival", "A technician is on the way."),
        ("promise_arrival", "El técnico va en camino."),
        ("confirmed_without_slot", "You're booked for Tuesday."),
        ("confirmed_without_slot", "Su cita está confirmada."),
        ("price", "That is $89."),
        ("wait_until_morning", "We will look at it tomorrow morning."),
        ("diagnose_gas", "It is probably nothing."),
        ("offer_after_stop", "Call us if you need anything."),
        ("emergency_language", "Call 911."),
        ("english_reply", "Thanks, what day?"),
        ("ask_photo_twice", "Please send a photo."),
        ("diy_electrical", "Reset the breaker."),
        ("diy_garage", "Pull the red cord."),
        ("pretend_human", "I'm a real person."),
        ("insurance_promise", "Your insurance will cover it."),
        ("admit_liability", "We'll refund you."),
        ("treat_as_opt_out", "You will get no more texts from us."),
        ("leak_owner_number", "The owner is at (913) 555-0190."),
    ],
)
def test_a_forbidden_sentence_is_seen_and_a_harmless_one_is_not(tmp_path: Path, check: str, sentence: str) -> None:
    one = replace(dialogue(tmp_path), must_not=(MustNot(check, 2),))
    assert broken(one, said(one, 2, sentence)) == [f"{check}@2"]
    assert broken(one, said(one, 1, sentence)) == []
    assert broken(one, said(one, 2, "Recibido. El negocio lo tiene anotado.")) == []


def test_the_same_text_twice_and_too_many_texts_are_seen(tmp_path: Path) -> None:
    one = replace(dialogue(tmp_path), must_not=(MustNot("same_text_twice"), MustNot("max_out", 2, 1)))
    assert broken(one, said(one, 1, "Where is it?") + said(one, 2, "where is  it?")) == ["same_text_twice@0"]
    assert broken(one, said(one, 2, "Noted.", "And noted again.")) == ["max_out@2"]
    assert broken(one, said(one, 1, "Noted.", "Where?") + said(one, 2, "Noted again.")) == []


@pytest.mark.parametrize(
    ("texts", "breaks"),
    [
        ([], True),
        (["Where is it?"], True),
        (["Where is it? Call 911."], True),
        (["Call 911 now. Where is it?"], False),
        (["Salga de la casa y llame al 911."], False),
    ],
)
def test_in_danger_the_safety_line_comes_before_any_question(tmp_path: Path, texts: list[str], breaks: bool) -> None:
    one = replace(dialogue(tmp_path), must_not=(MustNot("ask_before_safety", 2),))
    assert bool(broken(one, said(one, 2, *texts))) is breaks


def test_a_line_of_the_box_speaks_of_the_texts_that_follow_it(tmp_path: Path) -> None:
    one = dialogue(tmp_path)
    met = [is_met for _, _, is_met in expectations(one, tuple(said(one, 1, "Noted.") + said(one, 2, "Day?", "Name?")))]
    assert met == [False, False, False]
    met = [is_met for _, _, is_met in expectations(one, tuple(said(one, 1, "Where?") + said(one, 2, "Noted.")))]
    assert met == [True, True, True]


def test_a_long_wait_parts_the_answer_from_what_comes_later(tmp_path: Path) -> None:
    waits = PLAIN.replace(
        "  - caller: Lenexa 66215, Ada\n", "  - wait: tue 12:00\n  - box: one text\n  - caller: Ada\n"
    )
    one = dialogue(tmp_path, waits)
    answer = said(one, 1, "Where?")
    later = [Said(1, "Still there?", "follow_up", one.turns[0].at + timedelta(hours=22))]
    assert [is_met for *_, is_met in expectations(one, tuple(answer + later))][:2] == [True, True]
    assert [is_met for *_, is_met in expectations(one, tuple(later))][:2] == [False, True]
    assert [is_met for *_, is_met in expectations(one, tuple(answer))][:2] == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("why:", "whi:", "unknown whi"),
        ("  lane: [book, message]\n", "", "lane is missing"),
        ("trade: plumbing", "trade: bakery", "bakery"),
        ("ask when to call from", "ask the moon from", "ask the moon"),
        ("  - caller: sink drips", "  - passer-by: sink drips", "passer-by"),
    ],
)
def test_a_dialogue_that_cannot_be_read_is_named(tmp_path: Path, old: str, new: str, what: str) -> None:
    with pytest.raises(BadDialogue, match=what) as caught:
        dialogue(tmp_path, PLAIN.replace(old, new))
    assert "some.yaml: sink" in str(caught.value)


def test_what_is_known_is_never_to_be_asked_again(tmp_path: Path) -> None:
    checks = {(must.check, must.from_turn) for must in dialogue(tmp_path).must_not}
    assert {("ask_zip", 2), ("ask_name", 2), ("ask_service", 1), ("ask_callback", 2)} <= checks
    assert {("promise_arrival", 0), ("price", 0), ("wait_until_morning", 3), ("treat_as_opt_out", 0)} <= checks


def test_the_runner_shows_a_dialogue_and_writes_it_for_a_judge_outside(tmp_path: Path) -> None:
    first, *_ = read_dialogues(DIALOGUES)
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(["--show", first.id, "--gold-and-pred", str(tmp_path)]) == 0
    assert first.why in out.getvalue()
    assert "[opener]" in out.getvalue()
    (gold,) = (json.loads(line) for line in (tmp_path / "gold.jsonl").read_text().splitlines())
    (pred,) = (json.loads(line) for line in (tmp_path / "pred.jsonl").read_text().splitlines())
    assert gold["id"] == pred["id"] == first.id
    assert gold["turns"][0] == {"from": "customer", "text": first.turns[0].says, "after_s": 75}
    assert set(pred) == {"id", "lane", "alert_turns", "further_auto_text", "opt_out", "fields", "outbound"}


LADDER = """
- id: flood
  trade: plumbing
  lang: en
  people: yes
  talk:
  - caller: the pipe burst
  - owner reads: EMERGENCY 10 ... Reply 10
  - partner reads: nothing
  - wait: +11m
  - partner reads: EMERGENCY 10
  lane: escalate
  alert: 1
  then: more
  why: an example
"""


def test_what_a_telephone_has_to_read_is_looked_for_where_it_stands(tmp_path: Path) -> None:
    one = dialogue(tmp_path, LADDER)
    at, alert = one.turns[0].at, "EMERGENCY 10: the pipe burst. Reply 10 if you have it."
    right = (Read("owner", alert, at), Read("partner", alert, at + timedelta(minutes=10)))
    assert [met for _, _, met in reading(one, right)] == [True, True, True]
    early = (Read("partner", alert, at),)
    assert [met for _, _, met in reading(one, early)] == [False, False, False]
    other_words = (Read("owner", "EMERGENCY 10: the pipe burst.", at), right[1])
    assert [met for _, _, met in reading(one, other_words)] == [False, True, True]
    assert "read was: nothing" in reading(one, ())[0][1]
