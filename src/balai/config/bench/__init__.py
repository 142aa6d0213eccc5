"""Benches: what we promise about speed, measured beside a bare limit and a peer in the same run.

A ratio counts; an absolute figure only describes the machine. Each bench gives the object of
design 7: name, rows, database, ours, limit, peers, ratio_to_limit, ratio_to_peer.
"""

import importlib
from collections.abc import Callable, Mapping
from typing import Any

Result = dict[str, Any]

# name: the module that has `run(rows)` and `DEFAULT_ROWS`; opened when the bench is called.
_MODULES = {
    "intake": "intake",
    "search": "search",
    "inbox": "inbox",
    "understand": "understand",
    "claims": "claims",
    "analytics": "analytics",
    "cases": "cases",
    "publish": "publish",
}


def _runner(module: str) -> Callable[[int | None], Result]:
    def run_bench(rows: int | None = None) -> Result:
        opened = importlib.import_module(f"balai.config.bench.{module}")
        result: Result = opened.run(opened.DEFAULT_ROWS if rows is None else rows)
        return result

    return run_bench


BENCHES: Mapping[str, Callable[[int | None], Result]] = {
    name: _runner(module) for name, module in _MODULES.items()
}


def run(name: str, rows: int | None = None) -> Result:
    """Run one bench; without `rows` at the size that ends within a minute. Raises KeyError."""
    return BENCHES[name](rows)


def for_people(result: Result) -> str:
    """The same figures as a person reads them."""
    lines = [f"{result['name']}: {result['rows']:,} rows, {result['database']}"]
    parties = [("ours", result["ours"]), ("limit", result["limit"])]
    parties += [("peer", peer) for peer in result["peers"]]
    for title, party in parties:
        lines.append(f"{title:6} {_figures(party)}  {party.get('what', '')}")
        lines += (f"       {name}: {value}" for name, value in party.get("stages", {}).items())
    for ratio in ("ratio_to_limit", "ratio_to_peer"):
        if result.get(ratio) is not None:
            lines.append(f"{ratio.replace('_', ' ')}: {result[ratio]}")
    for name in ("not_yet", "left_out"):
        lines += (f"{name.replace('_', ' ')}: {words}" for words in result.get(name, []))
    return "\n".join(lines)


def _figures(party: Mapping[str, Any]) -> str:
    named = (("rate", "/s"), ("p50_ms", " ms p50"), ("p95_ms", " ms p95"), ("p99_ms", " ms p99"))
    shown = [f"{party[name]:,}{unit}" for name, unit in named if party.get(name) is not None]
    return ", ".join([*shown, f"{party['peak_rss_mb']} MB"])
