"""The reader of customers' texts with the model and the trade packs that ship with the product."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.core.understanding.model import unpack
from gateway.core.understanding.places import Gazetteer
from gateway.core.understanding.reader import Reader
from gateway.files import READER_MODEL
from gateway.settings.trades import TradePack


def load_reader(trades: Mapping[str, TradePack], own_cities: Iterable[str] = ()) -> Reader:
    """A reader for texts to businesses of these trades. Raises OSError or ModelError when the model cannot be used."""
    menus = {trade: pack.vocabulary for trade, pack in trades.items()}
    return Reader(unpack(READER_MODEL.read_bytes()), Gazetteer.of(own_cities), menus)
