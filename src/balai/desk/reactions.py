"""What the desk does when lower rooms tell it something. Idempotent: facts may be heard twice."""

from balai.desk import services
from balai.people.events import MemberLeft, UnitDissolved


def note_left(fact: MemberLeft) -> None:
    """No team counts on somebody who left; the inbox gives the work back to everybody."""
    services.forget_member(fact.member_id)


def note_dissolved(fact: UnitDissolved) -> None:
    """A unit is no more: its teams go on without it."""
    services.forget_unit(fact.unit_id)
