"""Messages that land at a steady rate while bench 4 measures, each batch in its own transaction."""

import sys
import time
from datetime import UTC, datetime

from balai.config.bench.words import Town

BATCH = 100


def main(rate: float) -> None:
    """Land until the process is ended."""
    import django

    django.setup()
    from balai.channels.models import Connection
    from balai.inbox.landing import Arrival, open_store

    line = Connection.objects.get()
    town, store, number = Town(1), open_store(), 0
    began = time.monotonic()
    while True:
        moment = datetime.now(UTC)
        batch = [
            Arrival(
                institution_id=line.institution_id,
                connection_id=line.pk,
                channel=line.channel,
                remote_id=f"load-{number + n}",
                thread_key=f"load-{(number + n) % 5_000}",
                citizen_key=f"load-{(number + n) % 5_000}",
                text=(text := town.text()),
                preview=text[:160],
                sent_at=moment,
                received_at=moment,
                intent="question",
                language="ind",
            )
            for n in range(BATCH)
        ]
        store.land(batch)
        number += BATCH
        time.sleep(max(0.0, began + number / rate - time.monotonic()))


if __name__ == "__main__":
    main(float(sys.argv[1]))
