"""Puts a model's card and its measured figures into the words of docs/models.md."""

from __future__ import annotations

from balai.understanding.evaluation import Figures
from balai.understanding.model import Card
from balai.understanding.rules import RULES_VERSION

_PAGE = """\
# What reads the text, and how well

This page is written by `balai.understanding.report` from the model file and a measurement on the
validation splits of its sets. Figures are percentages; the test splits were never seen.

## The model `{version}` of {made_on}

Seed {seed}; weights `{digest}` (SHA-256).

| set | licence | rows | source |
|---|---|---|---|
{sets}

The weights are a work derived from NusaX and are passed on under CC BY-SA 4.0, with the sources
above named.

## Language, twelve of them (or `und` where none is likely)

| measured on | accuracy |
|---|---|
| NusaX valid, whole sentences | {language_accuracy} |
| NusaX valid, the first six words only | {language_brief} |

By language: {language_by}.

`p` is off by {language_calibration} points on average. `sure` begins at p = {language_sure_from}: \
{language_sure_share} % of the answers are sure, and {language_sure_right} % of these are right.

## Sentiment

| measured on | figure |
|---|---|
| NusaX valid, macro-F1, mean of 12 languages | {sentiment_mean} |
| SmSA valid, macro-F1 | {sentiment_smsa} |
| NusaTranslation valid (no neutral among its labels), accuracy | {sentiment_polar} |

By language: {sentiment_by}.

`p` is off by {sentiment_calibration} points on average. `sure` begins at p = \
{sentiment_sure_from}: {sentiment_sure_share} % of the answers are sure, and \
{sentiment_sure_right} % of these are right.

The strength of the regressions, the share of the prior and the weight of NusaTranslation were
chosen on NusaX valid and SmSA valid, so those figures flatter a little. `p` and `sure` were set on
one half of the validation splits and measured on the other.

## Rules (`{rules}`): intent, urgency, abuse, sensitive matters, personal data

No labelled public set exists for intent and urgency, so these are rules over word lists of our own.
They carry no probability and are never sure. What they must get right is in
`src/balai/understanding/tests/sentences.txt`, under the codebook beside it: sentences written by
the makers of the rules, which guard against regressions and are no measure of accuracy in life.
"""


def page(card: Card, figures: Figures) -> str:
    """The whole of docs/models.md."""
    heads = {head.name: head for head in card.heads}
    return _PAGE.format(
        version=card.version,
        made_on=card.made_on,
        seed=card.seed,
        digest=card.weights_sha256,
        sets="\n".join(f"| {s.name} | {s.licence} | {s.rows:,} | {s.source} |" for s in card.sets),
        language_accuracy=_percent(figures.language_accuracy),
        language_brief=_percent(figures.language_brief),
        language_by=_listed(figures.language_by),
        language_calibration=_percent(figures.language_calibration),
        language_sure_from=heads["language"].sure_from,
        language_sure_share=_percent(figures.sure_share["language"]),
        language_sure_right=_percent(figures.sure_right["language"]),
        sentiment_mean=_percent(figures.sentiment_mean),
        sentiment_smsa=_percent(figures.sentiment_smsa),
        sentiment_polar=_percent(figures.sentiment_polar),
        sentiment_by=_listed(figures.sentiment_by),
        sentiment_calibration=_percent(figures.sentiment_calibration),
        sentiment_sure_from=heads["sentiment"].sure_from,
        sentiment_sure_share=_percent(figures.sure_share["sentiment"]),
        sentiment_sure_right=_percent(figures.sure_right["sentiment"]),
        rules=RULES_VERSION,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _listed(shares: dict[str, float]) -> str:
    return ", ".join(f"{name} {_percent(share)}" for name, share in shares.items())
