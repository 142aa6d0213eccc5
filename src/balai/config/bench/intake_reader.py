"""The reader of bench 1: lines become arrivals by the product's own parse and reading."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from balai.config.bench.intake_limit import BATCH
from balai.config.bench.intake_ours import ALL_READING
from balai.config.bench.scratch import Stages

CYCLE = 0.02  # seconds between two looks at what has come, at half load


def main(path: str) -> None:
    """Obey orders from standard input; send frames to standard output."""
    import django

    django.setup()
    from balai.channels.catalogue import CONNECTORS
    from balai.channels.models import Connection, Parcel
    from balai.channels.services import Opened
    from balai.ground.worker import calm_collector
    from balai.inbox.services import taking_in

    connector = CONNECTORS["file"]({})
    connections = list(Connection.objects.select_related("institution").order_by("id"))
    lines = Path(path).read_bytes().splitlines()
    homes = [int(json.loads(line)["line"]) for line in lines]
    calm_collector()
    pack = msgspec.msgpack.Encoder().encode

    def arrivals(stages: Stages, first: int, last: int) -> list[Any]:
        parse = stages.timed("parse", connector.parse)
        sort_out = stages.timed(ALL_READING, taking_in.sort_out)
        moment = datetime.now(UTC)
        opened = []
        for place, connection in enumerate(connections):
            body = b"\n".join(lines[n] for n in range(first, last) if homes[n] == place)
            if body:
                # Not kept here: a second writer would be measured, not the landing.
                parcel = Parcel(pk=0, connection=connection, body=body, arrived_at=moment)
                opened.append(Opened(parcel, parse(body)))
        found: list[Any] = sort_out(opened).arrivals
        return found

    real_read = vars(taking_in)["read_each"]
    arrivals(Stages(), 0, min(200, len(lines)))
    _send(b"warm")
    for asked in sys.stdin:
        order = json.loads(asked)
        stages = Stages()
        vars(taking_in)["read_each"] = stages.timed("understand and personal data", real_read)
        hand_over = stages.timed("hand over", pack)
        for first, last, due in _stretches(**order):
            _send(hand_over((due, arrivals(stages, first, last))))
        _send(json.dumps(stages.spent).encode())


def _stretches(
    first: int, last: int, rate: float = 0
) -> Iterator[tuple[int, int, Sequence[float]]]:
    """Batches of lines; with a rate, what has come by now, each line at its own moment."""
    if not rate:
        for place in range(first, last, BATCH):
            yield place, min(place + BATCH, last), ()
        return
    start, place = time.monotonic(), first
    while place < last:
        come = min(last, first + int((time.monotonic() - start) * rate), place + BATCH)
        if come > place:
            yield place, come, [start + (n - first) / rate for n in range(place, come)]
            place = come
        else:
            time.sleep(CYCLE)


def _send(frame: bytes) -> None:
    sys.stdout.buffer.write(len(frame).to_bytes(8, "big") + frame)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
