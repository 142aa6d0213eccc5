"""The steps of an account's life as a page offers them: the form, the verb and its permission."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from balai.people.models import Member
from balai.people.selectors import may
from balai.registry import forms, rules, services
from balai.registry.models import OfficialAccount
from balai.registry.wording import Words

State = OfficialAccount.State


@dataclass(frozen=True)
class Step:
    """One step: where it leads, what it asks, who may take it."""

    slug: str
    title: Words
    says: Words
    to: str
    form: type[django_forms.Form]
    verb: Callable[..., Any]
    action: str
    is_danger: bool = False

    @property
    def leads_on(self) -> bool:
        """Whether it is the usual next step; rest, hand-over and the end are choices."""
        return self.to not in (State.DORMANT, State.HANDOVER, State.RETIRED, State.COMPROMISED)

    def make_form(self, request: HttpRequest, account: OfficialAccount) -> django_forms.Form:
        """The form of the step, filled when it was sent."""
        sent = request.POST if request.method == "POST" else None
        if issubclass(self.form, forms.Owners):
            return self.form(sent, institution=account.institution)
        return self.form(sent)

    def is_open_to(self, member: Member, account: OfficialAccount) -> bool:
        """Whether the account's state and the member's roles allow it; the verb checks again."""
        if self.to not in rules.MOVES[account.state]:
            return False
        return may(member, self.action, account.institution_id, unit=account.owner_unit_id)


STEPS = (
    Step(
        "setujui",
        _("Approve"),
        _("You say yes to the request of somebody else."),
        State.APPROVED,
        forms.Nothing,
        services.approve_account,
        "account.approve",
    ),
    Step(
        "daftarkan",
        _("Write into the registry"),
        _("The account was opened or taken over, and belongs to the register from now on."),
        State.REGISTERED,
        forms.Nothing,
        services.register_account,
        "account.edit",
    ),
    Step(
        "verifikasi",
        _("Verify control"),
        _("Show that the account is in our hands, and keep the identity that never changes."),
        State.VERIFIED,
        forms.Verify,
        services.verify_account,
        "account.verify",
    ),
    Step(
        "aktifkan",
        _("Let it speak"),
        _("From now on the account speaks for the institution."),
        State.ACTIVE,
        forms.Nothing,
        services.activate_account,
        "account.edit",
    ),
    Step(
        "istirahatkan",
        _("Lay it to rest"),
        _("Nobody tends the account for the time being. It stays ours and on record."),
        State.DORMANT,
        forms.Reason,
        services.mark_account_dormant,
        "account.edit",
    ),
    Step(
        "serahkan",
        _("Hand it over"),
        _("Another unit and other contacts take the account; letting it speak ends the hand-over."),
        State.HANDOVER,
        forms.HandOver,
        services.hand_over_account,
        "account.edit",
    ),
    Step(
        "kendalikan",
        _("Damage is stopped"),
        _("Keys were changed, sessions ended, and the public was told."),
        State.CONTAINED,
        forms.Reason,
        services.contain_account,
        "account.edit",
    ),
    Step(
        "pulihkan",
        _("Control is back"),
        _("Control was shown again. Letting it speak is the next step."),
        State.RESTORED,
        forms.Restore,
        services.restore_account,
        "account.verify",
    ),
    Step(
        "tutup",
        _("Close for good"),
        _("The account ends. Its row stays for ever, so that nobody else passes for us."),
        State.RETIRED,
        forms.Reason,
        services.retire_account,
        "account.retire",
        is_danger=True,
    ),
    Step(
        "alarm",
        _("It is no longer ours"),
        _("Ring the bell: a stranger may be speaking there. What goes out through it stops."),
        State.COMPROMISED,
        forms.Reason,
        services.report_compromise,
        "account.alarm",
        is_danger=True,
    ),
)


def open_steps(member: Member, account: OfficialAccount) -> list[Step]:
    """The steps that this member may take with the account now, the usual ones first."""
    return [step for step in STEPS if step.is_open_to(member, account)]


def step_called(slug: str) -> Step | None:
    """The step of that name."""
    return next((step for step in STEPS if step.slug == slug), None)
