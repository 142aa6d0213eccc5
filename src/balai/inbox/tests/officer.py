"""An officer at a browser in a process of its own: one JSON order a line, one JSON answer."""

import json
import sys


def main() -> None:
    import django

    django.setup()
    from balai.inbox.tests.talking import signed_in
    from balai.people.models import Member

    client = None
    for line in sys.stdin:
        order = json.loads(line)
        if "sign_in" in order:
            client = signed_in(Member.objects.get(pk=order["sign_in"]), SERVER_NAME="localhost")
            answer = {"ready": True}
        else:
            assert client is not None
            page = client.post(order["path"], order["said"])
            answer = {"status": page.status_code, "page": page.content.decode()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
