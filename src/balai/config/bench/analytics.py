"""Bench 8: figures of an office over two years: their upkeep beside the landing, and their reading.

The limit of reading is the bare query on the index that holds the series. The peer counts the same
series from the conversations, as one does who keeps no rollups.
"""

from typing import Any

from balai.config.bench.scratch import Scratch

DEFAULT_ROWS = 20_000


def run(rows: int) -> dict[str, Any]:
    """Measure with so many conversations, each with one message and one move."""
    with Scratch() as scratch:
        found = scratch.party("analytics_ours", rows=rows)
    ours, limit, peer = found["ours"], found["limit"], found["peer"]
    for party in (ours, limit, peer):
        party["peak_rss_mb"] = found["peak_rss_mb"]  # one process, three parties
    return {
        "name": "analytics",
        "rows": rows,
        "database": "sqlite",
        "ours": ours,
        "limit": limit,
        "peers": [peer],
        "ratio_to_limit": round(limit["p50_ms"] / ours["p50_ms"], 3),
        "ratio_to_peer": round(peer["p50_ms"] / ours["p50_ms"], 1),
        "left_out": ["DuckDB on Parquet: not among our dependencies, so not measured here"],
    }
