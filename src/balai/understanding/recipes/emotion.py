"""Which of five emotions a text shows most: anger, fear, happy, love, sadness.

Words, pairs and grams, each weighed by how it parts one emotion from the others (NB-SVM). What
words mean in other languages, learnt from parallel texts, gave less than it cost in noise here.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from balai.understanding import corpora, crossing, translations
from balai.understanding.corpora import Felt
from balai.understanding.fitting import Recipe, Trained, counted
from balai.understanding.shapes import EMOTIONS
from balai.understanding.translations import Contrast

_BITS = 18
_CONTRASTS = (Contrast(1.0, with_grams=True),)
_TRANSLATED_WEIGHT = 0.1  # of a translated post: it teaches other languages, and no new content
_WANTED = 0.85
_FOLDS = 4
_SETS = (corpora.EMOT, corpora.NUSATRANSLATION_EMOTION, corpora.EMOTION_WORDS)


def _train(folder: Path, seed: int) -> Trained:
    posts = corpora.emot(folder, "train") + corpora.emot(folder, "valid")
    texts, felt = [e.text for e in posts], [e.emotion for e in posts]

    def without(fold: int, folds: crossing.Places) -> Trained:
        """A head that saw neither these posts nor any translation of a post."""
        return _fit(seed, [e for e, one in zip(posts, folds != fold, strict=True) if one], [])

    scores = crossing.held_out(texts, texts, _FOLDS, without)
    head = _fit(seed, posts, corpora.emotion_translated(folder))
    head, measured = crossing.calibrated(head, texts, scores, felt, wanted=_WANTED)
    said = [EMOTIONS[place] for place in scores.argmax(axis=1).tolist()]
    return replace(head, metrics={"EmoT": crossing.macro_f1(felt, said), **measured})


def _fit(seed: int, posts: list[Felt], translated: list[Felt]) -> Trained:
    words = corpora.emotion_words()
    labelled = posts + words + translated
    truth = np.array([[e.emotion == one for one in EMOTIONS] for e in labelled])
    weight = np.ones(truth.shape)
    weight[len(posts) + len(words) :] = _TRANSLATED_WEIGHT
    corpus = translations.Corpus([e.text for e in labelled])
    lent = translations.lent(
        corpus, np.arange(len(labelled)), truth, weight,
        bits=_BITS, strength=None, seed=seed, contrasts=_CONTRASTS,
    )  # fmt: skip
    learnt = (
        (corpora.EMOT, posts), (corpora.NUSATRANSLATION_EMOTION, translated),
        (corpora.EMOTION_WORDS, words),
    )  # fmt: skip
    return Trained(
        "emotion", "one_of", EMOTIONS, _BITS, True, lent.weights, lent.bias,
        tuple(counted(card, len(rows)) for card, rows in learnt),
        words=lent.words, extra=lent.extra,
    )  # fmt: skip


EMOTION = Recipe("emotion", "one_of", _SETS, _train)
