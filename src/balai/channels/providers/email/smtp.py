"""Handing one mail to the office's submission server (RFC 5321, RFC 6409), with honest endings.

The body goes out first and the final dot alone afterwards: before the dot nothing can have been
accepted, after it only the server's answer tells (RFC 5321, sections 4.1.1.4 and 6.1).
"""

import contextlib
import re
import smtplib
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from balai.channels.contract import NotSent, OutcomeUnknown, Refused
from balai.channels.providers.email.lines import Server

DOTS = re.compile(rb"(?m)^\.")
OUR_NAME = "localhost.localdomain"  # submission servers know us by our login, not by our name


def hand_over(server: Server, sender: str, recipients: Sequence[str], letter: bytes) -> str:
    """Give the letter to the server, once, for all recipients or for none; the server's last words.

    Raises NotSent (no connection, or it broke before the final dot), Refused (their words) and
    OutcomeUnknown (it broke after the final dot).
    """
    with signed_in(server) as line:
        with _honest(server):
            _expect(line.mail(sender), 250)
            for recipient in recipients:
                code, words = line.rcpt(recipient)
                if code not in (250, 251):
                    raise _no(f"{recipient}: ", code, words)
            _expect(line.docmd("DATA"), 354)
            line.send(DOTS.sub(b"..", letter))  # dot-stuffing, RFC 5321 section 4.5.2
        return _finish(server, line)


@contextmanager
def signed_in(server: Server) -> Iterator[smtplib.SMTP]:
    """A line on which we are known. Raises NotSent and Refused."""
    line = _Line(timeout=server.read_seconds)
    try:
        with _honest(server):
            line.open(server)
            if server.user:
                _sign_in(line, server)
        yield line
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if line.sock is not None:
                line.sock.settimeout(server.goodbye_seconds)
                line.docmd("QUIT")
        line.close()


class _Line(smtplib.SMTP):
    """smtplib's line with one time limit for connecting and another for reading."""

    def open(self, server: Server) -> None:
        self._host = server.host  # smtplib checks the certificate against this name
        sock = socket.create_connection((server.host, server.port), server.connect_seconds)
        self.sock = sock
        sock.settimeout(server.read_seconds)
        if server.security == "ssl":
            self.sock = server.trust().wrap_socket(sock, server_hostname=server.host)
        self.file = None
        _expect(self.getreply(), 220)
        self._introduce()
        if server.security == "starttls":
            if not self.has_extn("starttls"):
                raise Refused(f"{server.host} offers no STARTTLS", permanent=False, code="starttls")
            _expect(self.starttls(context=server.trust()), 220)
            self._introduce()

    def _introduce(self) -> None:
        code, words = self.ehlo(OUR_NAME)
        if code != 250:
            code, words = self.helo(OUR_NAME)
        _expect((code, words), 250)


def _sign_in(line: smtplib.SMTP, server: Server) -> None:
    if not line.has_extn("auth"):
        words = f"{server.host}:{server.port} offers no sign-in"
        raise Refused(words, permanent=True, signs_in=False)
    try:
        line.login(server.user, server.password)
    except smtplib.SMTPAuthenticationError as no:
        raise Refused(
            f"{server.host}: {_words(no.smtp_error)}",
            permanent=no.smtp_code >= 500,
            code=str(no.smtp_code),
            signs_in=no.smtp_code < 500,  # 454 is a temporary failure (RFC 4954, section 6)
        ) from no
    except (smtplib.SMTPNotSupportedError, UnicodeError) as no:
        raise Refused(f"{server.host}: {no}", permanent=True, signs_in=False) from no


def _finish(server: Server, line: smtplib.SMTP) -> str:
    try:
        line.send(b".\r\n")
        code, words = line.getreply()
    except (OSError, smtplib.SMTPException) as failure:
        raise OutcomeUnknown(
            f"{server.host}: no answer after the whole mail was handed over ({failure})"
        ) from failure
    if code == 250:
        return _words(words)
    if 400 <= code < 600:
        raise _no("", code, words)
    raise OutcomeUnknown(f"{server.host}: an answer that is no answer: {code} {_words(words)}")


@contextmanager
def _honest(server: Server) -> Iterator[None]:
    """What breaks here broke before the final dot: nothing was sent."""
    try:
        yield
    except smtplib.SMTPResponseException as no:
        raise _no(f"{server.host}: ", no.smtp_code, no.smtp_error) from no
    except (OSError, smtplib.SMTPException, ValueError) as failure:
        raise NotSent(server.broken(failure)) from failure


def _expect(answer: tuple[int, bytes], wanted: int) -> None:
    code, words = answer
    if code != wanted:
        raise _no("", code, words)


def _no(before: str, code: int, words: bytes | str) -> Refused | NotSent:
    """Their no, in their words. 4yz may be tried again, 5yz not (RFC 5321, section 4.2.1)."""
    said = f"{before}{code} {_words(words)}".strip()
    if not 400 <= code < 600:
        return NotSent(said)  # no proper answer, and nothing was handed over
    return Refused(said, permanent=code >= 500, code=str(code))


def _words(words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(said.split())[:500]
