"""The section of docs/models.md about known claims."""

from __future__ import annotations

from pathlib import Path

from balai.understanding.claims.measuring import Figures, measure
from balai.understanding.claims.ranker import Ranker
from balai.understanding.claims.sets import (
    Task,
    local_sets,
    local_tasks,
    shipped_sets,
    unrelated,
)

_SECTION = """\
## Known claims

A post is looked up by the words that it shares with a claim (BM25 over words and over words that
look alike, rare words first), and by signatures that edited copies share. A ranker turns the
overlaps of each candidate into `p`. Its weights can only let more overlap count for more, so a full
copy is never less likely than a paraphrase.

* The ranker and the table of common words that Balai brings learnt only from sets that may be
  passed on:
  {shipped_sets}.
  Their posts are made by chance out of a text (words lost, moved, mistyped, other talk around it),
  with claims left out so that "no match" is learnt too. No real claim and no real fact check is in
  it.
* `balai claims train --data FOLDER --out FILE` trains a ranker that also learns from real claims,
  for the office that trains it:
  {local_sets}.
  `balai claims match --model FILE` uses it; `balai claims eval` prints the figures below.

{tables}

"held back" is June to August 2024, from which neither learns; "hard" are posts whose cosine to the
headline is below .8. Recall and MAP count the headline that the set names; the base holds the same
rumour more than once, worded otherwise, so they are a lower bound. "answered" is the greatest share
of posts that can be answered with 99 % right answers (right is also a claim that shares 60 % of its
words with the named one) and at most 1 % of unrelated messages answered; "p off by" is the expected
error of the best match's `p`, over these posts and unrelated messages together, in points.
"""
_HEAD = """\
| posts | ranker | recall@1 | recall@5 | MAP@5 | answered | p off by |
|---|---|---|---|---|---|---|"""


def section(data: Path, shipped: Ranker, local: Ranker | None = None) -> str:
    """Measure rankers on the sets of real claims in `data` and put the figures into words."""
    strangers = unrelated(data, valid=True)
    rankers = {"that Balai brings": shipped, **({"trained locally": local} if local else {})}
    tables = [_table(task, rankers, strangers) for task in local_tasks(data)]
    return _SECTION.format(
        shipped_sets=", ".join(f"{one.name} ({one.licence})" for one in shipped_sets()),
        local_sets=", ".join(f"{one.name} ({one.licence})" for one in local_sets()),
        tables="\n\n".join(tables),
    )


def _table(task: Task, rankers: dict[str, Ranker], strangers: list[str]) -> str:
    measured = {name: measure(ranker, task, strangers) for name, ranker in rankers.items()}
    groups = next(iter(measured.values()))
    lines = [f"{task.name}, {len(task.claims):,} claims:", "", _HEAD]
    lines += [
        _line(group, name, figures[group]) for group in groups for name, figures in measured.items()
    ]
    return "\n".join(lines)


def _line(group: str, name: str, figures: Figures) -> str:
    shown = ("recall_1", "recall_5", "map_5", "answered", "calibration")
    cells = " | ".join(f"{100 * figures[key]:.1f}" for key in shown)
    return f"| {group} ({figures['posts']:.0f}) | {name} | {cells} |"
