"""A line leads to the public internet, and inside only where the operator opened a door."""

import ipaddress
import socket
from contextlib import closing

import pytest

from balai.ground.http import Http, NotSent, Refused
from balai.ground.reach import is_opened, is_public
from tests.peers.scripted import Scripted

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1",
    "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_an_inside_address_is_known_also_in_disguise(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_a_public_address_is_public(address):
    assert is_public(ipaddress.ip_address(address))


def test_the_operator_opens_a_host_by_name_or_a_network():
    address = ipaddress.ip_address("10.20.3.4")
    assert is_opened("Dalam.kota.go.id", address, ["dalam.kota.go.id"])
    assert is_opened("x", address, ["10.20.0.0/16"])
    assert not is_opened("dalam.kota.go.id", address, ["lain.kota.go.id", "10.21.0.0/16"])
    assert not is_opened("10.20.3.4.jahat.example", address, ["192.168.0.0/16", "::1"])


def test_a_line_to_this_machine_is_refused_with_words_and_never_opened(settings):
    settings.BALAI_PRIVATE_HOSTS = []
    with Scripted(None, lambda _line: None) as inside:
        for host in ("127.0.0.1", "localhost"):
            with (
                closing(Http(f"http://{host}:{inside.port}")) as line,
                pytest.raises(Refused, match="_HOSTS") as no,
            ):
                line.look("/")
            assert no.value.permanent
        assert inside.asked == []


def test_a_name_that_points_inside_is_judged_by_its_address(settings, monkeypatch):
    settings.BALAI_PRIVATE_HOSTS = []
    told = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: told)
    with pytest.raises(Refused, match=r"169\.254"):
        Http("https://tampak-umum.example").do("/")


def test_a_redirect_to_the_inside_is_refused(settings):
    with Scripted(None, lambda _line: None) as secret:
        answer = (
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n"
            % secret.port
        )
        with Scripted(b"", lambda line: answer if line == b"\r\n" else b"") as door:
            settings.BALAI_PRIVATE_HOSTS = ["localhost"]
            with (
                closing(Http(f"http://localhost:{door.port}")) as line,
                pytest.raises(Refused, match="BALAI_PRIVATE_HOSTS"),
            ):
                line.get("/umpan")
        assert secret.asked == []


def test_an_opened_host_is_reached(settings):
    settings.BALAI_PRIVATE_HOSTS = ["127.0.0.0/8", "::1"]
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with (
        Scripted(b"", lambda line: answer if line == b"\r\n" else b"") as peer,
        closing(Http(f"http://localhost:{peer.port}")) as line,
    ):
        assert line.look("/") == {}


def test_a_name_that_nobody_has_is_no_connection(monkeypatch):
    def nobody(*_a, **_k):
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(NotSent, match="no such name"):
        Http("https://tidak-ada.example").look("/")
