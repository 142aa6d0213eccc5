"""A lander in a process of its own: one JSON order a line comes in, one JSON answer goes out."""

import json
import sys


def main() -> None:
    import django
    from django.conf import settings

    django.setup()
    options = settings.DATABASES["default"].get("OPTIONS", {})
    import msgspec

    from balai.inbox.landing import Arrival, Busy, open_store

    for line in sys.stdin:
        order = json.loads(line)
        if "timeout" in order:
            if settings.IS_SQLITE:
                options["timeout"] = order["timeout"]
            answer = {"ready": True}
        else:
            batch = msgspec.convert(order["batch"], list[Arrival])
            try:
                answer = msgspec.to_builtins(open_store().land(batch))
            except Busy:
                answer = {"busy": True}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
