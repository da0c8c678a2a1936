"""The reader of customers' texts: the model that ships with the product, the words of a business's menu, its places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from gateway.core.business import Business
from gateway.core.understanding.degrees import Thresholds
from gateway.core.understanding.model import Head, unpack
from gateway.core.understanding.places import Gazetteer
from gateway.core.understanding.reader import Reader, Reading
from gateway.core.understanding.vocabulary import Vocabulary
from gateway.files import READER_MODEL
from gateway.settings.trades import TradePack


def load_reader(trades: Mapping[str, TradePack], business: Business | None = None) -> Reader:
    """A reader for texts to businesses of these trades; a business's own trade is read with its own menu.

    Raises OSError or ModelError when the model cannot be used.
    """
    menus = {trade: pack.vocabulary for trade, pack in trades.items() if business is None or trade != business.trade}
    heads = _shipped_model()
    if business is None:
        return Reader(heads, Gazetteer.of(()), menus)
    rules = business.conversation
    menu = Vocabulary.of({key: service.words for key, service in rules.services.items()})
    own = Vocabulary.of({key: service.own_words for key, service in rules.services.items()})
    return Reader(
        heads,
        Gazetteer.of(rules.area.names, rules.area.nicknames),
        menus | {business.trade: menu},
        {business.trade: own},
        Thresholds(rules.emergencies.cold_f, rules.emergencies.hot_f),
    )


def reader_of(business: Business) -> Reader:
    """The reader of one business: texts to its own trade, with its own menu. Raises OSError or ModelError."""
    return load_reader({}, business)


def reading_for(business: Business) -> Callable[[str], Reading]:
    """What a text to this business says, as a function. Raises OSError or ModelError when the model cannot be used."""
    reader = reader_of(business)
    return lambda body: reader.read(body, business.trade)


@cache
def _shipped_model() -> Mapping[str, Head]:
    return unpack(READER_MODEL.read_bytes())
