"""What the office corrects is learnt on the box itself, and used only if the reader loses nothing that matters by it.

Corrections are labelled texts as `gateway.training.labelled` describes them, in a folder a trade. They are learnt together
with the texts that ship with the product, and count several times: the customers they come from are the office's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gateway.core.understanding.model import described, pack, unpack
from gateway.core.understanding.places import Gazetteer
from gateway.core.understanding.reader import Reader
from gateway.files import READER_MODEL
from gateway.settings.trades import load_trades
from gateway.training.fit import Course
from gateway.training.labelled import Labelled, read_all
from gateway.training.lessons import learn
from gateway.training.score import score

WEIGHT = 5  # times that a correction counts as one shipped text
GUARDED = ("emergency recall", "life-safety recall", "opt-out recall")  # over shipped texts and corrections
_CORRECTED = ("intent", "urgency", "service")
NOISE = 0.002  # a model learnt again from the same texts plus one differs by as much


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of learning again. `lost`: guarded figures that fell, with before and after; then nothing was written."""

    corrections: int
    right_before: int  # corrections that the reader in use already reads as corrected: intent, urgency and service
    right_now: int
    lost: tuple[tuple[str, float, float], ...]


def retrain(texts: Path, corrections: Path, model: Path, course: Course) -> Verdict:
    """Learn shipped texts and corrections together and write `model`, unless a guarded figure would fall.

    Raises ValueError when a correction is not labelled as it should be, or when there is none.
    """
    shipped, corrected = read_all(texts), read_all(corrections)
    if not corrected:
        raise ValueError(f"there are no corrections in {corrections}")
    menus = {trade: pack_.vocabulary for trade, pack_ in load_trades().items()}
    used = model if model.exists() else READER_MODEL
    before = Reader(unpack(used.read_bytes()), Gazetteer.of(()), menus)
    base = described(READER_MODEL.read_bytes())["texts"]
    data = pack(learn([*shipped, *corrected * WEIGHT], menus, course), {"base": base, "count": str(len(shipped))})
    now = Reader(unpack(data), Gazetteer.of(()), menus)
    everything = [*shipped, *corrected]
    old, new = score(everything, before.read).figures(), score(everything, now.read).figures()
    lost = tuple((name, old[name], new[name]) for name in GUARDED if new[name] < old[name] - NOISE)
    if not lost:
        fresh = model.with_suffix(".new")
        fresh.write_bytes(data)
        fresh.replace(model)
    return Verdict(len(corrected), _right(corrected, before), _right(corrected, now), lost)


def _right(corrected: list[Labelled], reader: Reader) -> int:
    readings = ((text, reader.read(text.text, text.trade)) for text in corrected)
    return sum(
        all(getattr(reading, label) in text.accept.get(label, (text.labels[label],)) for label in _CORRECTED)
        for text, reading in readings
    )
