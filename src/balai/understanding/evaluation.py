"""Measures a model on the validation splits and writes what was measured as docs/models.md.

Nothing about accuracy is claimed anywhere that this module does not print. Texts that a model was
tuned on are named as such; the sets' test splits are not in the data folder and were never seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from balai.understanding import corpora
from balai.understanding.corpora import NUSAX_LANGUAGES, Example
from balai.understanding.model import Card, Model, load
from balai.understanding.shapes import LANGUAGES
from balai.understanding.training import halves
from balai.understanding.words import Words


class Figures(NamedTuple):
    """What was measured, by name; shares of one."""

    language_accuracy: float
    language_by: dict[str, float]
    language_calibration: float
    language_brief: float
    sentiment_mean: float
    sentiment_by: dict[str, float]
    sentiment_smsa: float
    sentiment_polar: float
    sentiment_calibration: float
    sure_share: dict[str, float]
    sure_right: dict[str, float]


class _Answers(NamedTuple):
    labels: list[str]
    p: list[float]
    sure: list[bool]


def evaluate(data: Path | None = None, model: Path | None = None) -> tuple[Card, Figures]:
    """Measure a model (the packaged one if none is named) on the validation splits."""
    from sklearn.metrics import f1_score

    folder, judge = corpora.folder(data), load(model)
    nusax, smsa = corpora.nusax(folder, "valid"), corpora.smsa(folder, "valid")
    polar = corpora.nusatranslation(folder, "valid")
    spoken = _ask(judge, "language", nusax)
    truth = [e.language for e in nusax]
    brief = [e._replace(text=" ".join(e.text.split()[:6])) for e in nusax]

    def macro(examples: Sequence[Example]) -> float:
        felt = _ask(judge, "sentiment", examples).labels
        return float(f1_score([e.sentiment for e in examples], felt, average="macro"))

    by_language = {
        code: macro([e for e in nusax if e.language == code]) for code in NUSAX_LANGUAGES.values()
    }
    unseen = halves(nusax + smsa)[1]  # the half that the temperature was not set on
    heads = {"language": [e.language for e in unseen], "sentiment": [e.sentiment for e in unseen]}
    answers = {name: _ask(judge, name, unseen) for name in heads}
    return judge.card, Figures(
        language_accuracy=_share(spoken.labels, truth),
        language_by={
            code: _share(
                [said for said, true in zip(spoken.labels, truth, strict=True) if true == code],
                [true for true in truth if true == code],
            )
            for code in LANGUAGES[:-1]
        },
        language_calibration=calibration_error(answers["language"], heads["language"]),
        language_brief=_share(_ask(judge, "language", brief).labels, truth),
        sentiment_mean=float(np.mean(list(by_language.values()))),
        sentiment_by=by_language,
        sentiment_smsa=macro(smsa),
        sentiment_polar=_share(
            _ask(judge, "sentiment", polar).labels, [e.sentiment for e in polar]
        ),
        sentiment_calibration=calibration_error(answers["sentiment"], heads["sentiment"]),
        sure_share={name: float(np.mean(answers[name].sure)) for name in heads},
        sure_right={name: _right_when_sure(answers[name], heads[name]) for name in heads},
    )


def calibration_error(answers: _Answers, truth: Sequence[str], bins: int = 10) -> float:
    """The expected distance between `p` and the share that was right, over ten bins of `p`."""
    p = np.array(answers.p)
    hits = np.array([said == true for said, true in zip(answers.labels, truth, strict=True)])
    bin_of = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [
        abs(p[bin_of == one].mean() - hits[bin_of == one].mean()) * np.mean(bin_of == one)
        for one in range(bins)
        if (bin_of == one).any()
    ]
    return float(sum(gaps))


def _ask(model: Model, head: str, examples: Sequence[Example]) -> _Answers:
    judged = model.guesses(Words().plain([e.text for e in examples]))[head]
    return _Answers([j.label for j in judged], [j.p for j in judged], [j.sure for j in judged])


def _share(said: Sequence[str], true: Sequence[str]) -> float:
    return float(np.mean([one == other for one, other in zip(said, true, strict=True)]))


def _right_when_sure(answers: _Answers, truth: Sequence[str]) -> float:
    sure = [
        said == true
        for said, true, is_sure in zip(answers.labels, truth, answers.sure, strict=True)
        if is_sure
    ]
    return float(np.mean(sure)) if sure else float("nan")
