"""Where a mail server is and how the line to it is kept private."""

import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

from balai.channels.contract import Refused

SECURITY = ("ssl", "starttls", "none")


@dataclass(frozen=True)
class Server:
    """One server and our account there. Time limits in seconds."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    connect_seconds: float = 10.0
    read_seconds: float = 30.0

    @property
    def goodbye_seconds(self) -> float:
        """How long we wait for an answer to our goodbye: it is worth little."""
        return min(self.read_seconds, 2.0)

    def broken(self, failure: BaseException) -> str:
        """Words for a line that could not be opened or that broke."""
        return f"{self.host}:{self.port}: {str(failure) or type(failure).__name__}"

    def trust(self) -> ssl.SSLContext:
        """Certificates are checked against the machine's own list of authorities."""
        return ssl.create_default_context()


def server(
    settings: Mapping[str, str], kind: str, *, connect_seconds: float, read_seconds: float
) -> Server:
    """The server that the settings `<kind>_host`, `<kind>_port` … name; Refused if unsafe.

    User and password of `smtp` fall back to those of `imap`: most offices have one account.
    """
    host = settings.get(f"{kind}_host", "").strip()
    port = settings.get(f"{kind}_port", "").strip()
    security = settings.get(f"{kind}_security", "").strip().lower() or "ssl"
    user = settings.get(f"{kind}_user") or settings.get("imap_user") or settings.get("address", "")
    password = settings.get(f"{kind}_password") or settings.get("imap_password", "")
    if not host or any(mark in host for mark in "\r\n\0 /"):
        raise Refused(f"{kind.upper()}: the server's name is missing", permanent=True)
    if not port.isascii() or not port.isdigit() or not 0 < int(port[:6]) < 65_536:
        raise Refused(f"{kind.upper()}: {port[:20]!r} is not a port", permanent=True)
    if security not in SECURITY:
        raise Refused(f"{kind.upper()}: security must be ssl, starttls or none", permanent=True)
    if security == "none" and not _is_this_machine(host):
        raise Refused(
            f"{kind.upper()}: without encryption the password could be read on the way to {host}; "
            "choose ssl or starttls (none is only for a server on this machine)",
            permanent=True,
        )
    if any(mark in user + password for mark in "\r\n\0"):
        words = f"{kind.upper()}: user or password has a line end"
        raise Refused(words, permanent=True, signs_in=False)
    return Server(host, int(port), security, user, password, connect_seconds, read_seconds)


def _is_this_machine(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
