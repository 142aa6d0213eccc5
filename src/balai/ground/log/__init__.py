"""The log of batches: what arrived and waits to be worked on, in order, urgent first.

A batch is opaque bytes. It is claimed under a lease and acknowledged when its work is committed;
a claim that lapses is given to the next worker. It may be lost or doubled without harm, because
whoever appends keeps the row that the batch points to.
"""

from balai.ground.log.port import Claimed, Depth, Log
from balai.ground.log.table import TableLog

__all__ = ["Claimed", "Depth", "Log", "open_log"]


def open_log() -> Log:
    """The log of this installation: the table in its own database."""
    return TableLog()
