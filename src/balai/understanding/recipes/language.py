"""Which of the twelve languages a text is in."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from balai.understanding import corpora
from balai.understanding.corpora import Example
from balai.understanding.fitting import (
    Recipe,
    Trained,
    calibrated,
    counted,
    halves,
    joined,
    margin,
    matrix,
)
from balai.understanding.shapes import LANGUAGES

_BITS = 17
_LABELS = LANGUAGES[:-1]  # "und" is the answer when no head is confident, not a head
_MOST = 1_500  # rows of each further set: NusaX gives 500, and the twelve should weigh alike
_SHORT = 6  # words of the short pieces that teach what a brief reply looks like
_DIALECTS = 4  # pieces of each of our few sentences of dialect
_PLAIN = 600  # of the same posts in plain Indonesian, for each language that they were put into
_STRENGTH = 0.3
_WANTED = 0.99
_SETS = (
    corpora.NUSAX,
    corpora.SMSA,
    corpora.NUSATRANSLATION,
    corpora.NUSATRANSLATION_PAIRS,
    corpora.JAVANESE,
)


def _train(folder: Path, seed: int) -> Trained:
    chance = np.random.default_rng(seed)
    nusax, smsa = corpora.nusax(folder, "train"), corpora.smsa(folder, "train")
    translated = corpora.nusatranslation(folder, "train")
    dialects = [Example(said, "", "jav") for _, said in corpora.javanese()]
    examples = nusax + dialects * _DIALECTS
    for label in _LABELS:
        more = [e for e in (*smsa, *translated) if e.language == label]
        chosen = chance.permutation(len(more))[:_MOST]
        examples += [more[place] for place in sorted(chosen)]
    posts = corpora.translated_posts(folder)
    for label in sorted(set(posts) & set(_LABELS)):
        chosen = chance.permutation(len(posts[label]))[:_MOST]
        pairs = [posts[label][place] for place in sorted(chosen)]
        examples += [_mixed(ours, theirs, label, chance) for ours, theirs in pairs]
        examples += [Example(ours, "", "ind") for ours, _ in pairs[:_PLAIN]]
    examples += [_shortened(e, chance) for e in (*examples, *nusax)]
    rows = matrix([e.text for e in examples], _BITS, pairs=False)
    spoken = np.array([e.language for e in examples])
    weights, bias = joined([
        margin(rows, spoken == one, seed=seed, strength=_STRENGTH, balanced=True)
        for one in _LABELS
    ])  # fmt: skip
    learnt = (len(nusax), len(smsa), len(translated), sum(map(len, posts.values())), len(dialects))
    sets = tuple(counted(card, rows) for card, rows in zip(_SETS, learnt, strict=True))
    head = Trained("language", "one_of", _LABELS, _BITS, False, weights, bias, sets)
    valid = corpora.nusax(folder, "valid")
    tuning = [e for e, kept in zip(valid, halves([e.text for e in valid]), strict=True) if not kept]
    texts, truth = [e.text for e in tuning], [e.language for e in tuning]
    return calibrated(head, texts, truth, wanted=_WANTED)


def _shortened(example: Example, chance: np.random.Generator) -> Example:
    words = example.text.split()
    start = int(chance.integers(0, max(1, len(words) - _SHORT)))
    return example._replace(text=" ".join(words[start : start + _SHORT]))


def _mixed(ours: str, theirs: str, language: str, chance: np.random.Generator) -> Example:
    """What people write: a sentence of their language that runs on in Indonesian, or begins so."""
    first, second = theirs.split(), ours.split()
    share = chance.uniform(0.3, 0.7)
    regional = first[: max(2, round(share * len(first)))]
    rest = second[round(share * len(second)) :]
    mixed = [*regional, *rest] if chance.random() < 0.5 else [*rest, *regional]
    return Example(" ".join(mixed), "", language)


LANGUAGE = Recipe("language", "one_of", _SETS, _train)
