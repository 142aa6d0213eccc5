"""Words that only named persons open: boxes sealed to a public key, whose other half a passphrase
locks. Neither the database nor the installation's master keys open them.

X25519 agreement with a fresh key for each box, HKDF-SHA256, AES-256-GCM; scrypt for the passphrase
(RFC 7748, 5869, 7914). The sender needs no secret and cannot open the box again.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

KEY, NONCE, SALT = 32, 12, 16
COST = 2**15  # 32 MB and some 0.1 s for each guess


class WrongPassphrase(Exception):
    """The passphrase does not open this key."""


class CannotOpen(Exception):
    """The box was sealed to somebody else, or was changed."""


def new_key() -> tuple[str, bytes]:
    """A fresh pair: the public half as hex, and the private half, which is to be locked at once."""
    private = X25519PrivateKey.generate()
    return private.public_key().public_bytes_raw().hex(), private.private_bytes_raw()


def lock(private: bytes, passphrase: str) -> str:
    """The private half under a passphrase, as text to keep."""
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    held = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, private, None)
    return base64.b64encode(salt + nonce + held).decode()


def unlock(locked: str, passphrase: str) -> bytes:
    """The private half again. Raises WrongPassphrase."""
    raw = base64.b64decode(locked)
    salt, nonce, held = raw[:SALT], raw[SALT : SALT + NONCE], raw[SALT + NONCE :]
    try:
        return AESGCM(_stretched(passphrase, salt)).decrypt(nonce, held, None)
    except InvalidTag as wrong:
        raise WrongPassphrase from wrong


def seal_to(public: str, secret: bytes) -> str:
    """A short secret in a box that only the holder of the other half opens."""
    fresh = X25519PrivateKey.generate()
    shown = fresh.public_key().public_bytes_raw()
    agreed = fresh.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(public)))
    nonce = os.urandom(NONCE)
    box = AESGCM(_agreed(agreed, shown, bytes.fromhex(public))).encrypt(nonce, secret, None)
    return base64.b64encode(shown + nonce + box).decode()


def open_sealed(private: bytes, box: str) -> bytes:
    """What was put into the box. Raises CannotOpen."""
    raw = base64.b64decode(box)
    shown, nonce, held = raw[:KEY], raw[KEY : KEY + NONCE], raw[KEY + NONCE :]
    own = X25519PrivateKey.from_private_bytes(private)
    agreed = own.exchange(X25519PublicKey.from_public_bytes(shown))
    key = _agreed(agreed, shown, own.public_key().public_bytes_raw())
    try:
        return AESGCM(key).decrypt(nonce, held, None)
    except InvalidTag as wrong:
        raise CannotOpen from wrong


def encrypt(words: bytes) -> tuple[bytes, bytes]:
    """A fresh key, and the words under it."""
    key, nonce = os.urandom(KEY), os.urandom(NONCE)
    return key, nonce + AESGCM(key).encrypt(nonce, words, None)


def decrypt(key: bytes, body: bytes) -> bytes:
    """The words again. Raises CannotOpen."""
    try:
        return AESGCM(key).decrypt(body[:NONCE], body[NONCE:], None)
    except InvalidTag as wrong:
        raise CannotOpen from wrong


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY, n=COST, r=8, p=1).derive(passphrase.encode())


def _agreed(shared: bytes, shown: bytes, public: bytes) -> bytes:
    return HKDF(SHA256(), KEY, salt=None, info=b"balai sealed box" + shown + public).derive(shared)
