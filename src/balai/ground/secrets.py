"""Envelope encryption: every value has its own key, and that key is wrapped by a master key.

Master keys come from BALAI_SECRET_KEYS, newest first. Rotation adds a key in front and wraps the
small keys anew (`balai secrets rotate`); no content is decrypted for it.
"""

import base64
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

PREFIX = "b1:"
NONCE = 12
WRAPPED = NONCE + 32 + 16


class CannotReveal(Exception):
    """No master key of this installation opens the value; the key that sealed it is missing."""


def seal(text: str) -> str:
    """Encrypt text under a fresh key that only the master keys can open."""
    data_key = AESGCM.generate_key(256)
    nonce = os.urandom(NONCE)
    sealed = nonce + AESGCM(data_key).encrypt(nonce, text.encode(), None)
    return PREFIX + base64.b85encode(_wrap(data_key) + sealed).decode()


def reveal(sealed: str) -> str:
    """Decrypt what `seal` made. Raises CannotReveal."""
    data_key, rest = _open(sealed)
    return AESGCM(data_key).decrypt(rest[:NONCE], rest[NONCE:], None).decode()


def rewrap(sealed: str) -> str:
    """The same value with its key wrapped by the newest master key."""
    data_key, rest = _open(sealed)
    return PREFIX + base64.b85encode(_wrap(data_key) + rest).decode()


def pseudonym(key: str, *parts: str) -> str:
    """A stable name for a person; nobody turns it back without `key` (HMAC-SHA256, 128 bits)."""
    return hmac.digest(key.encode(), "\x1f".join(parts).encode(), "sha256").hex()[:32]


def _wrap(data_key: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + _masters()[0].encrypt(nonce, data_key, None)


def _open(sealed: str) -> tuple[bytes, bytes]:
    if not sealed.startswith(PREFIX):
        raise CannotReveal("this value was not sealed by Balai")
    raw = base64.b85decode(sealed[len(PREFIX) :])
    wrapped, rest = raw[:WRAPPED], raw[WRAPPED:]
    for master in _masters():
        try:
            return master.decrypt(wrapped[:NONCE], wrapped[NONCE:], None), rest
        except InvalidTag:
            continue
    raise CannotReveal("no key in BALAI_SECRET_KEYS opens this value")


def _keys() -> tuple[str, ...]:
    keys = tuple(settings.BALAI_SECRET_KEYS)
    if not keys:
        raise ImproperlyConfigured("BALAI_SECRET_KEYS is empty: secrets cannot be kept")
    return keys


def _masters() -> list[AESGCM]:
    return [_master(key) for key in _keys()]


@lru_cache(maxsize=32)
def _master(key: str) -> AESGCM:
    return AESGCM(_derive(key, b"balai master key"))


@lru_cache(maxsize=32)
def _derive(key: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(key.encode())
