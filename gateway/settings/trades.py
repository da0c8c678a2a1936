"""Trade packs: the menus of `config/trades/*.yaml` with the words customers use."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass
from pathlib import Path

from gateway.core.understanding.vocabulary import Vocabulary
from gateway.files import TRADE_PACKS
from gateway.settings.problems import Problem, SettingsError, shown
from gateway.settings.yamlnodes import Items, Mapping, Node, Scalar, read_nodes

SERVICE_KEYS = ("label", "label_es", "words", "palabras")


@dataclass(frozen=True, slots=True)
class TradePack:
    """One trade's menu: labels by key, in English and Spanish, and the vocabulary."""

    trade: str
    labels: Table[str, str]
    labels_es: Table[str, str]
    vocabulary: Vocabulary


def load_trades(folder: Path = TRADE_PACKS) -> dict[str, TradePack]:
    """Every trade pack of a folder. Raises SettingsError with every problem of every file."""
    packs: dict[str, TradePack] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        pack, found = read_pack(path.read_bytes(), path.stem, str(path))
        packs[path.stem] = pack
        problems += found
    if problems:
        raise SettingsError(problems)
    return packs


def read_pack(data: bytes | str, trade: str, file: str) -> tuple[TradePack, list[Problem]]:
    """One trade pack, and what is wrong with it."""
    top, problems = read_nodes(data, file)
    labels: dict[str, str] = {}
    labels_es: dict[str, str] = {}
    words: dict[str, list[str]] = {}
    services = next((entry.node for entry in top.entries if entry.key == "services"), None)
    if not isinstance(services, Mapping):
        problems.append(Problem(file, top.line, "there is no menu", "write 'services:' and a line for each service"))
        return TradePack(trade, {}, {}, Vocabulary({})), problems
    for entry in services.entries:
        if not isinstance(entry.node, Mapping):
            what = f"{shown(entry.key)} has no label and no words"
            problems.append(Problem(file, entry.line, what, "write 'label:' and 'words:' under it"))
            continue
        parts = {part.key: part.node for part in entry.node.entries}
        for part in entry.node.entries:
            if part.key not in SERVICE_KEYS:
                what = f"{shown(part.key)} is not known here"
                problems.append(Problem(file, part.line, what, f"one of {', '.join(SERVICE_KEYS)}"))
        labels[entry.key] = _text(parts.get("label"))
        labels_es[entry.key] = _text(parts.get("label_es"))
        if not labels[entry.key]:
            what = f"{shown(entry.key)} has no label"
            problems.append(Problem(file, entry.line, what, "write 'label:' and the words callers read"))
        words[entry.key] = []
        for name in ("words", "palabras"):
            words[entry.key] += _terms(parts.get(name), file, problems)
    return TradePack(trade, labels, labels_es, Vocabulary.of(words)), problems


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) and not node.empty else ""


def _terms(node: Node | None, file: str, problems: list[Problem]) -> list[str]:
    if node is None:
        return []
    if not isinstance(node, Items):
        problems.append(Problem(file, node.line, "these words are no list", "write them as [one, two, three]"))
        return []
    terms: list[str] = []
    for item in node.nodes:
        if isinstance(item, Scalar) and any(char.isalnum() for char in item.text):
            terms.append(item.text)
        else:
            what = f"{shown(_text(item))} is no word"
            problems.append(Problem(file, item.line, what, "write a word of letters or digits"))
    return terms
