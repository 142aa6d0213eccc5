"""The walk of a batch into tables, the same on every database; the dialects say each step."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import DatabaseError, DataError, connection, transaction

from balai.ground.clock import now
from balai.ground.secrets import seal
from balai.ground.services import announce
from balai.inbox import rules
from balai.inbox.events import MessagesTakenIn
from balai.inbox.landing.dialect import CitizenKey, Dialect, MessageRow, Thread, Trace
from balai.inbox.landing.mending import fitting, mend, mended, short
from balai.inbox.landing.port import Arrival, Landed, OurWords
from balai.inbox.landing.threads import Talk, begin, goes_on, hear
from balai.inbox.models import Attachment

_encode = msgspec.json.Encoder().encode


class TableStore(Dialect):
    """Steps shared by the dialects. Everything a batch does happens in one transaction."""

    def __init__(self, trace: Trace) -> None:
        """`trace(institution_id, facts)` writes the batch into the ledger, in the transaction."""
        self._trace = trace

    def land(self, batch: Sequence[Arrival]) -> Landed:
        """See port.Store."""
        if not batch:
            return Landed()
        # Ids rise in the order of the batch on each connection.
        grouped = sorted(batch, key=lambda arrival: arrival.connection_id)
        try:
            try:
                return self._land_all(fitting(grouped))
            except (UnicodeEncodeError, DataError):
                return self._land_all(mended(grouped))
        except DatabaseError as failure:
            raise self._named(failure) from failure

    def append(self, words: OurWords) -> int:
        """See port.Store."""
        try:
            with connection.wrap_database_errors, transaction.atomic():
                number = self._reserve(1)
                self._add_messages([self._our_row(words, number)])
                self._index(number, number)
                if words.remote_id:
                    self._keep_names([(words.connection_id, short(words.remote_id))], number)
                return number
        except DatabaseError as failure:
            raise self._named(failure) from failure

    def know(self, connection_id: int, remote_id: str, message_id: int) -> bool:
        """See port.Store."""
        with connection.wrap_database_errors, transaction.atomic():
            name = (connection_id, short(remote_id))
            known = (
                bool(self._keep_names([name], message_id)) or self._message_of(name) == message_id
            )
            if known:
                self._set_remote_id(message_id, name[1])
            return known

    def hide(self, message_ids: Sequence[int]) -> int:
        """See port.Store."""
        with connection.wrap_database_errors, transaction.atomic():
            return self._hide(list(message_ids))

    def erase(self, message_ids: Sequence[int]) -> int:
        """See port.Store."""
        with connection.wrap_database_errors, transaction.atomic():
            self._hide(list(message_ids))
            return self._empty(list(message_ids))

    # The walk

    def _land_all(self, batch: Sequence[Arrival]) -> Landed:
        with connection.wrap_database_errors, transaction.atomic():
            return self._land(batch)

    def _land(self, batch: Sequence[Arrival]) -> Landed:
        first = self._reserve(len(batch))
        new = self._keep_names([(a.connection_id, a.remote_id) for a in batch], first)
        arrivals = {first + place: batch[place] for place in new}
        opened: list[Talk] = []
        touched: dict[int, Talk] = {}
        if arrivals:
            homes = self._gather(arrivals, opened, touched)
            self._add_messages(self._message_rows(arrivals, homes))
            self._attach(arrivals)
            self._tell(arrivals, homes)
            self._index(min(arrivals), max(arrivals))  # after every savepoint of the others
        self._parcels_read(sorted({a.parcel_id for a in batch if a.parcel_id}))
        return Landed(
            message_ids=list(arrivals),
            conversation_ids=sorted(touched),
            opened_ids=[talk.id for talk in opened],
            repeats=len(batch) - len(arrivals),
        )

    def _gather(
        self, arrivals: Mapping[int, Arrival], opened: list[Talk], touched: dict[int, Talk]
    ) -> dict[int, int]:
        """Put each message into its conversation, write the conversations: message -> home."""
        citizens, newcomers = self._citizen_ids(arrivals.values())
        threads = self._threads(arrivals, citizens)
        known = {thread for thread in threads.values() if thread[0] not in newcomers}
        current = {
            (talk.citizen_id, talk.connection_id, talk.thread_key): talk
            for talk in (self._talks(known) if known else ())
        }
        was = {talk.id: _counted(talk) for talk in current.values()}
        homes: dict[int, int] = {}
        numbers = iter(range(0))
        missing = sum(thread not in current for thread in set(threads.values()))
        if missing:
            numbers = iter(self._talk_ids(missing))
        for number, arrival in arrivals.items():
            thread = threads[number]
            talk = current.get(thread)
            if talk is not None and goes_on(talk, arrival):
                hear(talk, arrival, number)
            else:
                if talk is not None:
                    talk.is_current = False
                    if arrival.receipt == talk.receipt:  # the status page goes on with the thread
                        talk.receipt = ""
                    touched[talk.id] = talk
                talk = begin(
                    arrival,
                    number=next(numbers, 0) or self._talk_ids(1)[0],
                    citizen_id=thread[0],
                    thread_key=thread[2],
                    message=number,
                )
                current[thread] = talk
                opened.append(talk)
            touched[talk.id] = talk
            homes[number] = talk.id
        self._change_talks([talk for talk in touched.values() if talk.id in was])
        self._add_talks(opened)
        self._count(_moves(touched.values(), was))
        return homes

    def _citizen_ids(self, arrivals: Iterable[Arrival]) -> tuple[dict[CitizenKey, int], set[int]]:
        """The citizens' rows, made where they are missing, held until the transaction ends.

        Beside them those who are new: nobody else can have opened a conversation with them.
        """
        identities: dict[CitizenKey, tuple[str, datetime]] = {}
        for a in arrivals:
            key = (a.institution_id, a.channel, a.citizen_key)
            known = identities.get(key)
            if known is None:
                identities[key] = (a.identity, a.received_at)
            else:
                identities[key] = (known[0] or a.identity, min(known[1], a.received_at))
        keys = sorted(identities)
        found = self._citizens(keys)
        unknown = [
            (key, seal(identities[key][0]) if identities[key][0] else "", identities[key][1])
            for key in keys
            if key not in found
        ]
        ours = self._add_citizens(unknown) if unknown else {}
        found = self._hold(keys, found, ours)
        returned = [
            (found[key][0], seal(identities[key][0]))
            for key in keys
            if not found[key][1] and identities[key][0]
        ]
        if returned:  # they asked to be forgotten, and write again: an answer needs an address
            self._remember(returned)
        newcomers = {number for number, _ in ours.values()}
        return {key: number for key, (number, _) in found.items()}, newcomers

    def _threads(
        self, arrivals: Mapping[int, Arrival], citizens: Mapping[CitizenKey, int]
    ) -> dict[int, Thread]:
        """For each message its thread: that of the nearest known message it answers, else its own.

        Only words of the same citizen are followed: a conversation has one citizen, and another
        person's words in it would be shown as theirs.
        """
        own = {
            number: (
                citizens[(a.institution_id, a.channel, a.citizen_key)],
                a.connection_id,
                a.thread_key,
            )
            for number, a in arrivals.items()
        }
        replies = {number: a for number, a in arrivals.items() if a.answers}
        if not replies:
            return own
        here = {(a.connection_id, a.remote_id): number for number, a in arrivals.items()}
        asked = {(a.connection_id, name) for a in replies.values() for name in a.answers}
        known = self._answered(sorted(asked - here.keys()))

        def follow(number: int, seen: frozenset[int]) -> Thread:
            thread = own[number]
            for name in arrivals[number].answers:
                place = here.get((thread[1], name))
                if place is not None and place not in seen:
                    found = follow(place, seen | {place})
                else:
                    found = known.get((thread[1], name), thread)
                if found[0] == thread[0] and (found is not thread):
                    return found
            return thread

        return own | {number: follow(number, frozenset({number})) for number in replies}

    def _attach(self, arrivals: Mapping[int, Arrival]) -> None:
        files = [
            Attachment(
                message_id=number,
                name=file.name[:255],
                mime=file.mime[:120],
                size=file.size,
                sha256=file.sha256,
                url=file.url[:1000],
                alt=file.alt,
            )
            for number, arrival in arrivals.items()
            for file in arrival.attachments
        ]
        if files:
            Attachment.objects.bulk_create(files)

    def _tell(self, arrivals: Mapping[int, Arrival], homes: Mapping[int, int]) -> None:
        """One announcement and one entry in the ledger for each institution of the batch."""
        of_institution: dict[int, list[int]] = defaultdict(list)
        for number, arrival in arrivals.items():
            of_institution[arrival.institution_id].append(number)
        for institution_id, numbers in sorted(of_institution.items()):
            talks = sorted({homes[number] for number in numbers})
            announce(MessagesTakenIn(institution_id, numbers, talks), scope=institution_id)
            self._trace(
                institution_id,
                {
                    "messages": len(numbers),
                    "conversations": len(talks),
                    "first": numbers[0],
                    "last": numbers[-1],
                },
            )

    def _message_rows(
        self, arrivals: Mapping[int, Arrival], homes: Mapping[int, int]
    ) -> list[MessageRow]:
        sent = self._moments([a.sent_at for a in arrivals.values()])
        received = self._moments([a.received_at for a in arrivals.values()])
        return [
            (
                number,
                a.institution_id,
                a.connection_id,
                homes[number],
                a.remote_id,
                "in",
                a.kind[:16],
                a.text,
                sent_at,
                received_at,
                a.is_automatic,
                False,
                None,
                _json(a.reading),
                _json(a.extra),
            )
            for (number, a), sent_at, received_at in zip(
                arrivals.items(), sent, received, strict=True
            )
        ]

    def _our_row(self, words: OurWords, number: int) -> MessageRow:
        sent_at, received_at = self._moments([words.sent_at, now()])
        return (
            number,
            words.institution_id,
            words.connection_id,
            words.conversation_id,
            short(words.remote_id),
            words.direction,
            words.kind[:16],
            mend(words.text),
            sent_at,
            received_at,
            words.is_automatic,
            False,
            words.author_id,
            None,
            _json(words.extra),
        )


def _moves(talks: Iterable[Talk], was: Mapping[int, str]) -> dict[tuple[int, str], int]:
    moves: dict[tuple[int, str], int] = defaultdict(int)
    for talk in talks:
        before, after = was.get(talk.id), _counted(talk)
        if before != after:
            moves[talk.institution_id, after] += 1
            if before is not None:
                moves[talk.institution_id, before] -= 1
    return {key: step for key, step in sorted(moves.items()) if step}


def _counted(talk: Talk) -> str:
    return rules.counted_as(talk.state, is_open=talk.is_open)


def _json(value: str | Mapping[str, Any] | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return _encode(value).decode()
