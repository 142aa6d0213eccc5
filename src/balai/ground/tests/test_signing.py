"""The installation's signature: checked elsewhere, broken by any change."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from balai.ground import signing

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), plain, max_size=4))
def test_what_was_signed_is_genuine_and_survives_a_way_through_json(document):
    document.pop("signature", None)
    signed = json.loads(json.dumps(signing.sign(document)))
    assert signing.is_genuine(signed)


def test_anybody_checks_with_the_standard_library_and_the_public_key():
    signed = signing.sign({"b": "é", "a": [1, None, {"z": True, "y": ""}]})
    value = base64.b64decode(signed.pop("signature")["value"])
    words = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    Ed25519PublicKey.from_public_bytes(signing.public_key()).verify(value, words.encode())


def test_a_changed_word_another_key_or_no_signature_is_not_genuine(settings):
    signed = signing.sign({"handle": "@kota"})
    assert not signing.is_genuine({**signed, "handle": "@k0ta"})
    assert not signing.is_genuine({"handle": "@kota"})
    assert not signing.is_genuine({**signed, "signature": {"value": "###"}})
    settings.BALAI_SIGNING_KEY = "another installation"
    assert not signing.is_genuine(signed)


@pytest.mark.parametrize("value", [1.5, object(), {1: 2}, b"x"])
def test_what_two_programs_write_differently_is_not_signed(value):
    with pytest.raises(signing.NotPlain):
        signing.sign({"x": value})
