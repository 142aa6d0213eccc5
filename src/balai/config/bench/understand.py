"""Bench 6: reading every field of a text on one core.

Beside it one head of fastText, the fastest classifier in use, as the limit, and the same heads in
the pipelines that scikit-learn's users write. All parties read the same invented texts; what the
peers learnt is what our heads said of other texts, since speed is measured here and nothing else.
Rates are texts a second of processor time.
"""

from typing import Any

from balai.config.bench.scratch import PartyFailed, Scratch

DEFAULT_ROWS = 20_000


def run(rows: int) -> dict[str, Any]:
    """Measure reading over so many texts."""
    left_out = []
    with Scratch() as scratch:
        whole = scratch.party("understand_ours", party="whole", rows=rows)
        heads = scratch.party("understand_ours", party="heads", rows=rows)
        parts = scratch.party("understand_ours", party="parts", rows=rows)
        peers = [scratch.party("understand_sklearn", party="sklearn", rows=max(200, rows // 20))]
        try:
            limit = scratch.party("understand_fasttext", party="fasttext", rows=rows)
        except PartyFailed:
            left_out.append("fastText is not installed; heads are their own limit")
            limit = heads
    whole["stages"] = {
        **whole["stages"],
        **parts["stages"],
        "the heads alone (a second)": heads["rate"],
        "heads together to one head of fastText": round(heads["rate"] / limit["rate"], 2),
        "heads together to scikit-learn": round(heads["rate"] / peers[0]["rate"], 1),
    }
    return {
        "name": "understand",
        "rows": rows,
        "database": "no database",
        "ours": whole,
        "limit": limit,
        "peers": peers,
        "ratio_to_limit": round(heads["rate"] / limit["rate"], 2),
        "ratio_to_peer": round(heads["rate"] / peers[0]["rate"], 1),
        "left_out": left_out,
    }
