"""What is peculiar to feeds: as they are found in the wild, asked for politely, and never owed."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balai.channels.contract import Fetched, Http, Incoming, NotSent, Refused
from balai.channels.providers.feed import articles, inward
from balai.channels.providers.feed.connector import LARGEST, Feed

FIXTURES = Path(__file__).parent / "fixtures"
ADDRESS = "https://kabar.example/umpan"
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Kabar Contoh</title><link>https://kabar.example/</link><language>id</language><ttl>40</ttl>
<item><guid isPermaLink="false">kabar-2</guid><link>https://kabar.example/2</link>
<title>Wali Kota Contoh &amp;amp; warga bersihkan sungai</title><dc:creator>Redaksi</dc:creator>
<description>Ringkas.</description>
<content:encoded><![CDATA[<p>Warga dan <b>wali kota</b> turun.</p><p>Sungai <a
href="https://kabar.example/peta">di sini</a>.</p><script>alert(1)</script>]]></content:encoded>
<enclosure url="https://kabar.example/sungai.jpg" type="image/jpeg" length="9"/>
<pubDate>Fri, 20 Nov 2026 10:00:00 +0700</pubDate></item>
<item><guid isPermaLink="false">kabar-1</guid><title>Pasar malam dibuka</title>
<description>Ramai.</description>
<pubDate>Thu, 19 Nov 2026 10:00:00 +0700</pubDate></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id">
<title>Siaran Pers</title><id>tag:dinas.example,2026:siaran</id>
<entry><id>tag:dinas.example,2026:1</id><title type="html">Harga &lt;i>beras&lt;/i> turun</title>
<link href="https://dinas.example/1"/><updated>2026-11-20T03:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Lima persen.</p></div></content>
<author><name>Dinas Contoh</name></author></entry></feed>"""


class Publisher:
    """A feed's server; `says` is what it answers next."""

    def __init__(self, body: str | bytes = RSS, **words: str) -> None:
        self.body, self.status, self.headers = body, 200, {"Date": "Fri, 20 Nov 2026 04:00:00 GMT"}
        self.words = words
        self.asked: list[httpx.Request] = []

    def connector(self) -> Feed:
        line = Http(ADDRESS, transport=httpx.MockTransport(self._answer))
        return Feed({"feed_address": ADDRESS, **self.words}, http=line)

    def look(self, cursor: str = "") -> Fetched:
        return self.connector().fetch(cursor)

    def read(self, cursor: str = "") -> list[Incoming]:
        return [m for body in self.look(cursor).parcels for m in self.connector().parse(body)]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        body = self.body.encode() if isinstance(self.body, str) else self.body
        return httpx.Response(self.status, content=body, headers=self.headers)


def test_an_article_of_rss_is_read_with_its_whole_text():
    market, river = Publisher().read()
    assert river.remote_id == river.thread_id == "kabar-2"
    assert river.subject == "Wali Kota Contoh & warga bersihkan sungai"
    assert river.text == (
        f"{river.subject}\n\nWarga dan wali kota turun.\n\n"
        "Sungai di sini <https://kabar.example/peta>."
    )
    assert river.sent_at == datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert (river.url, river.language) == ("https://kabar.example/2", "id")
    assert (river.author_id, river.author_name) == ("kabar.example", "Kabar Contoh")
    assert river.facts == {"author": "Redaksi"}
    assert [file.url for file in river.attachments] == ["https://kabar.example/sungai.jpg"]
    assert market.text == "Pasar malam dibuka\n\nRamai."


def test_nobody_owes_an_article_an_answer():
    for article in Publisher().read():
        assert (article.kind, article.is_automatic, article.is_public) == ("article", True, True)


def test_atom_and_json_feed_are_read_alike():
    (rice,) = Publisher(ATOM).read()
    assert (rice.remote_id, rice.text) == (
        "tag:dinas.example,2026:1", "Harga beras turun\n\nLima persen.",
    )  # fmt: skip
    body = json.dumps(json.loads((FIXTURES / "feed.json").read_text())["body"])
    road, flood = Publisher(body).read()
    assert (road.remote_id, road.text) == ("7", "Jalan lingkar diperbaiki\n\nMulai pekan depan.")
    assert flood.sent_at == datetime(2026, 11, 19, 20, 4, 5, tzinfo=UTC)
    assert "https://kabar.example/peta" in flood.text


def test_only_articles_with_the_wanted_words_come_in_also_when_words_are_longer():
    assert [m.remote_id for m in Publisher(only_with="gubernur, wali kota").read()] == ["kabar-2"]
    assert Publisher(only_with="alikota").read() == []
    longer = RSS.replace("wali kota</b>", "bupatinya</b>")
    assert [m.remote_id for m in Publisher(longer, only_with="BUPATI").read()] == ["kabar-2"]


def test_what_was_seen_does_not_come_again_and_what_was_changed_comes_in_its_thread():
    network = Publisher()
    first = network.look()
    assert network.look(first.cursor).parcels == ()

    network.body = RSS.replace("Ramai.", "Ralat: ditunda.")
    (changed,) = network.read(first.cursor)

    assert changed.thread_id == "kabar-1"
    assert changed.answers == ("kabar-1",)
    assert changed.remote_id.startswith("kabar-1#")
    assert network.look(network.look(first.cursor).cursor).parcels == ()


