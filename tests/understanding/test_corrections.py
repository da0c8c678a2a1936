"""The office's corrections: learnt on the box, used when nothing is lost, and only with the version they were learnt for."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import pytest

from gateway.core.understanding.model import described, pack, unpack
from gateway.files import READER_MODEL
from gateway.reading import OWN_MODEL, load_reader, reading_for
from gateway.settings import parse
from gateway.training import corrections
from gateway.training.__main__ import main as training
from gateway.training.corrections import retrain
from gateway.training.fit import Course

QUICK = Course(epochs=1)
HOME = "business: {name: Ridgeway Plumbing, trade: plumbing, timezone: America/Chicago}\nlines: {main: {number: '+19135550100'}}\n"
ODD = "the gizmo under the whatsit is doing the thing again"


def written(folder: Path, *lines: Mapping[str, object]) -> Path:
    path = folder / "plumbing" / "office.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def correction(text: str, **labels: object) -> dict[str, object]:
    return {"text": text, "lang": "en", "intent": "new_service", "urgency": "routine", "service": None} | labels


@pytest.fixture(scope="module")
def few_texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of the shipped texts: learning from all of them takes minutes."""
    folder = tmp_path_factory.mktemp("texts")
    shipped = Path(corrections.__file__).parent / "texts"

    def lines() -> Iterator[str]:
        for path in sorted((shipped / "plumbing").glob("*.jsonl")):
            yield from path.read_text("utf-8").splitlines(keepends=True)

    (folder / "plumbing").mkdir()
    (folder / "plumbing" / "few.jsonl").write_text("".join(islice(lines(), 300)), "utf-8")
    return folder


def test_corrections_are_learnt_and_the_box_reads_with_them(
    few_texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "GUARDED", ())  # so few texts read worse than all of them
    wish = written(tmp_path / "corrections", correction(ODD, intent="complaint", urgency="urgent"))
    model = tmp_path / OWN_MODEL
    verdict = retrain(few_texts, wish, model, QUICK)
    assert (verdict.corrections, verdict.lost) == (1, ())
    assert described(model.read_bytes())["base"] == described(READER_MODEL.read_bytes())["texts"]
    business = parse(HOME, "gateway.yaml").business
    assert reading_for(business, tmp_path)(ODD) == load_reader({}, business, model).read(ODD, "plumbing")
    assert unpack(model.read_bytes()) != unpack(READER_MODEL.read_bytes())


def test_a_model_that_loses_a_guarded_figure_is_not_put_in_use(
    few_texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "NOISE", -1.0)  # what does not gain everything counts as a loss
    wish = written(tmp_path / "corrections", correction(ODD, intent="complaint", urgency="urgent"))
    model = tmp_path / OWN_MODEL
    verdict = retrain(few_texts, wish, model, QUICK)
    assert [name for name, _, _ in verdict.lost] == list(corrections.GUARDED)
    assert not model.exists()


def test_the_command_says_what_is_wrong_with_corrections(
    few_texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = written(tmp_path / "corrections", correction(ODD, intent="gossip"))
    words = ["retrain", "--texts", str(few_texts), "--model", str(tmp_path / OWN_MODEL), "--corrections"]
    assert training([*words, str(wish)]) == 2
    assert "office.jsonl:1: intent 'gossip' is none" in capsys.readouterr().err
    assert training([*words, str(tmp_path)]) == 2
    assert "no corrections" in capsys.readouterr().err


def test_texts_that_were_learnt_from_measure_nothing(few_texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert training(["score", "--texts", str(few_texts)]) == 2
    assert "no texts" in capsys.readouterr().err


def test_no_corrections_are_no_reason_to_learn(few_texts: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no corrections"):
        retrain(few_texts, tmp_path, tmp_path / OWN_MODEL, QUICK)


@pytest.mark.parametrize("data", [b"", b"rubbish", READER_MODEL.read_bytes()[:5000]])
def test_a_damaged_model_of_the_box_is_not_used(data: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / OWN_MODEL).write_bytes(data)
    business = parse(HOME, "gateway.yaml").business
    with caplog.at_level(logging.WARNING):
        assert reading_for(business, tmp_path)("sink is clogged") == reading_for(business)("sink is clogged")
    assert "the shipped one is used" in caplog.text


def test_a_model_learnt_for_another_version_is_not_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model = unpack(READER_MODEL.read_bytes())
    (tmp_path / OWN_MODEL).write_bytes(pack(model, {"base": "another"}))
    with caplog.at_level(logging.WARNING):
        reading_for(parse(HOME, "gateway.yaml").business, tmp_path)
    assert "another version" in caplog.text
