"""How leads are worked, and texts that are written often, as the configuration says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.core.desk.rules import OwnerRule, When
from gateway.settings.load import parse
from gateway.settings.problems import SettingsError

PLAIN = """\
business: {name: Miller Heating & Air, timezone: America/New_York, trade: hvac, owner_cell: "+12165550190", owner_name: Mike}
lines: {main: {number: "+12165550100"}, north: {number: "+12165550101"}}
hours: {mon: ["08:00-17:00"]}
people: {dana: {name: Dana, phone: "+12165550191"}}
rota: {ann: {days: [mon], hours: ["08:00-11:00"]}}
authority: {message: offer}
"""


def desk(more: str):
    return parse(PLAIN + more).business.desk


def problems(more: str) -> str:
    with pytest.raises(SettingsError) as error:
        parse(PLAIN + more)
    return "\n".join(map(str, error.value.problems))


def doubts(more: str) -> str:
    return "\n".join(map(str, parse(PLAIN + more).warnings))


def test_without_a_word_leads_are_the_offices_and_targets_are_the_usual() -> None:
    rules = desk("")
    assert rules.owners == ()
    assert (rules.urgent, rules.message, rules.tries) == (timedelta(hours=1), timedelta(hours=4), 3)


def test_rules_name_people_as_they_are_read_whatever_they_are_keyed_by() -> None:
    rules = desk(
        "leads:\n  owners:\n    - {who: [ann, dana, Kim], lines: [north], services: [maintenance], when: open, then: [owner]}\n"
        "    - {who: owner}\n  answer_urgent: 30 min\n  tell_next: [dana]\n"
    )
    first = OwnerRule(("Ann", "Dana", "Kim"), frozenset({"north"}), frozenset({"maintenance"}), When.OPEN, ("owner",))
    assert rules.owners == (first, OwnerRule(("Mike",)))
    assert (rules.urgent, rules.tell_next) == (timedelta(minutes=30), ("dana",))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            "leads: {owners: [{who: [ann], lines: [nort]}]}",
            "leads.owners[1]: there is no line 'nort' - did you mean 'north'?",
        ),
        ("leads: {owners: [{who: [ann], services: [pools]}]}", "'pools' is not on your menu"),
        ("leads: {owners: [{who: [ann], then: [kim]}]}", "there is nobody called 'kim'"),
        ("leads: {owners: [{lines: [main]}]}", "'who' is missing"),
        ("leads: {owners: [{who: []}]}", "nothing stands in this list"),
        ("leads: {owners: ann}", "a list is needed here"),
        ("leads: {tell_next: [kim]}", "there is nobody called 'kim'"),
        ("leads: {answer_urgent: 1 min}", "too short"),
        ("leads: {tries: 0}", "tries"),
        ("replies: {go: 'Hi {nome}'}", "unknown placeholder {nome}"),
        ("replies: {go: '" + "word " * 150 + "'}", "segments"),
    ],
)
def test_what_cannot_be_is_said_with_its_line(more: str, expected: str) -> None:
    found = problems(more + "\n")
    assert expected in found
    assert "gateway.yaml:7" in found


def test_a_rule_that_is_never_asked_is_doubted() -> None:
    assert "put it last" in doubts("leads: {owners: [{who: [ann]}, {who: [dana], lines: [main]}]}\n")
    assert "put it last" not in doubts("leads: {owners: [{who: [dana], lines: [main]}, {who: [ann]}]}\n")


def test_texts_that_are_written_often_are_the_businesss_own() -> None:
    business = parse(
        PLAIN + "replies:\n  go: 'Hi {name}, {me} is on the way'\n  es: {text: Hi, text_es: Hola, label: Greet}\n"
    ).business
    assert [(reply.key, reply.label, reply.text, reply.text_es) for reply in business.replies] == [
        ("go", "Go", "Hi {name}, {me} is on the way", ""),
        ("es", "Greet", "Hi", "Hola"),
    ]
