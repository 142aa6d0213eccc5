"""What may be asked of a measurement besides the file and the task."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from balai.understanding.measuring.asking import Asked
from balai.understanding.measuring.results import Measured
from balai.understanding.measuring.tables import Table


class Ask(NamedTuple):
    """The wishes of the person who measures; None and empty mean the usual.

    `text` and `label` name columns, `passed_over` are labels whose rows are left out, `by` is a
    column whose values get figures of their own, `claims` a file of claims to look in.
    """

    text: str | None = None
    label: str | None = None
    passed_over: tuple[str, ...] = ()
    by: str | None = None
    claims: Path | None = None


Task = Callable[[Table, Asked, Ask], Measured]
