"""An article of a newspaper reaches the desk: found and readable, owed to nobody, never doubled."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from balai.channels import services, sweeps
from balai.channels.models import Connection
from balai.ground.clock import now
from balai.inbox import sweeps as inbox
from balai.inbox.models import Conversation
from balai.inbox.tests.talking import signed_in
from balai.people.tests.make import make_institution, make_member

pytestmark = [pytest.mark.peer, pytest.mark.django_db]
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Harian Contoh</title>
<item><guid isPermaLink="false">a-1</guid><title>Kota Contoh: banjir dan korban jiwa</title>
<link>https://harian.example/a-1</link><description>&lt;p&gt;Tolong segera!&lt;/p&gt;</description>
<pubDate>Fri, 20 Nov 2026 10:00:00 +0700</pubDate></item></channel></rss>"""


@pytest.fixture
def newspaper() -> Iterator[tuple[str, list[int]]]:
    told: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers.get("If-None-Match") == '"1"'
            told.append(304 if known else 200)
            self.send_response(told[-1])
            self.send_header("ETag", '"1"')
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", "0" if known else str(len(RSS)))
            self.end_headers()
            if not known:
                self.wfile.write(RSS)

        def log_message(self, *_words: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/umpan", told
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_article_is_found_among_all_and_is_no_open_work(newspaper):
    address, told = newspaper
    institution = make_institution()
    admin = make_member(institution, "channel_admin")
    officer = make_member(institution, "responder", name="Rina")
    answers = {"feed_address": address, "only_with": "kota contoh"}
    line = services.connect(
        institution=institution, channel="feed", name="Harian", answers=answers, by=admin
    )
    for _ in range(3):
        past = now() - timedelta(seconds=1)
        Connection.objects.filter(pk=line.pk).update(next_look_at=past)
        sweeps.poll()
        inbox.take_in()

    article = Conversation.objects.get()
    assert (article.is_open, article.due_at, article.clock) == (False, None, "")
    assert article.priority == 0
    assert told == [200, 200, 304, 304]  # the check, the first look, and nothing new twice
    desk = signed_in(officer)
    assert "banjir dan korban" in desk.get("/kotak-masuk/?view=all&channel=feed").content.decode()
    assert "banjir dan korban" not in desk.get("/kotak-masuk/").content.decode()
    assert article.messages.get().text.endswith("Tolong segera!")
