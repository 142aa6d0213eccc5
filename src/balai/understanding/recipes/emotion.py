"""Which of five emotions a text shows most: anger, fear, happy, love, sadness."""

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
_STRENGTH = 0.3
_CONTRASTS = (Contrast(5.0), Contrast(0.3, with_grams=True))
_REACH = 2.0  # how much a word's meaning weighs beside its grams
_TRANSLATED_WEIGHT = 0.1  # of a translated post: it teaches other languages, and no new content
_WANTED = 0.85
_FOLDS = 4
_SETS = (
    corpora.EMOT, corpora.NUSATRANSLATION_EMOTION, corpora.NUSATRANSLATION_PAIRS,
    corpora.NUSAX_LEXICONS, corpora.ENGLISH_WORDS, corpora.NUSAX, corpora.SMSA,
)  # fmt: skip


def _train(folder: Path, seed: int) -> Trained:
    posts = corpora.emot(folder, "train") + corpora.emot(folder, "valid")
    texts, felt = [e.text for e in posts], [e.emotion for e in posts]

    def without(fold: int, folds: crossing.Places) -> Trained:
        """A head that saw neither these posts nor any translation of a post."""
        kept = [e for e, other in zip(posts, folds != fold, strict=True) if other]
        held = {_key(e.text) for e in posts} - {_key(e.text) for e in kept}
        return _fit(folder, seed, kept, [], held)

    scores = crossing.held_out(texts, texts, _FOLDS, without)
    head = _fit(folder, seed, posts, corpora.emotion_translated(folder), set())
    head, measured = crossing.calibrated(head, texts, scores, felt, wanted=_WANTED)
    said = [EMOTIONS[place] for place in scores.argmax(axis=1).tolist()]
    return replace(head, metrics={"EmoT": crossing.macro_f1(felt, said), **measured})


def _fit(
    folder: Path, seed: int, posts: list[Felt], translated: list[Felt], unseen: set[str]
) -> Trained:
    """A head of these posts; pairs whose Indonesian is `unseen` teach nothing."""
    labelled = posts + translated
    nusax, smsa = corpora.nusax(folder, "train"), corpora.smsa(folder, "train")
    pairs = corpora.parallel(folder, nusax)
    known = {
        language: [pair for pair in each if _key(pair[0]) not in unseen]
        for language, each in pairs.known.items()
    }
    read = nusax + smsa  # for what words mean, not for what they are labelled
    texts = [e.text for e in labelled] + [e.text for e in read]
    all_ = translations.gathered(texts, [False] * len(texts), known)
    documents = translations.together(all_, [e.id for e in labelled] + [e.id for e in read])
    truth = np.array([[e.emotion == one for one in EMOTIONS] for e in labelled])
    weight = np.full(truth.shape, _TRANSLATED_WEIGHT)
    weight[: len(posts)] = 1
    lent = translations.lent(
        all_.corpus, np.arange(len(labelled)), truth, weight,
        bits=_BITS, strength=_STRENGTH, seed=seed, contrasts=_CONTRASTS,
        directions=_REACH * translations.meanings(all_.corpus, documents, seed),
    )  # fmt: skip
    learnt = (
        (corpora.EMOT, posts), (corpora.NUSATRANSLATION_EMOTION, translated),
        (corpora.NUSAX, nusax), (corpora.SMSA, smsa),
    )  # fmt: skip
    return Trained(
        "emotion", "one_of", EMOTIONS, _BITS, True, lent.weights, lent.bias,
        (*(counted(card, len(rows)) for card, rows in learnt), *pairs.sets),
        words=lent.words, extra=lent.extra,
    )  # fmt: skip


def _key(text: str) -> str:
    """What a post shares with its copy in the set of translations, however names were hidden."""
    return "".join(
        filter(str.isalnum, text.replace("[USERNAME]", "").replace("[URL]", "").lower())
    )[:40]


EMOTION = Recipe("emotion", "one_of", _SETS, _train)
