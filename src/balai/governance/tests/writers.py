"""Several writers at once on one chain. As a program: in a house of its own, on an SQLite file."""

import sys
from threading import Thread

from django.db import connection, transaction


def write_at_once(institution_id: int, writers: int, entries: int) -> list[Exception]:
    """Let `writers` threads record `entries` acts each; returns what went wrong."""
    failures: list[Exception] = []
    threads = [
        Thread(target=_write, args=(institution_id, entries, failures)) for _ in range(writers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def _write(institution_id: int, entries: int, failures: list[Exception]) -> None:
    from balai.ground.ledger import record
    from balai.people.rules import SYSTEM

    try:
        for _ in range(entries):
            with transaction.atomic():
                record(by=SYSTEM, did="thing.done", institution_id=institution_id)
    except Exception as failure:
        failures.append(failure)
    finally:
        connection.close()


def main() -> int:
    import django
    from django.core.management import call_command

    django.setup()
    from balai.governance.selectors import verify_chain

    call_command("migrate", "governance", verbosity=0)
    failures = write_at_once(7, writers=3, entries=40)
    walk = verify_chain(7)
    sys.stdout.write(f"{walk} {failures}\n")
    return 0 if walk.holds and walk.entries == 120 and not failures else 1


if __name__ == "__main__":
    sys.exit(main())
