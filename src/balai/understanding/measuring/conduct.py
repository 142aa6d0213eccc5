"""Abuse and hate: each right, both right, and where the file says so, target, matter and level."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from balai.understanding.measuring.asking import Asked
from balai.understanding.measuring.asks import Ask
from balai.understanding.measuring.measures import (
    Score,
    by_label,
    calibration,
    confusion,
    macro,
    score,
    share,
)
from balai.understanding.measuring.results import Measured
from balai.understanding.measuring.tables import Table, UnmeasurableError, yes_or_no
from balai.understanding.shapes import Abuse

_ABUSIVE = ("abusive", "abuse", "kasar", "toxic", "toxicity")
_HATE = ("hs", "hate", "hate_speech", "hatespeech", "ujaran_kebencian")
_LABEL = ("label", "class", "kelas")
_MEANS_YES = (*_ABUSIVE, *_HATE, "hate speech", "offensive")
_DETAILS: dict[str, Callable[[Abuse], bool]] = {
    "individual": lambda said: said.target == "individual",
    "group": lambda said: said.target == "group",
    "religion": lambda said: "religion" in said.about,
    "race": lambda said: "race" in said.about,
    "physical": lambda said: "physical" in said.about,
    "gender": lambda said: "gender" in said.about,
    "other": lambda said: "other" in said.about,
    "weak": lambda said: said.level == "weak",
    "moderate": lambda said: said.level == "moderate",
    "strong": lambda said: said.level == "strong",
}


def abuse(table: Table, asked: Asked, ask: Ask) -> Measured:
    """Whether a text is abusive and, where the file has the column, hateful."""
    abusive = ask.label or table.has(*_ABUSIVE, *_LABEL)
    if abusive is None:
        raise UnmeasurableError(
            f"no column says whether a text is abusive: the columns are "
            f"{', '.join(table.columns)}; name one by --label-column"
        )
    return _measured("abuse", table, asked, ask, abusive, table.has(*_HATE))


def hate(table: Table, asked: Asked, ask: Ask) -> Measured:
    """Whether a text is hateful."""
    column = table.column(
        (*_HATE, *_LABEL), ask.label, "whether a text is hateful", "--label-column"
    )
    return _measured("hate", table, asked, ask, None, column)


def _measured(
    task: str, table: Table, asked: Asked, ask: Ask, abusive: str | None, hateful: str | None
) -> Measured:
    text = table.text_column(ask.text)
    truth: dict[str, list[bool]] = {}
    if abusive:
        truth["abusive"] = yes_or_no(table, abusive, _MEANS_YES)
    if hateful:
        truth["hate"] = yes_or_no(table, hateful, _MEANS_YES)
    answers = [one.abuse for one in asked.readings([row[text] for row in table.rows])]
    said = {"abusive": [one.abusive for one in answers], "hate": [one.hate for one in answers]}
    figures: dict[str, float] = {}
    labels: dict[str, Score] = {}
    if len(truth) == 2:
        figures["both right"] = share(_together(truth, said, ("abusive", "hate")))
    for name, true in truth.items():
        words = [_word(name, one) for one in said[name]], [_word(name, one) for one in true]
        scores = by_label(*words, (_word(name, False), _word(name, True)))
        figures[f"{name} macro-F1"] = macro(scores)
        figures[f"{name} F1"] = _yes(said[name], true).f1
        figures[f"{name} accuracy"] = share(
            [one == other for one, other in zip(said[name], true, strict=True)]
        )
        labels |= scores
    if len(truth) == 2:
        details = _details(table)
        truth |= details
        said |= {name: [_DETAILS[name](one) for one in answers] for name in details}
        labels |= {name: _yes(said[name], details[name]) for name in details}
        if details:
            figures["all labels right"] = share(_together(truth, said, tuple(truth)))
    main = next(iter(truth))
    return Measured(
        task=task,
        model=asked.reader.version,
        rows=len(table.rows),
        passed_over=0,
        figures=figures,
        by_label=labels,
        confusion=confusion(
            [_word(main, one) for one in said[main]], [_word(main, one) for one in truth[main]]
        ),
        calibration={
            name: calibration(
                [_sureness(one, name, yes) for one, yes in zip(answers, said[name], strict=True)],
                [one == other for one, other in zip(said[name], truth[name], strict=True)],
                [one.sure for one in answers],
            )
            for name in truth
            if name in ("abusive", "hate")
        },
        throughput=asked.throughput(),
    )


def _together(
    truth: dict[str, list[bool]], said: dict[str, list[bool]], names: Sequence[str]
) -> list[bool]:
    rows = len(truth[names[0]])
    return [all(truth[name][row] == said[name][row] for name in names) for row in range(rows)]


def _word(name: str, yes: bool) -> str:
    return name if yes else f"not_{name}"


def _yes(said: Sequence[bool], true: Sequence[bool]) -> Score:
    right = sum(one and other for one, other in zip(said, true, strict=True))
    return score(right, sum(said), sum(true))


def _details(table: Table) -> dict[str, list[bool]]:
    found = {}
    for name in _DETAILS:
        column = table.has(f"hs_{name}")
        if column is not None:
            found[name] = yes_or_no(table, column)
    return found


def _sureness(answer: Abuse, name: str, yes: bool) -> float | None:
    """`p` of what was said; the reading gives that of yes."""
    p = answer.p.get(name)
    if p is None:
        return None
    return p if yes else 1 - p
