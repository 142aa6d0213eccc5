"""What a connector declares about answers, and what follows from it."""

from datetime import UTC, datetime, timedelta

import pytest

from balai.channels.catalogue import CONNECTORS
from balai.channels.contract import Can, Connector, Limits

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Windowed(Connector):
    """A network that takes private answers for a day and public ones for a week."""

    can = Can.PUBLISH | Can.REPLY
    limits = Limits(
        reply_within=timedelta(days=7),
        direct_within=timedelta(hours=24),
        price_per_message="0.015 USD",
    )


@pytest.mark.parametrize("slug", sorted(CONNECTORS))
def test_every_channel_says_whether_it_takes_answers(slug):
    channel = CONNECTORS[slug]
    rights = channel({}).reply_rights({"number": "+6281234567890"}, is_public=True, sent_at=AT)
    assert rights.may == (Can.REPLY in channel.can)
    assert rights.may or rights.why_not


def test_a_window_counts_from_the_citizen_s_words_and_is_shorter_for_private_ones():
    public = Windowed({}).reply_rights({}, is_public=True, sent_at=AT)
    private = Windowed({}).reply_rights({}, is_public=False, sent_at=AT)
    assert (public.how, public.until) == ("public", AT + timedelta(days=7))
    assert (private.how, private.until) == ("direct", AT + timedelta(hours=24))
    assert private.price == "0.015 USD"


def test_what_declares_nothing_may_always_be_answered_for_nothing():
    rights = CONNECTORS["mastodon"]({}).reply_rights({}, is_public=True, sent_at=AT)
    assert (rights.may, rights.until, rights.price) == (True, None, "")
