"""README, ARCHITECTURE, CONTRIBUTING and the page's help say what the code says."""

from __future__ import annotations

import argparse
import ast
import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from gateway.cli import configured
from gateway.cli import main as cli
from gateway.core.conversation.lead import Alert, Stage
from gateway.core.outbound import TextState
from gateway.core.policy import NoText
from gateway.settings.options import Option
from gateway.settings.schema import PARTS, TOP
from gateway.storage.store import open_memory

ROOT = Path(__file__).resolve().parent.parent
DOCS = {name: (ROOT / name).read_text() for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")}
HELP = {path.name: path.read_text() for path in sorted((ROOT / "web" / "help").glob("*.html"))}
README, ARCHITECTURE = DOCS["README.md"], DOCS["ARCHITECTURE.md"]


def commands() -> dict[str, argparse.ArgumentParser]:
    """The subcommands, as the parser knows them."""
    subparsers = cli._parser()._subparsers
    assert subparsers is not None
    (action,) = subparsers._group_actions
    return dict(action.choices)  # type: ignore[arg-type]


def quoted(text: str) -> Iterator[str]:
    """What stands in `backquotes`."""
    yield from re.findall(r"`([^`\n]+)`", text)


def called(text: str) -> Iterator[tuple[str, list[str]]]:
    """Commands named in a text: (`send-test`, [`NUMBER`, `--json`])."""
    for found in re.finditer(r"(?<![\w/.-])(?:\.venv/bin/)?textback ([a-z][a-z-]*)([^`”<\n]*)", text):
        yield found[1], re.findall(r"--[a-z-]+", found[2])


@pytest.mark.parametrize("name", [*DOCS, *HELP])
def test_every_command_that_is_named_exists_with_its_options(name: str) -> None:
    known = commands()
    for command, options in called({**DOCS, **HELP}[name]):
        assert command in known, command
        assert set(options) <= set(known[command]._option_string_actions), command


def test_commands_in_the_products_own_sentences_exist() -> None:
    known = commands()
    for folder in ("gateway", "drivers", "web"):
        for path in (ROOT / folder).rglob("*.py"):
            for command in re.findall(r"[“`]textback ([a-z][a-z-]*)", path.read_text()):
                assert command in known, f"{path}: {command}"


def test_the_readme_lists_every_command_and_no_other() -> None:
    assert {command for command, _ in re.findall(r"^\| `textback ([a-z-]+)([^`]*)`", README, re.MULTILINE)} == set(
        commands()
    )


def test_every_command_tells_what_it_does_in_a_sentence() -> None:
    for name, parser in commands().items():
        assert re.fullmatch(r"[A-Z][^\n]+\.", parser.description or ""), name
        assert all(action.help for action in parser._actions), name


# Named for what a person makes or a run leaves: not in a fresh checkout.
MADE = {"config/gateway.yaml", ".cache/", ".venv/bin/"}


@pytest.mark.parametrize("name", DOCS)
def test_every_path_that_is_named_exists(name: str) -> None:
    for word in quoted(DOCS[name]):
        path = word.split()[0].removeprefix("./")
        if re.fullmatch(r"(?:[\w.-]+/)+[\w.*-]*|[\w.-]+\.(?:toml|txt|sh|md)", path) and not path.startswith(
            tuple(MADE)
        ):
            assert list(ROOT.glob(path.rstrip("/"))), path


@pytest.mark.parametrize("name", DOCS)
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)", DOCS[name]):
        assert target.startswith("https://") or (ROOT / target).exists(), target
    for target in re.findall(r"\b[A-Z]{5,}\.md\b", DOCS[name]):
        assert (ROOT / target).exists(), target


def test_every_module_that_the_architecture_names_exists() -> None:
    rows = [line for line in ARCHITECTURE.splitlines() if line.startswith("|")]
    for row in [*rows, *ARCHITECTURE.splitlines()]:
        package = ""
        for word in quoted(row):
            if re.fullmatch(r"(?:gateway|drivers|web)(?:\.\w+)+", word):
                assert exists(word), word
                package = word.rpartition(".")[0]
            elif package and row.startswith("|") and re.fullmatch(r"[a-z_]+", word):
                assert exists(f"{package}.{word}"), f"{package}.{word}"


