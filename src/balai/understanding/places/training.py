"""Trains the packaged tagger of places and persons.

    python -m balai.understanding.places.training FOLDER [--held-back]

With `--held-back` nothing is written: every eighth training text of NERP is kept away from a tagger
and measured. FOLDER is the data folder `nlp`. Only sets whose licence lets trained weights be
passed on are read: IndoNLU NERP and NERGrit (Apache-2.0) and IDNER (MIT) for the marks, and the
running text of NusaX (CC BY-SA 4.0), IndoNLU and NusaTranslation (Apache-2.0) beside theirs for the
groups of like words. With a fixed seed and one BLAS thread the same data give the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from balai.understanding.places.common_words import running_texts
from balai.understanding.places.naming import known_names
from balai.understanding.tagging import groups, marked, tagger, training
from balai.understanding.tagging.groups import Groups
from balai.understanding.tagging.marked import LABELS, Marked
from balai.understanding.tagging.tagger import PERSON, PLACE, Card, Sentence, Tagger, Weights
from balai.understanding.tagging.tokens import Hashes, Token, tokens

Line = NDArray[np.float64]
VERSION = "places-1"
SEED = 20261122
PENALTY, PENALTY_ALONE, ROUNDS, SEEN_AT_LEAST = 1.5, 4.0, 100, 2
_SMALLEST = 0.02  # a weight below it is left out of the file: it moves no label


def teach(nerp: Sequence[Marked], others: Sequence[Marked], like: Groups, made_on: date) -> Weights:
    """A tagger: the mean of one that learnt from all texts and one from NERP's alone."""
    both = [_weights([*nerp, *others], like, PENALTY), _weights(nerp, like, PENALTY_ALONE)]
    keys = np.union1d(both[0].keys, both[1].keys)
    weights = np.zeros((len(keys), len(LABELS)))
    for one in both:
        weights[np.searchsorted(keys, one.keys)] += one.weights / len(both)
    kept = np.abs(weights).max(1) >= _SMALLEST
    sets = tuple(one.name for one in (marked.NERP, marked.NERGRIT, marked.IDNER))
    moves = np.mean([one.moves for one in both], axis=0)
    return Weights(
        Card(VERSION, made_on.isoformat(), LABELS, sets), keys[kept],
        weights[kept].astype(np.float16), moves.astype(np.float32), like.words, like.groups,
    )  # fmt: skip


class _Learnt(NamedTuple):
    keys: Hashes
    weights: training.Weights
    moves: training.Weights


def _weights(texts: Sequence[Marked], like: Groups, penalty: float) -> _Learnt:
    labelled = [marked.labelled(one) for one in texts]
    shown = training.shown([words for words, _ in labelled], known_names(), like.of)
    keys, seen = np.unique(shown.traits, return_counts=True)
    keys = keys[seen >= SEEN_AT_LEAST]
    weights, moves = training.fit(
        shown.rows(keys),
        np.concatenate([labels for _, labels in labelled]),
        shown.starts,
        len(LABELS),
        penalty=penalty,
        rounds=ROUNDS,
    )
    return _Learnt(keys, weights, moves)


def like_words(data: Path) -> Groups:
    """The groups of like words of all running text that may be used."""
    texts = sorted(running_texts(data))
    texts += [one.text for name in marked.FOLDERS for one in marked.read(data, name, "train")]
    return groups.learn(([word.text.lower() for word in tokens(text)] for text in texts), SEED)


def score(made: Tagger, texts: Sequence[Marked], kind: str) -> float:
    """F1 of the stretches of a kind, both ends right."""
    words = [tokens(one.text) for one in texts]
    found = [
        {
            (one[mark.first].start, one[mark.last].end)
            for mark in told.stretches
            if mark.label == kind
        }
        for one, told in zip(words, _told(made, words), strict=True)
    ]
    gold = [{(start, end) for start, end, own in one.marks if own == kind} for one in texts]
    return marked.f1(found, gold)


def _told(made: Tagger, texts: Sequence[Sequence[Token]]) -> list[Sentence]:
    return made.tag([[word.text for word in text] for text in texts])


def held_back(data: Path) -> float:
    """F1 of places on every eighth training text of NERP, by a tagger that never saw them."""
    texts = marked.read(data, "nerp", "train")
    rest = [one for place, one in enumerate(texts) if place % 8]
    made = Tagger(teach(rest, _others(data), like_words(data), date.min), known_names())
    return score(made, texts[::8], PLACE)


def _others(data: Path) -> list[Marked]:
    return [one for name in ("nergrit", "idner") for one in marked.read(data, name, "train")]


def make(data: Path, target: Path) -> Weights:
    """Trains on all training splits and writes the file."""
    nerp = marked.read(data, "nerp", "train")
    made = teach(nerp, _others(data), like_words(data), datetime.now(UTC).date())
    made = honest(made, marked.read(data, "nerp", "valid")[::2])
    tagger.save(made, target)
    return made


def honest(made: Weights, texts: Sequence[Marked]) -> Weights:
    """The same tagger with a confidence that agrees with how often it is right on the texts."""
    words = [tokens(one.text) for one in texts]
    own, right = [], []
    for one, gold, told in zip(
        words, texts, _told(Tagger(made, known_names()), words), strict=True
    ):
        for mark in told.stretches:
            own.append(mark.p)
            right.append((one[mark.first].start, one[mark.last].end, mark.label) in gold.marks)
    odds = np.log(np.array(own) / (1 - np.array(own)))
    said = np.where(right, 1.0, -1.0)

    def surprise(line: Line) -> float:
        return float(np.logaddexp(0, -said * (line[0] * odds + line[1])).sum())

    slope, shift = minimize(surprise, np.array([1.0, 0.0]), method="Nelder-Mead").x.tolist()
    card = msgspec.structs.replace(made.card, slope=round(slope, 4), shift=round(shift, 4))
    return made._replace(card=card)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    if "--held-back" in sys.argv:
        sys.stdout.write(f"NERP, an eighth held back, F1: {held_back(folder):.3f}\n")
        sys.exit()
    done = Tagger(make(folder, Path(tagger.__file__).with_name(tagger.FILE)), known_names())
    for name in marked.FOLDERS:
        valid = marked.read(folder, name, "valid")
        figures = [f"{kind} {score(done, valid, kind):.3f}" for kind in (PLACE, PERSON)]
        sys.stdout.write(f"{name} valid, F1: {', '.join(figures)}\n")
