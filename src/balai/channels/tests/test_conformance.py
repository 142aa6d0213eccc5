"""What holds for every connector, also for the one that comes next year."""

import dataclasses
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balai.channels.catalogue import CONNECTORS
from balai.channels.contract import (
    METHOD,
    Can,
    Connector,
    Gone,
    Incoming,
    OutcomeUnknown,
    Outgoing,
    Pending,
    Receipt,
    Refused,
    Returned,
    Unreadable,
)
from balai.channels.tests.stage import (
    Stage,
    citizen,
    in_a_folder,
    in_a_mailbox,
    parcels,
    publishes,
    set_stage,
)

ALL = list(CONNECTORS.values())
AT = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)
SECRET_WORDS = re.compile(r"password|passphrase|secret|token|api_?key|private", re.IGNORECASE)
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # one grapheme of five code points


def for_each(kinds: list[type[Connector]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("kind", kinds, ids=[kind.slug for kind in kinds])


@pytest.fixture
def stage(kind, tmp_path):
    with set_stage(kind, tmp_path) as stage:
        yield stage


def blank(kind: type[Connector]) -> Connector:
    return kind({ask.name: ask.default for ask in kind.asks})


def post(connector: Connector, key: str = "post-7") -> Outgoing:
    """A message as `entrust` prepares it: with its moment and the id chosen for it."""
    chosen = connector.choose_id(key, AT)
    return Outgoing(
        key=key,
        text="Halo, terima kasih.",
        at=AT,
        chosen=chosen,
        to=citizen(type(connector)),
    )


def keeps_a_key(kind: type[Connector]) -> bool:
    """Whether its network can find or refuse a message that it already has."""
    return bool(kind.can & (Can.PROBE | Can.FOLLOW_UP))


def publish(stage: Stage) -> Receipt | Pending:
    connector = stage.connector()
    try:
        return connector.publish(post(connector))
    finally:
        connector.close()


@for_each(ALL)
class TestWhatItPromises:
    def test_it_overrides_exactly_what_it_promises(self, kind):
        for promise, method in METHOD.items():
            overridden = getattr(kind, method) is not getattr(Connector, method)
            assert (promise in kind.can) == overridden, method
        assert kind.parse is not Connector.parse

    def test_what_depends_on_publishing_comes_with_publishing(self, kind):
        needs = Can.REPLY | Can.RETRACT | Can.EDIT | Can.PROBE | Can.FOLLOW_UP | Can.PICTURES
        assert not kind.can & needs or publishes(kind)

    def test_it_is_named_for_people_and_for_addresses(self, kind):
        assert CONNECTORS[kind.slug] is kind
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", kind.slug)
        assert kind.label.strip() == kind.label != ""
        assert kind.__doc__
        assert kind.poll_every > timedelta()

    def test_its_limits_are_consistent(self, kind):
        limits = kind.limits
        numbers = (
            limits.text, limits.text_bytes, limits.pictures, limits.picture_bytes,
            limits.alt_text, limits.per_day,
        )  # fmt: skip
        assert all(isinstance(number, int) and number >= 0 for number in numbers)
        assert limits.counted_in in {"characters", "graphemes"}
        assert (Can.PICTURES in kind.can) == (limits.pictures > 0)
        assert limits.pictures > 0 or not (limits.picture_bytes or limits.alt_text)
        assert re.fullmatch(r"(\d+(\.\d+)? [A-Z]{3})?", limits.price_per_message)
        assert limits.reply_within is None or limits.reply_within > timedelta()

    def test_it_counts_as_its_limit_is_counted(self, kind):
        connector, limit = blank(kind), kind.limits.text
        assert connector.length("") == 0
        assert connector.length("a" * (limit or 1000)) == (limit or 1000)
        assert connector.length("a" * (limit + 1)) > limit
        if kind.limits.counted_in == "graphemes":
            assert connector.length(FAMILY * 3) == 3

    def test_what_it_asks_has_names_of_its_own_and_secrets_are_marked(self, kind):
        names = [ask.name for ask in kind.asks]
        assert not {"name", "account"} & set(names)  # the connect form has these of its own
        assert len(names) == len(set(names))
        for ask in kind.asks:
            assert re.fullmatch(r"[a-z][a-z0-9_]*", ask.name)
            assert ask.label.strip()
            assert ask.secret == bool(SECRET_WORDS.search(ask.name)), ask.name
            assert not (ask.secret and ask.default)

    def test_no_secret_that_it_asks_for_reaches_a_log(self, kind):
        secrets = {ask.name for ask in kind.asks if ask.secret}
        assert secrets <= set(kind.redact)
        assert all(key.strip() for key in kind.redact)


@for_each(ALL)
class TestTheIdChosenBeforeSending:
    def test_the_same_key_twice_is_the_same_id(self, kind):
        assert blank(kind).choose_id("post-7", AT) == blank(kind).choose_id("post-7", AT)

    def test_two_keys_are_two_ids(self, kind):
        ids = {blank(kind).choose_id(f"post-{n}", AT) for n in range(50)}
        assert ids == {""} or len(ids) == 50


@for_each([kind for kind in ALL if publishes(kind)])
class TestPublishing:
    def test_it_says_the_words_and_the_key_and_brings_proof(self, kind, stage):
        answer = publish(stage)

        assert isinstance(answer, Receipt | Pending)
        if isinstance(answer, Receipt):
            assert answer.remote_id
        chosen = stage.connector().choose_id("post-7", AT)
        if stage.said().strip():  # a channel on our own pages says nothing to the outside
            assert b"Halo" in stage.said()
            if keeps_a_key(kind):
                assert (chosen or "post-7").encode() in stage.said()
        else:
            assert chosen in answer.remote_id

    def test_a_second_attempt_asks_for_the_same_place(self, kind, stage):
        assert publish(stage) == publish(stage)


@for_each([kind for kind in ALL if publishes(kind) and not keeps_a_key(kind)])
class TestWhereTheNetworkKeepsNoKey:
    def test_an_answer_that_was_lost_is_a_doubt_and_the_request_is_made_once(self, kind, stage):
        stage.loses_answers = True
        with pytest.raises(OutcomeUnknown):
            publish(stage)
        assert stage.said().count(b"Halo") == 1


@for_each([kind for kind in ALL if in_a_folder(kind)])
class TestWhereTheNetworkIsAFolder:
    def test_a_look_finds_what_was_published_and_nothing_else(self, kind, stage):
        connector = stage.connector()
        assert connector.probe(post(connector)) is None

        receipt = connector.publish(post(connector))

        assert connector.probe(post(connector)) == receipt
        assert connector.probe(post(connector, "post-8")) is None

    def test_two_attempts_leave_one_message(self, kind, stage):
        publish(stage)
        publish(stage)
        assert stage.said().count(b"Halo") == 1

    def test_what_was_taken_back_is_gone_and_taking_it_back_again_is_no_error(self, kind, stage):
        connector = stage.connector()
        receipt = connector.publish(post(connector))

        connector.retract(receipt)
        connector.retract(receipt)

        assert connector.probe(post(connector)) is None

    def test_a_text_that_is_too_long_is_refused_for_good(self, kind, stage):
        connector = stage.connector()
        long = dataclasses.replace(post(connector), text="a" * (kind.limits.text + 1))
        with pytest.raises(Refused) as no:
            connector.publish(long)
        assert no.value.permanent

    def test_a_look_from_the_end_brings_nothing_twice(self, kind, stage):
        stage.bring_in()
        first = stage.connector().fetch("")
        assert first.parcels
        assert stage.connector().fetch(first.cursor).parcels == ()


@for_each(ALL)
class TestReadingParcels:
    def test_what_was_recorded_can_be_read(self, kind):
        found = [one for body in parcels(kind).values() for one in blank(kind).parse(body)]
        assert any(isinstance(one, Incoming) for one in found)

    def test_what_is_read_is_fit_to_be_kept(self, kind):
        for body in parcels(kind).values():
            for one in blank(kind).parse(body):
                assert one.remote_id
                if isinstance(one, Incoming):
                    assert one.thread_id
                    assert one.author_id
                    assert one.sent_at.tzinfo is not None
                    assert one.kind in {
                        "mention", "reply", "quote", "direct", "form", "mail", "article",
                        "counter", "phone", "letter",
                    }  # fmt: skip
                    assert one.remote_id not in one.answers

    def test_the_same_parcel_is_read_alike(self, kind):
        for body in parcels(kind).values():
            assert blank(kind).parse(body) == blank(kind).parse(body)

    def test_no_two_recorded_messages_have_one_id(self, kind):
        ids = [
            one.remote_id
            for body in parcels(kind).values()
            for one in blank(kind).parse(body)
            if isinstance(one, Incoming)
        ]
        assert len(ids) == len(set(ids))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
calmly = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def reads_or_refuses(kind: type[Connector], body: bytes) -> None:
    try:
        found = blank(kind).parse(body)
    except Unreadable:
        return
    assert isinstance(found, list)
    assert all(isinstance(one, Incoming | Returned | Gone) for one in found)


@for_each(ALL)
class TestHostileParcels:
    @calmly
    @given(body=st.binary(max_size=400))
    def test_any_bytes_are_read_or_unreadable(self, kind, body):
        reads_or_refuses(kind, body)

    @calmly
    @given(value=json_values)
    def test_any_json_is_read_or_unreadable(self, kind, value):
        reads_or_refuses(kind, json.dumps(value).encode())

    @calmly
    @given(data=st.data())
    def test_a_damaged_parcel_is_read_or_unreadable(self, kind, data):
        body = data.draw(st.sampled_from(sorted(parcels(kind).values())))
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 40)))
        reads_or_refuses(kind, body[:start] + data.draw(st.binary(max_size=12)) + body[end:])

    @calmly
    @given(data=st.data())
    def test_a_parcel_with_another_value_in_some_place_is_read_or_unreadable(self, kind, data):
        bodies = sorted(parcels(kind).values())
        body = data.draw(st.sampled_from(bodies))
        try:
            told = json.loads(body)
        except ValueError:
            reads_or_refuses(kind, body)
            return
        reads_or_refuses(kind, json.dumps(changed(told, data)).encode())


def changed(value, data):
    """The same JSON with one value, somewhere inside, replaced or left out."""
    if isinstance(value, dict) and value and data.draw(st.booleans() | st.just(True)):
        name = data.draw(st.sampled_from(sorted(value)))
        if data.draw(st.integers(0, 4)) == 0:
            return {key: inner for key, inner in value.items() if key != name}
        return {**value, name: changed(value[name], data)}
    if isinstance(value, list) and value:
        place = data.draw(st.integers(0, len(value) - 1))
        return [*value[:place], changed(value[place], data), *value[place + 1 :]]
    return data.draw(json_values)


# Mailboxes are asked in tests/journeys, where a real one runs.
@for_each([kind for kind in ALL if Can.FETCH in kind.can and not in_a_mailbox(kind)])
class TestFetching:
    def test_the_same_look_twice_brings_the_same(self, kind, stage):
        stage.bring_in()

        first, second = stage.connector().fetch(""), stage.connector().fetch("")

        assert first == second
        assert first.parcels
        assert all(stage.connector().parse(body) for body in first.parcels)
