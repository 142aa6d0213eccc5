"""Plain functions that make cases for tests of any room."""

from typing import Any

from balai.cases import services
from balai.cases.models import Case
from balai.channels.models import Connection
from balai.inbox.models import Conversation, Message
from balai.inbox.tests.talking import hear, make_line
from balai.people.models import Institution, Member, Unit
from balai.people.tests.make import make_member, make_unit


class Office:
    """An institution with a coordinator, a superior and a unit of two officers."""

    def __init__(self, institution: Institution) -> None:
        self.institution = institution
        self.unit = make_unit(institution, "Dinas Jalan")
        self.other_unit = make_unit(institution, "Dinas Air")
        self.coordinator = make_member(institution, "case_coordinator", name="Lasmi")
        self.responder = make_member(institution, "responder", name="Sekar")
        self.officer = make_member(institution, "case_officer", name="Damar", unit=self.unit)
        self.second = make_member(institution, "case_officer", name="Banyu", unit=self.unit)
        self.stranger = make_member(institution, "case_officer", name="Tirta", unit=self.other_unit)
        self.superior = make_member(institution, "leader", name="Panji")
        self.line: Connection = make_line(institution)

    def says(self, text: str = "Jalan depan pasar berlubang", **fields: Any) -> Conversation:
        """A citizen says something on a line of the office."""
        return hear(self.line, text, **{"intent": "complaint", **fields})

    def open(self, conversation: Conversation | None = None, **fields: Any) -> Case:
        """A case, just received."""
        fields = {"kind": "complaint", "title": "Jalan berlubang", "by": self.responder, **fields}
        return services.open_case(conversation or self.says(), **fields)

    def verified(self, **fields: Any) -> Case:
        """A case that was verified."""
        case = self.open(**fields)
        services.verify_case(case, scrutiny="without_oversight", by=self.coordinator)
        return fresh(case)

    def dispatched(self, unit: Unit | None = None, **fields: Any) -> Case:
        """A case that a unit has."""
        case = self.verified(**fields)
        services.dispatch_case(case, unit=unit or self.unit, by=self.coordinator)
        return fresh(case)

    def in_progress(self, **fields: Any) -> Case:
        """A case on which the officer works."""
        case = self.dispatched(**fields)
        services.start_work(case, by=self.officer)
        return fresh(case)

    def answered(self, text: str = "Kami tambal hari ini.", **fields: Any) -> Case:
        """A case to which the officer answered."""
        case = self.in_progress(**fields)
        self.answer(case, text)
        return fresh(case)

    def resolved(self, result: str = "fixed", **fields: Any) -> Case:
        """A case with a result."""
        case = self.answered(**fields)
        services.resolve_case(case, result=result, by=self.coordinator)
        return fresh(case)

    def answer(
        self, case: Case, text: str = "Kami tambal hari ini.", by: Member | None = None
    ) -> Any:
        """The unit's answer, after reading everything."""
        return services.answer_case(
            case, text=text, key=services.fresh_key(), seen=seen(case), by=by or self.officer
        )


def fresh(case: Case) -> Case:
    """The case as it is now."""
    return Case.objects.get(pk=case.pk)


def seen(case: Case) -> int:
    """The newest words of citizens in a case."""
    return max(case.voices.values_list("conversation__last_in_id", flat=True), default=0)


def answers_in(conversation: Conversation) -> list[str]:
    """What we said in a thread, in order."""
    said = Message.objects.filter(conversation=conversation, direction="out").order_by("pk")
    return list(said.values_list("text", flat=True))
