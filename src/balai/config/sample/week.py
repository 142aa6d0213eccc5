"""A week of conversations, walked through the doors that real ones take.

Citizens' words are parcels that are kept and taken in; what the office did goes through its
services and a real line. Only one thing is done behind their back: the services know no other
moment than now, so what they stamped is set back to the moment of the plan, right after each step
(`_set_back`). The audit log is never touched: it says truly when the sample was made.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from balai.analytics.services import count_told
from balai.channels.models import Attempt, Connection, Dispatch, Parcel
from balai.channels.selectors import has_own_page
from balai.channels.services import keep_parcels, send
from balai.config.sample.office import Office
from balai.config.sample.plan import Deed, Step
from balai.ground.services import deliver
from balai.inbox import services as inbox
from balai.inbox.models import Conversation, Correction, Message
from balai.inbox.selectors import ANSWER
from balai.inbox.sweeps import take_in
from balai.people.models import Member

UNDO_WINDOW = timedelta(seconds=20)
ON_ITS_WAY = timedelta(seconds=4)  # from a network to us


class Week:
    """The threads of the sample, as far as they went."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._receipts: dict[str, str] = {}

    def live(self, steps: Iterable[Step]) -> None:
        """Do everything in its order."""
        for step in steps:
            if "by" in step.deed:
                self._office_does(step)
            elif "confirms" in step.deed:
                conversation = self._conversation(step)
                inbox.citizen_confirms(conversation, helped=step.deed["confirms"])
                self._set_back_ending(conversation, step.at)
            else:
                self._citizen_says(step)
        _tell_everybody()

    def _citizen_says(self, step: Step) -> None:
        line, key = self._office.lines[step.thread["line"]], step.thread["key"]
        if step.thread.get("broken"):
            parcel_ids = keep_parcels(line, [step.deed["says"].encode("utf-16")])
        elif not has_own_page(line.channel):
            parcel_ids = keep_parcels(line, [_parcel(step)])
        else:
            if step.number == 0:
                self._receipts[key] = inbox.fresh_receipt()
                inbox.send_form(
                    line,
                    receipt=self._receipts[key],
                    text=step.deed["says"],
                    name=step.thread["who"],
                    subject=step.thread.get("title", ""),
                    kind=step.thread.get("came_by", "form"),
                )
            else:
                inbox.add_to_form(self._conversation(step), text=step.deed["says"])
            parcel_ids = [_newest_parcel(line)]
        on_its_way = timedelta() if has_own_page(line.channel) else ON_ITS_WAY
        Parcel.objects.filter(pk__in=parcel_ids).update(arrived_at=step.at + on_its_way)
        while take_in():
            pass
        if has_own_page(line.channel):  # the form itself stamps what it sends
            _set_back(Message, self._conversation(step).last_in_id, sent_at=step.at)

    def _office_does(self, step: Step) -> None:
        deed, by = step.deed, self._office.members[step.deed["by"]]
        said = {name: deed[name] for name in ("intent", "priority") if name in deed}
        if said:
            inbox.triage(self._conversation(step), by=by, said=said)
        if "unit" in deed or "to" in deed:
            inbox.assign(
                self._conversation(step),
                by=by,
                unit=self._office.units.get(deed.get("unit", "")),
                to=self._office.members.get(deed.get("to", "")),
            )
        if "note" in deed:
            note = inbox.write_note(self._conversation(step), text=deed["note"], by=by)
            _set_back(Message, note.pk, sent_at=step.at, received_at=step.at)
        if "answer" in deed:
            self._answer(step, by)
        if "does" in deed:
            DEEDS[deed["does"]](self._conversation(step), by, deed)
            self._set_back_ending(self._conversation(step), step.at)
        Correction.objects.filter(conversation=self._conversation(step), at__gt=step.at).update(
            at=step.at
        )

    def _answer(self, step: Step, by: Member) -> None:
        conversation = self._conversation(step)
        message = inbox.answer(
            conversation,
            text=step.deed["answer"],
            by=by,
            form_key=f"sample-{step.thread['key']}-{step.number}",
            after=conversation.last_in_id,
            asks_back=step.deed.get("asks_back", False),
            in_addition=True,
        )
        _set_back(Message, message.pk, sent_at=step.at, received_at=step.at)
        if step.deed.get("undone"):
            inbox.undo_answer(message, by=by)
            return
        _set_back(Conversation, conversation.pk, last_at=step.at)
        dispatch = Dispatch.objects.get(purpose=ANSWER, ref=message.pk)
        left_at = step.at + UNDO_WINDOW
        _set_back(Dispatch, dispatch.pk, created_at=step.at, due_at=left_at)
        send(Dispatch.objects.select_related("connection__institution").get(pk=dispatch.pk))
        _set_back(Dispatch, dispatch.pk, settled_at=left_at + timedelta(seconds=1))
        Attempt.objects.filter(dispatch=dispatch).update(
            started_at=left_at, ended_at=left_at + timedelta(seconds=1)
        )
        _tell_everybody()  # the clock stops when the room hears that the answer is out

    def _conversation(self, step: Step) -> Conversation:
        key = self._receipts.get(step.thread["key"], step.thread["key"])
        line = self._office.lines[step.thread["line"]]
        return Conversation.objects.get(connection=line, thread_key=key, is_current=True)

    def _set_back_ending(self, conversation: Conversation, at: datetime) -> None:
        Conversation.objects.filter(pk=conversation.pk, resolved_at__isnull=False).update(
            resolved_at=at
        )


def _resolve(conversation: Conversation, by: Member, _: Deed) -> None:
    inbox.resolve(conversation, by=by)


def _set_aside(conversation: Conversation, by: Member, deed: Deed) -> None:
    inbox.set_aside(conversation, by=by, reason=deed["reason"])


def _seal(conversation: Conversation, by: Member, deed: Deed) -> None:
    inbox.seal(conversation, by=by, path=deed["reason"])


DEEDS: dict[str, Callable[[Conversation, Member, Deed], None]] = {
    "resolve": _resolve,
    "set_aside": _set_aside,
    "seal": _seal,
}


def _parcel(step: Step) -> bytes:
    """What the simulated network brings: a line as `helloworld` documents it."""
    thread = step.thread
    title = f"{thread['title']}\n\n" if step.number == 0 and "title" in thread else ""
    line = {
        "id": f"{thread['key']}-{step.number}",
        "thread": thread["key"],
        "author": thread["who"],
        "text": title + step.deed["says"],
        "at": step.at.isoformat(),
    }
    return json.dumps(line, ensure_ascii=False).encode()


def _newest_parcel(line: Connection) -> int:
    return Parcel.objects.filter(connection=line).order_by("-pk").values_list("pk", flat=True)[0]


def _set_back(model: Any, pk: int, **moments: datetime) -> None:
    """Give a row that was stamped now the moment of the plan."""
    model.objects.filter(pk=pk).update(**moments)


def _tell_everybody() -> None:
    while deliver() or count_told():
        pass
