"""Puts a model's card and its measured figures into the words of docs/models.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from balai.understanding import published
from balai.understanding.evaluation import Figures
from balai.understanding.packs import Card
from balai.understanding.rules import RULES_VERSION

_PAGE = """\
# What reads the text, and how well

This page is written by `balai.understanding.report` from the packs and a measurement. Figures are
percentages; the test splits were never seen.

Sentiment and emotion learnt from the training and the validation splits together, so their figures
are those of cross-validation: each text was read by a head made in the same way from the other
folds only, and the figures stand in the pack's card. The shipped pack learnt from more than any
head so measured. Language learnt from training splits and is measured on validation splits.

## The packs that Balai brings

| head | version | made on | seed | weights (SHA-256 begins) | trained on |
|---|---|---|---|---|---|
{packs}

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
| NusaX, macro-F1, mean of 12 languages | {sentiment_mean} |
| SmSA, macro-F1 | {sentiment_smsa} |
| SmSA at its test split's shares (42 % positive, not 58), macro-F1 | {sentiment_elsewhere} |
| NusaTranslation valid (no neutral among its labels), accuracy | {sentiment_polar} |

### NusaX by language, macro-F1, beside published figures

{nusax}

Ours are cross-validated in three folds: no head saw a sentence that it was measured on, a
translation of it, or its near twin in SmSA. With some 600 sentences a language's figure is off by
some two points either way; the published ones are of the test split. `./balai understand eval
DATASET.csv --task sentiment` measures ours on any split; on the validation splits it flatters.

### SmSA and EmoT, macro-F1, beside published figures

{indonlu}

`p` of sentiment is off by {sentiment_calibration} points on average. `sure` begins at p = \
{sentiment_sure_from}: {sentiment_sure_share} % of the answers are sure, and \
{sentiment_sure_right} % of these are right.

## Emotion

EmoT, macro-F1 in four folds: {emotion}. `p` is off by {emotion_calibration} points on average. \
`sure` begins at p = {emotion_sure_from}: {emotion_sure_share} % of the answers are sure, and \
{emotion_sure_right} % of these are right.

Emotion in the other languages was learnt from translations of EmoT's training posts. It is read
worse there: on 334 translations of validation posts, macro-F1 of a head that had not learnt from
these posts was 59 (logistic regression 56.2 and NusaBERT large 61.4 on the test split, README of
LazarusNLP/NusaBERT), so an office should trust it in Indonesian before all others.

`p` and `sure` of every head were set on one half of the measured texts and measured on the other.

## What was tried, and what it gave

{tried}

## Cues and rules (`{rules}`)

No labelled public set exists for intent and urgency: they are weighed from cues of our lexicons by
heads that learnt from messages we wrote and labelled ourselves (`src/balai/understanding/ours/`,
with its codebook). Abuse, disaster and sensitive matters are rules over the same cues: they carry
no probability and are never sure, until an office trains the heads of `recipes/` whose sets may
not be passed on. CrisisLexT26 was not used: its posts are English, Spanish, Italian and
Portuguese, and a head of theirs would answer for Indonesian words it never saw. What the rules
must get right is in
`src/balai/understanding/tests/sentences.txt`, under the codebook beside it: sentences written by
the makers of the rules, which guard against regressions and are no measure of accuracy in life.
"""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _nusax(figures: Figures) -> str:
    order = published.NUSAX_ORDER
    rows = [
        [name, *(f"{one:.1f}" for one in each), f"{sum(each) / len(each):.1f}"]
        for name, each in published.NUSAX.items()
    ]
    mine = [_percent(figures.sentiment_by[code]) for code in order]
    rows.append(["**ours (not test)**", *mine, _percent(figures.sentiment_mean)])
    return _table(["system", *order, "mean"], rows)


def _indonlu(figures: Figures) -> str:
    rows = [[name, *map(str, each)] for name, each in published.INDONLU.items()]
    rows.append(
        ["**ours (not test)**", _percent(figures.sentiment_smsa), _percent(figures.emotion)]
    )
    return _table(["system", "SmSA", "EmoT"], rows)


def page(cards: Sequence[Card], figures: Figures) -> str:
    """The whole of docs/models.md."""
    heads = {card.head.name: card.head for card in cards}
    return _PAGE.format(
        packs="\n".join(map(_pack, cards)),
        sets="\n".join(_sets(cards)),
        language_accuracy=_percent(figures.language_accuracy),
        language_brief=_percent(figures.language_brief),
        language_by=_listed(figures.language_by),
        language_calibration=_percent(figures.p_off_by["language"]),
        language_sure_from=heads["language"].sure_from,
        language_sure_share=_percent(figures.sure_share["language"]),
        language_sure_right=_percent(figures.sure_right["language"]),
        sentiment_mean=_percent(figures.sentiment_mean),
        sentiment_smsa=_percent(figures.sentiment_smsa),
        sentiment_elsewhere=_percent(figures.sentiment_elsewhere),
        sentiment_polar=_percent(figures.sentiment_polar),
        nusax=_nusax(figures),
        indonlu=_indonlu(figures),
        tried=published.TRIED,
        emotion=_percent(figures.emotion),
        emotion_calibration=_percent(figures.p_off_by["emotion"]),
        emotion_sure_from=heads["emotion"].sure_from,
        emotion_sure_share=_percent(figures.sure_share["emotion"]),
        emotion_sure_right=_percent(figures.sure_right["emotion"]),
        sentiment_calibration=_percent(figures.p_off_by["sentiment"]),
        sentiment_sure_from=heads["sentiment"].sure_from,
        sentiment_sure_share=_percent(figures.sure_share["sentiment"]),
        sentiment_sure_right=_percent(figures.sure_right["sentiment"]),
        rules=RULES_VERSION,
    )


def _pack(card: Card) -> str:
    return (
        f"| {card.head.name} | {card.version} | {card.made_on} | {card.seed} "
        f"| `{card.weights_sha256[:16]}` | {', '.join(card.head.trained_on)} |"
    )


def _sets(cards: Sequence[Card]) -> list[str]:
    sets = {one.name: one for card in cards for one in card.sets}
    return [
        f"| {one.name} | {one.licence} | {one.rows:,} | {one.source} |" for one in sets.values()
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _listed(shares: dict[str, float]) -> str:
    return ", ".join(f"{name} {_percent(share)}" for name, share in shares.items())
