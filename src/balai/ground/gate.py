"""How often a stranger may knock: token buckets in the cache of this process.

An approximation on purpose: a bucket is not shared between processes, and a lost update only lets
one more visitor through. Nothing about a visitor is written to disk.
"""

import ipaddress
from typing import NamedTuple

from django.core.cache import cache
from django.http import HttpRequest

from balai.ground.clock import now


class Bucket(NamedTuple):
    """`size` visits at once, and as many again within `seconds`."""

    name: str
    size: int
    seconds: float


def may_pass(bucket: Bucket, who: str, *, cost: float = 1.0) -> bool:
    """Whether there is room for one more visit; it is counted when there is."""
    key = f"gate:{bucket.name}:{who}"
    at = now().timestamp()
    left, seen = cache.get(key, (float(bucket.size), at))
    left = min(float(bucket.size), left + (at - seen) * bucket.size / bucket.seconds)
    passes = bool(left >= cost)
    cache.set(key, (left - cost if passes else left, at), timeout=bucket.seconds * 2)
    return passes


def visitor(request: HttpRequest) -> str:
    """The address that a visit is counted under; of IPv6 the /64, which is one household.

    Behind a trusted proxy the middleware (config.caller) has put the client's address there.
    """
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return str(address)
