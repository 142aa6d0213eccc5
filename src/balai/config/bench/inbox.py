"""Bench 4: the queue of an office, signed in, with filters, while messages come in all the time.

Beside it an empty view of the same application on the same server. Two gunicorn workers, four
clients; a client asks again as soon as it was answered.
"""

from typing import Any

from balai.config.bench.scratch import Scratch

DEFAULT_ROWS = 30_000


def run(rows: int) -> dict[str, Any]:
    """Measure the queue page over so many conversations."""
    with Scratch() as scratch:
        found = scratch.party("inbox_pages", party="pages", rows=rows)
    ours, limit = found["ours"], found["limit"]
    ours["peak_rss_mb"] = limit["peak_rss_mb"] = found["peak_rss_mb"]
    return {
        "name": "inbox",
        "rows": rows,
        "database": "sqlite",
        "ours": ours,
        "limit": limit,
        "peers": [],
        "ratio_to_limit": round(ours["rate"] / limit["rate"], 3),
        "ratio_to_peer": None,
        "left_out": ["no peer: nobody else's inbox runs in this process's Django"],
    }
