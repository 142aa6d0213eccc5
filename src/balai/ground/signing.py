"""The installation's signature (Ed25519): what we publish can be checked away from our server.

The private key is derived from a secret of the home (settings.BALAI_SIGNING_KEY), so a restored
backup signs with the same key. A document is signed over its own words: its JSON without the member
`signature`, keys sorted, no spaces, in UTF-8 (the form of RFC 8785 for texts, integers and lists).
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

ALGORITHM = "Ed25519"
SIGNATURE = "signature"


class NotPlain(TypeError):
    """The document holds something that no two programs write alike: a fraction, a date."""


def sign(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same document with its signature. Raises NotPlain."""
    said = {name: value for name, value in document.items() if name != SIGNATURE}
    value = _private().sign(words_of(said))
    seal = {"algorithm": ALGORITHM, "key_id": key_id(), "value": base64.b64encode(value).decode()}
    return {**said, SIGNATURE: seal}


def is_genuine(document: Mapping[str, Any], key: bytes | None = None) -> bool:
    """Whether a signed document is as it was signed, by `key` (32 bytes) or by ours."""
    seal = document.get(SIGNATURE)
    if not isinstance(seal, Mapping):
        return False
    said = {name: value for name, value in document.items() if name != SIGNATURE}
    try:
        value = base64.b64decode(str(seal.get("value", "")), validate=True)
        Ed25519PublicKey.from_public_bytes(key or public_key()).verify(value, words_of(said))
    except (InvalidSignature, ValueError, NotPlain):
        return False
    return True


def words_of(document: Mapping[str, Any]) -> bytes:
    """The bytes that are signed. Raises NotPlain."""
    _refuse_unplain(document)
    return msgspec.json.encode(document, order="deterministic")


def public_key() -> bytes:
    """The 32 bytes by which anybody checks."""
    return _private().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def public_key_pem() -> str:
    """The same as other programs read it (SubjectPublicKeyInfo)."""
    key = _private().public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def key_id() -> str:
    """A short name of the key: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public_key()).hexdigest()[:16]


def _private() -> Ed25519PrivateKey:
    return _derived(settings.BALAI_SIGNING_KEY)


@lru_cache(maxsize=4)
def _derived(secret: str) -> Ed25519PrivateKey:
    seed = HKDF(SHA256(), 32, salt=None, info=b"balai signing key").derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def _refuse_unplain(value: Any) -> None:
    match value:
        case None | bool() | int() | str():
            return
        case Mapping():
            for name, inside in value.items():
                if not isinstance(name, str):
                    raise NotPlain(repr(name))
                _refuse_unplain(inside)
        case list() | tuple():
            for inside in value:
                _refuse_unplain(inside)
        case _:
            raise NotPlain(repr(value))
