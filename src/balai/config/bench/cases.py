"""Bench 9: cases of a large city: the list, one case, and the sweep that tells of deadlines.

The limit of the list is the bare query on its index. The peer sorts all open cases for each page,
as one does whose index does not carry the order.
"""

from typing import Any

from balai.config.bench.scratch import Scratch

DEFAULT_ROWS = 20_000


def run(rows: int) -> dict[str, Any]:
    """Measure with so many cases, one in twenty of them open."""
    with Scratch() as scratch:
        found = scratch.party("cases_ours", rows=rows)
    ours, limit, peer = found["ours"], found["limit"], found["peer"]
    for party in (ours, limit, peer):
        party["peak_rss_mb"] = found["peak_rss_mb"]  # one process, three parties
    return {
        "name": "cases",
        "rows": rows,
        "database": "sqlite",
        "ours": ours,
        "limit": limit,
        "peers": [peer],
        "ratio_to_limit": round(limit["p50_ms"] / ours["p50_ms"], 3),
        "ratio_to_peer": round(peer["p50_ms"] / ours["p50_ms"], 1),
        "not_yet": ["map and public list: not built"],
    }
