"""Whatever the order, the repeats and the cuts between batches: the same words, the same rows."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from balai.inbox import rules
from balai.inbox.landing import open_store
from balai.inbox.models import Citizen, Conversation, Message, MessageKey, QueueCount
from balai.inbox.tests.landing import NOON, make_arrival, make_connection
from balai.people.tests.make import make_institution

INTENTS = ("", "question", "complaint", "report_emergency", "praise", "spam")


@st.composite
def told(draw):
    """Up to eight messages of few citizens in few threads, each at its own minute."""
    minutes = draw(st.lists(st.integers(0, 500), min_size=1, max_size=8, unique=True))
    return [
        {
            "line": draw(st.integers(0, 1)),
            "name": f"m{minute}",
            "thread_key": draw(st.sampled_from(("t1", "t2"))),
            "citizen_key": draw(st.sampled_from(("c1", "c2"))),
            "sent_at": NOON + timedelta(minutes=minute),
            "received_at": NOON + timedelta(minutes=600),
            "intent": draw(st.sampled_from(INTENTS)),
            "priority": draw(st.integers(0, 2)),
            "sensitivity": tuple(draw(st.sets(st.sampled_from(("child", "violence"))))),
            "language": draw(st.sampled_from(("", "ind", "jav"))),
            "sentiment": draw(st.sampled_from(("", "negative", "positive"))),
            "preview": f"p{minute}",
            "is_public": draw(st.booleans()),
            "is_automatic": draw(st.booleans()),
            "clock": draw(st.sampled_from(("a", "b"))),
            "due_at": draw(st.none() | st.just(NOON + timedelta(minutes=minute + 60))),
        }
        for minute in minutes
    ]


@st.composite
def deliveries(draw):
    """A list of messages and two ways in which the network may bring them."""
    messages = draw(told())
    places = range(len(messages))
    repeats = draw(st.lists(st.sampled_from(places), max_size=6))
    shuffled = draw(st.permutations([*places, *repeats]))
    cuts = sorted(draw(st.sets(st.integers(0, len(shuffled)), max_size=4)))
    edges = [0, *cuts, len(shuffled)]
    batches = [shuffled[a:b] for a, b in pairwise(edges)]
    return messages, batches


class TestTheOrderOfDelivery(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(deliveries())
    def test_leads_to_the_same_conversations_messages_and_counters(self, delivery):
        messages, batches = delivery
        straight = outcome(messages, [[place] for place in range(len(messages))])
        assert outcome(messages, [list(range(len(messages)))]) == straight
        assert outcome(messages, batches) == straight

    @settings(max_examples=20, deadline=None)
    @given(deliveries(), st.sampled_from(("resolved", "answered", "no_action", "sealed")))
    def test_keeps_the_counters_true_when_officers_moved_things_before(self, delivery, state):
        messages, batches = delivery
        harmless = [{**m, "intent": "praise"} for m in messages]
        with undone():
            lines = two_lines()
            half = len(batches) // 2
            for batch in batches[:half]:
                open_store().land(arrivals(harmless, batch, lines))
            moved = Conversation.objects.filter(citizen__key="c1")
            for talk in moved:
                QueueCount.objects.filter(state=talk.state).update(n=0)
            moved.update(state=state, is_open=False, resolved_at=NOON - timedelta(days=29))
            recounted = counted()
            QueueCount.objects.all().delete()
            QueueCount.objects.bulk_create(
                QueueCount(institution_id=lines[0].institution_id, state=s, n=n)
                for s, n in recounted.items()
            )
            for batch in batches[half:]:
                open_store().land(arrivals(harmless, batch, lines))
            assert_counters_are_true()


class undone:  # noqa: N801 - reads as the words `with undone()`
    """What happens inside leaves nothing behind."""

    def __enter__(self):
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    def __exit__(self, *trouble):
        transaction.set_rollback(True)
        self._atomic.__exit__(*trouble)


def two_lines():
    institution = make_institution()
    return [make_connection(institution), make_connection(institution)]


def arrivals(messages, batch, lines):
    made = []
    for place in batch:
        fields = dict(messages[place])
        made.append(make_arrival(lines[fields.pop("line")], fields.pop("name"), **fields))
    return made


def outcome(messages, batches):
    """Everything the landing made that does not name an id of this run."""
    with undone():
        lines = two_lines()
        names = {line.pk: place for place, line in enumerate(lines)}
        for batch in batches:
            open_store().land(arrivals(messages, batch, lines))
        assert_counters_are_true()
        assert MessageKey.objects.count() == Message.objects.count() == len(messages)
        talks = {}
        for talk in Conversation.objects.select_related("citizen"):
            mine = list(talk.messages.values_list("remote_id", "id"))
            assert talk.messages_in == talk.version == len(mine)
            assert talk.last_message_id == max(number for _, number in mine)
            talks[names[talk.connection_id], talk.thread_key, talk.citizen.key] = (
                sorted(name for name, _ in mine),
                talk.state,
                talk.is_open,
                talk.is_current,
                talk.intent,
                talk.priority,
                talk.language,
                talk.sentiment,
                talk.sensitivity,
                talk.is_public,
                talk.preview,
                talk.opened_at,
                talk.last_at,
                talk.due_at,
                talk.clock,
                talk.reopened,
            )
        counters = sorted(QueueCount.objects.exclude(n=0).values_list("state", "n"))
        return talks, counters, Citizen.objects.count()


def assert_counters_are_true():
    kept = {count.state: count.n for count in QueueCount.objects.all() if count.n}
    assert kept == counted()


def counted():
    talks = Conversation.objects.values_list("state", "is_open")
    return Counter(rules.counted_as(state, is_open=is_open) for state, is_open in talks)
