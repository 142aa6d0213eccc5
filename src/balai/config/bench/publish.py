"""Bench: approved posts that are due leave through the one door, by one worker and by two.

The limit is the same file written and the same rows changed by hand: one conditional update for the
claim, one line for the network, one update for the proof, each committed. There is no peer that
does the same: schedulers that we know neither keep the attempt before the call nor a proof.
"""

from typing import Any

from balai.config.bench.scratch import Scratch

DEFAULT_ROWS = 200


def run(rows: int) -> dict[str, Any]:
    """Measure how many posts a second are claimed and settled, and how late the last one is."""
    with Scratch() as scratch:
        one = scratch.party("publish_ours", party="one", rows=rows, workers=1)
        two = scratch.party("publish_ours", party="two", rows=rows, workers=2)
        limit = scratch.party("publish_limit", rows=rows)
    return {
        "name": "publish",
        "rows": rows,
        "database": "sqlite",
        "ours": {**one, "what": "one worker, due to settled and announced"},
        "limit": limit,
        "peers": [],
        "two_workers": two,
        "ratio_to_limit": round(one["rate"] / limit["rate"], 3),
        "ratio_to_peer": None,
        "not_yet": ["PostgreSQL, and four workers, are not measured here"],
    }
