"""Measures a model and writes what was measured as docs/models.md.

Nothing about accuracy is claimed anywhere that this module does not print. What a head learnt from
training and validation splits together was measured by cross-validation when it was made and
stands in its card; the rest is measured here, on the validation splits. The sets' test splits are
not in the data folder and were never seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from balai.understanding import corpora
from balai.understanding.corpora import NUSAX_LANGUAGES
from balai.understanding.crossing import error_of
from balai.understanding.fitting import halves
from balai.understanding.model import Model, load
from balai.understanding.packs import Card
from balai.understanding.shapes import LANGUAGES
from balai.understanding.words import Words


class Figures(NamedTuple):
    """What was measured, by name; shares of one. Not a number where a card does not say."""

    language_accuracy: float
    language_by: dict[str, float]
    language_brief: float
    sentiment_mean: float
    sentiment_by: dict[str, float]
    sentiment_smsa: float
    sentiment_elsewhere: float
    sentiment_polar: float
    emotion: float
    p_off_by: dict[str, float]
    sure_share: dict[str, float]
    sure_right: dict[str, float]


class _Answers(NamedTuple):
    labels: list[str]
    p: list[float]
    sure: list[bool]


def evaluate(data: Path | None = None, model: Path | None = None) -> tuple[list[Card], Figures]:
    """Measure a model (the packaged one if none is named)."""
    folder, judge = corpora.folder(data), load(model)
    nusax, polar = corpora.nusax(folder, "valid"), corpora.nusatranslation(folder, "valid")
    texts, truth = [e.text for e in nusax], [e.language for e in nusax]
    spoken = _ask(judge, "language", texts)
    hits = np.array([said == true for said, true in zip(spoken.labels, truth, strict=True)])
    languages = np.array(truth)
    both = nusax + corpora.smsa(folder, "valid")
    both = [e for e, one in zip(both, halves([e.text for e in both]), strict=True) if one]
    unseen = _ask(judge, "language", [e.text for e in both])  # `p` was set on the other half
    heard = np.array([s == e.language for s, e in zip(unseen.labels, both, strict=True)])
    sure = np.array(unseen.sure)
    crossed = {card.head.name: card.head.metrics for card in judge.cards}

    def told(head: str, name: str) -> float:
        return crossed[head].get(name, float("nan"))

    by_language = {code: told("sentiment", f"NusaX {code}") for code in NUSAX_LANGUAGES.values()}
    heads = ("sentiment", "emotion")
    felt = _ask(judge, "sentiment", [e.text for e in polar]).labels
    return judge.cards, Figures(
        language_accuracy=float(hits.mean()),
        language_by={code: float(hits[languages == code].mean()) for code in LANGUAGES[:-1]},
        language_brief=_share(
            _ask(judge, "language", [" ".join(one.split()[:6]) for one in texts]).labels, truth
        ),
        sentiment_mean=float(np.mean(list(by_language.values()))),
        sentiment_by=by_language,
        sentiment_smsa=told("sentiment", "SmSA"),
        sentiment_elsewhere=told("sentiment", "SmSA elsewhere"),
        sentiment_polar=_share(felt, [e.sentiment for e in polar]),
        emotion=told("emotion", "EmoT"),
        p_off_by={
            "language": error_of(np.array(unseen.p, np.float32), heard),
            **{head: told(head, "p off by") for head in heads},
        },
        sure_share={
            "language": float(sure.mean()),
            **{head: told(head, "sure") for head in heads},
        },
        sure_right={
            "language": float(heard[sure].mean()),
            **{head: told(head, "sure right") for head in heads},
        },
    )


def _ask(model: Model, head: str, texts: Sequence[str]) -> _Answers:
    judged = model.answers(Words().plain(texts)).chosen[head]
    return _Answers([j.label for j in judged], [j.p for j in judged], [j.sure for j in judged])


def _share(said: Sequence[str], true: Sequence[str]) -> float:
    return float(np.mean([one == other for one, other in zip(said, true, strict=True)]))
