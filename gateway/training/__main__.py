"""Learn the reader's model again (`train`), with the office's corrections (`retrain`), or tell how well it reads (`score`)."""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from gateway.core.understanding.model import pack, unpack
from gateway.core.understanding.places import Gazetteer
from gateway.core.understanding.reader import Reader
from gateway.files import READER_MODEL
from gateway.settings.trades import load_trades
from gateway.training.corrections import retrain
from gateway.training.fit import Course
from gateway.training.labelled import read_all, summary, unseen
from gateway.training.lessons import learn
from gateway.training.score import Score, confusions, score, table

TEXTS = Path(__file__).parent / "texts"
TEST_TEXTS = Path("tests/understanding/texts")
COURSE = Course()


def digest(folder: Path) -> str:
    """What the texts of a folder are, in a few letters: the model says from which ones it was made."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*/*.jsonl")):
        total.update(f"{path.parent.name}/{path.name}\n".encode() + path.read_bytes())
    return total.hexdigest()[:16]


def train(texts: Path, model: Path) -> None:
    """Learn from every text of a folder and write the model. Deterministic: the same texts give the same bytes."""
    labelled = read_all(texts)
    menus = {trade: one.vocabulary for trade, one in load_trades().items()}
    began = time.monotonic()
    heads = learn(labelled, menus, COURSE)
    data = pack(heads, {"texts": digest(texts), "count": str(len(labelled))})
    model.write_bytes(data)
    print(summary(labelled))
    print(f"{model}: {len(data) // 1024} KiB, learnt in {time.monotonic() - began:.0f} s")


def measure(texts: Path, model: Path) -> Score:
    """Read those texts of a folder with a model that it has not learnt from."""
    menus = {trade: one.vocabulary for trade, one in load_trades().items()}
    before = _memory_kib()
    reader = Reader(unpack(model.read_bytes()), Gazetteer.of(()), menus)
    reader.read("what it needs for the first text", next(iter(menus)))
    taken = _memory_kib() - before
    result = score(unseen(read_all(texts), read_all(TEXTS)), reader.read)
    result.reader_kib = taken
    return result


def _memory_kib() -> int:
    """What this process holds at the moment (Linux, proc(5))."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m gateway.training", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["train", "retrain", "score"], default="train")
    parser.add_argument("--texts", type=Path, help="the folder of labelled texts")
    parser.add_argument("--corrections", type=Path, help="retrain: the folder of the office's corrections")
    parser.add_argument("--model", type=Path, default=READER_MODEL)
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show up to N wrong readings of each kind")
    options = parser.parse_args(words)
    if options.what == "train":
        train(options.texts or TEXTS, options.model)
        return 0
    if options.what == "retrain":
        return _retrain(options.texts or TEXTS, options.corrections, options.model)
    result = measure(options.texts or TEST_TEXTS, options.model)
    if not result.texts:
        print("there are no texts in that folder that were not learnt from", file=sys.stderr)
        return 2
    print(f"{result.texts} texts")
    print(table(result.figures()))
    middle, slow = (sorted(result.took_s)[int(len(result.took_s) * part)] * 1e3 for part in (0.5, 0.95))
    print(f"  a text takes {middle:.1f} ms of the processor (median; 95 of 100 at most {slow:.1f})")
    print(f"  the reader takes {result.reader_kib / 1024:.0f} MiB")
    for truth, told, count in confusions(result):
        print(f"  {count:3} x {truth} read as {told}")
    for kind in sorted(result.wrong) if options.errors else ():
        print(f"{kind}: {len(result.wrong[kind])}")
        for line in result.wrong[kind][: options.errors]:
            print(f"  {line}")
    return 0


def _retrain(texts: Path, corrections: Path | None, model: Path) -> int:
    if corrections is None or model == READER_MODEL:
        print("retrain wants --corrections FOLDER and --model FILE, in the state folder", file=sys.stderr)
        return 2
    try:
        verdict = retrain(texts, corrections, model, COURSE)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(
        f"{verdict.corrections} corrections: {verdict.right_before} were read right before, {verdict.right_now} are now"
    )
    for name, before, now in verdict.lost:
        print(f"  {name} would fall from {before:.3f} to {now:.3f}: nothing is changed")
    return 1 if verdict.lost else 0


if __name__ == "__main__":
    sys.exit(main())
