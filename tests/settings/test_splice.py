"""One value of a configuration file is changed in its text, and nothing else is."""

from __future__ import annotations

import difflib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.settings import SettingsError, parse
from gateway.settings.edit.data import NONE, Bare, Data, data_of, found, put, same
from gateway.settings.edit.splice import CannotChangeError, Change, changed
from gateway.settings.yamlnodes import read_nodes

CONFIG = Path(__file__).parents[2] / "config"
FILES = sorted([CONFIG / "gateway.example.yaml", *CONFIG.glob("examples/*.yaml")])
TODAY = date(2026, 3, 2)


def data(text: str) -> Data:
    return data_of(read_nodes(text, "g.yaml")[0])


def comments(text: str) -> Counter[str]:
    return Counter(line.strip() for line in text.splitlines() if line.strip().startswith("#"))


def change(text: str, path: str, value: Data) -> str:
    return changed(text, [Change(tuple(path.split(".")), value)])


def differing(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


EXAMPLE = (CONFIG / "gateway.example.yaml").read_text()
MILLER = (CONFIG / "examples" / "miller.yaml").read_text()
CHANGES: list[tuple[str, str, str, Data, list[str]]] = [
    (
        "a value that is written is exchanged",
        EXAMPLE,
        "hours.mon",
        ["08:00-12:00", "13:00-17:00"],
        ['-  mon: ["08:00-17:00"]', '+  mon: ["08:00-12:00", "13:00-17:00"]'],
    ),
    ("an option at its default appears under its comment", EXAMPLE, "business.country", "CA", ["+  country: CA"]),
    (
        "a section that is shown as a comment appears under it",
        EXAMPLE,
        "people.dana",
        {"name": "Dana", "phone": "+12165550193"},
        ["+people:", "+  dana:", "+    name: Dana", '+    phone: "+12165550193"'],
    ),
    (
        "the first option of a section without any",
        EXAMPLE,
        "on_call.rotation",
        {"people": ["owner", "dana"], "from": "2026-03-02"},
        ["+  rotation:", "+    people: [owner, dana]", "+    from: 2026-03-02"],
    ),
    (
        "another entry of a list of sections",
        EXAMPLE,
        "holidays",
        [{"date": "2026-12-25", "name": "Christmas Day"}, {"date": "2027-01-01", "name": "New Year's Day"}],
        ["+  - date: 2027-01-01", "+    name: New Year's Day"],
    ),
    (
        "entries behind one that loses its last line",
        EXAMPLE,
        "holidays",
        [{"date": "2026-07-03"}, {"date": "2027-01-01"}, {"date": "2026-11-26"}],
        [
            "-  - date: 2026-12-25",
            "+  - date: 2026-07-03",
            "-    name: Christmas Day",
            "+  - date: 2027-01-01",
            "+  - date: 2026-11-26",
        ],
    ),
    (
        "the same where the others stand in braces",
        MILLER,
        "storm_mode",
        [
            {"from": "2026-01-26T06:00-05:00", "to": "2026-01-27T22:00-05:00"},
            {"from": "2026-02-01 06:00", "to": "2026-02-02 22:00"},
        ],
        ['+  - {from: "2026-02-01 06:00", to: "2026-02-02 22:00"}'],
    ),
    (
        "an option in braces keeps its neighbours",
        MILLER,
        "texting.quiet_hours.to",
        "06:30",
        [
            '-  quiet_hours: {from: "21:30", to: "07:00", release: "07:30"}',
            '+  quiet_hours: {from: "21:30", to: "06:30", release: "07:30"}',
        ],
    ),
    (
        "a word without quotes stays without them",
        MILLER,
        "texting.per_minute",
        Bare("6"),
        ["-  per_minute: none", "+  per_minute: 6"],
    ),
    (
        "a text that needs quotes gets them",
        MILLER,
        "business.name",
        "Miller: Heating #1",
        ["-  name: Miller Heating & Air", '+  name: "Miller: Heating #1"'],
    ),
    ("an option is taken out with its line", MILLER, "emergencies.cold_f", None, ["-  cold_f: 55"]),
    (
        "the last entry of a list leaves an empty one",
        MILLER,
        "storm_mode",
        [],
        ["-storm_mode:", '-  - {from: "2026-01-26T06:00-05:00", to: "2026-01-27T22:00-05:00"}', "+storm_mode: []"],
    ),
    (
        "a section of its own in a file that has none of it",
        MILLER,
        "notifications",
        {"digest_at": "17:30"},
        ["+", "+notifications:", '+  digest_at: "17:30"'],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "path", "value", "lines"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES]
)
def test_only_the_lines_that_are_meant_change(text: str, path: str, value: Data, lines: list[str]) -> None:
    after = change(text, path, value)

    assert differing(text, after) == lines
    assert same(data(after), put(data(text), path.split("."), value, remove=value is None))


def test_what_is_the_same_is_not_written_anew() -> None:
    assert change(MILLER, "hours.mon", ["08:00-17:00"]) == MILLER
    assert change(MILLER, "texting.per_day", NONE) == MILLER
    assert change(MILLER, "ringing.via", None) == MILLER


def test_windows_line_ends_and_a_byte_order_mark_stay() -> None:
    text = "\ufeff" + MILLER.replace("\n", "\r\n")
    after = change(change(text, "people.dana", {"name": "Dana", "phone": "+12165550193"}), "holidays", [])

    assert after.startswith("\ufeff")
    assert after.count("\n") == after.count("\r\n")
    assert found(data(after), ("people", "dana", "name")) == "Dana"


def test_a_file_that_ends_without_a_line_break_can_be_added_to() -> None:
    assert change("business:\n  name: Miller", "state", "/srv/x") == "business:\n  name: Miller\n\nstate: /srv/x"
    assert change("a: 1\n...\n", "b", "x") == "a: 1\n\nb: x\n...\n"


def test_a_value_that_others_share_is_changed_for_one_alone() -> None:
    text = 'hours:\n  mon: &day ["08:00-17:00"] # as all of them\n  tue: *day\n  wed: *day\n'

    assert change(text, "hours.mon", ["09:00-12:00"]) == (
        'hours:\n  mon: ["09:00-12:00"] # as all of them\n  tue: &day ["08:00-17:00"]\n  wed: *day\n'
    )
    assert (
        change(text, "hours.wed", [])
        == 'hours:\n  mon: &day ["08:00-17:00"] # as all of them\n  tue: *day\n  wed: []\n'
    )


def test_a_merged_section_is_overridden_and_not_touched() -> None:
    text = "a: &base {x: 1, y: 2}\nb:\n  <<: *base\n  z: 3\n"

    assert change(text, "b.x", "5 s") == "a: &base {x: 1, y: 2}\nb:\n  <<: *base\n  z: 3\n  x: 5 s\n"
    with pytest.raises(CannotChangeError, match="in the file itself"):
        change(text, "b.y", None)


def test_a_comment_beside_a_value_stays_there() -> None:
    assert change("a:\n  b: {} # not yet\n", "a.b", {"c": "d"}) == "a:\n  b: # not yet\n    c: d\n"
    assert change("a:\n  b: [x] # one\n", "a.b", ["x", "y"]) == "a:\n  b: [x, y] # one\n"


def test_comments_under_an_option_that_goes_are_those_of_the_next_one() -> None:
    text = "texting:\n  # How long.\n  settle: 10 s\n  # How short.\n  min_ring: 4 s\n"

    assert change(text, "texting.settle", None) == "texting:\n  # How long.\n  # How short.\n  min_ring: 4 s\n"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "~",
        "null",
        "none",
        "no",
        "010",
        "a: b",
        "#",
        "'",
        '"',
        "\\",
        "ñ é",
        "a\nb",
        "\u2028",
        "\x07",
        "𝄞",
        "- x",
        "@",
        "<<",
    ],
)
def test_any_words_are_read_as_they_were_meant(words: str) -> None:
    for before in ("k: x\n", "k: 'x'\n", 'k: "x"\n', "k: {a: x}\n", "k: |\n  x\n\nm: 1\n"):
        path = ("k", "a") if "{" in before else ("k",)
        assert found(data(changed(before, [Change(path, words)])), path) == words
    assert found(data(change("k: x\n", "k", {words or "w": [words]})), ("k", words or "w")) == [words]


