"""Our side of bench 1: the writer. It starts the reader, and lands what the reader sends."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

import msgspec

from balai.config.bench.scratch import Stages, answer, environment, percentiles, settle
from balai.config.bench.words import CHANNELS

ALL_READING = "all of understand, mask, clock, pseudonym"
HALF_LOAD_SECONDS = 6
WHAT = "parse, dedupe, understand, personal data, thread, clock, search, ledger, commit"
LANDING = {
    "_keep_names": "dedupe",
    "_citizen_ids": "citizens",
    "_threads": "threads",
    "_talks": "conversations, read",
    "_add_talks": "conversations, new",
    "_change_talks": "conversations, changed",
    "_add_messages": "messages",
    "_tell": "announcement and ledger",
    "_index": "search",
}


class Reader:
    """The other process; frames come from its pipe through a thread, so that it never waits."""

    def __init__(self, lines: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "balai.config.bench.intake_reader", lines],
            env=environment(Path(os.environ["BALAI_HOME"])),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._frames: queue.Queue[bytes] = queue.Queue(maxsize=8)
        threading.Thread(target=self._receive, daemon=True).start()
        self.next()  # it is warm

    def tell(self, **order: Any) -> None:
        """Ask for a stretch of the lines."""
        self._to.write(json.dumps(order).encode() + b"\n")
        self._to.flush()

    def next(self) -> bytes:
        """The next frame; an object (`{`) ends the stretch and has its stages."""
        frame = self._frames.get()
        if not frame:
            raise RuntimeError("the reader ended before its work; its words stand above")
        return frame

    def stop(self) -> None:
        """End the process."""
        self._to.close()
        self._process.wait()

    @property
    def _to(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _receive(self) -> None:
        assert self._process.stdout is not None
        while head := self._process.stdout.read(8):
            self._frames.put(self._process.stdout.read(int.from_bytes(head, "big")))
        self._frames.put(b"")


def main(lines: str, rows: int) -> None:
    """Flood, then half of the flood's rate; says both."""
    settle()
    from balai.channels.models import Connection
    from balai.ground.worker import calm_collector
    from balai.inbox.landing import Arrival, open_store
    from balai.people.models import Institution

    institution = Institution.objects.create(name="Bench", slug="bench", kind="city")
    for channel in CHANNELS:
        Connection.objects.create(
            institution=institution, channel="file", name=channel, address=channel
        )
    store = open_store()
    frames = msgspec.msgpack.Decoder(tuple[list[float], list[Arrival]])
    reader = Reader(lines)
    paced = min(rows // 3, 30_000)
    warm = min(rows // 20, 500)
    calm_collector()

    def take(stages: Stages, **order: Any) -> tuple[dict[str, Any], list[float], list[float]]:
        """Land one stretch: the reader's words, each message's delay, each batch's time."""
        delays: list[float] = []
        batches: list[float] = []
        decode = stages.timed("writer: hand over", frames.decode)
        land = stages.timed("writer: all of it", store.land)
        reader.tell(**order)
        while True:
            frame = reader.next()
            if frame[:1] == b"{":
                return json.loads(frame), delays, batches
            due, batch = decode(frame)
            began = time.monotonic()
            land(batch)
            done = time.monotonic()
            batches.append(done - began)
            delays += (done - moment for moment in due)

    take(Stages(), first=0, last=warm)  # what is loaded on first use is loaded
    stages = Stages()
    for name, words in LANDING.items():
        setattr(store, name, stages.timed(f"writer: {words}", getattr(store, name)))
    flood = rows - paced - warm
    started = time.perf_counter()
    read, _, _ = take(stages, first=warm, last=rows - paced)
    rate = flood / (time.perf_counter() - started)
    busiest = max(
        read["parse"] + read[ALL_READING] + read["hand over"],
        sum(stages.spent[name] for name in ("writer: hand over", "writer: all of it")),
    )
    figures = {
        **{f"reader: {name} (us)": round(s / flood * 1e6, 1) for name, s in read.items()},
        **stages.a_row(flood),
    }
    half = rate / 2
    last = min(rows, rows - paced + int(half * HALF_LOAD_SECONDS))
    _, delays, _ = take(Stages(), first=rows - paced, last=last, rate=half)
    reader.stop()
    answer(
        what=WHAT,
        rate=round(rate),
        cpu_us=round(busiest / flood * 1e6, 1),
        **percentiles(delays),
        measured="ms from arrival to searchable at half of that rate",
        stages=figures,
    )


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    main(order["lines"], order["rows"])
