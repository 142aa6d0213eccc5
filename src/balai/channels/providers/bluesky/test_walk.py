"""The walk through the notifications: nothing lost, nothing twice."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.channels.contract import NotSent, Refused
from balai.channels.providers.bluesky import mark, records
from balai.channels.providers.bluesky.connector import Bluesky
from balai.channels.providers.bluesky.tests import AT, Line, no, read, recorded, yes


def notification(number: int, at: datetime) -> dict[str, Any]:
    said: dict[str, Any] = recorded("mention")["notification"]
    uri = f"at://did:plc:w/app.bsky.feed.post/{number}"
    return said | {"uri": uri, "indexedAt": records.moment(at), "record": {"text": "halo"}}


class Inbox(Line):
    """Lists notifications newest first and pages by time alone, as the reference AppView does."""

    def __init__(self, *written: dict[str, Any]) -> None:
        super().__init__()
        self.written = list(written)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition(".")[2]
        if name != "listNotifications":
            return super()._answer(request)
        self.asked.append((name, request))
        before = request.url.params.get("cursor", "9999")
        older = [one for one in self.written if one["indexedAt"] < before]
        older.sort(key=lambda one: (one["indexedAt"], one["uri"]), reverse=True)
        page = older[: int(request.url.params["limit"])]
        body = {"notifications": page}
        if page:
            body["cursor"] = page[-1]["indexedAt"]
        return httpx.Response(200, json=body)


def walk(connector: Bluesky, cursor: str) -> tuple[list[str], str]:
    """Everything that is new, over as many looks as it takes."""
    came, more = [], True
    while more:
        fetched = connector.fetch(cursor)
        came += [read(one).remote_id for one in fetched.parcels]
        cursor, more = fetched.cursor, fetched.more
    return came, cursor


def fitting(seconds: list[int], written: list[dict[str, Any]]) -> list[int]:
    """At most four in one instant: a page must hold one instant."""
    kept = [int((mark_time(one) - AT).total_seconds()) for one in written]
    fits = []
    for second in seconds:
        if kept.count(second) < 4:
            kept.append(second)
            fits.append(second)
    return fits


def mark_time(one: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(one["indexedAt"])


@given(
    st.sampled_from([(590, 1), (590, 3), (86_000, 60)]).flatmap(
        lambda case: st.tuples(
            st.just(case[1]),
            st.lists(st.lists(st.integers(0, case[0]), max_size=30), min_size=1, max_size=4),
        )
    ),
    st.integers(5, 20),
)
def test_whatever_arrives_in_whatever_order_comes_exactly_once(
    case: tuple[int, list[list[int]]], page_size: int
) -> None:
    inbox, came, cursor = Inbox(), [], ""
    connector = inbox.connect()
    connector.page_size, (connector.pages, arrivals) = page_size, case
    for seconds in arrivals:
        for second in fitting(seconds, inbox.written):
            at = AT + timedelta(seconds=second)
            inbox.written.append(notification(len(inbox.written), at))
        new, cursor = walk(connector, cursor)
        came += new
    assert sorted(came) == sorted(one["uri"] for one in inbox.written)
    assert walk(connector, cursor)[0] == []


def test_a_long_absence_is_made_good_over_several_looks() -> None:
    inbox = Inbox(*(notification(n, AT + timedelta(seconds=n)) for n in range(1000)))
    connector = inbox.connect()
    connector.page_size, connector.pages = 100, 3

    came, cursor = walk(connector, "")

    assert len(came) == len(set(came)) == 1000
    assert len(cursor) < 20_000
    inbox.written += [notification(n, AT + timedelta(seconds=n)) for n in range(1000, 1400)]
    assert len(walk(connector, cursor)[0]) == 400


def test_a_first_look_reads_two_weeks() -> None:
    old = notification(1, AT - timedelta(days=15))
    new = notification(2, AT)
    assert walk(Inbox(old, new).connect(), "")[0] == [new["uri"]]


def test_a_failure_in_the_middle_leaves_the_old_cursor_good() -> None:
    inbox = Inbox(notification(1, AT), notification(2, AT))
    connector = inbox.connect()
    first = connector.fetch("")
    inbox.written.append(notification(3, AT + timedelta(seconds=1)))
    lost = connector.fetch(first.cursor)
    again = connector.fetch(first.cursor)
    assert lost.parcels == again.parcels != ()


def test_a_flood_of_likes_does_not_hold_the_walk_in_yesterday() -> None:
    seen = mark.entry(AT, "at://x")
    cursor = mark.write(mark.Mark(floor=AT - timedelta(days=1), seen=(seen,)))
    # A page without one message, whose place is past the sure overlap.
    place = records.moment(AT - timedelta(minutes=11))
    connector = Line(listNotifications=yes(notifications=[], cursor=place)).connect()
    connector.pages = 1
    assert connector.fetch(cursor).more is False


def test_surroundings_that_cannot_be_had_do_not_hold_up_the_message() -> None:
    one = recorded("reply")["notification"]
    listed = yes(notifications=[one])
    for answer in (no(400, "InvalidRequest"), yes(posts=[]), yes(posts=[None, {"uri": 1}])):
        fetched = Line(listNotifications=listed, getPosts=answer).connect().fetch("")
        assert read(fetched.parcels[0]).remote_id == one["uri"]
    with pytest.raises(Refused):  # but a limit is: the same cursor brings them later
        Line(listNotifications=listed, getPosts=no(429, "x")).connect().fetch("")


def test_a_cursor_that_we_did_not_write_is_refused_in_words() -> None:
    for cursor in ("x", "{}", '{"seen":[["x","y"]]}', "[]"):
        with pytest.raises(Refused, match="cursor"):
            Line().connect().fetch(cursor)


def test_a_list_that_is_none_is_not_sent() -> None:
    with pytest.raises(NotSent):
        Line(listNotifications=yes(notifications="x")).connect().fetch("")