def test_the_publisher_is_asked_only_for_what_is_new():
    network = Publisher()
    network.headers |= {"ETag": '"v7"', "Last-Modified": "Fri, 20 Nov 2026 03:00:00 GMT"}
    cursor = network.look().cursor
    network.status, network.body = 304, ""
    again = network.look(cursor)
    asked = network.asked[-1].headers
    assert asked["if-none-match"] == '"v7"'
    assert asked["if-modified-since"] == "Fri, 20 Nov 2026 03:00:00 GMT"
    assert (again.parcels, again.cursor) == ((), cursor)


def test_the_publishers_pace_is_kept_up_to_an_hour():
    network = Publisher()
    assert network.look().rest == timedelta(minutes=40)  # its <ttl>
    network.headers["Cache-Control"] = "public, max-age=31536000"
    assert network.look().rest == timedelta(hours=1)


def test_a_publisher_who_asks_to_wait_is_obeyed():
    network = Publisher()
    network.status, network.headers["Retry-After"] = 429, "7200"
    with pytest.raises(Refused) as no:
        network.look()
    assert (no.value.permanent, no.value.wait) == (False, timedelta(hours=2))


def test_a_feed_that_has_ended_is_never_asked_again():
    network = Publisher()
    network.status = 410
    with pytest.raises(Refused, match="has ended") as no:
        network.look()
    assert no.value.is_final


@pytest.mark.parametrize("body", ["", "<html><p>Halo</p></html>", "{}", '{"version": 1}', "halo"])
def test_what_is_no_feed_is_refused_with_words(body):
    with pytest.raises(Refused, match="no feed"):
        Publisher(body).connector().check()


def test_the_check_names_the_feed():
    health = Publisher().connector().check()
    assert health.words == "Kabar Contoh: 2"
    assert health.platform_user_id == ADDRESS


def test_broken_xml_and_a_wrong_character_set_are_read_as_well_as_they_can_be():
    cut = RSS[: RSS.index("</item>\n</channel>")]
    assert {m.remote_id for m in Publisher(cut).read()} == {"kabar-1", "kabar-2"}
    unclosed = RSS.replace("<description>Ramai.</description>", "<description>Ramai & senang")
    assert "kabar-2" in {m.remote_id for m in Publisher(unclosed).read()}
    latin = RSS.replace("Ramai.", "Caf\xe9").encode("latin-1")
    assert any("Caf" in m.text for m in Publisher(latin).read())


def test_an_article_without_a_date_has_the_moment_of_the_answer_and_without_an_id_its_link():
    bare = "<rss><channel><title>K</title><item><title>A</title><link>https://k.example/a</link>"
    (article,) = Publisher(f"{bare}</item></channel></rss>").read()
    assert article.remote_id == "https://k.example/a"
    assert article.sent_at == datetime(2026, 11, 20, 4, tzinfo=UTC)


def test_entities_do_not_expand_and_nothing_outside_is_opened(tmp_path):
    secret = tmp_path / "rahasia"
    secret.write_text("jangan dibaca")
    bomb = "".join(
        f'<!ENTITY e{n} "{("&e" + str(n - 1) + ";") * 10 if n else "ha" * 50}">' for n in range(12)
    )
    doctype = f'<!DOCTYPE rss [<!ENTITY luar SYSTEM "file://{secret}">{bomb}]>'
    hostile = RSS.replace("<rss", f"{doctype}<rss", 1).replace("Ramai.", "&luar; &e11;")
    began = time.process_time()
    found = Publisher(hostile).read()
    assert time.process_time() - began < 5
    assert all("jangan dibaca" not in m.text and len(m.text) < 10_000 for m in found)


def test_the_name_of_a_file_is_not_opened(tmp_path):
    place = tmp_path / "umpan.xml"
    place.write_text(RSS)
    with pytest.raises(Refused, match="no feed"):
        Publisher(str(place)).look()


def test_a_feed_that_is_too_large_is_not_read():
    with pytest.raises(NotSent, match="larger than 2 MB"):
        Publisher(b"<rss>" + b" " * LARGEST).look()


def test_deep_nesting_costs_time_by_its_length_only():
    deep = RSS.replace("Ramai.", "<![CDATA[" + "<div>" * 100_000 + "]]>")
    began = time.process_time()
    Publisher(deep).read()
    assert time.process_time() - began < 10


def test_a_first_look_reads_two_weeks_by_the_feeds_own_dates():
    old = RSS.replace("Thu, 19 Nov 2026", "Thu, 01 Jan 2026")
    assert [m.remote_id for m in Publisher(old).read()] == ["kabar-2"]


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda t: RSS.replace("Ramai.", t).encode())
)
def test_any_bytes_are_a_feed_or_none(body: bytes):
    try:
        found = articles.read(body, {}, ADDRESS)
    except Refused:
        return
    parcels, mark = inward.sift(found, inward.Mark(), [])
    assert inward.read(inward.write(mark)) == mark
    for parcel in parcels:
        assert Feed({}).parse(parcel)


def json_feed(value: Any) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [value]}).encode()


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["id", "url", "title", "date_published", "authors", "tags", "attachments"]),
        st.none()
        | st.integers()
        | st.text()
        | st.lists(st.text() | st.dictionaries(st.text(), st.text())),
    )
)
def test_an_odd_item_of_a_json_feed_is_read_or_left_out(item: dict[str, Any]):
    found = articles.read(json_feed(item), {}, ADDRESS)
    assert len(found.articles) <= 1
