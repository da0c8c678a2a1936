"""What the page asks for comes from the options of the file, and what is posted back says the same of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core.sheets import Field, Row, Sheet
from gateway.settings import parse
from gateway.settings.edit import forms
from gateway.settings.edit.data import Data, data_of, found
from gateway.settings.edit.hidden import STARS, hidden, revealed
from gateway.settings.edit.plan import IN_THE_FILE, SHEETS, TEMPLATES, plan_of
from gateway.settings.edit.splice import changed
from gateway.settings.problems import Problem
from gateway.settings.schema import PARTS, TOP
from gateway.settings.yamlnodes import read_nodes

CONFIG = Path(__file__).parents[2] / "config"
FILES = sorted([CONFIG / "gateway.example.yaml", *CONFIG.glob("examples/*.yaml")])
MILLER = (CONFIG / "examples" / "miller.yaml").read_text()
BUSINESS = parse(MILLER).business


def data(text: str) -> Data:
    return data_of(read_nodes(text, "g.yaml")[0])


def sheet(key: str, text: str = MILLER) -> Sheet:
    plan = plan_of(key)
    assert plan is not None
    return forms.draw(plan, data(text), parse(text).business, "mark", ["open", "after_hours"])


def flat(fields: Sequence[Field]) -> Iterator[Field]:
    """Every field that has an input of its own."""
    for field in fields:
        yield from flat(field.fields)
        for row in field.rows:
            yield from flat(row.fields)
        if field.kind not in ("section", "rows", "group"):
            yield field


def rows(fields: Sequence[Field]) -> Iterator[Row]:
    for field in fields:
        yield from rows(field.fields)
        for row in field.rows:
            yield row
            yield from rows(row.fields)


def posted(drawn: Sheet) -> dict[str, list[str]]:
    """The form as a browser sends it when nothing was touched."""
    form: dict[str, list[str]] = {}
    for field in flat(drawn.fields):
        if field.kind == "secret":
            form[field.path] = [""]
        elif field.kind == "choice" and field.many:
            form[field.path] = ["", *field.values]
        else:
            form[field.path] = ["\r\n".join(field.values)] if field.many else [field.value]
    return form


def save(key: str, text: str = MILLER, **typed: str | list[str]) -> str:
    drawn = sheet(key, text)
    form = posted(drawn)
    for path, words in typed.items():
        form[path.replace("__", ".")] = [words] if isinstance(words, str) else words
    filled = forms.read(drawn, form, data(text))
    assert filled.complaints == []
    return changed(text, filled.changes)


def test_every_option_is_on_a_sheet_or_said_to_remain_for_the_file() -> None:
    held = [name for plan in SHEETS for name in plan.holds]
    whole = {name for name in held if "." not in name}
    single = {name for name in held if "." in name}

    assert whole | set(IN_THE_FILE) == set(TOP)
    assert not whole & set(IN_THE_FILE)
    assert len(held) == len(set(held))
    sections = {part.section.name: part.section for part in PARTS}
    for name in single:
        section, _, option = name.partition(".")
        assert option in sections[section].names
    assert len({plan.key for plan in SHEETS}) == len(SHEETS)


def test_no_option_is_asked_for_twice_and_no_two_inputs_share_a_name() -> None:
    paths = [field.path for plan in SHEETS for field in flat(sheet(plan.key).fields)]

    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_form_that_nobody_has_touched_changes_nothing(file: Path) -> None:
    text = file.read_text()
    for plan in SHEETS:
        drawn = sheet(plan.key, text)
        filled = forms.read(drawn, posted(drawn), data(text))
        assert (filled.changes, filled.complaints) == ([], []), plan.key


def test_a_field_tells_what_it_takes() -> None:
    fields = {field.path: field for plan in SHEETS for field in flat(sheet(plan.key).fields)}

    assert fields["texting.settle"].kind == "duration"
    assert (fields["texting.settle"].value, fields["texting.settle"].usual) == ("15 s", "10 s")
    assert (fields["conversation.most_texts"].kind, fields["conversation.most_texts"].high) == ("number", 8)
    assert fields["lines.main.quiet_hours"].choices == ("send", "defer", "none")
    assert (fields["hours.mon"].kind, fields["hours.mon"].values) == ("window", ("08:00-17:00",))
    assert fields["hours.mon"].label == "Monday"
    assert fields["holidays[2].date"].value == "2025-12-25"
    assert (fields["texting.per_day"].value, fields["texting.per_day"].nothing) == ("none", True)
    assert fields["notifications.new_lead"].choices == ("instant", "digest", "off")
    assert fields["authority.book"].choices[-1] == "confirm"
    assert fields["business.timezone"].kind == "zone"
    assert fields["remote.pin"].value == ""


def test_each_service_of_the_trade_can_be_switched_without_being_named_in_the_file_first() -> None:
    titles = {row.path: row.title for row in rows(sheet("services").fields)}
    key = next(path for path in titles if path not in ("services.maintenance", "services.replacement_estimate"))

    after = save("services", **{f"{key}.off".replace(".", "__"): "yes"})

    assert found(data(after), (*key.split("."), "off")) == "yes"
    assert key.removeprefix("services.") not in parse(after).business.conversation.services


def test_opening_hours_with_a_break_and_a_closed_day() -> None:
    after = save("hours", hours__mon="08:00-12:00, 13:00-17:00", hours__sat="")

    hours = parse(after).business.hours
    assert [len(windows) for windows in hours.weekly] == [2, 1, 1, 1, 1, 0, 0]
    assert after.count("\n") == MILLER.count("\n")


def test_a_holiday_is_added_another_taken_out_and_the_others_stay_as_they_are() -> None:
    after = save(
        "hours", **{"holidays[9].date": "2026-11-26", "holidays[9].name": "Thanksgiving", "holidays[1].remove": "1"}
    )

    assert "{date: 2026-11-26, name: Thanksgiving}" in after
    assert "2025-11-27" not in after
    assert len(parse(after).business.hours.holidays) == 8


def test_somebody_new_gets_a_name_in_the_file_and_goes_on_call() -> None:
    after = save(
        "people",
        **{
            "people[1].name": "Dana Núñez",
            "people[1].phone": "(216) 555-0193",
            "on_call.rotation.people": "owner, dana_n_ez",
        },
        on_call__rotation__from="2026-03-02",
    )

    business = parse(after).business
    assert [(person.key, person.name, person.phone) for person in business.escalation.people] == [
        ("dana_n_ez", "Dana Núñez", "+12165550193")
    ]
    assert business.escalation.on_call.rotation is not None


def test_what_an_option_usually_is_is_not_written_into_the_file() -> None:
    assert save("texting", texting__min_abandoned="") == MILLER
    assert "cooldown" not in save("texting", texting__cooldown="")


def test_a_table_is_written_as_lines() -> None:
    after = save("area", area__nicknames="the Heights: Cleveland Heights\nOldtown: Berea")

    assert found(data(after), ("area", "nicknames")) == {"the Heights": "Cleveland Heights", "Oldtown": "Berea"}
    drawn = sheet("area")
    broken = forms.read(drawn, posted(drawn) | {"area.nicknames": ["a: b: c"]}, data(MILLER))
    assert [complaint.path for complaint in broken.complaints] == ["area.nicknames"]
    assert broken.changes == []


def test_a_problem_finds_the_field_it_is_about() -> None:
    drawn = sheet("hours")
    form = posted(drawn) | {"holidays[1].remove": ["1"], "holidays[9].date": ["tomorrow"]}
    filled = forms.read(drawn, form, data(MILLER))

    at = forms.complaint(Problem("g", 7, "holidays[8].date: 'tomorrow' is not a date", "write one"), filled.fields)

    assert (at.path, at.say, at.line) == ("holidays[9].date", "'tomorrow' is not a date", 7)
    assert forms.complaint(Problem("g", 1, "the file is empty", "x"), {}).path == ""


def test_a_pin_is_never_shown_and_stays_when_nothing_is_typed() -> None:
    text = MILLER + 'remote:\n  pin: "8153"\n'
    drawn = sheet("business", text)

    assert "8153" not in repr(drawn)
    assert save("business", text) == text
    assert 'pin: "4712"' in save("business", text, remote__pin="4712")
    assert "pin" not in save("business", text, **{"remote.pin.remove": "1"})


def test_secrets_are_stars_and_stars_are_the_secrets_again() -> None:
    text = MILLER + "ringing: {secret: 'a, b', via: off} # secret\nremote:\n  pin: \"4711\"\n"

    shown = hidden(text)

    assert "change-me" not in shown
    assert "a, b" not in shown
    assert "4711" not in shown
    assert shown.count(STARS) == 3
    assert data(revealed(shown, text)) == data(text)
    assert found(data(revealed(shown.replace(f'pin: "{STARS}"', 'pin: "9999"'), text)), ("remote", "pin")) == "9999"
    assert "4711" not in hidden(text + "\n- broken: [")


words = st.text(max_size=10) | st.sampled_from(
    ["08:00-17:00", "none", "yes", "10 s", "+12165550137", "a: b", "2026-12-25", "1"]
)


@settings(max_examples=60, deadline=None)
@given(draw=st.data())
def test_whatever_is_typed_becomes_a_file_or_sentences(draw: st.DataObject) -> None:
    plan = draw.draw(st.sampled_from(SHEETS))
    drawn = sheet(plan.key)
    form = posted(drawn)
    names = sorted(form) + [f"{row.path}.remove" for row in rows(drawn.fields)]
    for name in draw.draw(st.lists(st.sampled_from(names), max_size=4)):
        form[name] = [draw.draw(words)]
    filled = forms.read(drawn, form, data(MILLER))

    after = changed(MILLER, filled.changes)

    for change in filled.changes:
        assert found(data(after), change.path) is None or change.value is not None
        assert change.path[0] in {name.partition(".")[0] for name in plan.holds} | {TEMPLATES}
