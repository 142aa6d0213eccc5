"""Record keys, graphemes, facets and the heads of pictures: all pure."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import regex  # type: ignore[import-untyped]  # the judge of grapheme clusters; has no stubs
from hypothesis import example, given
from hypothesis import strategies as st

from balai.channels.providers.bluesky import graphemes, pictures, records, richtext

AT = datetime(2026, 11, 20, 3, 4, 5, 678_000, tzinfo=UTC)


@given(st.text(), st.integers(946_684_800, 4_102_444_800))
def test_a_record_key_is_a_valid_tid_and_always_the_same(key: str, second: int) -> None:
    at = datetime.fromtimestamp(second, UTC)
    tid = records.record_key(key, at)
    assert regex.fullmatch("[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}", tid)
    assert tid == records.record_key(key, at)
    assert records.moment_of(tid) == at.replace(second=0, microsecond=0)


def test_later_minutes_have_later_keys_and_many_posts_of_one_minute_differ() -> None:
    assert records.record_key("a", AT) < records.record_key("a", AT + timedelta(minutes=2))
    assert len({records.record_key(f"post-{number}", AT) for number in range(5000)}) == 5000


@given(st.text(st.characters(codec="utf-8", max_codepoint=0xFFF)))
@example("e\u0301")
@example("\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f3fd")
@example("\U0001f1ee\U0001f1e9\U0001f1ee")
@example("\u0915\u094d\u0937\u093f")
@example("\u1112\u1161\u11ab\uac00\u11a8")
@example("a\r\n\n\u200b\u00ad")
@example("\ua984\ua9bf\ua9a4")  # Javanese
def test_graphemes_are_counted_as_the_judge_counts(text: str) -> None:
    if all(unicodedata.category(character) != "Cn" for character in text):
        assert graphemes.count(text) == len(regex.findall(r"\X", text))


def spans(text: str, resolve: Callable[[str], str] = lambda handle: "") -> list[str]:
    body = text.encode()
    found = [facet["index"] for facet in richtext.facets(text, resolve)]
    return [body[index["byteStart"] : index["byteEnd"]].decode() for index in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Banjir \U0001f30a: https://a.test/b?c=d#e.", ["https://a.test/b?c=d#e"]),
        ("(lihat https://a.test/b_(c)), ya", ["https://a.test/b_(c)"]),
        ("Lapor di lapor.go.id, atau jakarta.go.id/x!", ["lapor.go.id", "jakarta.go.id/x"]),
        ("surel warga@lapor.go.id", []),
        ("Pak.id dan a.idaman bukan alamat", ["Pak.id"]),
        ("#Banjir, #2026 #a1! nomor#5 (#Siaga)", ["#Banjir", "#a1", "#Siaga"]),
        ("https://a.test/#bagian", ["https://a.test/#bagian"]),
    ],
)
def test_links_and_hashtags_are_found_by_their_bytes(text: str, expected: list[str]) -> None:
    assert spans(text) == expected


def test_only_handles_that_somebody_has_become_mentions() -> None:
    known = {"warga.test": "did:plc:w"}
    text = "é @Warga.test, @tidak.ada dan surel@warga.test"
    assert spans(text, lambda handle: known.get(handle, "")) == ["@Warga.test"]


@given(st.text())
def test_facets_never_crash_and_never_overlap(text: str) -> None:
    found = [facet["index"] for facet in richtext.facets(text, lambda handle: "did:plc:x")]
    for before, after in pairwise(found):
        assert before["byteEnd"] <= after["byteStart"]


def test_a_shortened_link_is_written_out_and_a_hidden_one_is_shown() -> None:
    link = {"$type": richtext.LINK, "uri": "https://berita.test/a/b"}
    for text, expected in (
        ("é berita.test/a...", "é https://berita.test/a/b"),
        ("é klik di sini", "é klik di sini (https://berita.test/a/b)"),
        ("é berita.test/a/b", "é berita.test/a/b"),
    ):
        index = {"byteStart": 3, "byteEnd": len(text.encode())}
        assert richtext.written_out(text, [{"index": index, "features": [link]}]) == expected


def test_the_shape_of_a_picture_is_read_from_its_head() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x14\x00\x1e\x03"
    assert pictures.shape(jpeg) == (30, 20)
    assert pictures.shape(b"GIF89a\x02\x00\x01\x00") == (2, 1)
    assert pictures.shape(b"RIFF....WEBP") is None


@given(st.binary(), st.sampled_from([b"", b"\xff\xd8", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"]))
def test_no_picture_can_crash_us(body: bytes, head: bytes) -> None:
    pictures.shape(head + body)
