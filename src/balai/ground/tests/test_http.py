"""Three honest endings: a yes, a no, or unknown. What never left is safe to try again."""

from datetime import timedelta

import httpx
import pytest

from balai.ground import http as http_module
from balai.ground.clock import now
from balai.ground.http import Http, NotSent, OutcomeUnknown, Refused


def line(answer):
    def respond(request):
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Http("https://jaringan.test", transport=httpx.MockTransport(respond))


def test_a_yes_brings_its_json():
    assert line(httpx.Response(200, json={"id": "7"})).do("/x") == {"id": "7"}


def test_a_no_carries_the_networks_own_words_and_code():
    answer = httpx.Response(400, json={"error": "InvalidRequest", "message": "grapheme too big"})
    with pytest.raises(Refused, match="grapheme too big") as no:
        line(answer).do("/x")
    assert no.value.permanent
    assert no.value.code == "InvalidRequest"
    assert no.value.signs_in


def test_a_refused_sign_in_is_told_apart_from_a_refused_message():
    with pytest.raises(Refused) as no:
        line(httpx.Response(401, json={"error": "AuthenticationRequired"})).do("/x")
    assert not no.value.signs_in


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "30"}, timedelta(seconds=30)),
        ({}, None),
        ({"retry-after": "nonsense"}, None),
        ({"retry-after": "999999999"}, timedelta(days=1)),
    ],
)
def test_too_many_requests_is_a_no_for_now_with_the_wait_they_ask_for(headers, wait):
    with pytest.raises(Refused) as no:
        line(httpx.Response(429, headers=headers)).do("/x")
    assert not no.value.permanent
    assert no.value.wait == wait


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_server_error_after_a_change_is_unknown_because_it_may_have_been_obeyed(status):
    with pytest.raises(OutcomeUnknown):
        line(httpx.Response(status)).do("/x")


def test_a_yes_that_cannot_be_read_is_unknown_because_it_may_hold_the_only_id():
    with pytest.raises(OutcomeUnknown):
        line(httpx.Response(200, content=b"<html>garbage")).do("/x")


def test_a_time_out_after_sending_is_unknown():
    with pytest.raises(OutcomeUnknown):
        line(httpx.ReadTimeout("slow")).do("/x")


def test_no_connection_means_nothing_was_sent():
    with pytest.raises(NotSent):
        line(httpx.ConnectError("no route")).do("/x")


def test_reading_changes_nothing_so_its_failure_is_never_unknown():
    with pytest.raises(NotSent):
        line(httpx.Response(500)).look("/x")


def test_an_answer_without_end_is_cut_off():
    with pytest.raises(OutcomeUnknown):
        line(httpx.Response(200, content=b"x" * (21 * 1024 * 1024))).do("/x")


def test_deeply_nested_json_does_not_break_us():
    with pytest.raises((OutcomeUnknown, Refused)):
        line(httpx.Response(200, content=b"[" * 200_000)).do("/x")


def test_an_answer_that_drips_for_ever_is_ended(monkeypatch):
    ticks = iter(range(0, 10_000, 25))
    monkeypatch.setattr(http_module, "monotonic", lambda: next(ticks))
    drops = httpx.Response(200, content=(b"{" for _ in range(1_000)))
    with pytest.raises(OutcomeUnknown, match="did not end"):
        line(drops).do("/x")


@pytest.mark.parametrize("address", ["https://a:b:c", "file:///etc/passwd", "ftp://x", ""])
def test_an_address_that_no_browser_would_open_is_a_plain_no(address):
    with pytest.raises(Refused):
        Http(address).look("/x")


def test_the_moment_at_which_a_window_opens_is_read_as_a_number_or_as_a_date():
    opens = now() + timedelta(minutes=5)
    for said in (str(int(opens.timestamp())), opens.isoformat(), f"{opens:%Y-%m-%dT%H:%M:%S.%f}Z"):
        with pytest.raises(Refused) as no:
            line(httpx.Response(429, headers={"x-ratelimit-reset": said})).look("/x")
        assert timedelta(minutes=4) < no.value.wait <= timedelta(minutes=5)


def test_an_answer_that_is_no_json_comes_as_it_is_with_its_headers():
    reply = line(httpx.Response(200, content=b"<rss/>", headers={"ETag": '"7"'})).get("/x")
    assert (reply.status, reply.body, reply.headers["etag"]) == (200, b"<rss/>", '"7"')
    assert line(httpx.Response(304)).get("/x").status == 304


def test_an_answer_that_is_larger_than_allowed_is_not_read_to_the_end():
    with pytest.raises(NotSent, match="larger than 1 MB"):
        line(httpx.Response(200, content=b"x" * 2**21)).get("/x", at_most=2**20)
    with pytest.raises(Refused):
        line(httpx.Response(404)).get("/x")
