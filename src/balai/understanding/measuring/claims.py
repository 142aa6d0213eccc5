"""Known claims for posts: how often the right one comes first, and whether `p` may be believed."""

from __future__ import annotations

from balai.understanding.claims import Claim, Claims
from balai.understanding.measuring import tables
from balai.understanding.measuring.asking import Asked
from balai.understanding.measuring.asks import Ask
from balai.understanding.measuring.measures import calibration, share
from balai.understanding.measuring.results import Measured
from balai.understanding.measuring.tables import Table

_ID = ("claim_id", "vclaim_id", "id")
_CLAIM = ("claim", "vclaim", "title", "text")
_BEST = 5
_RIGHT_WANTED, _FALSE_ALLOWED = 0.99, 0.01


def claims(table: Table, asked: Asked, ask: Ask) -> Measured:
    """Whether the claim that a post repeats is found.

    The file has the posts in `text` and what they repeat in `claim` (and `claim_id`); a post whose
    claim is empty repeats none. The claims looked in are those of the file and of `ask.claims`.
    """
    text = table.text_column(ask.text)
    column = table.column(_CLAIM[:3], ask.label, "the claim", "--label-column")
    key = table.has("claim_id", "vclaim_id") or column
    known: dict[str, Claim] = {}
    if ask.claims is not None:
        known |= _further(tables.read(ask.claims))
    for row in table.rows:
        if row[column].strip():
            known[row[key]] = Claim(id=row[key], text=row[column])
    true = [row[key] if row[column].strip() else "" for row in table.rows]
    texts = [row[text] for row in table.rows]
    asked.readings(texts)
    matches = Claims(known.values()).match(texts, _BEST)
    ranks = [
        next((place for place, one in enumerate(found) if one.id == key), None)
        for key, found in zip(true, matches, strict=True)
    ]
    p = [found[0].p if found else None for found in matches]
    hits = [rank == 0 for rank in ranks]
    there = [place for place, one in enumerate(true) if one]
    mine = [ranks[place] for place in there]
    return Measured(
        task="claims",
        model=asked.reader.version,
        rows=len(table.rows),
        passed_over=0,
        figures={
            "recall at 1": share([rank == 0 for rank in mine]),
            "recall at 5": share([rank is not None for rank in mine]),
            "mean reciprocal rank of 5": sum(1 / (rank + 1) for rank in mine if rank is not None)
            / max(len(mine), 1),
            "share answered at 99 % right, 1 % false": _answered(p, hits, true),
        },
        by_label={},
        confusion={},
        calibration={"claims": calibration(p, hits, [False] * len(hits))},
        throughput=asked.throughput(),
    )


def _further(table: Table) -> dict[str, Claim]:
    key = table.column(_ID, None, "the claim's id", "a column claim_id")
    said = table.column(_CLAIM, None, "the claim", "a column claim")
    return {row[key]: Claim(id=row[key], text=row[said]) for row in table.rows if row[said].strip()}


def _answered(p: list[float | None], hits: list[bool], true: list[str]) -> float:
    """The largest share of posts with a claim that may be answered alone.

    Alone means: from some `p` on, 99 % of those answers are right and at most 1 % of the posts
    without a claim get any.
    """
    with_claim, without = sum(map(bool, true)), sum(not one for one in true)
    rows = sorted(
        (
            (one, hit, bool(key))
            for one, hit, key in zip(p, hits, true, strict=True)
            if one is not None
        ),
        key=lambda row: -row[0],
    )
    best = answered = right = false = 0
    for place, (one, hit, has_claim) in enumerate(rows):
        answered += has_claim
        right += hit
        false += not has_claim
        ends = place + 1 == len(rows) or rows[place + 1][0] < one
        honest = right >= _RIGHT_WANTED * answered and false <= _FALSE_ALLOWED * without
        if ends and honest:
            best = answered
    return best / with_claim if with_claim else 0.0
