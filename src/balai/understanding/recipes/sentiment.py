"""Whether a text is negative, neutral or positive."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from balai.understanding import corpora, crossing, translations
from balai.understanding.corpora import Example
from balai.understanding.fitting import Recipe, Trained, counted
from balai.understanding.packs import Floats
from balai.understanding.shapes import SENTIMENTS
from balai.understanding.translations import Contrast

_BITS = 19
_STRENGTH = 0.15
_CONTRASTS = (Contrast(1.0, translated=True),)
_REACH = 2.0  # how much a word's meaning weighs beside its grams
_POLAR_WEIGHT = 0.1  # of a row of the set that knows no neutral: more drowns the neutral class
_PRIOR = 0.2  # share of the log prior taken off: reviews are more positive than what offices get
_WANTED = 0.92
_FOLDS = 3
_ELSEWHERE = (0.41, 0.18, 0.42)
"""Shares of the labels in SmSA's test split (Wilie et al. 2020), far from those in training."""
_SETS = (
    corpora.NUSAX, corpora.SMSA, corpora.NUSATRANSLATION, corpora.NUSATRANSLATION_PAIRS,
    corpora.NUSAX_LEXICONS, corpora.ENGLISH_WORDS,
)  # fmt: skip


def _train(folder: Path, seed: int) -> Trained:
    nusax = corpora.nusax(folder, "train") + corpora.nusax(folder, "valid")
    examples = nusax + corpora.smsa(folder, "train") + corpora.smsa(folder, "valid")
    texts, felt = [e.text for e in examples], [e.sentiment for e in examples]

    def without(fold: int, folds: crossing.Places) -> Trained:
        """A head that saw neither these sentences nor a translation or near twin of one."""
        kept = [e for e, other in zip(examples, folds != fold, strict=True) if other]
        held = [e for e, other in zip(examples, folds != fold, strict=True) if not other]
        smsa = [e for e in kept if not e.id]
        smsa = corpora.without_twins(smsa, [e for e in held if e.language == "ind"])
        return _fit(folder, seed, [e for e in kept if e.id], smsa)

    scores = crossing.held_out(texts, [e.id or e.text for e in examples], _FOLDS, without)
    head = _fit(folder, seed, nusax, examples[len(nusax) :])
    head, honest = crossing.calibrated(head, texts, scores, felt, wanted=_WANTED)
    return replace(head, metrics={**_measured(examples, scores), **honest})


def _measured(examples: list[Example], scores: Floats) -> dict[str, float]:
    """Macro-F1 on the languages of NusaX and on SmSA, there also at other shares of the labels."""
    said = np.array(SENTIMENTS)[scores.argmax(axis=1)]
    felt = np.array([e.sentiment for e in examples])
    code = np.array([e.language if e.id else "SmSA" for e in examples])
    measured = {
        f"NusaX {one}" if one != "SmSA" else one: crossing.macro_f1(
            felt[code == one], said[code == one]
        )
        for one in dict.fromkeys(code.tolist())
    }
    ours = felt[code == "SmSA"]
    weight = np.zeros(len(ours), np.float32)
    for label, share in zip(SENTIMENTS, _ELSEWHERE, strict=True):
        weight[ours == label] = share / max(1, int((ours == label).sum()))
    measured["SmSA elsewhere"] = crossing.macro_f1(ours, said[code == "SmSA"], weight)
    return measured


def _fit(folder: Path, seed: int, nusax: list[Example], smsa: list[Example]) -> Trained:
    polar = corpora.nusatranslation(folder, "train")
    examples, full = nusax + smsa + polar, len(nusax) + len(smsa)
    texts = [e.text for e in examples]
    pairs = corpora.parallel(folder, nusax)
    all_ = translations.gathered(texts, [e.language == "ind" for e in examples], pairs.known)
    documents = translations.together(all_, [e.id for e in examples])
    truth = np.array([[e.sentiment == one for one in SENTIMENTS] for e in examples])
    weight = np.ones(truth.shape)
    weight[full:] = _POLAR_WEIGHT
    weight[full:, SENTIMENTS.index("neutral")] = 0  # the polar set cannot teach what neutral is
    lent = translations.lent(
        all_.corpus, np.arange(len(texts)), truth, weight,
        bits=_BITS, strength=_STRENGTH, seed=seed, table=translations.dictionary(all_),
        contrasts=_CONTRASTS,
        directions=_REACH * translations.meanings(all_.corpus, documents, seed),
    )  # fmt: skip
    bias = lent.bias - _PRIOR * np.log(truth[:full].mean(axis=0)).astype(np.float32)
    learnt = ((corpora.NUSAX, nusax), (corpora.SMSA, smsa), (corpora.NUSATRANSLATION, polar))
    sets = (*(counted(card, len(rows)) for card, rows in learnt), *pairs.sets)
    return Trained(
        "sentiment", "one_of", SENTIMENTS, _BITS, True, lent.weights, bias,
        sets, words=lent.words, extra=lent.extra,
    )  # fmt: skip


SENTIMENT = Recipe("sentiment", "one_of", _SETS, _train)
