"""The heads: serving computes what training saw, and what is claimed is what is measured."""

import csv
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import pytest

from balai.understanding import corpora, features
from balai.understanding.model import BrokenModelError, load
from balai.understanding.tests.codebook import sentences
from balai.understanding.training import train
from balai.understanding.words import Words

TEXTS = [one.text for one in sentences()]
PLAIN = Words().plain(TEXTS)
PERMITTED = {"CC BY-SA 4.0", "Apache-2.0", "MIT"}
PAGE = Path(__file__).parents[4] / "docs" / "models.md"


@pytest.fixture(scope="module")
def model():
    return load()


def test_serving_scores_are_those_of_the_training_matrix(model):
    batch = features.talk(PLAIN)
    served = model.score(PLAIN)
    for head, weights, bias in zip(model.card.heads, model._weights, model._biases, strict=True):
        trained = features.matrix(batch, head.bits, head.pairs) @ weights + bias
        heat = np.exp((trained - trained.max(axis=1, keepdims=True)) / head.temperature)
        p = (heat / heat.sum(axis=1, keepdims=True)).max(axis=1)
        assert (trained.argmax(axis=1) == served[head.name].best).all()
        assert np.allclose(p, served[head.name].p, atol=1e-4)


def test_what_was_read_before_changes_nothing(model):
    fresh = load()
    model.score(Words().plain(["kata lain sama sekali"] * 3))
    assert model.guesses(PLAIN) == fresh.guesses(PLAIN)


def test_forgetting_changes_the_price_and_not_the_answer(model):
    before = model.guesses(PLAIN)
    model._forget()
    assert model.guesses(PLAIN) == before


def test_every_training_set_may_be_passed_on_as_weights(model):
    assert {one.licence for one in model.card.sets} <= PERMITTED
    named = {name for head in model.card.heads for name in head.trained_on}
    assert named == {one.name for one in model.card.sets}


@pytest.mark.parametrize("bytes_", [b"", b"no model", b"PK\x03\x04 half a zip"])
def test_a_broken_file_is_refused_in_words(tmp_path, bytes_):
    path = tmp_path / "broken.npz"
    path.write_bytes(bytes_)
    with pytest.raises(BrokenModelError, match="cannot be read"):
        load(path)


def test_a_file_with_pickles_is_refused(tmp_path):
    path = tmp_path / "pickled.npz"
    np.savez(path, card=np.array([{"a": 1}], dtype=object))
    with pytest.raises(BrokenModelError):
        load(path)


def test_serving_needs_neither_the_trainer_nor_the_framework():
    told = subprocess.run(
        [
            sys.executable, "-c",
            "import sys; from balai.understanding.reading import read; read(['tolong']);"
            "print([m for m in ('sklearn', 'django', 'sqlite3') if m in sys.modules])",
        ],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": "src", "PATH": ""},
        cwd=Path(__file__).parents[4],
    )  # fmt: skip
    assert told.stdout.strip() == "[]"


def write_set(stem: Path, rows: list[dict[str, str]]) -> None:
    stem.parent.mkdir(parents=True, exist_ok=True)
    with stem.with_suffix(".csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def small_data(tmp_path):
    moods = {"negative": "buruk rusak", "neutral": "kantor buka", "positive": "bagus ramah"}
    for number, name in enumerate(corpora.NUSAX_LANGUAGES):
        for split in ("train", "valid"):
            rows = [
                {"text": f"{words} {name} x{number}{split}{place}", "label": mood}
                for place in range(4)
                for mood, words in moods.items()
            ]
            write_set(tmp_path / "nlp" / "nusax" / name / split, rows)
    for split in ("train", "valid"):
        rows = [{"text": f"{w} sekali {split}", "label": mood} for mood, w in moods.items()]
        write_set(tmp_path / "nlp" / "indonlu" / "smsa" / split, rows)
        polar = [{**row, "lang": "jav"} for row in rows if row["label"] != "neutral"]
        write_set(tmp_path / "nlp" / "nusatranslation" / "senti" / split, polar)
    return tmp_path


def test_the_same_data_and_seed_give_the_same_model(small_data, tmp_path):
    files = [tmp_path / "one.npz", tmp_path / "two.npz"]
    cards = [train(small_data, out, 3, made_on=date(2026, 1, 2)) for out in files]
    assert cards[0] == cards[1]
    assert cards[0]["made_on"] == "2026-01-02"
    assert load(files[0]).guesses(PLAIN) == load(files[1]).guesses(PLAIN)
    assert load(files[0]).guesses("bagus ramah \n")["sentiment"][0].label == "positive"


def test_twins_of_what_is_measured_are_left_out():
    seen = [corpora.Example("jalan di depan pasar rusak parah sekali", "negative", "ind")]
    others = [
        corpora.Example("jalan di depan pasar rusak parah sekali !", "negative", "ind"),
        corpora.Example("petugas loket sangat ramah kepada warga", "positive", "ind"),
    ]
    assert corpora.without_twins(others, seen) == others[1:]


def test_a_missing_data_folder_is_told_with_the_remedy(tmp_path):
    with pytest.raises(corpora.NoDataError, match="BALAI_TEST_DATA"):
        corpora.folder(tmp_path)


@pytest.mark.data
def test_the_page_says_what_is_measured_and_the_floors_hold():
    from balai.understanding.evaluation import evaluate
    from balai.understanding.report import page

    try:
        card, figures = evaluate()
    except corpora.NoDataError as missing:
        pytest.skip(f"NOT MEASURED: {missing}")
    assert figures.language_accuracy >= 0.975
    assert figures.sentiment_mean >= 0.78
    assert figures.sentiment_smsa >= 0.805
    assert max(figures.language_calibration, figures.sentiment_calibration) <= 0.05
    assert PAGE.read_text("utf-8") == page(card, figures)
    assert msgspec.to_builtins(card)
