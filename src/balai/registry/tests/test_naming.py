"""What people write when they mean an account."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.registry.rules.naming import Named, named, of_record, plain


@pytest.mark.parametrize(
    ("text", "channel", "meant"),
    [
        ("https://x.com/KotaContoh", "", Named("x", "kotacontoh")),
        ("https://mobile.twitter.com/kotacontoh/status/12?s=20", "", Named("x", "kotacontoh")),
        ("x.com/kotacontoh", "", Named("x", "kotacontoh")),
        ("@KotaContoh ", "", Named("", "kotacontoh")),
        ("kotacontoh", "instagram", Named("instagram", "kotacontoh")),
        ("https://www.instagram.com/kotacontoh/", "", Named("instagram", "kotacontoh")),
        ("https://www.tiktok.com/@kotacontoh", "", Named("tiktok", "kotacontoh")),
        ("https://youtube.com/channel/UCabc123", "", Named("youtube", "", "UCabc123")),
        ("https://youtube.com/@KotaContoh", "", Named("youtube", "kotacontoh")),
        ("https://facebook.com/profile.php?id=100042", "", Named("facebook", "", "100042")),
        ("https://t.me/kotacontoh_bot", "", Named("telegram", "kotacontoh_bot")),
        ("https://instansi.example/@kota", "", Named("mastodon", "kota@instansi.example")),
        ("https://instansi.example/users/kota", "", Named("mastodon", "kota@instansi.example")),
        ("@kota@instansi.example", "mastodon", Named("mastodon", "kota@instansi.example")),
        ("https://bsky.app/profile/kota.bsky.social", "", Named("bluesky", "kota.bsky.social")),
        ("https://bsky.app/profile/did:plc:abc", "", Named("bluesky", "", "did:plc:abc")),
        ("did:plc:abc", "", Named("bluesky", "", "did:plc:abc")),
        ("mailto:Humas@kota.example?subject=x", "", Named("email", "humas@kota.example")),
        ("https://www.kota.example/berita", "", Named("website", "kota.example")),
        ("\u200e@kotacontoh\u200b", "", Named("", "kotacontoh")),
        ("https://[bad", "", Named("", "https://[bad")),
        ("", "", Named("", "")),
    ],
)
def test_an_account_is_read_from_any_usual_way_of_naming_it(text, channel, meant):
    assert named(text, channel) == meant


@pytest.mark.parametrize(
    "fake", ["@kot\u0430contoh", "@kota\u200bcontoh", "@kota_contoh", "@kotacont0h"]
)
def test_what_only_looks_alike_stays_another_account(fake):
    assert named(fake).handle != "kotacontoh"


@given(st.text(max_size=700), st.sampled_from(["", "x", "mastodon", "email"]))
def test_whatever_somebody_pastes_it_is_read_without_trouble_and_as_itself_again(text, channel):
    found = named(text, channel)
    assert len(found.handle) <= 700
    assert plain(plain(text)) == plain(text)


def test_a_record_is_known_by_its_handle_and_by_its_address():
    known = of_record("mastodon", "@kota", "https://instansi.example/@kota")
    assert known == {"kota", "kota@instansi.example"}
    assert of_record("x", "@kota", "https://kota.example/") == {"kota"}