def test_a_text_that_is_no_configuration_is_refused_with_its_line() -> None:
    with pytest.raises(SettingsError, match="4: not YAML"):
        change("a: 1\nb: 2\nc: 3\nd: 4: 5\n", "a", "x")


words = st.text(max_size=12) | st.sampled_from(
    ["yes", "10 s", "+12165550137", "08:00-17:00", "2026-12-25", "none", "~", "x # y", "[x]"]
)
values = st.recursive(
    words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=3),
    max_leaves=8,
)


def paths(inner: Data, so_far: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(inner, dict):
        return [so_far]
    return [
        *([so_far] if so_far else []),
        *(path for name, each in inner.items() for path in paths(each, (*so_far, name))),
    ]


def drawn(draw: st.DataObject, text: str) -> Change:
    """A change of something that is there, of a list by an entry, or of something new."""
    path = draw.draw(st.sampled_from(paths(data(text))))
    there = found(data(text), path)
    if isinstance(there, list) and draw.draw(st.booleans()):
        entries = [each for each in there if draw.draw(st.booleans())]
        entries.insert(draw.draw(st.integers(0, len(entries))), draw.draw(values))
        return Change(path, entries)
    if draw.draw(st.booleans()):
        return Change(
            (*path[:-1], draw.draw(st.sampled_from(["new", "settle", "country", "ladder"]))), draw.draw(values)
        )
    return Change(path, draw.draw(st.none() | values))


def outcome(text: str, wanted: Change) -> Data:
    """What a text says after a change. A section without anything in it is as good as none, and stays when it is taken out."""
    before = data(text)
    if wanted.value is None and found(before, wanted.path) is None:
        return before
    return put(before, wanted.path, wanted.value, remove=wanted.value is None)


@settings(max_examples=40, deadline=None)
@given(file=st.sampled_from(FILES), draw=st.data())
def test_whatever_is_changed_in_an_example_says_what_was_meant(file: Path, draw: st.DataObject) -> None:
    text = file.read_text()
    for _ in range(2):
        wanted = drawn(draw, text)
        before, text = text, changed(text, [wanted])
        assert same(data(text), outcome(before, wanted))


HOLIDAYS = st.fixed_dictionaries(
    {"date": st.sampled_from(["2026-11-26", "2027-01-01", "2026-07-03"])}, optional={"name": st.just("Closed")}
)
QUIET = comments(EXAMPLE) - comments(change(EXAMPLE, "texting.quiet_hours", None))  # between the options of a section
SOUND: list[tuple[str, st.SearchStrategy[Data]]] = [
    ("hours.tue", st.lists(st.sampled_from(["07:00-12:00", "13:00-18:00"]), unique=True)),
    ("hours.sun", st.sampled_from([[], ["10:00-14:00"], None])),
    ("holidays", st.lists(HOLIDAYS, unique_by=lambda day: day["date"], max_size=3)),
    ("texting.settle", st.sampled_from(["5 s", "20 s", None])),
    ("texting.quiet_hours", st.sampled_from([{"from": "22:00", "to": "06:00"}, None])),
    ("services.drain_work", st.sampled_from([{"label": "Drains", "words": ["drain*"]}, None])),
    ("people.eve", st.sampled_from([{"name": "Eve", "phone": "+12165550179"}, None])),
    ("notifications.new_lead", st.sampled_from(["off", "instant", None])),
    ("authority.book", st.sampled_from(["ask", None])),
    ("area.cities", st.sampled_from([["Lakewood", "Independence, OH"], None])),
    ("business.owner_name", st.sampled_from(["Mike", "Núñez", None])),
]  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(file=st.sampled_from(FILES), draw=st.data())
def test_what_an_office_changes_keeps_every_comment_and_still_loads(file: Path, draw: st.DataObject) -> None:
    text = file.read_text()
    inside = comments(text) - comments(changed(text, [Change(("holidays",), [])]))  # between the options of an entry
    wanted = [
        Change(tuple(path.split(".")), draw.draw(value, label=path))
        for path, value in draw.draw(
            st.lists(st.sampled_from(SOUND), min_size=1, max_size=6, unique_by=lambda each: each[0])
        )
    ]

    after = changed(text, wanted)

    parse(after, str(file), today=TODAY)
    assert not comments(text) - comments(after) - inside - QUIET


@settings(max_examples=200, deadline=None)
@given(draw=st.data())
def test_a_file_in_any_style_is_changed_rightly_or_not_at_all(draw: st.DataObject) -> None:
    content = draw.draw(st.dictionaries(st.sampled_from("abcdef"), values, min_size=1, max_size=4))
    style = draw.draw(st.sampled_from([None, True, False]))
    text = yaml.safe_dump(
        content,
        default_flow_style=style,
        indent=draw.draw(st.integers(2, 5)),
        allow_unicode=True,
        default_style=draw.draw(st.sampled_from([None, "'", '"'])),
    )
    wanted = drawn(draw, text)
    try:
        after = changed(text, [wanted])
    except CannotChangeError:
        return
    assert same(data(after), outcome(text, wanted))
