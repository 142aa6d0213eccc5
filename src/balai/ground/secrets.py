"""Envelope encryption: every value has its own key, and that key is wrapped by a master key.

Master keys come from BALAI_SECRET_KEYS, newest first. Rotation adds a key in front and wraps the
small keys anew (`balai secrets rotate`); no content is decrypted for it.
"""

import base64
import binascii
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_IN_BASE_64 = "b2:"
_IN_BASE_85 = "b1:"  # how values were written before; they are revealed all the same
PREFIX = (_IN_BASE_64, _IN_BASE_85)  # what every sealed value begins with, for str.startswith
NONCE = 12
KEY = 32
WRAPPED = NONCE + KEY + 16


class CannotReveal(Exception):
    """No master key of this installation opens the value; the key that sealed it is missing."""


def seal(text: str) -> str:
    """Encrypt text under a fresh key that only the master keys can open."""
    fresh = os.urandom(KEY + NONCE)
    data_key, nonce = fresh[:KEY], fresh[KEY:]
    return _written(_wrap(data_key), nonce, AESGCM(data_key).encrypt(nonce, text.encode(), None))


def reveal(sealed: str) -> str:
    """Decrypt what `seal` made. Raises CannotReveal."""
    data_key, rest = _open(sealed)
    return AESGCM(data_key).decrypt(rest[:NONCE], rest[NONCE:], None).decode()


def rewrap(sealed: str) -> str:
    """The same value with its key wrapped by the newest master key."""
    data_key, rest = _open(sealed)
    return _written(_wrap(data_key), rest)


def pseudonym(key: str, *parts: str) -> str:
    """A stable name for a person; nobody turns it back without `key` (HMAC-SHA256, 128 bits)."""
    named = _keyed(key).copy()  # the key's half of the work is done once
    named.update("\x1f".join(parts).encode())
    return named.hexdigest()[:32]


@lru_cache(maxsize=1024)
def _keyed(key: str) -> hmac.HMAC:
    return hmac.new(key.encode(), digestmod="sha256")


def _written(*parts: bytes) -> str:
    return _IN_BASE_64 + binascii.b2a_base64(b"".join(parts), newline=False).decode()


def _wrap(data_key: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + _master(_keys()[0]).encrypt(nonce, data_key, None)


def _open(sealed: str) -> tuple[bytes, bytes]:
    if sealed.startswith(_IN_BASE_64):
        raw = binascii.a2b_base64(sealed.removeprefix(_IN_BASE_64), strict_mode=True)
    elif sealed.startswith(_IN_BASE_85):
        raw = base64.b85decode(sealed.removeprefix(_IN_BASE_85))
    else:
        raise CannotReveal("this value was not sealed by Balai")
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
