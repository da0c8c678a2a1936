"""The settings in Spanish: what is said of each option, and whatever their reading may find wrong or doubtful."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from gateway.core.sheets import Field
from gateway.settings import SettingsError, parse
from gateway.settings.edit import forms, splice
from gateway.settings.edit.plan import SHEETS
from tests.settings.test_sheets import data
from web import language
from web.words import sentences, settingswords

ROOT = Path(__file__).parents[2]
SOURCES = [*sorted((ROOT / "gateway" / "settings").rglob("*.py")), ROOT / "gateway" / "core" / "lint.py"]
BOOK = settingswords.complaints()
TOLD_LAST = {"say", "doubt", "_say", "_doubt", "RefusedError", "_HaltError", "Problem", "Complaint"}  # what, remedy
WANTED = {
    "word",
    "each",
    "some",
    "set_of",
    "matching",
    "mapping",
    "items",
    "scalar",
    "entries",
}  # completes "write ..."
NAMED = {"what", "remedy", "wanted"}
# What is filled in is words of ours: how it may go on. Nothing where the other words are looked at by themselves.
COMPLETED = {
    "the list of ZIP codes ◆": [],
    "◆ is not ◆": [],
    "write ": [],
    "chmod o-r the file◆": ["", ", or move the secret to a file of its own"],
    "nobody is told of ◆": ["missed calls that cannot wait", "urgent things"],
    "this is the number of ◆, which callers dial": ["line 'x'"],
}
SOMETHING = re.compile(r"\W*(?:◆\W*)+")


def known(words: str) -> bool:
    """Whether all of it is known: nothing that is quoted may be a sentence in English."""
    return (BOOK._known(words, 0) or BOOK._in_parts(words, 0)) is not None


def helps(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        yield field.help
        yield from helps(field.fields)
        for row in field.rows:
            yield from helps(row.fields)


def all_helps() -> dict[str, set[str]]:
    """What is said of the options of each sheet: of a file with everything in it, and of an ordinary one."""
    told: dict[str, set[str]] = {plan.key: set() for plan in SHEETS}
    for name in ("gateway.example.yaml", "examples/miller.yaml"):
        text = (ROOT / "config" / name).read_text()
        business = parse(text).business
        for plan in SHEETS:
            told[plan.key] |= set(helps(forms.draw(plan, data(text), business, "mark", ["open"]).fields)) - {""}
    return told


def test_what_is_said_of_every_option_has_its_spanish_and_nothing_else_has():
    told, said = all_helps(), settingswords.options_said()
    assert all(told[plan.key] for plan in SHEETS)
    english = {settingswords.option_help(words) for words in set().union(*told.values())}
    assert sorted(english - set(said)) == []
    assert sorted(set(said) - english) == []
    language.speak("es")
    try:
        assert settingswords.option_help("Where the opening hours are meant.") == "La zona horaria de su horario."
    finally:
        language.speak("en")


def leaves(node: ast.expr) -> list[str]:
    """What an expression may say; a diamond where something is filled in."""
    match node:
        case ast.Constant(value=str() as words):
            return [words]
        case ast.JoinedStr(values=values):
            return list(map("".join, product(*map(leaves, values))))
        case ast.FormattedValue(value=ast.IfExp() as value):
            return leaves(value)
        case ast.IfExp(body=one, orelse=other):
            return [*leaves(one), *leaves(other)]
        case ast.BoolOp(values=values):
            return [words for each in values for words in leaves(each)]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [one + other for one in leaves(left) for other in leaves(right)]
        case _:
            return ["◆"]


def written(tree: ast.AST) -> Iterator[str]:
    """All that a module may say about a setting."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if name in TOLD_LAST:
                for arg in args[-2:]:
                    yield from leaves(arg)
            case ast.Call(func=ast.Name(id="Finding"), args=[_, _, what, remedy, *_]):
                yield from leaves(what)
                yield from leaves(remedy)
            case ast.Call(func=ast.Name(id="matching") | ast.Attribute(attr="matching"), args=[_, what, wanted]):
                yield from (f"◆ is not {words}" for words in leaves(what))
                yield from (f"write {words}" for words in leaves(wanted))
            case ast.Call(func=ast.Name(id="ZipListError"), args=[what, *_]):
                yield from (f"the list of ZIP codes {words}" for words in leaves(what))
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if name in WANTED:
                for arg in args[-1:] if isinstance(args[-1] if args else None, ast.Constant | ast.JoinedStr) else ():
                    yield from (f"write {words}" for words in leaves(arg))
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in NAMED:
                yield from (words if name != "wanted" else f"write {words}" for words in leaves(value))
            case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id="what"), *_])], value=ast.Tuple(elts=values)):
                for value in values:
                    yield from leaves(value)
            case _:
                pass


def placeless(words: str) -> str:
    """Without the place before it, which the page shows at its field."""
    return re.sub(r"^(?:[a-z_◆.\[\]]+: )+", "", words)


def in_a_file(words: str) -> Iterator[str]:
    """As it may read, with something filled in."""
    yield from (words.replace("◆", filled) for filled in ("'x'", "7", "x"))


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(ROOT / "gateway")) for path in SOURCES])
def test_whatever_the_reading_may_say_has_its_spanish(path):
    told = {placeless(words) for words in written(ast.parse(path.read_text()))}
    plain = {words for words in told if re.search(r"[a-z]{2}", words) and not SOMETHING.fullmatch(words)}
    unknown = {words for words in plain - set(COMPLETED) if not any(map(known, in_a_file(words)))}
    said = [words.replace("◆", rest) for words in plain for rest in COMPLETED.get(words, [])]
    assert sorted([*unknown, *(words for words in said if not known(words))]) == []


def test_what_is_found_in_a_file_reads_as_spanish():
    with pytest.raises(SettingsError) as refused:
        parse("business: {name: 5, timezone: Mars/Olympus, owner_cell: '12', trade: pluming}\nlines: {}\nhourz: {}\n")
    language.speak("es")
    try:
        for problem in refused.value.problems:
            found = forms.complaint(problem)
            for words in (found.say, found.remedy):
                said = settingswords.complaint(words)
                assert known(words), words
                assert not sentences.is_english(said), said
    finally:
        language.speak("en")


def test_what_the_page_itself_refuses_to_change_has_its_spanish():
    assert all(known(words) for words in splice._SORRY.split(" - "))


def test_both_sides_have_the_same_blanks_and_nothing_stands_twice():
    blanks = re.compile(r"\{[a-z]+[0-9]?\}")
    pairs = list(sentences.read("settings.es.txt"))
    assert [english for english, said in pairs if set(blanks.findall(said)) - set(blanks.findall(english))] == []
    english = [each for each, _ in pairs]
    assert sorted({each for each in english if english.count(each) > 1}) == []


@pytest.mark.parametrize("word", [r"\bt[uú]\b", r"\btus?\b", r"\bpuedes\b", r"\bla caja\b", r"\bvosotros\b"])
def test_the_settings_say_usted(word):
    said = [*settingswords.options_said().values(), *(said for _, said in sentences.read("settings.es.txt"))]
    assert [words for words in said if re.search(word, words, re.IGNORECASE)] == []
