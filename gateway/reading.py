"""The reader of customers' texts: the model that ships with the product, the words of a business's menu, its places."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from gateway.core.business import Business
from gateway.core.understanding.degrees import Thresholds
from gateway.core.understanding.model import Model, ModelError, described, unpack
from gateway.core.understanding.places import Gazetteer
from gateway.core.understanding.reader import Reader, Reading
from gateway.core.understanding.vocabulary import Vocabulary
from gateway.files import READER_MODEL
from gateway.settings.trades import TradePack

log = logging.getLogger(__name__)
OWN_MODEL = "reader.model"  # in the state folder: learnt again on this box with the office's corrections


def load_reader(
    trades: Mapping[str, TradePack], business: Business | None = None, own_model: Path | None = None
) -> Reader:
    """A reader for texts to businesses of these trades; a business's own trade is read with its own menu.

    `own_model` is used where it is there and was learnt for this version of the product. Raises OSError or ModelError
    when the shipped model cannot be used.
    """
    menus = {trade: pack.vocabulary for trade, pack in trades.items() if business is None or trade != business.trade}
    model = (_own_model(own_model) if own_model is not None else None) or _shipped_model()
    if business is None:
        return Reader(model, Gazetteer.of(()), menus)
    rules = business.conversation
    menu = Vocabulary.of({key: service.words for key, service in rules.services.items()})
    own = Vocabulary.of({key: service.own_words for key, service in rules.services.items()})
    return Reader(
        model,
        Gazetteer.of(rules.area.names, rules.area.nicknames),
        menus | {business.trade: menu},
        {business.trade: own},
        Thresholds(rules.emergencies.cold_f, rules.emergencies.hot_f),
    )


def reading_for(business: Business, state: Path | None = None) -> Callable[[str], Reading]:
    """What a text to this business says, as a function; `state` is the folder in which a model of the box's own may lie.

    Raises OSError or ModelError when the shipped model cannot be used.
    """
    reader = load_reader({}, business, None if state is None else state / OWN_MODEL)
    return lambda body: reader.read(body, business.trade)


@cache
def _shipped_model() -> Model:
    return unpack(READER_MODEL.read_bytes())


def _own_model(path: Path) -> Model | None:
    """The model that was learnt on this box; None where there is none, or one of another version of the product."""
    try:
        data = path.read_bytes()
        if described(data).get("base") == described(READER_MODEL.read_bytes()).get("texts"):
            return unpack(data)
        log.warning("%s was learnt for another version: learn it again; the shipped one is used", path)
    except FileNotFoundError:
        return None
    except (OSError, ModelError) as error:
        log.warning("%s cannot be used (%s): the shipped one is used", path, error)
    return None
