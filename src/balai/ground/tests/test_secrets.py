"""Secrets are sealed each under their own key, and rotation never needs the content."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.ground.secrets import CannotReveal, pseudonym, reveal, rewrap, seal


@given(st.text())
def test_what_was_sealed_is_revealed(text):
    assert reveal(seal(text)) == text


def test_sealing_twice_gives_different_bytes():
    assert seal("rahasia") != seal("rahasia")


def test_a_value_survives_rotation_and_the_old_key_can_then_go(settings):
    settings.BALAI_SECRET_KEYS = ("lama",)
    sealed = seal("kata sandi aplikasi")
    settings.BALAI_SECRET_KEYS = ("baru", "lama")
    wrapped = rewrap(sealed)
    settings.BALAI_SECRET_KEYS = ("baru",)
    assert reveal(wrapped) == "kata sandi aplikasi"
    with pytest.raises(CannotReveal):
        reveal(sealed)


def test_a_value_written_in_base_85_is_still_revealed_and_rewrapped():
    newer = seal("kata sandi aplikasi")
    older = "b1:" + base64.b85encode(base64.b64decode(newer.removeprefix("b2:"))).decode()
    assert reveal(older) == reveal(rewrap(older)) == "kata sandi aplikasi"


def test_a_changed_byte_is_noticed(settings):
    sealed = seal("x" * 40)
    swapped = "0" if sealed[-3] != "0" else "1"
    with pytest.raises(Exception, match=r".*"):
        reveal(sealed[:-3] + swapped + sealed[-2:])


def test_a_pseudonym_is_stable_and_differs_by_key_and_channel():
    assert pseudonym("k1", "email", "a@b.id") == pseudonym("k1", "email", "a@b.id")
    assert len({pseudonym(k, c, "a@b.id") for k in ("k1", "k2") for c in ("email", "bluesky")}) == 4
