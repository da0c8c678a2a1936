"""The data files that come with the product: the same path in a checkout (a link to `config/`) and in a wheel (a copy)."""

from __future__ import annotations

from pathlib import Path

CONFIG = (Path(__file__).parent / "config").resolve()
EXAMPLE = CONFIG / "gateway.example.yaml"
MODEM_PROFILES = CONFIG / "modems"
TRADE_PACKS = CONFIG / "trades"
READER_MODEL = Path(__file__).parent / "reader.model"  # written by `python -m gateway.training`
