"""A house for one bench, gone afterwards; each party measured in a process of its own."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class PartyFailed(RuntimeError):
    """A party of the bench ended without an answer; its words are the end of its errors."""


class Scratch:
    """A home in a temporary folder on SQLite. Nothing of the installation is read or changed."""

    def __enter__(self) -> Self:
        self.path = Path(tempfile.mkdtemp(prefix="balai-bench-"))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def party(self, module: str, **order: Any) -> dict[str, Any]:
        """Run `module` (under balai.config.bench) in a process; it gets the order, and answers."""
        home = self.path / module.rsplit(".", 1)[-1] / str(order.get("party", "home"))
        home.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", f"balai.config.bench.{module}", json.dumps(order)],
            env=environment(home),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PartyFailed(f"{module} {order}: {done.stderr[-2000:]}")
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer


def environment(home: Path) -> dict[str, str]:
    """What a process needs to live in that home and nowhere else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BALAI_")}
    return {
        **kept,
        "BALAI_HOME": str(home),
        "BALAI_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "balai.config.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "OMP_NUM_THREADS": "1",  # one core a party: what is measured is work, not how many cores
        "OPENBLAS_NUM_THREADS": "1",
    }


def answer(**figures: Any) -> None:
    """Say the party's result, with the most memory it held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({**figures, "peak_rss_mb": round(peak)}) + "\n")


def settle() -> None:
    """Open Django and make the tables of this process's home."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50_ms, p95_ms, p99_ms of seconds."""
    ranked = sorted(values)
    return {
        f"p{share}_ms": round(ranked[min(len(ranked) - 1, len(ranked) * share // 100)] * 1000, 2)
        for share in (50, 95, 99)
    }


class Stages:
    """CPU time of named steps, in microseconds a row."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def timed(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        """The same step, its CPU time added up under `name`."""

        def run(*args: Any, **how: Any) -> Any:
            started = time.process_time()
            try:
                return step(*args, **how)
            finally:
                self.spent[name] = self.spent.get(name, 0) + time.process_time() - started

        return run

    def a_row(self, rows: int) -> Mapping[str, float]:
        """Each stage's microseconds for one row."""
        return {f"{name} (us)": round(spent / rows * 1e6, 1) for name, spent in self.spent.items()}
