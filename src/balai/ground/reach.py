"""Where a line to the outside may lead when somebody typed its address.

A server inside an office sees machines that strangers must not: databases, printers, the cloud's
metadata service. So a line leads to the public internet only, unless the operator names the inside
host or network in BALAI_PRIVATE_HOSTS. The question is asked at the moment of connecting, about the
address that is then really used: a name that is public now and private a second later (DNS
rebinding) and a redirect to the inside are refused alike.
"""

import ipaddress
import socket
from collections.abc import Iterable

import httpcore
import httpx
from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last four bytes


class OutOfReach(Exception):
    """This address lies on an inside network that the operator did not open."""


def is_public(address: Address) -> bool:
    """Whether this is an address of the public internet, looking through IPv6 wrappings."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(address.packed[-4:])
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def is_opened(host: str, address: Address, opened: Iterable[str]) -> bool:
    """Whether the operator named this host, or a network in which the address lies."""
    for entry in opened:
        try:
            network = ipaddress.ip_network(entry, strict=False)
        except ValueError:
            if entry.strip().lower() == host.lower():
                return True
            continue
        if address in network:
            return True
    return False


class _Guarded(httpcore.SyncBackend):
    """Connects to addresses that may be reached, and to the very address that was judged."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in _reachable(host, port):
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")


def _reachable(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as failure:
        raise httpcore.ConnectError(str(failure)) from failure
    names = dict.fromkeys(str(entry[4][0]) for entry in found)
    opened = settings.BALAI_PRIVATE_HOSTS
    judged = {name: ipaddress.ip_address(name.partition("%")[0]) for name in names}
    reachable = [n for n, a in judged.items() if is_public(a) or is_opened(host, a, opened)]
    if names and not reachable:
        raise OutOfReach(
            f"{host} is on a network inside ({', '.join(names)}); "
            "the operator can open it with BALAI_PRIVATE_HOSTS"
        )
    return reachable


def guarded_transport() -> httpx.HTTPTransport:
    """The transport of every line to the outside."""
    transport = httpx.HTTPTransport(trust_env=False)
    # httpx has no public place for a network backend; a test holds that this one is asked.
    transport._pool._network_backend = _Guarded()
    return transport