@pytest.mark.parametrize("package", ["gateway/core/conversation", "gateway/core/understanding", "gateway/turns"])
def test_the_architecture_names_every_module_of_what_reads_and_answers(package: str) -> None:
    named = {part for word in quoted(ARCHITECTURE) for part in re.split(r"[./]", word.removesuffix(".py"))}
    modules = {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__"}
    assert modules <= named, modules - named


def module(dotted: str) -> bool:
    path = ROOT.joinpath(*dotted.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def exists(dotted: str) -> bool:
    """A module or package, or something that a module defines."""
    inside, _, last = dotted.rpartition(".")
    path = ROOT.joinpath(*inside.split(".")).with_suffix(".py")
    return module(dotted) or (
        path.is_file() and re.search(rf"^(?:def|class) {last}\b", path.read_text(), re.M) is not None
    )


def test_every_folder_of_the_gateway_has_its_row() -> None:
    listed = set(re.findall(r"^\| `([\w/]+)/` \|", ARCHITECTURE, re.MULTILINE)) | set(
        re.findall(r"`(gateway/[\w/]+)/`", ARCHITECTURE)
    )
    for path in (ROOT / "gateway", ROOT / "gateway" / "core", ROOT / "drivers", ROOT):
        for init in path.glob("*/__init__.py"):
            folder = str(init.parent.relative_to(ROOT))
            assert folder in listed | {"tests", "drivers"}, folder


def checked_states(table: str) -> set[str]:
    """The states that the schema's CHECK lets into a table."""
    with contextlib.closing(open_memory()) as db:
        schema: str = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    found = re.search(r"state TEXT NOT NULL CHECK \(state IN \(([^)]*)\)", schema)
    assert found is not None
    return set(re.findall(r"'(\w+)'", found[1]))


def told_states(heading: str) -> set[str]:
    """The states that a table of the architecture speaks of."""
    table = ARCHITECTURE.partition(heading)[2].partition("\n\n")[2].partition("\n\n")[0]
    cells = [line.split("|") for line in table.splitlines()[2:]]
    return {word for row in cells for cell in (row[1], row[3]) for word in quoted(cell)} - {"due", "expires"}


def test_the_states_of_a_call_are_the_schemas() -> None:
    assert told_states("**A call**") == checked_states("calls")


def test_the_states_of_a_text_are_the_schemas_and_the_codes() -> None:
    assert told_states("**A text**") == checked_states("texts") == {state.value for state in TextState}


@pytest.mark.parametrize(("column", "states"), [("leads.stage", Stage), ("leads.alert", Alert)])
def test_the_states_of_a_lead_are_the_codes(column: str, states: type[StrEnum]) -> None:
    told = ARCHITECTURE.partition(f"(`{column}`)")[2].partition("\n\n")[0].partition(" Its alert")[0]
    assert set(quoted(told)) - {"conversation_open"} == {state.value for state in states}


def test_the_help_explains_every_reason_for_not_texting_by_the_sentence_that_is_shown() -> None:
    told = dict(re.findall(r'<dt id="(\w+)">(.*?)</dt>', HELP["help_outcomes.html"]))
    assert {reason.value for reason in NoText} | {"texted", "unsure", "answered", "waiting", "ringing"} == set(told)
    told["not_missed"] += " " + told["answered"]
    said = [found for path in (ROOT / "gateway").rglob("*.py") for found in refusals(ast.parse(path.read_text()))]
    assert {reason for reason, _ in said} == {reason.name for reason in NoText}, "nothing is said of the others"
    for reason, words in said:
        assert words.lower() in told[NoText[reason]].lower(), (reason, words)


def refusals(module: ast.Module) -> Iterator[tuple[str, str]]:
    """The words of each sentence that says why a call is not texted, what a call fills in left out: (`STALE`, "too old")."""
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    outside = [node for node in ast.walk(module) if id(node) not in inside]
    for nodes in (outside, *(list(ast.walk(function)) for function in functions)):
        assigned = [node for node in (*outside, *nodes) if isinstance(node, ast.Assign)]
        for node in nodes:
            pair = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
            if len(pair) < 2 or not ast.unparse(pair[0]).startswith("NoText."):
                continue
            before = sorted((each for each in assigned if each.lineno < node.lineno), key=lambda each: each.lineno)
            named = {ast.unparse(each.targets[0]): each.value for each in before}  # the last one before it counts
            for words in sentence_words(pair[1], named):
                if len(words := words.replace(", on the call-back list", "").strip(" ,()")) > 3:
                    yield ast.unparse(pair[0]).removeprefix("NoText.").removesuffix(".value"), words


def sentence_words(node: ast.expr, named: dict[str, ast.expr]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(words)):
            yield re.sub(r" by (?:the office|the phone system)$", "", words)
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from sentence_words(part, named)
        case ast.FormattedValue(value=inner):
            yield from sentence_words(inner, named)
        case ast.IfExp(body=one, orelse=other):
            yield from sentence_words(one, named)
            yield from sentence_words(other, named)
        case ast.Name(id=name) if name in named:
            yield from sentence_words(named[name], {})


def test_every_option_that_is_named_exists() -> None:
    options: dict[str, tuple[Option[object], ...]] = {part.section.name: part.section.options for part in PARTS}
    for name, text in {**DOCS, **HELP}.items():
        for section, option in re.findall(r"[`>]([a-z_]+): ([a-z_]+):[`<]", text):
            assert section in TOP, name
            assert option in {each.name for each in options[section]}, f"{name}: {section}: {option}"


@pytest.mark.parametrize("name", [*DOCS, "CHANGELOG.md"])
def test_documents_speak_to_people_who_have_only_the_repository(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"/work/|\bshared/|\bTODO\b|\bissue [0-9]", text)
    assert (
        max(len(line) for line in text.splitlines() if not line.startswith("|")) <= 160
    )  # a row of a table is one line
    assert re.findall(r"\+1\d{10}", text) == [n for n in re.findall(r"\+1\d{10}", text) if n[5:10] == "55501"]


def test_the_programs_help_names_where_the_configuration_is_looked_for() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gateway.cli", "check", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for place in ("$TEXTBACK_CONFIG", str(configured.INSTALLED_CONFIG), str(configured.LOCAL_CONFIG)):
        assert place in done.stdout
        assert place in README
