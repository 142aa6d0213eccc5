"""Allow or refuse. Every verb of the house begins here."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balai.people import rules
from balai.people.models import Action, Institution, Member, Role, Unit
from balai.people.rules import System
from balai.people.selectors import Actor, standing


class NotAllowed(PermissionDenied):
    """Somebody may not do a thing. `str()` says to a person who may do it instead."""

    def __init__(self, words: str, *, action: str = "") -> None:
        super().__init__(words)
        self.action = action


def allow(
    by: Actor,
    action: str,
    institution: Institution | int,
    *,
    unit: Unit | int | None = None,
    owner: Member | int | None = None,
) -> None:
    """Return when `by` may do `action` on a thing of `unit` that `owner` has in hand.

    Raises NotAllowed otherwise, and UnknownAction for an action that the matrix does not name.
    Notes on the member whose lent role was needed, so that `record` writes both names.
    """
    if isinstance(by, System):
        if not rules.machine_may(by, action):
            raise refusal(action)
        return
    held = standing(by, action, institution, unit=unit, owner=owner)
    by.acting_for_id = held.lender_id if held else None
    if held is None:
        raise refusal(action)


def refuse_same_person(first: Member | int | None, second: Member, pair: tuple[str, str]) -> None:
    """Raise NotAllowed when one person would act in both parts of an incompatible pair.

    `first` did the first part (None: nobody is known), `second` wants to do the other one. A deputy
    of the first person counts as that person: nobody approves themselves through a deputy.
    """
    if pair not in rules.INCOMPATIBLE_PAIRS:
        raise rules.UnknownAction("/".join(pair))
    known = first.pk if isinstance(first, Member) else first
    if known is not None and known in (second.pk, second.acting_for_id):
        raise NotAllowed(
            _(
                "You took the first step of this yourself. Another person has to take the second "
                "one, so that two pairs of eyes have seen it."
            )
        )


def refusal(action: str) -> NotAllowed:
    """The refusal of an action, in words that name the roles that may do it."""
    return NotAllowed(_words(action), action=action)


def _words(action: str) -> str:
    who = sorted(str(Role(role).label) for role in rules.roles_that_may(action))
    what = str(Action(action).label)
    if not who:
        return _("You may not %(what)s. The operator does this at the console.") % {"what": what}
    return ngettext(
        "You may not %(what)s here. Ask somebody with this role: %(who)s.",
        "You may not %(what)s here. Ask somebody with one of these roles: %(who)s.",
        len(who),
    ) % {"what": what, "who": ", ".join(who)}
