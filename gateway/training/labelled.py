"""Labelled texts: how they are stored, and what is wrong with a line.

The form and the meaning of the labels are in labelling.md beside this file. `python -m gateway.training.labelled FILE...`
checks files and counts what is in them.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gateway.training.labels import FIELDS, INTENTS, KEYS, LABELS, LANGUAGES, MENUS, TAGS, URGENCIES


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text with its labels. `labels` has every key of LABELS; `accept` every right value of a label in doubt."""

    id: str
    trade: str
    text: str
    lang: str
    labels: Mapping[str, str | bool | None]
    accept: Mapping[str, tuple[str | bool | None, ...]] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()


class LabelError(ValueError):
    """A line that cannot be used; says where and why."""


def problems(line: Mapping[str, object], trade: str) -> Iterator[str]:
    """What is wrong with one line, in words."""
    if strange := set(line) - KEYS:
        yield f"unknown keys {sorted(strange)}"
    if not isinstance(line.get("text"), str) or not str(line["text"]).strip():
        yield "no text"
    if "by" in line and (not isinstance(line["by"], str) or not line["by"].strip()):
        yield "by must name the writer"
    if line.get("lang") not in LANGUAGES:
        yield f"lang must be one of {LANGUAGES}"
    accept = line.get("accept", {})
    if not isinstance(accept, dict):
        yield "accept must be a mapping of label to the list of right values"
        accept = {}
    for label in LABELS:
        value = line.get(label)
        values = [value]
        if label in accept:
            if not isinstance(accept[label], list):
                yield f"accept.{label} must be a list"
                continue
            values += accept[label]
            if (value or None) not in [entry or None for entry in accept[label]]:
                yield f"accept.{label} lacks the label itself"
        for entry in values:
            yield from wrong_value(label, entry, trade)
    if strange := set(accept) - set(LABELS):
        yield f"accept has unknown labels {sorted(strange)}"
    tags = line.get("tags", [])
    if not isinstance(tags, list) or set(tags) - TAGS:
        yield f"unknown tags {tags}"
    if line.get("life_safety") and line.get("urgency") != "emergency":
        yield "life_safety implies urgency emergency"
    if line.get("opt_out") and line.get("intent") != "opt_out" and "opt_out" not in accept:
        yield "opt_out without the intent opt_out"
    if line.get("intent") == "opt_out" and not line.get("opt_out"):
        yield "the intent opt_out without opt_out"


def wrong_value(label: str, value: object, trade: str) -> Iterator[str]:
    match label:
        case "intent" if value not in INTENTS:
            yield f"intent {value!r} is none"
        case "urgency" if value not in URGENCIES:
            yield f"urgency {value!r} is none"
        case "life_safety" | "opt_out" if value not in (None, True, False):
            yield f"{label} must be true or left out"
        case "service" if value is not None and value not in MENUS[trade]:
            yield f"service {value!r} is not on the menu of {trade}"
        case "zip" if value is not None and not re.fullmatch(r"\d{5}", str(value)):
            yield f"zip {value!r} must be five digits in quotes"
        case "city" | "street_address" | "name" | "timeline" | "callback_time":
            if value is not None and (not isinstance(value, str) or not value.strip()):
                yield f"{label} must be words or left out"
        case _:
            return


def read(path: Path, trade: str | None = None) -> list[Labelled]:
    """The texts of one file. The trade is the folder's name unless it is given; LabelError names every bad line."""
    trade = trade or path.parent.name
    if trade not in MENUS:
        raise LabelError(f"{path}: the folder must be named after a trade ({', '.join(MENUS)})")
    texts: list[Labelled] = []
    bad: list[str] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not raw.strip():
            continue
        try:
            line = json.loads(raw)
        except ValueError as error:
            bad.append(f"{path}:{number}: not JSON: {error}")
            continue
        found = list(problems(line, trade))
        bad += [f"{path}:{number}: {problem}" for problem in found]
        if not found:
            texts.append(labelled(line, trade, f"{trade}-{line.get('by', path.stem)}-{number}"))
    if bad:
        raise LabelError("\n".join(bad))
    return texts


def labelled(line: Mapping[str, object], trade: str, name: str) -> Labelled:
    labels: dict[str, str | bool | None] = {}
    for label in LABELS:
        value = line.get(label)
        labels[label] = bool(value) if label in ("life_safety", "opt_out") else (str(value) if value else None)
    accept = line.get("accept", {})
    tags = line.get("tags", [])
    assert isinstance(accept, dict)
    assert isinstance(tags, list)
    return Labelled(
        id=name,
        trade=trade,
        text=str(line["text"]),
        lang=str(line["lang"]),
        labels=labels,
        accept={label: tuple(values) for label, values in accept.items()},
        tags=frozenset(tags),
    )


def read_all(folder: Path) -> list[Labelled]:
    """Every text below a folder of trades, in a stable order, each wording once per trade."""
    texts: dict[tuple[str, str], Labelled] = {}
    for path in sorted(folder.glob("*/*.jsonl")):
        for text in read(path):
            texts.setdefault((text.trade, " ".join(text.text.lower().split())), text)
    return list(texts.values())


def unseen(texts: Iterable[Labelled], learnt: Iterable[Labelled]) -> list[Labelled]:
    """The texts that nobody has learnt from: "stop" and "yes please" are written by everybody."""
    known = {" ".join(text.text.lower().split()) for text in learnt}
    return [text for text in texts if " ".join(text.text.lower().split()) not in known]


def summary(texts: Iterable[Labelled]) -> str:
    texts = list(texts)
    lines = [f"{len(texts)} texts"]
    for label in ("lang", "trade"):
        lines.append(f"  {label}: " + counted(Counter(str(getattr(text, label)) for text in texts)))
    for label in ("intent", "urgency", "life_safety", "opt_out", "service"):
        lines.append(f"  {label}: " + counted(Counter(str(text.labels[label]) for text in texts)))
    for label in FIELDS:
        lines.append(f"  {label}: {sum(text.labels[label] is not None for text in texts)}")
    lines.append("  tags: " + counted(Counter(tag for text in texts for tag in text.tags)))
    return "\n".join(lines)


def counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


def main(names: list[str]) -> int:
    texts: list[Labelled] = []
    good = True
    for name in names:
        try:
            texts += read(Path(name))
        except LabelError as error:
            good = False
            print(error, file=sys.stderr)
    print(summary(texts))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
