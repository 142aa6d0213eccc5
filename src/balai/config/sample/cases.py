"""The sample's cases: matters of the week before, each taken through its steps by its people.

As with the week, the services know no other moment than now; what they stamped is set back right
after each step. The audit log says truly when the sample was made.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from balai.cases import services
from balai.cases.models import Case, Clock, Move, Promise, Referral, Reply, Return
from balai.cases.services import fresh_key
from balai.channels.models import Attempt, Dispatch
from balai.channels.services import send
from balai.config.sample.office import Office
from balai.config.sample.plan import Step
from balai.config.sample.week import Week
from balai.governance.selectors import calendar_of
from balai.ground.clock import now
from balai.inbox.models import Conversation, Message
from balai.inbox.selectors import ANSWER

Told = Mapping[str, Any]
A_STEP = 0.8  # of a day, from one step of a case to the next


def fill_cases(told: list[Told], office: Office) -> None:
    """Open every case of cases.toml and take it as far as it went."""
    for one in told:
        _Story(one, office).tell()
    while services.escalate_some():
        pass


class _Story:
    """One case of the sample."""

    def __init__(self, told: Told, office: Office) -> None:
        self._told, self._office = told, office
        self._at = now() - timedelta(days=told["days"], hours=3)
        self._of_citizen = 0

    def tell(self) -> None:
        """From the citizen's words as far as the steps go."""
        told, members = self._told, self._office.members
        talk = self._hears(told["says"])
        self._pass(0.1)
        self._case = services.open_case(
            talk,
            by=members["petugas"],
            **{name: told[name] for name in ("kind", "title", "category")},
            place=told.get("place", ""),
        )
        if "also" in told:
            second = self._hears(told["also"], key=f"{told['key']}-2", who=told["also_who"])
            services.add_voice(self._case, second, by=members["petugas2"])
        self._set_back()
        for name in told["steps"]:
            self._pass(A_STEP)
            STEPS[name](self)
            self._set_back()
        if "again" in told:
            self._at = max(self._at + timedelta(minutes=2), now() - timedelta(hours=2))
            self._hears(told["again"])
            services.note_words([talk.pk])
            self._set_back()

    def verify(self) -> None:
        services.verify_case(self.case, scrutiny=self._told["scrutiny"], by=self._by("koordinator"))

    def ask(self) -> None:
        services.ask_citizen(
            self.case, **self._words(self._told["question"]), by=self._by("koordinator")
        )

    def dispatch(self) -> None:
        services.dispatch_case(
            self.case,
            unit=self._office.units[self._told["unit"]],
            **self._words(self._told.get("told", "")),
            by=self._by("koordinator"),
        )

    def return_(self) -> None:
        services.return_case(
            self.case,
            reason=self._told["reason"],
            suggested=self._office.units[self._told["suggested"]],
            by=self._by(self._told["returned_by"]),
        )

    def work(self) -> None:
        services.start_work(self.case, by=self._by(self._told["officer"]))

    def promise(self) -> None:
        services.promise_day(
            self.case,
            on=(now() + timedelta(days=self._told["promise_in"])).date(),
            words=self._told["promise"],
            by=self._by(self._told["officer"]),
        )

    def refer(self) -> None:
        names = ("agency", "external_number", "words")
        services.refer_case(
            self.case, **{name: self._told[name] for name in names}, by=self._by("koordinator")
        )

    def answer(self) -> None:
        services.answer_case(
            self.case, **self._words(self._told["answer"]), by=self._by(self._told["officer"])
        )

    def resolve(self) -> None:
        services.resolve_case(self.case, result=self._told["result"], by=self._by("koordinator"))

    def confirm(self) -> None:
        services.citizen_confirms(self.case.voices.get())
        services.rate(self.case.voices.get(), stars=self._told["stars"])

    def dispute(self) -> None:
        services.citizen_disputes(self.case.voices.get())

    def close(self) -> None:
        services.close_some()

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return Case.objects.get(pk=self._case.pk)

    def _by(self, login: str) -> Any:
        return self._office.members[login]

    def _words(self, text: str) -> dict[str, Any]:
        seen = max(v.conversation.last_in_id for v in self.case.voices.all())
        return {"text": text, "key": fresh_key(), "seen": seen}

    def _pass(self, days: float) -> None:
        later = calendar_of(self._office.institution).add_working_minutes(
            self._at + timedelta(days=days), 20
        )
        self._at = min(later, now() - timedelta(minutes=10))

    def _hears(self, text: str, key: str = "", who: str = "") -> Conversation:
        thread = {
            "key": key or self._told["key"],
            "line": self._told["line"],
            "who": who or self._told["who"],
        }
        number = 0 if key else self._of_citizen
        Week(self._office).live([Step(self._at, thread, {"says": text}, number)])
        self._of_citizen += not key
        return Conversation.objects.get(
            connection=self._office.lines[thread["line"]],
            thread_key=thread["key"],
            is_current=True,
        )

    def _set_back(self) -> None:
        """What was stamped now gets the moment of the story; what waits to leave is sent."""
        at, case = self._at, self._case
        fresh = at + timedelta(seconds=1)
        for model, names in STAMPS.items():
            for name in names:
                found = model.objects.filter(case=case, **{f"{name}__gt": fresh})
                found.update(**{name: at})
        for name in ("opened_at", "dispatched_at", "answered_at", "resolved_at", "closed_at"):
            Case.objects.filter(pk=case.pk, **{f"{name}__gt": fresh}).update(**{name: at})
        for voice in case.voices.all():
            Conversation.objects.filter(pk=voice.conversation_id, resolved_at__gt=fresh).update(
                resolved_at=at
            )
        for reply in Reply.objects.filter(case=case):
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        at = self._at
        waiting = Dispatch.objects.filter(
            purpose=ANSWER, ref__in=reply.message_ids, state=Dispatch.State.WAITING
        )
        for dispatch in waiting.select_related("connection__institution"):
            Message.objects.filter(pk=dispatch.ref).update(sent_at=at, received_at=at)
            Dispatch.objects.filter(pk=dispatch.pk).update(created_at=at, due_at=at)
            send(dispatch)
            left = _after(at)
            Dispatch.objects.filter(pk=dispatch.pk).update(settled_at=left)
            Attempt.objects.filter(dispatch=dispatch).update(started_at=at, ended_at=left)
            talk = Message.objects.get(pk=dispatch.ref).conversation_id
            Conversation.objects.filter(pk=talk).update(last_at=at)


def _after(at: datetime) -> datetime:
    return at + timedelta(seconds=21)


STAMPS: dict[Any, tuple[str, ...]] = {
    Move: ("at",),
    Reply: ("at",),
    Promise: ("at", "kept_at"),
    Referral: ("at",),
    Return: ("at",),
    Clock: ("ended_at",),
}
STEPS: dict[str, Callable[[_Story], None]] = {
    "verify": _Story.verify,
    "ask": _Story.ask,
    "dispatch": _Story.dispatch,
    "return": _Story.return_,
    "work": _Story.work,
    "promise": _Story.promise,
    "refer": _Story.refer,
    "answer": _Story.answer,
    "resolve": _Story.resolve,
    "confirm": _Story.confirm,
    "dispute": _Story.dispute,
    "close": _Story.close,
}
