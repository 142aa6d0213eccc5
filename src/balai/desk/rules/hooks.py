"""What leaves to other systems, signed as Standard Webhooks asks (standardwebhooks.com, 1.0)."""

import base64
import hashlib
import hmac
from datetime import timedelta

KINDS = (
    "message.received",
    "conversation.moved",
    "conversation.answered",
    "conversation.escalated",
)
TEST = "endpoint.test"
SECRET_PREFIX = "whsec_"  # noqa: S105 - the spec's sign of a secret, itself none
SECRET_BYTES = 32  # the spec: 24 to 64
# How long an address rests after so many failures in a row [D]; the last one switches it off.
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200)
)
MOST_ATTEMPTS = len(WAITS)
GONE = 410  # the spec: the receiver wants no more


def secret_from(key: bytes) -> str:
    """A key as receivers write it down."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of webhook-signature: HMAC-SHA256 over id, moment (seconds) and body."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def message_id(endpoint_id: int, kind: str, subject: str) -> str:
    """The id of one fact for one address: hearing the fact twice makes no second message."""
    named = hashlib.sha256(f"{endpoint_id}\x1f{kind}\x1f{subject}".encode()).hexdigest()
    return f"msg_{named[:40]}"


def wait_after(failures: int) -> timedelta:
    """How long to rest after so many failures in a row (1 at least)."""
    return WAITS[min(max(failures, 1), len(WAITS)) - 1]
