"""Who really asks: the address of the client, also behind the office's reverse proxy."""

import ipaddress
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
type_of_answer = Callable[[HttpRequest], HttpResponseBase]
PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


def address_of_the_caller(get_response: type_of_answer) -> type_of_answer:
    """Middleware: REMOTE_ADDR becomes the client's address; locks and limits count under it.

    Proxies are believed only when BALAI_TRUSTED_PROXIES names them: what anybody else says about
    where a request comes from is their own invention.
    """
    trusted = networks(settings.BALAI_TRUSTED_PROXIES)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        meta["balai.is_from_here"] = is_from_here(meta)
        meta["REMOTE_ADDR"] = client_address(
            meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), trusted
        )
        return get_response(request)

    return middleware


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """The networks of a setting; a single address is a network of one."""
    return tuple(ipaddress.ip_network(name.strip(), strict=False) for name in names)


def client_address(peer: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """The nearest address that is no trusted proxy, read from the connection outwards."""
    found = peer
    for named in (peer, *reversed(forwarded.split(","))):
        address = _address(named)
        if address is None:
            break
        found = str(address)
        if not any(address in network for network in trusted):
            break
    return found


def is_from_here(meta: dict[str, str]) -> bool:
    """Whether the request was made on this very machine, and no proxy passed it on."""
    peer = _address(meta.get("REMOTE_ADDR", ""))
    direct = not any(name in meta for name in PASSED_ON)
    return direct and peer is not None and peer.is_loopback


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
