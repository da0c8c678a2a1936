"""Trade packs: the menus of `config/trades/*.yaml` with the words customers use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from gateway.core.understanding.vocabulary import Vocabulary
from gateway.files import TRADE_PACKS


@dataclass(frozen=True, slots=True)
class TradePack:
    """One trade's menu: labels by key, in English and Spanish, and the vocabulary."""

    trade: str
    labels: Mapping[str, str]
    labels_es: Mapping[str, str]
    vocabulary: Vocabulary


def load_trades(folder: Path = TRADE_PACKS) -> dict[str, TradePack]:
    """Every trade pack of a folder. ValueError names the file and the line of the menu that cannot be used."""
    packs: dict[str, TradePack] = {}
    for path in sorted(folder.glob("*.yaml")):
        services = yaml.safe_load(path.read_text(encoding="utf-8"))["services"]
        words: dict[str, list[str]] = {}
        for key, service in services.items():
            words[key] = [*service["words"], *service["palabras"]]
            if strange := [word for word in words[key] if not isinstance(word, str)]:
                raise ValueError(f"{path}: {key}: write {strange[0]!r} in quotes")
        packs[path.stem] = TradePack(
            trade=path.stem,
            labels={key: service["label"] for key, service in services.items()},
            labels_es={key: service["label_es"] for key, service in services.items()},
            vocabulary=Vocabulary.of(words),
        )
    return packs
